"""The whole plan, the deputy's word on it, steps with dates, and talks that are confirmed and count for several suggestions."""

from __future__ import annotations

from datetime import date

import pytest
from harness import deputy, unit_clerk

from services.assignment.model.steps import Blank, Evidence, TaskStep
from services.assignment.stores import store
from shared.problems import Invalid, NotAllowed, WrongState
from tests.unit.assignment.conftest import PLAN, REPLY

STEPS = [{"what": "到现场调研", "due_on": "2023-03-20"}, {"what": "征求意见", "due_on": "2023-04-20"}]
TALK = {"phase": "during", "method": "visit", "on": "2023-02-20", "notes": "当面听取意见。"}


@pytest.fixture
def signed(place):
    id = place.assigned(lead=place.tax)
    place.act("sign_for", id, place.tax)
    return id


def steps_of(place, id):
    return {step["name"]: step for step in place.task(id, place.tax)["steps"]}


def waits(place, who):
    return [(line["command"], line["what"]) for line in place.ask(who, "assignment_waiting")]


def given(place, id, *steps):
    """Steps that a practice asked for when the unit signed."""
    runtime = place.network.runtimes["assignment"]
    with runtime.database.writing() as connection:
        handling = store.get(connection, id, lock=True)
        handling.tasks[0].steps += steps
        store.save(connection, handling)


# --- the plan -------------------------------------------------------------------------------------------------


def test_a_plan_names_leader_steps_and_what_shall_come_of_it(place, signed):
    whole = {
        **PLAN,
        "leader": "副局长甲",
        "sections": "征管处",
        "expected_result": "建成中心",
        "quality": "一窗办结",
    }
    place.act("make_plan", signed, place.tax, **whole, steps=STEPS, reply_by="2023-05-10")
    plan = place.task(signed, place.tax)["plan"]
    assert (plan["leader"], plan["expected_result"], len(plan["steps"])) == ("副局长甲", "建成中心", 2)
    told = place.events(signed, "steps.fixed")[0]
    assert [(step["name"], step["due_on"]) for step in told["steps"]] == [
        ("到现场调研", "2023-03-20"), ("征求意见", "2023-04-20"),
    ]  # fmt: skip
    assert ("complete_step", "完成环节：到现场调研") in waits(place, unit_clerk(place.tax))


@pytest.mark.parametrize("due_on", ["2023-02-20", "2023-05-11"])
def test_a_step_lies_between_today_and_the_reply(place, signed, due_on):
    steps = [{"what": "调研", "due_on": due_on}]
    with pytest.raises(Invalid) as refusal:
        place.act("make_plan", signed, place.tax, **PLAN, steps=steps, reply_by="2023-05-10")
    assert "调研" in refusal.value.errors["steps"][0]


def test_a_changed_plan_keeps_what_was_done_and_drops_what_was_not(place, signed):
    place.act("make_plan", signed, place.tax, **PLAN, steps=STEPS)
    place.act(
        "complete_step", signed, place.tax, step=steps_of(place, signed)["到现场调研"]["id"], note="去了两次"
    )
    place.act("make_plan", signed, place.tax, **PLAN, steps=[{"what": "开座谈会", "due_on": "2023-04-01"}])
    assert [(name, bool(step["done_on"])) for name, step in steps_of(place, signed).items()] == [
        ("到现场调研", True), ("开座谈会", False),
    ]  # fmt: skip


def test_the_deputy_declines_a_plan_and_agrees_with_the_changed_one(place, people, signed):
    task = place.task(signed, place.tax)["task"]
    with pytest.raises(WrongState, match="还没有等您表态的办理方案"):
        place.do(people.lead, "agree_plan", signed, task=task, agrees=True)
    place.act("make_plan", signed, place.tax, **PLAN)
    with pytest.raises(NotAllowed):
        place.do(people.cosigner, "agree_plan", signed, task=task, agrees=True)
    with pytest.raises(Invalid) as refusal:
        place.do(people.lead, "agree_plan", signed, task=task, agrees=False)
    assert "note" in refusal.value.errors
    place.do(people.lead, "agree_plan", signed, task=task, agrees=False, note="没有期限")
    place.act("make_plan", signed, place.tax, **PLAN)
    place.do(people.lead, "agree_plan", signed, task=task, agrees=True)
    assert place.task(signed, place.tax)["plan"]["answer"]["agrees"] is True
    assert [len(place.events(signed, name)) for name in ("plan.declined", "plan.agreed")] == [1, 1]


