"""Internal checks of units, and whose people read each."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "checks",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("state_json", sa.JSON, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("unit_id", sa.String(36), nullable=False),
        sa.Column("put_right_by", sa.String(10), nullable=False),
    )
    op.create_table(
        "check_units",
        sa.Column("unit_id", sa.String(36), primary_key=True),
        sa.Column("check_id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("put_right_by", sa.String(10), nullable=False),
    )
    op.create_index("check_units_first", "check_units", ["unit_id", "state", "put_right_by"])
    op.create_index("check_units_check", "check_units", ["check_id"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in [*statements("checks"), *statements("check_units")]:
            op.execute(statement)
