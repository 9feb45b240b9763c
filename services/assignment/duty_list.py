"""The list of duties: one row for each thing that somebody has to do, kept in step with the handlings."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa

from services.assignment.model import Handling
from services.assignment.model.approving import SPONSORS
from services.assignment.model.duties import Duty, duties_of
from services.assignment.model.rules import HEADS
from shared.identity import Actor

KEY = ("suggestion", "task", "to", "owner", "command", "about")


def duties_table(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "duties",
        metadata,
        sa.Column("suggestion", sa.String(36), primary_key=True),
        sa.Column("task", sa.String(36), primary_key=True),
        sa.Column("to", sa.String(16), primary_key=True),
        sa.Column("owner", sa.String(36), primary_key=True),
        sa.Column("command", sa.String(32), primary_key=True),
        sa.Column("about", sa.String(64), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("since", sa.String(10), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
        sa.Index("duties_owner", "owner", "to", "since"),
    )


def row_of(handling: Handling, duty: Duty) -> dict[str, Any]:
    return {
        "suggestion": handling.id, "congress": handling.congress, **duty._asdict(), "since": duty.since.isoformat(),
        "due_on": duty.due_on.isoformat() if duty.due_on else "",
    }  # fmt: skip


def write(connection: sa.Connection, table: sa.Table, changed: Iterable[Handling]) -> None:
    """Bring the rows of these handlings up to date: what is done goes, what is new comes."""
    gone, new = [], []
    for handling in changed:
        now = duties_of(handling)
        before, still = set(handling.listed_duties), set(now)
        gone += [row_of(handling, duty) for duty in handling.listed_duties if duty not in still]
        new += [row_of(handling, duty) for duty in now if duty not in before]
        handling.listed_duties = now
    if gone:
        keys = [{f"b_{name}": row[name] for name in KEY} for row in gone]
        connection.execute(_delete(table), keys)
    if new:
        connection.execute(sa.insert(table), new)


@cache
def _delete(table: sa.Table) -> sa.Delete:
    return sa.delete(table).where(*(table.c[name] == sa.bindparam(f"b_{name}") for name in KEY))


def of(table: sa.Table, actor: Actor) -> sa.ColumnElement[bool]:
    """On the columns: the duties that are this person's."""
    owners = {
        "unit": actor.units("handler", "unit_head", "distributing"),
        **{head: actor.units(head) for head in HEADS},
        "deputy": actor.seats,
        **{role: actor.congresses(role) for role in ("liaison", "distributing")},
        "supervisor": actor.congresses(*SPONSORS),
        "sponsor": {actor.account} if actor.congresses(*SPONSORS) else set(),
    }
    ways = [sa.and_(table.c.owner.in_(sorted(ids)), table.c.to == to) for to, ids in owners.items() if ids]
    return sa.or_(*ways) if ways else sa.false()
