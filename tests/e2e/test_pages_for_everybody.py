"""The pages as people meet them: on a phone, with the keyboard alone, after a mistake, beside a colleague, by ear."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from jianyi import lives

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def write(page, title: str) -> str:
    """Fill in and save a draft with the keyboard alone; the path of its page."""
    page.locator("[name=title]").focus()
    for text in (title, "路口没有信号灯。", "学生上下学要横穿公路。", "（一）安装信号灯。"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")  # past the kind, which is chosen already
    page.keyboard.press("ArrowDown")
    reach(page, "保存草稿")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/suggestions/[0-9a-f-]{36}$"))
    return re.sub(r"^https?://[^/]+", "", page.url)


def reach(page, text: str, most: int = 60) -> None:
    """Press Tab until the focus stands on what is called so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if text in page.evaluate("document.activeElement.textContent"):
            return
    raise AssertionError(f"the keyboard does not reach {text}")


def faults(page) -> list[str]:
    """What axe-core finds wrong for people who hear, magnify or cannot tell colours apart."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{v['id']}: {json.dumps([n['html'][:200] for n in v['nodes']], ensure_ascii=False)}" for v in found
    ]


def is_fit(page) -> None:
    """Everybody can use this page: nothing for axe-core to say, and no wider than the screen."""
    assert not faults(page), page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], page.url


def test_written_and_submitted_with_the_keyboard_alone(person):
    page = person("deputy").opens("/work")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    reach(page, "写建议")
    page.keyboard.press("Enter")
    page.wait_for_url("**/write")

    path = write(page, "关于在学校路口安装信号灯的建议")
    reach(page, "提交")
    page.keyboard.press("Enter")
    page.wait_for_url("**/do/submit_suggestion")
    page.keyboard.press("Tab")
    reach(page, "提交")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}")
    assert "待审查" in page.inner_text("main")


def test_the_office_and_the_unit_work_on_a_phone(person, town):
    path = f"/suggestions/{lives.Life(town.players, 'phone').submit()}"
    office, clerk = person("liaison", narrow=True), person("clerk", narrow=True)
    for number in range(20):
        town.players.liaison.command("/units", congress="43", name=f"第{number}承办单位", kind="government")
    office.does(path, "受理立案")
    lists = office.opens(f"{path}/do/assign_suggestion").locator(".check-list")
    assert lists.count() and all(
        lists.evaluate_all("lists => lists.map(list => list.scrollWidth <= list.clientWidth)")
    )
    for who, action, fields in (
        (office, "单件交办", {"lead": town.players.unit}),
        (clerk, "签收", {}),
        (clerk, "三定方案", {"handler": "经办人甲", "plan": "现场勘查。"}),
    ):
        who.does(path, action, **fields)
        assert who.page.evaluate("document.documentElement.scrollWidth") <= 390, action
    is_fit(clerk.page)
    for button in clerk.page.locator("main .actions a.btn:visible").all():
        assert button.bounding_box()["height"] >= 40, button.inner_text()


def test_feedback_without_a_judgement_is_told_beside_the_field_and_keeps_the_words(person, town):
    life = lives.Life(town.players, "judged")
    path = f"/suggestions/{life.submit()}"
    life.reply()

    deputy = person("deputy")
    deputy.finds(path, "填写征询意见表")
    page = deputy.page
    page.get_by_role("link", name="填写征询意见表").click()
    page.locator("[name=process][value=satisfied]").check()
    page.fill("[name=result_comment]", "路面还有一处积水。")
    page.get_by_role("button", name="提交征询意见表").click()
    page.locator("#f-result-error").wait_for()
    assert "对办理结果" in page.locator("fieldset", has=page.locator("#f-result-error")).inner_text()
    assert page.input_value("[name=result_comment]") == "路面还有一处积水。"
    assert page.locator("[name=process][value=satisfied]").is_checked()
    is_fit(page)
    page.locator("[name=result][value=basically]").check()
    page.get_by_role("button", name="提交征询意见表").dblclick()
    page.wait_for_url(f"**{path}")
    deputy.finds(path, "路面还有一处积水")


def test_a_stale_form_says_so_and_keeps_what_was_typed(person, town):
    id = town.players.deputy.command("/suggestions", congress="43", **lives.TEXT)["id"]
    path = f"/suggestions/{id}"
    at_home, at_the_office = person("deputy"), person("deputy", narrow=True)
    pages = [who.opens(f"{path}/do/revise_suggestion") for who in (at_home, at_the_office)]
    pages[0].fill("[name=analysis]", "先写的分析。")
    pages[0].get_by_role("button", name="保存修改").click()
    pages[0].wait_for_url(f"**{path}")

    pages[1].fill("[name=analysis]", "后写的分析。")
    pages[1].get_by_role("button", name="保存修改").click()
    alert = pages[1].locator("main .alert-warning")
    alert.wait_for()
    assert "已被他人更新" in alert.inner_text()
    assert pages[1].input_value("[name=analysis]") == "后写的分析。"
    assert "先写的分析。" in at_home.opens(path).inner_text("main")
    pages[1].get_by_role("button", name="保存修改").click()  # having looked
    pages[1].wait_for_url(f"**{path}")
    assert "后写的分析。" in pages[1].inner_text("main")


def test_who_comes_second_is_told_what_is_possible_now(person, town):
    path = f"/suggestions/{lives.Life(town.players, 'second').submit()}"
    office, colleague = person("liaison"), person("liaison")
    for who in (office, colleague):
        who.finds(path, "退回修改")
        who.opens(f"{path}/do/return_suggestion").check("[name=reason_codes][value=unclear]")
    for who, reason in ((office, "请写明站点位置。"), (colleague, "请补充客流情况。")):
        who.page.fill("[name=reason]", reason)
        who.page.locator("main form button.btn-primary").click()
    colleague.page.locator("main .alert", has_text="没有办成").wait_for()
    assert colleague.page.input_value("[name=reason]") == "请补充客流情况。"
    told = colleague.opens(path).inner_text("main")
    assert "请写明站点位置" in told and "请补充客流情况" not in told


def test_every_main_page_is_fit_for_everybody(person):
    pages = {
        "platform": ("/work", "/webhooks"),
        "officer": ("/unit", "/unit/checks"),
        "deputy": ("/work", "/write", "/nowhere", "/review"),
        "liaison": (
            "/calendar", "/hearings", "/sweeps", "/reports", "/reports/bulletin", "/analysis",
            "/review", "/review?state=accepted", "/key", "/key/recommended", "/columns", "/supervision?coordinate=1", "/assignment", "/ledger?year=x", "/ledger", "/figures", "/results", "/figures/flags", "/appraisals", "/awards", "/scores", "/grades", "/claim", "/search?text=建议",
            "/supervision", "/measures", "/commitments", "/reminders", "/stations", "/stations/encounters", "/stations/voices", "/activities", "/circulars", "/look-backs", "/bundles", "/deputy-words", "/contacts", "/practices", "/local", "/directory/units", "/messages",
        ),
    }  # fmt: skip
    for login, paths in pages.items():
        somebody = person(login)
        for path in paths:
            is_fit(somebody.opens(path))
            assert somebody.page.locator("h1").count() == 1, path
            somebody.page.set_viewport_size({"width": 390, "height": 844})
            assert somebody.page.evaluate("document.documentElement.scrollWidth") <= 390, path
            somebody.page.set_viewport_size({"width": 1280, "height": 900})
    somebody.page.context.clear_cookies()
    is_fit(somebody.opens("/sign-in"))


def is_fit_on_a_phone_too(who, path: str) -> None:
    is_fit(who.opens(path))
    who.page.set_viewport_size({"width": 390, "height": 844})
    is_fit(who.page)
    who.page.set_viewport_size({"width": 1280, "height": 900})


def test_an_office_hands_on_what_its_system_was_given(person):
    """From the office's first page to the part on the suggestion's page, as a tree."""
    deputy, liaison, officer = (person(login) for login in ("deputy", "liaison", "officer"))
    path = write(deputy.opens("/write"), "关于更换省道路灯的建议")
    deputy.does(path, "提交")
    liaison.does(path, "受理立案")
    liaison.finds(path, "单件交办")
    liaison.opens(f"{path}/do/assign_suggestion").select_option("[name=lead]", label="省政府办公厅")
    liaison.page.locator("main form .actions button.btn-primary").click()
    officer.does(path, "签收")
    is_fit(officer.opens(f"{path}/do/distribute_task"))
    officer.page.get_by_label("省路灯管理局").check()
    officer.page.fill("[name=note]", "请提出更换计划。")
    officer.page.fill(
        "[name=due_on]", officer.page.evaluate("new Date(Date.now() + 20 * 864e5).toISOString().slice(0, 10)")
    )
    officer.page.locator("main form .actions button.btn-primary").click()
    officer.finds(path, "请提出更换计划。")
    is_fit(officer.page)
    officer.finds("/system", "省路灯管理局")
    is_fit_on_a_phone_too(officer, "/system")


def test_materials_are_fit_for_who_publishes_and_for_who_reads_them(person):
    for login in ("liaison", "deputy"):
        is_fit_on_a_phone_too(person(login), "/materials")
    reader = person("deputy").opens("/materials")
    reader.locator("main table a").first.click()
    is_fit(reader)


def test_the_meeting_s_page_is_fit_for_everybody(person):
    liaison = person("liaison")
    liaison.opens("/assignment")
    if not liaison.page.locator("[name=name]").is_visible():
        liaison.page.get_by_text("拟定新批次").click()
    liaison.page.fill("[name=name]", "路灯交办会")
    liaison.page.fill("[name=meeting_on]", "2023-02-20")
    liaison.page.get_by_role("button", name="拟定").click()
    liaison.page.get_by_role("link", name="交办会和各单位清单").click()
    path = re.sub(r"^https?://[^/]+", "", liaison.page.url)
    is_fit_on_a_phone_too(liaison, path)
    liaison.page.get_by_text("安排交办会", exact=True).click()
    liaison.page.fill("[name='agenda.0.item']", "通报提出和交办情况")
    liaison.page.get_by_role("button", name="保存").first.click()
    liaison.page.locator("main", has_text="通报提出和交办情况").wait_for()
    is_fit_on_a_phone_too(liaison, path)
    is_fit_on_a_phone_too(liaison, path.replace("/meeting", "/report"))
