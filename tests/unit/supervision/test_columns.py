"""The media's column: everybody reads what the congress released, as it stood that day, and nothing else."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, liaison, unit_clerk

from shared.problems import Invalid, NotAllowed


@pytest.fixture
def network(network_of):
    return network_of("supervision", today=date(2023, 1, 13))


def release(life, who=None, **more):
    data = {"congress": PROVINCE, "title": "办理进行时", "suggestions": [life.id], "note": "", **more}
    return life.network.do(who or liaison(), "supervision", "release_column", **data)["id"]


def public(life, who=None):
    return life.network.ask(who, "supervision", "columns", congress=PROVINCE)["columns"]


def test_everybody_reads_how_it_stood_and_learns_nothing_more(life):
    life.up_to_assignment()
    assert public(life) == []
    release(life)
    (issue,) = public(life)
    assert issue["items"] == [
        {
            "suggestion": life.id, "title": life.title, "unit": "省税务局", "category": "社会保障", "assigned_on": "2023-02-20",
            "stage": "办理中", "is_public": False,
        }
    ]  # fmt: skip
    life.replied(date(2023, 5, 10))
    assert public(life)[0]["items"][0]["stage"] == "办理中"  # until the next issue
    release(life)
    assert [issue["items"][0]["stage"] for issue in public(life)] == ["已答复", "办理中"]


def test_nobody_can_tell_from_it_that_a_deputy_was_not_satisfied(life):
    life.up_to_assignment()
    life.replied(date(2023, 5, 10))
    life.judged(date(2023, 5, 12), life.lead, "unsatisfied", complete=True)
    life.rehandled(date(2023, 5, 13))
    release(life)
    assert public(life)[0]["items"][0]["stage"] == "已答复"


def test_only_its_own_office_releases_and_withdraws(life):
    life.up_to_assignment()
    for stranger in (unit_clerk(life.tax["id"]), liaison("44")):
        with pytest.raises(NotAllowed):
            release(life, stranger)
    issue = release(life)
    life.network.do(liaison(), "supervision", "withdraw_column", issue, reason="有误。")
    assert public(life) == [] and public(life, unit_clerk(life.tax["id"])) == []
    (kept,) = public(life, liaison())
    assert (kept["state_label"], kept["reason"]) == ("已撤下", "有误。")


def test_what_is_not_assigned_yet_is_not_released(life):
    life.drafted(date(2023, 1, 13))
    life.submitted(date(2023, 1, 14))
    life.accepted(date(2023, 1, 20))
    with pytest.raises(Invalid) as refusal:
        release(life)
    assert "还没有交办" in refusal.value.errors["suggestions"][0]
