"""What practices and settings each place has laid down."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "practices",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state_json", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("place", sa.String(36), nullable=False),
    )
    op.create_index("practices_congress", "practices", ["congress", "name"])
    op.create_index("practices_name", "practices", ["name", "congress"])
