"""An office's ledger is read with all its liberties, refused with a sentence per row, and written to print."""

from __future__ import annotations

import io
import time
import zipfile
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.chart import BarChart

from services.gateway import ledger_book
from services.gateway.ledger_book import Directory
from shared.problems import Invalid

DIRECTORY = Directory(
    {"代表甲": ["a"], "代表乙": ["b"], "代表丙": ["c", "d"]}, {"省交通运输厅": "u", "省公安厅": "v"}
)

TODAY = date(2023, 12, 31)


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
    rows, problems = ledger_book.read(content, DIRECTORY, TODAY)
    assert len(rows) == 1
    return rows[0], problems


def test_letters_of_the_place_are_kept_apart_and_words_after_a_letter_are_passed_over():
    own = replace(DIRECTORY, reply_classes={"A": "A类：已解决", "B1": "B1类：今年办", "B2": "B2类：明年办"})
    for written, letter in (("B1", "B1"), ("b2类", "B2"), ("A类（已解决）", "A"), ("A1", "A")):
        rows, _ = ledger_book.read(book(HEADINGS, [*GOOD[:9], written, *GOOD[10:]]), own, TODAY)
        assert rows[0].values["reply_class"] == letter, rows[0].wrong
    rows, _ = ledger_book.read(book(HEADINGS, [*GOOD[:9], "B3", *GOOD[10:]]), own, TODAY)
    assert "应为A、B1、B2" in rows[0].wrong[0]


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


@pytest.mark.parametrize("headings", [
    ["建议\n编号", " 标 题 ", "领衔 代表"], ["立案编号", "案由", "提出代表"], ["建议编号*", "标题（必填）", "领衔代表："], ["建议编号", "标题\x28必填\x29", "领衔代表\x3a"], ["编号\ufeff", "题目", "领衔人"],
])  # fmt: skip
def test_headings_may_be_written_in_their_own_way(headings):
    row, problems = only(book(headings, ["1", "关于公路的建议", "代表甲"]))
    assert problems == b"" and row.values["lead"] == "a"


@pytest.mark.parametrize(
    "written",
    [
        "20230220",
        20230220,
        "44977",
        "2023-02-20T00:00:00",
        "2023-2-20 09:00",
        " 2023 年 2 月 20 日 ",
        "2023-02-20",
        "2023/2/20",
        "2023.2.20",
        "2023年2月20日",
        "\uff12\uff10\uff12\uff13\uff0e\uff12\uff0e\uff12\uff10",  # full-width figures and stops
        datetime(2023, 2, 20),
        44977,
    ],
)
def test_dates_may_be_dates_or_text(written):
    row, _ = only(book(HEADINGS, [*GOOD[:7], written, *GOOD[8:]]))
    assert row.values["assigned_on"] == date(2023, 2, 20)


@pytest.mark.parametrize(
    "names",
    [
        "代表甲、代表乙",
        "代表甲，代表乙",
        "代表甲\x2c代表乙",  # half-width
        "代表甲\x3b代表乙",
        "代表甲/代表乙",
        "代表甲\n代表乙",
        "代表甲 代表乙",
        "代表甲；代表乙，",
        "代 表 甲；代 表 乙",
        "代表甲；代表乙\ufeff",
    ],
)
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
        (7, 20230230, "没有这一天"),
        (7, "0001-01-01", "年份有误"),
        (8, "2099-01-01", "晚于今天"),
        (1, date(2023, 1, 1), "“建议编号”是日期"),
        (2, "\u200b\u202e", "“标题”没有填写"),
        (9, "好", "应为A、B、C、D"),
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
    rows, _ = ledger_book.read(book(HEADINGS, GOOD, GOOD), DIRECTORY, TODAY)
    assert rows[1].wrong == ["建议编号与第 2 行重复"]


@pytest.mark.parametrize(("content", "said"), [(b"", "打不开"), (b"PK\x03\x04broken", "打不开"), (book(["甲", "乙"], [1, 2]), "没有找到表头"), (book(HEADINGS), "没有内容")])  # fmt: skip
def test_what_is_no_ledger_is_refused(content, said):
    with pytest.raises(Invalid, match=said):
        ledger_book.read(content, DIRECTORY, TODAY)


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


# --- what is hardly a ledger ------------------------------------------------------------------------------------


