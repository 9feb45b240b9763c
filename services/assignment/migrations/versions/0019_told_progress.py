"""When each unit was told last how it stands."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "told_progress",
        sa.Column("unit_id", sa.String(36), primary_key=True),
        sa.Column("told_on", sa.String(10), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
    )
