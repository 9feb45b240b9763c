"""The liaison office lays down its congress's periods on the screen; others read them."""

from __future__ import annotations

import pytest
from harness import PROVINCE
from visiting import Browser


@pytest.fixture
def office(web):
    return Browser(web, "liaison")


PATH = f"/practices/deadlines?congress={PROVINCE}"
RETURNS = {
    "periods.0.key": "ask_to_return",
    "periods.0.amount": "7",
    "periods.0.unit": "working_days",
    "periods.0.source": "本级办法",
}
SAVED = {**RETURNS, "remind_before": "15、5", "effective_on": "2023-02-01", "reason": "主任会议决定"}


def test_the_office_sees_what_holds_and_that_it_is_the_default(office):
    page = office.reads("/practices")
    assert "办理期限" in page and "默认" in page
    page = office.reads(PATH)
    assert "现在按默认办理" in page and "30、15、7、3、1" in page


def test_what_it_lays_down_is_there_with_its_history(web, office):
    answer = office.posts(PATH, **SAVED)
    assert answer.status_code == 303, answer.text
    page = office.reads(answer.location)
    for words in ("2023-02-01", "申请退办 7 个工作日 本级办法", "15、5", "主任会议决定", "联工委甲"):
        assert words in page
    (told,) = (e for e in web.network.published("directory") if e["type"] == "practice.recorded.v1")
    assert told["data"]["versions"][0]["settings"]["remind_before"] == [15, 5]


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(office):
    wrong = {**SAVED, "periods.0.key": "reply", "periods.0.unit": "months", "remind_before": "十五"}
    answer = office.posts(PATH, **wrong)
    assert answer.status_code == 422
    assert "应当是整数" in answer.text and "十五" in answer.text
    answer = office.posts(PATH, **{**wrong, "remind_before": "15"})
    assert "不能长于法律规定的3个月" in answer.text and "本级办法" in answer.text
    answer = office.posts(PATH, **{**SAVED, "effective_on": "2022-01-01"})
    assert "生效日期不能早于今天" in answer.text and "主任会议决定" in answer.text


def test_it_goes_back_to_what_is_above(web, office):
    office.posts(PATH, **{**SAVED, "effective_on": "2023-01-15"})
    assert "自己的设置" in office.reads(PATH)
    assert office.posts(f"/practices/deadlines/end?congress={PROVINCE}").status_code == 303
    assert "恢复沿用上级" in office.reads(PATH)


def test_who_may_not_change_it_reads_it(web):
    deputy = Browser(web, "deputy")
    page = deputy.reads(PATH)
    assert "提前提醒的天数" in page and "30、15、7、3、1" in page
    assert "保存" not in page
    assert deputy.posts(PATH, **SAVED).status_code == 403


def test_a_practice_that_is_not_installed_is_not_found(office):
    assert "没有安装这种做法" in office.reads("/practices/nothing")


def test_an_operator_sees_the_plugins(web):
    page = Browser(web, "operator").reads("/operations")
    assert "插件" in page and "启动以来没有出错" in page
