"""What people have to do beside the next step of each task: a list of its own."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "duties",
        sa.Column("suggestion", sa.String(36), primary_key=True),
        sa.Column("task", sa.String(36), primary_key=True),
        sa.Column("to", sa.String(16), primary_key=True),
        sa.Column("owner", sa.String(36), primary_key=True),
        sa.Column("command", sa.String(32), primary_key=True),
        sa.Column("about", sa.String(64), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("since", sa.String(10), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
    )
    op.create_index("duties_owner", "duties", ["owner", "to", "since"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements("duties"):
            op.execute(statement)
