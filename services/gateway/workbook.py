"""Workbooks that an office can print: title, heading row, widths, filters, frozen panes, landscape A4."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

LINE_POINTS = 14.0  # one line of text in a row


@dataclass
class Sheet:
    """One sheet: its tab, its title, (heading, width in half-width signs) of each column, and the rows as text.

    The first column is the running number, which is written for the rows. `wide`: columns whose text is not centred.
    """

    name: str
    title: str
    columns: Sequence[tuple[str, int]]
    rows: list[list[str]]
    wide: frozenset[int] = field(default_factory=frozenset)
    closing: str = ""  # a line below the rows, as for who signs for them


def write(*sheets: Sheet) -> bytes:
    """The workbook."""
    out = io.BytesIO()
    # Text from users stays text: a title that begins with “=” is no formula.
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter", "border": 1, "text_wrap": True}
    formats = {
        "cell": book.add_format(base),
        "centred": book.add_format({**base, "align": "center"}),
        "heading": book.add_format({**base, "bold": True, "align": "center", "bg_color": "#E8EEF7"}),
        "title": book.add_format(
            {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"}
        ),
        "closing": book.add_format({"font_name": "宋体", "font_size": 11, "valign": "vcenter"}),
    }
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name), sheet, formats)
    book.close()
    return out.getvalue()


def _write(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    last = len(sheet.columns) - 1
    page.merge_range(0, 0, 0, last, sheet.title, formats["title"])
    page.set_row(0, 30)
    for column, (name, width) in enumerate(sheet.columns):
        page.write_string(1, column, name, formats["heading"])
        page.set_column(column, column, width)
    for index, row in enumerate(sheet.rows, 1):
        page.write_number(index + 1, 0, index, formats["centred"])
        for column, value in enumerate(row, 1):
            page.write_string(
                index + 1, column, value, formats["cell" if column in sheet.wide else "centred"]
            )
        page.set_row(index + 1, LINE_POINTS * _lines_of(row, sheet.columns))
    if sheet.closing:
        at = len(sheet.rows) + 3
        page.merge_range(at, 0, at, last, sheet.closing, formats["closing"])
        page.set_row(at, 30)
    page.autofilter(1, 0, max(len(sheet.rows) + 1, 1), last)
    page.freeze_panes(2, 3)
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.center_horizontally()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, 1)
    page.set_footer("&C第 &P 页，共 &N 页")


def _lines_of(row: list[str], columns: Sequence[tuple[str, int]]) -> int:
    """How many lines the row needs: programs other than Excel do not measure wrapped text when they open a workbook."""
    needed = 1
    for value, (_, width) in zip(row, columns[1:], strict=True):
        taken = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in value)
        needed = max(needed, -(-taken // (width - 1)))
    return needed
