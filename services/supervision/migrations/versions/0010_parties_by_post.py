"""Who supervises a key suggestion is known by the post, where the mark names one."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("ledger_parties") as batch:
        batch.add_column(sa.Column("office_id", sa.String(36), nullable=False, server_default=""))
