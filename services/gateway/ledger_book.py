"""The office's ledger as a workbook: read it with all its liberties, or say row by row what is wrong; write it to print.

Headings may stand in any order and below a title; dates may be dates or text; several names share a cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from services.gateway import ledger_sheet, workbook
from shared.contracts.field import is_readable, visible
from shared.problems import Invalid
from shared.terms import CATEGORIES, REPLY_CLASSES, SATISFACTION

HEADINGS = {
    "serial": ("序号",),
    "number": ("建议编号", "编号", "立案编号"),
    "title": ("标题", "建议标题", "题目", "案由"),
    "lead": ("领衔代表", "代表姓名", "领衔人", "提出代表"),
    "cosigners": ("附议代表", "联名代表", "附议人"),
    "delegation": ("代表团",),
    "category": ("类别", "分类"),
    "lead_unit": ("主办单位", "承办单位"),
    "joint_units": ("会办单位", "协办单位"),
    "assigned_on": ("交办日期", "交办时间"),
    "due_on": ("办结期限", "答复期限", "办理期限"),
    "replied_on": ("答复日期", "答复时间"),
    "reply_class": ("办理结果", "办理类别", "答复类别"),
    "result": ("代表评价", "满意度", "代表意见"),
}
_NAMED = {title: name for name, titles in HEADINGS.items() for title in titles}
NEEDED = ("number", "title", "lead")
FIRST_YEAR = 1949
MOST_ROWS = 20_000
HEADING_WITHIN_ROWS = 15


@dataclass
class Row:
    """One line of the sheet: its row number, what it says, and what is wrong with it."""

    at: int
    values: dict[str, Any]
    wrong: list[str] = field(default_factory=list)


@dataclass
class Directory:
    """Who is known at the congress: ids by name (units also by short name); and the fields that lines may name."""

    deputies: dict[str, list[str]]
    units: dict[str, str]
    categories: tuple[str, ...] = tuple(CATEGORIES)
    reply_classes: dict[str, str] = field(default_factory=lambda: dict(REPLY_CLASSES))  # the place's letters


def read(content: bytes, directory: Directory, today: date) -> tuple[list[Row], bytes]:
    """The rows, each with what is wrong, and the workbook with those sentences in a column of its own.

    Raises Invalid when it is no workbook, or has no headings that can be understood.
    """
    sheet, heading, rows = ledger_sheet.read_rows(content, _headings_in, HEADING_WITHIN_ROWS, MOST_ROWS)
    if missing := [HEADINGS[name][0] for name in NEEDED if name not in heading.columns]:
        raise Invalid(f"没有找到表头：缺少“{'”“'.join(missing)}”。请检查工作表的表头名称。")
    understood = []
    for at, cells in rows:
        values = {name: cells[column] for name, column in heading.columns.items() if column < len(cells)}
        if any(
            value is not None and str(value).strip() for name, value in values.items() if name != "serial"
        ):
            understood.append(_understood(Row(at, values), directory, today))
    if not understood:
        raise Invalid("台账里没有内容：表头下面没有填写任何建议。")
    _mark_doubles(understood)
    wrong = {row.at: "；".join(row.wrong) for row in understood}
    return understood, ledger_sheet.with_problems(content, sheet, heading.at, wrong) if any(
        wrong.values()
    ) else b""


def command_row(row: Row) -> dict[str, Any]:
    """A row as the import command takes it."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.values.items()
        if name not in ("serial", "due_on") and value not in (None, "")
    }


# --- reading --------------------------------------------------------------------------------------------------


def _headings_in(cells: tuple[Any, ...]) -> dict[str, int]:
    """{column name: index} of the headings that a row holds, written with whatever marks and spaces."""
    found: dict[str, int] = {}
    for index, value in enumerate(cells):
        name = _NAMED.get(re.sub(r"\s|[*:]|[(].*", "", _narrow(str(value or ""))))
        if name and name not in found:
            found[name] = index
    return found


