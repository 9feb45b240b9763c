"""Suggestions that were closed before are found by an index: what their judgements put into figures then is told among others."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    with op.batch_alter_table("evaluations") as batch:
        batch.add_column(sa.Column("reopened", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("evaluations_reopened", "evaluations", ["congress", "reopened"])
