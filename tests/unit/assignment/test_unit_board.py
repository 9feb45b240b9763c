"""The unit's own board: what the unit has and what its sections have of it, and who wrote the replies."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from harness import PROVINCE, unit_clerk, unit_head

from shared.aggregate import new_id
from shared.identity import Actor, Role
from tests.unit.assignment.conftest import REPLY

YEAR = 2023


@pytest.fixture
def ministry(place):
    """A ministry whose office hands on to two sections."""

    def unit(name, parent="", kind="government"):
        id, said = new_id(), {"name": name, "short": name, "kind": kind, "parent": parent, "active": True}
        place.network.tell("unit.recorded.v1", id, PROVINCE, **said)
        return id

    m = SimpleNamespace(place=place, id=unit("省财政厅（本厅）"))
    m.desk = unit("厅办公室", m.id, "distributing")
    m.budget, m.tax = unit("预算处", m.desk), unit("税政处", m.desk)
    m.officer = Actor("officer", "厅办公室甲", (Role("distributing", PROVINCE, unit=m.desk),))
    return m


def given(ministry, number, *sections):
    """A suggestion that the ministry has signed for and handed on."""
    place = ministry.place
    id = place.assigned(number, lead=ministry.id, joint=[place.hr])
    task = place.task(id, ministry.id)["task"]
    place.do(ministry.officer, "sign_for", id, task=task)
    if sections:
        place.do(
            ministry.officer, "distribute_task", id, task=task, units=list(sections), due_on="2023-04-20", note="请办理"
        )  # fmt: skip
    return id


def board(ministry, who, year=YEAR):
    lines = ministry.place.ask(who, "unit_board", year=year)
    return sorted((line["unit"]["name"], line["state"], line["is_own"], line["is_done"]) for line in lines)


def test_a_head_sees_the_units_tasks_with_those_of_all_sections(ministry):
    given(ministry, 1, ministry.budget, ministry.tax)
    id = given(ministry, 2, ministry.budget)
    clerk = unit_clerk(ministry.budget)
    task = ministry.place.task(id, ministry.budget, clerk)["task"]
    ministry.place.do(clerk, "sign_for", id, task=task)
    ministry.place.do(clerk, "hand_in_part", id, task=task, text="已列入预算。")
    for who in (unit_head(ministry.id), ministry.officer):
        assert board(ministry, who) == [
            ("省财政厅（本厅）", "signed", True, False),
            ("省财政厅（本厅）", "signed", True, False),
            ("税政处", "unsigned", False, False),
            ("预算处", "handed_in", False, True),
            ("预算处", "unsigned", False, False),
        ]


def test_a_section_sees_its_own_and_other_units_nothing(ministry):
    given(ministry, 1, ministry.budget, ministry.tax)
    assert board(ministry, unit_clerk(ministry.tax)) == [("税政处", "unsigned", True, False)]
    assert [name for name, *_ in board(ministry, unit_clerk(ministry.place.hr))] == ["省人社厅"]
    for who in (unit_head(ministry.place.finance), ministry.place.office, ministry.place.distributing):
        assert board(ministry, who) == []


def test_what_is_done_stays_for_its_year_and_what_is_open_until_it_is_done(ministry):
    place = ministry.place
    done = place.assigned(1, lead=place.tax)
    place.act("sign_for", done, place.tax)
    place.replied(done, place.tax)
    open_ = place.assigned(2, lead=place.tax)
    by_year = {
        year: {line["suggestion"] for line in place.ask(unit_head(place.tax), "unit_board", year=year)}
        for year in (2022, 2023, 2024)
    }
    assert by_year == {2022: set(), 2023: {done, open_}, 2024: {open_}}


def test_a_reply_says_that_a_section_head_wrote_it(ministry):
    place = ministry.place
    id = place.assigned(1, lead=place.tax)
    place.act("sign_for", id, place.tax)
    place.act("draft_reply", id, place.tax, **REPLY, drafted_rank="section_head")
    assert [line["drafted_rank"] for line in place.ask(unit_head(place.tax), "unit_board", year=YEAR)] == [
        "section_head"
    ]
    assert place.events(id, "reply.drafted")[0]["rank"] == "section_head"
    place.act("draft_reply", id, place.tax, **REPLY)
    assert [line["drafted_rank"] for line in place.ask(unit_head(place.tax), "unit_board", year=YEAR)] == [""]
