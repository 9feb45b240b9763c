"""What operators can ask of and do to one service: dead letters, the tail of its events, how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import sqlalchemy as sa

from shared import dead_letters
from shared.event_log import end
from shared.identity import Actor
from shared.problems import Invalid
from shared.rebuilds import rebuild_status
from shared.runtime import Runtime


def tail(runtime: Runtime, params: dict[str, Any], _: Actor) -> list[dict[str, Any]]:
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


def status(runtime: Runtime, params: dict[str, Any], _: Actor) -> dict[str, Any]:
    """How much this service still has to send and to try again, how much it has taken in since it started, where its log ends."""
    outbox, failures = runtime.tables["outbox"], runtime.tables["failures"]
    with runtime.database.reading() as connection:
        return {
            "service": runtime.service,
            "consumed": runtime.consumed,
            "position": end(runtime.database, runtime.tables["event_log"]),
            "outbox": connection.scalar(sa.select(sa.func.count()).select_from(outbox)) or 0,
            "failures": connection.scalar(sa.select(sa.func.count()).select_from(failures)) or 0,
        }


def _number(params: dict[str, Any], name: str, default: int | None) -> int | None:
    given = params.get(name, default)
    if given is not None and (type(given) is not int or not 0 <= given < 2**62):
        raise Invalid(f"{name} 应当是不小于 0 的整数。", {name: ["应当是不小于 0 的整数。"]})
    return given


def projections(runtime: Runtime, _: dict[str, Any], __: Actor) -> list[str]:
    """What of this service can be rebuilt."""
    return list(runtime.handlers.projections)


ACTIONS: dict[str, Callable[[Runtime, dict[str, Any], Actor], Any]] = {
    "dead_letters": dead_letters.dead_letters, "causes": dead_letters.causes, "dead_letter": dead_letters.dead_letter,
    "replay": dead_letters.replay, "replay_cause": dead_letters.replay_cause, "drop": dead_letters.drop,
    "dropped": dead_letters.dropped, "tail": tail, "status": status, "rebuild_status": rebuild_status,
    "projections": projections,
}  # fmt: skip


def operate(runtime: Runtime, action: str, params: dict[str, Any], token: str | None) -> Any:
    """Carry out an operator's action. `rebuild` needs the network, and is begun where that is: see `shared.service`."""
    actor = runtime.require_operator(token)
    if action not in ACTIONS:
        raise Invalid(f"{runtime.service} 没有“{action}”这项运维操作。")
    return ACTIONS[action](runtime, params, actor)
