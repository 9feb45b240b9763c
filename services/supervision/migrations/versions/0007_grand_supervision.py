"""Demands, planned supervisions, measures, and who supervises which key suggestion."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0007"
down_revision = "0006"


def _state() -> list[sa.Column]:
    return [
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state_json", sa.JSON(), nullable=False),
        sa.Column("suggestion_id", sa.String(36), nullable=False),
    ]


def upgrade() -> None:
    with op.batch_alter_table("supervisions") as batch:
        batch.add_column(sa.Column("more", sa.JSON(), nullable=False, server_default="{}"))
    op.create_table(
        "ledger_parties",
        sa.Column("suggestion_id", sa.String(36), primary_key=True),
        sa.Column("party", sa.String(16), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
    )
    op.create_index("ledger_parties_congress", "ledger_parties", ["congress", "party", "suggestion_id"])
    _fill_in_parties()
    op.create_table(
        "demands",
        *_state(),
        sa.Column("unit_id", sa.String(36), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
    )
    op.create_index("demands_suggestion", "demands", ["suggestion_id", "due_on"])
    op.create_index("demands_unit", "demands", ["unit_id", "state", "due_on"])
    op.create_index("demands_congress", "demands", ["congress", "state", "due_on"])
    op.create_table(
        "visits",
        *_state(),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("on", sa.String(10), nullable=False),
    )
    op.create_index("visits_suggestion", "visits", ["suggestion_id", "on"])
    op.create_index("visits_congress", "visits", ["congress", "state", "on"])
    op.create_table(
        "measures",
        *_state(),
        sa.Column("unit_id", sa.String(36), nullable=False),
        sa.Column("rung", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("proposed_on", sa.String(10), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
    )
    op.create_index("measures_suggestion", "measures", ["suggestion_id", "unit_id"])
    op.create_index("measures_unit", "measures", ["unit_id", "state", "due_on"])
    op.create_index("measures_congress", "measures", ["congress", "state", "proposed_on"])
    if op.get_bind().dialect.name == "postgresql":
        for table in ("ledger_parties", "demands", "visits", "measures"):
            for statement in statements(table):
                op.execute(statement)


def _fill_in_parties() -> None:
    """Of the key suggestions that are in the ledger already."""
    ledger = sa.table(
        "ledger", *(sa.column(name) for name in ("id", "congress", "is_key")), sa.column("more", sa.JSON)
    )
    parties = sa.table(
        "ledger_parties", *(sa.column(name) for name in ("suggestion_id", "party", "congress", "name"))
    )
    names = {"leads": "leading_supervisor", "sponsors": "sponsor", "oversees": "committee"}
    connection = op.get_bind()
    keys = connection.execute(
        sa.select(ledger.c.id, ledger.c.congress, ledger.c.more).where(ledger.c.is_key == sa.true())
    ).all()
    rows = [
        {
            "suggestion_id": row.id,
            "party": party,
            "congress": row.congress,
            "name": row.more["key"][name][:128],
        }
        for row in keys
        for party, name in names.items()
        if row.more.get("key") and row.more["key"].get(name)
    ]
    if rows:
        connection.execute(sa.insert(parties), rows)
