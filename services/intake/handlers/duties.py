"""What is asked of the deputies of stations, how far each has come, and the reminder at the month's end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.intake import tables as t
from services.intake.model.duties import Duty, Held, Progress, is_last_week, progress
from services.intake.model.station import STATION_RULES, Seat, Station
from shared.work import Work

Data = dict[str, Any]
MOST_STATIONS = 100  # reminded of within one transaction; the next look goes on


def duties_at(work: Work, congress: str) -> list[Duty]:
    """What the place of the station asks of its deputies today, of whatever level they are."""
    answers = work.ask_plugins("station_duties", congress, month=work.today.month)
    return [duty for _, duty in answers if duty.is_sound()]


def done_in(work: Work, year: int, *of: sa.ColumnElement[bool]) -> dict[str, Data]:
    """By deputy: {receptions (days), received (people), visits, visited (people)} of a year."""
    e = t.encounters.c
    people = sa.func.coalesce(sa.func.sum(e.people), 0)
    rows = work.connection.execute(
        sa.select(e.deputy_id, e.kind, sa.func.count(), sa.func.count(sa.distinct(e.on)), people)
        .where(e.state == "held", e.on.between(f"{year}-01-01", f"{year}-12-31"), *of)
        .group_by(e.deputy_id, e.kind)
    )
    found: dict[str, Data] = {}
    for deputy, kind, count, days, met in rows:
        figures = found.setdefault(deputy, {"receptions": 0, "received": 0, "visits": 0, "visited": 0})
        figures |= (
            {"receptions": days, "received": met}
            if kind == "reception"
            else {"visits": count, "visited": met}
        )
    return found


def progress_of(work: Work, station: Station, seats: Iterable[Seat]) -> dict[str, list[Progress]]:
    """How far these deputies have come with what their station's place asks for."""
    duties, ids = duties_at(work, station.congress), [seat.id for seat in seats]
    if not duties or not ids:
        return {}
    return _progress(work, duties, ids)


def _progress(work: Work, duties: list[Duty], ids: list[str]) -> dict[str, list[Progress]]:
    first = min(duty.period(work.today)[0] for duty in duties)
    e = t.encounters.c
    rows = work.connection.execute(
        sa.select(e.deputy_id, e.kind, e.on, e.people).where(
            e.deputy_id.in_(ids), e.state == "held", e.on >= first.isoformat()
        )
    )
    held: dict[str, list[Held]] = {id: [] for id in ids}
    for row in rows:
        held[row.deputy_id].append(Held(row.kind, date.fromisoformat(row.on), row.people))
    return {id: progress(duties, of, work.today) for id, of in held.items()}


def remind(work: Work, data: Data) -> Data:
    """In the last week of a month: each deputy once, of what is still to be done. A second look says nothing more."""
    work.authorize(STATION_RULES, "remind_of_duties", "")
    if not is_last_week(work.today) or not work.is_answered("station_duties"):
        return {"id": "", "reminded": 0, "more": False}
    month, s = work.today.strftime("%Y-%m"), t.stations.c
    todo = sa.select(s.id).where(s.state == "open", s.reminded_for < month).limit(MOST_STATIONS)
    ids, reminded = list(work.connection.scalars(todo)), 0
    for id in sorted(ids):
        station = t.station_store.get(work.connection, id, lock=True)
        if station is None or station.reminded_for >= month:
            continue  # another replica was faster
        reminded += _remind_at(work, station, month)
        station.reminded_for = month
        work.save(t.station_store, station)
    return {"id": "", "reminded": reminded, "more": len(ids) == MOST_STATIONS}


def _remind_at(work: Work, station: Station, month: str) -> int:
    count = 0
    of = progress_of(work, station, station.deputies)
    for seat in station.deputies:
        open_ones = [
            one for one in of.get(seat.id, []) if not one.is_done and one.duty.is_reminded_on(work.today)
        ]
        if open_ones:
            text = "；".join(one.in_words() for one in open_ones)
            station.remind(seat, month, min(one.due_on for one in open_ones), text, work.actor, work.now)
            count += 1
    return count


def waiting(work: Work) -> list[Data]:
    """What a deputy has still to do this month or year, by station, with how it is counted."""
    p, seats = t.station_people.c, list(work.actor.seats)
    if not seats or not work.is_answered("station_duties"):
        return []
    assigned = work.connection.execute(
        sa.select(p.station_id, p.person_id, p.congress).where(p.person_id.in_(seats), p.part == "deputy")
    ).all()
    found, known = (
        [],
        {congress: duties_at(work, congress) for congress in {row.congress for row in assigned}},
    )
    for row in assigned:
        if not (duties := known[row.congress]):
            continue
        for one in _progress(work, duties, [row.person_id])[row.person_id]:
            if not one.is_done:
                what = "log_reception" if one.duty.kind == "reception" else "log_visit"
                found.append(
                    {
                        "suggestion": "", "title": one.in_words(), "number": "", "command": what,
                        "what": "登记接待" if one.duty.kind == "reception" else "登记走访", "due_on": one.due_on.isoformat(),
                        "light": one.light(work.today), "deadline": "代表联络站履职", "page": f"/stations/{row.station_id}?do={what}#{what}",
                    }
                )  # fmt: skip
    return found
