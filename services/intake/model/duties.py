"""What a place asks of the deputies of its stations, month by month or year by year, and how far each one has come."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from shared.terms import ENCOUNTER_KINDS

PERIODS = {"month": "每月", "year": "每年"}
UNITS = {"reception": "天", "visit": "人"}
LAST_DAYS = 7  # of a month: who has not done it yet is reminded
YEAR_FROM = 11  # the month from whose last days on it is reminded of what the year asks for


@dataclass(frozen=True)
class Duty:
    """At least so many reception days, or people visited, in each month or year. `kind`: reception or visit."""

    kind: str
    least: int
    per: str = "month"
    name: str = ""

    @property
    def label(self) -> str:
        """每月至少接待1天；代表走访月：每月至少走访10人。"""
        rule = f"{PERIODS[self.per]}至少{ENCOUNTER_KINDS[self.kind]}{self.least}{UNITS[self.kind]}"
        return f"{self.name}：{rule}" if self.name else rule

    def is_sound(self) -> bool:
        """Can the core count it?"""
        return self.kind in ENCOUNTER_KINDS and self.per in PERIODS and self.least > 0

    def period(self, today: date) -> tuple[date, date]:
        """The first and the last day of the month or year that is running."""
        if self.per == "year":
            return date(today.year, 1, 1), date(today.year, 12, 31)
        return today.replace(day=1), last_of_month(today)

    def is_reminded_on(self, today: date) -> bool:
        """In the last week of the month; of what a year asks for, from November on."""
        return is_last_week(today) and (self.per == "month" or today.month >= YEAR_FROM)


@dataclass(frozen=True)
class Progress:
    """How far one deputy has come with a duty."""

    duty: Duty
    done: int
    first: date
    due_on: date

    @property
    def is_done(self) -> bool:
        return self.done >= self.duty.least

    def in_words(self) -> str:
        """How it is counted: 每月至少接待1天（11月1日至11月30日），已接待0天。"""
        span = f"{self.first.month}月{self.first.day}日至{self.due_on.month}月{self.due_on.day}日"
        done = f"已{ENCOUNTER_KINDS[self.duty.kind]}{self.done}{UNITS[self.duty.kind]}"
        return f"{self.duty.label}（{span}），{done}"

    def light(self, today: date) -> str:
        return "yellow" if self.duty.is_reminded_on(today) else "green"


@dataclass(frozen=True)
class Held:
    """What is counted: one reception or visit that took place."""

    kind: str
    on: date
    people: int


def progress(duties: Iterable[Duty], held: Iterable[Held], today: date) -> list[Progress]:
    """How far somebody has come: receptions count by days, visits by people."""
    kept, found = list(held), []
    for duty in duties:
        first, last = duty.period(today)
        within = [one for one in kept if one.kind == duty.kind and first <= one.on <= last]
        done = (
            len({one.on for one in within}) if duty.kind == "reception" else sum(one.people for one in within)
        )
        found.append(Progress(duty, done, first, last))
    return found


def last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def is_last_week(today: date) -> bool:
    return last_of_month(today) - today < timedelta(days=LAST_DAYS)
