"""Forms that look strange are told to the congress alone, and settled by people; no judgement changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk
from hypothesis import given, settings
from hypothesis import strategies as st
from telling import NAMES, TAX, A, B

from services.evaluation.model.patterns import Mark, PatternRules, patterns_of, words_of
from shared.aggregate import new_id
from shared.clock import at
from shared.identity import SYSTEM, Actor, Role
from shared.periods import Period
from shared.practices import id_of
from shared.problems import NotAllowed, NotFound, WrongState

GOVERNMENT = Actor("office", "政府办公室", (Role("distributing", PROVINCE),))
NOON = at(date(2023, 5, 20), 12)
WORDS = "办理认真，问题已经解决。"


def lay_down(network, name="patterns", **settings):
    version = {"effective_on": "2023-01-01", "on": True, "settings": settings, "ended": False}
    network.tell(
        "practice.recorded.v1", id_of(PROVINCE, name), PROVINCE, 1, name=name, place=PROVINCE, place_kind="congress", versions=[version],
    )  # fmt: skip


def looked(network):
    return network.do(SYSTEM, "evaluation", "look_for_patterns")


def flags(network, who=None, **params):
    return network.ask(who or liaison(), "evaluation", "flags", congress=PROVINCE, **params)


def judge(network, id, reply, seat, origin="", **more):
    who = replace(deputy(NAMES[seat], seat), origin=origin)
    given = {"process": "satisfied", "result": "satisfied", **more}
    network.do(who, "evaluation", "give_feedback", id, reply=reply, **given)


@pytest.fixture
def alike(network, elsewhere):
    """Two deputies hand in the same words from the same address, and the place looks from two on."""
    lay_down(network, same_words=2, same_address=2, within_minute=0, only_judges=0)
    id, reply = elsewhere.handled()
    judge(network, id, reply, A, "from-the-office", result_comment=WORDS)
    judge(network, id, reply, B, "from-the-office", result_comment=WORDS.replace("，", ","))
    return id, reply


def test_the_same_words_from_one_address_are_flagged_to_the_congress_with_the_forms(network, alike):
    assert looked(network)["flags"] == 2
    found = flags(network)
    assert {flag["kind_label"] for flag in found} == {"同一网络地址提交", "意见雷同"}
    assert [form["deputy_name"] for form in found[0]["forms"]] == ["代表甲", "代表乙"]
    assert not {"process", "result", "result_comment"} & set(found[0]["forms"][0])
    assert looked(network) == {"id": "", "looked": 0, "flags": 0}


def test_units_and_the_governments_office_and_deputies_never_hear_of_it(network, alike):
    looked(network)
    for who in (unit_clerk(TAX), GOVERNMENT, deputy("代表甲", A), liaison("44")):
        with pytest.raises(NotAllowed):
            flags(network, who)
        with pytest.raises(NotFound):
            network.do(
                who,
                "evaluation",
                "settle_flag",
                flags(network)[0]["id"],
                outcome="normal",
                reason="……",
            )


def test_a_flag_changes_no_judgement_and_no_figure(network, alike):
    tables = ("evaluations", "contributions", "figures", "open_forms")
    before = network.rows("evaluation", *tables)
    looked(network)
    network.do(
        liaison(),
        "evaluation",
        "settle_flag",
        flags(network)[0]["id"],
        outcome="not_own",
        reason="由他人代填。",
    )
    assert network.rows("evaluation", *tables) == before


def test_it_is_settled_with_a_reason_and_not_raised_again(network, elsewhere, alike):
    looked(network)
    (flag,) = [flag for flag in flags(network) if flag["kind"] == "same_words"]
    assert "settle_flag" in {
        line["command"] for line in network.ask(liaison(), "evaluation", "evaluation_waiting")
    }
    network.do(
        liaison(), "evaluation", "settle_flag", flag["id"], outcome="normal", reason="同一小组讨论过。"
    )
    with pytest.raises(WrongState):
        network.do(liaison(), "evaluation", "settle_flag", flag["id"], outcome="normal", reason="再记一次。")
    id, reply = elsewhere.handled()
    judge(network, id, reply, A, result_comment=WORDS)
    looked(network)
    (settled,) = flags(network, state="settled")
    assert (len(settled["forms"]), settled["settled"]["reason"]) == (3, "同一小组讨论过。")
    assert [e["type"] for e in network.published("evaluation", flag["id"])] == [
        "feedback.flagged.v1", "flag.settled.v1",
    ]  # fmt: skip


def test_who_uses_the_account_for_other_things_too_is_not_flagged_for_judging(network, elsewhere):
    lay_down(network, only_judges=1, within_minute=0)
    account = {"by": {"account": deputy("代表甲", A).account, "name": "代表甲"}}
    network.tell("remark.made.v1", new_id(), PROVINCE, 1, **account)
    id, reply = elsewhere.handled()
    for seat in (A, B):
        judge(network, id, reply, seat)
    looked(network)
    assert [[form["deputy_name"] for form in flag["forms"]] for flag in flags(network)] == [["代表乙"]]


def test_the_address_itself_is_kept_nowhere(network, alike):
    (first, second) = network.rows("evaluation", "form_marks")["form_marks"]
    assert first["origin"] == second["origin"] == "from-the-office"
    assert "from-the-office" not in str(network.published("evaluation"))


def test_a_case_that_is_told_as_of_another_time_is_not_looked_at(network, elsewhere):
    id, reply = elsewhere.handled()
    told = replace(deputy(NAMES[A], A), now=NOON)
    network.do(told, "evaluation", "give_feedback", id, reply=reply, process="satisfied", result="satisfied")
    assert network.rows("evaluation", "form_marks")["form_marks"] == []


def mark(number, seconds=0, account="a", deputy="d", origin="", words=""):
    return Mark("s", f"r{number}", deputy, "代表", account, NOON + timedelta(seconds=seconds), origin, words)


@settings(deadline=None)
@given(st.lists(st.integers(0, 600), min_size=1, max_size=30), st.integers(1, 8))
def test_a_minute_is_a_minute(seconds, least):
    *earlier, new = [mark(n, s) for n, s in enumerate(sorted(seconds))]
    found = patterns_of(new, earlier, True, PatternRules(within_minute=least))
    within = sum(s >= max(seconds) - 60 for s in seconds)
    assert bool(found) == (within >= least)


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=20))
def test_one_deputy_with_many_forms_is_not_many_deputies(deputies):
    marks = [mark(n, account=d, deputy=d, origin="o", words="w") for n, d in enumerate(deputies)]
    rules = PatternRules(within_minute=0, only_judges=0, same_address=3, same_words=3)
    found = patterns_of(marks[-1], marks[:-1], True, rules)
    assert {p.kind for p in found} == ({"same_address", "same_words"} if len({*deputies}) >= 3 else set())


def test_nothing_is_looked_for_where_the_place_says_so():
    marks = [mark(n, deputy=str(n), origin="o", words="w") for n in range(50)]
    assert patterns_of(marks[-1], marks[:-1], False, PatternRules(0, 0, 0, 0)) == []


def test_short_words_are_everybodys():
    assert words_of("很好", "") == words_of("满意！！！！！！", "") == ""
    assert words_of("办理认真，已经解决", "") == words_of("", "办理认真 已经解决。") != ""


# --- how long deputies have ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "unit", "until"),
    [(10, "days", "2023-05-25"), (1, "months", "2023-06-15"), (5, "working_days", "2023-05-22")],
)
def test_the_time_for_feedback_is_the_places(network, elsewhere, amount, unit, until):
    period = {"key": "feedback", "amount": amount, "unit": unit, "source": ""}
    lay_down(network, "deadlines", periods=[period])
    id, _ = elsewhere.handled()
    assert network.ask(liaison(), "evaluation", "evaluation", id=id)["feedback_until"] == until


def test_a_month_from_the_last_of_january_ends_with_february():
    assert Period(1, "months").after(date(2024, 1, 31)) == date(2024, 2, 29)
