"""The desk proposes units and says why; after a return it is said how long the others have had it, and whose clock goes on."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE

from services.assignment.hooks import UnitProposal
from shared.aggregate import new_id
from shared.plugins import Plugin, collect, hookimpl
from shared.practices import id_of
from tests.unit.assignment.conftest import DAY, Office

ROADS = "0190a1b2-0000-7000-8000-00000000f001"


def practice(name, settings):
    """What the directory tells of a practice that the province has laid down at the beginning of the year."""
    version = {"effective_on": "2023-01-01", "on": True, "settings": settings, "ended": False}
    return {"name": name, "place": PROVINCE, "kind": "congress", "congress": PROVINCE, "versions": [version]}


@pytest.fixture
def lays_down(place):
    """The congress lays down settings of the group `assigning`, from the beginning of the year."""

    def tell(**settings):
        place.network.tell(
            "practice.recorded.v1", id_of(PROVINCE, "assigning"), **practice("assigning", settings)
        )

    return tell


def proposed(place, id):
    line = next(
        line for line in place.ask(place.office, "assignment_desk", congress="43") if line["id"] == id
    )
    return [(unit["name"], unit["because"].split("；")[0]) for unit in line["proposed"]]


def test_words_of_the_title_come_first_then_the_deputy_s_then_history(place, lays_down):
    place.assigned(1, lead=place.tax)
    lays_down(rules=[{"words": "医保", "unit": place.medical}])
    hr = [{"id": place.hr, "name": "省人社厅"}]
    id = place.accepted(2, title="关于医保报销的建议", proposed_units=hr)
    assert proposed(place, id) == [
        ("省医保局", "标题中有“医保”"), ("省人社厅", "代表建议由其承办"), ("省税务局", "承办过同类建议1件"),
    ]  # fmt: skip
    assert proposed(place, place.accepted(3)) == [("省税务局", "承办过同类建议1件")]


def test_a_unit_is_proposed_once_and_a_closed_or_foreign_one_never(place, lays_down):
    place.assigned(1, lead=place.tax)
    rules = [
        {"words": "税", "unit": place.tax},
        {"words": "税费", "unit": place.finance},
        {"words": "税", "unit": place.foreign},
    ]
    lays_down(rules=rules)
    place.close_unit(place.finance, "省财政厅")
    id = place.accepted(2, title="关于税费的建议", proposed_units=[{"id": new_id(), "name": "某单位"}])
    assert proposed(place, id) == [("省税务局", "标题中有“税”")]


class OneForTheRoads(Plugin):
    """Whatever is about roads is for one unit to handle."""

    name, label, source = "roads", "道路", "某地"
    summary = "道路建议统一承办。"

    @hookimpl
    def propose_units(self, title, usual):
        return [UnitProposal(ROADS, "道路建议统一承办")] if "道路" in title else "不是单位"


def test_a_plugin_s_proposal_comes_before_history_and_its_nonsense_is_left_out(network_of):
    place = Office(network_of("assignment", today=DAY, plugins=collect([("test", lambda: OneForTheRoads)])))
    said = {"name": "省交通厅", "short": "省交通厅", "kind": "government", "parent": "", "active": True}
    place.network.tell("unit.recorded.v1", ROADS, **said)
    place.network.tell("practice.recorded.v1", id_of(PROVINCE, "roads"), **practice("roads", {}))
    place.assigned(1, lead=place.tax)
    assert [name for name, _ in proposed(place, place.accepted(2, title="关于道路的建议"))] == [
        "省交通厅",
        "省税务局",
    ]
    assert [name for name, _ in proposed(place, place.accepted(3))] == ["省税务局"]


def returned(place):
    """Assigned to the tax office on the 20th, given to finance a week later."""
    id = place.assigned(lead=place.tax)
    task = place.task(id, place.tax)["task"]
    place.act("ask_to_return", id, place.tax, reason="不属于我局职责")
    place.network.on(date(2023, 2, 27))
    assert place.task(id, place.tax)["days_so_far"] == 7
    place.do(
        place.office, "adjudicate_return", id, task=task, approve=True, unit=place.finance, reason="同意"
    )
    return id, task


def test_who_takes_over_sees_how_long_it_has_taken_already(place):
    id, task = returned(place)
    place.network.on(date(2023, 3, 1))
    taken_over = place.task(id, place.finance)
    assert (taken_over["predecessor"], taken_over["days_spent"], taken_over["days_so_far"]) == (task, 7, 9)
    assert place.events(id, "return.approved")[0]["days_spent"] == 7
    assert "clock_from" not in place.events(id, "suggestion.assigned")[-1]["tasks"][0]


def test_where_the_place_says_so_the_clock_goes_on_from_the_first_assignment(place, lays_down):
    lays_down(return_clock="goes_on")
    id, _ = returned(place)
    told = place.events(id, "suggestion.assigned")[-1]["tasks"][0]
    assert (told["assigned_on"], told["clock_from"]) == ("2023-02-27", "2023-02-20")
