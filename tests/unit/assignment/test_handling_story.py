"""From the desk to the reply: a unit signs, plans, talks, gets the joint opinion, drafts, its head approves, it replies."""

from __future__ import annotations

from datetime import date

import pytest
from harness import unit_clerk, unit_head

from shared.aggregate import new_id
from shared.problems import Invalid, NotAllowed, NotFound, WrongState

REPLY = {
    "text": "三部门已经建立联合运维工作机制，统一受理、限时办结。",
    "reply_class": "A",
    "contact": "经办人甲",
    "phone": "0731-0",
}


def ready_to_reply(place):
    """Assigned, signed for by both units, with the joint unit's opinion."""
    id = place.assigned()
    place.act("sign_for", id, place.tax)
    place.act("sign_for", id, place.hr)
    place.act("give_opinion", id, place.hr, text="同意建立联合运维机制。")
    return id


def test_the_whole_way_to_the_reply(place, people):
    id = place.assigned()
    assert place.handling(id)["state_label"] == "已交办"
    place.act("sign_for", id, place.tax)
    place.act("sign_for", id, place.hr)
    assert place.handling(id)["state_label"] == "办理中"
    place.act(
        "make_plan", id, place.tax, handler="经办人甲", plan="三月调研，五月答复。", reply_by="2023-05-10"
    )
    seats = [place.lead["id"], place.cosigner["id"]]
    place.act(
        "log_contact",
        id,
        place.tax,
        phase="during",
        method="visit",
        on="2023-02-20",
        deputies=seats,
        notes="面商。",
    )
    place.act("give_opinion", id, place.hr, text="同意。")
    place.network.on(date(2023, 5, 15))
    answer = place.replied(id, place.tax)
    issued = place.events(id, "reply.issued")[0]
    assert issued["reply"] == answer["reply"]
    assert [d["name"] for d in issued["deputies"]] == ["代表甲", "代表乙"]
    assert (issued["round"], issued["issued_on"], issued["missing_opinions"]) == (1, "2023-05-15", [])
    seen = place.handling(id, people.cosigner)
    assert seen["state_label"] == "已答复"
    assert seen["replies"][-1]["document_number"] == "湘税建〔2023〕12号"
    assert [e["type"] for e in place.network.published("assignment", id)] == [
        f"{name}.v1" for name in (
            "suggestion.assigned", "task.signed", "task.signed", "plan.made", "contact.logged", "opinion.given",
            "reply.drafted", "reply.approved", "reply.issued",
        )
    ]  # fmt: skip


def test_assigning_tells_every_task_with_its_clock(place):
    id = place.assigned()
    told = place.events(id, "suggestion.assigned")[0]
    assert [(t["unit"]["name"], t["role"], t["assigned_on"]) for t in told["tasks"]] == [
        ("省税务局", "lead", "2023-02-20"), ("省人社厅", "joint", "2023-02-20"),
    ]  # fmt: skip


def test_a_talk_face_to_face_is_told_by_its_method(place):
    id = ready_to_reply(place)
    for method in ("phone", "symposium"):
        place.act("log_contact", id, place.tax, phase="before", method=method, on="2023-02-20", notes="……")
    assert [c["face_to_face"] for c in place.events(id, "contact.logged")] == [False, True]


# --- choosing units -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("units", "field", "sentence"),
    [
        (lambda p: {}, "lead", "请选择主办单位"),
        (lambda p: {"joint": [p.hr]}, "lead", "请选择主办单位"),
        (lambda p: {"lead": p.tax, "separate": [p.hr, p.medical]}, "separate", "只能选一种"),
        (lambda p: {"joint": [p.tax], "separate": [p.hr, p.medical]}, "joint", "没有会办单位"),
        (lambda p: {"lead": p.tax, "joint": [p.tax]}, "joint", "不能同时是会办单位"),
        (lambda p: {"separate": [p.hr]}, "separate", "至少要有两个单位"),
        (lambda p: {"lead": p.foreign}, "lead", "下一级政府"),
        (lambda p: {"lead": p.bureau_of_city}, "lead", "下一级政府"),
        (lambda p: {"lead": p.tax, "joint": [new_id()]}, "joint", "下一级政府"),
    ],
)
def test_impossible_units_are_refused_beside_their_field(place, units, field, sentence):
    id = place.accepted()
    with pytest.raises(Invalid) as refusal:
        place.do(place.office, "assign_suggestion", id, **units(place))
    assert sentence in refusal.value.errors[field][0]
    assert place.handling(id)["state"] == "waiting"
    assert place.events(id) == []


def test_the_government_one_level_down_may_be_the_lead_unit(place):
    id = place.assigned(lead=place.city)
    assert place.act("sign_for", id, place.city)["state"] == "handling"


def test_separate_units_reply_each_for_itself(place):
    id = place.assigned(separate=[place.tax, place.hr])
    for unit in (place.tax, place.hr):
        place.act("sign_for", id, unit)
    place.replied(id, place.tax)
    assert place.handling(id)["state"] == "handling"
    place.replied(id, place.hr, number="湘人社建〔2023〕3号")
    assert place.handling(id)["state"] == "replied"
    assert [r["unit"]["name"] for r in place.handling(id)["replies"]] == ["省税务局", "省人社厅"]


