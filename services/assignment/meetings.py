"""The assignment meeting and what leads up to it: units asked in advance, agenda, who came, minutes, lists by unit."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.assignment import stores, tables
from services.assignment.model import Batch, Handling, Line
from services.assignment.stores import CHUNK, batch_store, store
from services.assignment.units import units_of
from shared.identity import Actor
from shared.problems import Invalid, NotFound
from shared.terms import KINDS, UNIT_ROLES
from shared.work import Work

Data = dict[str, Any]
MOST_BATCHES = 20  # of all that are drawn up: one or two

# --- commands -------------------------------------------------------------------------------------------------


def consult(work: Work, batch: Batch, data: Data) -> Data:
    """Asks each unit about each of its lines, once however often the office presses."""
    handlings = store.get_locked(work.connection, [line.suggestion for line in batch.lines])
    batch.place_units(units_of(work, batch.congress, batch.unit_ids).known)
    asked = 0
    changed: list[Handling] = []
    for line in batch.lines:
        handling = handlings.get(line.suggestion)
        if handling and (
            new := handling.consult(line.allotment.units, data["answer_by"], work.actor, work.now)
        ):
            asked, changed = asked + len(new), [*changed, handling]
    if not asked:
        raise Invalid(
            "没有需要征求意见的单位。", {"lines": ["批次里的单位都已经征求过意见，或者还没有选择单位。"]}
        )
    together = stores.SavedTogether(store)
    for handling in changed:
        work.save(together, handling)
    together.write(work.connection)
    stores.write_consultations(work.connection, changed)
    return {"asked": asked}


def answer_consultation(work: Work, handling: Handling, data: Data) -> None:
    handling.answer_consultation(data["agrees"] == "yes", data["words"], work.actor, work.now)
    stores.write_consultations(work.connection, [handling])


def set_agenda(work: Work, batch: Batch, data: Data) -> None:
    batch.set_agenda(data["agenda"], data["requirements"], work.actor, work.now)


def arrange(work: Work, batch: Batch, data: Data) -> None:
    handling = store.get(work.connection, data["suggestion"])
    batch.arrange(data["suggestion"], data["arrangement"], handling, work.actor, work.now)


def record_attendance(work: Work, batch: Batch, data: Data) -> Data:
    batch.record_attendance(data["attendance"], work.actor, work.now)
    return {"invited": len(batch.meeting.attendance), "came": batch.meeting.came}


def record_minutes(work: Work, batch: Batch, data: Data) -> None:
    batch.record_minutes(data["minutes"], data["speeches"], work.actor, work.now)


# --- questions ------------------------------------------------------------------------------------------------


def batch_by_unit(work: Work, params: Data) -> Data:
    """{name, meeting_on, requirements, units: [{id, name, lines: [{number, title, category, role, deputies}]}]}, by name; each
    unit with the suggestions that it is to get or got with this batch."""
    batch = batch_store.get(work.connection, params["id"])
    if batch is None or not batch.relations(work.actor):
        raise NotFound("没有找到这个批次。")
    ids = [line.suggestion for line in batch.lines]
    known: dict[str, Handling] = {}
    for start in range(0, len(ids), CHUNK):
        known |= store.get_many(work.connection, ids[start : start + CHUNK])
    by_unit: dict[str, Data] = {}
    for line in batch.lines:
        handling, allotment = known.get(line.suggestion), line.allotment
        if handling is None:
            continue
        chosen = (
            ("lead", [allotment.lead] if allotment.lead else []),
            ("joint", allotment.joint),
            ("separate", allotment.separate),
        )
        for role, units in chosen:
            for unit in units:
                entry = by_unit.setdefault(unit.id, {**unit.as_data(), "lines": []})
                entry["lines"].append(
                    {
                        "suggestion": handling.id, "number": handling.number, "title": handling.title, "category": handling.category,
                        "role": role, "role_label": UNIT_ROLES[role], "deputies": [deputy.name for deputy in handling.answered],
                        "lead_unit": allotment.lead.name if allotment.lead else "", **line_marks(line, handling),
                    }
                )  # fmt: skip
    return {
        "id": batch.id, "congress": batch.congress, "name": batch.name, "state": batch.state, "meeting_on": batch.meeting_on.isoformat(),
        "issued_on": batch.issued_on.isoformat() if batch.issued_on else None, "requirements": batch.meeting.requirements,
        "units": sorted(by_unit.values(), key=lambda unit: unit["name"]),
    }  # fmt: skip


def line_marks(line: Line, handling: Handling | None) -> Data:
    """What sets a line apart at the meeting: its kind, that it is a key one or a delegation's, what is arranged for it alone."""
    kind = handling.kind if handling else ""
    return {
        "kind": kind, "kind_label": KINDS.get(kind, kind), "is_key": bool(handling and handling.key_theme),
        "theme": handling.key_theme if handling else "", "delegation": handling.delegation if handling else "",
        "arrangement": line.arrangement,
    }  # fmt: skip


