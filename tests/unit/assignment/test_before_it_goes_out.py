"""Before a reply goes out: approved in the steps of the place, countersigned, shown to the deputies, who add what is new."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, liaison, unit_clerk

from services.assignment.stores import store
from shared.aggregate import new_id
from shared.identity import SYSTEM, Actor, Role
from shared.problems import Invalid, NotAllowed, NotFound, WrongState
from tests.unit.assignment.conftest import DAY, REPLY, Office

SPONSOR = Actor("sponsor", "副省长甲", (Role("government_leader", PROVINCE),))


@pytest.fixture
def place(network_of):
    network = network_of("directory", "assignment", today=DAY)
    divisions = [{"path": PROVINCE, "code": "43", "name": "湖南省", "level": "province", "parent": "", "has_congress": True}]  # fmt: skip
    network.do(SYSTEM, "directory", "register_divisions", divisions=divisions)
    return Office(network)


def lay_down(place, *steps, countersign=False):
    named = [{"name": name, "by": by} for name, by in steps]
    place.network.do(
        liaison(), "directory", "set_practice", name="approval", congress=PROVINCE, effective_on="2023-02-20",
        settings={"steps": named, "countersign": countersign},
    )  # fmt: skip


def drafted(place, **units):
    id = place.assigned(1, **(units or {"lead": place.tax}))
    for unit in {place.tax, *units.get("joint", ())}:
        place.act("sign_for", id, unit)
    place.act("draft_reply", id, place.tax, **REPLY, without_opinions="已电话沟通")
    return id


def approve(place, who, id, command="approve_reply", **more):
    task = place.task(id, place.tax)["task"]
    return place.do(who, command, id, task=task, **more)


def waits(place, who):
    return [(line["command"], line["what"]) for line in place.ask(who, "assignment_waiting")]


# --- steps of approval ----------------------------------------------------------------------------------------


def test_without_a_setting_the_head_approves_once(place, people):
    id = drafted(place)
    assert waits(place, people.head) == [("approve_reply", "审核答复")]
    with pytest.raises(NotAllowed, match="只有承办单位负责人可以"):
        approve(place, people.clerk, id)
    approve(place, people.head, id)
    assert place.task(id, place.tax)["state"] == "approved"


def test_each_step_in_its_turn_and_no_other(place, people):
    lay_down(
        place,
        ("处室审核", "unit"),
        ("负责人审核", "unit_head"),
        ("办公厅审核", "distributing"),
        ("领办领导审定", "supervisor"),
    )
    id = drafted(place)
    with pytest.raises(NotAllowed):
        approve(place, people.distributing, id)
    approve(place, people.clerk, id)
    assert waits(place, people.head) == [("approve_reply", "审核答复")]
    approve(place, people.head, id)
    assert waits(place, people.distributing) == [("approve_reply", "审核答复：办公厅审核")]
    approve(place, people.distributing, id)
    assert waits(place, SPONSOR) == [("approve_reply", "审核答复：领办领导审定")]
    assert place.task(id, place.tax, SPONSOR)["draft"]["text"] == REPLY["text"]
    assert place.task(id, place.tax)["state"] == "drafted"
    approve(place, SPONSOR, id)
    assert place.task(id, place.tax)["state"] == "approved"
    steps = [(event["step"], event["of"]) for event in place.events(id, "reply.approved")]
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert waits(place, SPONSOR) == []


def test_who_has_the_turn_may_send_it_back_and_all_begins_anew(place, people):
    lay_down(place, ("负责人审核", "unit_head"), ("领办领导审定", "supervisor"))
    id = drafted(place)
    approve(place, people.head, id)
    approve(place, SPONSOR, id, "reject_reply", reason="请写明时限")
    assert place.task(id, place.tax, people.clerk)["draft"]["rejected_reason"] == "请写明时限"
    place.act("draft_reply", id, place.tax, **REPLY)
    assert waits(place, SPONSOR) == []
    assert waits(place, people.head) == [("approve_reply", "审核答复")]


def key_mark(place, id, post, sequence, sponsor="副省长"):
    mark = {
        "theme": "财税",
        "leading_supervisor": "副主任甲",
        "sponsor": sponsor,
        "committee": "财经委",
        "decided_on": "2023-02-20",
    }
    place.network.tell("suggestion.designated.v1", id, PROVINCE, sequence, **mark, sponsor_id=post)


def held_by(place, post, sequence, account, since="2023-01-01", until="", then=""):
    held = [{"account": account, "name": "领导", "since": since, "until": until}]
    held += [{"account": then, "name": "继任", "since": until, "until": ""}] if then else []
    told = {"name": "副省长", "kind": "government", "active": True, "reason": "", "holders": held}
    place.network.tell("office.recorded.v1", post, PROVINCE, sequence, **told)


def test_the_leader_who_approves_holds_the_very_post_on_the_key_mark(place, people):
    lay_down(place, ("领办领导审定", "supervisor"))
    other, post = Actor("other", "副省长乙", SPONSOR.roles), new_id()
    held_by(place, post, 1, "sponsor")
    id = place.assigned(1, lead=place.tax)
    key_mark(place, id, post, 2)
    place.act("sign_for", id, place.tax)
    place.act("draft_reply", id, place.tax, **REPLY)
    assert (len(waits(place, SPONSOR)), waits(place, other)) == (1, [])
    with pytest.raises(NotAllowed):
        approve(place, other, id)
    assert "draft" not in place.task(id, place.tax, other) or not place.task(id, place.tax, other)["draft"]
    held_by(place, post, 2, "other")  # the post passes on
    assert (waits(place, SPONSOR), len(waits(place, other))) == ([], 1)
    approve(place, other, id)
    assert place.task(id, place.tax)["state"] == "approved"


def test_a_post_that_was_handed_over_beforehand_passes_on_its_day(place, people):
    lay_down(place, ("领办领导审定", "supervisor"))
    other, post = Actor("other", "副省长乙", SPONSOR.roles), new_id()
    held_by(place, post, 1, "sponsor", until="2023-03-10", then="other")
    id = place.assigned(1, lead=place.tax)
    key_mark(place, id, post, 2)
    place.act("sign_for", id, place.tax)
    place.act("draft_reply", id, place.tax, **REPLY)
    place.network.on(date(2023, 3, 9))
    place.network.do(SYSTEM, "assignment", "follow_posts")
    assert (len(waits(place, SPONSOR)), waits(place, other)) == (1, [])
    place.network.on(date(2023, 3, 12))  # nobody was there on the day itself
    place.network.do(SYSTEM, "assignment", "follow_posts")
    assert (waits(place, SPONSOR), len(waits(place, other))) == ([], 1)
    approve(place, other, id)


def test_where_the_mark_names_no_post_it_is_the_leader_of_that_name(place, people):
    lay_down(place, ("领办领导审定", "supervisor"))
    named, other = Actor("named", "吴刚", SPONSOR.roles), Actor("other", "吴刚强", SPONSOR.roles)
    id = place.assigned(1, lead=place.tax)
    key_mark(place, id, "", 2, sponsor="副省长吴刚")
    place.act("sign_for", id, place.tax)
    place.act("draft_reply", id, place.tax, **REPLY)
    assert (len(waits(place, named)), waits(place, other)) == (1, [])
    with pytest.raises(NotAllowed, match=r"由副省长吴刚领办.*改为按职务指定"):
        approve(place, other, id)
    approve(place, named, id)


def test_for_a_post_that_nobody_holds_a_colleague_stands_in_and_is_told_why(place, people):
    lay_down(place, ("领办领导审定", "supervisor"))
    post = new_id()
    held_by(place, post, 1, "gone", until="2023-01-31")
    id = place.assigned(1, lead=place.tax)
    key_mark(place, id, post, 2, sponsor="副省长（空缺）")
    place.act("sign_for", id, place.tax)
    place.act("draft_reply", id, place.tax, **REPLY)
    assert waits(place, SPONSOR) == [
        ("approve_reply", "审核答复：领办领导审定（领办职务空缺，由政府领导代为审核）")
    ]
    approve(place, SPONSOR, id)


def test_a_draft_goes_on_by_the_steps_under_which_it_was_written(place, people):
    id = drafted(place)
    lay_down(place, ("领办领导审定", "supervisor"))
    approve(place, people.head, id)
    assert place.task(id, place.tax)["state"] == "approved"


# --- countersigning -------------------------------------------------------------------------------------------


def test_joint_units_countersign_before_it_is_approved(place, people):
    lay_down(place, countersign=True)
    id = drafted(place, lead=place.tax, joint=[place.hr])
    with pytest.raises(WrongState, match="省人社厅还没有会签"):
        approve(place, people.head, id)
    assert waits(place, people.head) == []
    assert ("countersign_reply", "会签答复稿") in waits(place, people.joint)
    assert place.task(id, place.tax, people.joint)["draft"]["text"] == REPLY["text"]
    with pytest.raises(Invalid):
        place.act("countersign_reply", id, place.hr, agrees=False)
    place.act("countersign_reply", id, place.hr, agrees=False, note="第二条由我厅牵头不妥")
    review = place.task(id, place.tax, people.head)["draft"]["review"]
    assert [(s["unit"]["name"], s["agrees"], s["note"]) for s in review["countersigned"]] == [
        ("省人社厅", False, "第二条由我厅牵头不妥")
    ]
    approve(place, people.head, id)


def test_nobody_countersigns_where_it_is_not_laid_down(place, people):
    id = drafted(place, lead=place.tax, joint=[place.hr])
    with pytest.raises(WrongState, match="没有等本单位会签"):
        place.act("countersign_reply", id, place.hr, agrees=True)
    assert "draft" not in place.task(id, place.tax, people.joint)


# --- the deputies' word ---------------------------------------------------------------------------------------


def test_deputies_read_a_draft_only_when_it_was_shown_and_say_what_they_think(place, people):
    id = drafted(place)
    assert "draft" not in place.task(id, place.tax, people.lead)
    with pytest.raises(WrongState, match="没有送您征求意见"):
        approve(place, people.lead, id, "comment_draft", text="……")
    place.act("show_draft", id, place.tax)
    assert place.task(id, place.tax, people.lead)["draft"]["text"] == REPLY["text"]
    assert waits(place, people.lead) == [("comment_draft", "对答复稿提意见")]
    approve(place, people.lead, id, "comment_draft", text="请写明期限")
    assert waits(place, people.lead) == []
    assert waits(place, people.cosigner) == [("comment_draft", "对答复稿提意见")]
    comments = place.task(id, place.tax, people.clerk)["draft"]["review"]["comments"]
    assert [(c["deputy"]["name"], c["text"]) for c in comments] == [("代表甲", "请写明期限")]


def test_what_a_deputy_adds_meanwhile_is_answered(place, people):
    id = place.assigned(lead=place.tax)
    place.act("sign_for", id, place.tax)
    with pytest.raises(NotFound):
        place.do(people.stranger, "remark", id, text="……")
    place.do(people.cosigner, "remark", id, text="汛期又有两处漏水")
    (line,) = [
        line for line in place.ask(people.clerk, "assignment_waiting") if line["command"] == "answer_remark"
    ]
    place.act("answer_remark", id, place.tax, remark=line["remark"], text="已列入本月抢修")
    remark = place.handling(id, people.lead)["remarks"][0]
    assert (remark["deputy"]["name"], remark["answer"], remark["answered_by"]) == (
        "代表乙",
        "已列入本月抢修",
        "省税务局",
    )
    with pytest.raises(WrongState, match="没有等待回应"):
        place.act("answer_remark", id, place.tax, remark=line["remark"], text="……")


def test_a_meeting_is_on_record_for_all_who_see_the_task(place, people):
    id = place.assigned(lead=place.tax, joint=[place.hr])
    place.act("sign_for", id, place.tax)
    task = place.task(id, place.tax)["task"]
    meeting = {
        "task": task,
        "kind": "coordination",
        "led_by": "副秘书长甲",
        "participants": "两家单位",
        "agreed": "四月底前统一口径",
    }
    with pytest.raises(Invalid) as refusal:
        place.do(place.office, "log_meeting", id, **meeting, on="2023-03-01")
    assert "on" in refusal.value.errors
    place.do(place.office, "log_meeting", id, **meeting, on="2023-02-20", due_on="2023-04-30")
    for who in (people.lead, people.joint):
        assert [m["agreed"] for m in place.task(id, place.tax, who)["meetings"]] == ["四月底前统一口径"]
    with pytest.raises(NotAllowed):
        place.do(people.lead, "log_meeting", id, **meeting, on="2023-02-20")


# --- afterwards -----------------------------------------------------------------------------------------------


def test_when_all_is_kept_the_deputies_are_answered_again_and_b_becomes_a(place, people):
    id = place.assigned(lead=place.tax)
    place.act("sign_for", id, place.tax)
    promises = [{"text": "建成中心", "due_on": "2023-12-31"}]
    place.replied(id, place.tax, reply_class="B", commitments=promises)
    place.network.tell("suggestion.closed.v1", id, closed_on="2023-06-01", reply_class="B", note="")
    unit = {"id": place.tax, "name": "省税务局"}
    place.network.tell(
        "commitment.recorded.v1", id, commitment="one", unit=unit, text="建成中心", due_on="2023-12-31"
    )
    with pytest.raises(Invalid, match="还有承诺没有销号"):
        place.act("supplement_reply", id, place.tax, text="中心已经建成并运行。", solved=True)
    assert waits(place, people.clerk) == []
    place.network.on(date(2023, 12, 20))
    place.network.tell(
        "commitment.kept.v1", id, commitment="one", unit=unit, evidence="……", kept_on="2023-12-18", late=False
    )
    (line,) = place.ask(people.clerk, "assignment_waiting")
    assert (line["command"], line["due_on"]) == ("supplement_reply", "2024-01-17")
    place.act("supplement_reply", id, place.tax, text="中心已经建成并运行，承诺全部兑现。", solved=True)
    told = place.events(id, "reply.supplemented")[0]
    assert (told["solved"], [d["name"] for d in told["deputies"]]) == (True, ["代表甲", "代表乙"])
    assert waits(place, people.clerk) == []
    (line,) = place.ask(place.office, "assignment_waiting")
    assert line["command"] == "change_reply_class"
    place.do(place.office, "change_reply_class", id, task=line["task"], reply_class="A", reason="已核实")
    assert waits(place, place.office) == []
    reply = place.handling(id, people.lead)["replies"][-1]
    assert (reply["reply_class"], reply["supplements"][0]["text"]) == (
        "A",
        "中心已经建成并运行，承诺全部兑现。",
    )


def test_what_came_of_it_travels_with_the_reply(place):
    id = place.assigned(lead=place.tax)
    place.act("sign_for", id, place.tax)
    results = [{"kind": "project", "text": "管网改造", "money": 300, "people": 20000}]
    place.replied(id, place.tax, results=results)
    told = place.events(id, "reply.issued")[0]["results"]
    assert told == [{"kind": "project", "text": "管网改造", "document": "", "money": 300, "people": 20000}]


def test_a_handling_from_before_there_were_steps_of_approval_goes_on(place, people):
    """Drafts that are on file without a review are the head's."""
    id = drafted(place)
    runtime = place.network.runtimes["assignment"]
    with runtime.database.writing() as connection:
        handling = store.get(connection, id, lock=True)
        handling.tasks[0].drafts[0].review.steps = []
        store.save(connection, handling)
    approve(place, people.head, id)
    assert place.task(id, place.tax)["state"] == "approved"
    assert place.ask(unit_clerk(place.tax), "assignment_waiting")[0]["command"] == "issue_reply"
