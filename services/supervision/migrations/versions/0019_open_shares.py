"""Open shares of what was coordinated are found by the day until which the next one is due."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

NEW = sa.table("coordinations", sa.column("id"), sa.column("state_json", sa.JSON), sa.column("owed_by"))


def upgrade() -> None:
    with op.batch_alter_table("coordinations") as batch:
        batch.add_column(sa.Column("owed_by", sa.String(10), nullable=False, server_default=""))
    op.create_index("coordinations_owed", "coordinations", ["congress", "owed_by"])
    connection = op.get_bind()
    for id, state in connection.execute(sa.select(NEW.c.id, NEW.c.state_json)).all():
        kept = json.loads(state) if isinstance(state, str) else state
        open_ones = [
            share.get("due_on") or "9999-12-31" for share in kept["shares"] if not share.get("done_on")
        ]
        if open_ones:
            connection.execute(sa.update(NEW).where(NEW.c.id == id).values(owed_by=min(open_ones)))
