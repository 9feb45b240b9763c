"""Files that go with a reply, with their content in pieces."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("suggestion", sa.String(36), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("type", sa.String(8), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("checksum", sa.String(64), nullable=False),
        sa.Column("published", sa.Boolean, nullable=False),
    )
    op.create_index("attachments_suggestion", "attachments", ["suggestion"])
    op.create_table(
        "attachment_parts",
        sa.Column("attachment", sa.String(36), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        parts_shown = "EXISTS (SELECT FROM attachments a WHERE a.id = attachment AND a.published)"
        for statement in (
            *statements("attachments", shown="published"),
            *statements("attachment_parts", shown=parts_shown),
        ):
            op.execute(statement)
