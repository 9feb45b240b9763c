"""本地做法 on the screen: what a place's practices bring, for whom, with nothing in it that the ledger would not show."""

from __future__ import annotations

import io
import time
from datetime import date

import openpyxl
import pytest
from harness import PROVINCE

from services.gateway import local
from services.gateway.hooks import Document, Export, Page, Printed, Row, Table
from shared.identity import SYSTEM
from shared.plugins import Plugin, collect, hookimpl
from shared.practices import id_of
from shared.problems import NotFound
from tests.unit.gateway.conftest import HUNAN, SESSION, Web
from tests.unit.gateway.test_pages_supervision import OTHERS, WAITING, Browser
from tests.unit.supervision.conftest import Life

TITLE = "关于联合运维的建议"


def titles_of(facts):
    rows = tuple(Row((line.title, line.result or "（不知道）"), line.id, line.light) for line in facts.lines)
    return Table("清单", ("标题", "评价"), rows)


class Own(Plugin):
    """Everything that a practice may bring; what is broken in it is broken in the last of each."""

    name, label, summary, source = "own", "本地清单做法", "清单", "某市"
    places = ("congress", "unit")

    @hookimpl
    def pages(self):
        return [
            Page("all", "全部清单", lambda facts: [titles_of(facts)], about="都在这里。", offers=("year", "reply_class")),
            Page("office", "联工委清单", lambda facts: [titles_of(facts)], roles=("liaison",)),
            Page("broken", "坏的清单", lambda facts: 1 / 0),
            Page("slow", "慢的清单", _for_ever),
            Page("nonsense", "错的清单", lambda facts: ["<script>alert(1)</script>"]),
        ]  # fmt: skip

    @hookimpl
    def exports(self):
        return [Export("all", "清单工作簿", lambda facts: [titles_of(facts)])]

    @hookimpl
    def documents(self):
        return [
            Document("list", "清单文书", lambda facts: Printed("清单", ("<b>全部</b>", titles_of(facts)), ("某人",))),
            Document("one", "一件文书", lambda facts: Printed("函", (facts.lines[0].title,)), of="suggestion"),
        ]  # fmt: skip


def _for_ever(facts):
    while True:
        time.monotonic()


class Broken(Plugin):
    name, label, summary = "broken", "坏做法", "坏"

    @hookimpl
    def pages(self):
        return [Page("No Key", "", lambda facts: [])]


@pytest.fixture
def web(network_of):
    plugins = collect([("a", lambda: Own), ("b", lambda: Broken)])
    network = network_of("directory", "supervision", "gateway", today=date(2023, 1, 13), plugins=plugins)
    network.do(SYSTEM, "directory", "register_divisions", divisions=[HUNAN])
    network.do(SYSTEM, "directory", "open_session", congress=PROVINCE, **SESSION)
    web = Web(network)
    web.transport.answers |= dict.fromkeys(OTHERS, NotFound("没有找到这件建议。")) | {
        key: [] for key in WAITING
    }
    return web


@pytest.fixture
def life(web):
    """A suggestion that the tax office handles, and one of water that it has nothing to do with."""
    life = Life(web.network)
    for who, kind in ((life.tax, "register_unit"), (life.lead, "register_deputy")):
        who["id"] = web.network.do(SYSTEM, "directory", kind, congress=PROVINCE, name=who["name"])["id"]
    clerk = {"role": "handler", "congress": PROVINCE, "unit": life.tax["id"]}
    web.add_account("clerk", "经办人甲", clerk)
    web.add_account("liaison", "联工委甲", {"role": "liaison", "congress": PROVINCE})
    web.add_account("operator", "运维甲", {"role": "operator"})
    web.add_stranger()
    life.up_to_assignment()
    other = Life(web.network, title="关于水渠的建议")
    other.accepted(date(2023, 1, 20), 2)
    other.assigned(date(2023, 2, 20), [other.of_task(unit=other.water)])
    return life


def switch_on(web, name="own"):
    version = {
        "effective_on": "2023-01-13", "on": True, "settings": {}, "ended": False, "reason": "", "set_by": "联工委甲", "set_on": "2023-01-13",
    }  # fmt: skip
    web.network.tell(
        "practice.recorded.v1", id_of(PROVINCE, name), PROVINCE, name=name, label=name, place=PROVINCE, place_kind="congress",
        place_name="", reason="", versions=[version],
    )  # fmt: skip


