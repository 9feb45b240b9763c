"""A unit looks at its own board; numbers open to the list behind them."""

from __future__ import annotations

from test_pages_handling import REPLY, case  # noqa: F401


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


def test_who_acts_for_no_unit_has_no_board(case):  # noqa: F811
    refused = case.people["deputy"].get("/unit")
    assert refused.status_code == 403 and "由承办单位使用" in refused.text
