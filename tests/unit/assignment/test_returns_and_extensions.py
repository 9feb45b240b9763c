"""A unit asks to return its task, or for more time; the office decides."""

from __future__ import annotations

from datetime import date

import pytest
from harness import unit_clerk

from shared.problems import Invalid, NotAllowed, NotFound, WrongState


def asked(place, unit=None, **units):
    """A suggestion whose unit (by default the lead unit) has asked to return its task."""
    unit = unit or place.tax
    id = place.assigned(**units)
    place.act("ask_to_return", id, unit, reason="不属于我局职责", proposed_unit=place.finance)
    return id


def decide(place, id, whose, **data):
    return place.do(
        place.office, "adjudicate_return", id, task=place.task(id, whose)["task"], reason="经研究决定", **data
    )


def test_until_it_is_decided_the_unit_keeps_its_task(place):
    id = asked(place)
    assert place.handling(id)["state"] == "assigned"
    requested = place.events(id, "return.requested")[0]
    assert requested["proposed_unit"]["name"] == "省财政厅"
    with pytest.raises(WrongState, match=r"申请退办中.*裁定退办（联工委、交办单位）"):
        place.act("sign_for", id, place.tax)


def test_a_unit_never_passes_it_on_by_itself(place, people):
    id = asked(place)
    task = place.task(id, place.tax)["task"]
    with pytest.raises(NotAllowed, match="只有联工委、交办单位可以裁定退办"):
        place.do(
            people.clerk, "adjudicate_return", id, task=task, approve=True, unit=place.finance, reason="……"
        )


def test_a_refused_return_puts_the_unit_back_where_it_was(place):
    for number, sign in enumerate((False, True), 1):
        id = place.assigned(number)
        if sign:
            place.act("sign_for", id, place.tax)
        place.act("ask_to_return", id, place.tax, reason="不属于我局职责")
        decide(place, id, place.tax, approve=False)
        assert place.task(id, place.tax)["state"] == ("signed" if sign else "unsigned")
        assert place.events(id, "return.refused")[0]["reason"] == "经研究决定"


def test_a_lead_unit_lets_go_only_to_another(place):
    id = asked(place)
    with pytest.raises(Invalid) as refusal:
        decide(place, id, place.tax, approve=True)
    assert "必须选择改由承办的单位" in refusal.value.errors["unit"][0]
    with pytest.raises(Invalid) as refusal:
        decide(place, id, place.tax, approve=True, unit=place.tax)
    assert "unit" in refusal.value.errors
    with pytest.raises(Invalid) as refusal:
        decide(place, id, place.tax, approve=True, unit=place.foreign)
    assert "unit" in refusal.value.errors


def test_the_unit_that_takes_over_begins_anew(place):
    id = asked(place)
    place.network.on(date(2023, 2, 27))
    new_task = decide(place, id, place.tax, approve=True, unit=place.finance)["new_task"]
    approved, told = place.events(id, "return.approved")[0], place.events(id, "suggestion.assigned")[-1]
    assert (approved["new_unit"]["name"], approved["new_task"]) == ("省财政厅", new_task)
    assert told["assigned_on"] == "2023-02-20"
    assert [(t["unit"]["name"], t["role"], t["assigned_on"]) for t in told["tasks"]] == [
        ("省人社厅", "joint", "2023-02-20"), ("省财政厅", "lead", "2023-02-27"),
    ]  # fmt: skip
    place.act("sign_for", id, place.finance)
    with pytest.raises(WrongState, match="已退办"):
        place.do(unit_clerk(place.tax), "sign_for", id, task=approved["task"])


def test_who_has_returned_it_sees_its_own_task_and_no_more(place):
    id = asked(place)
    decide(place, id, place.tax, approve=True, unit=place.finance)
    place.act("sign_for", id, place.finance)
    seen = place.handling(id, unit_clerk(place.tax))
    assert [(t["unit"]["name"], t["state_label"]) for t in seen["tasks"]] == [("省税务局", "已退办")]
    assert seen["may"] == []
    assert [step["what"] for step in seen["history"]] == ["交办", "申请退办", "同意退办"]


