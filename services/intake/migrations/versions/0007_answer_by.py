"""An invitation to cosign may have a day to answer by."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("invitations", sa.Column("answer_by", sa.String(10), nullable=False, server_default=""))
