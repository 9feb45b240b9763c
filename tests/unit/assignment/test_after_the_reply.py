"""A reply is out: the office sends it back for being off the point, or changes its class, and the unit objects."""

from __future__ import annotations

from datetime import date

import pytest
from harness import unit_clerk

from shared.problems import Invalid, NotAllowed, WrongState


@pytest.fixture
def replied(place):
    """A suggestion to which the tax office has replied, class A."""
    id = place.assigned(lead=place.tax)
    place.act("sign_for", id, place.tax)
    place.network.on(date(2023, 5, 15))
    place.replied(id, place.tax)
    return id


def send_back(place, id):
    task = place.task(id, place.tax)
    reply = task["replies"][-1]
    place.network.tell(
        "reply.refused.v1", id, task=task["task"], unit=task["unit"], role="lead", round=reply["round"], reply=reply["id"],
        reason="没有答复第二条具体意见", refused_on="2023-05-17", due_on="2023-06-15",
    )  # fmt: skip


def change(place, id, reply_class="B"):
    task = place.task(id, place.tax)["task"]
    place.do(
        place.office, "change_reply_class", id, task=task, reply_class=reply_class, reason="中心还没有建成"
    )


# --- sent back ------------------------------------------------------------------------------------------------


def test_a_reply_that_is_sent_back_is_written_anew_in_the_same_round(place, replied):
    send_back(place, replied)
    task = place.task(replied, place.tax)
    assert (task["state_label"], task["round"]) == ("退回重新答复", 1)
    assert place.handling(replied)["state_label"] == "办理中"
    assert task["replies"][-1]["sent_back"]["due_on"] == "2023-06-15"
    place.replied(replied, place.tax, number="湘税建〔2023〕20号")
    issued = place.events(replied, "reply.issued")
    assert [(reply["round"], reply["document_number"]) for reply in issued] == [
        (1, "湘税建〔2023〕12号"), (1, "湘税建〔2023〕20号"),
    ]  # fmt: skip
    assert not place.events(replied, "task.reopened")


def test_its_unit_finds_it_among_what_waits(place, replied):
    send_back(place, replied)
    waits = place.ask(unit_clerk(place.tax), "assignment_waiting")
    assert [(line["command"], line["what"]) for line in waits] == [
        ("draft_reply", "答复被退回，重新起草答复")
    ]


def test_more_time_is_not_asked_for_a_reply_that_was_sent_back(place, replied):
    send_back(place, replied)
    place.act("draft_reply", replied, place.tax, text="三部门已经建立机制，逐条答复如下：一、二、三。", reply_class="A", contact="甲", phone="1")  # fmt: skip
    with pytest.raises(WrongState, match="按退回时确定的期限重新答复"):
        place.act("ask_extension", replied, place.tax, reason="来不及")


def test_the_head_sends_the_new_draft_back_to_where_it_was(place, replied):
    send_back(place, replied)
    place.act("draft_reply", replied, place.tax, text="三部门已经建立机制，逐条答复如下：一、二、三。", reply_class="A", contact="甲", phone="1")  # fmt: skip
    place.act("reject_reply", replied, place.tax, head=True, reason="还是没有答复第二条")
    assert place.task(replied, place.tax)["state"] == "sent_back"


def test_what_is_told_twice_or_too_late_changes_nothing(place, replied):
    told = place.task(replied, place.tax)
    send_back(place, replied)
    place.replied(replied, place.tax, number="湘税建〔2023〕20号")
    before = place.handling(replied)
    place.network.tell(
        "reply.refused.v1", replied, task=told["task"], unit=told["unit"], role="lead", round=1,
        reply=told["replies"][-1]["id"], reason="……", refused_on="2023-05-18", due_on="2023-06-15",
    )  # fmt: skip
    assert place.handling(replied) == before


# --- the class ------------------------------------------------------------------------------------------------


def test_the_office_changes_the_class_and_says_why(place, people, replied):
    change(place, replied)
    reply = place.handling(replied, people.lead)["replies"][-1]
    assert reply["reply_class"] == "B"
    assert [(c["before"], c["reply_class"], c["reason"]) for c in reply["classes"]] == [
        ("A", "B", "中心还没有建成")
    ]
    told = place.events(replied, "reply.reclassified")[0]
    assert (told["before"], told["reply_class"], told["changed_on"]) == ("A", "B", "2023-05-15")


def test_also_of_a_closed_suggestion(place, replied):
    place.network.tell(
        "suggestion.closed.v1", replied, closed_on="2023-06-01", reply_class="A", note="已办结。"
    )
    change(place, replied)
    assert place.handling(replied)["state"] == "closed"
    assert place.events(replied, "reply.reclassified")


def test_the_same_class_is_no_change(place, replied):
    with pytest.raises(Invalid, match="没有变化"):
        change(place, replied, "A")


def test_only_the_liaison_office_changes_it(place, people, replied):
    task = place.task(replied, place.tax)["task"]
    for who in (people.clerk, people.head, people.distributing, people.lead):
        with pytest.raises(NotAllowed):
            place.do(who, "change_reply_class", replied, task=task, reply_class="B", reason="……")


@pytest.mark.parametrize(("uphold", "at_the_end"), [(True, "A"), (False, "B")])
def test_the_unit_objects_once_and_the_office_decides(place, people, replied, uphold, at_the_end):
    change(place, replied)
    place.act("object_to_class", replied, place.tax, reason="中心五月已经运行")
    with pytest.raises(WrongState, match="已经提出过异议"):
        place.act("object_to_class", replied, place.tax, reason="……")
    (line,) = place.ask(place.office, "assignment_waiting")
    assert (line["command"], line["title"]) == ("decide_objection", "关于第1件事的建议")
    assert place.ask(people.neighbour, "assignment_waiting") == []
    place.do(
        place.office, "decide_objection", replied, task=line["task"], uphold=uphold, reason="已到现场核实"
    )
    assert place.handling(replied)["replies"][-1]["reply_class"] == at_the_end
    assert place.ask(place.office, "assignment_waiting") == []
    assert [event["upheld"] for event in place.events(replied, "objection.decided")] == [uphold]


def test_nothing_is_objected_to_where_nothing_was_changed(place, replied):
    with pytest.raises(WrongState, match="没有调整过"):
        place.act("object_to_class", replied, place.tax, reason="……")
