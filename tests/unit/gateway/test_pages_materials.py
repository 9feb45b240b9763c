"""Courseware, templates, handbooks on the screen: published by the office, used where something is written."""

from __future__ import annotations

import html
import re

import pytest
from harness import PROVINCE
from test_pages_register import Browser

from shared.identity import SYSTEM

AT = f"?congress={PROVINCE}"


@pytest.fixture
def office(web):
    return Browser(web, "liaison")


@pytest.fixture
def writer(web):
    return Browser(web, "deputy")


def shown(page: str, field: str) -> str:
    return html.unescape(re.search(rf'<textarea[^>]*name="{field}"[^>]*>([^<]*)<', page)[1]).strip()


def publish(office, **more):
    data = {
        "kind": "courseware",
        "title": "如何提出高质量的代表建议",
        "readers": "deputies",
        "text": "有情况、有分析。",
        **more,
    }
    return office.posts(f"/materials{AT}", **data)


def test_a_deputy_begins_with_a_template_in_one_click_and_loses_nothing(writer):
    page = writer.reads("/write")
    template = re.search(r'name="template" value="([^"]+)">道路交通安全隐患', page)[1]
    answer = writer.posts(
        "/write/template", congress=PROVINCE, template=template, analysis="我自己写的分析。"
    )
    assert "【哪条路" in shown(answer.text, "situation")
    assert shown(answer.text, "analysis") == "我自己写的分析。"
    assert "分析您已经写了，没有改动" in answer.text
    assert "模板里还有没填的空" not in answer.text
    found = writer.posts("/write/findings", congress=PROVINCE, situation=shown(answer.text, "situation"))
    assert "没填的空" in found.text


def test_courseware_stands_beside_the_finding_that_it_helps_to_mend(office, writer):
    assert publish(office, findings="too_short").status_code == 303
    assert "如何提出高质量的代表建议" in writer.reads("/write")
    found = writer.posts(
        "/write/findings", congress=PROVINCE, situation="管网老化。", proposals="请解决。"
    ).text
    assert (
        found.count("如何提出高质量的代表建议") == 2
    )  # both parts are too short; nothing helps with the others
    assert "没有写请哪个单位办" in found


def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(office):
    answer = publish(office, link="http://www.example.gov.cn/a", text="写好的正文")
    assert answer.status_code == 422
    assert "应当以 https:// 开头" in answer.text and "写好的正文" in answer.text


def test_what_is_withdrawn_is_gone_from_the_list_and_from_the_writing_page(office, writer):
    path = publish(office).headers["Location"]
    assert office.posts(f"{path}/withdraw").status_code == 422
    assert office.posts(f"{path}/withdraw", reason="已有新版").status_code == 303
    assert "如何提出高质量" not in writer.reads("/materials") + writer.reads("/write")
    assert writer.browser.get(path).status_code == 404
    assert "已有新版" in office.reads(f"/materials{AT}&state=withdrawn")


def test_a_unit_s_people_publish_for_their_own_unit_without_choosing_it(web, office):
    unit = web.network.do(SYSTEM, "directory", "register_unit", congress=PROVINCE, name="省财政厅")["id"]
    web.add_account("head", "厅长甲", {"role": "unit_head", "congress": PROVINCE, "unit": unit})
    head = Browser(web, "head")
    page = head.reads("/materials")
    assert "供本单位" in page and "建议模板才填" not in page
    assert (
        head.posts("/materials", kind="rule", title="办理工作规定", text="主要负责人负总责。").status_code
        == 303
    )
    assert "办理工作规定" in head.reads("/materials")
    assert "办理工作规定" not in office.reads(f"/materials{AT}")
