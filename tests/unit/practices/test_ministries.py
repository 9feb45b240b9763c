"""省科学技术厅，省财政厅，省水利厅，省委宣传部，2018: what each asks of its own suggestions."""

from __future__ import annotations

import pytest

from shared.problems import WrongState

ON_SITE = {
    "带队领导": "副厅长甲",
    "牵头处室和参加处室": "高新处、农村处",
    "完成时间": "五月底",
    "方式（现场调研、座谈、上门走访，几件一起的写明）": "到园区调研",
}
FIVE = {"承办人员": "甲", "任务": "核对", "时间": "四月底", "质量要求": "代表满意", "责任领导": "副厅长甲"}
PROJECT = {
    "规划或项目；不能纳入的写明理由": "小型农田水利五年规划", "投资（万元），没有的写“无”": "1200", "受益人口，没有的写“无”": "三万人",
    "完成期限，没有的写“无”": "2025年",
}  # fmt: skip


def test_science_the_reply_is_not_approved_before_a_leader_was_on_the_spot(place):
    place.switch_on("leaders_on_site", place.tax)
    id = place.signed()
    place.complete(id, "现场办理方案", **ON_SITE)
    place.drafts(id)
    place.talk(id, method="visit", led_by="处长甲", rank="section_head")
    with pytest.raises(WrongState) as refusal:
        place.approves(id)
    assert "带队到现场" in refusal.value.detail
    place.talk(id, method="joint_inspection", led_by="副厅长甲", rank="deputy_head")
    place.approves(id)
    place.issues(id)


def test_science_three_like_ones_are_talked_over_at_one_table(place):
    place.switch_on("leaders_on_site", place.tax)
    first, second = place.signed(1), place.signed(2)
    place.talk(first, method="symposium", led_by="副厅长甲", rank="deputy_head", also=[second])
    for id in (first, second):
        assert "带队领导与代表当面沟通" not in place.steps(id)


def test_finance_five_things_are_fixed_and_a_handlers_call_does_not_count(place):
    place.switch_on("head_first_responsible", place.tax)
    id = place.signed()
    with pytest.raises(WrongState):
        place.drafts(id)
    place.complete(id, "五定：人员、任务、时间、质量、责任领导", **FIVE)
    place.drafts(id)
    place.approves(id)
    place.talk(id, led_by="经办人甲", rank="handler")
    with pytest.raises(WrongState) as refusal:
        place.issues(id)
    assert "处室负责人以上领导直接沟通" in refusal.value.detail
    place.talk(id, led_by="处长甲", rank="section_head")
    place.issues(id)


def test_water_what_recurs_goes_into_a_plan_with_money_and_dates(place):
    place.switch_on("bundled_projects", place.tax, categories=["水利"])
    other, id = place.signed(1), place.signed(2, category="水利")
    place.drafts(other)
    with pytest.raises(WrongState) as refusal:
        place.drafts(id)
    assert "纳入规划、项目储备" in refusal.value.detail
    place.complete(id, "纳入规划、项目储备", **PROJECT)
    place.drafts(id)


def test_publicity_a_reply_that_is_not_public_needs_the_heads_reason(place):
    place.switch_on("all_replies_public", place.tax)
    id = place.signed()
    place.drafts(id, publicity="private")
    with pytest.raises(WrongState):
        place.approves(id)
    place.complete(
        id, "答复主动公开，或由负责人写明不公开的理由", place.head, 不公开的理由="涉及未公布的规划"
    )
    place.approves(id)


def test_publicity_a_public_one_needs_nothing(place):
    place.switch_on("all_replies_public", place.tax)
    id = place.signed()
    place.drafts(id, publicity="public")
    place.approves(id)
