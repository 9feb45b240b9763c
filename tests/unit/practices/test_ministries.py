"""省科学技术厅，省财政厅，省水利厅，省委宣传部，2018: what each asks of its own suggestions."""

from __future__ import annotations

import pytest
from facts import line, made
from harness import unit_clerk

from plugins.bundled_projects import BundledProjects
from plugins.head_first_responsible import HeadFirstResponsible
from plugins.leaders_on_site import METHOD, LeadersOnSite
from shared.problems import WrongState

ON_SITE = {
    "带队领导": "副厅长甲",
    "牵头处室和参加处室": "高新处、农村处",
    "完成时间": "五月底",
    METHOD: "同意",
}
FIVE = {"承办人员": "甲", "任务": "核对", "时间": "四月底", "质量要求": "代表满意", "责任领导": "副厅长甲"}
PROJECT = {
    "规划或项目；不能纳入的写明理由": "小型农田水利五年规划", "投资（万元），没有的写“无”": "1200", "受益人口，没有的写“无”": "三万人",
    "完成期限，没有的写“无”": "2025年",
}  # fmt: skip


def test_science_the_reply_is_not_approved_before_a_leader_was_on_the_spot(place):
    place.switch_on("leaders_on_site", place.tax)
    id = place.signed()
    place.complete(id, "现场办理方案（建议方式：到代表所在单位座谈，标题没有写到地方和单位）", **ON_SITE)
    place.drafts(id)
    place.talk(id, method="visit", led_by="处长甲", rank="section_head")
    with pytest.raises(WrongState) as refusal:
        place.approves(id)
    assert "带队到现场" in refusal.value.detail
    place.talk(id, method="joint_inspection", led_by="副厅长甲", rank="deputy_head")
    place.approves(id)
    place.issues(id)


@pytest.mark.parametrize(("title", "method"), [
    ("关于支持望城区科技园区建设的建议", "现场调研"), ("关于在人民路增设路灯的建议", "上门走访"), ("关于完善科技成果评价机制的建议", "到代表所在单位座谈"),
])  # fmt: skip
def test_science_the_method_is_proposed_by_content_with_its_reason(place, title, method):
    place.switch_on("leaders_on_site", place.tax)
    assert f"建议方式：{method}" in place.steps(place.signed(title=title))[0]


def test_science_the_plans_of_all_are_one_document_by_the_deputies_city():
    def record(id, method):
        filled = {
            "带队领导": "副厅长甲",
            "牵头处室和参加处室": "高新处",
            "完成时间": "五月底",
            METHOD: method,
        }
        return {"suggestion": id, "steps": [{"key": "leaders_on_site.on_site_plan", "filled": filled}]}

    lines = [
        line("s1", "关于园区的建议", delegation="长沙代表团"), line("s2", "关于评价机制的建议", delegation="湘潭代表团"),
        line("s3", "关于基金的建议", delegation="长沙代表团"),
    ]  # fmt: skip
    printed = made(
        LeadersOnSite, "documents", *lines, records=[record("s1", "同意"), record("s2", "上门走访，代表要求")]
    )
    xiangtan, changsha = printed.parts
    assert (changsha.title, [row.cells[0] for row in changsha.rows]) == (
        "长沙代表团",
        ["关于园区的建议", "关于基金的建议"],
    )
    assert [row.cells[-1] for row in changsha.rows] == [
        "现场调研",
        "（建议：到代表所在单位座谈，还没有排定）",
    ]
    assert xiangtan.rows[0].cells[3:] == ("副厅长甲", "高新处", "五月底", "上门走访，代表要求")


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


def test_water_hot_matters_of_peoples_lives_are_solved_one_by_one(place):
    place.switch_on("bundled_projects", place.tax, categories=["水利"], hot_categories=["社会保障"])
    id = place.signed()
    assert place.steps(id) == ["民生热点：一对一破解难题"]
    with pytest.raises(WrongState):
        place.drafts(id)
    filled = {"群众的难题": "往返多次", "这一件的办法和责任人": "一窗受理，处长甲", "什么时候见效": "六月"}
    place.complete(id, "民生热点：一对一破解难题", **filled)
    records = place.ask(unit_clerk(place.tax), "task_records", year=2023)
    (hot,) = made(
        BundledProjects, "pages", line(id, "关于社保的建议", category="社会保障"), line("x", "关于水渠的建议", category="水利"),
        settings={"hot_categories": ["社会保障"]}, records=records,
    )  # fmt: skip
    assert [row.cells[3] for row in hot.rows] == ["一窗受理，处长甲"]


def test_science_deputies_of_like_ones_are_proposed_to_be_invited_to_one_table():
    """内容相近的，邀请相关代表一起共同座谈."""
    lines = [
        line("s1", "关于完善科技成果评价机制的建议"), line("s2", "关于完善科技成果转化评价机制的建议"), line("s3", "关于基金的建议"),
    ]  # fmt: skip
    printed = made(LeadersOnSite, "documents", *lines, records=[])
    first, second, third = (row.cells[-1] for row in printed.parts[0].rows)
    assert "和《关于完善科技成果转化评价机制的建议》的代表一起座谈" in first
    assert "和《关于完善科技成果评价机制的建议》的代表一起座谈" in second
    assert "一起" not in third


def test_finance_each_leader_leads_on_the_spot_once_a_year(place):
    """厅领导每年必须带队开展现场办理."""
    place.switch_on("head_first_responsible", place.tax)
    first, second = place.signed(1), place.signed(2)
    for id, method in ((first, "visit"), (second, "visit"), (first, "phone")):
        place.talk(id, method=method, led_by="副厅长甲", rank="deputy_head")
    records = place.ask(unit_clerk(place.tax), "task_records", year=2023)
    pages = [
        place.ask(unit_clerk(place.tax), "task_records", year=2023, limit=1, offset=at) for at in (0, 1, 2)
    ]
    assert [one["task"] for page in pages for one in page] == [one["task"] for one in records]
    settings = {"leaders": ["副厅长甲", "副厅长乙"]}
    leaders, each = made(HeadFirstResponsible, "pages", records=records, settings=settings)
    assert [row.cells for row in leaders.rows] == [("副厅长甲", "1", "0"), ("副厅长乙", "0", "1")], (
        "one day is one time"
    )
    assert [(row.cells[0], row.suggestion) for row in each.rows] == [
        ("副厅长甲", first),
        ("副厅长甲", second),
    ]
