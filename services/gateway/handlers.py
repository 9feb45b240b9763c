"""What the gateway does with events: sessions and webhooks end when an account's roles change; people are told things."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.gateway import hooks, orders, tables
from services.gateway.events import catalogue
from services.gateway.messages import commands as messages
from services.gateway.messages import telling
from services.gateway.sessions import cache
from services.gateway.webhooks import commands
from shared.handlers import Handlers
from shared.identity import Role
from shared.work import Work

handlers = Handlers(catalogue, tables.metadata, hooks)
handlers.keeps("unit", "practice")
commands.declare(handlers)
messages.declare(handlers)
telling.declare(handlers)
orders.declare(handlers)


@handlers.on("account.changed.v1")
def end_sessions(work: Work, event: dict[str, Any]) -> None:
    """End the account's sessions that claim other roles than it has now.

    Those with the same roles stay: whoever signs in right after the account was added may be faster than this event.
    """
    t = tables.sessions.c
    roles = _as_set([r["role"], r["congress"], r["unit"], r["seat"]] for r in event["data"]["roles"])
    rows = work.connection.execute(sa.select(t.hash, t.claims).where(t.account == event["subject"]))
    ended = [row.hash for row in rows if _as_set(row.claims["roles"]) != roles]
    if ended:
        work.connection.execute(sa.delete(tables.sessions).where(t.hash.in_(ended)))
    cache.forget_account(event["subject"])


@handlers.on("account.changed.v1")
def end_webhooks(work: Work, event: dict[str, Any]) -> None:
    """Stop the account's webhooks whose jurisdiction is no longer its own."""
    roles = [Role(r["role"], r["congress"], r["unit"], r["seat"]) for r in event["data"]["roles"]]
    commands.end_those_outside(work, event["subject"], roles)


def _as_set(roles: Any) -> set[tuple[str, ...]]:
    return {tuple(role) for role in roles}
