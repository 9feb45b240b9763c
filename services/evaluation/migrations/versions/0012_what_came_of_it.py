"""What came of suggestions: the list, and its sums by unit and congress."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "outcomes",
        sa.Column("reply_id", sa.String(36), primary_key=True),
        sa.Column("at", sa.Integer(), primary_key=True),
        sa.Column("suggestion_id", sa.String(36), nullable=False),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("unit_id", sa.String(36), nullable=False),
        sa.Column("unit_name", sa.String(128), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("document", sa.String(100), nullable=False),
        sa.Column("money", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Index("outcomes_list", "congress", "year", "kind", "suggestion_id"),
        sa.Index("outcomes_unit", "unit_id", "congress", "year"),
        sa.Index("outcomes_suggestion", "suggestion_id"),
    )
    op.create_table(
        "outcome_sums",
        sa.Column("congress", sa.String(32), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True),
        sa.Column("owner", sa.String(36), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("is_public", sa.Boolean(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("money", sa.BigInteger(), nullable=False),
        sa.Column("people", sa.BigInteger(), nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in ("outcomes", "outcome_sums"):
            for statement in statements(table, shown="is_public"):
                op.execute(statement)
