"""What operators can ask of and do to one service: dead letters, the tail of its events, how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import sqlalchemy as sa

from shared.problems import Invalid, NotFound
from shared.runtime import Runtime


def dead_letters(runtime: Runtime, params: dict[str, Any]) -> list[dict[str, Any]]:
    """The parked events, and with `waiting` those that will be tried again, oldest first."""
    table = runtime.tables["failures"]
    query = sa.select(
        table.c.event_id, table.c.source, table.c.type, table.c.subject, table.c.attempts, table.c.failed_at, table.c.error,
        table.c.next_at,
    ).order_by(table.c.failed_at).limit(500)  # fmt: skip
    if not params.get("waiting"):
        query = query.where(table.c.next_at.is_(None))
    with runtime.database.reading() as connection:
        return [{**row._mapping, "service": runtime.service} for row in connection.execute(query)]


def dead_letter(runtime: Runtime, params: dict[str, Any]) -> dict[str, Any]:
    """One of them with its event and the traceback."""
    table = runtime.tables["failures"]
    with runtime.database.reading() as connection:
        row = connection.execute(
            sa.select(table).where(table.c.event_id == str(params.get("event_id")))
        ).first()
    if row is None:
        raise NotFound(f"{runtime.service} 没有这封死信。")
    return {**row._mapping, "body": orjson.loads(row.body), "service": runtime.service}


def replay(runtime: Runtime, params: dict[str, Any]) -> dict[str, Any]:
    """Try one dead letter once more, now."""
    return {"done": runtime.replay_parked(str(params.get("event_id")))}


def tail(runtime: Runtime, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Events of this service's log after a position; without one, the last few."""
    log = runtime.tables["event_log"]
    after, limit = _number(params, "after", None), _number(params, "limit", 20)
    query = sa.select(log.c.position, log.c.body)
    if after is None:
        query = query.order_by(log.c.position.desc())
    else:
        query = query.where(log.c.position > after).order_by(log.c.position)
    with runtime.database.reading() as connection:
        rows = connection.execute(query.limit(min(limit or 0, 500))).all()
    return [
        {"position": row.position, "event": orjson.loads(row.body)}
        for row in sorted(rows, key=lambda r: r.position)
    ]


def status(runtime: Runtime, params: dict[str, Any]) -> dict[str, Any]:
    """How much this service still has to send and to try again, and how much it has taken in since it started."""
    outbox, failures = runtime.tables["outbox"], runtime.tables["failures"]
    with runtime.database.reading() as connection:
        return {
            "service": runtime.service,
            "consumed": runtime.consumed,
            "outbox": connection.scalar(sa.select(sa.func.count()).select_from(outbox)) or 0,
            "failures": connection.scalar(sa.select(sa.func.count()).select_from(failures)) or 0,
        }


def _number(params: dict[str, Any], name: str, default: int | None) -> int | None:
    given = params.get(name, default)
    if given is not None and (type(given) is not int or not 0 <= given < 2**62):
        raise Invalid(f"{name} 应当是不小于 0 的整数。", {name: ["应当是不小于 0 的整数。"]})
    return given


ACTIONS: dict[str, Callable[[Runtime, dict[str, Any]], Any]] = {
    "dead_letters": dead_letters, "dead_letter": dead_letter, "replay": replay, "tail": tail, "status": status,
}  # fmt: skip


def operate(runtime: Runtime, action: str, params: dict[str, Any], token: str | None) -> Any:
    """Carry out an operator's action; a service adds its own (`rebuild`) with `handlers.operation`."""
    runtime.require_operator(token)
    own = runtime.handlers.operations.get(action)
    if own is not None:
        return own(runtime, params)
    if action not in ACTIONS:
        raise Invalid(f"{runtime.service} 没有“{action}”这项运维操作。")
    return ACTIONS[action](runtime, params)
