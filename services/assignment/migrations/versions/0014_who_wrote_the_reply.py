"""The rank of who wrote a reply: section heads write some themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    with op.batch_alter_table("tasks") as batch:
        batch.add_column(sa.Column("drafted_rank", sa.String(16), nullable=False, server_default=""))
