"""Units that the suggestion's deputy proposed, for the desk."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    with op.batch_alter_table("handlings") as batch:
        batch.add_column(sa.Column("proposed_units", sa.JSON(), nullable=False, server_default="[]"))
