"""A delegation's own suggestions can be looked for in the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with op.batch_alter_table("ledger") as batch:
        batch.add_column(sa.Column("delegation", sa.String(64), nullable=False, server_default=""))
    ledger = sa.table("ledger", sa.column("id"), sa.column("delegation"), sa.column("more", sa.JSON))
    connection = op.get_bind()
    for row in connection.execute(sa.select(ledger.c.id, ledger.c.more)).all():
        if name := (row.more or {}).get("delegation"):
            connection.execute(sa.update(ledger).where(ledger.c.id == row.id).values(delegation=name[:64]))
    op.create_index(
        "ledger_delegation", "ledger", ["congress", "delegation", "year_descending", "ordinal", "id"]
    )
