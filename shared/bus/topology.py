"""Exchanges, queues and bindings, and what is raised when the broker is away.

    relay ──▶ (jianyi.events: topic) ──suggestion.submitted.#──▶ [jianyi.assignment] ──▶ consumer of assignment
                        └────────────suggestion.submitted.#──▶ [jianyi.search]     ──▶ consumer of search

One durable quorum queue per service, bound once for each event name that the service handles.
"""

from __future__ import annotations

from collections.abc import Iterable

from kombu import Exchange, Queue, binding
from kombu.exceptions import OperationalError
from kombu.transport.pyamqp import Transport as AMQP

EXCHANGE = Exchange("jianyi.events", type="topic", durable=True)
NO_BROKER = (OperationalError, *AMQP.connection_errors, *AMQP.channel_errors)
"""What is raised when the broker is away, goes away, or has lost a queue."""
HEARTBEAT_SECONDS = 6  # a node that is silent for two of these is given up for another


def queue_of(service: str, event_types: Iterable[str]) -> Queue:
    """The queue of a service with its bindings; `event_types` are CloudEvents types as `suggestion.submitted.v1`."""
    names = sorted({type.rpartition(".")[0] for type in event_types})
    return Queue(
        f"jianyi.{service}",
        bindings=[binding(EXCHANGE, routing_key=f"{name}.#") for name in names],
        durable=True,
        queue_arguments={"x-queue-type": "quorum"},
    )
