"""A unit says that all it promised is done: each deputy says whether it is, the congress alone hears it, and answers or acts."""

from __future__ import annotations

import pytest
from harness import deputy, liaison, unit_clerk
from telling import NAMES, STRANGER, TAX, A, B

from shared.aggregate import new_id
from shared.identity import Actor, Role
from shared.problems import Invalid, NotAllowed, NotFound, WrongState

FIRST, COSIGNER = deputy(NAMES[A], A), deputy(NAMES[B], B)


@pytest.fixture
def promised(network, elsewhere):
    """Closed with a promise, which the unit says half a year later that it has kept. (id, reply)."""
    id, reply = elsewhere.handled(reply_class="B", judged="satisfied")
    network.do(liaison(), "evaluation", "close_suggestion", id)
    elsewhere.tomorrow(200)
    elsewhere.supplements(id, reply)
    return id, reply


def says(network, who, promised, kept="kept", words=""):
    id, reply = promised
    return network.do(who, "evaluation", "judge_kept", id, reply=reply, kept=kept, words=words)


def answers(network, promised, who=None, text="已实地核实：中心三月挂牌，照片附后。"):
    id, reply = promised
    return network.do(who or liaison(), "evaluation", "answer_kept", id, reply=reply, text=text)


def seen(network, who, id):
    return network.ask(who, "evaluation", "evaluation", id=id)


def words(network, who, promised):
    (reply,) = seen(network, who, promised[0])["replies"]
    return [
        (word["deputy"]["name"], word["kept"], word["words"], word["answer"]) for word in reply["kept_words"]
    ]


def waits(network, who):
    return [line["command"] for line in network.ask(who, "evaluation", "evaluation_waiting")]


def told(network, id, name):
    return [e["data"] for e in network.published("evaluation", id) if e["type"] == f"{name}.v1"]


def test_each_deputy_says_whether_it_was_kept_and_the_office_hears_it(network, promised):
    assert waits(network, FIRST) == waits(network, COSIGNER) == ["judge_kept"]
    says(network, FIRST, promised)
    says(network, COSIGNER, promised, "partly", "窗口还没有开。")
    assert waits(network, FIRST) == waits(network, COSIGNER) == []
    assert words(network, liaison(), promised) == [
        ("代表甲", "kept", "", ""), ("代表乙", "partly", "窗口还没有开。", ""),
    ]  # fmt: skip
    assert words(network, FIRST, promised) == [("代表甲", "kept", "", "")]


def test_who_says_that_it_was_not_kept_is_answered(network, promised):
    says(network, FIRST, promised)
    assert "answer_kept" not in waits(network, liaison())
    says(network, COSIGNER, promised, "not_kept", "中心没有挂牌。")
    assert waits(network, liaison()) == ["answer_kept"]
    answers(network, promised)
    assert waits(network, liaison()) == ["publish_suggestion"]
    assert words(network, COSIGNER, promised)[0][3].startswith("已实地核实")
    (answer,) = told(network, promised[0], "doubt.answered")
    assert answer["deputy"]["name"] == "代表乙"
    with pytest.raises(WrongState, match="没有等待答复"):
        answers(network, promised)


def test_or_the_unit_has_to_handle_it_again(network, promised):
    id, reply = promised
    says(network, FIRST, promised, "not_kept", "中心没有挂牌。")
    again = {"reply": reply, "reason": "请在期限内挂牌。", "due_on": "2024-02-01"}
    assert network.do(liaison(), "evaluation", "reopen_suggestion", id, **again)["state"] == "rehandling"
    (reopened,) = told(network, id, "suggestion.reopened")
    assert (reopened["lookback"], reopened["due_on"]) == ("", "2024-02-01")
    assert waits(network, liaison()) == []
    with pytest.raises(WrongState, match="重新办理"):
        says(network, COSIGNER, promised)


def test_one_who_says_no_writes_what_is_missing_and_says_it_once(network, promised):
    with pytest.raises(Invalid) as refusal:
        says(network, FIRST, promised, "partly")
    assert "没有兑现" in refusal.value.errors["words"][0]
    says(network, FIRST, promised, "partly", "窗口还没有开。")
    with pytest.raises(WrongState, match="已经评价过"):
        says(network, FIRST, promised)


@pytest.mark.parametrize("who", [liaison(), unit_clerk(TAX), Actor("operator", "运维", (Role("operator", ""),))], ids=["office", "unit", "operator"])  # fmt: skip
def test_nobody_else_says_it(network, promised, who):
    with pytest.raises((NotAllowed, NotFound)):
        says(network, who, promised)


def test_a_deputy_who_did_not_get_the_reply_does_not_say_it(network, promised):
    with pytest.raises((NotAllowed, NotFound)):
        says(network, deputy(NAMES[STRANGER], STRANGER), promised)


def test_only_the_liaison_office_answers(network, promised):
    says(network, FIRST, promised, "not_kept", "中心没有挂牌。")
    for who in (unit_clerk(TAX), FIRST, liaison("44")):
        with pytest.raises((NotAllowed, NotFound)):
            answers(network, promised, who)


def test_units_see_nothing_of_it(network, promised):
    """Not even that somebody has said something."""
    unit, id = unit_clerk(TAX), promised[0]
    before = seen(network, unit, id)
    says(network, FIRST, promised, "not_kept", "中心没有挂牌。")
    assert seen(network, unit, id) == before
    answers(network, promised)
    assert seen(network, unit, id) == before


def test_news_that_does_not_say_that_all_is_done_asks_nobody(network, elsewhere):
    id, reply = elsewhere.handled(reply_class="B", judged="satisfied")
    elsewhere.supplements(id, reply, solved=False)
    assert waits(network, FIRST) == []


def test_a_later_answer_asks_everybody_anew(network, elsewhere, promised):
    id, reply = promised
    says(network, FIRST, promised, "not_kept", "中心没有挂牌。")
    answers(network, promised)
    elsewhere.tomorrow(30)
    elsewhere.supplements(id, reply)
    assert waits(network, FIRST) == waits(network, COSIGNER) == ["judge_kept"]
    says(network, FIRST, promised)
    assert [word[1] for word in words(network, FIRST, promised)] == ["not_kept", "kept"]


def test_after_the_time_for_feedback_nobody_is_asked_any_more_but_may_still_say_it(
    network, elsewhere, promised
):
    elsewhere.tomorrow(31)
    assert waits(network, FIRST) == []
    says(network, FIRST, promised, "not_kept", "中心没有挂牌。")
    assert waits(network, liaison()) == ["answer_kept"]


def test_the_answer_may_arrive_before_the_reply(network, elsewhere):
    id, reply = new_id(), new_id()
    elsewhere.accepts(id)
    elsewhere.assigns(id, lead=TAX)
    elsewhere.supplements(id, reply)
    elsewhere.replies(id, reply_class="B", reply=reply)
    assert sorted(waits(network, FIRST)) == ["give_feedback", "judge_kept"]


def test_what_is_merged_asks_nobody(network, elsewhere, promised):
    elsewhere.tell("suggestion.merged.v1", promised[0], into=new_id(), into_number="", deputies=[], reason="")
    assert waits(network, FIRST) == []


def test_the_list_is_the_same_after_a_rebuild(network, promised):
    says(network, FIRST, promised)
    before = network.rows("evaluation", "open_words")
    assert len(before["open_words"]) == 1
    network.rebuild("evaluation", "figures")
    assert network.rows("evaluation", "open_words") == before
