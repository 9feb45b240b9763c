"""What is handed up is read by the office above, too."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with op.batch_alter_table("suggestions") as batch:
        batch.add_column(sa.Column("handed_to", sa.String(32), nullable=False, server_default=""))
        batch.add_column(sa.Column("hand_up", sa.String(10), nullable=False, server_default=""))
        batch.create_index("suggestions_handed_to", ["handed_to", "state"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP POLICY ours ON suggestions")
        for statement in statements("suggestions", by=("congress", "handed_to")):
            op.execute(statement)
