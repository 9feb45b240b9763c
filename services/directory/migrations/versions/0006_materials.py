"""What congresses and units publish to work by."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "materials",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state_json", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("unit", sa.String(36), nullable=False),
    )
    op.create_index("materials_congress", "materials", ["congress", "unit", "state"])
    op.create_index("materials_unit", "materials", ["unit", "state"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements("materials", shown="unit = ''"):
            op.execute(statement)
