"""Figures go up: what each congress has told of its own."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "told_figures",
        sa.Column("congress", sa.String(32), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True),
        sa.Column("figure", sa.String(24), primary_key=True),
        sa.Column("numerator", sa.Integer(), nullable=False),
        sa.Column("denominator", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Index("told_figures_year", "year", "congress"),
    )
    op.create_table(
        "tellings",
        sa.Column("congress", sa.String(32), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
    )
    op.create_index("figures_changed", "figures", ["owner", "changed_on"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in (*statements("told_figures", shown="true"), *statements("tellings")):
            op.execute(statement)