# --- steps of a practice --------------------------------------------------------------------------------------


def test_a_command_waits_for_its_step_and_the_refusal_names_it(place, people, signed):
    given(
        place, signed, TaskStep("a", "问题调查", "unit", "x", ("draft_reply",), blanks=(Blank("调查结论"),))
    )
    place.act("make_plan", signed, place.tax, **PLAN)
    with pytest.raises(WrongState, match="还有环节没有完成：问题调查。完成之后才能起草答复"):
        place.act("draft_reply", signed, place.tax, **REPLY)
    assert waits(place, people.clerk) == [("complete_step", "完成环节：问题调查")]
    step = steps_of(place, signed)["问题调查"]["id"]
    with pytest.raises(Invalid, match="调查结论”没有填写"):
        place.act("complete_step", signed, place.tax, step=step)
    place.act("complete_step", signed, place.tax, step=step, entries=[{"label": "调查结论", "value": "属实"}])
    assert waits(place, people.clerk) == [("draft_reply", "起草答复")]
    place.act("draft_reply", signed, place.tax, **REPLY)


def test_as_many_names_are_needed_as_the_step_says(place, signed):
    given(place, signed, TaskStep("e", "专家会诊", "unit", "x", blanks=(Blank("专家", 3),)))
    step = steps_of(place, signed)["专家会诊"]["id"]
    with pytest.raises(Invalid, match="至少要写3个"):
        place.act(
            "complete_step", signed, place.tax, step=step, entries=[{"label": "专家", "value": "甲、乙"}]
        )
    place.act(
        "complete_step", signed, place.tax, step=step, entries=[{"label": "专家", "value": "甲、乙，丙"}]
    )
    assert steps_of(place, signed)["专家会诊"]["filled"] == {"专家": "甲、乙，丙"}


def test_measures_do_not_begin_before_the_deputy_has_agreed(place, people, signed):
    given(
        place, signed, TaskStep("plan", "征得代表同意", "lead_deputy", "x", evidence=Evidence("agreed_plan"), by_hand=False),
        TaskStep("do", "落实措施", "unit", "x", after=("plan",)),
    )  # fmt: skip
    place.act("make_plan", signed, place.tax, **PLAN)
    assert ("complete_step", "完成环节：落实措施") not in waits(place, people.clerk)
    assert waits(place, people.lead) == [("agree_plan", "完成环节：征得代表同意")]
    with pytest.raises(WrongState, match="征得代表同意”还没有完成"):
        place.act("complete_step", signed, place.tax, step=steps_of(place, signed)["落实措施"]["id"])
    task = place.task(signed, place.tax)["task"]
    place.do(people.lead, "agree_plan", signed, task=task, agrees=True)
    assert ("complete_step", "完成环节：落实措施") in waits(place, people.clerk)
    assert waits(place, people.lead) == []


def test_who_leads_the_talk_decides_whether_it_counts(place, signed):
    by_head = Evidence("contact", "during", rank="unit_head", face_to_face=True)
    given(
        place,
        signed,
        TaskStep(
            "t", "负责人面商", "unit", "x", ("issue_reply",), evidence=by_head, by_hand=False, classes=("C",)
        ),
    )
    place.act("log_contact", signed, place.tax, **TALK, led_by="经办人甲", rank="handler")
    place.act("draft_reply", signed, place.tax, **{**REPLY, "reply_class": "C"})
    place.act("approve_reply", signed, place.tax, head=True)
    with pytest.raises(WrongState, match="负责人面商"):
        place.act("issue_reply", signed, place.tax, document_number="一号")
    place.act("log_contact", signed, place.tax, **TALK, led_by="局长甲", rank="unit_head")
    assert steps_of(place, signed)["负责人面商"]["done_on"] == "2023-02-20"
    place.act("issue_reply", signed, place.tax, document_number="一号")