def consultations_shown(handling: Handling, actor: Actor, sees_all: bool) -> list[Data]:
    """What units that were asked in advance said: to the congress's offices all of it, to a unit its own."""
    return [
        {
            "unit": asked.unit.as_data(), "asked_on": asked.asked_on.isoformat(), "agrees": asked.agrees, "words": asked.words,
            "answer_by": asked.answer_by.isoformat() if asked.answer_by else None,
            "answered_on": asked.answered_on.isoformat() if asked.answered_on else None,
        }
        for asked in handling.consultations
        if sees_all or handling.is_asked(asked, actor)
    ]  # fmt: skip


def waiting_consultations(work: Work, limit: int) -> list[Data]:
    """What the person's units are asked about and have not answered, the longest waiting first."""
    c, h, units = (
        tables.consultations.c,
        tables.handlings.c,
        work.actor.units("handler", "unit_head", "distributing"),
    )
    if not units:
        return []
    query = (
        sa.select(
            c.suggestion,
            c.congress,
            c.unit_id,
            h.number,
            h.title,
            c.asked_on.label("since"),
            c.answer_by.label("due_on"),
        )
        .join(tables.handlings, h.id == c.suggestion)
        .where(c.unit_id.in_(sorted(units)), c.answer == "", h.state == "waiting")
        .order_by(c.asked_on, c.suggestion)
        .limit(limit)
    )
    what = {"command": "answer_consultation", "what": "答复预征求意见"}
    rows = work.connection.execute(query)
    return [{**row._mapping, "unit": row.unit_id, **what, "light": _light(work, row.due_on)} for row in rows]


def waiting_batches(work: Work, congresses: list[str]) -> list[Data]:
    """What is drawn up for a meeting and not issued, by the meeting's day: what is in it stands on no desk meanwhile."""
    b = tables.batches.c
    query = sa.select(b.id, b.congress, b.name, b.meeting_on, b.lines).where(
        b.congress.in_(congresses), b.state == "drawn"
    )
    return [
        {
            "suggestion": "", "congress": row.congress, "number": "", "title": f"批次“{row.name}”", "command": "issue_batch",
            "what": f"交办会后集中交办 {row.lines} 件" if row.lines else "列入建议，准备交办会", "due_on": row.meeting_on,
            "light": _light(work, row.meeting_on), "page": f"/assignment?congress={row.congress}&batch={row.id}",
        }
        for row in work.connection.execute(query.order_by(b.meeting_on, b.id).limit(MOST_BATCHES))
    ]  # fmt: skip


def _light(work: Work, due_on: str) -> str:
    """Of what no clock of supervision runs for: yellow from the day before, red when it has passed."""
    if not due_on:
        return ""
    left = (date.fromisoformat(due_on) - work.today).days
    return "red" if left < 0 else "yellow" if left <= 1 else "green"
