"""Back-to-back: from when on units may know how a suggestion was judged; promises count when their date has come."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("evaluations") as batch:
        batch.add_column(sa.Column("known_from", sa.String(10), nullable=False, server_default=""))
        batch.add_column(sa.Column("told_least", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(
            sa.Column("shows_judgement", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.add_column(sa.Column("next_promise_on", sa.String(10), nullable=False, server_default=""))
        batch.create_index("evaluations_promise", ["next_promise_on"])
    # What was closed before is known to its units, as it was.
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    closed = "json_extract(state_json, '$.closed_on')" if is_sqlite else "state_json->>'closed_on'"
    shows = (
        "json_extract(state_json, '$.with_feedback')"
        if is_sqlite
        else "(state_json->>'with_feedback')::boolean"
    )
    op.execute(f"UPDATE evaluations SET known_from = {closed} WHERE {closed} IS NOT NULL")
    op.execute(f"UPDATE evaluations SET shows_judgement = {shows} WHERE state = 'published'")
