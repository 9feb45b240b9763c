"""督办台账、销号制 (Finance 2018: 建立督办台账，实行“销号制”，办结一件、销号一件；办公室定期进行专项督查): a unit's own ledger.

One line for each suggestion with its sections, closed when it is done; what is open stands by section for the office's check.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from services.gateway.hooks import Document, Export, Facts, Line, Page, Printed, Row, Table
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.terms import UNFINISHED_PROMISES

CLOSED_WHEN = {"replied": "答复印发", "satisfied": "代表满意或基本满意", "kept": "承诺全部兑现"}
EVERY = {"month": "每月", "quarter": "每季度"}
CONTENT = ("satisfied", "basically")
NO_SECTION = "（没有分到处室）"
OFFICE = ("distributing", "handler", "unit_head")


class ClosingLedger(Plugin):
    name, label, source = "closing_ledger", "督办台账、销号制", "省财政厅，2018年交办会发言"
    summary = "单位自己的督办台账：一件一行，写明承办处室，办结一件、销号一件；办公室定期专项督查，按处室列出未销号的。"
    places = ("unit",)
    settings = {
        "closed_when": f.choice("什么时候销号", CLOSED_WHEN, default="replied"),
        "check_every": f.choice("专项督查", EVERY, default="quarter"),
    }

    @hookimpl
    def pages(self, settings: dict[str, Any]) -> list[Page]:
        about = f"{CLOSED_WHEN[settings['closed_when']]}后销号；{EVERY[settings['check_every']]}专项督查未销号的。"
        return [
            Page(
                "ledger",
                "销号台账",
                lambda facts: ledger(facts, settings),
                OFFICE,
                needs=("tasks", "commitments", "records"),
                about=about,
            )
        ]

    @hookimpl
    def exports(self, settings: dict[str, Any]) -> list[Export]:
        return [
            Export(
                "ledger",
                "督办台账",
                lambda facts: ledger(facts, settings),
                OFFICE,
                needs=("tasks", "commitments", "records"),
            )
        ]

    @hookimpl
    def documents(self, settings: dict[str, Any]) -> list[Document]:
        def make(facts: Facts) -> Printed:
            title = (
                f"{facts.place}代表建议办理{EVERY[settings['check_every']].removeprefix('每')}专项督查清单"
            )
            return Printed(title, (_by_section(facts, settings), _open(facts, settings)), (facts.place, facts.on.isoformat()))  # fmt: skip

        return [Document("check", "专项督查清单", make, OFFICE, needs=("tasks", "commitments", "records"))]


def ledger(facts: Facts, settings: dict[str, Any]) -> list[Table]:
    return [_by_section(facts, settings), _open(facts, settings), _closed(facts, settings)]


def closed_on(line: Line, closed_when: str, left: Mapping[str, int]) -> str:
    """The day on which the line was closed; empty while it is open."""
    if not line.replied_on:
        return ""
    if closed_when == "satisfied":
        return (line.closed_on or line.replied_on) if line.result in CONTENT else ""
    if closed_when == "kept" and left.get(line.id):
        return ""
    return line.replied_on


def sections_of(facts: Facts) -> dict[str, str]:
    """{suggestion: the sections that have a part of it}."""
    found: dict[str, list[str]] = {}
    for task in facts.answers["tasks"]:
        if task["unit"]["id"] != facts.unit and task["unit"]["name"] not in found.setdefault(task["suggestion"], []):  # fmt: skip
            found[task["suggestion"]].append(task["unit"]["name"])
    return {suggestion: "、".join(names) for suggestion, names in found.items()}


def _left(facts: Facts) -> Counter[str]:
    return Counter(c["suggestion"] for c in facts.answers["commitments"] if c["state"] in UNFINISHED_PROMISES)


def _split(facts: Facts, settings: dict[str, Any]) -> tuple[list[Line], list[tuple[Line, str]]]:
    left = _left(facts)
    days = {line.id: closed_on(line, settings["closed_when"], left) for line in facts.lines}
    closed = [(line, days[line.id]) for line in facts.lines if days[line.id]]
    return [line for line in facts.lines if not days[line.id]], sorted(closed, key=lambda one: one[1], reverse=True)  # fmt: skip


def _open(facts: Facts, settings: dict[str, Any]) -> Table:
    sections = sections_of(facts)
    open_ones = sorted(_split(facts, settings)[0], key=lambda line: line.next_due_on or "9999")
    rows = tuple(
        Row(
            (line.title, line.number, sections.get(line.id, NO_SECTION), line.state_label, line.next_label, line.next_due_on),
            line.id, line.light,
        )
        for line in open_ones
    )  # fmt: skip
    columns = ("标题", "建议编号", "承办处室", "进度", "最近的事项", "期限")
    return Table("未销号", columns, rows, empty="没有未销号的建议。")


def _closed(facts: Facts, settings: dict[str, Any]) -> Table:
    """With the day and the person: who issued the reply by which it was closed."""
    sections = sections_of(facts)
    by = {
        record["suggestion"]: record["replied_by"]
        for record in facts.answers["records"]
        if record.get("replied_by")
    }
    rows = tuple(
        Row(
            (
                line.title,
                line.number,
                sections.get(line.id, NO_SECTION),
                line.reply_class,
                day,
                by.get(line.id, ""),
            ),
            line.id,
            "done",
        )
        for line, day in _split(facts, settings)[1]
    )
    columns = ("标题", "建议编号", "承办处室", "办理结果", "销号日期", "印发人")
    return Table("已销号", columns, rows, empty="还没有销号的建议。")


def _by_section(facts: Facts, settings: dict[str, Any]) -> Table:
    sections, open_ones = sections_of(facts), _split(facts, settings)[0]
    total = Counter(sections.get(line.id, NO_SECTION) for line in facts.lines)
    left = Counter(sections.get(line.id, NO_SECTION) for line in open_ones)
    late = Counter(sections.get(line.id, NO_SECTION) for line in open_ones if line.light == "red")
    rows = tuple(
        Row((name, str(total[name]), str(total[name] - left[name]), str(left[name]), str(late[name])))
        for name in sorted(total)
    )
    note = f"截至 {date.isoformat(facts.on)}，共 {len(facts.lines)} 件，已销号 {len(facts.lines) - len(open_ones)} 件。"  # fmt: skip
    return Table("各处室", ("处室", "承办", "已销号", "未销号", "其中逾期"), rows, note, "没有承办的建议。")


PLUGIN = ClosingLedger
