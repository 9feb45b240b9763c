"""Periods of a place, counted without holidays: for who needs a date before supervision's own deadline has come."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

SATURDAY = 5


@dataclass(frozen=True)
class Period:
    """So many days, working days or months. Holidays come with supervision's own deadline, which counts where it is known."""

    amount: int
    unit: str  # days, working_days, months

    def after(self, day: date) -> date:
        """The last day of the period that begins on a day."""
        if self.unit == "months":
            months = day.year * 12 + day.month - 1 + self.amount
            year, month = divmod(months, 12)
            return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
        if self.unit == "working_days":
            for _ in range(self.amount):
                day += timedelta(days=1)
                while day.weekday() >= SATURDAY:
                    day += timedelta(days=1)
            return day
        return day + timedelta(days=self.amount)


USUAL_REPLY = Period(3, "months")  # of the law
USUAL_FEEDBACK = Period(10, "days")  # 征询意见表: ten days after the reply
USUAL = {"reply": USUAL_REPLY, "joint_opinion": Period(1, "months"), "feedback": USUAL_FEEDBACK}


def period_laid_down(settings: Mapping[str, Any], key: str) -> Period:
    """What a place has laid down in its group `deadlines`, else the usual period."""
    for period in settings["periods"]:
        if period["key"] == key:
            return Period(period["amount"], period["unit"])
    return USUAL[key]
