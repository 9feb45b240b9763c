"""From a promise to the end of it: kept by the unit's word, doubted by a deputy, answered or handled again; everywhere alike."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE
from test_reply_sent_back import case, figure, give  # noqa: F401

PROMISE = {"reply_class": "B", "commitments": [{"text": "建成联合运维中心", "due_on": "2023-12-31"}]}
DONE = {"text": "联合运维中心已经建成，三部门每日对账。", "solved": True}


@pytest.fixture
def kept(case):  # noqa: F811
    """Closed with a promise, which the office has taken off the list half a year later."""
    case.do(
        case.office,
        "evaluation",
        "send_reply_back",
        reply=case.first,
        reason="没有写明时限",
        due_on="2023-06-15",
    )
    case.second = case.reply(date(2023, 6, 1), "二号", **PROMISE)
    for who in (case.lead, case.cosigner):
        give(case, who, case.second)
    case.do(case.office, "evaluation", "close_suggestion")
    case.network.on(date(2023, 12, 1))
    (promise,) = (
        one
        for one in case.network.ask(case.office, "supervision", "commitments", congress=PROVINCE)
        if one["state"] == "open"
    )
    case.network.do(case.office, "supervision", "keep_commitment", promise["id"], evidence="已建成", kept_on="2023-12-01")  # fmt: skip
    case.do(case.clerk, "assignment", "supplement_reply", task=case.task, **DONE)
    return case


def says(kept, who, said, words=""):
    kept.do(who, "evaluation", "judge_kept", reply=kept.second, kept=said, words=words)


def heard(kept):
    lines = kept.network.ask(kept.office, "supervision", "deputy_words", congress=PROVINCE, kind="kept")
    return [(line["deputy"]["name"], line["words"], line["answer"]) for line in lines]


def test_what_deputies_say_stands_in_the_congress_list_of_their_words_with_its_answer(kept):
    says(kept, kept.lead, "kept")
    says(kept, kept.cosigner, "partly", "窗口只开了一个。")
    kept.do(kept.office, "evaluation", "answer_kept", reply=kept.second, text="已核实，第二个窗口下周开。")
    assert sorted(heard(kept)) == [
        ("代表乙", "部分兑现。窗口只开了一个。", "已核实，第二个窗口下周开。"),
        ("代表甲", "已经兑现。", ""),
    ]


def test_the_office_makes_a_b_an_a_when_they_say_that_it_was_kept(kept):
    says(kept, kept.lead, "kept")
    about = {"task": kept.task, "reply_class": "A", "reason": "承诺已全部兑现。"}
    kept.do(kept.office, "assignment", "change_reply_class", **about)
    assert figure(kept, "solved") == (1, 1)


def test_what_was_not_kept_is_handled_again_by_a_day_of_its_own_and_asks_everybody_anew(kept):
    says(kept, kept.lead, "not_kept", "中心没有人。")
    again = {"reason": "请派驻人员。", "due_on": "2024-01-31"}
    kept.do(kept.office, "evaluation", "reopen_suggestion", reply=kept.second, **again)
    page = kept.network.ask(kept.office, "supervision", "ledger_line", id=kept.id)
    assert page["line"]["state_label"] == "再次办理"
    assert [
        one["due_on"] for one in page["deadlines"] if one["kind"] == "second_reply" and not one["ended"]
    ] == ["2024-01-31"]
    assert any(entry["text"].startswith("办结以后发现没有落实到位") for entry in page["timeline"])
    third = kept.reply(date(2024, 1, 20), "三号")
    waits = kept.network.ask(kept.lead, "evaluation", "evaluation_waiting")
    assert [(line["command"], line["reply"]) for line in waits] == [("give_feedback", third)]


def test_the_unit_learns_nothing_of_what_deputies_say(kept):
    page = lambda: kept.network.ask(kept.clerk, "supervision", "ledger_line", id=kept.id)  # noqa: E731
    before = page()
    says(kept, kept.lead, "not_kept", "中心没有人。")
    kept.do(kept.office, "evaluation", "answer_kept", reply=kept.second, text="已核实。")
    assert page() == before
