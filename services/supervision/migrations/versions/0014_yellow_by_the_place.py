"""From when a deadline is yellow is kept with it: places differ. Until now it was seven days for all."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

NO_DATE = ("", "9999-12-31")


def upgrade() -> None:
    _keep("ledger", "next_due_on", "next_yellow_on")
    _keep("deadlines", "due_on", "yellow_on")
    for name, table, columns in (
        ("ledger_page", "ledger", [
            "congress", "year_descending", "ordinal", "id",
            "state", "next_due_on", "next_yellow_on", "category", "reply_class", "is_key",
        ]),
        ("ledger_state", "ledger", [
            "congress", "state", "year_descending", "ordinal", "id", "next_due_on", "next_yellow_on",
        ]),
        ("deadlines_due", "deadlines", ["ended", "due_on", "kind", "yellow_on"]),
    ):  # fmt: skip
        op.drop_index(name, table)
        op.create_index(name, table, columns)


def _keep(table: str, due_on: str, yellow_on: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column(yellow_on, sa.String(10), nullable=False, server_default=""))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    week_before = f"date({due_on}, '-7 days')" if is_sqlite else f"to_char({due_on}::date - 7, 'YYYY-MM-DD')"
    op.execute(f"UPDATE {table} SET {yellow_on} = {due_on} WHERE {due_on} IN {NO_DATE}")
    op.execute(f"UPDATE {table} SET {yellow_on} = {week_before} WHERE {due_on} NOT IN {NO_DATE}")
