"""Projects and other work that bundles are tied to, so that those of one project are found together."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "bundle_works",
        sa.Column("bundle_id", sa.String(36), primary_key=True),
        sa.Column("at", sa.Integer(), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("known_as", sa.String(100), nullable=False),
    )
    op.create_index("bundle_works_known_as", "bundle_works", ["congress", "kind", "known_as"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements("bundle_works"):
            op.execute(statement)
