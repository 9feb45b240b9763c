"""The ledger with its deputies, units and supervising parties, and the timeline: projections."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from services.supervision.model.ledger import Line
from services.supervision.model.parties import parties_of
from services.supervision.tables.base import NOTHING_DUE, OVER, day_text, metadata, upsert
from shared.store import Store, state_columns

*_OWN, _STATE_JSON = state_columns()

# `year_descending` is the year below zero, so that one ascending index gives the newest year first.
ledger = sa.Table(
    "ledger",
    metadata,
    *_OWN,
    sa.Column("year_descending", sa.Integer, nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("session", sa.String(64), nullable=False),
    sa.Column("number", sa.String(64), nullable=False),
    sa.Column("title", sa.String(128), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("category", sa.String(20), nullable=False),
    sa.Column("is_key", sa.Boolean, nullable=False),
    sa.Column("delegation", sa.String(64), nullable=False, server_default=""),  # whose own it is (全团建议)
    sa.Column("lead_deputy", sa.String(64), nullable=False),
    sa.Column("deputies_count", sa.Integer, nullable=False),
    sa.Column("lead_unit_id", sa.String(36), nullable=False),
    sa.Column("lead_unit", sa.Text, nullable=False),  # of several separate units, all names
    sa.Column("submitted_on", sa.String(10), nullable=False),
    sa.Column("accepted_on", sa.String(10), nullable=False),
    sa.Column("assigned_on", sa.String(10), nullable=False),
    sa.Column("reply_due_on", sa.String(10), nullable=False),
    sa.Column("replied_on", sa.String(10), nullable=False),
    sa.Column("reply_class", sa.String(4), nullable=False),
    sa.Column("process", sa.String(16), nullable=False),
    sa.Column("result", sa.String(16), nullable=False),
    sa.Column("next_due_on", sa.String(10), nullable=False),
    sa.Column("next_yellow_on", sa.String(10), nullable=False, server_default=""),  # as in next_due_on where nothing is due
    sa.Column("next_kind", sa.String(16), nullable=False),
    sa.Column("closed_on", sa.String(10), nullable=False),
    sa.Column("last_event_at", sa.String(40), nullable=False),
    sa.Column("shows_judgement", sa.Boolean, nullable=False),  # it was published with the deputies' judgements
    sa.Column("more", sa.JSON, nullable=False),  # what a line shows and no list filters by
    _STATE_JSON,  # last, for it is long: what lists read stands before it
    sa.Index(
        "ledger_page", "congress", "year_descending", "ordinal", "id",
        "state", "next_due_on", "next_yellow_on", "category", "reply_class", "is_key",
    ),
    sa.Index("ledger_delegation", "congress", "delegation", "year_descending", "ordinal", "id"),
    sa.Index("ledger_state", "congress", "state", "year_descending", "ordinal", "id", "next_due_on", "next_yellow_on"),
)  # fmt: skip

ledger_deputies = sa.Table(
    "ledger_deputies",
    metadata,
    sa.Column("suggestion_id", sa.String(36), primary_key=True),
    sa.Column("deputy_id", sa.String(36), primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Index("ledger_deputies_deputy", "deputy_id", "suggestion_id"),
)

ledger_units = sa.Table(
    "ledger_units",
    metadata,
    sa.Column("suggestion_id", sa.String(36), primary_key=True),
    sa.Column("unit_id", sa.String(36), primary_key=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Index("ledger_units_unit", "unit_id", "suggestion_id"),
)

# For which units a part of a task exists (归口管理). Ids only, as in the two lists above.
part_readers = sa.Table(
    "part_readers",
    metadata,
    sa.Column("unit_id", sa.String(36), primary_key=True),
    sa.Column("task_id", sa.String(36), primary_key=True),
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Index("part_readers_suggestion", "suggestion_id"),
)

# Who supervises a key suggestion, by the posts and names on its mark. A congress has some dozens of them a year.
ledger_parties = sa.Table(
    "ledger_parties",
    metadata,
    sa.Column("suggestion_id", sa.String(36), primary_key=True),
    sa.Column("party", sa.String(16), primary_key=True),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column(
        "office_id", sa.String(36), nullable=False, server_default=""
    ),  # empty where it was named by hand
    sa.Index("ledger_parties_congress", "congress", "party", "suggestion_id"),
)

timeline = sa.Table(
    "timeline",
    metadata,
    sa.Column("suggestion_id", sa.String(36), primary_key=True),
    sa.Column("event_id", sa.String(36), primary_key=True),
    sa.Column("at", sa.String(40), nullable=False),  # UTC, always of the same form: sorts as text
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("type", sa.String(64), nullable=False),
    sa.Column("service", sa.String(32), nullable=False),
    sa.Column("by_name", sa.String(64), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("seen_by", sa.String(16), nullable=False),
    sa.Column("unit_id", sa.String(36), nullable=False),
    sa.Column("deputy_id", sa.String(36), nullable=False),
)

# What deputies say of the handling itself, with what was answered; made of events.
deputy_words = sa.Table(
    "deputy_words",
    metadata,
    sa.Column("id", sa.String(80), primary_key=True),  # the remark's, or the reply's with the deputy's
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("on", sa.String(10), nullable=False, server_default=""),
    sa.Column("deputy_id", sa.String(36), nullable=False, server_default=""),
    sa.Column("deputy_name", sa.String(64), nullable=False, server_default=""),
    sa.Column("words", sa.Text, nullable=False, server_default=""),
    sa.Column("unit_name", sa.String(128), nullable=False, server_default=""),
    sa.Column("judgement", sa.String(12), nullable=False, server_default=""),
    sa.Column("answer", sa.Text, nullable=False, server_default=""),
    sa.Column("answered_by", sa.String(128), nullable=False, server_default=""),
    sa.Column("answered_on", sa.String(10), nullable=False, server_default=""),
    sa.Index("deputy_words_congress", "congress", "on", "id"),
)


def _line_columns(line: Line) -> dict[str, Any]:
    content, units = line.content, line.replying
    own = [task for task in units if task.role == "lead"] or units
    process, result = line.satisfaction
    return {
        "year_descending": -line.year,
        "ordinal": content.ordinal if content else 0,
        "state": line.state,
        "session": content.session if content else "",
        "number": line.number,
        "title": line.title,
        "kind": content.kind if content else "suggestion",
        "category": content.category if content else line.heading.category if line.heading else "",
        "is_key": line.key is not None,
        "delegation": content.delegation if content else "",
        "lead_deputy": content.lead.name if content else "",
        "deputies_count": len(line.deputies()),
        "lead_unit_id": own[0].unit.id if own else "",
        "lead_unit": "、".join(task.unit.name for task in own),
        "submitted_on": day_text(content.submitted_on if content else None),
        "accepted_on": day_text(content.accepted_on if content else None),
        "assigned_on": day_text(line.heading.assigned_on if line.heading else None),
        "reply_due_on": day_text(line.reply_due_on),
        "replied_on": day_text(line.replied_on),
        "reply_class": line.reply_class,
        "process": process,
        "result": result,
        "next_due_on": OVER if line.is_over else day_text(line.next_due_on) or NOTHING_DUE,
        "next_yellow_on": OVER if line.is_over else day_text(line.next_yellow_on) or NOTHING_DUE,
        "next_kind": line.next_kind,
        "closed_on": day_text(
            line.closed.on if line.closed and line.state in ("closed", "published") else None
        ),
        "last_event_at": line.last_event_at.isoformat() if line.last_event_at else "",
        "shows_judgement": bool(line.published and line.published.with_feedback),
        "more": _shown(line),
    }


def _shown(line: Line) -> dict[str, Any]:
    content, key = line.content, line.key
    return {
        "cosigners": [deputy.name for deputy in content.cosigners] if content else [],
        "delegation": content.delegation if content else "",
        "joint_units": [task.unit.name for task in line.live_tasks if task.is_joint],
        "key": vars(key) if key else None,
        "published_on": day_text(line.published.on if line.published else None),
        # Of the judgements: from when on the line's own units and deputies know them, and whether with names.
        "known_from": day_text(line.closed.known_from if line.closed else None),
        "named": bool(line.closed and line.closed.named),
    }


class LineStore(Store[Line]):
    """The ledger, also for many lines at once."""

    def lock_many(self, connection: sa.Connection, ids: Iterable[str]) -> dict[str, Line]:
        """The lines that exist, locked for this transaction, always in the same order."""
        query = self._select_many.order_by(ledger.c.id).with_for_update()
        rows = connection.execute(query, {"ids": list(ids)})
        return {row.id: self._build_locked(row) for row in rows}

    def save_many(self, connection: sa.Connection, lines: Iterable[Line]) -> None:
        """Write lines that this transaction has locked, in one statement."""
        rows = []
        for line in lines:
            line.version += 1
            own = {name: getattr(line, name) for name in ("id", "congress", "version", "sequence")}
            rows.append({**own, "state_json": self._unstructure(line), **self.columns(line)})
        upsert(connection, ledger, rows)


lines = LineStore(ledger, Line, _line_columns)


def write_people(connection: sa.Connection, line: Line) -> None:
    """Bring the lists of a line's deputies, units and supervising parties up to date."""
    for table, column, people in (
        (ledger_deputies, "deputy_id", line.deputies()),
        (ledger_units, "unit_id", line.units()),
    ):
        connection.execute(sa.delete(table).where(table.c.suggestion_id == line.id))
        rows = [{"suggestion_id": line.id, column: id, "role": role} for id, role in people.items()]
        if rows:
            connection.execute(sa.insert(table), rows)
    connection.execute(sa.delete(ledger_parties).where(ledger_parties.c.suggestion_id == line.id))
    parties = [
        {
            "suggestion_id": line.id,
            "congress": line.congress,
            "party": party,
            "name": name[:128],
            "office_id": office,
        }
        for party, (name, office) in parties_of(line.key).items()
    ]
    if parties:
        connection.execute(sa.insert(ledger_parties), parties)


def write_part_readers(connection: sa.Connection, line: Line) -> None:
    """Bring the list of who sees which part up to date."""
    connection.execute(sa.delete(part_readers).where(part_readers.c.suggestion_id == line.id))
    rows = [
        {"unit_id": unit, "task_id": task, "suggestion_id": line.id}
        for task, units in line.part_readers().items()
        for unit in sorted(units)
    ]
    if rows:
        connection.execute(sa.insert(part_readers), rows)
