"""Activities of deputies, and what they came to."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "activities",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state_json", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("on", sa.String(10), nullable=False),
    )
    op.create_index("activities_congress", "activities", ["congress", "on"])
    op.create_table(
        "activity_sums",
        sa.Column("congress", sa.String(32), primary_key=True),
        sa.Column("part", sa.String(32), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(20), primary_key=True),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("activities", "people", "problems", "help", "papers")
        ),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in (*statements("activities"), *statements("activity_sums", shown="true")):
            op.execute(statement)
