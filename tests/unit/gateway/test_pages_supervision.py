"""Supervision on the screen: each finds what there is to do, does it in a form, and sees what became of it."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pytest
from harness import PROVINCE

from shared.identity import SYSTEM
from shared.problems import NotFound
from tests.unit.gateway.conftest import HUNAN, PASSWORD, SESSION, Web
from tests.unit.supervision.conftest import Life

OTHERS = (("intake", "suggestion"), ("assignment", "handling"), ("evaluation", "evaluation"))
WAITING = (
    ("intake", "intake_waiting"),
    ("assignment", "assignment_waiting"),
    ("evaluation", "evaluation_waiting"),
)


class Browser:
    """Somebody who opens pages and fills in the forms that they show."""

    def __init__(self, web, login):
        self.browser = web.browser()
        page = self.browser.get("/sign-in")
        form = {"csrf_token": self._token(page.text), "login": login, "password": PASSWORD}
        assert self.browser.post("/sign-in", data=form).status_code == 303

    @staticmethod
    def _token(text):
        return re.search(r'name="csrf_token" value="([^"]+)"', text)[1]

    def reads(self, path):
        page = self.browser.get(path)
        assert page.status_code == 200, page.text
        return page.text.partition("<main")[2]

    def links(self, path):
        """{what a link says: where it leads}."""
        found = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', self.reads(path), re.S)
        return {re.sub(r"<[^>]+>|\s", "", text): href.replace("&amp;", "&") for href, text in found}

    def fills_in(self, path, **data):
        text = self.reads(path)
        hidden = dict(re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)"', text))
        action = re.search(r'<form [^>]*method="post"[^>]*action="([^"]+)"', text)[1]
        answer = self.browser.post(action, data={**hidden, **data})
        assert answer.status_code == 303, answer.text
        return answer


@pytest.fixture
def web(network_of):
    network = network_of("directory", "supervision", "gateway", today=date(2023, 1, 13))
    network.do(SYSTEM, "directory", "register_divisions", divisions=[HUNAN])
    network.do(SYSTEM, "directory", "open_session", congress=PROVINCE, **SESSION)
    web = Web(network)
    web.transport.answers |= dict.fromkeys(OTHERS, NotFound("没有找到这件建议。")) | {
        key: [] for key in WAITING
    }
    return web


@pytest.fixture
def life(web):
    """A suggestion with the tax office, whose clerk has an account, and its deputy."""
    life = Life(web.network)
    for who, kind in ((life.tax, "register_unit"), (life.lead, "register_deputy")):
        who["id"] = web.network.do(SYSTEM, "directory", kind, congress=PROVINCE, name=who["name"])["id"]
    web.add_account("clerk", "经办人甲", {"role": "handler", "congress": PROVINCE, "unit": life.tax["id"]})
    web.add_account("deputy", "代表甲", {"role": "deputy", "congress": PROVINCE, "seat": life.lead["id"]})
    web.add_account("liaison", "联工委甲", {"role": "liaison", "congress": PROVINCE})
    return life.up_to_assignment()


@pytest.fixture
def clerk(web, life):
    return Browser(web, "clerk")


@pytest.fixture
def office(web, life):
    return Browser(web, "liaison")


@pytest.fixture
def promised(life):
    life.replied(
        date(2023, 5, 15), reply_class="B", promises=(("建成联合运维中心", "2023-06-10", "挂牌运行"),)
    )
    return life


def test_without_promises_the_board_says_so(office):
    assert "还没有承诺事项" in office.reads("/commitments")


def test_the_unit_reports_and_the_office_confirms_from_their_own_lists(clerk, office, promised):
    clerk.fills_in(clerk.links("/work")["兑现承诺，报告完成"], evidence="已挂牌。", kept_on="2023-05-15")
    assert "已报完成，待确认" in clerk.reads(f"/suggestions/{promised.id}")
    form = office.links("/work")["核实后确认销号"]
    text = office.reads(form)
    assert "已挂牌。" in text and "挂牌运行" in text and "不同意销号" in text
    office.fills_in(form)
    board = office.reads("/commitments")
    assert "已经清零" in board and "已销号 1" in board


def test_the_board_shows_what_is_left_and_exports_it(office, promised):
    board = office.reads("/commitments")
    assert "建成联合运维中心" in board and "未销号 1" in board and "第十四届一次会议" in board
    answer = office.browser.get("/commitments/export?state=left")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert [cell.value for cell in sheet[3]][3:7] == ["省税务局", "建成联合运维中心", "挂牌运行", ""]
    assert office.browser.get("/commitments?year=去年").status_code == 422
