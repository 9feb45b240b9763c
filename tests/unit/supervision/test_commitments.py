"""Promises of B replies are followed until they are kept."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk, unit_head

from shared.aggregate import new_id
from shared.problems import Invalid, NotAllowed, NotFound, WrongState


@pytest.fixture
def promised(network, life):
    """A B reply with one promise, due at the end of the year."""
    life.up_to_assignment()
    life.replied(date(2023, 5, 15), reply_class="B", promises=(("建成联合运维中心", "2023-12-31"),))
    return life


def commitments(network, who, **params):
    return network.ask(who, "supervision", "commitments", **params)


def told(network, life):
    return [e for e in network.published("supervision", life.id) if e["type"].startswith("commitment.")]


def test_a_b_reply_records_its_promises(network, promised):
    (one,) = commitments(network, liaison(), congress=PROVINCE)
    assert (one["text"], one["due_on"], one["unit"]["name"], one["light"]) == (
        "建成联合运维中心",
        "2023-12-31",
        "省税务局",
        "green",
    )
    assert (one["suggestion"], one["number"]) == (promised.id, "第十四届一次会议第0001号")
    assert [event["type"] for event in told(network, promised)] == ["commitment.recorded.v1"]


def test_a_reply_of_another_class_promises_nothing(network, life):
    life.up_to_assignment()
    life.replied(date(2023, 5, 15), reply_class="C", promises=(("以后再说", "2023-12-31"),))
    assert commitments(network, liaison()) == []


def test_a_promise_is_kept_by_its_unit(network, promised):
    (one,) = commitments(network, unit_clerk(promised.tax["id"]))
    network.on(date(2023, 6, 30))
    network.do(
        unit_clerk(promised.tax["id"]),
        "supervision",
        "keep_commitment",
        one["id"],
        evidence="制度已印发。",
        kept_on="2023-06-30",
    )
    (kept,) = commitments(network, liaison(), state="kept")
    assert (kept["state_label"], kept["light"], kept["late"], kept["may"]) == ("已销号", "done", False, [])
    event = told(network, promised)[-1]
    assert (event["subject"], event["data"]["commitment"], event["data"]["late"]) == (
        promised.id,
        one["id"],
        False,
    )
    with pytest.raises(WrongState, match="已销号"):
        network.do(
            liaison(), "supervision", "keep_commitment", one["id"], evidence="再次", kept_on="2023-06-30"
        )


def test_a_slipping_promise_is_explained_and_keeps_its_old_date(network, promised):
    (one,) = commitments(network, liaison())
    slip = {"explanation": "设备采购流标。", "due_on": "2024-06-30"}
    network.do(unit_head(promised.tax["id"]), "supervision", "slip_commitment", one["id"], **slip)
    (slipped,) = commitments(network, liaison())
    assert slipped["due_on"] == "2024-06-30"
    assert [(s["before"], s["due_on"], s["by"]) for s in slipped["slips"]] == [
        ("2023-12-31", "2024-06-30", "负责人甲")
    ]
    assert told(network, promised)[-1]["data"]["before"] == "2023-12-31"
    seen = network.ask(deputy("代表甲", promised.lead["id"]), "supervision", "ledger_line", id=promised.id)
    assert seen["timeline"][-1]["text"] == "省税务局说明承诺延期：由2023-12-31改为2024-06-30"
    assert seen["commitments"][0]["id"] == one["id"]


@pytest.mark.parametrize(
    ("command", "data", "field"),
    [
        ("keep_commitment", {"evidence": "已办", "kept_on": "2023-05-16"}, "kept_on"),
        ("slip_commitment", {"explanation": "拖延", "due_on": "2023-12-31"}, "due_on"),
        ("slip_commitment", {"explanation": "拖延", "due_on": "2023-05-01"}, "due_on"),
    ],
)
def test_dates_that_cannot_be_are_refused(network, promised, command, data, field):
    (one,) = commitments(network, liaison())
    with pytest.raises(Invalid) as refused:
        network.do(liaison(), "supervision", command, one["id"], **data)
    assert list(refused.value.errors) == [field]


def test_others_look_on_or_know_nothing_of_it(network, promised):
    (one,) = commitments(network, liaison())
    data = {"evidence": "已办", "kept_on": "2023-05-15"}
    with pytest.raises(NotAllowed):
        network.do(deputy("代表甲", promised.lead["id"]), "supervision", "keep_commitment", one["id"], **data)
    for stranger in (unit_clerk(promised.water["id"]), liaison("44"), deputy("代表丁", new_id())):
        with pytest.raises(NotFound):
            network.do(stranger, "supervision", "keep_commitment", one["id"], **data)
        assert commitments(network, stranger) == []


def test_what_is_due_within_a_month_waits_for_the_unit(network, promised):
    unit = unit_clerk(promised.tax["id"])
    network.on(date(2023, 11, 30))
    assert network.ask(unit, "supervision", "supervision_waiting") == []
    network.on(date(2023, 12, 1))
    (waiting,) = network.ask(unit, "supervision", "supervision_waiting")
    assert (waiting["command"], waiting["due_on"], waiting["suggestion"]) == (
        "keep_commitment",
        "2023-12-31",
        promised.id,
    )
    network.on(date(2024, 1, 5))
    assert commitments(network, liaison(), state="overdue")[0]["light"] == "red"


def test_a_promise_on_paper_is_recorded_by_hand(network, promised):
    data = {"unit": promised.tax["id"], "text": "明年再建一处", "due_on": "2024-12-31"}
    id = network.do(liaison(), "supervision", "record_commitment", promised.id, **data)["commitment"]
    assert [c["id"] for c in commitments(network, liaison())][-1] == id
    with pytest.raises(Invalid) as refused:
        network.do(liaison(), "supervision", "record_commitment", promised.id, **{**data, "unit": new_id()})
    assert list(refused.value.errors) == ["unit"]
    with pytest.raises(Invalid) as refused:
        network.do(
            unit_clerk(promised.tax["id"]),
            "supervision",
            "record_commitment",
            promised.id,
            **{**data, "unit": promised.water["id"]},
        )
    assert list(refused.value.errors) == ["unit"]
    with pytest.raises(Invalid) as refused:
        network.do(
            liaison(), "supervision", "record_commitment", promised.id, **{**data, "due_on": "2020-01-01"}
        )
    assert list(refused.value.errors) == ["due_on"]


def test_an_unknown_state_is_refused(network, promised):
    with pytest.raises(Invalid, match="没有这种状态"):
        commitments(network, liaison(), state="lost")
