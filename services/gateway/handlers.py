"""What the gateway does with events: sessions end when an account's roles change."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.gateway import tables
from services.gateway.events import catalogue
from services.gateway.sessions import cache
from shared.handlers import Handlers
from shared.work import Work

handlers = Handlers(catalogue, tables.metadata)


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


def _as_set(roles: Any) -> set[tuple[str, ...]]:
    return {tuple(role) for role in roles}
