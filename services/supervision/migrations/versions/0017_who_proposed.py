"""Who proposed a measure: an office that does not hear how deputies judge sees of proposals its own alone."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    with op.batch_alter_table("measures") as batch:
        batch.add_column(sa.Column("proposed_by_account", sa.String(64), nullable=False, server_default=""))
