"""省民政厅，2018: opinions, suggestions and criticisms each go their own way."""

from __future__ import annotations

import pytest

from shared.problems import Invalid, WrongState


@pytest.fixture
def office(place):
    place.switch_on("three_tracks", place.tax)
    return place


def test_an_opinion_waits_until_the_deputy_agrees_with_the_plan(office):
    id = office.signed(kind="opinion")
    with pytest.raises(WrongState) as refusal:
        office.drafts(id)
    assert "制定解决方案、提出办理预期" in refusal.value.detail
    office.plans(id)
    measures = {"措施": "上门核对", "责任领导": "副厅长甲", "责任人": "处长甲"}
    with pytest.raises(WrongState):
        office.complete(id, "落实措施和责任人", **measures)
    task = office.task(id, office.tax)["task"]
    office.do(office.deputy, "agree_plan", id, task=task, agrees=False, note="没有写明什么时候解决")
    with pytest.raises(WrongState):
        office.complete(id, "落实措施和责任人", **measures)
    office.plans(id)
    office.do(office.deputy, "agree_plan", id, task=task, agrees=True)
    office.complete(id, "落实措施和责任人", **measures)
    office.drafts(id)
    assert office.steps(id) == ["持续跟踪问效"]


def test_experts_look_at_a_suggestion_and_a_policy_comes_of_it(office):
    id = office.signed(kind="suggestion")
    office.complete(id, "可行性评估", 评估结论="可行")
    with pytest.raises(Invalid):
        office.complete(id, "专家学者集中会诊", 专家="专家甲、专家乙", 会诊意见="先试点")
    office.complete(id, "专家学者集中会诊", 专家="专家甲、专家乙、专家丙", 会诊意见="先试点")
    office.drafts(id)
    with pytest.raises(WrongState):
        office.approves(id)
    office.complete(
        id, "政策创制", **{"拟出台的政策、制度或立法建议；不需要的写明理由": "《养老服务补贴办法》"}
    )
    office.approves(id)


def test_a_criticism_is_not_replied_to_before_it_was_investigated(office):
    id = office.signed(kind="criticism")
    with pytest.raises(WrongState) as refusal:
        office.drafts(id)
    assert "问题调查" in refusal.value.detail
    office.complete(id, "问题调查", 查明的事实="窗口推诿", 原因="职责不清")
    office.drafts(id)
    office.approves(id)
    with pytest.raises(WrongState):
        office.issues(id)
    office.complete(id, "整改", 整改措施和结果="已设首问责任岗")
    office.complete(id, "追责", office.head, **{"对责任人的处理；没有责任人的写明理由": "批评教育"})
    office.issues(id)


def test_joint_units_have_no_track_of_their_own(office):
    office.switch_on("three_tracks", office.hr)
    assert office.steps(office.signed(kind="criticism"), office.hr) == []


def test_other_units_go_the_usual_way(place):
    place.switch_on("three_tracks", place.finance)
    id = place.signed(kind="criticism")
    assert place.steps(id) == []
    place.drafts(id)
