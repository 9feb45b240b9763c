"""The tables of internal checks, and of whose people read each."""

from __future__ import annotations

import sqlalchemy as sa

from services.assignment.model.check import Check
from shared.isolation import keep_apart
from shared.store import Store, state_columns


def declare(metadata: sa.MetaData) -> tuple[sa.Table, sa.Table]:
    """checks, check_units"""
    keep_apart(metadata, "checks", "check_units")
    checks = sa.Table(
        "checks",
        metadata,
        *state_columns(),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("unit_id", sa.String(36), nullable=False),
        sa.Column("put_right_by", sa.String(10), nullable=False),
    )
    # Rows are only added, with the check: who reads it stays as it was when the tasks were looked at.
    check_units = sa.Table(
        "check_units",
        metadata,
        sa.Column("unit_id", sa.String(36), primary_key=True),
        sa.Column("check_id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("put_right_by", sa.String(10), nullable=False),
        sa.Index("check_units_first", "unit_id", "state", "put_right_by"),
        sa.Index("check_units_check", "check_id"),
    )
    return checks, check_units


class CheckStore(Store[Check]):
    """Keeps the rows of who reads a check in step with it."""

    def __init__(self, checks: sa.Table, check_units: sa.Table) -> None:
        super().__init__(checks, Check, lambda check: {"unit_id": check.unit.id, **_listed(check)})
        self.check_units = check_units

    def save(self, connection: sa.Connection, aggregate: Check) -> None:
        is_new = aggregate.version == 0
        super().save(connection, aggregate)
        u = self.check_units
        if is_new:
            rows = [
                {
                    "unit_id": unit,
                    "check_id": aggregate.id,
                    "congress": aggregate.congress,
                    **_listed(aggregate),
                }
                for unit in aggregate.readers
            ]
            connection.execute(sa.insert(u), rows)
        else:
            changed = sa.update(u).where(u.c.check_id == aggregate.id)
            connection.execute(changed.values(**_listed(aggregate)))


def _listed(check: Check) -> dict[str, str]:
    return {
        "state": check.state,
        "put_right_by": check.put_right_by.isoformat() if check.put_right_by else "",
    }
