"""kombu's in-memory transport, made fit to carry the whole network inside one process.

Three things differ from kombu's own: a consumer is woken when a message is put instead of polling for it; the
`content_type` is in the message's properties, where nameko looks for it; and two networks in one process (tests) do
not see each other, because each broker has a name: `memory://NAME`.
"""

from __future__ import annotations

import time
from collections import defaultdict
from queue import Empty, Queue
from typing import Any

from eventlet.event import Event
from eventlet.timeout import Timeout
from kombu.transport import TRANSPORT_ALIASES, memory, virtual


class Broker:
    """One named broker: its queues, its bindings, and the signal that wakes waiting consumers."""

    def __init__(self) -> None:
        self.queues: dict[str, Queue[Any]] = {}
        self.state = virtual.BrokerState()
        self.signal = Event()

    def wake(self) -> None:
        signal, self.signal = self.signal, Event()
        signal.send()


BROKERS: dict[str, Broker] = defaultdict(Broker)


class Channel(memory.Channel):
    """A channel on a named broker."""

    def __init__(self, connection: Any, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        self.broker: Broker = connection.broker
        self.queues = self.broker.queues

    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:
        super()._put(queue, message, **kwargs)
        self.broker.wake()

    def prepare_message(self, body: Any, priority: Any = None, content_type: Any = None, content_encoding: Any = None,
                        headers: Any = None, properties: Any = None) -> Any:  # fmt: skip
        message = super().prepare_message(body, priority, content_type, content_encoding, headers, properties)
        message["properties"]["content_type"] = content_type
        return message

    def close(self) -> None:
        virtual.Channel.close(self)  # kombu's memory channel would empty the queues


class Transport(memory.Transport):
    """Delivers as soon as there is something to deliver."""

    Channel = Channel

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.broker = BROKERS[client.hostname]
        self.state = self.broker.state

    def drain_events(self, connection: Any, timeout: float | None = None, **_: Any) -> None:
        assert self.cycle is not None
        ends = None if timeout is None else time.monotonic() + timeout
        while True:
            signal = self.broker.signal
            try:
                self.cycle.get(self._deliver, timeout=timeout)
                return
            except Empty:
                left = None if ends is None else ends - time.monotonic()
                if left is not None and left <= 0:
                    raise TimeoutError() from None
                with Timeout(left, False):
                    signal.wait()


def install() -> None:
    """Let `memory://NAME` URLs use this transport."""
    TRANSPORT_ALIASES["memory"] = f"{__name__}:Transport"
