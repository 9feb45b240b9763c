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


EVIDENCE = {"evidence": "制度已印发。", "kept_on": "2023-06-30"}
SLIP = {"explanation": "设备采购流标。", "due_on": "2024-06-30"}


def do(network, who, command, id, **data):
    return network.do(who, "supervision", command, id, **data)


def the_one(network, promised):
    (one,) = commitments(network, liaison())
    return one


def test_a_promise_is_closed_when_the_congress_confirms_what_its_unit_reports(network, promised):
    (one,) = commitments(network, unit_clerk(promised.tax["id"]))
    network.on(date(2023, 6, 30))
    do(network, unit_clerk(promised.tax["id"]), "keep_commitment", one["id"], **EVIDENCE)
    (reported,) = commitments(network, liaison(), state="reported")
    assert (reported["evidence"], reported["light"]) == ("制度已印发。", "green")
    assert [may["command"] for may in reported["may"]] == [
        "confirm_commitment",
        "refuse_commitment",
        "withdraw_commitment",
    ]
    assert told(network, promised)[-1]["type"] == "commitment.reported.v1"
    network.on(date(2023, 7, 10))
    do(network, liaison(), "confirm_commitment", one["id"])
    (kept,) = commitments(network, liaison(), state="kept")
    assert (kept["state_label"], kept["light"], kept["late"], kept["may"]) == ("已销号", "done", False, [])
    assert (kept["kept_on"], kept["kept_by"], kept["confirmed_by"]) == ("2023-06-30", "经办人甲", "联工委甲")
    event = told(network, promised)[-1]
    assert (event["subject"], event["data"]["commitment"], event["data"]["late"]) == (
        promised.id,
        one["id"],
        False,
    )
    with pytest.raises(WrongState, match="已销号"):
        do(network, liaison(), "keep_commitment", one["id"], **EVIDENCE)


def test_the_unit_cannot_confirm_its_own_word(network, promised):
    one = the_one(network, promised)
    network.on(date(2023, 6, 30))
    do(network, unit_head(promised.tax["id"]), "keep_commitment", one["id"], **EVIDENCE)
    for command, data in (("confirm_commitment", {}), ("refuse_commitment", {"reason": "没有建成。"})):
        with pytest.raises(NotAllowed, match="联工委"):
            do(network, unit_head(promised.tax["id"]), command, one["id"], **data)


def test_what_was_not_done_runs_on_and_what_was_claimed_stays_on_record(network, promised):
    one = the_one(network, promised)
    network.on(date(2023, 6, 30))
    do(network, unit_clerk(promised.tax["id"]), "keep_commitment", one["id"], **EVIDENCE)
    do(network, liaison(), "refuse_commitment", one["id"], reason="中心还没有挂牌。")
    refused = the_one(network, promised)
    assert (refused["state"], refused["kept_on"], refused["due_on"]) == ("open", "", "2023-12-31")
    assert refused["refused"][0]["reason"] == "中心还没有挂牌。（原报：制度已印发。）"
    last = network.published("supervision", promised.id)[-1]
    assert (last["type"], last["data"]["reason"]) == ("keeping.refused.v1", "中心还没有挂牌。")


def test_what_the_office_records_as_done_is_closed_with_that(network, promised):
    one = the_one(network, promised)
    network.on(date(2024, 1, 10))
    do(network, liaison(), "keep_commitment", one["id"], evidence="现场核实。", kept_on="2024-01-08")
    kept = the_one(network, promised)
    assert (kept["state"], kept["late"]) == ("kept", True)


def test_a_later_date_is_the_congresss_to_give(network, promised):
    one = the_one(network, promised)
    do(network, unit_head(promised.tax["id"]), "slip_commitment", one["id"], **SLIP)
    asked = the_one(network, promised)
    assert (asked["due_on"], asked["slip_asked"]["due_on"]) == ("2023-12-31", "2024-06-30")
    assert [may["command"] for may in asked["may"]] == [
        "keep_commitment",
        "decide_slip",
        "withdraw_commitment",
    ]
    do(network, liaison(), "decide_slip", one["id"], accept=True)
    slipped = the_one(network, promised)
    assert (slipped["due_on"], slipped["state"]) == ("2024-06-30", "open")
    assert [(s["before"], s["due_on"], s["by"]) for s in slipped["slips"]] == [
        ("2023-12-31", "2024-06-30", "负责人甲")
    ]
    assert told(network, promised)[-1]["data"]["before"] == "2023-12-31"
    seen = network.ask(deputy("代表甲", promised.lead["id"]), "supervision", "ledger_line", id=promised.id)
    assert [entry["text"] for entry in seen["timeline"][-2:]] == [
        "省税务局申请承诺延期到2024-06-30",
        "省税务局的承诺延期：由2023-12-31改为2024-06-30",
    ]
    assert seen["commitments"][0]["id"] == one["id"]


def test_a_refused_slip_leaves_the_date_and_needs_a_reason(network, promised):
    one = the_one(network, promised)
    do(network, unit_head(promised.tax["id"]), "slip_commitment", one["id"], **SLIP)
    with pytest.raises(Invalid) as refused:
        do(network, liaison(), "decide_slip", one["id"], accept=False)
    assert list(refused.value.errors) == ["reason"]
    do(network, liaison(), "decide_slip", one["id"], accept=False, reason="请按期完成。")
    held = the_one(network, promised)
    assert (held["due_on"], held["state"], held["slips"]) == ("2023-12-31", "open", [])
    assert network.published("supervision", promised.id)[-1]["type"] == "slip.refused.v1"
    do(network, unit_head(promised.tax["id"]), "slip_commitment", one["id"], **SLIP)  # it may ask again


