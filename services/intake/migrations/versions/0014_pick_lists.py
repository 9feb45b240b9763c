"""Lists of recommended suggestions, from which government leaders pick those to sponsor."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "pick_lists",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state_json", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
    )
    op.create_index("pick_lists_congress", "pick_lists", ["congress", "state", "id"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements("pick_lists"):
            op.execute(statement)
