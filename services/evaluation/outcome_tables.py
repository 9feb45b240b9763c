"""Tables of what came of suggestions: the list, and the sums that are kept by adding differences."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from services.evaluation.model.outcomes import Outcome, differences
from shared.isolation import keep_apart
from shared.statements import insert_into

NAMES = {"reply": "reply_id", "suggestion": "suggestion_id", "unit": "unit_id"}


def outcome_tables(metadata: sa.MetaData) -> tuple[sa.Table, sa.Table]:
    """The list and the sums. What is public is everybody's to read."""
    keep_apart(metadata, "outcomes", "outcome_sums", shown="is_public")
    outcomes = sa.Table(
        "outcomes",
        metadata,
        sa.Column("reply_id", sa.String(36), primary_key=True),
        sa.Column("at", sa.Integer, primary_key=True),
        sa.Column("suggestion_id", sa.String(36), nullable=False),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("unit_id", sa.String(36), nullable=False),
        sa.Column("unit_name", sa.String(128), nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("document", sa.String(100), nullable=False),
        sa.Column("money", sa.Integer, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("is_public", sa.Boolean, nullable=False),
        sa.Index("outcomes_list", "congress", "year", "kind", "suggestion_id"),
        sa.Index("outcomes_unit", "unit_id", "congress", "year"),
        sa.Index("outcomes_suggestion", "suggestion_id"),
    )
    # `owner`: a unit, or empty for the congress.
    outcome_sums = sa.Table(
        "outcome_sums",
        metadata,
        sa.Column("congress", sa.String(32), primary_key=True),
        sa.Column("year", sa.Integer, primary_key=True),
        sa.Column("owner", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("is_public", sa.Boolean, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("money", sa.BigInteger, nullable=False),
        sa.Column("people", sa.BigInteger, nullable=False),
    )
    return outcomes, outcome_sums


def keep_outcomes(
    connection: sa.Connection, outcomes: sa.Table, sums: sa.Table, before: set[Outcome], now: set[Outcome]
) -> None:
    """Bring the list of one suggestion up to date, and add the differences to the sums."""
    if gone := before - now:
        key = sa.tuple_(outcomes.c.reply_id, outcomes.c.at)
        connection.execute(sa.delete(outcomes).where(key.in_(sorted((one.reply, one.at) for one in gone))))
    if new := now - before:
        connection.execute(sa.insert(outcomes), [_row(one) for one in sorted(new, key=_place)])
    congress = next(iter(before | now)).congress
    rows = [
        {
            "congress": congress, "year": year, "owner": owner, "kind": kind, "is_public": is_public,
            "number": number, "money": money, "people": people,
        }
        for (owner, year, kind, is_public), (number, money, people) in differences(before, now).items()
    ]  # fmt: skip
    if rows:
        connection.execute(_add_to_sums(connection.dialect.name, sums), rows)


def listed(connection: sa.Connection, outcomes: sa.Table, suggestion: str) -> set[Outcome]:
    """What the list holds of one suggestion."""
    rows = connection.execute(sa.select(outcomes).where(outcomes.c.suggestion_id == suggestion))
    names = {column: name for name, column in NAMES.items()}
    return {Outcome(**{names.get(name, name): value for name, value in row._mapping.items()}) for row in rows}


def _row(outcome: Outcome) -> dict[str, Any]:
    return {NAMES.get(name, name): value for name, value in vars(outcome).items()}


def _place(outcome: Outcome) -> tuple[str, int]:
    return outcome.reply, outcome.at


@cache
def _add_to_sums(dialect: str, sums: sa.Table) -> Any:
    """Insert a sum, or add to it: in the database, so that two who add at once both count."""
    insert, t = insert_into(sums, dialect), sums.c
    return insert.on_conflict_do_update(
        index_elements=list(sums.primary_key),
        set_={name: t[name] + insert.excluded[name] for name in ("number", "money", "people")},
    )
