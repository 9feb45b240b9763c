"""A deputy claims the seat on the page; units are scored, contest and get a decision on theirs."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from harness import PROVINCE, envelope
from openpyxl import load_workbook
from visiting import Browser

from shared.aggregate import new_id
from shared.identity import SYSTEM

PASSWORD, OWN = "a-long-password", "known-to-me-alone"


# --- the seat -----------------------------------------------------------------------------------------------


def test_who_opens_the_account_reads_the_code_once_and_the_deputy_claims_the_seat_with_it(web):
    seat = web.network.do(SYSTEM, "directory", "register_deputy", congress=PROVINCE, name="代表新")["id"]
    office = Browser(web, "liaison")
    role = {"roles.0.role": "deputy", "roles.0.congress": PROVINCE, "roles.0.seat": seat}
    office.posts(
        f"/directory/accounts?congress={PROVINCE}", login="xin", name="代表新", password=PASSWORD, **role
    )
    code = re.search(r"代表新的认领码是 (\w{10})", office.reads(f"/directory/accounts?congress={PROVINCE}"))[
        1
    ]
    assert code not in office.reads(f"/directory/accounts?congress={PROVINCE}")

    deputy = Browser(web, "xin")
    assert "请先<a" in deputy.reads("/work") and "写建议" not in deputy.reads("/work")
    refused = deputy.posts("/claim", code="ABCDEFGHJK", password=OWN)
    assert (refused.status_code, "认领码不对" in refused.text, OWN in refused.text) == (422, True, False)
    assert "席位已认领" in deputy.browser.get(deputy.posts("/claim", code=code, password=OWN).location).text
    assert "写建议" in Browser(web, "xin", OWN).reads("/work")


# --- scores -------------------------------------------------------------------------------------------------


@pytest.fixture
def web(web_with):
    return web_with("evaluation")


@pytest.fixture
def scored(web):
    """A unit with one suggestion that it answered too late, and its head."""
    unit = web.network.do(SYSTEM, "directory", "register_unit", congress=PROVINCE, name="省水利厅")["id"]
    web.add_account("head", "负责人甲", {"role": "unit_head", "congress": PROVINCE, "unit": unit})
    named, id, year = {"id": unit, "name": "省水利厅"}, new_id(), str(web.network.clock.now().year)
    day = f"{year}-01-10"
    told = [
        ("suggestion.accepted.v1", {"title": "关于供水的建议", "number": "第0001号", "category": "水利", "year": int(year), "lead": {"id": new_id(), "name": "代表甲"}, "cosigners": []}),
        ("suggestion.assigned.v1", {"number": "", "title": "", "category": "", "batch": "", "assigned_on": day, "deputies": [], "tasks": [{"task": "t", "unit": named, "role": "lead", "assigned_on": day}]}),
        ("deadline.met.v1", {"deadline": "d", "kind": "reply", "unit": named, "deputy": None, "due_on": day, "done_on": f"{year}-01-12", "late": True}),
    ]  # fmt: skip
    now = web.network.clock.now()
    web.network.deliver(
        [envelope(type, id, PROVINCE, n, now, data) for n, (type, data) in enumerate(told, 1)]
    )
    return year


def test_scores_are_drawn_up_announced_contested_and_decided_on_the_page(web, scored):
    office, head = Browser(web, "liaison"), Browser(web, "head")
    page = f"/scores?congress={PROVINCE}&year={scored}"
    place = {"congress": PROVINCE, "year": scored}
    assert "还没有评分" in office.reads(page)
    office.posts("/scores/all", **place)
    assert "公布之前只有本级人大看到" in (seen := office.reads(page)) and "0/1" in seen
    assert "还没有公布本单位的评分" in head.reads(page)
    office.posts("/scores/announce", **place)
    fields = re.findall(r' id="(f-[^"]+)"', head.reads(page))
    assert len(fields) == len(set(fields)) > 1  # each form's fields have their own labels
    id = re.search(r'id="s-([0-9a-f-]{36})"', head.reads(page))[1]
    empty = head.posts(f"/scores/{id}/contest_point", **place, part="按期办复")
    assert (empty.status_code, "请填写这一项" in empty.text) == (422, True)
    head.posts(f"/scores/{id}/contest_point", **place, part="按期办复", reason="延期已经同意。")
    assert "等待裁定" in head.reads(page)
    assert "裁定申诉" in office.reads("/work")
    wrong = office.posts(
        f"/scores/{id}/decide_contest",
        **place,
        part="按期办复",
        upheld="true",
        points="1000",
        reason="属实。",
    )
    assert wrong.status_code == 422 and "属实。" in wrong.text
    office.posts(
        f"/scores/{id}/decide_contest", **place, part="按期办复", upheld="true", points="20", reason="属实。"
    )
    assert "成立" in head.reads(page) and "属实。" in head.reads(page)
    book = load_workbook(
        BytesIO(office.browser.get(f"/scores/export?congress={PROVINCE}&year={scored}").data)
    )
    rows = list(book.active.iter_rows(values_only=True))
    assert next(row[4:] for row in rows if row[4] == "按期办复")[4:] == ("延期已经同意。", "成立", "属实。")
    assert "没有给附加分" in head.reads(page)
    head.posts(f"/scores/{id}/contest_point", **place, part="附加分", reason="建议转化为地方标准。")
    office.posts(
        f"/scores/{id}/decide_contest", **place, part="附加分", upheld="true", points="2", reason="属实。"
    )
    assert "建议转化为地方标准。" in head.reads(page) and "（原 0.0 分）" in head.reads(page)


def test_what_is_no_year_is_said(web, scored):
    assert date.today() and Browser(web, "liaison").browser.get("/scores?year=abc").status_code == 422


def test_an_office_grades_on_the_page_and_the_unit_reads_it_when_it_is_announced(web, scored):
    web.add_account("jiaoban", "交办处甲", {"role": "distributing", "congress": PROVINCE})
    office, head = Browser(web, "jiaoban"), Browser(web, "head")
    page, place = f"/grades?congress={PROVINCE}&year={scored}", {"congress": PROVINCE, "year": scored}
    assert "还没有评定" in office.reads(page) and "还没有公布年度考核" in head.reads(page)
    unit = re.search(r'name="unit" value="([^"]+)"', office.reads(page))[1]
    wrong = office.posts("/grades/unit", **place, unit=unit, grade="failed", reason="", follows="约谈负责人")
    assert (wrong.status_code, "约谈负责人" in wrong.text, "请写明理由" in wrong.text) == (422, True, True)
    office.posts(
        "/grades/unit", **place, unit=unit, grade="failed", reason="逾期答复。", follows="约谈负责人"
    )
    assert "逾期答复" not in head.reads(page)
    office.posts("/grades/announce", **place)
    assert "不合格" in head.reads(page) and "约谈负责人" in head.reads(page)
    id = re.search(r"/grades/([0-9a-f-]{36})/contest", head.reads(page))[1]
    empty = head.posts(f"/grades/{id}/contest", **place, reason="")
    assert (empty.status_code, "请填写这一项" in empty.text) == (422, True)
    head.posts(f"/grades/{id}/contest", **place, reason="延期已经同意。")
    assert "等待裁定" in head.reads(page) and "裁定等次申诉" in office.reads("/work")
    same = office.posts(f"/grades/{id}/decide", **place, upheld="true", grade="failed", reason="属实。")
    assert (same.status_code, "请选择和原来不同的等次" in same.text, "属实。" in same.text) == (
        422,
        True,
        True,
    )
    office.posts(f"/grades/{id}/decide", **place, upheld="true", grade="passed", reason="属实。")
    assert "原评不合格" in (seen := head.reads(page)) and "合格" in seen and "属实。" in seen
