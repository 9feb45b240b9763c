"""Complete pages of a service's event log, for who reads on from a position and must miss nothing.

Positions come from a sequence when a row is written, not when it is committed: a transaction may commit position 5
after another one has committed 6. Who read 6 and goes on from there would never see 5. So a page is given out only
when every transaction that was writing into the log when its last position was read has ended. Whoever writes holds
PostgreSQL's lock on the log from before it draws a position until its end, so the holders of that lock are exactly
those to wait for: a few milliseconds, and for nobody else, however long other transactions run. SQLite has one writer
at a time: there positions follow commits.
"""

from __future__ import annotations

import time
from typing import Any

import orjson
import sqlalchemy as sa

from shared import identity
from shared.events import ROOT
from shared.problems import Invalid, Unavailable
from shared.reach import (
    JUDGEMENTS,
    PATTERN,
    REMINDERS,
    WITHHELD,
    jurisdictions_of,
    require_within,
    sees_all,
)
from shared.runtime import Runtime

MOST_EVENTS = 500  # in one page
WINDOW = 5000  # positions looked through for one page, whatever is wanted of them
SETTLE_SECONDS = 3.0  # longer than any command's transaction; a page that is not settled by then comes later
LOOK_SECONDS = 0.004

_WRITERS = sa.text(
    "SELECT DISTINCT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' "
    "AND relation = CAST('event_log' AS regclass) "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


def events_after(
    runtime: Runtime, token: str | None, after: int | None, wanted: dict[str, Any], limit: int
) -> dict[str, Any]:
    """{entries: [{position, event}], upto}: what a reader may have after a position, and where to go on.

    `wanted`: {jurisdiction, types}, either of them empty for all that the reader may have. `after` None: nothing yet,
    but the position that is the newest now.
    """
    actor = identity.verify(token, runtime.settings.signing_key)
    own = jurisdictions_of(actor)
    jurisdiction, types = str(wanted.get("jurisdiction") or ""), list(wanted.get("types") or ())
    if jurisdiction:
        require_within(actor, jurisdiction)
    if not all(PATTERN.fullmatch(pattern) for pattern in types):
        raise Invalid("事件类型写得不对。", {"types": ["应当像 suggestion.* 或 suggestion.submitted.v1。"]})
    if after is None:
        newest = newest_position(runtime)
        if not _settled(runtime):
            raise Unavailable("系统正忙，请稍后再试。")
        return {"entries": [], "upto": newest}
    log = runtime.tables["event_log"].c
    window = sa.select(log.position).where(log.position > after).order_by(log.position).limit(WINDOW)
    with runtime.database.reading() as connection:
        upto = connection.scalar(sa.select(sa.func.max(window.subquery().c.position)))
    if upto is None or not _settled(runtime):
        return {"entries": [], "upto": after}
    query = sa.select(log.position, log.body).where(
        log.position > after, log.position <= upto, *_conditions(log, [jurisdiction] if jurisdiction else own, types)
    )  # fmt: skip
    if not sees_all(actor):
        query = query.where(sa.not_(_of_types(log, list(WITHHELD))))
    if not actor.has("system"):
        query = query.where(_without_judgements(log, actor))
    most = max(1, min(limit, MOST_EVENTS))
    with runtime.database.reading() as connection:
        rows = connection.execute(query.order_by(log.position).limit(most)).all()
    return {
        "entries": [{"position": row.position, "event": orjson.loads(row.body)} for row in rows],
        "upto": rows[-1].position if len(rows) == most else upto,
    }


def newest_position(runtime: Runtime) -> int:
    """The highest position in the log, or 0: a sign that there is more to read, not a place to go on from."""
    with runtime.database.reading() as connection:
        return connection.scalar(sa.select(sa.func.max(runtime.tables["event_log"].c.position))) or 0


def _conditions(log: Any, roots: list[str], types: list[str]) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if ROOT not in roots:
        found.append(sa.or_(*(_within(log, root) for root in roots)))
    if types and "*" not in types:
        found.append(_of_types(log, types))
    return found


def _without_judgements(log: Any, actor: identity.Actor) -> sa.ColumnElement[bool]:
    """What the reader may have of `shared.reach.tells_judgements`. A body is written without spaces, and a quotation mark
    within a text of it is escaped: what is looked for is the field and nothing else."""
    to_nobody = log.body.like('%"deputy":null%')
    open = sa.and_(
        sa.not_(_of_types(log, list(JUDGEMENTS))), sa.or_(sa.not_(_of_types(log, [REMINDERS])), to_nobody)
    )
    roots = [path for path in actor.congresses("judgements") if path]
    return sa.or_(open, *(_within(log, root) for root in roots))


def _within(log: Any, root: str) -> sa.ColumnElement[bool]:
    if root == ROOT:
        return sa.true()
    return sa.or_(log.jurisdiction == root, log.jurisdiction.like(f"{root}.%"))


def _of_types(log: Any, patterns: list[str]) -> sa.ColumnElement[bool]:
    return sa.or_(*(log.type.like(f"{p[:-1]}%") if p.endswith("*") else log.type == p for p in patterns))


def _settled(runtime: Runtime) -> bool:
    """Wait until everybody who is writing into the log now has ended. False when that takes too long."""
    if runtime.database.is_sqlite:
        return True
    ends, writing = time.monotonic() + SETTLE_SECONDS, _writers(runtime)
    while writing:
        if time.monotonic() > ends:
            return False
        time.sleep(LOOK_SECONDS)
        writing &= _writers(runtime)
    return True


def _writers(runtime: Runtime) -> set[str]:
    with runtime.database.reading() as connection:
        return set(connection.scalars(_WRITERS))
