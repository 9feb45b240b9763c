"""Consumed events that failed: tried again with a growing delay, then parked as dead letters, until an operator decides.

    failed ──delay, delay, …──▶ took effect
       │                           ▲
       └─ nine times ──▶ parked ───┤ replayed
                           └───────┴▶ dropped, with a reason

What follows about the same subject from the same service waits behind a failed event, in its order, and goes on once that
took effect, was parked or was dropped. A message that is no event, and an event that no handler is for, is parked at once.
"""

from __future__ import annotations

import hashlib
import random
import re
import time
import traceback
import uuid
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa
import structlog

from shared import events
from shared.postgresql import COUNTED
from shared.problems import NotFound, Unavailable
from shared.work import Together

if TYPE_CHECKING:
    from shared.runtime import Runtime

log = structlog.get_logger()

MOST_ATTEMPTS = 9  # with the delays below: parked after about four minutes of failing
FIRST_DELAY_SECONDS = 0.5
LONGEST_DELAY_SECONDS = 120.0
LOOK_SECONDS = 5.0  # between two looks into the table; and the longest that one look goes on
AT_ONCE = 100

BEHIND = "等待同一事项的前一事件"
UNREADABLE = "unreadable"  # the type under which a message is parked that is no event
NO_EVENT = "消息不是事件：不是 JSON，或者缺少 specversion、id、type、source、subject、time 之一"
NO_HANDLER = "本服务没有处理这类事件的程序（升级以后可以重放；如果是旧版本留下的绑定，请解除绑定后丢弃）"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Unfit(Exception):
    """A dead letter that cannot take effect as it is."""


def last_line(error: str) -> str:
    """What of an error tells its cause: the last line, with no ids, which differ each time."""
    lines = error.strip().splitlines()
    return _UUID.sub("…", lines[-1]).strip()[:300] if lines else ""


def cause_of(type: str, error: str) -> str:
    """A short name for what fails in the same way: the same type with the same last line of the error."""
    return hashlib.sha256(f"{type}\n{last_line(error)}".encode()).hexdigest()[:8]


