"""Recommended suggestions: the government's office draws up the list, the leader picks, and sponsors what was picked."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, liaison

from shared.aggregate import new_id
from shared.identity import Actor, Role
from shared.plugins import collect
from shared.practices import id_of
from shared.problems import Invalid, NotAllowed, NotFound, WrongState
from tests.unit.intake.test_key_list import MARK, Story

WU, LI = (
    Actor(account, name, (Role("government_leader", PROVINCE),))
    for account, name in (("wu", "吴刚"), ("li", "李强"))
)
OFFICE = Actor("office", "督查室甲", (Role("distributing", PROVINCE),))
POST = new_id()


@pytest.fixture
def story(network_of):
    from plugins.leader_sponsorship import PLUGIN

    found = collect([("leader_sponsorship", lambda: PLUGIN)])
    story = Story(network_of("intake", today=date(2023, 1, 16), plugins=found))
    told = story.network.tell
    held = [{"account": "wu", "name": "吴刚", "since": "2023-01-01", "until": ""}]
    told(
        "office.recorded.v1",
        POST,
        PROVINCE,
        1,
        name="副省长",
        kind="government",
        active=True,
        holders=held,
        reason="",
    )
    version = {
        "effective_on": "2023-01-01",
        "ended": False,
        "on": True,
        "settings": {"recommended_each": 2, "pick_days": 15},
    }
    told(
        "practice.recorded.v1", id_of(PROVINCE, "leader_sponsorship"), PROVINCE, 1, name="leader_sponsorship", label="领办",
        reason="启用", place=PROVINCE, place_kind="congress", place_name="湖南省", versions=[version],
    )  # fmt: skip
    return story


def recommend(story, *ids, who=OFFICE, **more):
    data = {"congress": PROVINCE, "sponsor_id": POST, "suggestions": list(ids), "why": "牵涉部门多。", **more}
    return story.do("recommend_to_sponsor", who=who, **data)


def seen(story, who):
    return story.ask("pick_lists", who, congress=PROVINCE)["lists"]


def waiting(story, who):
    return [
        (line["what"], line["light"])
        for line in story.ask("intake_waiting", who)
        if line["command"] == "pick_recommended"
    ]


def test_the_leader_picks_and_a_key_suggestion_is_his_from_then_on(story):
    key, other = story.accepted("关于农村公路的建议"), story.accepted("关于山塘整修的建议")
    story.do("make_key", key, **{**MARK, "sponsor": "副省长吴刚", "sponsor_id": POST})
    offered = recommend(story, key, other)
    assert offered["pick_by"] == "2023-01-31"
    assert waiting(story, WU) == [("从 2 件推荐件中选定领办件", "green")]
    story.do("pick_recommended", offered["id"], who=WU, suggestions=[other], note="由我领办。")
    assert waiting(story, WU) == []
    (told,) = story.events("picklist.picked.v1", offered["id"])
    assert (told["picked"], told["leader"]) == ([other], "副省长吴刚")
    (candidate,) = story.ask("key_candidates", congress=PROVINCE)
    assert candidate["proposals"][0]["reason"] == "副省长吴刚从推荐件目录中选定领办。"
    story.do("make_key", other, **{**MARK, "sponsor": ""})
    (made,) = story.events("suggestion.designated.v1", other)
    assert (made["sponsor"], made["sponsor_id"]) == ("副省长吴刚", POST)


def test_a_mark_that_names_the_leader_by_hand_names_his_post_once_he_picked_it(story):
    key = story.accepted()
    story.do("make_key", key, **{**MARK, "sponsor": "副省长吴刚"})
    offered = recommend(story, key)
    story.do(
        "pick_recommended", offered["id"], who=OFFICE, suggestions=[key]
    )  # as the leader told his office
    (changed,) = story.events("key.changed.v1", key)
    assert (changed["sponsor_id"], changed["reason"]) == (POST, "副省长吴刚从推荐件目录中选定领办。")
    with pytest.raises(WrongState):
        story.do("pick_recommended", offered["id"], who=WU, suggestions=[key])


def test_what_another_leader_sponsors_is_not_recommended(story):
    key = story.accepted()
    story.do("make_key", key, **MARK)
    with pytest.raises(Invalid) as refusal:
        recommend(story, key)
    assert "已经由副省长甲领办" in refusal.value.errors["suggestions"][0]


def test_not_more_than_the_place_says_and_only_from_the_list(story):
    ids = [story.accepted(f"关于第{number}座桥的建议") for number in range(3)]
    with pytest.raises(Invalid) as refusal:
        recommend(story, *ids)
    assert "最多 2 件" in refusal.value.errors["suggestions"][0]
    offered = recommend(story, ids[0])
    with pytest.raises(Invalid) as refusal:
        story.do("pick_recommended", offered["id"], who=WU, suggestions=[ids[1]])
    assert "不在目录里" in refusal.value.errors["suggestions"][0]


def test_another_leader_neither_sees_nor_picks_it(story):
    offered = recommend(story, story.accepted())
    assert (len(seen(story, WU)), seen(story, LI), waiting(story, LI)) == (1, [], [])
    own = seen(story, WU)[0]["lines"][0]["suggestion"]
    with pytest.raises(NotAllowed, match="由担任这一职务的领导选定"):
        story.do("pick_recommended", offered["id"], who=LI, suggestions=[own])


def test_what_is_not_picked_in_time_is_shown_to_the_office(story):
    recommend(story, story.accepted())
    assert waiting(story, OFFICE) == []
    story.network.on(date(2023, 2, 1))
    assert waiting(story, OFFICE) == [("领导没有在期限内选定，请提醒或者登记", "red")]
    assert waiting(story, liaison()) == waiting(story, OFFICE)
    assert seen(story, OFFICE)[0]["is_overdue"] is True


def test_where_the_practice_is_off_no_list_is_drawn_up(network_of):
    story = Story(network_of("intake", today=date(2023, 1, 16)))
    with pytest.raises(Invalid, match="没有启用"):
        recommend(story, story.accepted())


def test_the_office_of_one_system_recommends_what_its_own_tree_handles_and_nothing_else(story):
    own, other = new_id(), new_id()
    officer, stranger = (
        Actor(f"officer-{unit}", "交办员甲", (Role("distributing", PROVINCE, unit=unit),)) for unit in (own, other)
    )  # fmt: skip
    inside, outside = story.accepted("关于农村公路的建议"), story.accepted("关于山塘整修的建议")
    task = {"task": new_id(), "unit": {"id": new_id(), "name": "省交通厅"}, "role": "lead", "offices": [own]}
    story.network.tell("suggestion.assigned.v1", inside, PROVINCE, 1, tasks=[task])
    for wrong in ((outside,), (inside, outside)):
        with pytest.raises(NotAllowed, match="只能推荐已经交办给本系统单位的建议"):
            recommend(story, *wrong, who=officer)
    id = recommend(story, inside, who=officer)["id"]
    recommend(story, outside)
    assert [one["id"] for one in seen(story, officer)] == [id] and seen(story, stranger) == []
    with pytest.raises((NotAllowed, NotFound)):
        story.do("withdraw_pick_list", id, who=stranger, reason="分工调整。")
    story.network.on(date(2023, 2, 15))
    assert waiting(story, officer) == [("领导没有在期限内选定，请提醒或者登记", "red")]
    assert waiting(story, stranger) == []
    story.do("pick_recommended", id, who=officer, suggestions=[inside], note="吴刚同意领办。")
    assert seen(story, OFFICE)[1]["state"] == "picked"