def test_a_closed_unit_gets_nothing(place):
    id = place.accepted()
    place.close_unit(place.tax, "省税务局")
    with pytest.raises(Invalid) as refusal:
        place.do(place.office, "assign_suggestion", id, lead=place.tax)
    assert refusal.value.errors["lead"] == ["省税务局已经停用。"]


# --- who may not ----------------------------------------------------------------------------------------------


def test_a_neighbour_and_a_stranger_find_nothing(place, people):
    id = place.assigned()
    for who in (people.neighbour, people.stranger, people.other, None):
        with pytest.raises(NotFound):
            place.network.ask(who, "assignment", "handling", id=id)
    with pytest.raises(NotFound):
        place.do(people.neighbour, "assign_suggestion", id, lead=place.tax)
    with pytest.raises(NotFound):
        place.do(people.other, "sign_for", id, task=place.task(id, place.tax)["task"])


def test_a_deputy_sees_and_may_add_something_but_no_more(place, people):
    id = place.assigned()
    assert [line["command"] for line in place.handling(id, people.lead)["may"]] == ["remark"]
    with pytest.raises(NotAllowed, match="只有主办单位、会办单位、承办单位可以签收"):
        place.do(people.lead, "sign_for", id, task=place.task(id, place.tax)["task"])
    with pytest.raises(NotAllowed, match="只有联工委、交办单位可以单件交办"):
        place.do(people.lead, "assign_suggestion", id, lead=place.tax)


def test_a_unit_acts_on_its_own_task_only(place, people):
    id = place.assigned()
    with pytest.raises(NotAllowed, match="这项任务由省税务局承办"):
        place.do(people.joint, "sign_for", id, task=place.task(id, place.tax)["task"])


def test_a_task_of_another_suggestion_is_not_found_here(place, people):
    one, two = place.assigned(1), place.assigned(2)
    with pytest.raises(Invalid) as refusal:
        place.do(people.clerk, "sign_for", one, task=place.task(two, place.tax)["task"])
    assert "task" in refusal.value.errors


def test_a_joint_unit_does_not_reply(place, people):
    id = ready_to_reply(place)
    with pytest.raises(NotAllowed, match="只有主办单位、承办单位可以起草答复"):
        place.act("draft_reply", id, place.hr, **REPLY)
    with pytest.raises(NotAllowed, match="只有会办单位可以提出会办意见"):
        place.act("give_opinion", id, place.tax, text="……")


def test_only_the_head_of_the_same_unit_approves(place, people):
    id = ready_to_reply(place)
    place.act("draft_reply", id, place.tax, **REPLY)
    task = place.task(id, place.tax)["task"]
    with pytest.raises(NotAllowed, match="只有承办单位负责人可以审核同意答复"):
        place.do(people.clerk, "approve_reply", id, task=task)
    with pytest.raises(NotAllowed, match="这项任务由省税务局承办"):
        place.do(unit_head(place.hr), "approve_reply", id, task=task)


# --- the wrong moment -----------------------------------------------------------------------------------------


def test_a_refusal_says_what_is_possible_now_and_for_whom(place, people):
    id = place.assigned()
    with pytest.raises(
        WrongState, match=r"省税务局（主办）的任务现在是“待签收”，不能起草答复。现在可以：签收（省税务局）"
    ):
        place.act("draft_reply", id, place.tax, **REPLY)
    with pytest.raises(
        WrongState, match=r"现在是“已交办”，不能单件交办。现在可以：签收（省税务局）.*签收（省人社厅）"
    ):
        place.do(place.office, "assign_suggestion", id, lead=place.tax)


def test_before_assignment_nobody_signs(place, people):
    id = place.accepted()
    with pytest.raises(NotFound):
        place.do(people.clerk, "sign_for", id, task=new_id())
    with pytest.raises(WrongState, match=r"待交办.*单件交办（联工委、交办单位）"):
        place.do(place.office, "adjudicate_return", id, task=new_id(), approve=True, reason="……")


def test_nothing_is_signed_for_twice(place):
    id = place.assigned()
    place.act("sign_for", id, place.tax)
    with pytest.raises(WrongState, match="已签收"):
        place.act("sign_for", id, place.tax)


# --- the reply ------------------------------------------------------------------------------------------------


def test_a_class_b_reply_needs_a_promise_with_a_date_to_come(place):
    id = ready_to_reply(place)
    with pytest.raises(Invalid) as refusal:
        place.act("draft_reply", id, place.tax, **{**REPLY, "reply_class": "B"})
    assert "B类" in refusal.value.errors["commitments"][0]
    late = [{"text": "建成", "due_on": "2023-12-31"}, {"text": "挂牌", "due_on": "2023-02-20"}]
    with pytest.raises(Invalid) as refusal:
        place.act("draft_reply", id, place.tax, **{**REPLY, "reply_class": "B"}, commitments=late)
    assert "第2项" in refusal.value.errors["commitments"][0]
    place.act("draft_reply", id, place.tax, **{**REPLY, "reply_class": "B"}, commitments=late[:1])
    assert place.task(id, place.tax)["state"] == "drafted"


