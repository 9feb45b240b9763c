"""Tables of supervision.

Projections, which a rebuild drops and fills again from events: ledger with its deputies, units and parties, timeline,
deadlines.
Own facts, which people or this service made and nobody could tell again: arrangements, reminders, supervisions,
commitments, demands, visits, measures, circulars, look-backs, marks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from services.supervision.model.circulars import Circular
from services.supervision.model.clocks import Deadline
from services.supervision.model.commitments import Commitment
from services.supervision.model.deadlines import Computation
from services.supervision.model.demands import Demand
from services.supervision.model.facts import Named
from services.supervision.model.ledger import Line
from services.supervision.model.look_back import LookBack
from services.supervision.model.measures import Measure
from services.supervision.model.parties import parties_of
from services.supervision.model.visits import Visit
from shared.database import backbone_tables
from shared.isolation import keep_apart
from shared.statements import insert_into
from shared.store import Store, state_columns

metadata = sa.MetaData()
backbone_tables(metadata)
keep_apart(metadata, "timeline", of="ledger")
keep_apart(
    metadata,
    "ledger",
    "deadlines",
    "reminders",
    "supervisions",
    "commitments",
    "ledger_parties",
    "demands",
    "visits",
    "measures",
    "circulars",
    "look_backs",
)

NOTHING_DUE = "9999-12-31"  # in next_due_on: the suggestion goes on, but nothing has a date now
OVER = ""  # in next_due_on: nothing more will be due. So every light is one range of this column.

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
    sa.Column("next_kind", sa.String(16), nullable=False),
    sa.Column("closed_on", sa.String(10), nullable=False),
    sa.Column("last_event_at", sa.String(40), nullable=False),
    sa.Column("shows_judgement", sa.Boolean, nullable=False),  # it was published with the deputies' judgements
    sa.Column("more", sa.JSON, nullable=False),  # what a line shows and no list filters by
    _STATE_JSON,  # last, for it is long: what lists read stands before it
    sa.Index(
        "ledger_page", "congress", "year_descending", "ordinal", "id",
        "state", "next_due_on", "category", "reply_class", "is_key",
    ),
    sa.Index("ledger_state", "congress", "state", "year_descending", "ordinal", "id", "next_due_on"),
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

# Who supervises a key suggestion, by the names on its mark. A congress has some dozens of them a year.
ledger_parties = sa.Table(
    "ledger_parties",
    metadata,
    sa.Column("suggestion_id", sa.String(36), primary_key=True),
    sa.Column("party", sa.String(16), primary_key=True),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("name", sa.String(128), nullable=False),
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
    sa.Column("ended", sa.String(10), nullable=False),  # empty while it runs, met, cancelled, lapsed
    sa.Column("done_on", sa.String(10), nullable=False),
    sa.Column("late", sa.Boolean, nullable=False),
    sa.Column("last_reminded_on", sa.String(10), nullable=False),
    sa.Column("is_told", sa.Boolean, nullable=False),
    sa.Column("computation", sa.JSON, nullable=False),
    sa.Index("deadlines_suggestion", "suggestion_id"),
    sa.Index("deadlines_running", "ended", "suggestion_id"),
    sa.Index("deadlines_due", "ended", "due_on", "kind"),
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

supervisions = sa.Table(
    "supervisions",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("on", sa.String(10), nullable=False),
    sa.Column("method", sa.String(16), nullable=False),
    sa.Column("place", sa.String(128), nullable=False),
    sa.Column("led_by", sa.String(64), nullable=False),
    sa.Column("participants", sa.Text, nullable=False),
    sa.Column("findings", sa.Text, nullable=False),
    sa.Column("by_name", sa.String(64), nullable=False),
    sa.Column("logged_at", sa.String(40), nullable=False),
    sa.Column(
        "more", sa.JSON, nullable=False
    ),  # deputies who were there, what they said, the visit it was planned as
    sa.Index("supervisions_suggestion", "suggestion_id", "on"),
)

commitments = sa.Table(
    "commitments",
    metadata,
    *state_columns(),
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Column("unit_id", sa.String(36), nullable=False),
    sa.Column("unit_name", sa.String(128), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("due_on", sa.String(10), nullable=False),
    sa.Index("commitments_suggestion", "suggestion_id", "due_on"),
    sa.Index("commitments_unit", "unit_id", "state", "due_on"),
    sa.Index("commitments_congress", "congress", "state", "due_on"),
    sa.Index("commitments_due", "state", "due_on"),
)

demands = sa.Table(
    "demands",
    metadata,
    *state_columns(),
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Column("unit_id", sa.String(36), nullable=False),
    sa.Column("origin", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("due_on", sa.String(10), nullable=False),  # NOTHING_DUE where no date was set
    sa.Index("demands_suggestion", "suggestion_id", "due_on"),
    sa.Index("demands_unit", "unit_id", "state", "due_on"),
    sa.Index("demands_congress", "congress", "state", "due_on"),
    sa.Index("demands_due", "state", "due_on"),
)

visits = sa.Table(
    "visits",
    metadata,
    *state_columns(),
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("on", sa.String(10), nullable=False),
    sa.Index("visits_suggestion", "suggestion_id", "on"),
    sa.Index("visits_congress", "congress", "state", "on"),
)

measures = sa.Table(
    "measures",
    metadata,
    *state_columns(),
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Column("unit_id", sa.String(36), nullable=False),
    sa.Column("rung", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("proposed_on", sa.String(10), nullable=False),
    sa.Column("due_on", sa.String(10), nullable=False),  # of the unit's answer; empty before it is taken
    sa.Index("measures_suggestion", "suggestion_id", "unit_id"),
    sa.Index("measures_unit", "unit_id", "state", "due_on"),
    sa.Index("measures_congress", "congress", "state", "proposed_on"),
)

circulars = sa.Table(
    "circulars",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Index("circulars_congress", "congress", "id"),
)

look_backs = sa.Table(
    "look_backs",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Index("look_backs_congress", "congress", "id"),
)

# By which calendar the running deadlines were last computed.
marks = sa.Table(
    "marks",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.String(64), nullable=False),
)

PROJECTIONS = (ledger, ledger_deputies, ledger_units, part_readers, ledger_parties, timeline, deadlines)


def day_text(day: date | None) -> str:
    """A date as the tables keep it: empty for none."""
    return day.isoformat() if day else ""


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

commitment_store = Store(
    commitments,
    Commitment,
    lambda c: {
        "suggestion_id": c.suggestion,
        "unit_id": c.unit.id,
        "unit_name": c.unit.name,
        "state": c.state,
        "due_on": day_text(c.due_on),
    },
)

demand_store = Store(
    demands,
    Demand,
    lambda d: {
        "suggestion_id": d.suggestion,
        "unit_id": d.unit.id,
        "origin": d.origin,
        "state": d.state,
        "due_on": day_text(d.due_on) or NOTHING_DUE,
    },
)
visit_store = Store(
    visits, Visit, lambda v: {"suggestion_id": v.suggestion, "state": v.state, "on": day_text(v.on)}
)
measure_store = Store(
    measures,
    Measure,
    lambda m: {
        "suggestion_id": m.suggestion,
        "unit_id": m.unit.id,
        "rung": m.rung,
        "state": m.state,
        "proposed_on": day_text(m.proposed_on),
        "due_on": day_text(m.due_on),
    },
)

circular_store = Store(circulars, Circular, lambda c: {"state": c.state})
look_back_store = Store(look_backs, LookBack, lambda b: {"state": b.state})


@lru_cache(maxsize=32)
def _upsert(table: sa.Table, dialect: str) -> Any:
    insert = insert_into(table, dialect)
    keys = [column.name for column in table.primary_key]
    new = {column.name: insert.excluded[column.name] for column in table.columns if column.name not in keys}
    return insert.on_conflict_do_update(index_elements=keys, set_=new)


def upsert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert rows, or overwrite those with the same key."""
    if rows:
        connection.execute(_upsert(table, connection.dialect.name), rows)


