"""Takes events from a service's queue, in batches, and acknowledges them once their effect is committed."""

from __future__ import annotations

import time
from typing import Any

import eventlet
import structlog
from eventlet.event import Event
from kombu import Connection, Consumer

from shared.bus.topology import EXCHANGE, HEARTBEAT_SECONDS, NO_BROKER, connected, queue_of
from shared.events import read, source_service
from shared.problems import Unavailable
from shared.runtime import Runtime

log = structlog.get_logger()

BATCH = 200
LINGER_SECONDS = (
    0.02  # a batch every so often is enough: under load it grows, and its commit serves more events
)
LONGEST_WAIT_SECONDS = 2.0


class EventConsumer:
    """One per service process: a single greenlet that collects, commits and acknowledges."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.queue = queue_of(runtime.service, runtime.reader.types)
        self._names = {type.rpartition(".")[0] for type in runtime.reader.types}  # handled in some version
        self.stopped = False
        self.healthy = False
        self.finished = Event()
        self._may_go_on = Event()
        self._may_go_on.send()
        self._at_rest = Event()
        self._messages: list[Any] = []
        self._took_in_at = 0.0  # on the monotonic clock

    def declare(self) -> None:
        """Make sure that the queue and its bindings are there, so that nothing published from now on is lost."""
        with connected(self.runtime.settings.broker) as connection:
            channel = connection.channel()
            EXCHANGE(channel).declare()
            self.queue(channel).declare()

    def declare_patiently(self) -> None:
        """The same as soon as the broker is there: a service that starts while it is away waits, and then works."""
        while True:
            try:
                return self.declare()
            except NO_BROKER as error:
                log.warning("waits for the broker", service=self.runtime.service, error=repr(error))
                eventlet.sleep(LONGEST_WAIT_SECONDS)

    def stop(self) -> None:
        """Stop after the batch that is being handled."""
        self.stopped = True

    def pause(self) -> None:
        """Take in nothing more until `go_on`; returns when the batch in hand is done. New events wait in the queue."""
        self._at_rest, self._may_go_on = Event(), Event()
        self._at_rest.wait()

    def go_on(self) -> None:
        self._may_go_on.send()

    def run(self) -> None:
        """Consume until stopped; through every outage of the broker or the database."""
        delay = 0.1
        while not self.stopped:
            try:
                self._consume()
                delay = 0.1
            except Exception as error:
                self.healthy = False
                log.warning("consumer waits", service=self.runtime.service, error=repr(error), seconds=delay)
                eventlet.sleep(delay)
                delay = min(delay * 2, LONGEST_WAIT_SECONDS)
        self.finished.send()

    def _consume(self) -> None:
        with connected(self.runtime.settings.broker, heartbeat=HEARTBEAT_SECONDS) as connection:
            channel = connection.channel()
            EXCHANGE(channel).declare()
            queue = self.queue(channel)
            queue.declare()
            self._messages = []
            with Consumer(
                channel,
                queues=[queue],
                on_message=self._messages.append,
                prefetch_count=2 * BATCH,
                auto_declare=False,
            ):
                while not self.stopped:
                    self._rest_if_paused(connection)
                    self.healthy = True
                    self._collect(connection)
                    self._take_in(connection)
                    self._retry()

    def _rest_if_paused(self, connection: Connection) -> None:
        while not self._may_go_on.ready():
            if not self._at_rest.ready():
                self._at_rest.send()
            with eventlet.Timeout(1.0, False):
                self._may_go_on.wait()
            if connection.supports_heartbeats:
                connection.heartbeat_check()

    def _collect(self, connection: Connection) -> None:
        """Wait up to a second for a message, then take what else is there or comes while the last batch is young."""
        wait, ends = 1.0, self._took_in_at + LINGER_SECONDS
        while len(self._messages) < BATCH:
            try:
                connection.drain_events(timeout=wait)
            except TimeoutError:
                break
            wait = max(ends - time.monotonic(), 0.0)
        if connection.supports_heartbeats:
            connection.heartbeat_check()

    def _take_in(self, connection: Connection) -> None:
        if not self._messages:
            return
        messages, batch, positions, unreadable = list(self._messages), [], {}, []
        for message in messages:
            event = read(message.body)
            if event is None:
                unreadable.append(_as_bytes(message.body))
                continue
            batch.append(event)
            if self.runtime.settings.embedded:
                positions[source_service(event)] = message.headers["position"]
        self._consume_patiently(connection, batch, positions, unreadable)
        self._messages.clear()
        self._took_in_at = time.monotonic()
        if connection.transport.driver_type == "memory":
            for message in messages:
                message.ack()
        else:
            messages[-1].ack(multiple=True)

    def _consume_patiently(self, connection: Connection, batch: list[dict[str, Any]], positions: dict[str, int],
                           unreadable: list[bytes]) -> None:  # fmt: skip
        """While the database is away keep the batch, unacknowledged, and the connection alive."""
        delay = 0.1
        strangers = [event for event in batch if event["type"].rpartition(".")[0] not in self._names]
        while True:
            try:
                self.runtime.failures.park_unreadable(unreadable)
                self.runtime.failures.park_unhandled(strangers)
                self.runtime.consume(batch, positions)
                return
            except Unavailable:
                self.healthy = False
                if self.stopped:
                    raise
                eventlet.sleep(delay)
                delay = min(delay * 2, LONGEST_WAIT_SECONDS)
                if connection.supports_heartbeats:
                    connection.heartbeat_check()

    def _retry(self) -> None:
        try:
            self.runtime.failures.retry_due()
        except Unavailable:
            self.healthy = False


def _as_bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else str(body).encode("utf-8", "surrogatepass")
