"""Grades of units by their distributing offices."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "grades",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state_json", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.String(36), nullable=False),
        sa.Column("unit_id", sa.String(36), nullable=False),
        sa.Index("grades_year", "congress", "year", "office_id"),
        sa.Index("grades_unit", "unit_id", "year"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements("grades"):
            op.execute(statement)
