"""Sends calls and answers over one connection of the process, without waiting for the broker's confirms.

A lost call or answer ends in the caller's timeout, and a repeat is safe; so nothing here waits for the disk.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any

import eventlet
import structlog
from eventlet.patcher import original
from eventlet.semaphore import Semaphore
from kombu import Connection

from shared.bus.topology import HEARTBEAT_SECONDS, connect, drop
from shared.problems import Unavailable

log = structlog.get_logger()

SEND_SECONDS = 5.0  # a broker that takes nothing for so long takes nothing at all
HEARD_SECONDS = 0.01
_select: Any = original("select")  # the system's own, which never switches to another greenlet


class Sender:
    """One channel, used by one greenlet at a time: frames of two messages must not mix."""

    def __init__(self, broker: str) -> None:
        self.broker = broker
        self._lock = Semaphore()
        self._connection: Connection | None = None
        self._channel: Any = None
        self._blocked = False

    def send(self, body: str, *, exchange: str, routing_key: str, content_type: str, headers: dict[str, Any],
             properties: dict[str, Any]) -> None:  # fmt: skip
        """Send one message. Raises Unavailable when the broker is away or takes nothing."""
        with self._lock:
            for last_try in (False, True):  # a connection that was found broken is made anew once
                try:
                    with eventlet.Timeout(SEND_SECONDS):
                        channel = self._open()
                        message = channel.prepare_message(
                            body, content_type=content_type, content_encoding="utf-8", headers=headers, properties=properties
                        )  # fmt: skip
                        channel.basic_publish(message, exchange=exchange, routing_key=routing_key)
                    return
                except Unavailable:
                    raise
                except (Exception, eventlet.Timeout) as error:
                    self.close()
                    if last_try:
                        log.warning("cannot send", error=repr(error))
                        raise Unavailable("消息队列暂时无法连接，您的操作没有办理，请稍后再试。") from error

    def close(self) -> None:
        connection, self._connection, self._channel, self._blocked = self._connection, None, None, False
        if connection is not None:
            drop(connection)

    def _open(self) -> Any:
        if self._channel is None:
            told = {"on_blocked": self._on_blocked, "on_unblocked": self._on_unblocked}
            options = told if self.broker.startswith("amqp") else {}
            self._connection = connect(self.broker, transport_options=options, heartbeat=HEARTBEAT_SECONDS)
            if self.broker.startswith("amqp"):
                hears_while_it_waits(self._connection)
            self._channel = self._connection.channel()
            if self._connection.supports_heartbeats:
                eventlet.spawn(self._keep_alive, self._connection)
        elif self.broker.startswith("amqp"):
            self._hear()
            if self._blocked:
                raise Unavailable("消息队列暂停接收（内存或磁盘不足），您的操作没有办理，请稍后再试。")
        return self._channel

    def _hear(self) -> None:
        """What the broker has said meanwhile: that it lives, that it is blocked, or that it closes the connection."""
        assert self._connection is not None
        socket = self._connection.connection.transport.sock
        while _select.select([socket], [], [], 0)[0]:
            with suppress(TimeoutError):  # after a heartbeat it would be waited for something to tell
                self._connection.drain_events(timeout=HEARD_SECONDS)

    def _keep_alive(self, connection: Connection) -> None:
        """Beat, and give up a node that does not: what is sent to one that hangs would only be waited for in vain."""
        while True:
            eventlet.sleep(HEARTBEAT_SECONDS / 5)
            with self._lock:
                if self._connection is not connection:
                    return
                try:
                    with eventlet.Timeout(SEND_SECONDS):
                        self._hear()
                        connection.heartbeat_check()
                except (Exception, eventlet.Timeout) as error:
                    log.warning("broker is gone", error=repr(error))
                    self.close()
                    return

    def _on_blocked(self, reason: str) -> None:
        self._blocked = True
        log.warning("broker is blocked", reason=reason)

    def _on_unblocked(self) -> None:
        self._blocked = False


def hears_while_it_waits(connection: Connection) -> None:
    """Who publishes on this connection listens to the broker by itself: spare the look before each message."""
    connection.connection.client_properties["capabilities"] = {}


@cache
def sender(broker: str) -> Sender:
    """The sender of this process to a broker."""
    return Sender(broker)
