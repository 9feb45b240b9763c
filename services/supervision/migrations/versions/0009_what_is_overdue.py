"""What is overdue anywhere, for the daily look up the ladder."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    for table in ("commitments", "demands"):
        op.create_index(f"{table}_due", table, ["state", "due_on"])
