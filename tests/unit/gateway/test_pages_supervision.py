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
        action = re.search(r'<form [^>]*method="post"[^>]*action="([^"]+)"', text)
        answer = self.browser.post(action[1] if action else path, data={**hidden, **data})
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


@pytest.fixture
def leader(web, life):
    """The vice-chair who leads the supervision of the suggestion."""
    life.tell(
        "suggestion.designated", date(2023, 2, 27), theme="优化金融财税", leading_supervisor="副主任周明", sponsor="副省长吴刚",
        committee="财经委", decided_on="2023-02-27",
    )  # fmt: skip
    web.add_account("leader", "周明", {"role": "standing_leader", "congress": PROVINCE})
    return Browser(web, "leader")


def test_a_leader_finds_what_to_supervise_goes_there_and_demands(web, leader, clerk, life):
    board = leader.reads("/supervision")
    assert "牵头督办" in board and "还没有督办过，请安排督办" in board
    visit = {"on": "2023-03-20", "method": "on_site", "place": "省税务局", "led_by": "副主任周明"}
    plan = leader.links("/supervision")["安排督办"]
    leader.fills_in(plan, **visit, deputies=[life.lead["id"]], units=[life.tax["id"]])
    guest = Browser(web, "deputy")
    guest.fills_in(guest.links("/work")["答复是否参加2023-03-20的督办"], comes="yes")

    life.network.on(date(2023, 3, 20))
    form = f"/suggestions/{life.id}/do/log_supervision"
    assert 'value="省税务局"' in leader.reads(form)
    demand = {
        "demands.0.text": "打通接口",
        "demands.0.unit": life.tax["id"],
        "demands.0.due_on": "2023-06-30",
    }
    planned = leader.reads(form).split('<option value="')
    chosen = next(part.split('"')[0] for part in planned if "现场督办（省税务局）" in part)
    leader.fills_in(form, **visit, findings="口径不一。", deputies=[life.lead["id"]], visit=chosen, **demand)
    assert "打通接口" in leader.reads("/supervision")
    clerk.fills_in(clerk.links("/work")["答复：督办要求"], text="已打通。")
    leader.fills_in(leader.links("/work")["核定答复：督办要求"])
    assert "没有督办要求" in leader.reads("/supervision")


def test_a_measure_goes_from_the_proposal_to_its_document(office, clerk, life):
    proposal = {"unit": life.tax["id"], "rung": "talk", "because": "久拖不决。"}
    office.fills_in(f"/suggestions/{life.id}/do/propose_measure", **proposal)
    assert "没有督办措施" in clerk.reads("/measures")
    form = office.links("/work")["约谈：决定是否采取"]
    office.fills_in(
        form, decision="take", text="请说明原因。", document_number="湘人督〔2023〕1号", due_on="2023-03-10"
    )
    document = clerk.reads(clerk.links("/measures")["文书"])
    assert "湘人督〔2023〕1号" in document and "请说明原因。" in document and "久拖不决" not in document
    clerk.fills_in(clerk.links("/work")["约谈：回复"], text="已整改。")
    office.fills_in(office.links("/work")["约谈：核实整改后解除"], outcome="已约谈。")
    assert "已解除" in office.reads("/measures?state=ended")


def test_who_supervises_nothing_is_told_why(web, life):
    web.add_account("other", "李华", {"role": "committee", "congress": PROVINCE})
    assert "目前没有由您督办的重点建议" in Browser(web, "other").reads("/supervision")


def test_a_circular_is_drawn_up_issued_and_read_by_the_unit(office, clerk, life):
    life.network.on(date(2023, 6, 1))
    page = office.reads("/circulars")
    assert "还没有通报" in page
    form = {
        "title": "五月通报",
        "since": "2023-05-01",
        "until": "2023-06-01",
        "addressed_to": "各承办单位",
        "text": "请抓紧。",
    }
    drawn = office.fills_in("/circulars", **form, late="true").headers["Location"]
    assert "已逾期" in office.reads(drawn)
    assert "还没有通报" in clerk.reads("/circulars")
    office.fills_in(drawn, document_number="湘人联通报〔2023〕1号")
    assert "湘人联通报〔2023〕1号" in clerk.reads(clerk.links("/circulars")["五月通报"])
    wrong = office.browser.post(
        "/circulars",
        data={**form, "congress": PROVINCE, "until": "2023-04-01", "csrf_token": office._token(page)},
    )
    assert wrong.status_code == 422 and "结束日期不能早于开始日期" in wrong.text and "五月通报" in wrong.text


def test_a_look_back_is_drawn_looked_at_and_exported(office, clerk, life):
    life.replied(date(2023, 4, 3))
    life.judged(date(2023, 4, 5), life.lead, "satisfied")
    life.judged(date(2023, 4, 6), life.cosigner, "satisfied", complete=True)
    life.closed(date(2023, 6, 1))
    life.network.on(date(2023, 9, 5))
    form = {"name": "回头看", "from_year": "2023", "to_year": "2023", "classes": "AB", "share": "10"}
    drawn = office.fills_in("/look-backs", **form, least_of_each_unit="1").headers["Location"]
    found = {
        "suggestion": life.id,
        "finding": "not_true",
        "words": "没有落实。",
        "on": "2023-09-05",
        "due_on": "2023-10-31",
    }
    office.fills_in(drawn, **found)
    assert "不属实 1 件" in office.reads(drawn)
    sheet = openpyxl.load_workbook(io.BytesIO(office.browser.get(f"{drawn}/export").data)).active
    assert [cell.value for cell in sheet[3]][5:7] == ["不属实", "2023-09-05"]
    assert "答复：回头看整改" in clerk.links("/work")
    assert "回头看" not in clerk.reads("/supervision").partition("督办措施")[0]


def test_what_was_sent_is_listed(office, clerk, life):
    office.fills_in(f"/suggestions/{life.id}/do/remind_unit", text="请抓紧办理。")
    assert "人工催办：联工委甲" in clerk.reads("/reminders")


def test_one_list_and_four_systems_are_one_workbook(office, promised):
    office.fills_in(
        f"/suggestions/{promised.id}/do/ask_progress",
        units=[promised.tax["id"]],
        text="请报告。",
        due_on="2023-06-01",
    )
    book = openpyxl.load_workbook(io.BytesIO(office.browser.get("/exports/one-list").data))
    assert book.sheetnames == ["解决问题责任清单", "台账", "责任制", "通报制", "销号制"]
    rows = [[cell.value for cell in row] for row in book["解决问题责任清单"].iter_rows(min_row=3)]
    assert [(row[3], row[4], row[9]) for row in rows] == [
        ("请报告。", "省税务局", "要求报告进展"),
        ("建成联合运维中心", "省税务局", "答复承诺"),
    ]
    assert [cell.value for cell in book["责任制"][3]][1:] == ["省税务局", "1", "0", "1", "0", "1"]
