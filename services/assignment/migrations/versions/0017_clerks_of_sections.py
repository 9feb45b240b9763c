"""Who is a section's own clerk."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "unit_clerks",
        sa.Column("account", sa.String(36), primary_key=True),
        sa.Column("unit_id", sa.String(36), primary_key=True),
        sa.Column("sequence", sa.Integer, nullable=False),
    )
    op.create_index("unit_clerks_unit", "unit_clerks", ["unit_id"])
