"""The desk with its proposals, the units' lists, and what waits for whom."""

from __future__ import annotations

from datetime import date

import pytest
from harness import COUNTY, liaison, unit_clerk, unit_head

from shared.problems import Invalid, NotAllowed


def waiting(place, who):
    return [(line["command"], line["what"]) for line in place.ask(who, "assignment_waiting")]


def test_the_desk_proposes_who_got_such_suggestions_most(place):
    for number in (1, 2):
        place.assigned(number, lead=place.tax)
    place.assigned(3, lead=place.hr, joint=[place.medical])
    place.accepted(4)
    place.accepted(5, category="教育")
    social, education = place.ask(place.office, "assignment_desk", congress="43")
    assert [(p["name"], p["times"]) for p in social["proposed"]] == [("省税务局", 2), ("省人社厅", 1)]
    assert social["proposed"][0]["because"] == "承办过同类建议2件；由规则和历史推荐，由人决定"
    assert education["proposed"] == []


def test_the_desk_learns_from_returns_and_forgets_closed_units(place):
    for number in (1, 2):
        id = place.assigned(number, lead=place.tax)
        place.act("ask_to_return", id, place.tax, reason="不属于我局职责")
        task = place.task(id, place.tax)["task"]
        place.do(place.office, "adjudicate_return", id, task=task, approve=True, unit=place.hr, reason="同意")
    place.assigned(3, lead=place.finance)
    place.accepted(4)
    (line,) = place.ask(place.office, "assignment_desk", congress="43")
    assert [p["name"] for p in line["proposed"]] == ["省人社厅", "省财政厅"]
    place.close_unit(place.hr, "省人社厅")
    (line,) = place.ask(place.office, "assignment_desk", congress="43")
    assert [p["name"] for p in line["proposed"]] == ["省财政厅"]


def test_another_congress_counts_for_itself(place):
    place.assigned(1)
    place.accepted(1, congress=COUNTY)
    (line,) = place.ask(liaison(COUNTY), "assignment_desk", congress=COUNTY)
    assert line["proposed"] == []
    with pytest.raises(NotAllowed):
        place.ask(place.office, "assignment_desk", congress=COUNTY)


def test_a_key_suggestion_is_marked(place):
    id = place.accepted()
    mark = {
        "theme": "优化金融财税支持政策",
        "leading_supervisor": "",
        "sponsor": "",
        "committee": "",
        "decided_on": "2023-02-10",
    }
    place.network.tell("suggestion.designated.v1", id, **mark)
    assert place.ask(place.office, "assignment_desk", congress="43")[0]["is_key"]
    assert place.handling(id)["key_theme"] == "优化金融财税支持政策"


def test_a_unit_lists_its_own_tasks_by_state(place, people):
    one, two = place.assigned(1), place.assigned(2)
    place.act("sign_for", one, place.tax)
    tasks = place.ask(people.clerk, "unit_tasks", state="signed")
    assert [(t["suggestion"], t["state_label"], t["role_label"]) for t in tasks] == [(one, "已签收", "主办")]
    assert {t["suggestion"] for t in place.ask(people.joint, "unit_tasks")} == {one, two}
    assert place.ask(people.other, "unit_tasks") == place.ask(people.office, "unit_tasks") == []
    with pytest.raises(Invalid):
        place.ask(people.clerk, "unit_tasks", state="somehow")


def test_what_waits_moves_on_with_every_step(place, people):
    id = place.accepted()
    assert waiting(place, people.office) == [("assign_suggestion", "交办")]
    place.do(place.office, "assign_suggestion", id, lead=place.tax, joint=[place.hr])
    assert waiting(place, people.office) == []
    assert waiting(place, people.clerk) == waiting(place, people.joint) == [("sign_for", "签收")]
    place.act("sign_for", id, place.tax)
    place.act("sign_for", id, place.hr)
    assert waiting(place, people.clerk) == [("make_plan", "制定三定方案")]
    assert waiting(place, people.joint) == [("give_opinion", "提出会办意见")]
    place.act("give_opinion", id, place.hr, text="同意。")
    assert waiting(place, people.joint) == []
    place.act("make_plan", id, place.tax, handler="甲", plan="……")
    assert waiting(place, people.clerk) == [("draft_reply", "起草答复")]
    place.act(
        "draft_reply",
        id,
        place.tax,
        text="三部门已经建立联合运维工作机制，限时办结。",
        reply_class="A",
        contact="甲",
        phone="1",
    )
    assert waiting(place, people.clerk) == []
    assert waiting(place, people.head) == [("approve_reply", "审核答复")]
    place.act("approve_reply", id, place.tax, head=True)
    assert waiting(place, people.clerk) == [("issue_reply", "印发答复")]
    assert waiting(place, people.head) == []
    place.act("issue_reply", id, place.tax, document_number="一号")
    place.order_rehandling(id, place.tax)
    assert waiting(place, people.clerk) == [("draft_reply", "再次办理，重新起草答复")]
    for who in (people.lead, people.neighbour, people.other, people.stranger):
        assert waiting(place, who) == []


def test_returns_and_extensions_wait_for_the_offices(place, people):
    one, two = place.assigned(1), place.assigned(2)
    place.act("ask_to_return", one, place.tax, reason="……")
    place.act("sign_for", two, place.tax)
    place.network.on(date(2023, 2, 21))
    place.act("ask_extension", two, place.tax, reason="……")
    lines = place.ask(people.distributing, "assignment_waiting")
    assert [(line["command"], line["suggestion"]) for line in lines] == [
        ("adjudicate_return", one),
        ("grant_extension", two),
    ]
    assert lines[0]["unit"]["name"] == "省税务局"
    assert waiting(place, people.neighbour) == []


def test_what_is_in_a_batch_does_not_wait_singly(place, people):
    id = place.accepted()
    batch = place.do(place.office, "draw_up_batch", congress="43", name="交办会", meeting_on="2023-03-01")[
        "id"
    ]
    place.do(place.office, "put_in_batch", batch, suggestion=id)
    assert [command for command, *_ in waiting(place, people.office)] == ["issue_batch"]


def test_nobody_is_pressed_for_what_is_closed_or_replied(place, people):
    id = place.assigned()
    place.act("sign_for", id, place.tax)
    place.replied(id, place.tax, without_opinions="已电话沟通")
    assert waiting(place, people.joint) == []
    place.network.tell("suggestion.closed.v1", id, closed_on="2023-07-01", reply_class="A", note="")
    assert (
        waiting(place, people.joint)
        == waiting(place, unit_head(place.tax))
        == waiting(place, unit_clerk(place.tax))
        == []
    )
