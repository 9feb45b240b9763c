"""进度通报 (Publicity 2018: 定期督办与重点督办相结合，动态掌握办理进度，定期向部务会成员报告完成情况并向各处室通报)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from plugins.closing_ledger import NO_SECTION, sections_of
from services.assignment.hooks import ProgressRhythm
from services.gateway.hooks import Document, Facts, Line, Page, Printed, Row, Table
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl

EVERY = {"week": "一周", "two_weeks": "两周", "month": "一个月"}
SOON_DAYS = 15


class ProgressBoard(Plugin):
    name, label, source = "progress_board", "进度通报", "省委宣传部，2018年交办会发言"
    summary = (
        "定期向单位领导报告、向各处室通报办理进度：本期办成的、正在办的、逾期和快到期的、需要协调的困难。"
    )
    places = ("unit",)
    settings = {
        "every": f.choice("多久通报一次", EVERY, default="month"),
        "clerk": f.text("专人负责", most=50, required=False),
    }

    @hookimpl
    def progress_rhythms(self, settings: dict[str, Any]) -> list[ProgressRhythm]:
        return [ProgressRhythm(settings["every"])]

    @hookimpl
    def pages(self, settings: dict[str, Any]) -> list[Page]:
        clerk = f"由{settings['clerk']}专人负责。" if settings["clerk"] else ""
        about = f"每{EVERY[settings['every']]}报告和通报一次。{clerk}"
        return [
            Page(
                "progress",
                "进度通报",
                lambda facts: board(facts, settings),
                needs=("tasks", "demands", "records"),
                about=about,
            )
        ]

    @hookimpl
    def documents(self, settings: dict[str, Any]) -> list[Document]:
        def make(facts: Facts) -> Printed:
            since = begins(facts.on, settings["every"]).isoformat()
            words = f"{since} 至 {facts.on.isoformat()}，本单位承办的代表建议办理情况通报如下。"
            signed = (
                facts.place,
                *([f"经办：{settings['clerk']}"] if settings["clerk"] else []),
                facts.on.isoformat(),
            )
            return Printed(f"{facts.place}代表建议办理进度通报", (words, *board(facts, settings)), signed)

        return [
            Document("progress", "进度通报（送领导和各处室）", make, needs=("tasks", "demands", "records"))
        ]


def begins(today: date, every: str) -> date:
    """The first day of the period that ends today: of this month, or so many weeks back."""
    if every == "month":
        return today.replace(day=1)
    return today - timedelta(days=13 if every == "two_weeks" else 6)


def board(facts: Facts, settings: dict[str, Any]) -> list[Table]:
    since, soon = begins(facts.on, settings["every"]).isoformat(), (facts.on + timedelta(days=SOON_DAYS)).isoformat()  # fmt: skip
    open_ones = [line for line in facts.lines if line.light != "done" and not line.replied_on]
    done = [line for line in facts.lines if line.replied_on >= since]
    late = [line for line in open_ones if line.light == "red"]
    near = [line for line in open_ones if line.light != "red" and "" < line.next_due_on <= soon]
    going = [line for line in open_ones if line not in late and line not in near]
    return [
        _counts(facts, done, late, near),
        _lines(facts, "已经逾期", late, "没有逾期的建议。"),
        _lines(facts, f"{SOON_DAYS} 天内到期", near, "没有快到期的建议。"),
        _hindered(facts),
        _lines(facts, "正在办理", going, "没有正在办理的建议。"),
        _lines(facts, "本期答复", done, "本期没有答复的建议。"),
    ]


def _counts(facts: Facts, done: list[Line], late: list[Line], near: list[Line]) -> Table:
    replied = sum(1 for line in facts.lines if line.replied_on)
    cells = (str(len(facts.lines)), str(replied), str(len(done)), str(len(late)), str(len(near)))
    return Table("总的情况", ("承办", "已答复", "其中本期答复", "逾期", "快到期"), (Row(cells),))


def _lines(facts: Facts, title: str, lines: list[Line], empty: str) -> Table:
    sections = sections_of(facts)
    rows = tuple(
        Row(
            (line.title, line.number, sections.get(line.id, NO_SECTION), line.state_label, line.next_label, line.next_due_on),
            line.id, line.light,
        )
        for line in sorted(lines, key=lambda line: line.next_due_on or "9999")
    )  # fmt: skip
    return Table(title, ("标题", "建议编号", "承办处室", "进度", "最近的事项", "期限"), rows, empty=empty)


def _hindered(facts: Facts) -> Table:
    """What was told to stand in the way, to be settled by coordination."""
    known = {line.id for line in facts.lines}
    agreed = {
        record["suggestion"]: record["meetings"][-1]
        for record in facts.answers["records"]
        if record["meetings"]
    }
    rows = tuple(
        Row((demand["title"], demand["text"], answer["hindered_by"], answer["next_steps"], _agreed(agreed.get(demand["suggestion"]))), demand["suggestion"])
        for demand in facts.answers["demands"] if demand["suggestion"] in known and demand["state"] != "settled"
        for answer in demand["answers"][-1:] if answer["hindered_by"]
    )  # fmt: skip
    return Table(
        "需要协调的困难", ("标题", "要求", "困难", "下一步", "协调商定"), rows, empty="没有报告困难。"
    )


def _agreed(meeting: Mapping[str, Any] | None) -> str:
    """What the last meeting about the suggestion agreed, as the office or the unit has it on file."""
    if meeting is None:
        return "还没有登记协调会"
    until = f"，{meeting['due_on']} 前完成" if meeting["due_on"] else ""
    return f"{meeting['on']} {meeting['led_by']}：{meeting['agreed']}{until}"


PLUGIN = ProgressBoard