def test_a_promise_whose_date_has_passed_while_it_lay_is_not_sent(place):
    id = ready_to_reply(place)
    place.act("draft_reply", id, place.tax, **REPLY, commitments=[{"text": "建成", "due_on": "2023-03-01"}])
    place.act("approve_reply", id, place.tax, head=True)
    place.network.on(date(2023, 3, 2))
    with pytest.raises(Invalid, match="第1项承诺的完成期限"):
        place.act("issue_reply", id, place.tax, document_number="一号")


def test_missing_opinions_are_waited_for_or_explained(place):
    id = place.assigned()
    place.act("sign_for", id, place.tax)
    with pytest.raises(Invalid) as refusal:
        place.act("draft_reply", id, place.tax, **REPLY)
    assert "省人社厅还没有提出会办意见" in refusal.value.errors["without_opinions"][0]
    place.replied(id, place.tax, without_opinions="会办单位正在机构改革，已电话沟通。")
    assert place.events(id, "reply.issued")[0]["missing_opinions"] == ["省人社厅"]


def test_a_draft_stays_in_its_unit(place, people):
    id = ready_to_reply(place)
    place.act("draft_reply", id, place.tax, **REPLY)
    for who in (people.lead, people.office, people.joint, people.distributing):
        assert REPLY["text"] not in str(place.handling(id, who))
    assert place.task(id, place.tax, people.head)["draft"]["text"] == REPLY["text"]


def test_the_head_sends_a_draft_back_and_only_the_unit_knows_why(place, people):
    id = ready_to_reply(place)
    place.act("draft_reply", id, place.tax, **REPLY)
    place.act("reject_reply", id, place.tax, head=True, reason="请补充时限")
    assert place.task(id, place.tax)["state"] == "signed"
    assert "请补充时限" not in str(place.handling(id, people.lead))
    assert place.task(id, place.tax, people.clerk)["draft"]["rejected_reason"] == "请补充时限"
    place.replied(id, place.tax, text="已经补充时限：年底以前全部完成，请代表监督。")
    assert place.events(id, "reply.issued")[0]["text"].startswith("已经补充时限")


def test_an_approved_draft_that_is_changed_needs_approval_again(place):
    id = ready_to_reply(place)
    place.act("draft_reply", id, place.tax, **REPLY)
    place.act("approve_reply", id, place.tax, head=True)
    place.act("draft_reply", id, place.tax, **{**REPLY, "reply_class": "C"})
    with pytest.raises(WrongState, match="已起草待审核"):
        place.act("issue_reply", id, place.tax, document_number="一号")


# --- plans, contacts ------------------------------------------------------------------------------------------


def test_dates_that_cannot_be_are_refused(place):
    id = ready_to_reply(place)
    with pytest.raises(Invalid) as refusal:
        place.act("make_plan", id, place.tax, handler="甲", plan="……", reply_by="2023-02-19")
    assert "reply_by" in refusal.value.errors
    with pytest.raises(Invalid) as refusal:
        place.act("log_contact", id, place.tax, phase="after", method="phone", on="2023-02-21", notes="……")
    assert "on" in refusal.value.errors
    with pytest.raises(Invalid) as refusal:
        place.act(
            "log_contact",
            id,
            place.tax,
            phase="after",
            method="phone",
            on="2023-02-20",
            deputies=[new_id()],
            notes="……",
        )
    assert "deputies" in refusal.value.errors


def test_a_changed_plan_keeps_the_one_before(place):
    id = ready_to_reply(place)
    for plan in ("先调研。", "先座谈。"):
        place.act("make_plan", id, place.tax, handler="甲", plan=plan)
    task = place.task(id, place.tax)
    assert [p["plan"] for p in task["plans"]] == ["先调研。", "先座谈。"]
    assert task["plan"]["plan"] == "先座谈。"


def test_what_a_person_may_do_is_named_for_each_task(place, people):
    id = place.assigned()
    assert {(m["command"], m["label"]) for m in place.handling(id, people.clerk)["may"]} == {
        ("sign_for", "签收"), ("ask_to_return", "申请退办"),
    }  # fmt: skip
    assert place.handling(id, people.office)["may"] == []
    assert place.handling(place.accepted(2))["may"] == [
        {"command": "assign_suggestion", "label": "单件交办", "task": ""}
    ]


def test_somebody_of_two_units_acts_for_either(place):
    id = place.assigned()
    both = unit_clerk(place.tax)
    both = type(both)(both.account, both.name, (*both.roles, *unit_clerk(place.hr).roles))
    for unit in (place.tax, place.hr):
        place.do(both, "sign_for", id, task=place.task(id, unit)["task"])
    assert place.handling(id)["state"] == "handling"
