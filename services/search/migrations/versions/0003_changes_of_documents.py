"""Changes of documents are counted: one that changes while it is indexed stays stale."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("documents") as batch:
        batch.add_column(sa.Column("changes", sa.Integer(), nullable=False, server_default="1"))
