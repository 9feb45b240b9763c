"""What is logged goes to the outbox by a trigger; PostgreSQL keeps the log by months."""

from alembic import op

from shared.event_log import upgrade as upgrade_log

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    upgrade_log(op.get_bind())
