"""Sections of a unit: who is what within it follows from the account, each section has a clerk, and heads write some replies themselves."""

from __future__ import annotations

import pytest
from harness import PROVINCE, unit_clerk, unit_head

from shared.aggregate import new_id
from shared.identity import Actor, Role
from shared.problems import NotAllowed
from tests.unit.assignment.conftest import REPLY
from tests.unit.assignment.test_unit_board import given, ministry  # noqa: F401

YEAR = 2023


def ranked(role, unit):
    return Actor(f"{role} of {unit}", "某人", (Role(role, PROVINCE, unit=unit),))


def sections(ministry, who=None):  # noqa: F811
    (found,) = ministry.place.ask(who or ministry.officer, "unit_sections", year=YEAR)
    return {one["name"]: (one["has_clerk"], one["written"], one["owed"]) for one in found["sections"]}


def accounts(ministry, account, unit, role="unit_clerk", sequence=1):  # noqa: F811
    roles = [{"role": role, "congress": PROVINCE, "unit": unit, "seat": ""}]
    ministry.place.network.tell(
        "account.changed.v1", account, PROVINCE, sequence, login="lianluo", roles=roles
    )


def hands_in(ministry, id, section, who, **more):  # noqa: F811
    task = ministry.place.task(id, section, who)["task"]
    ministry.place.do(who, "sign_for", id, task=task)
    ministry.place.do(who, "hand_in_part", id, task=task, text="已列入预算。", **more)


def test_a_section_without_a_clerk_is_said_before_something_is_given_to_it(ministry):  # noqa: F811
    place, account = ministry.place, new_id()
    id = given(ministry, 1)
    task = place.task(id, ministry.id, ministry.officer)["task"]

    def lacking():
        below = place.ask(ministry.officer, "units_below", id=id, task=task)
        return [unit["name"] for unit in below if unit["lacks_clerk"]]

    assert lacking() == []  # nobody asks for clerks
    place.switch_on("head_first_responsible", ministry.id)
    assert lacking() == ["税政处", "预算处"]
    accounts(ministry, account, ministry.budget, sequence=2)
    accounts(ministry, account, ministry.tax, sequence=1)  # what was said before comes late
    assert lacking() == ["税政处"] and sections(ministry)["预算处"][0]
    accounts(ministry, account, ministry.budget, role="handler", sequence=3)
    assert lacking() == ["税政处", "预算处"]


def test_a_section_head_has_written_one_of_two(ministry):  # noqa: F811
    ministry.place.switch_on("head_first_responsible", ministry.id)
    head, clerk = ranked("section_head", ministry.budget), unit_clerk(ministry.budget)
    for number, who in ((1, head), (2, clerk), (3, clerk)):
        hands_in(ministry, given(ministry, number, ministry.budget), ministry.budget, who)
    assert sections(ministry) == {"预算处": (False, 1, 2), "税政处": (False, 0, 0)}
    hands_in(
        ministry, given(ministry, 4, ministry.budget), ministry.budget, clerk, drafted_rank="section_head"
    )
    assert sections(ministry)["预算处"] == (False, 2, 2)
    assert ministry.place.ask(unit_head(ministry.place.hr), "unit_sections", year=YEAR) == []


def test_the_rank_of_who_drafts_is_taken_from_the_account(place):
    id = place.assigned(1, lead=place.tax)
    deputy_head = ranked("deputy_head", place.tax)
    task = place.task(id, place.tax)["task"]
    place.do(deputy_head, "sign_for", id, task=task)
    place.do(deputy_head, "draft_reply", id, task=task, **REPLY, drafted_rank="handler")
    assert place.events(id, "reply.drafted")[0]["rank"] == "deputy_head"


def test_a_deputy_head_approves_where_the_place_asks_for_it_and_a_handler_does_not(place):
    steps = [{"name": "分管负责人审核", "by": "deputy_head"}]
    settings = {"steps": steps, "countersign": False}
    version = {
        "effective_on": "2023-02-20", "on": True, "settings": settings, "ended": False, "reason": "", "set_by": "甲", "set_on": "2023-02-20",
    }  # fmt: skip
    place.network.tell(
        "practice.recorded.v1", new_id(), PROVINCE, name="approval", label="答复审核", place=PROVINCE, place_kind="congress",
        place_name="", reason="", versions=[version],
    )  # fmt: skip
    id = place.assigned(1, lead=place.tax)
    place.act("sign_for", id, place.tax)
    place.act("draft_reply", id, place.tax, **REPLY)
    task = place.task(id, place.tax)["task"]
    for who in (
        unit_clerk(place.tax),
        unit_head(place.tax),
        ranked("section_head", place.tax),
    ):
        with pytest.raises(NotAllowed):
            place.do(who, "approve_reply", id, task=task)
    deputy_head = ranked("deputy_head", place.tax)
    assert [line["what"] for line in place.ask(deputy_head, "assignment_waiting")] == [
        "审核答复：分管负责人审核"
    ]
    place.do(deputy_head, "approve_reply", id, task=task)
    assert place.task(id, place.tax)["state"] == "approved"
