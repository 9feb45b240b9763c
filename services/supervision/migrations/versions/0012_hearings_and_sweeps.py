"""Hearings, and rounds of regular supervision."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0012"
down_revision = "0011"

DAY = {"hearings": "on", "sweeps": "since"}


def upgrade() -> None:
    for table, day in DAY.items():
        op.create_table(
            table,
            sa.Column("id", sa.String(36), primary_key=True),
            sa.Column("congress", sa.String(32), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("sequence", sa.Integer(), nullable=False),
            sa.Column("state_json", sa.JSON(), nullable=False),
            sa.Column("state", sa.String(16), nullable=False),
            sa.Column(day, sa.String(10), nullable=False),
        )
        op.create_index(f"{table}_congress", table, ["congress", day])
        if op.get_bind().dialect.name == "postgresql":
            for statement in statements(table):
                op.execute(statement)
    op.create_index("hearings_state", "hearings", ["congress", "state"])
    op.create_index("supervisions_congress", "supervisions", ["congress", "on"])
