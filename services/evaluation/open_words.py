"""The list of what deputies may say of promises that are called kept: one row for each deputy, kept in step with the evaluation."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.evaluation.model.evaluation import Evaluation


def open_words_table(metadata: sa.MetaData) -> sa.Table:
    return sa.Table(
        "open_words",
        metadata,
        sa.Column("supplement_id", sa.String(36), primary_key=True),
        sa.Column("deputy_id", sa.String(36), primary_key=True),
        sa.Column("suggestion_id", sa.String(36), nullable=False),
        sa.Column("reply_id", sa.String(36), nullable=False),
        sa.Column("unit_id", sa.String(36), nullable=False),
        sa.Column("unit_name", sa.String(128), nullable=False),
        sa.Column("since", sa.String(10), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),  # so long it stands in the list of what waits
        sa.Index("open_words_deputy", "deputy_id", "until"),
        sa.Index("open_words_suggestion", "suggestion_id"),
    )


def words_of(evaluation: Evaluation) -> dict[tuple[str, str], dict[str, Any]]:
    """The rows, by supplement and deputy."""
    return {
        (supplement.id, word.deputy.id): {
            "supplement_id": supplement.id, "deputy_id": word.deputy.id, "suggestion_id": evaluation.id, "reply_id": reply.id,
            "unit_id": reply.unit.id, "unit_name": reply.unit.name, "since": supplement.on.isoformat(),
            "until": evaluation.feedback_period.after(supplement.on).isoformat(),
        }
        for reply, supplement, word in evaluation.open_words()
    }  # fmt: skip


def keep_rows(
    connection: sa.Connection, table: sa.Table, listed: set[tuple[str, str]], now: dict[tuple[str, str], dict[str, Any]]
) -> set[tuple[str, str]]:  # fmt: skip
    """Write what differs from what is listed, by the table's key of two columns. Returns what is listed now."""
    if gone := sorted(listed - now.keys()):
        connection.execute(sa.delete(table).where(sa.tuple_(*table.primary_key).in_(gone)))
    if new := [row for key, row in now.items() if key not in listed]:
        connection.execute(sa.insert(table), new)
    return set(now)
