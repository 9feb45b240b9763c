"""Receptions and visits: planned, recorded, cancelled; the lists and figures made of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.intake import tables as t
from services.intake.handlers.duties import done_in
from services.intake.handlers.stations import NOTHING, READERS, kept_by, readable_congresses
from services.intake.model.encounter import ENCOUNTER_RULES, ENCOUNTER_STATES, Encounter
from services.intake.model.station import Station
from shared.problems import NotAllowed, NotFound
from shared.terms import ENCOUNTER_KINDS
from shared.work import Work

Data = dict[str, Any]


def station_for(work: Work, id: str, command: str) -> Station:
    """The station at which somebody does something. Not locked: deputies of the levels above may not change it."""
    station = t.station_store.get(work.connection, id)
    if station is None:
        raise NotFound("没有找到这个联络站。")
    station.check(command, work.actor)
    work.authorized = True
    return station


def plan_reception(work: Work, data: Data) -> Data:
    station = station_for(work, data["id"], "plan_reception")
    seats = station.who_acts(data["deputies"], work.actor)
    standing = _receptions_on(work, station, data["on"])
    for seat in seats:
        if known := standing.get(seat.id):
            known.require_not_held()
            continue  # planned already: a repeat changes nothing
        planned = Encounter.plan_reception(station, seat, data["on"], data["hours"], work.actor, work.now)
        work.save(t.encounter_store, planned)
    return {"id": station.id, "version": station.version, "state": station.state}


def log_reception(work: Work, data: Data) -> Data:
    """A planned day becomes one that was held; one that was not planned is recorded as well. Raises for what is known."""
    station = station_for(work, data["id"], "log_reception")
    seats = station.who_acts(data["deputies"], work.actor)
    standing, said = (
        _receptions_on(work, station, data["on"]),
        {"people": data["people"], "notes": data["notes"]},
    )
    for seat in seats:
        if known := standing.get(seat.id):
            known.require_not_held()
            known.log(work.actor, work.now, **said)
        else:
            known = Encounter.logged(station, seat, "reception", data["on"], work.actor, work.now, **said)
        work.save(t.encounter_store, known)
    return {"id": station.id, "version": station.version, "state": station.state}


def log_visit(work: Work, data: Data) -> Data:
    station = station_for(work, data["id"], "log_visit")
    (seat,) = station.who_acts([data["deputy"]], work.actor, "deputy")
    said = {name: data[name] for name in ("people", "place", "notes")}
    visit = Encounter.logged(station, seat, "visit", data["on"], work.actor, work.now, **said)
    work.save(t.encounter_store, visit)
    return {"id": visit.id, "version": visit.version, "state": visit.state}


def cancel(work: Work, encounter: Encounter, data: Data) -> None:
    if encounter.relations(work.actor) == {"station"}:  # of this congress: it has to be the very station
        require_kept(work, encounter.station.id, "次接待或走访")
    encounter.cancel(data["reason"], work.actor, work.now)


def require_kept(work: Work, station: str, noun: str) -> None:
    """Raise NotFound unless the person keeps this station."""
    if station not in kept_by(work):
        raise NotFound(f"没有找到这{noun}。")


def _receptions_on(work: Work, station: Station, on: date) -> dict[str, Encounter]:
    """What is planned or was held at the station on a day, by deputy."""
    e = t.encounters.c
    same_day = (
        e.station_id == station.id,
        e.on == on.isoformat(),
        e.kind == "reception",
        e.state != "cancelled",
    )
    found = t.encounter_store.find(work.connection, *same_day, limit=1000)
    return {encounter.deputy.id: encounter for encounter in found}


# --- questions ------------------------------------------------------------------------------------------------------


def encounters(work: Work, params: Data) -> list[Data]:
    """Each line that the person may know of: the office and leaders of the station's or the deputy's congress, the
    station's own people, the deputy."""
    e, offices = t.encounters.c, readable_congresses(work.actor)
    mine = [
        e.congress.in_(offices), e.home.in_(offices), e.station_id.in_(kept := kept_by(work)), e.deputy_id.in_(list(work.actor.seats)),
    ]  # fmt: skip
    found = sa.select(e.id, e.congress, e.home, e.state, e.version, e.state_json).where(sa.or_(*mine))
    for name, column in (
        ("station", e.station_id),
        ("deputy", e.deputy_id),
        ("kind", e.kind),
        ("state", e.state),
    ):
        if params[name]:
            found = found.where(column == params[name])
    if congress := params["congress"]:
        found = found.where(sa.or_(e.congress == congress, e.home == congress))
    if year := params["year"]:
        found = found.where(e.on.between(f"{year}-01-01", f"{year}-12-31"))
    rows = work.connection.execute(found.order_by(e.on.desc(), e.id.desc()).limit(params["limit"]))
    return [_line(work, row, kept) for row in rows]


