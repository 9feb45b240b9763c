"""What intake and evaluation tell may come late, early or twice; and an office's old ledger is taken in once."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, unit_clerk

from shared.aggregate import new_id
from shared.problems import NotFound, WrongState

OTHER = {"id": new_id(), "name": "代表丙"}


def merge(place, merged, into, deputies=(OTHER,)):
    data = {"into": into, "into_number": "", "deputies": list(deputies), "reason": ""}
    place.network.tell("suggestion.merged.v1", merged, **data)


def test_the_deputies_of_a_merged_one_are_answered_with_the_main_one(place):
    main, merged = place.accepted(1), place.accepted(2, lead=OTHER, cosigners=[place.lead])
    merge(place, merged, main, [OTHER, place.lead])
    assert place.handling(merged)["state_label"] == "已并案"
    assert [d["name"] for d in place.handling(main)["answered"]] == ["代表甲", "代表乙", "代表丙"]
    assert [line["suggestion"] for line in place.ask(place.office, "assignment_desk", congress="43")] == [
        main
    ]
    assert place.handling(main, deputy("代表丙", OTHER["id"]))["suggestion"] == main
    place.do(place.office, "assign_suggestion", main, lead=place.tax)
    assert [d["name"] for d in place.events(main, "suggestion.assigned")[0]["deputies"]] == [
        "代表甲",
        "代表乙",
        "代表丙",
    ]
    with pytest.raises(WrongState, match="已并案"):
        place.do(place.office, "assign_suggestion", merged, lead=place.tax)


def test_a_merge_after_assignment_ends_the_merged_ones_tasks(place):
    main, merged = place.assigned(1), place.assigned(2)
    merge(place, merged, main)
    assert [t["state_label"] for t in place.handling(merged)["tasks"]] == ["已终止", "已终止"]
    place.act("sign_for", main, place.tax)
    place.replied(main, place.tax, without_opinions="已电话沟通")
    assert [d["name"] for d in place.events(main, "reply.issued")[0]["deputies"]] == [
        "代表甲",
        "代表乙",
        "代表丙",
    ]
    assert {line["suggestion"] for line in place.ask(unit_clerk(place.hr), "assignment_waiting")} == set()


def test_a_merge_may_arrive_before_both_suggestions(place):
    main, merged = new_id(), new_id()
    merge(place, merged, main)
    with pytest.raises(NotFound):
        place.handling(main)
    place.accepted(2, id=merged, lead=OTHER, cosigners=[])
    place.accepted(1, id=main)
    assert place.handling(merged)["state"] == "merged"
    assert [d["name"] for d in place.handling(main)["answered"]] == ["代表甲", "代表乙", "代表丙"]
    assert place.handling(main)["state"] == "waiting"


@pytest.mark.parametrize("in_order", [True, False])
def test_merges_in_a_row_bring_everybody_to_the_last(place, in_order):
    first, second, third = place.accepted(1), place.accepted(2), place.accepted(3)
    steps = [(first, second, [OTHER]), (second, third, [])]
    for merged, into, deputies in steps if in_order else reversed(steps):
        merge(place, merged, into, deputies)
    assert "代表丙" in [d["name"] for d in place.handling(third)["answered"]]


def test_a_mark_may_come_first_and_an_acceptance_twice(place):
    id = new_id()
    place.network.tell(
        "suggestion.designated.v1",
        id,
        theme="优化金融财税支持政策",
        leading_supervisor="",
        sponsor="",
        committee="",
        decided_on="2023-02-10",
    )
    place.accepted(1, id=id)
    place.do(place.office, "assign_suggestion", id, lead=place.tax)
    place.accepted(1, id=id)
    assert (place.handling(id)["state"], place.handling(id)["key_theme"]) == (
        "assigned",
        "优化金融财税支持政策",
    )


def test_what_is_not_accepted_yet_does_not_exist(place):
    id = new_id()
    place.network.tell("suggestion.closed.v1", id, closed_on="2023-07-01", reply_class="A", note="")
    with pytest.raises(NotFound):
        place.handling(id)
    with pytest.raises(NotFound):
        place.do(place.office, "assign_suggestion", id, lead=place.tax)


def test_an_order_for_something_unknown_is_no_trouble(place):
    data = {
        "reply": new_id(),
        "task": new_id(),
        "unit": {"id": place.tax, "name": "省税务局"},
        "round": 1,
        "reason": "",
        "ordered_on": "2023-05-26",
    }
    place.network.tell("rehandling.ordered.v1", new_id(), **data)
    place.network.tell("rehandling.ordered.v1", place.assigned(), **data)
    assert [e for e in place.network.published("assignment") if e["type"] == "task.reopened.v1"] == []


def test_a_deputys_deadline_has_no_unit(place):
    id = place.assigned()
    place.network.tell(
        "deadline.set.v1",
        id,
        deadline="",
        kind="feedback",
        unit=None,
        due_on="2023-05-22",
        explanation="",
    )
    assert [line["due_on"] for line in place.ask(unit_clerk(place.tax), "unit_tasks")] == [""]


# --- an office's ledger ---------------------------------------------------------------------------------------


def imported(place, id, **changed):
    data = {
        "number": "第十三届五次会议第0001号", "title": "关于第1件事的建议", "category": "教育", "deputies": [place.lead],
        "lead_unit": {"id": place.tax, "name": "省税务局"}, "joint_units": [{"id": place.hr, "name": "省人社厅"}],
        "assigned_on": "2022-02-23", "replied_on": "2022-05-10", "reply_class": "A", "result": "satisfied", **changed,
    }  # fmt: skip
    place.network.tell("ledger.imported.v1", id, **data)


@pytest.mark.parametrize("accepted_first", [True, False])
def test_what_intake_took_in_is_handled_as_far_as_the_ledger_says(place, accepted_first):
    id = new_id()
    for step in (lambda: place.accepted(1, id=id), lambda: imported(place, id))[
        :: 1 if accepted_first else -1
    ]:
        step()
    imported(place, id)
    assert place.handling(id)["state"] == "replied"
    assert [e["type"] for e in place.network.published("assignment", id)] == [
        "suggestion.assigned.v1",
        "reply.issued.v1",
    ]


def test_a_ledger_teaches_the_desk(place):
    for number in (1, 2):
        imported(place, place.accepted(number, category="教育"))
    place.accepted(3, category="教育")
    (line,) = place.ask(place.office, "assignment_desk", congress=PROVINCE)
    assert line["proposed"][0]["times"] == 2


def test_a_ledger_line_without_a_unit_waits_on_the_desk(place):
    id = place.accepted(1)
    imported(
        place,
        id,
        lead_unit=None,
        joint_units=[],
        assigned_on=None,
        replied_on=None,
        reply_class="",
        result="",
    )
    assert place.handling(id)["state"] == "waiting"


def test_an_imported_reply_can_be_rehandled(place):
    id = place.accepted(1)
    imported(place, id)
    place.order_rehandling(id, place.tax, day=date(2023, 2, 20))
    assert place.task(id, place.tax)["round"] == 2
