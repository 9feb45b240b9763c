"""Units asked in advance whether they will take a suggestion."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "consultations",
        sa.Column("suggestion", sa.String(36), primary_key=True),
        sa.Column("unit_id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("answer", sa.String(4), nullable=False),
        sa.Column("asked_on", sa.String(10), nullable=False),
        sa.Column("answer_by", sa.String(10), nullable=False),
    )
    op.create_index("consultations_unit", "consultations", ["unit_id", "answer", "asked_on"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements("consultations"):
            op.execute(statement)