def test_what_is_done_while_a_later_date_is_asked_for_needs_it_no_more(network, promised):
    one = the_one(network, promised)
    do(network, unit_head(promised.tax["id"]), "slip_commitment", one["id"], **SLIP)
    network.on(date(2023, 6, 30))
    do(network, unit_clerk(promised.tax["id"]), "keep_commitment", one["id"], **EVIDENCE)
    assert the_one(network, promised)["slip_asked"] is None


def test_the_unit_tells_how_far_it_has_come(network, promised):
    one = the_one(network, promised)
    do(network, unit_clerk(promised.tax["id"]), "report_commitment", one["id"], text="已完成招标。")
    assert [p["text"] for p in the_one(network, promised)["progress"]] == ["已完成招标。"]
    seen = network.ask(deputy("代表甲", promised.lead["id"]), "supervision", "ledger_line", id=promised.id)
    assert (seen["timeline"][-1]["text"], seen["timeline"][-1]["reason"]) == (
        "省税务局报告承诺进度",
        "已完成招标。",
    )


def test_a_promise_says_by_what_it_is_kept(network, life):
    life.up_to_assignment()
    life.replied(
        date(2023, 5, 15),
        reply_class="B",
        promises=(("建成联合运维中心", "2023-12-31", "挂牌运行", "副局长乙"),),
    )
    one = the_one(network, life)
    assert (one["done_when"], one["leader"]) == ("挂牌运行", "副局长乙")


def test_what_is_left_is_counted_by_session_year_unit_and_class(network, promised, another_life):
    other = another_life(title="关于供水的建议")
    other.tax = promised.tax
    other.up_to_assignment()
    other.replied(date(2023, 5, 16), reply_class="B", promises=(("一", "2023-06-01"), ("二", "2023-12-31")))
    network.on(date(2023, 6, 2))
    first = next(c for c in commitments(network, liaison()) if c["text"] == "建成联合运维中心")
    do(network, liaison(), "keep_commitment", first["id"], evidence="已挂牌。", kept_on="2023-06-02")
    counts = network.ask(liaison(), "supervision", "commitment_counts", congress=PROVINCE, term="第十四届")
    assert {name: counts[name] for name in ("total", "left", "overdue", "kept")} == {
        "total": 3, "left": 2, "overdue": 1, "kept": 1,
    }  # fmt: skip
    assert [(line["label"], line["left"]) for line in counts["by"]["unit"]] == [("省税务局", 2)]
    assert [(line["key"], line["total"]) for line in counts["by"]["session"]] == [("第十四届一次会议", 3)]
    assert [(line["key"], line["total"]) for line in counts["by"]["year"]] == [("2023", 3)]
    assert len(commitments(network, liaison(), state="left", year=2023, reply_class="B")) == 2
    assert (
        commitments(network, liaison(), term="第十三届") == commitments(network, liaison(), year=2022) == []
    )
    assert network.ask(unit_clerk(promised.water["id"]), "supervision", "commitment_counts")["total"] == 0


def test_the_office_finds_what_it_has_to_confirm_or_decide(network, promised):
    one = the_one(network, promised)
    do(network, unit_head(promised.tax["id"]), "slip_commitment", one["id"], **SLIP)

    def waits():
        waiting = network.ask(liaison(), "supervision", "supervision_waiting")
        return [w["command"] for w in waiting if w.get("commitment") == one["id"]]

    assert waits() == ["decide_slip"]
    network.on(date(2023, 6, 30))
    do(network, unit_clerk(promised.tax["id"]), "keep_commitment", one["id"], **EVIDENCE)
    assert waits() == ["confirm_commitment"]
    do(network, liaison(), "confirm_commitment", one["id"])
    assert waits() == []


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


def test_what_stands_no_more_is_withdrawn_by_the_congress_and_counts_no_longer(network, promised):
    one = the_one(network, promised)
    why = {"reason": "再次答复已经作出新的承诺。"}
    with pytest.raises(NotAllowed):
        do(network, unit_clerk(promised.tax["id"]), "withdraw_commitment", one["id"], **why)
    do(network, liaison(), "withdraw_commitment", one["id"], **why)
    (gone,) = commitments(network, liaison())
    assert (gone["state_label"], gone["light_label"], gone["may"]) == ("已撤销", "不再计算", [])
    assert gone["withdrawn"]["reason"] == why["reason"]
    counts = network.ask(liaison(), "supervision", "commitment_counts", congress=PROVINCE)
    assert (counts["total"], counts["left"], counts["kept"]) == (0, 0, 0)
    assert commitments(network, liaison(), state="left") == []
    page = network.ask(liaison(), "supervision", "ledger_line", id=promised.id)
    assert ("撤销省税务局的一项承诺", why["reason"]) in [(e["text"], e["reason"]) for e in page["timeline"]]
    with pytest.raises(WrongState, match="已撤销"):
        do(network, liaison(), "keep_commitment", one["id"], **EVIDENCE)


def test_an_unknown_state_is_refused(network, promised):
    with pytest.raises(Invalid, match="没有这种状态"):
        commitments(network, liaison(), state="lost")
