"""Appraisals of units by deputies: drawn up, cast, closed, announced; and who reads what of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.evaluation import tables as t
from services.evaluation.model.appraisal import (
    ANNOUNCED,
    CLOSED,
    DRAW_RULES,
    LEAST_BALLOTS,
    OPEN,
    OVERSEERS,
    Appraisal,
    Tally,
)
from services.evaluation.model.parts import Named
from shared.copies import KINDS
from shared.problems import Invalid, NotFound
from shared.reach import covers
from shared.store import converter
from shared.terms import BALLOT_MARKS
from shared.work import Work

Data = dict[str, Any]
LONGEST_LIST = 200

# --- commands -----------------------------------------------------------------------------------------


def draw_up_appraisal(work: Work, data: Data) -> Data:
    congress = data["congress"]
    work.authorize(DRAW_RULES, "draw_up_appraisal", congress)
    units = _of_here(work, "unit", data["units"], congress)
    deputies = _of_here(work, "deputy", data["deputies"], congress)
    made = Appraisal.draw_up(
        congress, data["name"], data["on"], units, deputies, data["questions"], work.actor, work.now
    )
    work.save(t.appraisal_store, made)
    seats = [
        {"appraisal_id": made.id, "deputy_id": one.id, "congress": congress, "has_cast": False} for one in deputies
    ]  # fmt: skip
    work.connection.execute(sa.insert(t.appraisal_seats), seats)
    sums = [
        {"appraisal_id": made.id, "unit_id": unit.id, "congress": congress, "ballots": 0,
         "marks": [{} for _ in made.questions], "opinions": []}
        for unit in units
    ]  # fmt: skip
    work.connection.execute(sa.insert(t.tallies), sums)
    return {"id": made.id, "version": made.version, "state": made.state}


def _of_here(work: Work, kind: str, ids: list[str], congress: str) -> list[Named]:
    """Deputies of the congress; units of it, or of the governments below. Others are as unknown as what is not there."""
    named = [Named(**one) for one in work.copies.named(kind, ids)]
    c = work.copies.table.c
    places = work.connection.scalars(sa.select(c.congress).where(c.kind == kind, c.id.in_(ids)).distinct())
    if any(not (path == congress or (kind == "unit" and covers(congress, path))) for path in places):
        field, label = {"unit": "units", "deputy": "deputies"}[kind], KINDS[kind]
        raise Invalid(f"没有找到这样的{label}，请重新选择。", {field: [f"请选择本级的{label}。"]})
    return named


def cast_ballot(work: Work, appraisal: Appraisal, data: Data) -> None:
    """The appraisal is locked: ballots come one after the other, and each changes the sums of all its units."""
    tallies = _tallies(work, appraisal)
    invited = appraisal.cast(tallies, data["marks"], work.actor, work.now)
    s = t.appraisal_seats.c
    seat = (s.appraisal_id == appraisal.id, s.deputy_id == invited.deputy.id)
    work.connection.execute(sa.update(t.appraisal_seats).where(*seat).values(has_cast=True))
    for id, tally in tallies.items():
        row = (t.tallies.c.appraisal_id == appraisal.id, t.tallies.c.unit_id == id)
        sums = {"ballots": tally.ballots, "marks": tally.marks, "opinions": tally.opinions}
        work.connection.execute(sa.update(t.tallies).where(*row).values(**sums))


def close_appraisal(work: Work, appraisal: Appraisal, data: Data) -> None:
    appraisal.close(work.actor, work.now)


def cancel_appraisal(work: Work, appraisal: Appraisal, data: Data) -> None:
    appraisal.cancel(data["reason"], work.actor, work.now)
    work.connection.execute(sa.delete(t.tallies).where(t.tallies.c.appraisal_id == appraisal.id))


def announce_appraisal(work: Work, appraisal: Appraisal, data: Data) -> None:
    appraisal.announce(_tallies(work, appraisal), work.actor, work.now)


def demand_rectification(work: Work, appraisal: Appraisal, data: Data) -> Data:
    made = appraisal.demand(data["unit"], data["text"], data["due_on"], work.actor, work.now)
    return {"demand": made.id}


def _tallies(work: Work, appraisal: Appraisal) -> dict[str, Tally]:
    names = {unit.id: unit for unit in appraisal.units}
    rows = work.connection.execute(
        sa.select(t.tallies).where(t.tallies.c.appraisal_id == appraisal.id).order_by(t.tallies.c.unit_id)
    )
    return {row.unit_id: Tally(names[row.unit_id], row.ballots, row.marks, row.opinions) for row in rows}


# --- who reads them -----------------------------------------------------------------------------------


def appraisals(work: Work, params: Data) -> list[Data]:
    """The appraisals of a congress, the newest first: its people all, deputies those they are invited to, units those
    that were announced."""
    a, s, y = t.appraisals.c, t.appraisal_seats.c, t.tallies.c
    conditions = [a.congress == params["congress"]]
    if not any(work.actor.has(role, params["congress"]) for role in OVERSEERS):
        invited = sa.exists().where(s.appraisal_id == a.id, s.deputy_id.in_(sorted(work.actor.seats)))
        judged = sa.exists().where(y.appraisal_id == a.id, y.unit_id.in_(sorted(work.actor.units())))
        conditions.append(sa.or_(invited, sa.and_(a.state == ANNOUNCED, judged)))
    query = sa.select(a.id).where(*conditions).order_by(a.on.desc(), a.id).limit(LONGEST_LIST)
    ids = list(work.connection.scalars(query))
    found = t.appraisal_store.get_many(work.connection, ids)
    return [_line(found[id], work) for id in ids]


def appraisal(work: Work, params: Data) -> Data:
    """One appraisal with what the person may know of its results."""
    found = t.appraisal_store.get(work.connection, params["id"])
    relations = found.relations(work.actor) if found else frozenset()
    if found is None or not relations:
        raise NotFound("没有找到这次评议。")
    oversees = bool(relations & {*OVERSEERS})
    shows = oversees and found.state in (CLOSED, ANNOUNCED)
    own = work.actor.units()
    results = [
        _result(found, tally)
        for tally in (_tallies(work, found).values() if shows or found.state == ANNOUNCED else ())
        if shows or tally.unit.id in own
    ]
    return {
        **_line(found, work),
        "units": [converter.unstructure(unit) for unit in found.units if oversees or "invited_deputy" in relations or unit.id in own],
        "questions": found.questions,
        "marks": BALLOT_MARKS,
        "invited": [converter.unstructure(one) for one in found.invited] if oversees else [],
        "least": LEAST_BALLOTS,
        "results": results,
        "rectifications": [converter.unstructure(one) for one in found.rectifications if oversees or one.unit.id in own],
        "history": [converter.unstructure(step) for step in found.history] if oversees else [],
    }  # fmt: skip


def _result(found: Appraisal, tally: Tally) -> Data:
    """Of fewer than three ballots nothing is told but that they are too few."""
    told = tally.may_be_shown
    return {
        "unit": converter.unstructure(tally.unit), "ballots": tally.ballots if told else None,
        "marks": [
            {"question": question, "counts": {mark: counts.get(mark, 0) for mark in BALLOT_MARKS}}
            for question, counts in zip(found.questions, tally.marks, strict=True)
        ] if told else [],
        "opinions": tally.opinions if told else [],
    }  # fmt: skip


def _line(found: Appraisal, work: Work) -> Data:
    may = found.may(work.actor)
    if not found.may_cast(work.actor, work.today):
        may = [line for line in may if line["command"] != "cast_ballot"]
    return {
        "id": found.id, "version": found.version, "congress": found.congress, "name": found.name, "on": found.on.isoformat(),
        "state": found.state, "state_label": found.rules.states[found.state], "units_count": len(found.units),
        "ballots": found.ballots, "of": len(found.invited), "may": may,
        "has_cast": any(one.has_cast for one in found.invited if one.deputy.id in work.actor.seats),
        "is_invited": any(one.deputy.id in work.actor.seats for one in found.invited),
    }  # fmt: skip


def ballots_to_cast(work: Work, seats: list[str]) -> list[Data]:
    """For deputies: appraisals that have begun, and wait for their ballot."""
    a, s = t.appraisals.c, t.appraisal_seats.c
    query = (
        sa.select(a.id)
        .join_from(t.appraisal_seats, t.appraisals, a.id == s.appraisal_id)
        .where(s.deputy_id.in_(seats), s.has_cast.is_(False), a.state == OPEN, a.on <= work.today.isoformat())
        .order_by(a.on, a.id)
        .limit(LONGEST_LIST)
    )
    ids = list(work.connection.scalars(query))
    found = t.appraisal_store.get_many(work.connection, ids) if ids else {}
    return [
        {
            "suggestion": "", "title": found[id].name, "number": "", "congress": found[id].congress, "command": "cast_ballot",
            "what": "投票评议", "since": found[id].on.isoformat(), "page": f"/appraisals/{id}",
        }
        for id in ids
    ]  # fmt: skip
