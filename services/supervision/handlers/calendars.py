"""The calendar by which deadlines are computed now: the State Council's arrangements and those recorded here."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import orjson
import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.model.calendar import Arrangement, WorkCalendar

_BODIES = sa.select(t.arrangements.c.body).order_by(t.arrangements.c.id)


def calendar_of(connection: sa.Connection) -> WorkCalendar:
    """The calendar with everything that was recorded up to now."""
    return _calendar(tuple(connection.scalars(_BODIES)))


@lru_cache(maxsize=4)
def _calendar(bodies: tuple[str, ...]) -> WorkCalendar:
    return WorkCalendar.official(Arrangement.from_dict(orjson.loads(body)) for body in bodies)


@lru_cache(maxsize=4)
def fingerprint(calendar: WorkCalendar) -> str:
    """The same for calendars that say the same of every day: tells whether deadlines have to be computed again."""
    whole = orjson.dumps([arrangement.to_dict() for arrangement in calendar.arrangements])
    return hashlib.sha256(whole).hexdigest()
