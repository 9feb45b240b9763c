"""The list of what deputies may say of promises that are called kept."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.create_table(
        "open_words",
        sa.Column("supplement_id", sa.String(36), primary_key=True),
        sa.Column("deputy_id", sa.String(36), primary_key=True),
        sa.Column("suggestion_id", sa.String(36), nullable=False),
        sa.Column("reply_id", sa.String(36), nullable=False),
        sa.Column("unit_id", sa.String(36), nullable=False),
        sa.Column("unit_name", sa.String(128), nullable=False),
        sa.Column("since", sa.String(10), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sa.Index("open_words_deputy", "deputy_id", "until"),
        sa.Index("open_words_suggestion", "suggestion_id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements("open_words", of="evaluations"):
            op.execute(statement)