_log = metadata.tables["event_log"].c
LAST_TOLD = (
    sa.select(_log.body).where(_log.subject == sa.bindparam("id")).order_by(_log.position.desc()).limit(1)
)
"""The last event that supervision published about a subject."""


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
        {"suggestion_id": line.id, "congress": line.congress, "party": party, "name": name[:128]}
        for party, name in parties_of(line.key).items()
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


def deadline_row(deadline: Deadline) -> dict[str, Any]:
    unit, deputy = deadline.unit or Named("", ""), deadline.deputy or Named("", "")
    return {
        "id": deadline.id, "suggestion_id": deadline.suggestion, "congress": deadline.congress, "kind": deadline.kind,
        "task_id": deadline.task, "unit_id": unit.id, "unit_name": unit.name, "deputy_id": deputy.id,
        "deputy_name": deputy.name, "from_on": day_text(deadline.computation.from_date),
        "due_on": day_text(deadline.due_on), "ended": deadline.ended, "done_on": day_text(deadline.done_on),
        "late": deadline.late, "last_reminded_on": day_text(deadline.last_reminded_on), "is_told": deadline.is_told,
        "computation": deadline.computation.to_dict(),
    }  # fmt: skip


def deadline_of(row: Any) -> Deadline:
    return Deadline(
        id=row.id, suggestion=row.suggestion_id, congress=row.congress, kind=row.kind, task=row.task_id,
        unit=Named(row.unit_id, row.unit_name) if row.unit_id else None,
        deputy=Named(row.deputy_id, row.deputy_name) if row.deputy_id else None,
        computation=Computation.from_dict(row.computation), is_told=row.is_told, ended=row.ended,
        done_on=_day(row.done_on), last_reminded_on=_day(row.last_reminded_on),
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


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