def test_a_joint_unit_may_go_without_a_successor(place):
    id = asked(place, place.hr)
    decide(place, id, place.hr, approve=True)
    assert [t["unit"]["name"] for t in place.events(id, "suggestion.assigned")[-1]["tasks"]] == ["省税务局"]
    place.act("sign_for", id, place.tax)
    place.replied(id, place.tax)
    assert place.events(id, "reply.issued")[0]["missing_opinions"] == []


def test_a_joint_unit_can_become_the_lead_unit(place):
    id = asked(place)
    decide(place, id, place.tax, approve=True, unit=place.hr)
    told = place.events(id, "suggestion.assigned")[-1]
    assert [(t["unit"]["name"], t["role"]) for t in told["tasks"]] == [("省人社厅", "lead")]


def test_a_unit_does_not_get_a_second_task(place):
    id = asked(place, place.tax, lead=place.tax, joint=[place.hr, place.medical])
    decide(place, id, place.tax, approve=True, unit=place.finance)
    place.act("ask_to_return", id, place.hr, reason="不属于我厅职责")
    with pytest.raises(Invalid) as refusal:
        decide(place, id, place.hr, approve=True, unit=place.medical)
    assert "已经承办这件建议" in refusal.value.errors["unit"][0]


def test_one_of_several_separate_units_may_go_the_last_may_not(place):
    id = asked(place, place.tax, separate=[place.tax, place.hr])
    decide(place, id, place.tax, approve=True)
    place.act("ask_to_return", id, place.hr, reason="不属于我厅职责")
    with pytest.raises(Invalid):
        decide(place, id, place.hr, approve=True)


def test_the_distributing_office_decides_too_a_neighbour_does_not(place, people):
    id = asked(place)
    task = place.task(id, place.tax)["task"]
    with pytest.raises(NotFound):
        place.do(people.neighbour, "adjudicate_return", id, task=task, approve=False, reason="……")
    place.do(place.distributing, "adjudicate_return", id, task=task, approve=False, reason="属于你局职责")
    assert place.task(id, place.tax)["returns"][0]["decided_by"] == "交办甲"


def test_a_unit_does_not_propose_itself(place):
    id = place.assigned()
    with pytest.raises(Invalid) as refusal:
        place.act("ask_to_return", id, place.tax, reason="……", proposed_unit=place.tax)
    assert "proposed_unit" in refusal.value.errors


# --- more time ------------------------------------------------------------------------------------------------


def signed(place):
    id = place.assigned()
    place.act("sign_for", id, place.tax)
    return id


def extend(place, id, command="grant_extension", **data):
    return place.do(place.office, command, id, task=place.task(id, place.tax)["task"], **data)


def test_an_extension_is_asked_once_and_granted(place):
    id = signed(place)
    place.act("ask_extension", id, place.tax, reason="涉及面广")
    extend(place, id, reason="同意")
    assert place.task(id, place.tax)["extension"]["state"] == "granted"
    assert place.events(id, "extension.granted")[0]["reason"] == "同意"
    with pytest.raises(WrongState, match="只能申请一次"):
        place.act("ask_extension", id, place.tax, reason="再延")


def test_an_extension_is_refused_with_a_reason(place):
    id = signed(place)
    place.act("ask_extension", id, place.tax, reason="涉及面广")
    extend(place, id, "refuse_extension", reason="请按期答复")
    with pytest.raises(WrongState, match="没有等待决定的延期申请"):
        extend(place, id)


def test_nobody_asks_for_more_time_after_the_time(place):
    id = signed(place)
    place.network.on(date(2023, 5, 21))
    with pytest.raises(WrongState, match=r"2023-05-20）已过，不能再申请延期.*起草答复（省税务局）"):
        place.act("ask_extension", id, place.tax, reason="来不及")


