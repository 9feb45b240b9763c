"""That a unit objects to what it was given, and what the office decides on it: of points and of grades alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from shared.problems import WrongState


@dataclass
class Objection:
    """That the unit objects, and what was decided. What it had before is kept by what it objects to."""

    reason: str
    on: date
    by: str
    decision: str = ""  # upheld (the unit is right), refused
    decision_reason: str = ""
    decided_on: date | None = None

    def decide(self, upheld: bool, reason: str, on: date) -> None:
        self.decision = "upheld" if upheld else "refused"
        self.decision_reason, self.decided_on = reason, on


def require_in_time(announced_on: date | None, days: int, today: date) -> None:
    """Objections are taken so many days after the announcement. Raises WrongState."""
    until = (announced_on or today) + timedelta(days=days)
    if today > until:
        raise WrongState(f"申诉期到{until:%Y-%m-%d}为止，已经过了。")
