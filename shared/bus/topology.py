"""Exchanges, queues and bindings, and what is raised when the broker is away.

    relay ──▶ (jianyi.events: topic) ──suggestion.submitted.#──▶ [jianyi.assignment] ──▶ consumer of assignment
                        └────────────suggestion.submitted.#──▶ [jianyi.search]     ──▶ consumer of search

One durable quorum queue per service, bound once for each event name that the service handles. Of a service's replicas
one at a time takes from it (single active consumer), so that the events come in the order in which they were sent; when
that one is gone the broker hands the queue, with what was not acknowledged, to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import structlog
from kombu import Connection, Exchange, Queue, binding
from kombu.exceptions import OperationalError
from kombu.transport.pyamqp import Transport as AMQP

log = structlog.get_logger()

EXCHANGE = Exchange("jianyi.events", type="topic", durable=True)
NO_BROKER = (OperationalError, *AMQP.connection_errors, *AMQP.channel_errors)
"""What is raised when the broker is away, goes away, or has lost a queue."""
CONNECT_SECONDS = 3.0  # a node that greets nobody for so long is passed over
HEARTBEAT_SECONDS = 6  # a node that is silent for two of these is given up for another


def queue_of(service: str, event_types: Iterable[str]) -> Queue:
    """The queue of a service with its bindings; `event_types` are CloudEvents types as `suggestion.submitted.v1`."""
    names = sorted({type.rpartition(".")[0] for type in event_types})
    return Queue(
        f"jianyi.{service}",
        bindings=[binding(EXCHANGE, routing_key=f"{name}.#") for name in names],
        durable=True,
        queue_arguments={"x-queue-type": "quorum", "x-single-active-consumer": True},
    )


_nodes: dict[str, list[str]] = {}  # of each broker its nodes, those that were found away last


def connect(broker: str, **options: Any) -> Connection:
    """A connection to a node of the broker that answers; raises what the last one did when none does."""
    nodes = _nodes.setdefault(broker, broker.split(";"))
    *others, last = list(nodes)
    for node in others:
        with suppress(*NO_BROKER):
            return _connect(node, nodes, options)
    return _connect(last, nodes, options)


def _connect(node: str, nodes: list[str], options: dict[str, Any]) -> Connection:
    connection = Connection(node, connect_timeout=CONNECT_SECONDS, **options)
    try:
        # Not `connect()`, which would sleep and try the same node once more.
        connection.ensure_connection(max_retries=0, reraise_as_library_errors=False)
    except BaseException:  # also when the caller's time runs out
        nodes.remove(node)
        nodes.append(node)
        raise
    return connection


@contextmanager
def connected(broker: str, **options: Any) -> Iterator[Connection]:
    """The same for a block. Where that fails the connection is dropped: a node that hangs answers no farewell either."""
    connection = connect(broker, **options)
    try:
        yield connection
    except BaseException:
        drop(connection)
        raise
    connection.release()


def drop(connection: Connection) -> None:
    """End a connection without the farewells that `release` waits for, and that a dead node never answers."""
    try:
        connection.collect()
    except Exception as error:
        log.debug("connection was gone already", error=repr(error))
