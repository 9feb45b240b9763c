"""Sends a service's outbox to the exchange, in order, in pipelined batches with confirms."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import eventlet
import orjson
import sqlalchemy as sa
import structlog
from eventlet.event import Event
from kombu import Connection

from shared.bus.sender import hears_while_it_waits
from shared.bus.topology import EXCHANGE, connect, drop
from shared.database import unsent
from shared.events import routing_key
from shared.pace import give_way
from shared.problems import Unavailable
from shared.runtime import Runtime
from shared.telemetry import Step, is_exporting

log = structlog.get_logger()

BATCH = 500
LINGER_SECONDS = (
    0.01  # a batch every so often is enough: under load it grows, and its confirm serves more events
)
TURNS_FOR_THE_ANSWER = 8  # of the hub: who gave the command hears of it before its events take the processor
CONFIRM_SECONDS = 10.0
POLL_SECONDS = 1.0  # finds what another replica left when it died between commit and wake-up
LONGEST_WAIT_SECONDS = 2.0
MOST_LINKS = 100  # of a batch's span to those that it sends for


class NotConfirmed(Exception):
    """The broker refused a message, or did not confirm it in time; the batch is sent again."""


class Blocked(Exception):
    """The broker is short of memory or disk and takes nothing more for now."""


class Relay:
    """One per service process. Of several replicas one sends at a time, so that the order of a suggestion holds."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.stopped = False
        self.healthy = False
        self._wake = Event()
        self._channel: Any = None
        self._connection: Connection | None = None
        self._is_blocked = False
        outbox, log_table = runtime.tables["outbox"], runtime.tables["event_log"]
        self._select = unsent(runtime.tables).limit(BATCH)
        self._delete = sa.delete(outbox).where(outbox.c.position.in_(sa.bindparam("sent", expanding=True)))
        oldest = sa.select(outbox.c.position).order_by(outbox.c.position).limit(BATCH).with_for_update()
        taken = (
            sa.delete(outbox)
            .where(outbox.c.position.in_(oldest))
            .returning(outbox.c.position, outbox.c.logged_on)
            .cte("taken")
        )
        self._take = (
            sa.select(taken.c.position, log_table.c.type, log_table.c.jurisdiction, log_table.c.body)
            .join(
                log_table,
                (log_table.c.position == taken.c.position) & (log_table.c.logged_on == taken.c.logged_on),
            )
            .order_by(taken.c.position)
        )
        self._sent_at = 0.0  # on the monotonic clock

    def wake(self) -> None:
        """Called at each commit that left something in the outbox."""
        if not self._wake.ready():
            self._wake.send()

    def stop(self) -> None:
        self.stopped = True
        self.wake()

    def run(self) -> None:
        """Send until stopped; through every outage of the broker or the database."""
        delay = 0.1
        while not self.stopped:
            self._wake = Event()
            try:
                while self.send_batch() == BATCH and not self.stopped:
                    pass
                self.healthy, delay = True, 0.1
                with eventlet.Timeout(POLL_SECONDS, False):
                    self._wake.wait()
                eventlet.sleep(max(self._sent_at + LINGER_SECONDS - time.monotonic(), 0.0))
                for _ in range(TURNS_FOR_THE_ANSWER):
                    eventlet.sleep(0)
            except Blocked:
                self.healthy = False
                self._wait_out_the_alarm()
            except Exception as error:
                self.healthy = False
                self._disconnect()
                if not isinstance(error, Unavailable):
                    log.warning("relay waits", service=self.runtime.service, error=repr(error), seconds=delay)
                eventlet.sleep(delay)
                delay = min(delay * 2, LONGEST_WAIT_SECONDS)
        self._disconnect()

    def _wait_out_the_alarm(self) -> None:
        """The events stay in the outbox. What was sent before the alarm is confirmed after it, and sent twice."""
        try:
            while self._is_blocked and not self.stopped:
                self._hear()
        except Exception as error:
            log.warning("connection lost under alarm", service=self.runtime.service, error=repr(error))
            self._disconnect()

    def send_batch(self) -> int:
        """Publish what is oldest in the outbox, and forget it once confirmed. Returns how many.

        Dying between the confirm and the commit sends the batch again; the consumers' inboxes notice.
        """
        rows = self._send_from_own() if self.runtime.settings.embedded else self._send_from_shared()
        if rows:
            self._sent_at = time.monotonic()
        return rows

    def _send_from_own(self) -> int:
        """Embedded there is one relay, and nothing to wait for: keep SQLite's one writer free."""
        with self.runtime.database.reading() as connection:
            rows = connection.execute(self._select).all()
        if rows:
            self._send(rows)
            with self.runtime.database.writing() as connection:
                connection.execute(self._delete, {"sent": [row.position for row in rows]})
        return len(rows)

    def _send_from_shared(self) -> int:
        """Relays of several replicas share an outbox: the rows that one has taken keep the others waiting, so that
        the events leave in order; if it dies, the rows are there again."""
        with self.runtime.database.writing() as connection:
            rows = connection.execute(self._take).all()
            if rows:
                self._send(rows)
        return len(rows)

    def measure(self) -> None:
        """Set the outbox gauges."""
        outbox, log_table = self.runtime.tables["outbox"], self.runtime.tables["event_log"]
        oldest_position = sa.select(sa.func.min(outbox.c.position)).scalar_subquery()
        with self.runtime.database.reading() as connection:
            pending = connection.scalar(sa.select(sa.func.count()).select_from(outbox)) or 0
            oldest = connection.scalar(
                sa.select(log_table.c.time).where(log_table.c.position == oldest_position)
            )
        age = (datetime.now(UTC) - datetime.fromisoformat(oldest)).total_seconds() if oldest else 0.0
        self.runtime.metrics.outbox_pending.set(pending)
        self.runtime.metrics.outbox_oldest.set(max(age, 0.0))

    def _send(self, rows: Any) -> None:
        service, causes = self.runtime.service, []
        if is_exporting(service):
            causes = [orjson.loads(row.body)["traceparent"] for row in rows[:MOST_LINKS]]
        about = {"messaging.batch.message_count": len(rows)}
        with Step(service, "relay batch", None, kind="producer", about=about, follows=causes):
            self._publish(rows)

    def _publish(self, rows: Any) -> None:
        channel = self._open_channel()
        for row in rows:
            give_way()
            message = channel.prepare_message(
                row.body,
                content_type="application/cloudevents+json",
                content_encoding="utf-8",
                headers={"position": row.position},
                properties={"delivery_mode": 2},
            )
            if self._confirms:
                self._unconfirmed.add(self._sent + 1)  # before: the answer may be read while publishing
            key = routing_key(row.type, row.jurisdiction)
            channel.basic_publish(message, exchange=EXCHANGE.name, routing_key=key, mandatory=True)
            self._sent += 1
        self._await_confirms()

    def _open_channel(self) -> Any:
        if self._channel is None:
            told = {"on_blocked": self._on_blocked, "on_unblocked": self._on_unblocked}
            options = told if self._confirms else {}
            self._connection = connect(self.runtime.settings.broker, transport_options=options)
            if self._confirms:
                hears_while_it_waits(self._connection)
            self._channel = self._connection.channel()
            EXCHANGE(self._channel).declare()
            self._sent = 0
            self._unconfirmed: set[int] = set()  # delivery tags; the broker confirms them in any order
            self._refused = False
            if self._confirms:
                self._channel.confirm_select()
                self._channel.events["basic_ack"].add(self._on_ack)
                self._channel.events["basic_nack"].add(self._on_nack)
                self._channel.events["basic_return"].add(self._on_return)
        return self._channel

    @property
    def _confirms(self) -> bool:
        return not self.runtime.settings.embedded  # in memory, a published message has arrived

    def _on_ack(self, delivery_tag: int, multiple: bool) -> None:
        if multiple:
            self._unconfirmed = {tag for tag in self._unconfirmed if tag > delivery_tag}
        else:
            self._unconfirmed.discard(delivery_tag)

    def _on_nack(self, delivery_tag: int, multiple: bool) -> None:
        self._refused = True

    def _on_return(self, reason: Any, exchange: str, key: str, message: Any) -> None:
        """Nobody is bound to it. Who handles an event has a queue since `jianyi migrate`, so nobody here handles it."""
        self.runtime.metrics.unrouted.inc()

    def _on_blocked(self, reason: str) -> None:
        self._is_blocked = True
        self.runtime.metrics.broker_blocked.set(1)
        log.warning("broker takes no events", service=self.runtime.service, reason=reason)

    def _on_unblocked(self) -> None:
        self._is_blocked = False
        self.runtime.metrics.broker_blocked.set(0)

    def _await_confirms(self) -> None:
        if not self._confirms:
            return
        ends = time.monotonic() + CONFIRM_SECONDS
        while self._unconfirmed:
            if self._is_blocked:
                raise Blocked
            if self._refused or time.monotonic() > ends:
                raise NotConfirmed(f"{len(self._unconfirmed)} of {self._sent} not confirmed")
            self._hear()

    def _hear(self) -> None:
        assert self._connection is not None
        with suppress(TimeoutError):
            self._connection.drain_events(timeout=1.0)

    def _disconnect(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        self._on_unblocked()
        if connection is not None:
            drop(connection)
