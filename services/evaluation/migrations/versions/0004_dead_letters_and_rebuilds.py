"""Dead letters know their cause and their order; what is dropped is kept; rebuilds tell how far they are."""

import sqlalchemy as sa
from alembic import op

from shared.failures import upgrade as fill_in

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("failures") as batch:
        batch.add_column(sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("cause", sa.String(8), nullable=False, server_default=""))
        batch.create_index("failures_cause", ["cause"])
    fill_in(op.get_bind())
    op.create_table(
        "dropped",
        sa.Column("event_id", sa.String(36), primary_key=True),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("type", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(36), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.String(40), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("traceback", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("dropped_by", sa.String(64), nullable=False),
        sa.Column("dropped_at", sa.String(40), nullable=False),
    )
    op.create_table(
        "rebuilds",
        sa.Column("what", sa.String(16), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("started_at", sa.String(40), nullable=False),
        sa.Column("started_by", sa.String(64), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
    )
