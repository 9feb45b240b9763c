"""Who is signed in: sessions kept by the gateway, named by a random token that only the browser or program has."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from services.gateway import tables
from shared.database import Database
from shared.identity import Actor

IDLE_SECONDS = 8 * 3600.0  # a working day without a click
LONGEST_SECONDS = 24 * 3600.0
TOUCH_SECONDS = 300.0  # how exactly the last use is known: a write for each request would be too dear
CACHE_SECONDS = 5.0  # how long another replica may still know a session that was ended here
MOST_CACHED = 20_000


@dataclass(frozen=True)
class Session:
    """One person signed in on one device. `ends_at` comes earlier when nothing is done for IDLE_SECONDS."""

    hash: str
    actor: Actor
    used_at: float
    ends_at: float

    @property
    def expires(self) -> datetime:
        """When it ends at the latest."""
        return datetime.fromtimestamp(self.ends_at, UTC)


class SessionCache:
    """Sessions that were looked up a moment ago, so that a busy person does not cost a read for each request."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[Session, float]] = {}

    def get(self, hash: str, now: float) -> Session | None:
        entry = self._entries.get(hash)
        return entry[0] if entry and now < entry[1] else None

    def put(self, session: Session, now: float) -> None:
        if len(self._entries) >= MOST_CACHED:
            self._entries.clear()
        self._entries[session.hash] = (session, now + CACHE_SECONDS)

    def forget(self, hash: str) -> None:
        self._entries.pop(hash, None)

    def forget_account(self, account: str) -> None:
        for hash, (session, _) in list(self._entries.items()):
            if session.actor.account == account:
                self.forget(hash)


# One for the process: the consumer of account.changed has to reach it, and knows no web application.
cache = SessionCache()


class Sessions:
    """Opens, finds and ends sessions. `seconds` is the machine's clock, since 1970."""

    def __init__(self, database: Database, seconds: Callable[[], float] = time.time) -> None:
        self.database, self.seconds = database, seconds

    def open(self, actor: Actor, agent: str) -> tuple[str, Session]:
        """Sign somebody in: the token, which is kept nowhere here, and the session. Clears away what has ended."""
        token, now = secrets.token_urlsafe(32), self.seconds()
        session = Session(_hash(token), actor, now, now + LONGEST_SECONDS)
        row = {
            "hash": session.hash,
            "account": actor.account,
            "claims": actor.to_claims(),
            "created_at": now,
            "used_at": now,
            "ends_at": session.ends_at,
            "agent": "".join(c for c in agent if c.isprintable())[:80],
        }
        with self.database.writing() as connection:
            connection.execute(sa.delete(tables.sessions).where(tables.sessions.c.ends_at < now))
            connection.execute(sa.insert(tables.sessions), row)
        return token, session

    def find(self, token: str) -> Session | None:
        """The session that a token names, if it has not ended."""
        hash, now = _hash(token), self.seconds()
        session = cache.get(hash, now) or self._read(hash)
        if session is None or now >= min(session.ends_at, session.used_at + IDLE_SECONDS):
            return None
        if now - session.used_at > TOUCH_SECONDS:
            session = self._touch(session, now)
        return session

    def end(self, token: str) -> None:
        """Sign out on this device."""
        hash = _hash(token)
        with self.database.writing() as connection:
            connection.execute(sa.delete(tables.sessions).where(tables.sessions.c.hash == hash))
        cache.forget(hash)

    def _read(self, hash: str) -> Session | None:
        with self.database.reading() as connection:
            row = connection.execute(sa.select(tables.sessions).where(tables.sessions.c.hash == hash)).first()
        if row is None:
            return None
        session = Session(hash, Actor.from_claims(row.claims), row.used_at, row.ends_at)
        cache.put(session, self.seconds())
        return session

    def _touch(self, session: Session, now: float) -> Session:
        t = tables.sessions.c
        with self.database.writing() as connection:
            connection.execute(sa.update(tables.sessions).where(t.hash == session.hash).values(used_at=now))
        touched = Session(session.hash, session.actor, now, session.ends_at)
        cache.put(touched, now)
        return touched


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def actor_of(answer: dict[str, Any]) -> Actor:
    """The person whom the directory's `authenticate` found."""
    roles = [[r["role"], r["congress"], r["unit"], r["seat"]] for r in answer["roles"]]
    return Actor.from_claims({"sub": answer["account"], "name": answer["name"], "roles": roles})
