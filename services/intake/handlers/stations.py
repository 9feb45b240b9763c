"""Stations: registering them, who works there, how they meet the standard, and what people ask about them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.intake import tables as t
from services.intake.handlers.duties import done_in, duties_at, progress_of
from services.intake.model.station import STATION_RULES, STATION_STATES, USUAL_STANDARD, Seat, Station
from shared.identity import SUPERVISORS_OF_THE_CONGRESS, Actor
from shared.problems import Invalid, NotFound
from shared.store import converter
from shared.work import Work

Data = dict[str, Any]
READERS = ("liaison", *SUPERVISORS_OF_THE_CONGRESS)


def register(work: Work, data: Data) -> Data:
    congress = data.pop("congress")
    work.authorize(STATION_RULES, "register_station", congress)
    station = Station.register(congress, work.actor, work.now, **data)
    work.save(t.station_store, station)
    t.write_station_people(work.connection, station)
    return {"id": station.id, "version": station.version, "state": station.state}


def change(work: Work, station: Station, data: Data) -> None:
    station.change(work.actor, work.now, **data)
    t.write_station_people(work.connection, station)


def close(work: Work, station: Station, data: Data) -> None:
    station.close(data["reason"], work.actor, work.now)


def check(work: Work, station: Station, data: Data) -> None:
    station.check_against(standard_at(work, station.congress), data["met"], work.actor, work.now)


def assign(work: Work, station: Station, data: Data) -> None:
    station.assign(seats_of(work, data["deputies"]), work.actor, work.now)
    t.write_station_people(work.connection, station)


def take(work: Work, station: Station, data: Data) -> None:
    station.take_out(data["deputies"], work.actor, work.now)
    t.write_station_people(work.connection, station)


def standard_at(work: Work, congress: str) -> list[str]:
    """The congress's own standard for stations, else the usual one."""
    return list(work.practices.settings("stations", congress)["standard"]) or list(USUAL_STANDARD)


def seats_of(work: Work, ids: list[str]) -> list[Seat]:
    """Deputies of whatever congress who are in office."""
    copies = work.copies.table.c
    rows = work.connection.execute(
        sa.select(copies.id, copies.congress, copies.data).where(copies.kind == "deputy", copies.id.in_(ids))
    )
    known = {
        row.id: Seat(row.id, row.data["name"], row.congress) for row in rows if row.data.get("active", True)
    }
    if unknown := [id for id in ids if id not in known]:
        work.copies.missed.update(unknown)
        raise Invalid(
            "没有找到这样的在任代表。", {"deputies": ["有的代表没有找到，或者已经不在任，请重新选择。"]}
        )
    return [known[id] for id in ids]


# --- questions ------------------------------------------------------------------------------------------------------


def kept_by(work: Work) -> list[str]:
    """The stations that the person keeps: an account with the role `station`, named as a keeper."""
    p = t.station_people.c
    if not (own := work.actor.congresses("station")):
        return []
    mine = (p.person_id == work.actor.account, p.part == "keeper", p.congress.in_(own))
    return list(work.connection.scalars(sa.select(p.station_id).where(*mine)))


def own_stations(work: Work) -> list[str]:
    """The stations to which the person is assigned as a deputy."""
    p, seats = t.station_people.c, list(work.actor.seats)
    mine = (p.person_id.in_(seats), p.part == "deputy")
    return list(work.connection.scalars(sa.select(p.station_id).where(*mine))) if seats else []


def readable_congresses(actor: Actor) -> list[str]:
    return sorted(actor.congresses(*READERS))


def stations(work: Work, params: Data) -> list[Data]:
    s = t.stations.c
    mine = sa.or_(
        s.congress.in_(readable_congresses(work.actor)), s.id.in_([*kept_by(work), *own_stations(work)])
    )
    found = sa.select(s.id, s.congress, s.state, s.name, s.state_json).where(mine)
    if params["congress"]:
        found = found.where(s.congress == params["congress"])
    rows = work.connection.execute(
        found.order_by(s.congress, s.state.desc(), s.name).limit(params["limit"])
    ).all()
    return [
        {
            "id": row.id, "congress": row.congress, "state": row.state, "state_label": STATION_STATES[row.state],
            **{name: row.state_json[name] for name in ("name", "address", "head", "phone", "hours")},
            "deputies": len(row.state_json["deputies"]), "points": len(row.state_json["points"]),
            "met": sum(point["met"] for point in row.state_json["points"]),
        }
        for row in rows
    ]  # fmt: skip


def station(work: Work, params: Data) -> Data:
    """One station; what each deputy has done is shown to the office and the station, a deputy sees the own figures."""
    found = t.station_store.get(work.connection, params["id"])
    relations = found.relations(work.actor) if found else frozenset()
    if found is None or not relations - {"system"}:
        raise NotFound("没有找到这个联络站。")
    body = converter.unstructure(found)
    for inner in ("recorded", "reminded_for"):
        body.pop(inner)
    if not relations & {"liaison"}:
        body.pop("keepers")
    return {
        **body, "state_label": STATION_STATES[found.state], "year": params["year"] or work.today.year,
        "deputies": _with_figures(work, found, relations, params["year"] or work.today.year),
        "standard": standard_at(work, found.congress), "may": found.may(work.actor),
        "duties": [duty.label for duty in duties_at(work, found.congress)],
    }  # fmt: skip


def _with_figures(work: Work, found: Station, relations: frozenset[str], year: int) -> list[Data]:
    done, held = done_in(work, year, t.encounters.c.station_id == found.id), {}
    shown = found.deputies if relations & {"station", *READERS} else found.seats_of(work.actor)
    if year == work.today.year:
        held = progress_of(work, found, shown)
    return [
        {
            "id": seat.id, "name": seat.name, "congress": seat.congress,
            "figures": done.get(seat.id, NOTHING) if seat in shown else None,
            "open": [one.in_words() for one in held.get(seat.id, []) if not one.is_done],
            "done": [one.in_words() for one in held.get(seat.id, []) if one.is_done],
        }
        for seat in found.deputies
    ]  # fmt: skip


NOTHING = {"receptions": 0, "received": 0, "visits": 0, "visited": 0}
