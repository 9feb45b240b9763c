"""The ledger and the figures as pages: what is wrong is said where it was filled in, and an import's faults by row."""

from __future__ import annotations

import base64
import io
import re

import openpyxl
import pytest
from harness import PROVINCE, TestNetwork

from shared.identity import SYSTEM, Actor, Role

HUNAN = {
    "path": "43",
    "code": "43",
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}


@pytest.fixture
def office(network_of):
    """The liaison office's browser, at a congress with one deputy."""
    from tests.unit.gateway.conftest import PASSWORD, Web

    network: TestNetwork = network_of("directory", "intake", "supervision", "evaluation", "search", "gateway")
    network.do(SYSTEM, "directory", "register_divisions", divisions=[HUNAN])
    network.do(SYSTEM, "directory", "open_session", congress=PROVINCE, term=14, ordinal=1, opens_on="2023-01-13", closes_on="2023-01-19")  # fmt: skip
    network.do(SYSTEM, "directory", "register_deputy", congress=PROVINCE, name="代表甲")
    web = Web(network)
    web.add_account("liaison", "联工委甲", {"role": "liaison", "congress": PROVINCE})
    return Office(web, PASSWORD)


class Office:
    def __init__(self, web, password):
        self.web, self.browser = web, web.browser()
        self.post("/sign-in", "/sign-in", login="liaison", password=password)

    def post(self, page, path, **data):
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.browser.get(page).text)[1]
        return self.browser.post(path, data={"csrf_token": token, **data})

    def imports(self, *rows, content=b""):
        book, out = openpyxl.Workbook(), io.BytesIO()
        for row in (["建议编号", "标题", "领衔代表"], *rows):
            book.active.append(row)
        book.save(out)
        file = (io.BytesIO(content or out.getvalue()), "台账.xlsx")
        return self.post("/ledger", "/ledger/import", congress=PROVINCE, file=file)


@pytest.mark.parametrize("page", ["/ledger", "/figures", "/search"])
def test_a_year_that_is_none_is_told_beside_the_year(office, page):
    answer = office.browser.get(f"{page}?year=去年")
    assert answer.status_code == 422
    assert 'value="去年" aria-invalid="true" aria-describedby="year-error"' in answer.text
    assert 'id="year-error">应当是整数' in answer.text


def test_a_filter_that_nobody_can_choose_changes_nothing(office):
    assert office.browser.get("/ledger?light=purple").status_code == 422


def test_each_wrong_row_is_told_and_the_workbook_comes_along(office):
    answer = office.imports(["第1号", "关于公路的建议", "代表甲"], ["第2号", "关于学校的建议", "没有的人"])
    assert answer.status_code == 422
    assert "1 行有误，一件也没有导入" in answer.text
    assert "第 3 行：" in answer.text and "没有的人" in answer.text
    marked = base64.b64decode(re.search(r'href="data:[^"]*;base64,([^"]+)"', answer.text)[1])
    sheet = openpyxl.load_workbook(io.BytesIO(marked)).active
    assert "没有的人" in sheet.cell(3, 4).value and sheet.cell(2, 4).value is None
    assert office.web.network.published("intake") == []


def test_what_is_no_workbook_is_told_beside_the_file(office):
    answer = office.imports(content=b"no workbook")
    assert answer.status_code == 422
    assert 'id="file-error">打不开这个文件' in answer.text


def test_a_right_workbook_is_taken_in(office):
    answer = office.imports(["第1号", "关于公路的建议", "代表甲"])
    assert answer.status_code == 303
    assert "已导入 1 件" in office.browser.get(answer.headers["Location"]).text


def test_what_is_merged_into_is_chosen_from_similar_ones_first_and_then_the_newest(office):
    imported = [
        ["第1号", "关于修建养老服务中心的建议", "代表甲"],
        ["第2号", "关于整治公路急弯的建议", "代表甲"],
        ["第3号", "关于改善学校食堂的建议", "代表甲"],
    ]
    for row in imported:
        assert office.imports(row).status_code == 303
        office.web.network.settle()
    network, seat = office.web.network, office.web.network.rows("intake", "copies")["copies"]
    deputy = Actor("jia", "代表甲", (Role("deputy", PROVINCE, seat=next(r["id"] for r in seat if r["kind"] == "deputy")),))  # fmt: skip
    text = {"title": "建议多修建养老服务中心", "situation": "老人多，养老服务中心少，床位不够，排队两年。", "analysis": "用地没有规划，经费没有来源。",
            "proposals": "（一）规划用地。（二）新建养老服务中心两处。", "kind": "suggestion", "category": "民政养老"}  # fmt: skip
    id = network.do(deputy, "intake", "draft_suggestion", congress=PROVINCE, **text)["id"]
    network.do(deputy, "intake", "submit_suggestion", id)
    page = office.browser.get(f"/suggestions/{id}/do/merge_suggestion").text
    offered = re.findall(r"<option[^>]*>\s*([^<]*第\d号[^<]*)", page[page.index('name="into"') :])
    assert [re.search(r"第(\d)号", option)[1] for option in offered] == ["1", "3", "2"]
    assert "内容相近" in offered[0] and not any("内容相近" in option for option in offered[1:])
