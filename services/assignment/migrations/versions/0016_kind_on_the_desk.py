"""Whether it is a suggestion, a criticism or an opinion, for the office's desk."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    with op.batch_alter_table("handlings") as batch:
        batch.add_column(sa.Column("kind", sa.String(16), nullable=False, server_default="suggestion"))
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    kind = "json_extract(state_json, '$.kind')" if is_sqlite else "state_json->>'kind'"
    op.execute(f"UPDATE handlings SET kind = {kind} WHERE {kind} IN ('criticism', 'opinion')")
