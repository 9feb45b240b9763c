"""Opens a workbook that somebody sent, which may be anything: finds the sheet with the ledger, gives its rows, marks them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill

from shared.problems import Invalid, Problem

PROBLEMS = "导入问题"
WRONG_INK, WRONG_PAPER = "A61B1B", "FDECEC"
MOST_UNPACKED_BYTES = 48 * 2**20  # 20,000 full rows have 15 MB
MOST_COLUMNS = 100  # what stands further to the right is not read

Cells = tuple[Any, ...]


@dataclass
class Heading:
    """Where the headings stand: the row's number, and {column name: index}."""

    at: int
    columns: dict[str, int]


def read_rows(
    content: bytes, headings_in: Callable[[Cells], dict[str, int]], within: int, most: int
) -> tuple[str, Heading, list[tuple[int, Cells]]]:
    """(name of the sheet, its headings, rows below with their numbers) of the one visible sheet that has headings.

    Row by row, so that a cell in the last row that Excel has costs no more than others. Raises Invalid.
    """
    with _foreign():
        _require_size(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        found = {
            sheet.title: heading
            for sheet in book.worksheets
            if sheet.sheet_state == "visible" and (heading := _find(sheet, headings_in, within)).columns
        }
        best = max((len(heading.columns) for heading in found.values()), default=0)
        ledgers = [name for name, heading in found.items() if 2 * len(heading.columns) > best]
        if len(ledgers) > 1:
            raise Invalid(f"有几张工作表都像台账：“{'”“'.join(ledgers)}”。请分成几个文件导入，或者只留一张。")
        if not ledgers:
            return "", Heading(0, {}), []
        heading, rows = found[ledgers[0]], []
        for at, cells in _rows(book[ledgers[0]], heading.at + 1):
            if cells.count(None) < len(cells):
                rows.append((at, cells))
            if len(rows) > most:
                raise Invalid(f"台账超过 {most} 行，请分成几个文件导入。")
        return ledgers[0], heading, rows


def with_problems(content: bytes, name: str, heading: int, wrong: Mapping[int, str]) -> bytes:
    """The same workbook, formulas and all, with a column that says, per row, what is wrong and how to mend it."""
    with _foreign():
        book = openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
        sheet = book[name]
        titles = {c: sheet.cell(heading, c).value for c in range(1, MOST_COLUMNS)}
        last = max((c for c, title in titles.items() if title), default=0)
        column = next((c for c, title in titles.items() if title == PROBLEMS), last + 1)
        for merged in list(
            sheet.merged_cells.ranges
        ):  # only the first cell of a merged range can be written in
            if merged.min_col <= column <= merged.max_col:
                sheet.unmerge_cells(str(merged))
        sheet.cell(heading, column, PROBLEMS).font = Font(bold=True, color=WRONG_INK)
        for row, sentence in wrong.items():
            cell = sheet.cell(row, column, sentence or None)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            if sentence:
                cell.font, cell.fill = Font(color=WRONG_INK), PatternFill("solid", WRONG_PAPER)
        sheet.column_dimensions[sheet.cell(heading, column).column_letter].width = 60
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()


@contextmanager
def _foreign() -> Iterator[None]:
    """A broken workbook breaks the library in many ways (XML, zip, missing parts): whichever, the file is to blame."""
    try:
        yield
    except Problem:
        raise
    except Exception as error:
        raise Invalid(
            "打不开这个文件：应当是 Excel 工作簿（.xlsx）。旧格式（.xls）请先另存为 .xlsx。"
        ) from error


def _require_size(content: bytes) -> None:
    """zipfile unpacks no more of a part than its entry says."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED_BYTES:
            most = MOST_UNPACKED_BYTES // 2**20
            raise Invalid(f"工作簿解开后超过 {most} MB，请删去图片和多余的工作表，或者分成几个文件导入。")


def _find(sheet: Any, headings_in: Callable[[Cells], dict[str, int]], within: int) -> Heading:
    best = Heading(0, {})
    for at, cells in _rows(sheet, 1, within):
        found = headings_in(cells)
        if len(found) > len(best.columns):
            best = Heading(at, found)
    return best


def _rows(sheet: Any, first: int, last: int | None = None) -> Iterator[tuple[int, Cells]]:
    rows = sheet.iter_rows(min_row=first, max_row=last, max_col=MOST_COLUMNS, values_only=True)
    return ((first + n, cells) for n, cells in enumerate(rows))
