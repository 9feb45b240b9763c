"""Regular supervision (定期督办): at fixed times suggestions are looked at one by one, or all parties sit together over them.

Sources: regular and special management, followed to its effect (Changsha 2018); the yearly symposium of all parties
(代表建议督办工作座谈会, Hunan 2021).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from services.supervision.model.look_back import INSPECTORS
from shared.aggregate import Governed
from shared.identity import Actor
from shared.problems import Invalid
from shared.rules import Rule, Rules

STATES = {"new": "尚未安排", "scheduled": "进行中", "ended": "已结束", "cancelled": "已取消"}
MONTHS = {"once": 0, "month": 1, "quarter": 3, "half_year": 6}  # until the next one

RULES = Rules(
    "次定期督办",
    STATES,
    [
        Rule("schedule_sweep", "安排定期督办", ("liaison",), ("new",)),
        Rule("note_sweep", "登记查看情况", INSPECTORS, ("scheduled",)),
        Rule("end_sweep", "结束定期督办", ("liaison",), ("scheduled",)),
        Rule("cancel_sweep", "取消定期督办", ("liaison",), ("scheduled",)),
    ],
)


@dataclass
class Note:
    """What was found of one suggestion; the supervision logged on its page says the same."""

    suggestion: str
    number: str
    title: str
    unit_name: str
    words: str
    on: date
    by: str
    demanded: bool


@dataclass(kw_only=True)
class Sweep(Governed):
    """One round of regular supervision of one congress, from a day to a day."""

    rules: ClassVar[Rules] = RULES

    name: str
    form: str
    scope: str  # which suggestions: see handlers
    every: str  # of MONTHS: when the next round begins
    since: date
    until: date
    led_by: str
    notes: list[Note] = field(default_factory=list)
    state: str = "scheduled"
    participants: str = ""
    summary: str = ""
    ended_on: date | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise Invalid("起止日期有误。", {"until": ["结束日期不能早于开始日期。"]})
        if (months := MONTHS[self.every]) and self.until >= later(self.since, months):
            raise Invalid("这一次还没有结束，下一次就要开始了。", {"until": ["请缩短时间，或者延长间隔。"]})

    def relations(self, actor: Actor) -> frozenset[str]:
        """The offices: a unit learns of it where its suggestion was looked at."""
        return frozenset(role for role in INSPECTORS if actor.has(role, self.congress))

    def called(self) -> str:
        return f"“{self.name}”"

    def note(self, note: Note, today: date) -> None:
        """One suggestion was looked at, perhaps not for the first time in this round."""
        if not self.since <= note.on <= today:
            wrong = f"查看日期应当在{self.since}至今天之间。"
            raise Invalid(wrong, {"on": [wrong]})
        self.notes.append(note)

    def end(self, participants: str, summary: str, left: list[str], today: date) -> None:
        """Raises Invalid while something that has to be looked at was not."""
        if today < self.since:
            raise Invalid("这次督办还没有开始。", {"summary": [f"{self.since}开始。"]})
        if self.form == "sweep" and left:
            raise Invalid(
                "还有建议没有查看。", {"summary": [f"还没有登记查看情况的有{'、'.join(left[:10])}。"]}
            )
        self.state, self.participants, self.summary, self.ended_on = "ended", participants, summary, today

    def cancel(self, reason: str) -> None:
        self.state, self.reason = "cancelled", reason

    def next_days(self) -> tuple[date, date] | None:
        """When the next round begins and ends; None where there is none."""
        months = MONTHS[self.every]
        return (later(self.since, months), later(self.until, months)) if months else None


def later(day: date, months: int) -> date:
    """The corresponding day so many months later, or the last of the month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
