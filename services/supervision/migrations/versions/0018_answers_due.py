"""Measures whose answer is overdue are found by an index."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_index("measures_due", "measures", ["state", "due_on"])
