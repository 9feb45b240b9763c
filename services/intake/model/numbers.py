"""Numbers: one series for each session, and one for the time after it."""

from __future__ import annotations

import re


def series_of(session: str, during_session: bool) -> str:
    """The numbering series: each session has one, and the time between it and the next has another."""
    return session if during_session else f"{session}闭会"


def numbered(series: str, ordinal: int) -> str:
    """The human number, as 第十三届五次会议第0123号."""
    return f"{series}第{ordinal:04d}号"


def ordinal_of(number: str) -> int:
    """The ordinal in a number that another system gave, 0 where there is none: 第十三届五次会议第0123号 → 123."""
    found = re.findall(r"\d+", number)
    return int(found[-1][:9]) if found else 0


def session_of(number: str) -> str:
    """The session in a number that another system gave, empty where it names none."""
    found = _IN_SERIES.match(number)
    return found[1] if found else ""


def series_in(number: str) -> str:
    """The series of ours in which a number that another system gave stands, empty where it stands in none."""
    found = _IN_SERIES.match(number)
    return series_of(found[1], not found[2]) if found else ""


_IN_SERIES = re.compile(r"(.*会议)(闭会)?第\d+号$")
