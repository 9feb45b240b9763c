"""长沙市人民政府，2018: leaders sponsor key suggestions; before handling there is an analysis."""

from __future__ import annotations

import pytest

from shared.problems import WrongState

MEETING = {"领办领导": "副市长甲", "会议时间": "3月1日", "部署的内容": "税务牵头，人社配合"}
ANALYSIS = {
    "代表要解决的问题": "数据不通",
    "难点、热点，没有的写“无”": "历史数据",
    "总的办法和配合单位": "联合运维",
}
SEEN = {"领办领导": "副市长甲", "审核意见": "同意"}


def test_the_reply_to_a_sponsored_one_goes_to_the_leader_first(place):
    place.switch_on("leader_sponsorship")
    id = place.signed(key=True)
    with pytest.raises(WrongState):
        place.drafts(id)
    place.complete(id, "领办领导召开专题会议", place.distributing, **MEETING)
    place.plans(id)
    place.drafts(id)
    place.approves(id)
    with pytest.raises(WrongState) as refusal:
        place.issues(id)
    assert "领办领导审核" in refusal.value.detail
    place.complete(id, "答复件报领办领导审核", place.distributing, **SEEN)
    place.issues(id)


def test_what_nobody_sponsors_goes_the_usual_way(place):
    place.switch_on("leader_sponsorship")
    id = place.signed()
    assert place.steps(id) == []


def test_before_handling_there_is_an_analysis(place):
    place.switch_on("ten_grasps")
    id = place.signed()
    with pytest.raises(WrongState) as refusal:
        place.drafts(id)
    assert "办前分析" in refusal.value.detail
    place.complete(id, "办前分析", **ANALYSIS)
    place.drafts(id)


def test_practices_of_a_city_add_up(place):
    place.switch_on("leader_sponsorship")
    place.switch_on("ten_grasps")
    place.switch_on("three_tracks")
    id = place.signed(key=True, kind="criticism")
    assert {"领办领导召开专题会议", "办前分析", "问题调查"} <= set(place.steps(id))
