"""When a message may leave: nobody is rung up at night, and who wants one letter a day gets one letter a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from shared.clock import CHINA


@dataclass(frozen=True)
class Hours:
    """Of a place: nothing leaves from `quiet_from` to `quiet_to`, the next morning as a rule; digests leave at `digest_at`.

    The same time for both ends of the quiet: there is none.
    """

    quiet_from: time = time(21)
    quiet_to: time = time(8)
    digest_at: time = time(8, 30)

    def is_quiet(self, moment: datetime) -> bool:
        now = moment.astimezone(CHINA).time()
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= now < self.quiet_to
        return now >= self.quiet_from or now < self.quiet_to


def leaves(now: datetime, hours: Hours, *, daily: bool) -> datetime:
    """The first moment from now on at which it may leave; `daily`: with the others of the day."""
    moment = _next(now, hours.digest_at) if daily else now
    return _next(moment, hours.quiet_to) if hours.is_quiet(moment) else moment


def _next(moment: datetime, at: time) -> datetime:
    """The next time of day `at`, which may be this very moment."""
    local = moment.astimezone(CHINA)
    found = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return found if found >= local else found + timedelta(days=1)
