"""Circulars: the office draws up what the ledger knows of a period, and issues it to all."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk

from shared.aggregate import new_id
from shared.problems import Invalid, NotFound, WrongState

WANTED = {
    "congress": PROVINCE, "title": "关于建议办理情况的通报", "since": "2023-05-01", "until": "2023-06-30", "addressed_to": "各承办单位",
    "text": "请抓紧办理。", "late": True, "promises": True, "kept": True, "measures": True,
}  # fmt: skip


@pytest.fixture
def late(life, another_life):
    """One whose reply is late, and one whose promise is kept."""
    life.up_to_assignment()
    other = another_life(title="关于供水的建议").up_to_assignment()
    other.replied(date(2023, 5, 15), reply_class="B", promises=(("更换管网", "2023-06-30"),))
    life.network.on(date(2023, 6, 1))
    (promise,) = life.network.ask(liaison(), "supervision", "commitments")
    life.network.do(
        liaison(), "supervision", "keep_commitment", promise["id"], evidence="已更换。", kept_on="2023-06-01"
    )
    return life


def do(life, who, command, id="", **data):
    return life.network.do(who, "supervision", command, id, **data)


def ask(life, who, query, **params):
    return life.network.ask(who, "supervision", query, **params)


def named(life, who, id):
    groups = ask(life, who, "circular", id=id)["entries"]
    return {group["subject"]: [(one["unit_name"], one["what"]) for one in group["named"]] for group in groups}


def test_it_names_what_is_late_and_what_was_closed(late):
    id = do(late, liaison(), "draw_up_circular", **WANTED)["id"]
    found = named(late, liaison(), id)
    assert ("省税务局", "答复应于2023-05-22前完成，已逾期10天") in found["late"]
    assert found["kept"] == [("省税务局", "更换管网，2023-06-01完成")]
    assert found["measures"] == found["promises"] == []


def test_it_is_the_offices_own_until_it_is_issued(late):
    id = do(late, liaison(), "draw_up_circular", **WANTED)["id"]
    people = (unit_clerk(late.tax["id"]), deputy("代表甲", late.lead["id"]))
    for who in people:
        assert ask(late, who, "circulars")["circulars"] == []
        with pytest.raises(NotFound):
            ask(late, who, "circular", id=id)
    do(late, liaison(), "issue_circular", id, document_number="湘人联通报〔2023〕1号")
    for who in people:
        (seen,) = ask(late, who, "circulars")["circulars"]
        assert (seen["document_number"], seen["text"], seen["may"]) == (
            "湘人联通报〔2023〕1号",
            "请抓紧办理。",
            [],
        )
    assert ask(late, liaison("44"), "circulars")["circulars"] == []
    with pytest.raises(NotFound):
        ask(late, unit_clerk(new_id(), "44"), "circular", id=id)
    with pytest.raises(WrongState, match="已印发"):
        do(late, liaison(), "issue_circular", id)


def test_what_is_not_issued_can_be_dropped(late):
    id = do(late, liaison(), "draw_up_circular", **WANTED)["id"]
    do(late, liaison(), "discard_circular", id)
    assert ask(late, liaison(), "circular", id=id)["state_label"] == "已作废"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"until": "2023-04-30"}, "until"), ({"since": "2023-07-01", "until": "2023-07-31"}, "since")],
)
def test_a_period_that_cannot_be_is_refused(late, wrong, field):
    with pytest.raises(Invalid) as refused:
        do(late, liaison(), "draw_up_circular", **{**WANTED, **wrong})
    assert list(refused.value.errors) == [field]
