"""The statements that the backbone carries out for each command and each batch of events.

Built once for a service: building one costs as much as carrying it out.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import bindparam

from shared.practices import Laid


def insert_into(table: sa.Table, dialect: str) -> Any:
    """An INSERT that may say ON CONFLICT, in the words of the database that is spoken to."""
    return sqlite.insert(table) if dialect == sqlite.dialect.name else postgresql.insert(table)


class Statements:
    """Of one service's tables, for one dialect."""

    def __init__(self, tables: dict[str, sa.Table], dialect: str) -> None:
        log, inbox, failures = tables["event_log"], tables["inbox"], tables["failures"]
        copies, keys, positions = tables["copies"], tables["command_keys"], tables["positions"]

        self.copies = copies
        self.log_events = sa.insert(log).inline()  # who writes does not ask for the position
        self.enter_inbox = insert_into(inbox, dialect).on_conflict_do_nothing().returning(inbox.c.event_id)
        self.waiting = sa.select(failures.c.source, failures.c.subject).where(
            failures.c.subject.in_(bindparam("subjects", expanding=True)), failures.c.next_at.is_not(None)
        )
        self.set_aside = sa.insert(failures)
        advance = insert_into(positions, dialect)
        self.advance = advance.on_conflict_do_update(
            index_elements=["source"], set_={"position": advance.excluded.position}
        )
        self.keep_answer = sa.insert(keys)
        self.answer = sa.select(keys).where(keys.c.key == bindparam("key"))

        of_kind = copies.c.kind == bindparam("kind")
        one = (of_kind, copies.c.id == bindparam("id"))
        self.copy = sa.select(copies.c.data).where(*one)
        self.named_copies = sa.select(copies.c.id, copies.c.data).where(
            of_kind, copies.c.id.in_(bindparam("ids", expanding=True))
        )
        self.copies_of_congress = (
            sa.select(copies.c.data)
            .where(copies.c.congress == bindparam("congress"), of_kind)
            .order_by(copies.c.id)
        )
        of_congresses = copies.c.congress.in_(bindparam("congresses", expanding=True))
        # Which practices are laid down at these congresses, in which version, in one word: ID:SEQUENCE,…
        version = copies.c.id + ":" + sa.cast(copies.c.sequence, sa.String)
        self.practices = sa.select(sa.func.aggregate_strings(version, ",")).where(
            of_congresses, copies.c.kind == "practice"
        )
        self.read_practices = sa.select(copies.c.id, copies.c.sequence, copies.c.data).where(
            copies.c.kind == "practice", copies.c.id.in_(bindparam("ids", expanding=True))
        )
        # What was read of them, by version, and as it is asked for, by that word: every command asks, and once a year
        # it changes.
        self.practices_read: dict[str, dict[str, Any]] = {}
        self.practices_laid_down: dict[str, Laid] = {}
        self.unit = sa.select(copies.c.data, copies.c.congress).where(
            copies.c.kind == "unit", copies.c.id == bindparam("id")
        )
        keep = insert_into(copies, dialect)
        self.keep_copy = keep.on_conflict_do_update(
            index_elements=["kind", "id"],
            set_={name: keep.excluded[name] for name in ("congress", "sequence", "data")},
            where=copies.c.sequence < keep.excluded.sequence,
        )
