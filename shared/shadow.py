"""New tables beside those that are read, under the same names: what is written on this connection goes into the new ones.

Temporary tables come before all others in a connection's search for a name, on SQLite and on PostgreSQL. They go with the
connection: whatever dies while they are filled leaves the old tables as they were, and nothing to clean up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from shared.database import Database


class Shadow:
    """The new tables of one projection on a connection of `Database.apart`."""

    def __init__(self, database: Database, connection: sa.Connection, tables: Sequence[sa.Table]) -> None:
        self.connection, self.tables = connection, tables
        self.schema = "main" if database.is_sqlite else database.service
        self._is_sqlite = database.is_sqlite
        self._temporary = "temp" if database.is_sqlite else "pg_temp"

    def make(self) -> None:
        """Make them, empty."""
        metadata = sa.MetaData()
        for table in self.tables:
            table.to_metadata(metadata, schema=self._temporary).create(self.connection, checkfirst=False)

    def take_stock(self) -> None:
        """Let PostgreSQL know how much is in the new tables: it compares faster then, and others wait for less long."""
        if not self._is_sqlite:
            for table in self.tables:
                self._do(f'ANALYZE "{self._temporary}"."{table.name}"')

    def swap(self, counters: Mapping[str, str]) -> dict[str, int]:
        """Make the tables that are read say what the new ones say. Only rows that differ are written: {table: how many}.

        `counters`: columns that say nothing of the content, so that rows are not compared by them, with what becomes of
        them in a row that differs: it may `keep` its number, `count` on, or take the `new` one.
        """
        return {str(table.name): self._swap(table, counters) for table in self.tables}

    def _swap(self, table: sa.Table, counters: Mapping[str, str]) -> int:
        old, new = f'"{self.schema}"."{table.name}"', f'"{self._temporary}"."{table.name}"'
        by_key = " AND ".join(f'n."{c.name}" = o."{c.name}"' for c in table.primary_key)
        content = [c for c in table.columns if c.name not in counters and not c.primary_key]
        same = " AND ".join([by_key, *(self._is_same(column) for column in content)])
        for name, becomes in counters.items():
            if name in table.columns and becomes != "new":
                more = " + 1" if becomes == "count" else ""
                found = f'(SELECT o."{name}"{more} FROM {old} AS o WHERE {by_key})'
                self._do(f'UPDATE {new} AS n SET "{name}" = COALESCE({found}, n."{name}")')
        gone = self._do(f"DELETE FROM {old} AS o WHERE NOT EXISTS (SELECT 1 FROM {new} AS n WHERE {same})")
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        missing = f"NOT EXISTS (SELECT 1 FROM {old} AS o WHERE {by_key})"
        written = self._do(f"INSERT INTO {old} ({names}) SELECT {names} FROM {new} AS n WHERE {missing}")
        return max(gone, written)

    def _is_same(self, column: sa.Column[Any]) -> str:
        # PostgreSQL's json knows no equality; the same content is written in the same way.
        text = "::text" if isinstance(column.type, sa.JSON) and not self._is_sqlite else ""
        word = "IS" if self._is_sqlite else "IS NOT DISTINCT FROM"
        return f'n."{column.name}"{text} {word} o."{column.name}"{text}'

    def _do(self, statement: str) -> int:
        return self.connection.exec_driver_sql(statement).rowcount
