"""The sums of what each congress has told, by which is found what has to be told again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    with op.batch_alter_table("tellings") as batch:
        for name in ("numerators", "denominators"):
            batch.add_column(sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
