"""Derives a projection anew from the event logs, while the network works, and puts it in the place of the old one.

    logs of all services ──▶ new tables beside the old ones        (minutes; everybody works with the old ones)
    what came meanwhile  ──▶ new tables; swap what differs         (one transaction, in which this service writes nothing else)

The new tables hold exactly what the old ones were to hold: the effect of the events in the inbox that neither wait for
another try nor were dropped. What has not been delivered yet comes by itself; what should have been long ago is taken in
at the end. A rebuild that dies or fails has changed nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa
import structlog

from shared.database import Busy
from shared.handlers import Projection
from shared.problems import Problem, Unavailable, WrongState
from shared.shadow import Shadow

if TYPE_CHECKING:
    from shared.runtime import Runtime

log = structlog.get_logger()

AT_ONCE = 500  # ids in one question
STEP = 50  # events between two moments in which others have their turn
LOOK_BACK = 500  # positions that are read again in a later pass
TRIES = 20  # to have the tables for oneself
REPORT_SECONDS = 0.5
LOST_AFTER = timedelta(minutes=10)  # an event that has not been delivered by then is taken in from the log
Page = list[dict[str, Any]]

held = sa.Table(
    "rebuild_held",  # events of the logs that have not taken effect here yet
    sa.MetaData(),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("event_id", sa.String(36), nullable=False, unique=True),
    sa.Column("body", sa.Text, nullable=False),
    prefixes=["TEMPORARY"],
)
_going_on: set[tuple[str, str]] = (
    set()
)  # (database, projection) in this process; across processes PostgreSQL knows


class Logs:
    """How a rebuild reaches the services' logs: over the network, or directly in tests."""

    def page(self, source: str, after: int, types: list[str]) -> Page:
        """[{position, event}] of these types after a position, oldest first. Raises Unavailable."""
        raise NotImplementedError

    def end(self, source: str) -> int:
        """The position of the last event. Raises Unavailable."""
        raise NotImplementedError


