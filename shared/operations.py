"""What operators can ask of and do to one service: dead letters, the tail of its events, how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import orjson
import sqlalchemy as sa
import structlog

from shared import dead_letters
from shared.event_log import end
from shared.identity import Actor
from shared.postgresql import COUNTED
from shared.problems import Invalid
from shared.rebuilds import rebuild_status
from shared.runtime import Runtime
from shared.statements import insert_into

log = structlog.get_logger()


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


def resend(runtime: Runtime, params: dict[str, Any], actor: Actor) -> dict[str, int]:
    """Send again what this service published from `since` until before `until` (moments; without it, until now).

    In the log's order. Who had an event already notices by its id: nothing takes effect twice.
    """
    logged = runtime.tables["event_log"].c
    period = [logged.time >= _moment(params, "since")]
    if params.get("until"):
        period.append(logged.time < _moment(params, "until"))
    again = sa.select(logged.position, logged.logged_on).where(*period)
    insert = insert_into(runtime.tables["outbox"], runtime.database.engine.dialect.name)
    put_back = insert.from_select(["position", "logged_on"], again).on_conflict_do_nothing()
    with runtime.database.writing() as connection:
        count = connection.execute(put_back.execution_options(**COUNTED)).rowcount
    log.info("events sent again", service=runtime.service, by=actor.name, count=count, **params)
    runtime.on_commit()
    return {"events": count}


def _moment(params: dict[str, Any], name: str) -> str:
    """As the log keeps moments: in UTC."""
    try:
        return datetime.fromisoformat(params.get(name) or "").astimezone(UTC).isoformat()
    except (TypeError, ValueError, OverflowError) as error:
        sentence = "应当是一个时刻，例如 2026-11-24T08:00:00+08:00。"
        raise Invalid(f"{name} {sentence}", {name: [sentence]}) from error


def _number(params: dict[str, Any], name: str, default: int | None) -> int | None:
    given = params.get(name, default)
    if given is not None and (type(given) is not int or not 0 <= given < 2**62):
        raise Invalid(f"{name} 应当是不小于 0 的整数。", {name: ["应当是不小于 0 的整数。"]})
    return given


def projections(runtime: Runtime, _: dict[str, Any], __: Actor) -> list[str]:
    """What of this service can be rebuilt."""
    return list(runtime.handlers.projections)


def plugins(runtime: Runtime, _: dict[str, Any], __: Actor) -> dict[str, Any]:
    """What plugins are there, which could not be loaded and why, and which failed here since the start."""
    found = runtime.plugins
    return {
        "plugins": [{"name": name, "label": plugin.label} for name, plugin in sorted(found.plugins.items())],
        "broken": found.broken,
        "failures": [asdict(failure) for failure in runtime.hooks.failures.values()],
    }


ACTIONS: dict[str, Callable[[Runtime, dict[str, Any], Actor], Any]] = {
    "dead_letters": dead_letters.dead_letters, "causes": dead_letters.causes, "dead_letter": dead_letters.dead_letter,
    "replay": dead_letters.replay, "replay_cause": dead_letters.replay_cause, "drop": dead_letters.drop,
    "dropped": dead_letters.dropped, "tail": tail, "resend": resend, "status": status, "rebuild_status": rebuild_status,
    "projections": projections, "plugins": plugins,
}  # fmt: skip


def operate(runtime: Runtime, action: str, params: dict[str, Any], token: str | None) -> Any:
    """Carry out an operator's action. `rebuild` needs the network, and is begun where that is: see `shared.service`."""
    actor = runtime.require_operator(token)
    if action not in ACTIONS:
        raise Invalid(f"{runtime.service} 没有“{action}”这项运维操作。")
    return ACTIONS[action](runtime, params, actor)
