"""百分制+附加分 (Finance 2018): 100 points by parts that are each explained, and a bonus for what was done beyond.

Sections of a unit have 100 points too, by the five fixed things (五定); a unit's office takes the table into their yearly appraisal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from services.evaluation.hooks import Handled, Points
from services.gateway.hooks import Export, Facts, Page, Row, Table
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.problems import Invalid
from shared.reply_classes import SOLVED, means_of

FULL = 100
EACH = 20  # of the five fixed things
HEADS = ("section_head", "deputy_head", "unit_head")
UNITS_PEOPLE = ("handler", "unit_head", "distributing")

Part = Mapping[str, Any]  # of a section, as the query `task_records` tells it


class HundredPoints(Plugin):
    name, label, source = "hundred_points", "百分制+附加分", "省财政厅，2018年交办会发言"
    summary = "在人大启用：年度评分按百分制，按时、质量、沟通、承诺各占一部分，逐项说明扣分的建议，重点建议另有附加分。在单位启用：给处室评分。"
    places = ("congress", "unit")
    settings = {
        "on_time": f.number("按时答复（分）", most=100, default=30),
        "solved": f.number("办理质量（A类，分）", most=100, default=30),
        "talked": f.number("与代表当面沟通（分）", most=100, default=20),
        "kept": f.number("承诺兑现（分）", most=100, default=20),
        "bonus_for_key": f.number("每办成一件重点建议的附加分", most=5, default=1),
        "bonus_most": f.number("附加分上限", most=20, default=5),
        "of_sections": f.yes("单位内部也给处室评分（按五定，各20分）", default=True),
    }

    def check(self, settings: dict[str, Any]) -> None:
        total = sum(settings[part] for part in ("on_time", "solved", "talked", "kept"))
        if total != FULL:
            wrong = f"各部分合计应当是 {FULL} 分，现在是 {total} 分。"
            raise Invalid(wrong, {"on_time": [wrong]})

    @hookimpl
    def points(
        self, figures: Mapping[str, tuple[int, int]], handled: tuple[Handled, ...], settings: dict[str, Any]
    ) -> list[Points]:
        due = [one for one in handled if one.on_time is not None]
        promised = [one for one in handled if one.promises]
        parts = [
            _part("按时答复", settings["on_time"], due, lambda one: bool(one.on_time), "on_time"),
            _part(
                "办理质量",
                settings["solved"],
                list(handled),
                lambda one: means_of(one.reply_class, one.means) == SOLVED,
                "solved",
            ),
            _part(
                "当面沟通", settings["talked"], list(handled), lambda one: one.face_to_face, "face_to_face"
            ),
            _part(
                "承诺兑现",
                settings["kept"],
                promised,
                lambda one: one.kept == one.promises,
                "commitments_kept",
            ),
        ]
        key = [
            one.suggestion for one in handled if one.key and means_of(one.reply_class, one.means) == SOLVED
        ]
        if key and settings["bonus_for_key"] and settings["bonus_most"]:
            most = settings["bonus_most"]
            bonus = min(len(key) * settings["bonus_for_key"], most)
            parts.append(
                Points(
                    "附加分：办成重点建议",
                    bonus,
                    most,
                    f"办成重点建议 {len(key)} 件",
                    suggestions=tuple(key),
                    is_bonus=True,
                )
            )
        return parts

    @hookimpl
    def pages(self, settings: dict[str, Any]) -> list[Page]:
        about = "处室按五定评分，每项20分：定人员、定任务、定时间、定质量、定责任领导；扣分的列明建议；重点建议按时报送的另有附加分。纳入处室年度考核。"
        return [Page("sections", "处室考评", lambda facts: of_sections(facts, settings), UNITS_PEOPLE, needs=("records",), about=about)] if settings["of_sections"] else []  # fmt: skip

    @hookimpl
    def exports(self, settings: dict[str, Any]) -> list[Export]:
        return [Export("sections", "处室考评", lambda facts: of_sections(facts, settings), UNITS_PEOPLE, needs=("records",))] if settings["of_sections"] else []  # fmt: skip


# The five fixed things: which parts of a section are asked (None: not yet), and whether it was done.
FIVE: dict[str, Callable[[Part, date], bool | None]] = {
    "定人员": lambda part, on: (
        bool(part["plan"] and part["plan"]["handler"]) if _is_begun(part, on) else None
    ),
    "定任务": lambda part, on: part["state"] != "unsigned" if _is_begun(part, on) else None,
    "定时间": lambda part, on: _in_time(part, on),
    "定质量": lambda part, on: not part["sent_back"] if part["handed_in_on"] or part["sent_back"] else None,
    "定责任领导": lambda part, on: _has_leader(part) if _is_begun(part, on) else None,
}


def _is_begun(part: Part, on: date) -> bool:
    """Has the section signed for it, or let its day pass? Before that nothing is lost."""
    return part["state"] != "unsigned" or "" < part["hand_in_by"] < on.isoformat()


def _has_leader(part: Part) -> bool:
    return bool(part["plan"] and part["plan"]["leader"]) or part["drafted_rank"] in HEADS


def _in_time(part: Part, on: date) -> bool | None:
    """Handed in by its day; None while that has not come."""
    by = part["hand_in_by"]
    if part["handed_in_on"]:
        return not by or part["handed_in_on"] <= by
    return False if by and by < on.isoformat() else None


def of_sections(facts: Facts, settings: Mapping[str, Any]) -> list[Table]:
    sections: dict[str, list[Part]] = {}
    for record in facts.answers["records"]:
        if record["parent"] and "hand_in_by" in record:
            sections.setdefault(record["unit"]["name"], []).append(record)
    points = {
        name: {thing: _points(parts, done, facts.on) for thing, done in FIVE.items()}
        for name, parts in sections.items()
    }
    bonus = {name: _bonus(parts, facts.on, settings) for name, parts in sections.items()}
    total = {name: sum(points[name].values()) + bonus[name] for name in points}
    ranked = sorted(points, key=lambda name: (-total[name], name))
    rows = tuple(
        Row((name, str(len(sections[name])), *(f"{points[name][thing]:g}" for thing in FIVE), str(bonus[name]), f"{total[name]:g}"))
        for name in ranked
    )  # fmt: skip
    lost = tuple(row for name in ranked for row in _lost(name, sections[name], facts.on))
    note = f"截至 {facts.on.isoformat()}，每项 {EACH} 分，按做到的比例计分；还没有到期的不计。"
    return [
        Table("处室得分", ("处室", "承办", *FIVE, "附加分", "合计"), rows, note, "还没有分解给处室的任务。"),
        Table("扣分的建议", ("标题", "建议编号", "处室", "扣分项"), lost, empty="没有扣分。"),
    ]


def _bonus(parts: list[Part], on: date, settings: Mapping[str, Any]) -> int:
    """附加分：for each part of a key suggestion that was handed in by its day and not sent back, up to the limit."""
    good = sum(
        bool(p["is_key"] and p["handed_in_on"] and _in_time(p, on) and not p["sent_back"]) for p in parts
    )
    return int(min(good * settings["bonus_for_key"], settings["bonus_most"]))


def _points(parts: list[Part], done: Callable[[Part, date], bool | None], on: date) -> float:
    """All points where there is nothing yet to lose them by."""
    known = [result for part in parts if (result := done(part, on)) is not None]
    return round(EACH * sum(known) / len(known), 2) if known else float(EACH)


def _lost(name: str, parts: list[Part], on: date) -> Iterator[Row]:
    for part in parts:
        for thing, done in FIVE.items():
            if done(part, on) is False:
                yield Row((part["title"], part["number"], name, thing), part["suggestion"])


def _part(name: str, most: int, of: list[Handled], is_well: Any, figure: str) -> Points:
    """All points where there is nothing to lose them by."""
    bad = [one for one in of if not is_well(one)]
    points = most if not of else round(most * (len(of) - len(bad)) / len(of), 2)
    because = f"{len(of)} 件中 {len(of) - len(bad)} 件做到" if of else "没有需要计分的建议"
    return Points(name, points, most, because, figure, tuple(one.suggestion for one in bad))


PLUGIN = HundredPoints
