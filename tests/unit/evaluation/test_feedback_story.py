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


def test_twice_not_satisfied_is_closed_with_a_note_on_what_followed(network, elsewhere):
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A, result="unsatisfied")
    order(network, id, reply)
    second = elsewhere.replies(id, round=2)
    elsewhere.judges(id, second, A, result="unsatisfied")
    elsewhere.judges(id, second, B)
    with pytest.raises(Invalid):
        network.do(liaison(), "evaluation", "close_suggestion", id)
    network.do(liaison(), "evaluation", "close_suggestion", id, note="已约谈单位负责人，结果向社会公开")
    assert view(network, id)["closing_note"] == "已约谈单位负责人，结果向社会公开"


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


def test_its_units_see_the_feedback_at_once_and_others_nothing(network, elsewhere):
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A, result="unsatisfied")
    seen = view(network, id, unit_clerk(TAX))["replies"][0]["forms"]
    assert [form["result"] for form in seen] == ["unsatisfied", ""]
    for stranger in (unit_clerk(WATER), deputy("代表丙", STRANGER), OPERATOR, liaison("44")):
        with pytest.raises(NotFound):
            view(network, id, stranger)
    with pytest.raises(NotFound):
        network.ask(None, "evaluation", "evaluation", id=id)


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
