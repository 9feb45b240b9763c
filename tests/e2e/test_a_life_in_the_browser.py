"""One suggestion's whole life in Chromium, each step on the screen of the person whose step it is."""

from __future__ import annotations

import re
import time

import pytest
import requests

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TITLE = "关于整治村口公路急弯的建议"


def test_a_whole_life(person, town):
    deputy, office = person("deputy", narrow=True), person("liaison")
    clerk, head = person("clerk"), person("head")

    page = deputy.opens("/write")
    for name, value in (
        ("title", TITLE),
        ("situation", "急弯视线被挡。"),
        ("analysis", "半径小。"),
        ("proposals", "（一）装反光镜。"),
    ):
        page.fill(f"[name={name}]", value)
    page.select_option("[name=category]", "交通运输")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/suggestions/[0-9a-f-]{36}$"))
    path = re.sub(r"^https?://[^/]+", "", page.url)

    deputy.does(path, "提交")
    office.does(path, "受理立案")
    office.does(path, "单件交办", lead=town.players.unit)
    clerk.does(path, "签收")
    clerk.does(path, "三定方案", handler="经办人甲", plan="现场勘查后实施。")
    clerk.does(
        path,
        "登记沟通",
        phase="during",
        method="visit",
        on=time.strftime("%Y-%m-%d"),
        deputies=town.players.seat,
        notes="现场面商。",
    )
    clerk.does(
        path,
        "起草答复",
        text="我单位已会同交警到现场勘查，反光镜和减速带已经装好。",
        reply_class="A",
        contact="经办人甲",
        phone="0731-00000000",
    )
    head.does(path, "审核同意答复")
    clerk.does(path, "答复代表", document_number="建复〔2026〕1号")
    deputy.does(path, "征询意见表", process="satisfied", result="satisfied")
    office.does(path, "办结")
    office.does(path, "公开")

    told = office.finds(path, "已公开")
    for step in (
        "提交建议",
        "受理立案",
        "签收",
        "制定三定方案",
        "沟通",
        "答复代表",
        "反馈",
        "办结",
        "公开建议和答复",
    ):
        assert step in told, step
    assert TITLE in office.finds("/search?text=急弯", TITLE)
    office.finds("/ledger?congress=43", TITLE)
    assert "已公开" in office.page.locator("tr", has_text=TITLE).inner_text()
    public = path.replace("suggestions", "public")
    office.finds(public, "反光镜和减速带已经装好")
    assert (
        "反光镜和减速带已经装好" in requests.get(f"{town.base}{public}", timeout=20).text
    )  # without signing in


def test_an_empty_form_says_what_is_missing_beside_the_field(person):
    deputy = person("deputy")
    page = deputy.opens("/write")
    page.locator("main form button.btn-primary").click()
    page.locator("#f-title-error").wait_for()
    assert "请填写" in page.inner_text("#f-title-error") or "至少" in page.inner_text("#f-title-error")


def test_a_stranger_does_not_find_a_draft(person):
    deputy, office = person("deputy"), person("liaison")
    page = deputy.opens("/write")
    for name, value in (
        ("title", "只有我能看到的草稿"),
        ("situation", "甲"),
        ("analysis", "乙"),
        ("proposals", "丙"),
    ):
        page.fill(f"[name={name}]", value)
    page.select_option("[name=category]", "教育")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(re.compile(r"/suggestions/"))
    answer = office.page.goto(page.url)
    assert answer.status == 404


def test_no_page_is_wider_than_a_phone(person):
    office = person("liaison", narrow=True)
    for path in ("/work", "/review", "/assignment", "/ledger", "/figures", "/search"):
        page = office.opens(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
