"""What voters think of what came of their opinions."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    with op.batch_alter_table("voices") as batch:
        batch.add_column(sa.Column("told_in", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("judgement", sa.String(12), nullable=False, server_default=""))
    op.create_index("voices_told", "voices", ["congress", "told_in", "station_id", "judgement"])
