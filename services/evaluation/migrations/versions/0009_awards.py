"""Excellent suggestions of the year."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "awards",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state_json", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Index("awards_year", "congress", "state", "year"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements("awards"):
            op.execute(statement)
