"""An office's ledger is read with all its liberties, refused with a sentence per row, and written to print."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest

from services.gateway import ledger_book
from services.gateway.ledger_book import Directory
from shared.problems import Invalid

DIRECTORY = Directory(
    {"代表甲": ["a"], "代表乙": ["b"], "代表丙": ["c", "d"]}, {"省交通运输厅": "u", "省公安厅": "v"}
)


def book(headings, *rows, title=None) -> bytes:
    workbook = openpyxl.Workbook()
    if title:
        workbook.active.append([title])
    workbook.active.append(headings)
    for row in rows:
        workbook.active.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


HEADINGS = [
    "序号",
    "建议编号",
    "标题",
    "领衔代表",
    "附议代表",
    "主办单位",
    "会办单位",
    "交办日期",
    "答复日期",
    "办理结果",
    "代表评价",
]
GOOD = [
    1,
    "第1号",
    "关于公路的建议",
    "代表甲",
    "代表乙",
    "省交通运输厅",
    "省公安厅",
    date(2023, 2, 20),
    "2023年5月10日",
    "A类",
    "满意",
]


def only(content):
    rows, problems = ledger_book.read(content, DIRECTORY)
    assert len(rows) == 1
    return rows[0], problems


def test_a_good_row_becomes_a_row_of_the_command():
    row, problems = only(book(HEADINGS, GOOD, title="某县代表建议台账"))
    assert problems == b""
    assert ledger_book.command_row(row) == {
        "number": "第1号", "title": "关于公路的建议", "lead": "a", "cosigners": ["b"], "lead_unit": "u", "joint_units": ["v"],
        "assigned_on": "2023-02-20", "replied_on": "2023-05-10", "reply_class": "A", "result": "satisfied",
    }  # fmt: skip


def test_headings_may_be_in_any_order():
    order = [10, 3, 2, 1, 0, 4, 6, 5, 8, 7, 9]
    row, problems = only(book([HEADINGS[i] for i in order], [GOOD[i] for i in order]))
    assert problems == b"" and row.values["lead_unit"] == "u"


@pytest.mark.parametrize(
    "written", ["2023-02-20", "2023/2/20", "2023.2.20", "2023年2月20日", datetime(2023, 2, 20), 44977]
)
def test_dates_may_be_dates_or_text(written):
    row, _ = only(book(HEADINGS, [*GOOD[:7], written, *GOOD[8:]]))
    assert row.values["assigned_on"] == date(2023, 2, 20)


@pytest.mark.parametrize("names", ["代表甲、代表乙", "代表甲,代表乙", "代表甲\n代表乙", "代表甲 代表乙"])
def test_several_names_may_share_a_cell(names):
    row, _ = only(book(["建议编号", "标题", "领衔代表", "附议代表"], ["1", "标题", None, names]))
    assert row.values["cosigners"] == ["a", "b"]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (2, None, "“标题”没有填写"),
        (3, "代表丁", "没有登记名为“代表丁”的代表"),
        (3, "代表丙", "2 位代表同名"),
        (3, "代表甲、代表乙", "只能填一个"),
        (5, "省水利厅", "没有登记名为“省水利厅”的单位"),
        (5, None, "“主办单位”没有填写"),
        (7, "2023年2月30日", "没有这一天"),
        (7, "去年", "看不出是哪一天"),
        (8, "2023-01-01", "答复日期早于交办日期"),
        (9, "好", "应为 A、B、C 或 D"),
        (9, None, "“办理结果”没有填写"),
        (10, "很好", "应为满意、基本满意、不满意"),
        (4, "代表甲", "领衔代表又列为附议代表"),
    ],
)
def test_what_is_wrong_is_said_in_the_row(column, value, said):
    row, problems = only(book(HEADINGS, [*GOOD[:column], value, *GOOD[column + 1 :]]))
    assert said in ";".join(row.wrong)
    sheet = openpyxl.load_workbook(io.BytesIO(problems)).active
    assert sheet.cell(1, 12).value == "导入问题"
    assert said in sheet.cell(2, 12).value


def test_a_number_that_stands_twice_is_wrong():
    rows, _ = ledger_book.read(book(HEADINGS, GOOD, GOOD), DIRECTORY)
    assert rows[1].wrong == ["建议编号与第 2 行重复"]


@pytest.mark.parametrize(("content", "said"), [(b"", "打不开"), (b"PK\x03\x04broken", "打不开"), (book(["甲", "乙"], [1, 2]), "没有找到表头"), (book(HEADINGS), "没有内容")])  # fmt: skip
def test_what_is_no_ledger_is_refused(content, said):
    with pytest.raises(Invalid, match=said):
        ledger_book.read(content, DIRECTORY)


def test_the_written_workbook_can_be_printed_and_holds_no_formula():
    line = {
        "number": "第1号",
        "title": "=1+1",
        "lead_deputy": "代表甲",
        "joint_units": [],
        "cosigners": [],
        "state_label": "已办结",
    }
    sheet = openpyxl.load_workbook(io.BytesIO(ledger_book.write("某县台账", [line]))).active
    assert (sheet["A1"].value, sheet["C3"].value, sheet["C3"].data_type) == ("某县台账", "=1+1", "s")
    assert (
        sheet.freeze_panes == "D3" and sheet.auto_filter.ref and sheet.page_setup.orientation == "landscape"
    )


def test_a_long_title_gets_the_lines_it_needs_on_paper():
    lines = [{"title": "关于公路的建议"}, {"title": "关于" + "很长的" * 20 + "建议"}]
    sheet = openpyxl.load_workbook(io.BytesIO(ledger_book.write("台账", lines))).active
    assert sheet.row_dimensions[4].height >= 4 * sheet.row_dimensions[3].height
    assert sheet.page_setup.orientation == "landscape" and sheet.print_title_rows == "$1:$2"
