"""The day whose practices hold for a suggestion."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    with op.batch_alter_table("matters", schema=None) as batch_op:
        batch_op.add_column(sa.Column("began_on", sa.String(length=10), server_default="", nullable=False))
