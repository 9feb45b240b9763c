"""What voters say."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "voices",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state_json", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("station_id", sa.String(36)),
        sa.Column("deputy_id", sa.String(36)),
        sa.Column("home", sa.String(32)),
        sa.Column("suggestion_id", sa.String(36)),
        sa.Column("sender", sa.String(64)),
        sa.Column("reference", sa.String(128)),
    )
    op.create_index("voices_congress", "voices", ["congress", "state", "id"])
    op.create_index("voices_station", "voices", ["station_id", "state", "id"])
    op.create_index("voices_deputy", "voices", ["deputy_id", "state"])
    op.create_index("voices_suggestion", "voices", ["suggestion_id"])
    op.create_index("voices_sender", "voices", ["sender", "reference"], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements("voices", by=("congress", "home", "sender")):
            op.execute(statement)
