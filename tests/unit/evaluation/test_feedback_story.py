"""A reply reaches the deputies; they judge; it is handled again, closed and published."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk, unit_head
from telling import NAMES, STRANGER, TAX, WATER, A, B

from shared.aggregate import new_id
from shared.identity import Actor, Role
from shared.problems import Invalid, NotAllowed, NotFound, WrongState

FIRST, COSIGNER = deputy(NAMES[A], A), deputy(NAMES[B], B)
OPERATOR = Actor("operator", "运维甲", (Role("operator", PROVINCE),))
SUPERVISOR = Actor("supervisor", "副主任甲", (Role("supervisor", PROVINCE),))


def view(network, id, who=None):
    return network.ask(who or liaison(), "evaluation", "evaluation", id=id)


def waiting(network, who):
    return [
        (line["suggestion"], line["command"]) for line in network.ask(who, "evaluation", "evaluation_waiting")
    ]


def types(network, id):
    return [event["type"] for event in network.published("evaluation", id)]


def order(network, id, reply):
    return network.do(liaison(), "evaluation", "order_rehandling", id, reply=reply, reason="请补充完成时限")


# --- the story ----------------------------------------------------------------------------------------


def test_unsatisfied_handled_again_satisfied_closed_published(network, elsewhere):
    id, first = elsewhere.handled()
    assert view(network, id)["state_label"] == "待代表反馈"
    elsewhere.judges(id, first, A, "satisfied", "unsatisfied")
    assert waiting(network, liaison()) == [(id, "order_rehandling")]

    assert order(network, id, first)["state"] == "rehandling"
    elsewhere.tomorrow(20)
    second = elsewhere.replies(id, round=2)
    elsewhere.judges(id, second, A)
    elsewhere.judges(id, second, B, "basically", "basically")
    assert view(network, id)["state_label"] == "待办结"
    assert waiting(network, liaison()) == [(id, "close_suggestion")]

    assert network.do(liaison(), "evaluation", "close_suggestion", id)["state"] == "closed"
    assert waiting(network, liaison()) == [(id, "publish_suggestion")]
    assert network.do(liaison(), "evaluation", "publish_suggestion", id)["state"] == "published"
    assert types(network, id) == [
        "feedback.opened.v1", "feedback.given.v1", "rehandling.ordered.v1", "feedback.opened.v1", "feedback.given.v1",
        "feedback.given.v1", "suggestion.closed.v1", "suggestion.published.v1",
    ]  # fmt: skip
    closed = network.published("evaluation", id)[-2]["data"]
    assert (closed["reply_class"], closed["closed_on"]) == ("A", "2023-06-04")
    assert [step["what"] for step in view(network, id)["history"]] == [
        "送代表征询意见", "代表反馈", "要求再次办理", "送代表征询意见", "代表反馈", "代表反馈", "办结", "公开",
    ]  # fmt: skip


def test_feedback_is_complete_when_the_last_deputy_has_judged(network, elsewhere):
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A)
    elsewhere.judges(id, reply, B)
    given = [e["data"] for e in network.published("evaluation", id) if e["type"] == "feedback.given.v1"]
    assert [(g["deputy"]["name"], g["complete"]) for g in given] == [("代表甲", False), ("代表乙", True)]


def test_each_deputy_has_one_line_for_each_reply_to_judge(network, elsewhere):
    id = new_id()
    elsewhere.accepts(id)
    elsewhere.assigns(id, TAX, WATER)
    one = elsewhere.replies(id, TAX, role="separate")
    two = elsewhere.replies(id, WATER, role="separate")
    lines = network.ask(FIRST, "evaluation", "evaluation_waiting")
    assert {(line["reply"], line["unit"]["name"]) for line in lines} == {(one, "省税务局"), (two, "省水利厅")}
    elsewhere.judges(id, one, A)
    assert [line["reply"] for line in network.ask(FIRST, "evaluation", "evaluation_waiting")] == [two]


def test_a_deputy_may_judge_one_units_reply_before_the_other_unit_has_replied(network, elsewhere):
    id = new_id()
    elsewhere.accepts(id)
    elsewhere.assigns(id, TAX, WATER)
    reply = elsewhere.replies(id, TAX, role="separate")
    assert elsewhere.judges(id, reply, A)["state"] == "handling"


# --- who may judge ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [deputy("代表丙", STRANGER), OPERATOR, unit_clerk(WATER), liaison("44")])
def test_for_those_who_have_nothing_to_do_with_it_there_is_nothing_to_judge(network, elsewhere, who):
    id, reply = elsewhere.handled()
    with pytest.raises(NotFound):
        network.do(
            who, "evaluation", "give_feedback", id, reply=reply, process="satisfied", result="satisfied"
        )


@pytest.mark.parametrize("who", [liaison(), SUPERVISOR, unit_clerk(TAX), unit_head(TAX)])
def test_nobody_judges_for_a_deputy(network, elsewhere, who):
    id, reply = elsewhere.handled()
    with pytest.raises(NotAllowed, match="只有收到答复的代表可以填写征询意见表"):
        network.do(
            who, "evaluation", "give_feedback", id, reply=reply, process="satisfied", result="satisfied"
        )
    assert view(network, id)["replies"][0]["given"] == 0


def test_a_second_judgement_is_refused(network, elsewhere):
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A, result="unsatisfied")
    with pytest.raises(WrongState, match="每份答复只评价一次"):
        elsewhere.judges(id, reply, A, result="satisfied")


def test_a_reply_that_was_not_sent_to_the_deputy_cannot_be_judged(network, elsewhere):
    id, _ = elsewhere.handled()
    _, other = elsewhere.handled()
    with pytest.raises(Invalid) as refusal:
        elsewhere.judges(id, other, A)
    assert refusal.value.errors == {"reply": ["这份答复没有发给您，请重新选择。"]}


def test_a_reply_that_is_handled_again_can_no_longer_be_judged(network, elsewhere):
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A, result="unsatisfied")
    order(network, id, reply)
    assert waiting(network, COSIGNER) == []
    with pytest.raises(WrongState, match="再次办理"):
        elsewhere.judges(id, reply, B)


def test_after_closing_a_judgement_is_refused_with_what_is_possible(network, elsewhere):
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A)
    elsewhere.tomorrow(11)
    network.do(liaison(), "evaluation", "close_suggestion", id)
    with pytest.raises(WrongState, match=r"已办结.*公开（联工委）"):
        elsewhere.judges(id, reply, B)
    assert waiting(network, COSIGNER) == []


# --- handling again -----------------------------------------------------------------------------------


def test_a_satisfied_deputys_reply_is_not_handled_again(network, elsewhere):
    id, reply = elsewhere.handled(judged="satisfied")
    with pytest.raises(WrongState, match="没有代表对这份答复表示不满意"):
        order(network, id, reply)


def test_the_same_reply_is_handled_again_once(network, elsewhere):
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A, result="unsatisfied")
    order(network, id, reply)
    with pytest.raises(WrongState, match="已经要求省税务局再次办理"):
        order(network, id, reply)


def test_what_the_lead_deputy_rejects_cannot_be_closed_whatever_the_note_says(network, elsewhere):
    id, _ = elsewhere.handled(judged="unsatisfied")
    with pytest.raises(WrongState, match="先要求再次办理"):
        network.do(liaison(), "evaluation", "close_suggestion", id, note="已向代表解释")
    assert [line["command"] for line in view(network, id)["may"]] == ["order_rehandling"]


def test_what_only_a_cosigner_rejects_is_closed_with_a_note(network, elsewhere):
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A)
    elsewhere.judges(id, reply, B, result="unsatisfied")
    with pytest.raises(Invalid) as refusal:
        network.do(liaison(), "evaluation", "close_suggestion", id)
    assert "note" in refusal.value.errors
    answer = network.do(
        liaison(), "evaluation", "close_suggestion", id, note="附议代表的意见已转有关部门研究"
    )
    assert answer["state"] == "closed"


@pytest.fixture
def twice(network, elsewhere):
    """A suggestion whose second reply does not satisfy the lead deputy either."""
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A, result="unsatisfied")
    order(network, id, reply)
    second = elsewhere.replies(id, round=2)
    elsewhere.judges(id, second, A, result="unsatisfied")
    elsewhere.judges(id, second, B, result="unsatisfied")
    return id


def test_twice_not_satisfied_is_told_to_the_congress_once(network, twice):
    told = [
        e["data"]
        for e in network.published("evaluation", twice)
        if e["type"] == "dissatisfaction.repeated.v1"
    ]
    assert [(data["unit"]["name"], data["round"], data["times"]) for data in told] == [("省税务局", 2, 2)]


def test_twice_not_satisfied_is_closed_with_the_measure_that_was_taken(network, elsewhere, twice):
    with pytest.raises(Invalid) as refusal:
        network.do(liaison(), "evaluation", "close_suggestion", twice, note="已约谈")
    assert refusal.value.errors.keys() == {"measure"}
    talk = elsewhere.measure(twice)
    network.do(liaison(), "evaluation", "close_suggestion", twice, measure="talk")
    assert view(network, twice)["closing_measure"] == "talk"
    (closed,) = [e for e in network.published("evaluation", twice) if e["type"] == "suggestion.closed.v1"]
    assert closed["data"]["measures"] == [talk]


def test_a_measure_that_was_never_taken_is_missed_by_name(network, elsewhere, twice):
    elsewhere.measure(twice, rung="notice")
    elsewhere.measure(twice, unit=WATER)  # whose reply nobody was unhappy with
    with pytest.raises(
        Invalid, match="没有因代表不满意而对省税务局采取约谈的记录.*督办通知（省税务局，2023-05-15）"
    ):
        network.do(liaison(), "evaluation", "close_suggestion", twice, measure="talk")


def test_a_talk_about_something_earlier_is_no_answer_to_the_deputies(network, elsewhere):
    id, reply = elsewhere.handled()
    elsewhere.measure(id)
    elsewhere.tomorrow()
    elsewhere.judges(id, reply, B, result="unsatisfied")
    elsewhere.judges(id, reply, A)
    with pytest.raises(Invalid, match="已采取的：无"):
        network.do(liaison(), "evaluation", "close_suggestion", id, measure="talk")


def test_a_talk_that_was_proposed_is_decided_before_closing(network, elsewhere, twice):
    talk = elsewhere.measure(twice, "proposed")
    with pytest.raises(WrongState, match="还没有决定：约谈（省税务局）"):
        network.do(liaison(), "evaluation", "close_suggestion", twice, measure="none", note="已书面检查")
    elsewhere.measure(twice, "declined", measure=talk)
    elsewhere.measure(twice, "proposed", measure=talk)  # comes late
    network.do(liaison(), "evaluation", "close_suggestion", twice, measure="none", note="已书面检查")


def test_or_with_the_reason_to_do_without(network, twice):
    with pytest.raises(Invalid) as refusal:
        network.do(liaison(), "evaluation", "close_suggestion", twice, measure="none")
    assert refusal.value.errors.keys() == {"note"}
    note = "所提事项须国家层面修法，已书面报告上级人大"
    assert (
        network.do(liaison(), "evaluation", "close_suggestion", twice, measure="none", note=note)["state"]
        == "closed"
    )


# --- closing ------------------------------------------------------------------------------------------


def test_closing_waits_for_the_deputies_until_their_time_is_over(network, elsewhere):
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A)
    with pytest.raises(WrongState, match="还有1位代表没有反馈，反馈期到2023-05-25为止"):
        network.do(liaison(), "evaluation", "close_suggestion", id)
    network.on(date(2023, 5, 26))
    assert view(network, id)["state"] == "assessed"
    assert waiting(network, liaison()) == [(id, "close_suggestion")]
    assert network.do(liaison(), "evaluation", "close_suggestion", id)["state"] == "closed"


def test_the_time_for_feedback_runs_to_the_date_that_supervision_has_set(network, elsewhere):
    id, _ = elsewhere.handled()
    elsewhere.deadline("deadline.set", id, kind="feedback", due_on="2023-05-29", explanation="遇休息日顺延")
    network.on(date(2023, 5, 29))
    with pytest.raises(WrongState, match="2023-05-29"):
        network.do(liaison(), "evaluation", "close_suggestion", id)


def test_what_is_not_replied_cannot_be_closed(network, elsewhere):
    id = new_id()
    elsewhere.accepts(id)
    elsewhere.assigns(id, lead=TAX)
    with pytest.raises(WrongState, match="现在是“办理中”，不能办结"):
        network.do(liaison(), "evaluation", "close_suggestion", id)


def test_only_the_liaison_office_closes_and_publishes(network, elsewhere):
    id, _ = elsewhere.handled(judged="satisfied")
    for command in ("close_suggestion", "publish_suggestion"):
        with pytest.raises(NotAllowed, match="只有联工委可以"):
            network.do(unit_head(TAX), "evaluation", command, id)


def test_what_is_not_closed_is_not_published(network, elsewhere):
    id, _ = elsewhere.handled(judged="satisfied")
    with pytest.raises(WrongState, match=r"待办结.*现在可以.*办结"):
        network.do(liaison(), "evaluation", "publish_suggestion", id)


# --- who sees what ------------------------------------------------------------------------------------


def test_a_deputy_sees_the_own_form_and_how_many_are_in(network, elsewhere):
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A, result="unsatisfied")
    seen = view(network, id, COSIGNER)["replies"][0]
    assert [form["deputy"]["name"] for form in seen["forms"]] == ["代表乙"]
    assert (seen["given"], seen["of"], seen["may_judge"]) == (1, 2, True)
    assert view(network, id, COSIGNER)["history"] == []
    assert not view(network, id, FIRST)["replies"][0]["may_judge"]


def closed(network, elsewhere, *judged):
    """A suggestion that was judged so by its deputies, and closed."""
    id = new_id()
    elsewhere.accepts(id)
    elsewhere.assigns(id, lead=TAX)
    reply = elsewhere.replies(id, deputies=tuple(judged_by(len(judged))))
    for seat, result in zip(judged_by(len(judged)), judged, strict=True):
        elsewhere.judges(id, reply, seat, result=result)
    elsewhere.tomorrow(11)
    network.do(liaison(), "evaluation", "close_suggestion", id, note="已研究")
    return id


def judged_by(count):
    return (A, B, STRANGER)[:count]


def test_its_units_see_nothing_of_the_feedback_until_it_is_closed(network, elsewhere):
    id, reply = elsewhere.handled()
    before = view(network, id, unit_clerk(TAX))
    elsewhere.judges(id, reply, A)
    elsewhere.judges(id, reply, B, result="unsatisfied")
    assert view(network, id, unit_clerk(TAX)) == before
    assert (before["state_label"], before["replies"][0]["given"]) == ("待代表反馈", None)
    network.do(liaison(), "evaluation", "close_suggestion", id, note="附议代表的意见已转有关部门研究")
    seen = view(network, id, unit_head(TAX))["replies"][0]
    assert {(form["deputy"]["name"], form["result"]) for form in seen["forms"]} == {
        ("代表甲", "satisfied"),
        ("代表乙", "unsatisfied"),
    }


def test_others_see_nothing_at_all(network, elsewhere):
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A, result="unsatisfied")
    for stranger in (unit_clerk(WATER), deputy("代表丙", STRANGER), OPERATOR, liaison("44")):
        with pytest.raises(NotFound):
            view(network, id, stranger)
    with pytest.raises(NotFound):
        network.ask(None, "evaluation", "evaluation", id=id)


# --- back-to-back, by the rules of the place ---------------------------------------------------------------


def test_where_names_are_not_told_a_unit_reads_counts_of_three_and_no_words(network, elsewhere, place):
    place(names="without")
    id = closed(network, elsewhere, "satisfied", "satisfied", "unsatisfied")
    seen = view(network, id, unit_clerk(TAX))["replies"][0]
    assert (seen["forms"], seen["counts"]["result"]) == ([], {"satisfied": 2, "unsatisfied": 1})


def test_and_nothing_of_one_or_two(network, elsewhere, place):
    place(names="without")
    id = closed(network, elsewhere, "satisfied", "unsatisfied")
    seen = view(network, id, unit_clerk(TAX))["replies"][0]
    assert (seen["given"], seen["forms"], seen["counts"]) == (0, [], {})


def test_nor_of_an_earlier_round_when_few_judged_the_last(network, elsewhere, place):
    place(names="without", decides="any")
    everybody = (A, B, STRANGER)
    id = new_id()
    elsewhere.accepts(id)
    elsewhere.assigns(id, lead=TAX)
    for round, judges in ((1, everybody), (2, (A,))):
        reply = elsewhere.replies(id, round=round, deputies=everybody)
        for who in judges:
            elsewhere.judges(id, reply, who, result="unsatisfied" if round == 1 else "satisfied")
        if round == 1:
            network.do(liaison(), "evaluation", "order_rehandling", id, reply=reply, reason="请补充")
    elsewhere.tomorrow(20)
    network.do(liaison(), "evaluation", "close_suggestion", id)
    assert [reply["counts"] for reply in view(network, id, unit_clerk(TAX))["replies"]] == [{}, {}]


def test_a_late_word_is_not_among_those_that_are_told_together(network, elsewhere, place):
    """A figure holds those in time alone: what is counted besides would be told by the difference."""
    place(names="without")
    everybody = (A, B, STRANGER)
    id, reply = new_id(), new_id()
    elsewhere.accepts(id)
    elsewhere.assigns(id, lead=TAX)
    elsewhere.replies(id, reply=reply, deputies=everybody)
    for who in everybody:
        elsewhere.tomorrow(20) if who == STRANGER else None
        elsewhere.judges(id, reply, who)
    network.do(liaison(), "evaluation", "close_suggestion", id)
    seen = view(network, id, unit_clerk(TAX))["replies"][0]
    assert (seen["given"], seen["counts"]) == (0, {})


@pytest.mark.parametrize(
    "rules", [{"names": "without"}, {"unit_learns": "never"}, {"unit_learns": "year_end"}]
)
def test_what_was_done_about_who_was_unhappy_tells_the_unit_nothing_either(network, elsewhere, place, rules):
    """To close over a cosigner who is not satisfied the office has to say why: that alone would tell of it."""
    place(**rules)
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A)
    elsewhere.judges(id, reply, B, result="unsatisfied")
    said = {"note": "已当面说明，代表表示理解。", "measure": "none"}
    network.do(liaison(), "evaluation", "close_suggestion", id, **said)
    assert view(network, id, liaison())["closing_note"] == said["note"]
    seen = view(network, id, unit_clerk(TAX))
    assert (seen["closing_note"], seen["closing_measure"]) == ("", "")
    told = network.published("evaluation", id)[-1]["data"]
    assert (told["note"], told["measure"], told["measures"]) == ("", "", [])


def test_at_the_years_end(network, elsewhere, place):
    place(unit_learns="year_end")
    id = closed(network, elsewhere, "satisfied", "satisfied")
    network.on(date(2023, 12, 31))
    assert view(network, id, unit_clerk(TAX))["replies"][0]["forms"] == []
    network.on(date(2024, 1, 1))
    assert len(view(network, id, unit_clerk(TAX))["replies"][0]["forms"]) == 2


def test_never_and_so_it_is_not_published_either(network, elsewhere, place):
    place(unit_learns="never")
    id = closed(network, elsewhere, "satisfied", "satisfied")
    network.on(date(2030, 1, 1))
    assert view(network, id, unit_clerk(TAX))["replies"][0]["forms"] == []
    with pytest.raises(Invalid, match="不能包括代表评价"):
        network.do(liaison(), "evaluation", "publish_suggestion", id)
    network.do(liaison(), "evaluation", "publish_suggestion", id, with_feedback=False)


def test_what_is_public_of_judgements_is_without_names_where_the_place_says_so(network, elsewhere, place):
    place(names="without")
    id = closed(network, elsewhere, "satisfied", "basically", "satisfied")
    network.do(liaison(), "evaluation", "publish_suggestion", id)
    told = network.published("evaluation", id)[-1]["data"]["judgements"]
    assert [(judgement["deputy"], judgement["result"]) for judgement in told] == [("", "basically"), ("", "satisfied"), ("", "satisfied")]  # fmt: skip


def test_a_change_of_the_rules_does_not_change_what_is_being_handled(network, elsewhere, place):
    id, _ = elsewhere.handled(judged="satisfied")
    place(names="without")
    network.do(liaison(), "evaluation", "close_suggestion", id)
    assert len(view(network, id, unit_clerk(TAX))["replies"][0]["forms"]) == 2


@pytest.mark.parametrize("command", ["order_rehandling", "close_suggestion"])
def test_what_a_unit_reads_does_not_name_who_was_unhappy(network, elsewhere, command):
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A)
    elsewhere.judges(id, reply, B, result="unsatisfied")
    words = {"order_rehandling": {"reply": reply, "reason": "代表乙不满意，请重办"}, "close_suggestion": {"note": "已向代表乙解释"}}  # fmt: skip
    with pytest.raises(Invalid, match="请不要写出代表姓名（代表乙）"):
        network.do(liaison(), "evaluation", command, id, **words[command])


# --- whose word decides -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decides", "judged", "has_to"),
    [
        ("lead", "+-", False), ("lead", "-+", True), ("any", "+-", True), ("any", "++", False),
        ("majority", "+--", True), ("majority", "+-", False), ("all", "--", True), ("all", "+--", False),
    ],
)  # fmt: skip
def test_whose_word_decides_is_the_places_choice(network, elsewhere, place, decides, judged, has_to):
    place(decides=decides)
    id = new_id()
    elsewhere.accepts(id)
    elsewhere.assigns(id, lead=TAX)
    reply = elsewhere.replies(id, deputies=judged_by(len(judged)))
    for seat, sign in zip(judged_by(len(judged)), judged, strict=True):
        elsewhere.judges(id, reply, seat, result="satisfied" if sign == "+" else "unsatisfied")
    if has_to:
        with pytest.raises(WrongState, match="请先要求再次办理"):
            network.do(liaison(), "evaluation", "close_suggestion", id, note="已研究")
    else:
        network.do(liaison(), "evaluation", "close_suggestion", id, note="已研究")


def test_the_process_decides_too_where_the_place_says_so(network, elsewhere, place):
    place(by="either")
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A, process="unsatisfied")
    elsewhere.judges(id, reply, B)
    with pytest.raises(WrongState, match="办理过程或者办理结果不满意"):
        network.do(liaison(), "evaluation", "close_suggestion", id, note="已研究")


# --- late -------------------------------------------------------------------------------------------------


def test_what_comes_late_is_said_to_be_late_and_counts_as_silence(network, elsewhere):
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A)
    network.on(date(2023, 5, 26))
    elsewhere.judges(id, reply, B, result="satisfied")
    forms = view(network, id)["replies"][0]["forms"]
    assert {form["deputy"]["name"]: form["late"] for form in forms} == {"代表甲": False, "代表乙": True}
    rows = network.ask(liaison(), "evaluation", "figures", congress=PROVINCE, year=2023)
    counted = {row["figure"]: (row["numerator"], row["denominator"]) for row in rows}
    assert (counted["satisfied_result"], counted["late_feedback"]) == ((1, 1), (1, 2))


def test_on_the_day_to_which_a_holiday_has_moved_it_it_is_in_time(network, elsewhere):
    id, reply = elsewhere.handled()
    elsewhere.deadline("deadline.set", id, kind="feedback", due_on="2023-05-29", explanation="遇休息日顺延")
    network.on(date(2023, 5, 29))
    elsewhere.judges(id, reply, A)
    assert [form["late"] for form in view(network, id)["replies"][0]["forms"] if form["given"]] == [False]


# --- out of order -------------------------------------------------------------------------------------


def test_a_reply_that_comes_before_the_acceptance_is_judged_all_the_same(network, elsewhere):
    id = new_id()
    reply = elsewhere.replies(id)
    assert view(network, id)["state"] == "asked"
    elsewhere.judges(id, reply, A)
    elsewhere.assigns(id, lead=TAX)
    elsewhere.accepts(id)
    seen = view(network, id)
    assert (seen["number"], seen["year"], seen["replies"][0]["given"]) == ("第0001号", 2023, 1)


def test_a_unit_that_returned_its_task_is_not_waited_for(network, elsewhere):
    id = new_id()
    elsewhere.accepts(id)
    elsewhere.assigns(id, WATER, TAX)
    elsewhere.assigns(id, lead=TAX)
    reply = elsewhere.replies(id)
    elsewhere.judges(id, reply, A)
    assert elsewhere.judges(id, reply, B)["state"] == "assessed"
    with pytest.raises(NotFound):
        view(network, id, unit_clerk(WATER))


def test_an_older_assignment_that_comes_late_changes_nothing(network, elsewhere):
    id = new_id()
    elsewhere.accepts(id)
    elsewhere.sequences[id] = 5
    elsewhere.assigns(id, lead=TAX)
    elsewhere.sequences[id] = 2
    elsewhere.assigns(id, lead=WATER)
    with pytest.raises(NotFound):
        view(network, id, unit_clerk(WATER))
