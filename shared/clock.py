"""What time it is. Injected, never patched: a walk or a test brings its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")  # no daylight saving since 1991


class Clock(Protocol):
    """Tells the time, always with UTC as its zone."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class CaseClock:
    """A clock that stands still until it is set: the time of a case that is told, or of a test."""

    def __init__(self, now: datetime) -> None:
        self.set(now)

    def set(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        return self._now


def legal_date(moment: datetime) -> date:
    """The date in Asia/Shanghai: dates of law are dates there."""
    return moment.astimezone(CHINA).date()


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of a day in Asia/Shanghai, in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=CHINA).astimezone(UTC)
