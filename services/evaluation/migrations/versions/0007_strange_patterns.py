"""Strange patterns: marks of the forms that were given, what accounts were used for, and the flags."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "form_marks",
        sa.Column("reply_id", sa.String(36), primary_key=True),
        sa.Column("deputy_id", sa.String(36), primary_key=True),
        sa.Column("deputy_name", sa.String(64), nullable=False),
        sa.Column("suggestion_id", sa.String(36), nullable=False),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("account", sa.String(64), nullable=False),
        sa.Column("given_at", sa.String(32), nullable=False),
        sa.Column("origin", sa.String(24), nullable=False),
        sa.Column("words", sa.String(24), nullable=False),
        sa.Column("looked", sa.Boolean(), nullable=False),
        sa.Index("form_marks_looked", "looked", "given_at"),
        sa.Index("form_marks_account", "congress", "account", "given_at"),
        sa.Index("form_marks_origin", "congress", "origin"),
        sa.Index("form_marks_words", "congress", "words"),
    )
    op.create_table("account_uses", sa.Column("account", sa.String(64), primary_key=True))
    op.create_table(
        "flags",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state_json", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Index("flags_state", "congress", "state"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for table in ("form_marks", "flags"):
            for statement in statements(table):
                op.execute(statement)
