"""For which units a part of a task exists (归口管理)."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "part_readers",
        sa.Column("unit_id", sa.String(36), primary_key=True),
        sa.Column("task_id", sa.String(36), primary_key=True),
        sa.Column("suggestion_id", sa.String(36), nullable=False),
    )
    op.create_index("part_readers_suggestion", "part_readers", ["suggestion_id"])
