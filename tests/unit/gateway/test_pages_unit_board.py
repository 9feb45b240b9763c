"""A unit looks at its own board; numbers open to the list behind them."""

from __future__ import annotations

from datetime import date

from harness import PROVINCE, deputy, liaison, unit_clerk
from test_pages_handling import REPLY, case  # noqa: F401
from test_pages_suggestions import Person

from services.gateway.pages.systems import most_urgent
from shared.identity import SYSTEM
from tests.unit.gateway.conftest import DRAFT


def row(page):
    return page[page.index("<tbody>") : page.index("</tbody>")]


def test_numbers_open_to_their_list(case):  # noqa: F811
    head = case.people["head"]
    assert "/unit" in head.get("/work").text
    year = case.network.clock.now().year
    page = head.get("/unit").text
    assert "省税务局待签收 1 项" in row(page)
    case.do("clerk", "sign_for")
    case.do("clerk", "draft_reply", **{**REPLY, "drafted_rank": "section_head"})
    page = head.get("/unit").text
    assert "省税务局办理中 1 项" in row(page) and "省税务局负责人执笔 1 项" in row(page)
    assert "待签收 1 项" not in row(page)
    unit = case.network.rows("assignment", "tasks")["tasks"][0]["unit_id"]
    opened = head.get(f"/unit?year={year}&unit={unit}&count=heads").text
    assert "处室负责人执笔" in opened and "负责人执笔 1 项</h2>" in opened
    assert "没有这样的任务" in head.get(f"/unit?unit={unit}&count=unsigned").text


def test_what_is_due_first_stands_first_and_what_is_done_last():
    done = {"is_done": True, "due_on": "2023-01-01", "number": "0001"}
    undated = {"is_done": False, "due_on": None, "number": "0002"}
    later = {"is_done": False, "due_on": "2023-04-01", "number": "0003"}
    sooner = {"is_done": False, "due_on": "2023-02-01", "number": "0004"}
    assert sorted([done, undated, later, sooner], key=most_urgent) == [sooner, later, undated, done]


def test_who_acts_for_no_unit_has_no_board(case):  # noqa: F811
    refused = case.people["deputy"].get("/unit")
    assert refused.status_code == 403 and "由承办单位使用" in refused.text


def test_a_head_logs_a_check_and_the_clerk_reads_what_is_to_be_put_right(case):  # noqa: F811
    head, clerk = case.people["head"], case.people["clerk"]
    task = case.network.rows("assignment", "tasks")["tasks"][0]["id"]
    about = {"on": "2023-01-15", "scope": "第一季度专项督查", "tasks": task, "found": "还没有与代表沟通。"}
    refused = head.fill_in("/unit/checks", **about)
    assert (
        refused.status_code == 422
        and "应当写明整改期限" in refused.text
        and "还没有与代表沟通。" in refused.text
    )
    assert head.fill_in("/unit/checks", **about, put_right_by="2023-01-20").status_code == 303
    page = clerk.get("/unit/checks").text
    assert "第一季度专项督查" in page and "登记整改" not in page
    assert "第一季度专项督查" not in case.people["liaison"].get("/work").text
    case.network.on(date(2023, 1, 21))
    assert (
        "1 项已逾期" in head.get("/unit").text and "督查时由某head限定为 2023-01-20" in head.get("/unit").text
    )
    assert "内部督查：第一季度专项督查" in head.get("/work").text
    (check,) = case.network.rows("assignment", "checks")["checks"]
    answer = head.post(f"/unit/checks/{check['id']}", {"outcome": "put_right", "text": "已面谈。"})
    assert answer.status_code == 303
    assert "没有待整改的问题" in head.get("/unit").text


def test_checks_are_for_units_alone(case):  # noqa: F811
    refused = case.people["liaison"].get("/unit/checks")
    assert refused.status_code == 403 and "由承办单位使用" in refused.text


def test_the_office_of_a_system_sees_first_what_is_due_first_if_only_to_be_signed_for(case):  # noqa: F811
    network, web = case.network, case.people["liaison"].web
    make = lambda command, **data: network.do(SYSTEM, "directory", command, congress=PROVINCE, **data)["id"]  # noqa: E731
    office = make("register_unit", name="省政府办公厅", kind="distributing")
    water, money = (make("register_unit", name=name, parent=office) for name in ("省水利厅", "省财政厅"))
    writer = deputy("代表甲", case.seat)
    for title, unit in (("关于修复管网的建议", water), ("关于资金安排的建议", money)):
        id = network.do(writer, "intake", "draft_suggestion", **{**DRAFT, "title": title})["id"]
        network.do(writer, "intake", "submit_suggestion", id)
        network.do(liaison(), "intake", "accept_suggestion", id)
        task = network.do(liaison(), "assignment", "assign_suggestion", id, lead=unit)["tasks"][0]["task"]
        if unit == water:
            network.do(unit_clerk(unit), "assignment", "sign_for", id, task=task)
    network.settle()
    web.add_account("officer", "交办员甲", {"role": "distributing", "congress": PROVINCE, "unit": office})
    page = row(Person(web, "officer").get("/system").text)
    assert page.index("关于资金安排的建议") < page.index("关于修复管网的建议")
