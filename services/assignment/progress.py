"""Where a unit stands, told to its leaders and sections at fixed times (定期向部务会成员报告、向各处室通报; 联络动态 2018, 省委宣传部)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from services.assignment import tables, tree
from services.assignment.model import IN_HAND
from services.assignment.questions import of_units
from services.assignment.sections import sections_of
from services.assignment.systems import DONE
from shared.rules import Rule, Rules
from shared.work import Work

Data = dict[str, Any]

SOON_DAYS = 15
PROGRESS_RULES = Rules(
    "项通报", {"new": "尚未通报"}, [Rule("tell_progress", "通报办理进度", ("operator", "system"), ("new",))]
)


def begins(today: date, every: str) -> date:
    """The first day of the period in which a day lies: of the month, of the week, or of two weeks counted from an even one."""
    if every == "month":
        return today.replace(day=1)
    monday = today - timedelta(days=today.weekday())
    is_second = every == "two_weeks" and monday.isocalendar().week % 2 == 1
    return monday - timedelta(days=7 if is_second else 0)


def tell_progress(work: Work, data: Data) -> Data:
    """The first look in a period tells each unit that wants it, once. A unit that has just laid it down waits for the next."""
    work.authorize(PROGRESS_RULES, "tell_progress", "")
    told = 0
    for unit, congress in _units_that_want_it(work) if work.is_answered("progress_rhythms") else ():
        rhythms = [rhythm.every for _, rhythm in work.ask_plugins("progress_rhythms", congress, unit)]
        place = tree.places(work.connection, [unit]).get(unit)
        if rhythms and place and (last := _turn(work, unit, begins(work.today, rhythms[0]))):
            _tell(work, place, congress, date.fromisoformat(last[0]), last[1])
            told += 1
    return {"id": "", "told": told}


def _units_that_want_it(work: Work) -> list[tuple[str, str]]:
    """(unit, congress) where such a practice was laid down for the unit itself; its sections hear of it with the unit."""
    c, names = work.tables["copies"].c, sorted(work.answering("progress_rhythms"))
    query = sa.select(c.data["place"].as_string(), c.congress).where(
        c.kind == "practice",
        c.data["name"].as_string().in_(names),
        c.data["place_kind"].as_string() == "unit",
    )
    return [(row[0], row[1]) for row in work.connection.execute(query.order_by(c.id))]


def _turn(work: Work, unit: str, start: date) -> tuple[str, int] | None:
    """(since when it was not told, the how manieth time this is), or None where it is not due. Notes that it is done."""
    t, today = tables.told_progress.c, work.today.isoformat()
    row = work.connection.execute(
        sa.select(t.told_on, t.sequence).where(t.unit_id == unit).with_for_update()
    ).first()
    if row is None:
        is_first_day = work.today == start
        values = {"unit_id": unit, "told_on": today, "sequence": int(is_first_day)}
        work.connection.execute(sa.insert(tables.told_progress).values(values))
        return ((start - timedelta(days=1)).replace(day=1).isoformat(), 1) if is_first_day else None
    if row.told_on >= start.isoformat():
        return None
    change = sa.update(tables.told_progress).where(t.unit_id == unit)
    work.connection.execute(change.values(told_on=today, sequence=row.sequence + 1))
    return row.told_on, row.sequence + 1


def _tell(work: Work, place: tree.Place, congress: str, since: date, sequence: int) -> None:
    unit, desks = tree.whole(place)
    t, today = tables.tasks.c, work.today
    due = sa.func.nullif(t.due_on, "")
    is_open = sa.and_(t.state.not_in(DONE), t.handled.in_(IN_HAND))
    soon = (today + timedelta(days=SOON_DAYS)).isoformat()
    counts = (
        sa.and_(t.state == "replied", t.since >= since.isoformat()), is_open, sa.and_(is_open, due < today.isoformat()),
        sa.and_(is_open, due >= today.isoformat(), due <= soon),
    )  # fmt: skip
    own = (of_units(frozenset(desks)), t.parent == "")
    sums = [sa.func.coalesce(sa.func.sum(sa.case((count, 1), else_=0)), 0) for count in counts]
    done, open_, late, near = work.connection.execute(sa.select(*sums).where(*own)).one()
    units = [*desks, *(row.id for row in sections_of(work, desks))]
    work.publish(
        place.unit.id, congress, sequence, "progress.told", unit=unit.as_data(), since=since.isoformat(), until=today.isoformat(),
        done=done, open=open_, late=late, near=near, units=units,
    )  # fmt: skip
