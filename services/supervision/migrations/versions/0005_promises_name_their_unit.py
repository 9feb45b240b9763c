"""A promise's table names its unit, for the counts of what is left."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("commitments") as batch:
        batch.add_column(sa.Column("unit_name", sa.String(128), nullable=False, server_default=""))
    commitments = sa.table(
        "commitments",
        sa.column("id", sa.String),
        sa.column("unit_name", sa.String),
        sa.column("state_json", sa.JSON),
    )
    connection = op.get_bind()
    for id, state in connection.execute(sa.select(commitments.c.id, commitments.c.state_json)).all():
        named = sa.update(commitments).where(commitments.c.id == id).values(unit_name=state["unit"]["name"])
        connection.execute(named)
