"""What operators can see of a service's dead letters, and do about them."""

from __future__ import annotations

import time
from typing import Any

import orjson
import sqlalchemy as sa

from shared.failures import last_line
from shared.identity import Actor
from shared.problems import Invalid, NotFound
from shared.runtime import Runtime

MOST_LISTED = 500
MOST_REASON = 500
AT_ONCE_SECONDS = 5.0  # of one call: who asks for all of a cause asks again for the rest
LISTED = ("event_id", "source", "type", "subject", "attempts", "failed_at", "error", "next_at", "cause")


def dead_letters(runtime: Runtime, params: dict[str, Any], _: Actor) -> list[dict[str, Any]]:
    """The parked events, and with `waiting` those that will be tried again, oldest first; of a `cause` if it is named."""
    table = runtime.tables["failures"]
    query = sa.select(*(table.c[name] for name in LISTED)).order_by(table.c.failed_at, table.c.sequence)
    if not params.get("waiting"):
        query = query.where(table.c.next_at.is_(None))
    if params.get("cause"):
        query = query.where(table.c.cause == str(params["cause"]))
    with runtime.database.reading() as connection:
        rows = connection.execute(query.limit(MOST_LISTED))
        return [{**row._mapping, "service": runtime.service} for row in rows]


def causes(runtime: Runtime, _: dict[str, Any], __: Actor) -> list[dict[str, Any]]:
    """The parked events by what they fail of: {cause, type, error, count, first, last}, the most frequent first."""
    f = runtime.tables["failures"].c
    query = sa.select(
        f.cause, sa.func.min(f.type).label("type"), sa.func.min(f.error).label("error"),
        sa.func.count().label("count"), sa.func.min(f.failed_at).label("first"), sa.func.max(f.failed_at).label("last"),
    ).where(f.next_at.is_(None)).group_by(f.cause).order_by(sa.func.count().desc(), f.cause)  # fmt: skip
    with runtime.database.reading() as connection:
        return [
            {**row._mapping, "error": last_line(row.error), "service": runtime.service}
            for row in connection.execute(query.limit(MOST_LISTED))
        ]


def dead_letter(runtime: Runtime, params: dict[str, Any], _: Actor) -> dict[str, Any]:
    """One of them with its event, the traceback, and how many wait behind it."""
    row, f = runtime.failures.find(str(params.get("event_id"))), runtime.tables["failures"].c
    behind = sa.select(sa.func.count()).where(
        f.source == row.source, f.subject == row.subject, f.next_at.is_not(None), f.event_id != row.event_id
    )
    with runtime.database.reading() as connection:
        waiting = connection.scalar(behind) or 0
    return {**row._mapping, "body": orjson.loads(row.body), "service": runtime.service, "behind": waiting}


def replay(runtime: Runtime, params: dict[str, Any], _: Actor) -> dict[str, Any]:
    """Try one dead letter once more, now."""
    return {"done": runtime.failures.replay(str(params.get("event_id")))}


def replay_cause(runtime: Runtime, params: dict[str, Any], _: Actor) -> dict[str, Any]:
    """Try all of a cause once more, in order: {done, failed, left}. `skip`: the subjects to leave out.

    Where one fails, what follows it about the same subject is not tried. After a few seconds the answer comes with
    some `left`: whoever wants them too asks again, with the subjects in `failed` to `skip`.
    """
    cause, skip = str(params.get("cause")), {tuple(thread) for thread in params.get("skip", ())}
    f = runtime.tables["failures"].c
    query = sa.select(f.event_id, f.source, f.subject).where(f.cause == cause, f.next_at.is_(None))
    with runtime.database.reading() as connection:
        rows = connection.execute(query.order_by(f.source, f.subject, f.sequence, f.event_id)).all()
    if not rows:
        raise NotFound(f"{runtime.service} 没有这种原因的死信。")
    done, failed, left = 0, [], 0
    ends = time.monotonic() + AT_ONCE_SECONDS
    for row in rows:
        # A message that is no event is about no subject: none follows another.
        thread = (row.source, row.subject or row.event_id)
        if thread in skip:
            continue
        if time.monotonic() > ends:
            left += 1
        elif _replayed(runtime, row.event_id):
            done += 1
        else:
            skip.add(thread)
            failed.append(thread)
    return {"done": done, "failed": failed, "left": left}


def _replayed(runtime: Runtime, event_id: str) -> bool:
    try:
        return runtime.failures.replay(event_id)
    except NotFound:  # somebody else has just replayed or dropped it
        return True


def drop(runtime: Runtime, params: dict[str, Any], actor: Actor) -> dict[str, Any]:
    """Give up one dead letter (`event_id`), or all of a `cause`, with a reason that is kept: {dropped}."""
    reason = params.get("reason")
    reason = reason.strip() if isinstance(reason, str) else ""
    if not 1 < len(reason) <= MOST_REASON:
        sentence = f"请写明丢弃的原因（2 至 {MOST_REASON} 个字）；它会和事件一起保留。"
        raise Invalid(sentence, {"reason": [sentence]})
    if not params.get("cause"):
        runtime.failures.drop(str(params.get("event_id")), reason, actor.name)
        return {"dropped": 1}
    f = runtime.tables["failures"].c
    query = sa.select(f.event_id).where(f.cause == str(params["cause"]), f.next_at.is_(None))
    with runtime.database.reading() as connection:
        ids = connection.scalars(query).all()
    if not ids:
        raise NotFound(f"{runtime.service} 没有这种原因的死信。")
    for id in ids:
        runtime.failures.drop(id, reason, actor.name)
    return {"dropped": len(ids)}


def dropped(runtime: Runtime, params: dict[str, Any], _: Actor) -> list[dict[str, Any]]:
    """What was given up, the newest first: with the event, the reason, who and when."""
    table = runtime.tables["dropped"]
    query = sa.select(table).order_by(table.c.dropped_at.desc()).limit(MOST_LISTED)
    with runtime.database.reading() as connection:
        return [
            {**row._mapping, "body": orjson.loads(row.body), "service": runtime.service}
            for row in connection.execute(query)
        ]
