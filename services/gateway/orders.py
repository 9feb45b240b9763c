"""Commands that practices have the system give after an event (hook `on_event`).

Put by in the transaction in which the event is taken in, under an id that follows from the event; given afterwards, beside the
gateway's other work, with that id as the command's key. So an order is neither lost nor carried out twice, whatever dies in
between. The service that owns the command checks it like any other; what it refuses for good is kept for operators.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import orjson
import sqlalchemy as sa
import structlog

from services.gateway import tables as t
from services.gateway.calls import Calls
from services.gateway.hooks import Order
from services.gateway.messages.telling import held_on
from shared.contracts import Command, evaluation, intake, supervision
from shared.contracts import orders as contracts
from shared.handlers import Handlers
from shared.identity import SYSTEM, Actor
from shared.postgresql import COUNTED
from shared.problems import NotAllowed, Problem
from shared.runtime import Runtime
from shared.statements import insert_into
from shared.work import Work

log = structlog.get_logger()

EVENTS = (
    "suggestion.accepted.v1", "suggestion.assigned.v1", "task.signed.v1", "reply.issued.v1", "rehandling.ordered.v1", "suggestion.closed.v1",
    "suggestion.published.v1", "commitment.kept.v1", "commitment.slipped.v1", "progress.reported.v1",
)  # fmt: skip
# Given about the suggestion that the event is about, and nothing else. Each is also open to people, and can be undone or answered.
ALLOWED: dict[str, Command] = {
    command.name: command
    for command in (
        evaluation.PUBLISH, supervision.ASK_PROGRESS, supervision.REMIND, supervision.PROPOSE_MEASURE, intake.PROPOSE_KEY,
    )
}  # fmt: skip
MOST_PER_EVENT = 5  # of one practice
DELAYS = (5.0, 60.0, 600.0)  # a refusal may come of an event that another service has not heard yet
AWAY_SECONDS = 30.0
LEASE_SECONDS = 60.0
LOOK_SECONDS = 1.0
MOST_AT_ONCE = 20
MOST_TEXT = 300
KEPT_DAYS = 400
CLEAN_SECONDS = 3600.0

_o = t.plugin_orders.c
Event = dict[str, Any]


def declare(handlers: Handlers) -> None:
    handlers.on(*EVENTS)(put_by)
    handlers.query(contracts.ORDERS)(orders)
    handlers.creates(contracts.REPEAT)(repeat)
    handlers.gauge(waiting_and_refused)


def put_by(work: Work, event: Event) -> None:
    """Ask the practices under which it is handled at the congress what is to be done now, and write it down."""
    if not work.is_answered("on_event"):
        return
    facts = {
        "type": event["type"],
        "subject": event["subject"],
        "data": event["data"],
        "at": work.today,
    }
    day = held_on(work.connection, event["subject"]) or work.today
    answers = work.ask_plugins("on_event", event["jurisdiction"], "", day, **facts)
    counted: dict[str, int] = {}
    rows = []
    for plugin, order in answers:
        number = counted[plugin] = counted.get(plugin, 0) + 1
        if number <= MOST_PER_EVENT:
            rows.append(_row(work, event, plugin, number, order))
    if rows:
        insert = insert_into(t.plugin_orders, work.connection.dialect.name)
        work.connection.execute(insert.values(rows).on_conflict_do_nothing())


def _row(work: Work, event: Event, plugin: str, number: int, order: Order) -> dict[str, Any]:
    wrong = _what_is_wrong(order)
    return {
        "id": str(uuid.uuid5(uuid.UUID(event["id"]), f"{plugin}/{number}")), "congress": event["jurisdiction"], "plugin": plugin,
        "suggestion": event["subject"], "event_type": event["type"], "command": str(order.command)[:40],
        "data": {} if wrong else _plain(dict(order.data)), "reason": str(order.reason)[:MOST_TEXT],
        "state": "refused" if wrong else "waiting", "tries": 0, "due_at": work.now.timestamp(), "error": wrong,
        "made_at": work.now.isoformat(), "changed_at": work.now.timestamp(),
    }  # fmt: skip


def _what_is_wrong(order: Order) -> str:
    """Why the system does not even try; empty when it does."""
    if order.command not in ALLOWED:
        return f"系统不能代人办理“{order.command}”。"
    if not order.reason.strip():
        return "没有写明理由。"
    try:
        orjson.dumps(_plain(dict(order.data)))
    except TypeError as error:
        return f"内容不能传送：{error}"[:MOST_TEXT]
    return ""


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Days as text, so that the table and the call can carry them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in data.items()}


# --- given ----------------------------------------------------------------------------------------------------------


class Errands:
    """Gives what is due. One per gateway process; any number of replicas run this."""

    def __init__(self, runtime: Runtime, calls_of: Callable[[Actor], Calls]) -> None:
        self.runtime, self._calls_of = runtime, calls_of
        self.stopped = False
        self._cleaned_at = 0.0

    def run(self) -> None:
        """Until stopped; through every outage."""
        while not self.stopped:
            try:
                self.give_due()
                self._clean()
            except Problem as problem:
                log.warning("orders wait", problem=problem.detail)
            except Exception:
                log.exception("orders wait")
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        self.stopped = True

    def give_due(self) -> None:
        """Everything that is due, the oldest first."""
        while not self.stopped and (taken := self._take()):
            for row in sorted(taken, key=lambda row: row.due_at):
                self._give(row)

    @property
    def _now(self) -> float:
        return self.runtime.clock.now().timestamp()

    def _take(self) -> list[Any]:
        """A lease on what is due: whoever dies with it, another one takes it later, under the same key."""
        due = (
            sa.select(_o.id)
            .where(_o.state == "waiting", _o.due_at <= self._now)
            .order_by(_o.due_at, _o.id)
            .limit(MOST_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        taken = sa.update(t.plugin_orders).where(_o.id.in_(due.scalar_subquery()), _o.state == "waiting")
        values = {"due_at": self._now + LEASE_SECONDS, "tries": _o.tries + 1}
        with self.runtime.database.writing() as connection:
            return list(connection.execute(taken.values(values).returning(*t.plugin_orders.columns)))

    def _give(self, row: Any) -> None:
        practice = self.runtime.plugins.practices.get(row.plugin)
        label = practice.label if practice else row.plugin
        # Histories name who gave it: the system, and the practice that had it do so.
        system = replace(SYSTEM, name=f"系统（按“{label}”）")
        try:
            command = ALLOWED[row.command]
            self._calls_of(system).execute(command, row.suggestion, row.data, key=f"order-{row.id}")
        except Problem as problem:
            self._not_taken(row, problem.detail, is_away=problem.status >= 500)
        except Exception as error:
            log.exception("order failed", order=row.id, plugin=row.plugin, command=row.command)
            self._not_taken(row, f"{type(error).__name__}: {error}", is_away=False)
        else:
            self._mark(row, state="done", error="")

    def _not_taken(self, row: Any, error: str, *, is_away: bool) -> None:
        """While a service is away it waits; a refusal counts when it comes again and again."""
        if is_away:
            return self._mark(row, due_at=self._now + AWAY_SECONDS, error=error, tries=row.tries - 1)
        if row.tries <= len(DELAYS):
            delay = DELAYS[row.tries - 1] * random.uniform(0.9, 1.1)
            return self._mark(row, due_at=self._now + delay, error=error)
        log.warning("order refused", order=row.id, plugin=row.plugin, command=row.command, error=error)
        return self._mark(row, state="refused", error=error)

    def _mark(self, row: Any, **values: Any) -> None:
        values |= {"changed_at": self._now, "error": values["error"][:MOST_TEXT]}
        of = sa.update(t.plugin_orders).where(_o.id == row.id, _o.state == "waiting")
        with self.runtime.database.writing() as connection:
            connection.execute(of.values(values))

    def _clean(self) -> None:
        """Forget what was carried out long ago."""
        if self._now - self._cleaned_at < CLEAN_SECONDS:
            return
        before = (self.runtime.clock.now() - timedelta(days=KEPT_DAYS)).timestamp()
        with self.runtime.database.writing() as connection:
            connection.execute(sa.delete(t.plugin_orders).where(_o.state == "done", _o.changed_at < before))
        self._cleaned_at = self._now


# --- for operators --------------------------------------------------------------------------------------------------


def orders(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    _for_operators(work.actor)
    states = [params["state"]] if params["state"] else ["waiting", "refused"]
    columns = [column for column in t.plugin_orders.columns if column.name not in ("data", "due_at")]
    query = sa.select(*columns).where(_o.state.in_(states)).order_by(_o.changed_at.desc())
    return [dict(row._mapping) for row in work.connection.execute(query.limit(params["limit"]))]


def repeat(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    _for_operators(work.actor)
    work.authorized = True
    which = _o.id.in_(data["orders"]) if data["orders"] else sa.true()
    # What the system may not give at all is refused again at once: it has no data to be given with.
    again = sa.update(t.plugin_orders).where(_o.state == "refused", _o.command.in_(list(ALLOWED)), which)
    values = {"state": "waiting", "tries": 0, "due_at": work.now.timestamp(), "error": ""}
    return {"count": work.connection.execute(again.values(values).execution_options(**COUNTED)).rowcount}


def _for_operators(actor: Actor) -> None:
    if not actor.has("operator"):
        raise NotAllowed("只有运维人员可以查看和处理。")


def waiting_and_refused(connection: sa.Connection) -> list[tuple[str, dict[str, str], float]]:
    """jianyi_plugin_orders{state}: what waits to be given, and what was refused."""
    counted = sa.select(_o.state, sa.func.count().label("rows")).where(_o.state.in_(("waiting", "refused")))
    found = {row.state: row.rows for row in connection.execute(counted.group_by(_o.state))}
    states = ("waiting", "refused")
    return [("jianyi_plugin_orders", {"state": state}, float(found.get(state, 0))) for state in states]
