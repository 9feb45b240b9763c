"""The year on the screen: the office draws it and changes it, everybody reads it and takes it into a calendar of their own."""

from __future__ import annotations

import re
from datetime import date

import pytest
from harness import PROVINCE

from shared.identity import SYSTEM
from tests.unit.gateway.conftest import HUNAN, SESSION, Web
from tests.unit.gateway.test_pages_supervision import WAITING, Browser

YEAR = "/calendar?congress=43&year=2023"


@pytest.fixture
def web(network_of):
    network = network_of("directory", "supervision", "gateway", today=date(2023, 1, 20))
    network.do(SYSTEM, "directory", "register_divisions", divisions=[HUNAN])
    network.do(SYSTEM, "directory", "open_session", congress=PROVINCE, **SESSION)
    web = Web(network)
    web.transport.answers |= {key: [] for key in WAITING}
    web.transport.answers["intake", "my_suggestions"] = []
    web.add_account("liaison", "联工委甲", {"role": "liaison", "congress": PROVINCE})
    unit = network.do(SYSTEM, "directory", "register_unit", congress=PROVINCE, name="省税务局")["id"]
    web.add_account("clerk", "经办人甲", {"role": "handler", "congress": PROVINCE, "unit": unit})
    return web


@pytest.fixture
def office(web):
    return Browser(web, "liaison")


@pytest.fixture
def clerk(web):
    return Browser(web, "clerk")


def unfolded(content: bytes) -> list[dict[str, str]]:
    """The entries of a calendar file as another program reads them."""
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    text = content.replace(b"\r\n ", b"").decode()
    return [
        dict(line.split(":", 1) for line in event.split("\r\n") if ":" in line)
        for event in re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.S)
    ]


def test_the_office_draws_the_year_fixes_a_day_and_everybody_reads_it(office, clerk):
    assert "由联工委生成以后" in clerk.reads(YEAR)
    office.fills_in(YEAR)
    read = clerk.reads(YEAR)
    assert "代表建议交办会" in read and "自2023年2月20日交办之日起3个月" in read
    assert "增加日历事项" not in read and "调整日历事项" not in read
    office.fills_in(
        f"{YEAR}&entry=meeting", since="2023-02-23", until="2023-02-23", reason="与政府协商确定。"
    )
    assert "联工委调整：与政府协商确定。原定2023年2月20日。" in clerk.reads(YEAR)


def test_what_is_wrong_is_said_beside_the_field_and_nothing_changes(office):
    office.fills_in(YEAR)
    page = office.reads(f"{YEAR}&entry=look_back")
    action = re.search(r'action="([^"]+/change_year_entry)"', page)[1]
    hidden = dict(re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)"', page))
    wrong = office.browser.post(
        action, data={**hidden, "since": "2023-10-31", "until": "2023-10-01", "reason": "……"}
    )
    assert wrong.status_code == 422 and "结束日期不能早于开始日期" in wrong.text
    assert 'value="2023-10-31"' in wrong.text
    assert "人工调整" not in office.reads(YEAR)


def test_another_program_reads_the_year(web, office, clerk):
    office.fills_in(YEAR)
    answer = clerk.browser.get("/calendar.ics?congress=43&year=2023")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    entries = {entry["SUMMARY"]: entry for entry in unfolded(answer.data)}
    session = entries["第十四届一次会议"]
    assert (session["DTSTART;VALUE=DATE"], session["DTEND;VALUE=DATE"]) == ("20230113", "20230120")
    assert "起3个月" in entries["答复截止"]["DESCRIPTION"]
    web.add_stranger()
    assert Browser(web, "stranger").browser.get("/calendar.ics?congress=43&year=2023").status_code == 404


def test_a_duty_of_the_year_leads_from_my_work_to_its_entry(office):
    office.fills_in(YEAR)
    where = office.links("/work")["登记完成"]
    office.fills_in(where, note="全部审查完毕。")
    assert "登记完成" not in office.links("/work")
    assert "已完成 2023-01-20" in office.reads(YEAR)


def test_a_hearing_from_its_plan_to_the_report_of_a_unit_and_its_opinion(web, office, clerk):
    unit = web.network.ask(SYSTEM, "directory", "units", congress=PROVINCE)[0]["id"]
    planned = {
        "body": "standing_committee",
        "title": "办理情况的报告",
        "on": "2023-01-20",
        "units": unit,
        "is_open": "true",
    }
    assert "还没有安排听取和审议" in clerk.reads("/hearings")
    page = office.fills_in("/hearings", **planned).headers["Location"]
    assert clerk.links("/work")["提交办理情况报告"] == page
    clerk.fills_in(page, text="承办的建议已全部答复。")
    opinion = {"opinions.0.text": "逐项销号。", "opinions.0.unit": unit, "opinions.0.due_on": "2023-06-30"}
    office.fills_in(page, on="2023-01-20", minutes="会议审议了报告。", **opinion)
    read = clerk.reads(page)
    assert "承办的建议已全部答复" in read and "逐项销号。" in read
    clerk.fills_in(page, text="已销号。")
    assert "已答复，待核定" in clerk.reads(page)
    assert "审议意见" in office.reads("/supervision")


def test_a_round_of_regular_supervision_is_scheduled_on_the_screen(office):
    round = {
        "name": "一季度定期督办",
        "scope": "waiting",
        "form": "sweep",
        "every": "quarter",
        "since": "2023-01-20",
        "until": "2023-02-20",
    }
    page = office.fills_in("/sweeps", **round, led_by="联工委").headers["Location"]
    assert "现在没有属于这个范围的建议" in office.reads(page)
    action = re.search(r'action="([^"]+/end_sweep)"', office.reads(page))[1]
    hidden = dict(re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)"', office.reads(page)))
    assert office.browser.post(action, data={**hidden, "summary": "都已答复。"}).status_code == 303
    assert "2023-04-20 至 2023-05-20" in office.reads("/sweeps")
