"""The chain (归口管理): a task's office, its parts, the offices that watch over it; the tree of units."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("tasks") as batch:
        batch.add_column(sa.Column("desk_id", sa.String(36), nullable=False, server_default=""))
        batch.add_column(sa.Column("parent", sa.String(36), nullable=False, server_default=""))
        batch.add_column(sa.Column("hand_in_by", sa.String(10), nullable=False, server_default=""))
        batch.create_index("tasks_desk", ["desk_id", "state", "since"])
    op.create_table(
        "task_offices",
        sa.Column("office_id", sa.String(36), primary_key=True),
        sa.Column("task_id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("decides", sa.Boolean(), nullable=False),
    )
    tree = op.create_table(
        "unit_tree",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("parent", sa.String(36), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
    )
    op.create_index("unit_tree_parent", "unit_tree", ["parent", "name"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in statements("task_offices"):
            op.execute(statement)
    _take_over_copies(tree)


def _take_over_copies(tree: sa.Table) -> None:
    """The units that were registered before: their copies are here already."""
    copies = sa.table(
        "copies", sa.column("kind"), sa.column("id"), sa.column("congress"), sa.column("sequence"), sa.column("data", sa.JSON)
    )  # fmt: skip
    rows = [
        {
            "id": row.id, "congress": row.congress, "sequence": row.sequence,
            **{name: row.data[name] for name in ("name", "kind", "parent", "active")},
        }
        for row in op.get_bind().execute(sa.select(copies).where(copies.c.kind == "unit"))
    ]  # fmt: skip
    for start in range(0, len(rows), 500):
        op.get_bind().execute(sa.insert(tree), rows[start : start + 500])
