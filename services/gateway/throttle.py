"""Slows down who tries password after password."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from services.gateway.refusals import TooManyTries
from services.gateway.tables import sign_in_tries
from shared.database import Database
from shared.statements import insert_into

FREE_TRIES = 5
WAIT_SECONDS = 60.0  # between two tries once the free ones are used up
KEPT_SECONDS = 24 * 3600.0


class Throttle:
    """Counts tries by login and address until one succeeds; the address spares others the wait for one's mischief."""

    def __init__(self, database: Database, seconds: Callable[[], float] = time.time) -> None:
        self.database, self.seconds = database, seconds

    def enter(self, login: str, address: str) -> None:
        """Count a try before it is made, so that many at once do not slip through. Raises TooManyTries."""
        t, now = sign_in_tries.c, self.seconds()
        with self.database.writing() as connection:
            connection.execute(sa.delete(sign_in_tries).where(t.last_at < now - KEPT_SECONDS))
            connection.execute(_first(connection, login, address, now))
            row = connection.execute(
                sa.select(sign_in_tries).where(*_is(login, address)).with_for_update()
            ).one()
            if row.tries >= FREE_TRIES and now < row.last_at + WAIT_SECONDS:
                raise TooManyTries(math.ceil(row.last_at + WAIT_SECONDS - now))
            counted = sa.update(sign_in_tries).where(*_is(login, address))
            connection.execute(counted.values(tries=row.tries + 1, last_at=now))

    def passed(self, login: str, address: str) -> None:
        """The password was right: the count begins anew."""
        with self.database.writing() as connection:
            connection.execute(sa.delete(sign_in_tries).where(*_is(login, address)))


def _is(login: str, address: str) -> tuple[Any, Any]:
    return sign_in_tries.c.login == login, sign_in_tries.c.address == address


def _first(connection: sa.Connection, login: str, address: str, now: float) -> Any:
    """The row to count in, if there is none yet; from then on whoever tries at the same time waits for it."""
    return (
        insert_into(sign_in_tries, connection.dialect.name)
        .values(login=login, address=address, tries=0, last_at=now)
        .on_conflict_do_nothing()
    )
