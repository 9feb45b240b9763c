"""Takes an office's workbook in, and writes one out: for the page, the API and the command line alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from flask import Response
from werkzeug.datastructures import FileStorage

from services.gateway import access, ledger_book
from services.gateway.calls import Calls
from services.gateway.pages.places import reply_classes_at
from shared.contracts import directory, intake, supervision
from shared.pace import aside
from shared.problems import Invalid
from shared.terms import CATEGORIES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = 1000
MOST_BYTES = 20 * 2**20


@dataclass
class Outcome:
    """What became of a workbook: how many were added and known, or what is wrong, by row and as the workbook."""

    added: int = 0
    known: int = 0
    wrong: dict[int, str] = field(default_factory=dict)
    problems: bytes = b""


def take_in(calls: Calls, congress: str, file: FileStorage | None) -> Outcome:
    """Read the workbook and have intake take all of it in, or nothing. Raises Invalid when it cannot be read at all."""
    if file is None or not file.filename:
        raise Invalid("请选择要导入的台账工作簿。", {"file": ["请选择文件。"]})
    content = file.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Invalid("文件超过 20 MB，请分成几个文件导入。", {"file": ["文件太大。"]})
    rows, problems = aside(ledger_book.read, content, _directory(calls, congress), access.today())
    if problems:
        return Outcome(wrong={row.at: "；".join(row.wrong) for row in rows if row.wrong}, problems=problems)
    data = {"congress": congress, "rows": [ledger_book.command_row(row) for row in rows]}
    answer = calls.execute(intake.IMPORT_LEDGER, "", data)
    return Outcome(added=answer["added"], known=answer["known"])


def export(calls: Calls, wanted: dict[str, Any]) -> tuple[str, bytes]:
    """(file name, workbook) of all lines that the person may see and that pass the filters."""
    lines = all_lines(calls, wanted)
    place = calls.ask(directory.CONGRESS, id=wanted["congress"])["name"] if wanted.get("congress") else ""
    year = f"{wanted['year']}年" if wanted.get("year") not in (None, "", "0", 0) else ""
    title = f"{place}{year}代表建议办理台账"
    return f"{title}.xlsx", aside(ledger_book.write, title, lines)


def all_lines(calls: Calls, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """All lines that the person may see and that pass the filters."""
    lines: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = calls.ask(supervision.LEDGER, **wanted, cursor=cursor, limit=PAGE)
        lines += page["lines"]
        cursor = page.get("cursor") or ""
        if not cursor:
            return lines


def as_workbook(content: bytes, name: str, status: int = 200) -> Response:
    """A workbook to download, with its Chinese name."""
    disposition = f"attachment; filename=ledger.xlsx; filename*=UTF-8''{quote(name)}"
    return Response(content, status=status, mimetype=XLSX, headers={"Content-Disposition": disposition})


def _directory(calls: Calls, congress: str) -> ledger_book.Directory:
    deputies: dict[str, list[str]] = {}
    for deputy in calls.ask(directory.DEPUTIES, congress=congress):
        deputies.setdefault(deputy["name"], []).append(deputy["id"])
    units = calls.ask(directory.UNITS, congress=congress)
    own = calls.ask(intake.REVIEW_LISTS, congresses=[congress])["categories"]
    return ledger_book.Directory(
        deputies,
        {unit["short"]: unit["id"] for unit in units} | {u["name"]: u["id"] for u in units},
        tuple(dict.fromkeys([*own, *CATEGORIES])),
        reply_classes_at(congress),
    )