def test_the_last_day_is_the_one_that_supervision_computed(place):
    """20 May 2023 is a Saturday: the period runs to the Monday."""
    id = signed(place)
    unit = {"id": place.tax, "name": "省税务局"}
    place.network.tell(
        "deadline.set.v1", id, deadline=id, kind="reply", unit=unit, due_on="2023-05-22", explanation=""
    )
    place.network.on(date(2023, 5, 22))
    place.act("ask_extension", id, place.tax, reason="涉及面广")
    assert place.ask(unit_clerk(place.tax), "unit_tasks")[0]["due_on"] == "2023-05-22"


def test_a_joint_unit_has_no_reply_to_put_off(place):
    id = signed(place)
    place.act("sign_for", id, place.hr)
    with pytest.raises(NotAllowed):
        place.act("ask_extension", id, place.hr, reason="……")


def test_an_undecided_extension_lapses_with_the_reply(place, people):
    id = signed(place)
    place.act("ask_extension", id, place.tax, reason="涉及面广")
    place.replied(id, place.tax, without_opinions="已电话沟通")
    assert place.task(id, place.tax)["extension"]["state"] == "lapsed"
    assert [
        w for w in place.ask(people.office, "assignment_waiting") if w["command"] == "grant_extension"
    ] == []


# --- again ----------------------------------------------------------------------------------------------------


def test_a_rehandling_opens_the_task_for_a_second_round(place, people):
    id = signed(place)
    place.replied(id, place.tax, without_opinions="已电话沟通")
    place.network.on(date(2023, 5, 26))
    place.order_rehandling(id, place.tax)
    assert place.handling(id)["state_label"] == "再次办理"
    reopened = place.events(id, "task.reopened")[0]
    assert (reopened["round"], reopened["reopened_on"], reopened["reason"]) == (
        2,
        "2023-05-26",
        "数据核对没有解决",
    )
    with pytest.raises(WrongState, match="再次办理"):
        place.act("ask_to_return", id, place.tax, reason="……")
    with pytest.raises(WrongState, match="不能申请延期"):
        place.act("ask_extension", id, place.tax, reason="……")
    place.replied(id, place.tax, "湘税建〔2023〕13号", without_opinions="已电话沟通")
    assert [r["round"] for r in place.handling(id, people.lead)["replies"]] == [1, 2]
    assert [r["round"] for r in place.events(id, "reply.issued")] == [1, 2]
    assert place.handling(id)["state"] == "replied"


def test_the_same_order_twice_opens_one_round(place):
    id = signed(place)
    place.replied(id, place.tax, without_opinions="已电话沟通")
    place.order_rehandling(id, place.tax)
    place.order_rehandling(id, place.tax)
    assert place.task(id, place.tax)["round"] == 2


def test_a_rejected_second_draft_stays_in_the_second_round(place):
    id = signed(place)
    place.replied(id, place.tax, without_opinions="已电话沟通")
    place.order_rehandling(id, place.tax)
    place.act(
        "draft_reply",
        id,
        place.tax,
        text="再次办理情况：已经建立每日对账和限时销号机制。",
        reply_class="A",
        contact="甲",
        phone="1",
        without_opinions="已沟通",
    )
    place.act("reject_reply", id, place.tax, head=True, reason="再写")
    assert place.task(id, place.tax)["state_label"] == "再次办理"


def test_a_closed_suggestion_is_at_rest_until_a_rehandling(place):
    id = signed(place)
    place.replied(id, place.tax, without_opinions="已电话沟通")
    place.network.tell("suggestion.closed.v1", id, closed_on="2023-07-01", reply_class="A", note="")
    assert place.handling(id)["state_label"] == "已办结"
    with pytest.raises(WrongState, match="已办结.*现在可以：补充答复（省税务局）、调整办理结果（联工委）。"):
        place.act("log_contact", id, place.tax, phase="after", method="phone", on="2023-02-20", notes="……")
    place.order_rehandling(id, place.tax)
    assert place.handling(id)["state"] == "rehandling"
