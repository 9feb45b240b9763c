"""Circulars, and samples to look back at."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    for table in ("circulars", "look_backs"):
        op.create_table(
            table,
            sa.Column("id", sa.String(36), primary_key=True),
            sa.Column("congress", sa.String(32), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("sequence", sa.Integer(), nullable=False),
            sa.Column("state_json", sa.JSON(), nullable=False),
            sa.Column("state", sa.String(16), nullable=False),
        )
        op.create_index(f"{table}_congress", table, ["congress", "id"])
        if op.get_bind().dialect.name == "postgresql":
            for statement in statements(table):
                op.execute(statement)
