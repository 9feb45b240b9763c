"""Whose delegation's suggestion it is (全团建议), for the office's desk."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with op.batch_alter_table("handlings") as batch:
        batch.add_column(sa.Column("delegation", sa.String(100), nullable=False, server_default=""))