class Rebuilding:
    """One rebuild. `with Rebuilding(…) as rebuilding: rebuilding.run()`; entering raises WrongState if one is going on."""

    def __init__(self, runtime: Runtime, projection: Projection, logs: Logs) -> None:
        self.runtime, self.projection, self.logs = runtime, projection, logs
        self.report: Callable[[dict[str, list[int]]], None] = lambda progress: None
        self.takes: dict[str, list[Any]] = {}
        for type, function in projection.takes():
            self.takes.setdefault(type, []).append(function)
        version_of = runtime.reader.version_of
        self.types = [type for type, handled in version_of.items() if handled in self.takes]
        self.after = dict.fromkeys(projection.sources if self.takes else (), 0)
        self._recent: dict[str, dict[str, None]] = {source: {} for source in self.after}
        self._read = 0
        self.progress: dict[str, list[int]] = {}
        self._memory: dict[str, Any] = {}
        self._reported_at = 0.0
        self._stack = ExitStack()

    def __enter__(self) -> Rebuilding:
        key = (self.runtime.database.url, self.projection.name)
        refusal = WrongState(
            f"{self.runtime.service} 的“{self.projection.name}”正在重建，请等它完成以后再试。"
        )
        if key in _going_on:
            raise refusal
        _going_on.add(key)
        self._stack.callback(_going_on.discard, key)
        try:
            self.connection = self._stack.enter_context(self.runtime.database.apart())
            if not self._is_the_only_one():
                raise refusal
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _is_the_only_one(self) -> bool:
        if self.runtime.database.is_sqlite:
            return True
        lock = sa.text("SELECT pg_try_advisory_lock(hashtext('rebuild ' || :what || current_schema()))")
        with self.connection.begin():
            return bool(self.connection.scalar(lock, {"what": self.projection.name}))

    def run(self) -> dict[str, int]:
        """Do it. Returns for the operator: events or rows read, rows that were different by table, milliseconds of the swap."""
        shadow = Shadow(self.runtime.database, self.connection, self.projection.tables)
        with self.connection.begin():
            shadow.make()
            held.create(self.connection, checkfirst=False)
        self._read_patiently()
        self._fill()
        counts = self._finish(shadow)
        self._deliver_lost()
        if self.projection.afterwards:
            counts |= self.projection.afterwards(self.runtime)
        return {"read": self._read, **counts}

    # --- filling ------------------------------------------------------------------------------------------------

    def _read_patiently(self) -> None:
        for source in self.after:
            end = _patiently(lambda source=source: self.logs.end(source))  # type: ignore[misc]
            self.progress[source] = [0, end]
        for source in self.after:
            self._look_back(source)
            while page := _patiently(lambda source=source: self._page(source)):  # type: ignore[misc]
                for start in range(0, len(page), STEP):
                    with self.connection.begin():
                        self._take_or_hold(source, page[start : start + STEP])
                    time.sleep(0)
                self._tell(source, page[-1]["position"])
            self._tell(source, self.progress[source][1])

    def _page(self, source: str) -> Page:
        page = self.logs.page(source, self.after[source], self.types)
        if page:
            self.after[source] = page[-1]["position"]
        return page

    def _look_back(self, source: str) -> None:
        """Transactions that ran side by side may have committed in another order than that of their positions."""
        self.after[source] = max(self.after[source] - LOOK_BACK, 0)

    def _take_or_hold(self, source: str, page: Page) -> None:
        """What took effect on the old tables takes effect on the new ones; the rest is held."""
        recent = self._recent[source]
        # Of an event that was published in two versions one wording is enough.
        new = {self._name(e): e for e in (entry["event"] for entry in page) if self._name(e) not in recent}
        happened = list(new.values())
        recent.update(dict.fromkeys(new))
        for id in list(recent)[: max(len(recent) - LOOK_BACK, 0)]:
            del recent[id]
        if not happened:
            return
        in_effect = self._in_effect(happened)
        later = [event for event in happened if event["id"] not in in_effect]
        for event in happened:
            if event["id"] in in_effect:
                self._take(event)
        if later:
            rows = [{"event_id": event["id"], "body": orjson.dumps(event).decode()} for event in later]
            self.connection.execute(_HOLD, rows)
        self._read += len(happened)

    def _take(self, event: dict[str, Any]) -> None:
        event = self.runtime.reader.read(event)
        work = self.runtime.work_on(self.connection, event, event["traceparent"])
        work.rebuilding = True
        for function in self.takes[event["type"]]:
            try:
                function(work, event)
            except Problem as problem:
                raise Problem(
                    f"事件 {event['id']}（{event['type']}）重建时出错：{problem.detail}"
                ) from problem

    def _name(self, event: dict[str, Any]) -> str:
        return self.runtime.reader.names(event)[0]

    def _in_effect(self, happened: list[dict[str, Any]]) -> set[str]:
        """The ids of those that took effect. A wording that failed or was dropped keeps the others back with it."""
        inbox, names = self.runtime.tables["inbox"], self.runtime.reader.names
        ids = [name for event in happened for name in names(event)]
        found: set[str] = set()
        for start in range(0, len(ids), AT_ONCE):
            some = inbox.c.event_id.in_(ids[start : start + AT_ONCE])
            found |= set(self.connection.scalars(self._effective().where(some)))
        return {event["id"] for event in happened if found.issuperset(names(event))}

    def _effective(self) -> sa.Select[Any]:
        inbox, failures, dropped = (self.runtime.tables[name].c for name in ("inbox", "failures", "dropped"))
        return sa.select(inbox.event_id).where(
            inbox.event_id.not_in(sa.select(failures.event_id)), inbox.event_id.not_in(sa.select(dropped.event_id))
        )  # fmt: skip

    def _take_held(self) -> None:
        query = sa.select(held).where(held.c.event_id.in_(self._effective())).order_by(held.c.number)
        found = [(row, orjson.loads(row.body)) for row in self.connection.execute(query)]
        in_effect = self._in_effect([event for _, event in found])
        rows = [row for row, event in found if event["id"] in in_effect]
        for _, event in found:
            if event["id"] in in_effect:
                self._take(event)
        if rows:
            numbers = [row.number for row in rows]
            for start in range(0, len(numbers), 500):
                some = held.c.number.in_(numbers[start : start + 500])
                self.connection.execute(sa.delete(held).where(some))

    def _fill(self) -> None:
        if self.projection.fill is None:
            return
        steps = self.projection.fill(self.connection, self._memory)
        while True:
            with self.connection.begin():
                step = next(steps, None)
            if step is None:
                return
            self.progress["rows"] = [0, step[1]]
            self._read = step[0]
            self._tell("rows", step[0])
            time.sleep(0)

    # --- swapping -----------------------------------------------------------------------------------------------

    def _finish(self, shadow: Shadow) -> dict[str, int]:
        tables = self.runtime.tables
        locked = (tables["inbox"], tables["failures"]) if self.takes else ()
        for attempt in range(TRIES):
            self._read_patiently()  # what came meanwhile: the less is left for when others have to wait
            with self.connection.begin():
                self._take_held()
                shadow.take_stock()
            try:
                with self._alone((*locked, *self.projection.owners, *self.projection.tables)):
                    begun = time.monotonic()
                    self._complete(shadow)
                    changed = shadow.swap(self.projection.counters)
                return {**changed, "milliseconds": round(1000 * (time.monotonic() - begun))}
            except Busy:
                log.info(
                    "rebuild waits", service=self.runtime.service, what=self.projection.name, attempt=attempt
                )
                time.sleep(1.0)
        raise Unavailable("重建的最后一步没有等到空闲，原来的数据没有改变。请在业务较少时再试。")

    def _alone(self, tables: Sequence[sa.Table]) -> Any:
        return self.runtime.database.nobody_else_writes(self.connection, tables)

    def _complete(self, shadow: Shadow) -> None:
        for source in self.after:  # once, without patience: others wait
            self._look_back(source)
            while page := self._page(source):
                self._take_or_hold(source, page)
        self._take_held()
        if self.projection.fill:
            for _ in self.projection.fill(self.connection, self._memory):
                pass
        if self.projection.complete:
            self.projection.complete(self.connection, shadow.schema, self._memory)

    def _deliver_lost(self) -> None:
        """Events of the logs that should have been here long ago, such as those of a type that is newly handled."""
        before = self.runtime.clock.now() - LOST_AFTER
        for batch in self._held_in_batches():
            lost = [event for event in batch if datetime.fromisoformat(event["time"]) < before]
            if lost:
                self.runtime.consume(lost)
            time.sleep(0)

    def _held_in_batches(self) -> Iterator[list[dict[str, Any]]]:
        after = 0
        while True:
            query = sa.select(held).where(held.c.number > after).order_by(held.c.number).limit(200)
            with self.connection.begin():
                rows = self.connection.execute(query).all()
            if not rows:
                return
            after = rows[-1].number
            yield [orjson.loads(row.body) for row in rows]

    def _tell(self, source: str, position: int) -> None:
        self.progress[source][0] = position
        now = time.monotonic()
        if now >= self._reported_at + REPORT_SECONDS:
            self._reported_at = now
            self.report(self.progress)


_HOLD = sa.insert(held)


def _patiently(ask: Callable[[], Any]) -> Any:
    """A service that is away is waited for, a minute long."""
    ends = time.monotonic() + 60.0
    while True:
        try:
            return ask()
        except Unavailable:
            if time.monotonic() > ends:
                raise
            time.sleep(0.5)
