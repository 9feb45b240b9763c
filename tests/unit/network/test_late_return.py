"""A unit asks too late to return its task: taken and shown as late, or, where the place says so, not taken any more."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, liaison, unit_clerk

from shared.identity import SYSTEM
from shared.problems import WrongState
from tests.unit.assignment.conftest import Office

IN_TIME, LATE = date(2023, 3, 6), date(2023, 3, 7)  # ten working days after 20 February


@pytest.fixture
def place(network_of):
    network = network_of("directory", "assignment", "supervision", today=date(2023, 2, 20))
    division = {
        "path": PROVINCE,
        "code": "43",
        "name": "湖南省",
        "level": "province",
        "parent": "",
        "has_congress": True,
    }
    network.do(SYSTEM, "directory", "register_divisions", divisions=[division])
    return Office(network)


def takes_no_late_ones(place):
    settings = {"congress": PROVINCE, "settings": {"late_return": "refused"}, "effective_on": "2023-02-20"}
    place.network.do(liaison(), "directory", "set_practice", name="assigning", **settings)


def ask(place, id, on):
    place.network.on(on)
    place.act("ask_to_return", id, place.tax, reason="不属于我局职责")


def test_usually_a_late_one_is_taken(place):
    id = place.assigned(1, lead=place.tax)
    ask(place, id, LATE)
    assert place.task(id, place.tax)["state"] == "return_asked"
    page = place.network.ask(place.office, "supervision", "ledger_line", id=id)
    assert next(line["late"] for line in page["deadlines"] if line["kind"] == "ask_to_return")


def test_where_none_are_taken_late_it_says_so_beforehand_and_refuses(place):
    takes_no_late_ones(place)
    id, in_time = place.assigned(1, lead=place.tax), place.assigned(2, lead=place.tax)
    assert place.task(id, place.tax, unit_clerk(place.tax))["return_by"] == "2023-03-06"
    ask(place, in_time, IN_TIME)
    with pytest.raises(WrongState, match=r"申请退办的期限（2023-03-06）已过"):
        ask(place, id, LATE)
    assert place.task(id, place.tax)["state"] == "unsigned"


def test_what_was_assigned_before_goes_on_by_the_rule_under_which_it_began(place):
    id = place.assigned(1, lead=place.tax)
    place.network.on(date(2023, 2, 21))
    settings = {"congress": PROVINCE, "settings": {"late_return": "refused"}, "effective_on": "2023-02-21"}
    place.network.do(liaison(), "directory", "set_practice", name="assigning", **settings)
    ask(place, id, LATE)
    assert place.task(id, place.tax)["state"] == "return_asked"
