"""The list of tasks knows in which phases deputies were talked with, and what has to wait for a step."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    with op.batch_alter_table("tasks") as batch:
        batch.add_column(sa.Column("visited", sa.String(40), nullable=False, server_default=""))
        batch.add_column(sa.Column("barred", sa.String(200), nullable=False, server_default=""))
