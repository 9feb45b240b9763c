"""Candidates for key suggestions, and the lists that the chairpersons' meeting decides."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("suggestions", sa.Column("key_state", sa.String(10), nullable=False, server_default=""))
    op.create_index("suggestions_key", "suggestions", ["congress", "key_state", "id"])
    op.create_table(
        "key_lists",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state_json", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("meeting_on", sa.String(10), nullable=False),
    )
    op.create_index("key_lists_congress", "key_lists", ["congress", "id"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements("key_lists"):
            op.execute(statement)
