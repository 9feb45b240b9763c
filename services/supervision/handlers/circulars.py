"""Circulars: drawn up from what the ledger knows of a period, issued by people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.sight import within
from services.supervision.model.circulars import OFFICES, RULES, STATES, SUBJECTS, Circular, Named
from services.supervision.model.clocks import SILENT
from services.supervision.model.deadlines import RULES as DEADLINES
from services.supervision.model.measures import RUNGS
from shared.aggregate import new_id
from shared.identity import Actor
from shared.problems import Invalid, NotFound
from shared.terms import UNFINISHED_PROMISES
from shared.work import Work

MOST_ENTRIES = 500


def draw_up_circular(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    """Draw up a circular: what is late today, and what became of promises and measures in its period."""
    work.authorize(RULES, "draw_up_circular", data["congress"])
    wanted = [subject for subject in SUBJECTS if data[subject]]
    circular = Circular(
        id=new_id(), drawn_by=work.actor.name, entries=[],
        **{name: data[name] for name in ("congress", "title", "since", "until", "addressed_to", "text")},
    )  # fmt: skip
    if circular.since > work.today:
        raise Invalid("开始日期还没有到。", {"since": ["开始日期不能晚于今天。"]})
    for subject in wanted:
        circular.entries += list(GATHERED[subject](work, circular))[:MOST_ENTRIES]
    circular.record(
        "circular.drawn", work.now, work.actor, title=circular.title, entries=len(circular.entries)
    )
    work.save(t.circular_store, circular)
    return {"id": circular.id, "entries": len(circular.entries)}


def issue_circular(work: Work, circular: Circular, data: dict[str, Any]) -> None:
    """It goes out to everybody at the congress."""
    circular.issue(data["document_number"], data["text"], work.actor, work.today)
    circular.record(
        "circular.issued", work.now, work.actor, title=circular.title, document_number=circular.document_number,
        since=circular.since.isoformat(), until=circular.until.isoformat(), addressed_to=circular.addressed_to,
        text=circular.text, entries=len(circular.entries),
    )  # fmt: skip


def discard_circular(work: Work, circular: Circular, data: dict[str, Any]) -> None:
    """It is not issued."""
    circular.discard()


# --- what is named ------------------------------------------------------------------------------------------


def _late(work: Work, circular: Circular) -> Iterator[Named]:
    d, of = t.deadlines.c, t.ledger.c
    rows = work.connection.execute(
        sa.select(d.suggestion_id, d.kind, d.due_on, d.unit_name, of.number, of.title)
        .join(t.ledger, of.id == d.suggestion_id)
        .where(d.congress == circular.congress, d.ended == "", d.due_on < work.today.isoformat(), d.kind != SILENT, d.unit_id != "")
        .order_by(d.due_on)
        .limit(MOST_ENTRIES)
    )  # fmt: skip
    for row in rows:
        days = (work.today - date.fromisoformat(row.due_on)).days
        what = f"{DEADLINES[row.kind].label}应于{row.due_on}前完成，已逾期{days}天"
        yield Named("late", row.suggestion_id, row.number, row.title, row.unit_name, what)


def _promises(work: Work, circular: Circular) -> Iterator[Named]:
    c = t.commitments.c
    late = (c.state.in_(UNFINISHED_PROMISES), c.due_on < work.today.isoformat())
    for id, number, title in _of_commitments(work, circular, *late):
        commitment = t.commitment_store.get(work.connection, id)
        if commitment:
            what = f"{commitment.text}，应于{commitment.due_on}前完成"
            yield Named("promises", commitment.suggestion, number, title, commitment.unit.name, what)


def _kept(work: Work, circular: Circular) -> Iterator[Named]:
    """Promises that were kept within the period."""
    for id, number, title in _of_commitments(work, circular, t.commitments.c.state == "kept"):
        commitment = t.commitment_store.get(work.connection, id)
        if commitment and commitment.kept_on and circular.since <= commitment.kept_on <= circular.until:
            what = f"{commitment.text}，{commitment.kept_on}完成"
            yield Named("kept", commitment.suggestion, number, title, commitment.unit.name, what)


def _of_commitments(work: Work, circular: Circular, *conditions: Any) -> list[tuple[str, str, str]]:
    c, of = t.commitments.c, t.ledger.c
    query = sa.select(c.id, of.number, of.title).outerjoin(t.ledger, of.id == c.suggestion_id)
    rows = work.connection.execute(
        query.where(c.congress == circular.congress, *conditions)
        .order_by(c.due_on.desc())
        .limit(MOST_ENTRIES)
    )
    return [(row.id, row.number or "", row.title or "") for row in rows]


def _measures(work: Work, circular: Circular) -> Iterator[Named]:
    """Measures that were taken within the period."""
    m, of = t.measures.c, t.ledger.c
    query = sa.select(m.id, of.number, of.title).outerjoin(t.ledger, of.id == m.suggestion_id)
    taken = (m.congress == circular.congress, m.state.in_(("taken", "answered", "ended")))
    rows = work.connection.execute(query.where(*taken).order_by(m.proposed_on).limit(MOST_ENTRIES)).all()
    found = t.measure_store.get_many(work.connection, [row.id for row in rows]) if rows else {}
    for row in rows:
        measure = found[row.id]
        if measure.decided_on and circular.since <= measure.decided_on <= circular.until:
            what = f"{measure.decided_on}{RUNGS[measure.rung]}"
            yield Named(
                "measures", measure.suggestion, row.number or "", row.title or "", measure.unit.name, what
            )


GATHERED = {"late": _late, "promises": _promises, "kept": _kept, "measures": _measures}

# --- lists --------------------------------------------------------------------------------------------------


def circulars(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """{circulars, may_draw}: those of a congress that the person may read, the newest first."""
    c, actor = t.circulars.c, work.actor
    own = sorted(path for path in actor.congresses() if path)
    if params["congress"]:
        own = [path for path in own if path == params["congress"]]
    if not own:
        return {"circulars": [], "may_draw": False}
    query = sa.select(c.id).where(within(c.congress, own)).order_by(c.id.desc()).limit(params["limit"])
    found = t.circular_store.get_many(work.connection, list(work.connection.scalars(query)))
    shown = [one for one in found.values() if one.relations(actor)]
    return {
        "circulars": [_shown(one, actor) for one in sorted(shown, key=lambda one: one.id, reverse=True)],
        "may_draw": any(actor.has(role, path) for role in OFFICES for path in own),
    }


def circular(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """One circular with what it names."""
    found = t.circular_store.get(work.connection, params["id"])
    if found is None or not found.relations(work.actor):
        raise NotFound("没有找到这份通报。")
    return {
        **_shown(found, work.actor),
        "entries": [
            {"subject": subject, "label": label, "named": [vars(one) for one in found.entries if one.subject == subject]}
            for subject, label in SUBJECTS.items()
        ],
    }  # fmt: skip


def _shown(circular: Circular, actor: Actor) -> dict[str, Any]:
    return {
        "id": circular.id, "version": circular.version, "congress": circular.congress, "title": circular.title,
        "since": circular.since.isoformat(), "until": circular.until.isoformat(), "addressed_to": circular.addressed_to,
        "text": circular.text, "state": circular.state, "state_label": STATES[circular.state], "count": len(circular.entries),
        "document_number": circular.document_number, "issued_on": t.day_text(circular.issued_on), "issued_by": circular.issued_by,
        "drawn_by": circular.drawn_by, "may": circular.may(actor),
    }  # fmt: skip
