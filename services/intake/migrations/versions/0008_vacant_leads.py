"""Suggestions whose lead deputy's seat fell vacant wait for another lead."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column(
        "suggestions", sa.Column("needs_lead", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index("suggestions_without_lead", "suggestions", ["congress", "needs_lead"])
