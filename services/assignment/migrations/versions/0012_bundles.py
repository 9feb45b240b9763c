"""Suggestions that a unit handles together under one plan."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "bundles",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("state_json", sa.JSON, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("unit_id", sa.String(36), nullable=False),
    )
    op.create_index("bundles_congress", "bundles", ["congress", "id"])
    op.create_index("bundles_unit", "bundles", ["unit_id", "id"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements("bundles"):
            op.execute(statement)
