"""The review desk says more beside the title: who leads, how often it was submitted, what was found in the text."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("suggestions", sa.Column("beside", sa.JSON(), nullable=False, server_default="{}"))
