"""Lights of what is no deadline of the law: promises, demands, measures and the like, by what the place says today."""

from __future__ import annotations

from datetime import date

from services.supervision.model.deadlines import Light, light
from shared.work import Work


def light_at(work: Work, congress: str, due_on: date, done_on: date | None = None) -> Light:
    """Yellow as many days before as the congress has laid down (group `deadlines`)."""
    yellow_days = work.practices.settings("deadlines", congress)["yellow_days"]
    return light(due_on, work.today, done_on, yellow_days)