def _understood(row: Row, directory: Directory, today: date) -> Row:
    """The row with its values read; what cannot be read is said in `wrong`."""
    raw = row.values
    values: dict[str, Any] = {}
    for name in ("number", "title", "delegation", "category"):
        values[name] = _text(row, name, raw.get(name))
    for name in NEEDED:
        if not visible(str(raw.get(name) or "")).strip():
            row.wrong.append(f"“{HEADINGS[name][0]}”没有填写")
    if len(values["number"]) > 60:
        row.wrong.append("“建议编号”超过 60 个字")
    if len(values["title"]) > 120:
        row.wrong.append("“标题”超过 120 个字")
    if values["category"] and values["category"] not in directory.categories:
        known = "、".join(directory.categories)
        row.wrong.append(f"没有“{values['category']}”这个类别，可用：{known}")
    values["lead"] = _one(
        row, "lead", raw.get("lead"), directory.deputies, lambda name: _deputy(row, name, directory)
    )
    values["cosigners"] = [
        id
        for name in _names(raw.get("cosigners"), directory.deputies)
        if (id := _deputy(row, name, directory))
    ]
    values["lead_unit"] = _one(
        row, "lead_unit", raw.get("lead_unit"), directory.units, lambda name: _unit(row, name, directory)
    )
    values["joint_units"] = [
        id for name in _names(raw.get("joint_units"), directory.units) if (id := _unit(row, name, directory))
    ]
    for name in ("assigned_on", "replied_on"):
        values[name] = _day(row, name, raw.get(name), today)
    values["reply_class"] = _reply_class(row, raw.get("reply_class"), directory.reply_classes)
    values["result"] = _choice(row, "result", raw.get("result"), SATISFACTION)
    _check_together(row, values)
    row.values = values
    return row


def _check_together(row: Row, values: dict[str, Any]) -> None:
    assigned, replied = values["assigned_on"], values["replied_on"]
    if values["lead_unit"] and not assigned and not any("交办日期" in wrong for wrong in row.wrong):
        row.wrong.append("有主办单位，但“交办日期”没有填写")
    if assigned and not values["lead_unit"] and not any("单位" in wrong for wrong in row.wrong):
        row.wrong.append("有交办日期，但“主办单位”没有填写")
    if replied and assigned and replied < assigned:
        row.wrong.append("答复日期早于交办日期")
    if replied and not assigned and not any("交办日期" in wrong for wrong in row.wrong):
        row.wrong.append("有答复日期，但“交办日期”没有填写")
    if replied and not values["reply_class"] and not any("办理结果" in wrong for wrong in row.wrong):
        row.wrong.append("有答复日期，但“办理结果”没有填写")
    if values["result"] and not replied and not any("答复日期" in wrong for wrong in row.wrong):
        row.wrong.append("有代表评价，但“答复日期”没有填写")
    if values["lead"] and values["lead"] in values["cosigners"]:
        row.wrong.append("领衔代表又列为附议代表")
    if values["lead_unit"] and values["lead_unit"] in values["joint_units"]:
        row.wrong.append("主办单位又列为会办单位")


def _text(row: Row, name: str, value: Any) -> str:
    """Text on one line: a number as it is shown, without what cannot be seen."""
    if isinstance(value, datetime | date):
        row.wrong.append(f"“{HEADINGS[name][0]}”是日期，请把单元格改为文本后重新填写")
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = visible(str("" if value is None else value)).strip()
    if not is_readable(text):
        row.wrong.append(f"“{HEADINGS[name][0]}”含有无法识别的字符，请重新填写")
        return ""
    return re.sub(r"\s+", "" if name != "title" else " ", text)


def _narrow(text: str) -> str:
    """With full-width letters, digits and marks made half-width: offices write both."""
    return unicodedata.normalize("NFKC", visible(text))


def _names(value: Any, known: Container[str]) -> list[str]:
    """The names in a cell. A space separates names, unless it only spreads one out: 张 三."""
    names: list[str] = []
    for part in re.split(r"[、,\uff0c;\uff1b/\uff0f\n\r\t]+", visible(str(value or ""))):
        whole = re.sub(r"\s+", "", part)
        names += [whole] if whole in known else part.split()
    return list(dict.fromkeys(names))


def _one(row: Row, name: str, value: Any, known: Container[str], find: Callable[[str], str]) -> str:
    names = _names(value, known)
    if len(names) > 1:
        row.wrong.append(f"“{HEADINGS[name][0]}”只能填一个，现在有 {len(names)} 个")
        return ""
    return find(names[0]) if names else ""


def _deputy(row: Row, name: str, directory: Directory) -> str:
    found = directory.deputies.get(name, [])
    if not found:
        row.wrong.append(f"没有登记名为“{name}”的代表，请核对姓名或先登记代表")
    elif len(found) > 1:
        row.wrong.append(f"有 {len(found)} 位代表同名“{name}”，无法确定是哪一位，请手工录入本件")
    return found[0] if len(found) == 1 else ""


def _unit(row: Row, name: str, directory: Directory) -> str:
    if name not in directory.units:
        row.wrong.append(f"没有登记名为“{name}”的单位，请核对名称或先登记单位")
    return directory.units.get(name, "")


