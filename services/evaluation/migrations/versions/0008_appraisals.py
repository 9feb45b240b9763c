"""Appraisals of units by deputies: who may cast a ballot, and the sums."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "appraisals",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state_json", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("on", sa.String(10), nullable=False),
        sa.Index("appraisals_congress", "congress", "on"),
    )
    op.create_table(
        "appraisal_seats",
        sa.Column("appraisal_id", sa.String(36), primary_key=True),
        sa.Column("deputy_id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("has_cast", sa.Boolean(), nullable=False),
        sa.Index("appraisal_seats_deputy", "deputy_id", "has_cast"),
    )
    op.create_table(
        "tallies",
        sa.Column("appraisal_id", sa.String(36), primary_key=True),
        sa.Column("unit_id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("opinions", sa.JSON(), nullable=False),
        sa.Index("tallies_unit", "unit_id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in ("appraisals", "appraisal_seats", "tallies"):
            for statement in statements(table):
                op.execute(statement)
