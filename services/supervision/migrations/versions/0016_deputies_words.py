"""What deputies say of the handling itself. Filled for what was said before by `jianyi rebuild ledger`."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0016"
down_revision = "0015"
EMPTY = (
    "on",
    "deputy_id",
    "deputy_name",
    "words",
    "unit_name",
    "judgement",
    "answer",
    "answered_by",
    "answered_on",
)
LONG = {
    "on": 10,
    "deputy_id": 36,
    "deputy_name": 64,
    "unit_name": 128,
    "judgement": 12,
    "answered_by": 128,
    "answered_on": 10,
}


def upgrade() -> None:
    op.create_table(
        "deputy_words",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("suggestion_id", sa.String(36), nullable=False),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        *(
            sa.Column(
                name, sa.String(LONG[name]) if name in LONG else sa.Text(), nullable=False, server_default=""
            )
            for name in EMPTY
        ),
        sa.Index("deputy_words_congress", "congress", "on", "id"),
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements("deputy_words"):
            op.execute(statement)