def _day(row: Row, name: str, value: Any, today: date) -> date | None:
    """A date that has come; what is wrong with another one is said in the row."""
    if value is None or not str(value).strip():
        return None
    found = None
    try:
        found = _date_in(value)
    except ValueError:
        row.wrong.append(f"“{HEADINGS[name][0]}”写的是“{value}”，没有这一天")
        return None
    if found is None:
        row.wrong.append(f"“{HEADINGS[name][0]}”写的是“{value}”，看不出是哪一天，请写成 2023-02-20")
    elif not found.year >= FIRST_YEAR or found > today:
        row.wrong.append(
            f"“{HEADINGS[name][0]}”写的是“{value}”，{'晚于今天' if found > today else '年份有误'}，请核对"
        )
        return None
    return found


def _date_in(value: Any) -> date | None:
    """A date cell, Excel's serial number, or text as 2023-2-20, 2023/2/20, 2023.2.20, 2023年2月20日, 20230220.

    Raises ValueError for a day that there is not.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _narrow(str(value)).strip()
    if isinstance(value, int | float) or re.fullmatch(r"\d{5}", text):
        serial = float(text)
        if 20_000 < serial < 80_000:
            return date(1899, 12, 30) + timedelta(days=int(serial))
    sign = r"\s*[-/.年]\s*", r"\s*[-/.月]\s*"
    parts = re.fullmatch(rf"(\d{{4}}){sign[0]}(\d{{1,2}}){sign[1]}(\d{{1,2}})\s*日?([\sT].*)?", text)
    parts = parts or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    return date(int(parts[1]), int(parts[2]), int(parts[3])) if parts else None


def _reply_class(row: Row, value: Any, letters: Iterable[str]) -> str:
    """A letter of the place, as B1; where it has none with this number, the letter alone. Words may follow."""
    text = _narrow(str(value or "")).strip().upper()
    if not text:
        return ""
    if found := re.match(r"([A-Z])(\d{0,3})(?![A-Z\d])", text):
        for letter in (found[0], found[1]):
            if letter in letters:
                return letter
    row.wrong.append(f"“办理结果”写的是“{value}”，应为{'、'.join(letters)}")
    return ""


def _choice(row: Row, name: str, value: Any, choices: dict[str, str]) -> str:
    text = str(value or "").strip()
    for key, label in choices.items():
        if text in (label, key):
            return key
    if text:
        row.wrong.append(f"“{HEADINGS[name][0]}”写的是“{text}”，应为{'、'.join(choices.values())}")
    return ""


def _mark_doubles(rows: Iterable[Row]) -> None:
    first: dict[str, int] = {}
    for row in rows:
        number = row.values["number"]
        if number and number in first:
            row.wrong.append(f"建议编号与第 {first[number]} 行重复")
        first.setdefault(number, row.at)


# --- writing --------------------------------------------------------------------------------------------------

COLUMNS = (
    ("序号", 5), ("建议编号", 25), ("标题", 28), ("领衔代表", 9), ("附议代表", 12), ("代表团", 9), ("类别", 9), ("主办单位", 16),
    ("会办单位", 18), ("交办日期", 11), ("办结期限", 11), ("答复日期", 11), ("办理结果", 6), ("代表评价", 9), ("进度", 9), ("亮灯", 8),
)  # fmt: skip
WIDE = frozenset((2, 4, 7, 8))


def write(title: str, lines: list[dict[str, Any]]) -> bytes:
    """A workbook that an office can print."""
    return workbook.write(sheet(title, lines))


def sheet(title: str, lines: list[dict[str, Any]]) -> workbook.Sheet:
    """The ledger's sheet."""
    further = [column["heading"] for column in lines[0].get("columns", ())] if lines else []
    columns = [*COLUMNS, *((heading, 14) for heading in further)]
    return workbook.Sheet(
        "台账", title, columns, [[*_printed(line), *_further(line, further)] for line in lines], WIDE
    )


def _further(line: dict[str, Any], headings: list[str]) -> list[str]:
    """What plugins show beside."""
    values = {column["heading"]: column["value"] for column in line.get("columns", ())}
    return [values.get(heading, "") for heading in headings]


def _printed(line: dict[str, Any]) -> list[str]:
    def text(name: str) -> str:
        return str(line.get(name) or "")

    return [
        text("number"), text("title"), text("lead_deputy"), "、".join(line.get("cosigners") or []), text("delegation"),
        text("category"), text("lead_unit"), "、".join(line.get("joint_units") or []), text("assigned_on"),
        text("reply_due_on"), text("replied_on"), text("reply_class"),
        SATISFACTION.get(str((line.get("satisfaction") or {}).get("result")), ""), text("state_label"), text("light_label"),
    ]  # fmt: skip