class Failures:
    """Of one service."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime, self.table = runtime, runtime.tables["failures"]
        self.next_look = 0.0  # seconds since 1970; 0: look into the table
        f, earlier = self.table.c, self.table.alias("earlier")
        waits_behind = sa.exists().where(
            earlier.c.source == f.source, earlier.c.subject == f.subject, earlier.c.next_at.is_not(None),
            earlier.c.sequence < f.sequence,
        )  # fmt: skip
        self._due = sa.select(self.table).where(f.next_at <= sa.bindparam("now"), ~waits_behind)
        self._due = self._due.order_by(f.next_at, f.sequence).limit(AT_ONCE)

    # --- setting aside ------------------------------------------------------------------------------------------

    def set_aside(
        self, connection: sa.Connection, event: dict[str, Any], attempts: int, error: str, trace: str
    ) -> None:
        """Keep an event that failed, or that waits behind one that did (`attempts` 0)."""
        row = {**_row(event, error, trace), "event_id": event["id"], "type": event["type"]}
        row |= {"attempts": attempts, "failed_at": self._now(), "next_at": _next_at(attempts)}
        connection.execute(self.runtime.statements.set_aside, row)
        self.next_look = 0.0

    def park_unreadable(self, bodies: list[bytes]) -> None:
        """Keep messages that are no events. The same message again changes nothing."""
        for body in bodies:
            text = body.decode("utf-8", "backslashreplace")
            row = {
                "event_id": str(uuid.uuid5(uuid.NAMESPACE_OID, text)), "source": "", "type": UNREADABLE, "subject": "",
                "sequence": 0, "error": NO_EVENT, "traceback": "", "body": orjson.dumps({"message": text}).decode(),
            }  # fmt: skip
            self._park_at_once(row)

    def park_unhandled(self, strangers: list[dict[str, Any]]) -> None:
        """Keep events that this service has no handler for in any version, though they came into its queue."""
        for event in strangers:
            self._park_at_once(
                {**_row(event, NO_HANDLER, ""), "event_id": event["id"], "type": event["type"]}
            )

    def _park_at_once(self, row: dict[str, Any]) -> None:
        cause = cause_of(row["type"], row["error"])
        row |= {"cause": cause, "attempts": 0, "next_at": None, "failed_at": self._now()}
        f, dropped = self.table, self.runtime.tables["dropped"]
        with self.runtime.database.writing() as connection:
            for table in (f, dropped):
                known = sa.select(table.c.event_id).where(table.c.event_id == row["event_id"])
                if connection.scalar(known) is not None:
                    return
            connection.execute(self.runtime.statements.set_aside, row)
        log.error("event parked", service=self.runtime.service, type=row["type"], event_id=row["event_id"], error=row["error"])  # fmt: skip

    # --- trying again -------------------------------------------------------------------------------------------

    def retry_due(self) -> int:
        """Try the events again whose time has come, of each subject the first. Returns how many took effect."""
        begun = time.time()
        if begun < self.next_look:
            return 0
        done, now = 0, begun
        self.runtime.on_consumed()  # for what could not be done after an earlier commit
        while now < begun + LOOK_SECONDS:  # what waited behind one that took effect follows at once
            with self.runtime.database.reading() as connection:
                rows = connection.execute(self._due, {"now": now}).all()
                upcoming = connection.scalar(
                    sa.select(sa.func.min(self.table.c.next_at)).where(self.table.c.next_at > now)
                )
            if not rows:
                self.next_look = min(upcoming or now + LOOK_SECONDS, now + LOOK_SECONDS)
                return done
            for row in rows:
                done += self._try(row)
            now = time.time()
        self.next_look = 0.0
        return done

    def replay(self, event_id: str) -> bool:
        """Try a dead letter, or one that waits for its time, once more now. True when it is done. Raises NotFound."""
        return self._try(self.find(event_id))

    def find(self, event_id: str) -> Any:
        """One of them. Raises NotFound."""
        with self.runtime.database.reading() as connection:
            row = connection.execute(sa.select(self.table).where(self.table.c.event_id == event_id)).first()
        if row is None:
            raise NotFound(f"{self.runtime.service} 没有这封死信。")
        return row

    def _try(self, row: Any) -> bool:
        """False when it failed again. Of several replicas that try at once, one has an effect."""
        runtime, outgoing = self.runtime, []
        try:
            event = self._event_of(row)
            with runtime.database.writing() as connection:
                if not self._remove(connection, row):
                    return True
                # A parked message has not come through the inbox; if it has by another way, nothing more is to do.
                came_through_inbox = row.type != UNREADABLE and row.error != NO_HANDLER
                if came_through_inbox or runtime._enter(connection, [event]):
                    outgoing = runtime._handle(connection, runtime.reader.read(event), Together())
                self._let_go_on(connection, row)
        except Unavailable:
            raise
        except Exception as error:
            self._failed_again(row, repr(error), traceback.format_exc())
            return False
        runtime.metrics.consumed([event])
        runtime._after_commit(outgoing)
        return True

    def _event_of(self, row: Any) -> dict[str, Any]:
        event = orjson.loads(row.body)
        if row.type == UNREADABLE:
            event = events.read(event["message"])
            if event is None:
                raise Unfit(NO_EVENT)
        if event["type"] not in self.runtime.reader.version_of:
            raise Unfit(NO_HANDLER)
        return dict(event)

    def _remove(self, connection: sa.Connection, row: Any) -> bool:
        f = self.table.c
        same = (f.event_id == row.event_id, f.attempts == row.attempts)
        removed = sa.delete(self.table).where(*same).execution_options(**COUNTED)
        return connection.execute(removed).rowcount == 1

    def _let_go_on(self, connection: sa.Connection, row: Any) -> None:
        """What waited behind it is due now."""
        f = self.table.c
        behind = (f.source == row.source, f.subject == row.subject, f.next_at.is_not(None))
        connection.execute(sa.update(self.table).where(*behind).values(next_at=time.time()))
        self.next_look = 0.0

    def _failed_again(self, row: Any, error: str, trace: str) -> None:
        attempts = row.attempts + 1
        f, next_at = self.table.c, None if row.next_at is None else _next_at(attempts)
        unfit = row.type == UNREADABLE or row.error == NO_HANDLER
        known = (
            {} if unfit else {"error": error[:2000], "traceback": trace, "cause": cause_of(row.type, error)}
        )
        with self.runtime.database.writing() as connection:
            connection.execute(
                sa.update(self.table)
                .where(f.event_id == row.event_id, f.attempts == row.attempts)
                .values(attempts=attempts, next_at=next_at, failed_at=self._now(), **known)
            )
            if next_at is None:
                self._let_go_on(connection, row)
        self.next_look = 0.0
        if not unfit:
            self.runtime.metrics.failed(orjson.loads(row.body))
        if next_at is None:
            log.error("event parked", service=self.runtime.service, type=row.type, event_id=row.event_id, error=error)  # fmt: skip

    # --- giving up ----------------------------------------------------------------------------------------------

    def drop(self, event_id: str, reason: str, by: str) -> None:
        """Give an event up; it is kept with the reason, and what waited behind it goes on. Raises NotFound."""
        row, dropped = self.find(event_id), self.runtime.tables["dropped"]
        kept = {name: value for name, value in row._mapping.items() if name in dropped.c}
        with self.runtime.database.writing() as connection:
            if not self._remove(connection, row):
                raise NotFound("这封死信刚才已经重放或丢弃，请刷新后查看。")
            row_dropped = {**kept, "reason": reason, "dropped_by": by[:64], "dropped_at": self._now()}
            connection.execute(sa.insert(dropped).values(row_dropped))
            self._let_go_on(connection, row)
        log.warning("event dropped", service=self.runtime.service, type=row.type, event_id=event_id, by=by, reason=reason)  # fmt: skip

    def _now(self) -> str:
        return self.runtime.clock.now().isoformat()


def _row(event: dict[str, Any], error: str, trace: str) -> dict[str, Any]:
    return {
        "source": events.source_service(event), "subject": event["subject"], "sequence": event.get("sequence", 0),
        "error": error[:2000], "traceback": trace, "cause": cause_of(event["type"], error),
        "body": orjson.dumps(event).decode(),
    }  # fmt: skip


def _next_at(attempts: int) -> float | None:
    """When to try again, in seconds since 1970; None after the last attempt: parked."""
    if attempts >= MOST_ATTEMPTS:
        return None
    delay = min(FIRST_DELAY_SECONDS * 2**attempts, LONGEST_DELAY_SECONDS) * random.uniform(0.8, 1.2)
    return time.time() + delay


def upgrade(connection: sa.Connection) -> None:
    """Fill in cause and sequence of what was set aside before these were kept. For the services' migrations."""
    columns: list[sa.ColumnClause[Any]] = [
        sa.column(name) for name in ("event_id", "type", "error", "body", "cause", "sequence")
    ]
    f = sa.table("failures", *columns)
    for row in connection.execute(sa.select(f)).all():
        values = {
            "cause": cause_of(row.type, row.error),
            "sequence": orjson.loads(row.body).get("sequence", 0),
        }
        connection.execute(sa.update(f).where(f.c.event_id == row.event_id).values(values))