def changed(part, body):
    """A good workbook in which one part is another."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(HEADINGS, GOOD))) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            bad.writestr(name, body if name.endswith(part) else good.read(name))
    return out.getvalue()


def sheet_of(cell, before=""):
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?>{before}<worksheet xmlns="{namespace}"><sheetData>{cell}</sheetData></worksheet>'


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(8))
INSIDE = '<row r="1"><c r="A1" t="inlineStr"><is><t>&{};</t></is></c></row>'
BROKEN = {
    "cut off": book(HEADINGS, GOOD)[:3000],
    "old format": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
    "a web page": "<table><tr><td>建议编号</td></tr></table>".encode(),
    "half a sheet": changed("sheet1.xml", sheet_of("<row>").replace("</", "<")),
    "no text": changed("sheet1.xml", b"\xff\xfenonsense"),
    "styles": changed("styles.xml", "<a"),
    "parts": changed(".rels", "<a"),
    "a file of ours": changed("sheet1.xml", sheet_of(INSIDE.format("x"), '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>')),
    "a billion laughs": changed("sheet1.xml", sheet_of(INSIDE.format("l8"), f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>')),
    "a zip bomb": changed("sheet1.xml", sheet_of(" " * 60_000_000)),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_or_hostile_file_is_refused(what):
    with pytest.raises(Invalid, match="打不开这个文件|超过 48 MB"):
        ledger_book.read(BROKEN[what], DIRECTORY, TODAY)


def edited(edit, *rows):
    workbook = openpyxl.load_workbook(io.BytesIO(book(HEADINGS, *rows)))
    edit(workbook, workbook.active)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_a_stray_cell_in_the_last_row_and_column_costs_nothing():
    began = time.process_time()
    row, problems = only(edited(lambda _, sheet: sheet.cell(1_048_576, 16_384, "x"), GOOD))
    assert problems == b"" and row.values["number"] == "第1号"
    assert time.process_time() - began < 20  # a million empty rows; it was minutes, and gigabytes


def test_more_rows_than_are_taken_are_refused():
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(["建议编号", "标题", "领衔代表"])
    for number in range(ledger_book.MOST_ROWS + 1):
        sheet.append([number, "关于公路的建议", "代表甲"])
    out = io.BytesIO()
    workbook.save(out)
    with pytest.raises(Invalid, match="超过 20000 行"):
        ledger_book.read(out.getvalue(), DIRECTORY, TODAY)


def test_notes_charts_and_hidden_sheets_beside_the_ledger_are_passed_over():
    def beside(workbook, sheet):
        workbook.create_sheet("填表说明", 0).append(["请按表头填写"])
        workbook.create_chartsheet("图", 0).add_chart(BarChart())
        hidden = workbook.create_sheet("去年", 0)
        hidden.append(HEADINGS)
        hidden.sheet_state = "hidden"
        sheet.row_dimensions[2].hidden = sheet.column_dimensions["B"].hidden = True

    row, _ = only(edited(beside, GOOD))
    assert row.values["number"] == "第1号"


def test_of_two_ledgers_in_one_file_none_is_guessed():
    def twice(workbook, sheet):
        workbook.copy_worksheet(sheet).title = "第二张"

    with pytest.raises(Invalid, match="几张工作表都像台账：“Sheet”“第二张”"):
        ledger_book.read(edited(twice, GOOD), DIRECTORY, TODAY)


def test_the_errors_come_back_in_the_same_workbook_whatever_is_merged_and_computed_in_it():
    def decorated(workbook, sheet):
        sheet["D5"] = "=COUNTA(A2:A4)"
        sheet["C6"].value, sheet["C6"].data_type = "=1+1", "s"
        sheet.merge_cells("A4:L4")
        workbook.create_sheet("说明")["A1"] = "勿删"

    bad = [*GOOD[:2], None, *GOOD[3:]]
    rows, problems = ledger_book.read(edited(decorated, bad, [], ["小计"]), DIRECTORY, TODAY)
    workbook = openpyxl.load_workbook(io.BytesIO(problems))
    assert workbook.sheetnames == ["Sheet", "说明"]
    sheet = workbook["Sheet"]
    assert sheet["D5"].value == "=COUNTA(A2:A4)" and sheet["C6"].data_type == "s"
    assert "“标题”没有填写" in sheet["L2"].value
    again, _ = ledger_book.read(problems, DIRECTORY, TODAY)
    assert [row.wrong for row in again] == [
        row.wrong for row in rows
    ]  # sent in again, it is understood the same


@pytest.mark.parametrize("sign", "=+-@")
def test_no_text_of_ours_is_a_formula_in_the_exported_workbook(sign):
    line = {
        "number": "1",
        "title": f"{sign}cmd|' /C calc'!A0",
        "lead_deputy": f"{sign}1",
        "cosigners": [f"{sign}2"],
    }
    sheet = openpyxl.load_workbook(io.BytesIO(ledger_book.write("某县台账", [line]))).active
    assert [sheet[place].data_type for place in ("C3", "D3", "E3")] == ["s", "s", "s"]
    assert sheet["C3"].value == line["title"]
