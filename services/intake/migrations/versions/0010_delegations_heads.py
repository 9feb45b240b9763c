"""What waits for the head of a delegation."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("suggestions") as batch:
        batch.add_column(sa.Column("asked_head", sa.String(36), nullable=False, server_default=""))
        batch.create_index("suggestions_asked_head", ["asked_head"])
