"""Key suggestions: proposed, put before the chairpersons' meeting, decided all or none, changed and released."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison

from shared.aggregate import new_id
from shared.identity import Actor, Role
from shared.problems import Invalid, NotAllowed, WrongState

A = new_id()
LEADER = Actor("leader", "副主任甲", (Role("supervisor", PROVINCE),))
MARK = {
    "theme": "优化金融财税支持政策",
    "leading_supervisor": "副主任甲",
    "sponsor": "副省长甲",
    "committee": "财政经济委员会",
}


class Story:
    def __init__(self, network):
        self.network = network
        network.tell("deputy.recorded.v1", A, name="代表甲", delegation="", delegation_name="", active=True)
        network.tell("session.recorded.v1", new_id(), name="第十四届一次会议", term=14, ordinal=1, opens_on="2023-01-13", closes_on="2023-01-19")  # fmt: skip

    def do(self, command, id="", who=None, **data):
        return self.network.do(who or liaison(), "intake", command, id, **data)

    def ask(self, query, who=None, **params):
        return self.network.ask(who or liaison(), "intake", query, **params)

    def accepted(self, title="关于建立联合运维工作机制的建议"):
        writer = deputy("代表甲", A)
        text = {
            "situation": "各自运维。",
            "analysis": "责任不清。",
            "proposals": "建立中心。",
            "category": "社会保障",
        }
        id = self.do("draft_suggestion", who=writer, congress=PROVINCE, title=title, **text)["id"]
        self.do("submit_suggestion", id, who=writer)
        self.do("accept_suggestion", id)
        return id

    def key_list(self, **more):
        data = {"congress": PROVINCE, "name": "2023年重点建议", "meeting_on": "2023-01-16", **more}
        return self.do("draw_up_key_list", **data)["id"]

    def put(self, key_list, id, **changed):
        return self.do("put_in_key_list", key_list, suggestion=id, **{**MARK, **changed})

    def events(self, type, id):
        return [e["data"] for e in self.network.published("intake", id) if e["type"] == type]


@pytest.fixture
def story(network_of):
    return Story(network_of("intake", today=date(2023, 1, 16)))


def test_candidates_are_collected_with_who_proposed_them_and_why(story):
    id = story.accepted()
    story.do("propose_key", id, who=LEADER, reason="企业反映强烈。")
    story.do("propose_key", id, reason="涉及三个部门。")
    (candidate,) = story.ask("key_candidates", LEADER, congress=PROVINCE)
    assert [(p["by"], p["reason"]) for p in candidate["proposals"]] == [
        ("副主任甲", "企业反映强烈。"),
        ("联工委甲", "涉及三个部门。"),
    ]
    assert "key_proposals" not in story.ask("suggestion", deputy("代表甲", A), id=id)
    with pytest.raises(NotAllowed):
        story.ask("key_candidates", deputy("代表甲", A), congress=PROVINCE)


def test_the_meeting_decides_on_the_whole_list(story):
    one, two = story.accepted(), story.accepted("关于改造供水管网的建议")
    story.do("propose_key", one, reason="企业反映强烈。")
    key_list = story.key_list()
    for id in (one, two):
        story.put(key_list, id)
    assert story.do("decide_key_list", key_list)["count"] == 2
    for id in (one, two):
        (told,) = story.events("suggestion.designated.v1", id)
        assert told["sponsor"] == "副省长甲" and told["decided_on"] == "2023-01-16"
    assert story.events("keylist.decided.v1", key_list)[0]["suggestions"] == [one, two]
    assert story.ask("key_candidates", congress=PROVINCE) == []


def test_all_or_nothing_with_everything_that_stands_against_it(story):
    one, two, three = (
        story.accepted(),
        story.accepted("关于改造供水管网的建议"),
        story.accepted("关于增加公交的建议"),
    )
    key_list = story.key_list()
    story.put(key_list, one)
    assert story.put(key_list, two, sponsor="", committee="")["objections"] == [
        "还没有定领办政府领导、对口督办专委会。"
    ]
    story.put(key_list, three)
    story.do("make_key", three, **MARK)
    with pytest.raises(Invalid, match="2处问题.*还没有定领办政府领导.*已于2023-01-16确定为重点建议"):
        story.do("decide_key_list", key_list)
    assert story.events("suggestion.designated.v1", one) == []
    story.do("take_out_of_key_list", key_list, suggestion=three)
    story.put(key_list, two)
    assert story.do("decide_key_list", key_list)["count"] == 2


def test_nothing_is_decided_before_the_meeting(story):
    key_list = story.key_list(meeting_on="2023-02-10")
    story.put(key_list, story.accepted())
    with pytest.raises(Invalid, match="还没有召开"):
        story.do("decide_key_list", key_list)
    story.network.on(date(2023, 2, 10))
    story.do("decide_key_list", key_list)
    with pytest.raises(WrongState, match="主任会议已确定"):
        story.do("decide_key_list", key_list)


def test_a_list_with_themes_takes_no_other_theme(story):
    key_list = story.key_list(themes=["优化金融财税支持政策"])
    with pytest.raises(Invalid) as refusal:
        story.put(key_list, story.accepted(), theme="供水安全")
    assert refusal.value.errors["theme"] == ["请从名单的主题中选择：优化金融财税支持政策。"]


def test_a_second_mark_overwrites_nothing_and_a_change_tells_what_was_before(story):
    id = story.accepted()
    story.do("make_key", id, **MARK)
    with pytest.raises(WrongState, match="调整重点督办"):
        story.do("make_key", id, **{**MARK, "sponsor": "副省长乙"})
    story.do("change_key_mark", id, **{**MARK, "sponsor": "副省长乙"}, reason="分工调整。")
    (told,) = story.events("key.changed.v1", id)
    assert (told["before"]["sponsor"], told["sponsor"]) == ("副省长甲", "副省长乙")


def test_a_released_one_is_a_candidate_only_when_it_is_proposed_again(story):
    id = story.accepted()
    story.do("propose_key", id, reason="企业反映强烈。")
    story.do("make_key", id, **MARK)
    story.do("release_key", id, reason="与另一件合并督办。")
    with pytest.raises(WrongState, match="不是重点建议"):
        story.do("release_key", id, reason="再取消一次。")
    assert story.ask("key_candidates", congress=PROVINCE) == []
    story.do("propose_key", id, reason="又有反映。")
    (candidate,) = story.ask("key_candidates", congress=PROVINCE)
    assert [p["reason"] for p in candidate["proposals"]] == ["又有反映。"]


def test_a_neighbours_suggestion_is_not_put_in(story):
    key_list = story.key_list()
    with pytest.raises(Invalid, match="没有找到这件建议"):
        story.put(key_list, new_id())


def test_a_list_waits_for_its_meeting_is_moved_and_given_up_with_reasons(story):
    def waits():
        return [
            (line["what"], line["due_on"], line["light"])
            for line in story.ask("intake_waiting")
            if line["command"] == "decide_key_list"
        ]

    id, key_list = story.accepted(), story.key_list(meeting_on="2023-01-17")
    assert waits() == [("列入建议，提请主任会议研究", "2023-01-17", "yellow")]
    story.put(key_list, id)
    with pytest.raises(Invalid, match="本来就在2023-01-17"):
        story.do("move_key_list", key_list, meeting_on="2023-01-17", reason="……")
    story.do("move_key_list", key_list, meeting_on="2023-02-10", reason="会议改期。")
    assert waits() == [("登记主任会议对 1 件的决定", "2023-02-10", "green")]
    story.do("take_out_of_key_list", key_list, suggestion=id)
    story.do("propose_key", id, reason="企业反映强烈。")
    story.do("discard_key_list", key_list, reason="与另一份名单合并。")
    assert waits() == [] and len(story.ask("key_candidates", congress=PROVINCE)) == 1
    told = [(e["type"], e["data"]["by"]["name"]) for e in story.network.published("intake", key_list)]
    assert told == [
        (f"keylist.{what}.v1", "联工委甲") for what in ("drawn", "listed", "moved", "unlisted", "discarded")
    ]
    with pytest.raises(WrongState):
        story.put(key_list, id)
