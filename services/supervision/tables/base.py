"""What all tables of supervision have in common."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from shared.database import backbone_tables
from shared.isolation import keep_apart
from shared.statements import insert_into

metadata = sa.MetaData()
backbone_tables(metadata)
keep_apart(metadata, "timeline", of="ledger")
keep_apart(
    metadata, "columns", shown="state = 'released'"
)  # what the congress released is everybody's to read
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
    "year_plans",
    "hearings",
    "sweeps",
    "coordinations",
    "deputy_words",
)

NOTHING_DUE = "9999-12-31"  # in next_due_on: the suggestion goes on, but nothing has a date now
OVER = ""  # in next_due_on: nothing more will be due. So every light is a range of this column and of next_yellow_on.


def day_text(day: date | None) -> str:
    """A date as the tables keep it: empty for none."""
    return day.isoformat() if day else ""


def day_of(text: str) -> date | None:
    """A date that `day_text` wrote."""
    return date.fromisoformat(text) if text else None


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
