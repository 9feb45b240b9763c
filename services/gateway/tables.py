"""Tables of the gateway: who is signed in, and who failed to; webhooks, and what is posted to them; messages to people."""

from __future__ import annotations

import sqlalchemy as sa

from services.gateway.webhooks.model import Webhook
from shared.database import POSITION, backbone_tables
from shared.isolation import keep_apart
from shared.store import Store, state_columns

metadata = sa.MetaData()
backbone_tables(metadata)
keep_apart(metadata, "webhooks", by=("owner",))
keep_apart(metadata, "webhook_deliveries", by=("owner",))
keep_apart(metadata, "recipients", "contact_cards", "messages", "message_deliveries", by=("account",))
keep_apart(metadata, "matters", "plugin_orders")

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

webhooks = sa.Table(
    "webhooks",
    metadata,
    *state_columns(),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Index("webhooks_owner", "owner"),
    sa.Index("webhooks_state", "state"),
)
webhook_store = Store(webhooks, Webhook, lambda w: {"owner": w.owner, "state": w.state})

# Each event for each webhook that wants it, once. `next_at` (since 1970) also keeps other replicas away while one posts.
webhook_deliveries = sa.Table(
    "webhook_deliveries",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("webhook", sa.String(36), nullable=False),
    sa.Column("owner", sa.String(64), nullable=False),
    sa.Column("event_id", sa.String(36), nullable=False),
    sa.Column("type", sa.String(64), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),  # since the last (re)start
    sa.Column("next_at", sa.Float, nullable=False),
    sa.Column("made_at", sa.Float, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("attempts", sa.JSON, nullable=False),  # [{at, status, error, seconds, answer}]
    sa.UniqueConstraint("webhook", "event_id", name="webhook_deliveries_once"),
    sa.Index("webhook_deliveries_due", "webhook", "state", "next_at"),
    sa.Index("webhook_deliveries_made", "made_at"),
)

# How far the services' logs have been looked through for all webhooks.
webhook_cursor = sa.Table(
    "webhook_cursor",
    metadata,
    sa.Column("service", sa.String(32), primary_key=True),
    sa.Column("position", POSITION, nullable=False),
)

# Where each account is told things (`occasions.places`). The place "" says up to which of the account's events that is so.
recipients = sa.Table(
    "recipients",
    metadata,
    sa.Column("account", sa.String(64), primary_key=True),
    sa.Column("place", sa.String(48), primary_key=True),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Index("recipients_place", "place"),
)

# What messages call a suggestion, and whose it is. Each value is that of the latest event that brought one; `began_on` is the
# day whose practices hold for it: the first assignment's, or a later one by which it was told to go on. Empty before that.
matters = sa.Table(
    "matters",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("told_at", sa.String(40), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("lead", sa.String(36), nullable=False),
    sa.Column("deputies", sa.JSON, nullable=False),
    sa.Column("began_on", sa.String(10), nullable=False, server_default=""),
)

# Where people want to be told things beside the screen.
contact_cards = sa.Table(
    "contact_cards",
    metadata,
    sa.Column("account", sa.String(64), primary_key=True),
    sa.Column("mail", sa.String(120), nullable=False),
    sa.Column("phone", sa.String(16), nullable=False),
    sa.Column("daily", sa.Boolean, nullable=False),
)

# What somebody is told, once for each occasion. Its words are made when it is shown or sent.
messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("place", sa.String(48), nullable=False),  # as what somebody is told it
    sa.Column("once", sa.String(96), nullable=False),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("suggestion", sa.String(36), nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("at", sa.String(40), nullable=False),
    sa.Column("read", sa.Boolean, nullable=False),
    sa.UniqueConstraint("account", "once", name="messages_once"),
    sa.Index("messages_account", "account", "id"),
    sa.Index("messages_unread", "account", "read"),
    sa.Index("messages_at", "at"),
)

# Each message on each way out, once. Times are seconds since 1970; `due_at` begins with when it may leave.
message_deliveries = sa.Table(
    "message_deliveries",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("message", sa.String(36), nullable=False),
    sa.Column("account", sa.String(64), nullable=False),
    sa.Column("channel", sa.String(8), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("daily", sa.Boolean, nullable=False),
    sa.Column("due_at", sa.Float, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("changed_at", sa.Float, nullable=False),
    sa.Column("error", sa.String(300), nullable=False),
    sa.UniqueConstraint("message", "channel", name="message_deliveries_once"),
    sa.Index("message_deliveries_due", "channel", "state", "due_at"),
)

# What practices have the system do after an event, once for each event. Times of `due_at` and `changed_at` are seconds since 1970.
plugin_orders = sa.Table(
    "plugin_orders",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("plugin", sa.String(40), nullable=False),
    sa.Column("suggestion", sa.String(36), nullable=False),
    sa.Column("event_type", sa.String(64), nullable=False),
    sa.Column("command", sa.String(40), nullable=False),
    sa.Column("data", sa.JSON, nullable=False),
    sa.Column("reason", sa.String(300), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due_at", sa.Float, nullable=False),
    sa.Column("error", sa.String(300), nullable=False),
    sa.Column("made_at", sa.String(40), nullable=False),
    sa.Column("changed_at", sa.Float, nullable=False),
    sa.Index("plugin_orders_due", "state", "due_at"),
    sa.Index("plugin_orders_changed", "state", "changed_at"),
)