def test_what_is_needed_for_class_c_alone_bars_no_other(place, signed):
    evidence = Evidence("contact", rank="unit_head")
    given(
        place,
        signed,
        TaskStep("t", "负责人沟通", "unit", "x", ("issue_reply",), evidence=evidence, classes=("C",)),
    )
    assert place.replied(signed, place.tax)["reply"]


def test_a_visit_after_the_reply_is_due_from_the_reply_on(place, people, signed):
    after = Evidence("contact", "after")
    given(
        place,
        signed,
        TaskStep(
            "v", "办后回访", "unit", "x", evidence=after, by_hand=False, days=10, counted_from="replied"
        ),
    )
    assert not [line for line in waits(place, people.clerk) if line[1] == "完成环节：办后回访"]
    place.network.on(date(2023, 5, 15))
    place.replied(signed, place.tax)
    assert steps_of(place, signed)["办后回访"]["due_on"] == "2023-05-25"
    assert waits(place, people.clerk) == [("log_contact", "完成环节：办后回访")]
    place.act("log_contact", signed, place.tax, **{**TALK, "phase": "after"})
    assert waits(place, people.clerk) == []


# --- talks ----------------------------------------------------------------------------------------------------


def test_the_deputy_confirms_a_talk_once(place, people, signed):
    place.act(
        "log_contact",
        signed,
        place.tax,
        **TALK,
        deputies=[place.lead["id"]],
        led_by="局长甲",
        rank="unit_head",
    )
    may = [
        line for line in place.handling(signed, people.lead)["may"] if line["command"] == "confirm_contact"
    ]
    about = {"task": may[0]["task"], "contact": may[0]["contact"]}
    with pytest.raises(WrongState, match="没有等您确认的沟通"):
        place.do(people.cosigner, "confirm_contact", signed, **about, agrees=True)
    place.do(people.lead, "confirm_contact", signed, **about, agrees=False, note="只通了电话")
    told = place.events(signed, "contact.confirmed")[0]
    assert (told["agrees"], told["reason"], told["deputy"]["name"]) == (False, "只通了电话", "代表甲")
    with pytest.raises(WrongState):
        place.do(people.lead, "confirm_contact", signed, **about, agrees=True)


def test_one_symposium_is_on_record_with_each_of_its_suggestions(place, people, signed):
    other = place.assigned(2, lead=place.tax)
    place.act("sign_for", other, place.tax)
    place.act("log_contact", signed, place.tax, **{**TALK, "method": "symposium"}, also=[other])
    assert [c["method"] for c in place.task(other, place.tax)["contacts"]] == ["symposium"]
    assert place.events(other, "contact.logged")[0]["deputies"] == [place.lead]


def test_a_symposium_does_not_reach_the_suggestions_of_other_units(place, signed):
    foreign = place.assigned(2, lead=place.hr)
    with pytest.raises(Exception, match="没有找到|只能"):
        place.act("log_contact", signed, place.tax, **TALK, also=[foreign])
    assert place.task(signed, place.tax)["contacts"] == []


def test_who_has_not_been_visited_is_a_list(place, people, signed):
    for phase in ("before", "during"):
        place.act("log_contact", signed, place.tax, **{**TALK, "phase": phase})
    place.assigned(2, lead=place.hr)
    lines = place.ask(people.clerk, "contacts_due")
    assert [(line["title"], line["missing"]) for line in lines] == [("关于第1件事的建议", ["after"])]
    assert len(place.ask(place.office, "contacts_due", congress="43")) == 2
    place.act("log_contact", signed, place.tax, **{**TALK, "phase": "after"})
    assert place.ask(people.clerk, "contacts_due") == []
    assert place.ask(people.other, "contacts_due") == []
    assert place.ask(deputy("代表甲", place.lead["id"]), "contacts_due") == []
