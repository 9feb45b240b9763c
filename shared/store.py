"""Aggregates in a table: the columns that lists need, and the whole state as JSON beside them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from cattrs import Converter
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from shared.aggregate import Aggregate
from shared.postgresql import COUNTED
from shared.problems import Stale

A = TypeVar("A", bound=Aggregate)

# What we have written ourselves is not explained field by field when it does not fit: that doubles the time to load it.
converter = Converter(detailed_validation=False)
converter.register_unstructure_hook(datetime, lambda moment: moment.isoformat())
converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
converter.register_unstructure_hook(date, lambda day: day.isoformat())
converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
converter.register_structure_hook_func(lambda kind: kind == tuple[str, ...], lambda words, _: tuple(words))


def state_columns() -> list[sa.Column[Any]]:
    """The columns that every table of aggregates has; add those that its lists filter and sort by."""
    return [
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("state_json", sa.JSON, nullable=False),
    ]


class Store(Generic[A]):
    """Loads and saves one class of aggregate. `columns` gives the values of the table's own columns.

    `converter`: where a state is kept otherwise than it is told.
    """

    def __init__(
        self,
        table: sa.Table,
        cls: type[A],
        columns: Callable[[A], dict[str, Any]],
        converter: Converter = converter,
    ) -> None:
        self.table, self.cls, self.columns = table, cls, columns
        left_out: dict[str, Any] = {
            name: override(omit=True) for name in ("id", "congress", "version", "sequence", "recorded")
        }
        self._unstructure = make_dict_unstructure_fn(cls, converter, **left_out)
        self._structure = make_dict_structure_fn(cls, converter, recorded=override(omit=True))
        by_id = sa.select(table.c.id, table.c.congress, table.c.version, table.c.sequence, table.c.state_json)
        self._select = by_id.where(table.c.id == sa.bindparam("id"))
        self._select_locked = self._select.with_for_update()
        self._select_many = by_id.where(table.c.id.in_(sa.bindparam("ids", expanding=True)))
        self._insert = sa.insert(table)
        self._update = sa.update(table).where(
            table.c.id == sa.bindparam("b_id"), table.c.version == sa.bindparam("b_version")
        )
        self._update_counted = self._update.execution_options(**COUNTED)

    def get(self, connection: sa.Connection, id: str, lock: bool = False) -> A | None:
        """The aggregate, or None. `lock` keeps it for this transaction, so that commands on it come one after another."""
        row = connection.execute(self._select_locked if lock else self._select, {"id": id}).first()
        if row is None:
            return None
        return self._build_locked(row) if lock else self._build(row)

    def get_many(self, connection: sa.Connection, ids: list[str]) -> dict[str, A]:
        """The aggregates by id, for those that exist."""
        return {row.id: self._build(row) for row in connection.execute(self._select_many, {"ids": ids})}

    def find(
        self, connection: sa.Connection, *conditions: sa.ColumnElement[bool], limit: int = 100
    ) -> list[A]:
        """The aggregates that meet conditions on the table's columns, at most `limit`, oldest id first."""
        t = self.table.c
        query = sa.select(t.id, t.congress, t.version, t.sequence, t.state_json).where(*conditions)
        return [self._build(row) for row in connection.execute(query.order_by(t.id).limit(limit))]

    def save(self, connection: sa.Connection, aggregate: A) -> None:
        """Insert a new aggregate (version 0) or update the version that was loaded.

        Raises Stale when another transaction saved it in between, which cannot be once it was loaded with a lock.
        """
        before, aggregate.version = aggregate.version, aggregate.version + 1
        values = {
            "id": aggregate.id,
            "congress": aggregate.congress,
            "version": aggregate.version,
            "sequence": aggregate.sequence,
            "state_json": self._unstructure(aggregate),
            **self.columns(aggregate),
        }
        if before == 0:
            connection.execute(self._insert, values)
            return
        values |= {"b_id": aggregate.id, "b_version": before}
        if aggregate.is_locked:
            connection.execute(self._update, values)
        elif connection.execute(self._update_counted, values).rowcount != 1:
            raise Stale("刚才有人更新了这项内容，请刷新页面后再办理。")

    def _build(self, row: Any) -> A:
        kept = {"id": row.id, "congress": row.congress, "version": row.version, "sequence": row.sequence}
        return self._structure({**row.state_json, **kept}, self.cls)

    def _build_locked(self, row: Any) -> A:
        aggregate = self._build(row)
        aggregate.is_locked = True
        return aggregate