def _line(work: Work, row: Any, kept: list[str]) -> Data:
    kept_json = row.state_json
    may = (
        work.actor.has("liaison", row.congress) or kept_json["station"]["id"] in kept or kept_json["deputy"]["id"] in work.actor.seats
    ) and row.state in ENCOUNTER_RULES.by_command["cancel_encounter"].when  # fmt: skip
    return {
        "id": row.id, "version": row.version, "congress": row.congress, "state": row.state, "state_label": ENCOUNTER_STATES[row.state],
        "kind_label": ENCOUNTER_KINDS[kept_json["kind"]], "may_cancel": may,
        **{name: kept_json[name] for name in ("kind", "station", "deputy", "on", "hours", "people", "place", "notes", "recorded_by", "reason")},
    }  # fmt: skip


def deputy_duties(work: Work, params: Data) -> Data:
    """Each deputy of the congress who works at a station, with the figures of a year; deputies see their own."""
    congress, year, p = params["congress"], params["year"] or work.today.year, t.station_people.c
    reads_all = any(work.actor.has(role, congress) for role in READERS)
    own = [role.seat for role in work.actor.roles if role.role == "deputy" and role.congress == congress]
    if not (reads_all or own):
        raise NotAllowed("只有本级人大的工作机构和代表可以查看代表履职情况。")
    assigned = sa.select(p.person_id, p.name).where(p.home == congress, p.part == "deputy")
    if not reads_all:
        assigned = assigned.where(p.person_id.in_(own))
    people = {
        row.person_id: row.name
        for row in work.connection.execute(assigned.distinct().order_by(p.name, p.person_id))
    }
    done = done_in(work, year, t.encounters.c.home == congress)
    lines = [{"deputy": id, "name": name, **done.get(id, NOTHING)} for id, name in people.items()]
    return {
        "year": year, "as_of": work.today.isoformat(), "lines": lines,
        "totals": {name: sum(line[name] for line in lines) for name in NOTHING},
    }  # fmt: skip


def waiting(work: Work) -> list[Data]:
    """Reception days that are planned: for their deputies from the day on which they were fixed, for the station when
    they are to be recorded."""
    e, seats, kept = t.encounters.c, list(work.actor.seats), kept_by(work)
    today = work.today.isoformat()
    mine = sa.or_(e.deputy_id.in_(seats), sa.and_(e.station_id.in_(kept), e.on <= today))
    if not (seats or kept):
        return []
    found = (
        sa.select(e.on, e.station_id, e.state_json)
        .where(mine, e.state == "planned")
        .order_by(e.on, e.id)
        .limit(100)
    )
    lines = []
    for row in work.connection.execute(found):
        what, light = "查看", "green"
        if row.on <= today:
            what, light = "登记接待", "yellow" if row.on == today else "red"
        said = row.state_json
        lines.append(
            {
                "suggestion": "", "number": "", "title": f"{said['deputy']['name']}在{said['station']['name']}接待选民{said['hours']}",
                "command": "log_reception", "what": what, "due_on": row.on, "light": light, "deadline": "接待日",
                "page": f"/stations/{row.station_id}?do=log_reception&on={row.on}&deputy={said['deputy']['id']}#log_reception",
            }
        )  # fmt: skip
    return lines
