"""Deadlines, which are a projection; holiday arrangements and reminders, which people or this service made."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.supervision.model.clocks import Deadline
from services.supervision.model.deadlines import Computation
from services.supervision.model.facts import Named
from services.supervision.tables.base import day_of, day_text, metadata

deadlines = sa.Table(
    "deadlines",
    metadata,
    sa.Column(
        "id", sa.String(36), primary_key=True
    ),  # made from suggestion, kind, task and round, or reply and deputy
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("task_id", sa.String(36), nullable=False),
    sa.Column("unit_id", sa.String(36), nullable=False),
    sa.Column("unit_name", sa.String(128), nullable=False),
    sa.Column("deputy_id", sa.String(36), nullable=False),
    sa.Column("deputy_name", sa.String(64), nullable=False),
    sa.Column("from_on", sa.String(10), nullable=False),
    sa.Column("due_on", sa.String(10), nullable=False),
    sa.Column("yellow_on", sa.String(10), nullable=False, server_default=""),
    sa.Column("ended", sa.String(10), nullable=False),  # empty while it runs, met, cancelled, lapsed
    sa.Column("done_on", sa.String(10), nullable=False),
    sa.Column("late", sa.Boolean, nullable=False),
    sa.Column("last_reminded_on", sa.String(10), nullable=False),
    sa.Column("is_told", sa.Boolean, nullable=False),
    sa.Column("computation", sa.JSON, nullable=False),
    sa.Index("deadlines_suggestion", "suggestion_id"),
    sa.Index("deadlines_running", "ended", "suggestion_id"),
    sa.Index("deadlines_due", "ended", "due_on", "kind", "yellow_on"),
    sa.Index("deadlines_congress", "congress", "ended", "due_on"),
)

arrangements = sa.Table(
    "arrangements",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),  # UUIDv7: in order of recording
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("source", sa.String(128), nullable=False),
    sa.Column("body", sa.Text, nullable=False),  # Arrangement.to_dict as JSON
    sa.Column("recorded_at", sa.String(40), nullable=False),
    sa.Column("by_name", sa.String(64), nullable=False),
)

reminders = sa.Table(
    "reminders",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),  # UUIDv7: in order of sending
    sa.Column("deadline_id", sa.String(36), nullable=False),
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("unit_id", sa.String(36), nullable=False),
    sa.Column("unit_name", sa.String(128), nullable=False),
    sa.Column("deputy_id", sa.String(36), nullable=False),
    sa.Column("deputy_name", sa.String(64), nullable=False),
    sa.Column("due_on", sa.String(10), nullable=False),
    sa.Column("days_left", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("sent_on", sa.String(10), nullable=False),
    sa.Column("by_name", sa.String(64), nullable=False),
    sa.Column("by_hand", sa.Boolean, nullable=False),
    sa.Index("reminders_suggestion", "suggestion_id", "id"),
    sa.Index("reminders_unit", "unit_id", "id"),
    sa.Index("reminders_deputy", "deputy_id", "id"),
    sa.Index("reminders_congress", "congress", "id"),
    sa.Index("reminders_deadline", "deadline_id", "sent_on"),
)

# By which calendar the running deadlines were last computed.
marks = sa.Table(
    "marks",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.String(64), nullable=False),
)


def deadline_row(deadline: Deadline) -> dict[str, Any]:
    unit, deputy = deadline.unit or Named("", ""), deadline.deputy or Named("", "")
    return {
        "id": deadline.id, "suggestion_id": deadline.suggestion, "congress": deadline.congress, "kind": deadline.kind,
        "task_id": deadline.task, "unit_id": unit.id, "unit_name": unit.name, "deputy_id": deputy.id,
        "deputy_name": deputy.name, "from_on": day_text(deadline.computation.from_date),
        "due_on": day_text(deadline.due_on), "yellow_on": day_text(deadline.computation.yellow_on), "ended": deadline.ended, "done_on": day_text(deadline.done_on),
        "late": deadline.late, "last_reminded_on": day_text(deadline.last_reminded_on), "is_told": deadline.is_told,
        "computation": deadline.computation.to_dict(),
    }  # fmt: skip


def deadline_of(row: Any) -> Deadline:
    return Deadline(
        id=row.id, suggestion=row.suggestion_id, congress=row.congress, kind=row.kind, task=row.task_id,
        unit=Named(row.unit_id, row.unit_name) if row.unit_id else None,
        deputy=Named(row.deputy_id, row.deputy_name) if row.deputy_id else None,
        computation=Computation.from_dict(row.computation), is_told=row.is_told, ended=row.ended,
        done_on=day_of(row.done_on), last_reminded_on=day_of(row.last_reminded_on),
    )  # fmt: skip


_DEADLINES_OF = sa.select(deadlines).where(deadlines.c.suggestion_id.in_(sa.bindparam("ids", expanding=True)))
_RUNNING_OF = _DEADLINES_OF.where(deadlines.c.ended == "")


def deadlines_of(
    connection: sa.Connection, ids: list[str], running: bool = False
) -> dict[str, list[Deadline]]:
    """The deadlines of some suggestions, by suggestion: all, or those that still run."""
    found: dict[str, list[Deadline]] = {id: [] for id in ids}
    for row in connection.execute(_RUNNING_OF if running else _DEADLINES_OF, {"ids": ids}):
        found[row.suggestion_id].append(deadline_of(row))
    return found
