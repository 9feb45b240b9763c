"""Until when a unit may ask to return its task, where no later return is taken."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    with op.batch_alter_table("tasks") as batch:
        batch.add_column(sa.Column("return_by", sa.String(10), nullable=False, server_default=""))
