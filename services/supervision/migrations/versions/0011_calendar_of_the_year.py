"""The calendar of the year."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "year_plans",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state_json", sa.JSON(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.String(10), nullable=False),
    )
    op.create_index("year_plans_congress", "year_plans", ["congress", "year"], unique=True)
    op.create_index("year_plans_looked_at", "year_plans", ["looked_at", "year"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements("year_plans"):
            op.execute(statement)
