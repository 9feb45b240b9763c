"""Tables of the gateway: who is signed in, and who failed to."""

from __future__ import annotations

import sqlalchemy as sa

from shared.database import backbone_tables

metadata = sa.MetaData()
backbone_tables(metadata)

# Times are seconds since 1970 by the machine's clock: a session lives in real time, whatever time a case tells.
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column(
        "hash", sa.String(64), primary_key=True
    ),  # SHA-256 of the token: who reads the table cannot sign in
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("claims", sa.JSON, nullable=False),  # Actor.to_claims()
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("used_at", sa.Float, nullable=False),
    sa.Column("ends_at", sa.Float, nullable=False),
    sa.Column("agent", sa.String(80), nullable=False),
    sa.Index("sessions_account", "account"),
    sa.Index("sessions_ends", "ends_at"),
)

# Tries to sign in since the last success, by login and network address.
sign_in_tries = sa.Table(
    "sign_in_tries",
    metadata,
    sa.Column("login", sa.String(64), primary_key=True),
    sa.Column("address", sa.String(64), primary_key=True),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("last_at", sa.Float, nullable=False),
    sa.Index("sign_in_tries_last", "last_at"),
)
