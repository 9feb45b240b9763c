"""Stations of deputies, who works there, receptions and visits."""

import sqlalchemy as sa
from alembic import op

from shared.isolation import statements

revision = "0009"
down_revision = "0008"


def kept() -> list[sa.Column]:
    """The columns of what is kept as a whole."""
    return [
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state_json", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "stations",
        *kept(),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("reminded_for", sa.String(7), nullable=False),
    )
    op.create_index("stations_congress", "stations", ["congress", "state", "name"])
    op.create_index("stations_reminded", "stations", ["state", "reminded_for"])
    op.create_table(
        "station_people",
        sa.Column("station_id", sa.String(36), primary_key=True),
        sa.Column("person_id", sa.String(64), primary_key=True),
        sa.Column("part", sa.String(10), nullable=False),
        sa.Column("congress", sa.String(32), nullable=False),
        sa.Column("home", sa.String(32), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
    )
    op.create_index("station_people_person", "station_people", ["person_id", "part"])
    op.create_index("station_people_home", "station_people", ["home", "part", "name"])
    op.create_table(
        "encounters",
        *kept(),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("station_id", sa.String(36), nullable=False),
        sa.Column("deputy_id", sa.String(36), nullable=False),
        sa.Column("home", sa.String(32), nullable=False),
        sa.Column("on", sa.String(10), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
    )
    for name, column in (
        ("deputy", "deputy_id"),
        ("station", "station_id"),
        ("congress", "congress"),
        ("home", "home"),
    ):
        op.create_index(f"encounters_{name}", "encounters", [column, "on"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in (
            *statements("stations", shown="true"),
            *statements("station_people", by=("congress", "home")),
            *statements("encounters", by=("congress", "home")),
        ):
            op.execute(statement)