def test_without_a_practice_there_is_no_entry_and_no_page(web, life):
    office = Browser(web, "liaison")
    assert "本地做法" not in office.browser.get("/work").text
    assert "没有带来看板" in office.reads("/local")
    assert office.browser.get("/local/own/pages/all").status_code == 404


def test_the_menu_leads_to_the_lists_and_the_lists_to_the_suggestions(web, life):
    switch_on(web)
    office = Browser(web, "liaison")
    assert "本地做法" in office.browser.get("/work").text
    links = office.links("/local")
    page = office.reads(links["全部清单"])
    assert TITLE in page and "关于水渠的建议" in page and "都在这里。" in page
    assert office.links(links["全部清单"])[TITLE] == f"/suggestions/{life.id}"
    assert "没有符合条件的建议" in office.reads(links["全部清单"] + "&year=2019")


def test_each_sees_the_own_lines_and_what_is_for_the_own_role(web, life):
    switch_on(web)
    clerk, stranger = Browser(web, "clerk"), Browser(web, "stranger")
    links = clerk.links("/local")
    assert "联工委清单" not in links
    page = clerk.reads(links["全部清单"])
    assert TITLE in page and "关于水渠" not in page
    assert clerk.browser.get("/local/own/pages/office").status_code == 404
    for path in ("/local/own/pages/all", f"/local/own/pages/all?congress={PROVINCE}", f"/local/own/exports/all?congress={PROVINCE}"):  # fmt: skip
        assert stranger.browser.get(path).status_code == 404
    assert "没有带来看板" in stranger.reads("/local")


def test_a_unit_does_not_read_in_a_list_what_it_may_not_know_yet(web, life):
    switch_on(web)
    life.replied(date(2023, 5, 15))
    life.judged(date(2023, 5, 18), life.lead, "unsatisfied")
    assert "unsatisfied" in Browser(web, "liaison").reads("/local/own/pages/all")
    for path in ("/local/own/pages/all", "/local/own/documents/list"):
        assert "unsatisfied" not in Browser(web, "clerk").reads(path)


def test_the_workbook_and_the_document_have_the_same_lines_as_text(web, life):
    switch_on(web)
    office = Browser(web, "liaison")
    answer = office.browser.get("/local/own/exports/all")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert [cell.value for cell in sheet[2]] == ["序号", "标题", "评价"]
    assert {sheet.cell(row, 2).value for row in (3, 4)} == {TITLE, "关于水渠的建议"}
    page = office.reads("/local/own/documents/list")
    assert "&lt;b&gt;" in page and "某人" in page and TITLE in page


def test_a_document_of_one_suggestion_is_opened_from_its_page(web, life):
    switch_on(web)
    for login in ("liaison", "clerk"):
        browser = Browser(web, login)
        path = browser.links(f"/suggestions/{life.id}")["一件文书"]
        assert TITLE in browser.reads(path)
    assert Browser(web, "stranger").browser.get(path).status_code == 404


@pytest.mark.parametrize(("key", "kind"), [("broken", "error"), ("slow", "overtime"), ("nonsense", "answer")])
def test_a_list_that_cannot_be_made_says_so_and_the_operator_hears_of_it(web, life, key, kind):
    switch_on(web)
    page = Browser(web, "liaison").reads(f"/local/own/pages/{key}")
    assert "没有做出来" in page and "script" not in page
    (failure,) = web.runtime.hooks.failures.values()
    assert (failure.plugin, failure.hook, failure.kind) == ("own", "pages", kind)
    operations = Browser(web, "operator").reads("/operations")
    assert "own" in operations and failure.error.split(":")[0] in operations


def test_one_that_offers_nonsense_takes_nothing_from_the_others(web, life):
    switch_on(web)
    switch_on(web, "broken")
    assert "全部清单" in Browser(web, "liaison").reads("/local")
    assert web.runtime.hooks.failures["broken", "pages"].kind == "error"


class ManyRecords:
    """A way to the services that has more records than one answer takes."""

    def __init__(self):
        self.records = [{"task": str(number)} for number in range(750)]

    def gather(self, questions):
        return {name: self.ask(query, **params) for name, (query, params) in questions.items()}

    def ask(self, query, *, limit, offset=0, **params):
        return self.records[offset : offset + limit]


def test_a_practice_that_needs_records_gets_all_of_them():
    calls, place = ManyRecords(), local.Place(PROVINCE)
    assert local._answers(calls, place, ("records",), date(2023, 5, 1), [])["records"] == calls.records
