"""What the parties coordinate, and the issues of the media's column."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    for table, own, index in (
        ("coordinations", sa.Column("on", sa.String(10), nullable=False), ["congress", "on", "id"]),
        ("columns", sa.Column("state", sa.String(16), nullable=False), ["congress", "state", "id"]),
    ):
        op.create_table(
            table,
            sa.Column("id", sa.String(36), primary_key=True),
            sa.Column("congress", sa.String(32), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("sequence", sa.Integer(), nullable=False),
            sa.Column("state_json", sa.JSON(), nullable=False),
            own,
        )
        op.create_index(f"{table}_congress", table, index)
    if op.get_bind().dialect.name == "postgresql":
        for statement in (*statements("coordinations"), *statements("columns", shown="state = 'released'")):
            op.execute(statement)
