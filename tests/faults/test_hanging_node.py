"""A broker node that hangs greets nobody and answers no farewell: it is passed over, and not waited for."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from servers import packages, real_servers
from servers.rabbitmq import RabbitMQ
from shared.bus.topology import CONNECT_SECONDS, connect, connected

pytestmark = [pytest.mark.faults, pytest.mark.real, pytest.mark.timeout(180)]

AT_ONCE = 2.0  # seconds, on a machine that has others to serve too


@pytest.fixture(scope="module")
def rabbitmq() -> Iterator[RabbitMQ]:
    try:
        with real_servers(parts=("rabbitmq",), fast=True) as servers:
            yield servers.rabbitmq
    except packages.Missing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture
def hanging() -> Iterator[str]:
    """The URL of a node that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"amqp://guest:guest@127.0.0.1:{server.getsockname()[1]}//"


def test_a_node_that_hangs_is_passed_over_and_not_tried_first_again(rabbitmq: RabbitMQ, hanging: str):
    nodes, began = f"{hanging};{rabbitmq.url}", time.monotonic()
    connect(nodes).release()
    assert CONNECT_SECONDS <= time.monotonic() - began < CONNECT_SECONDS + AT_ONCE
    began = time.monotonic()
    connect(nodes).release()
    assert time.monotonic() - began < AT_ONCE


def test_who_gives_a_node_up_does_not_wait_for_its_farewell(rabbitmq: RabbitMQ):
    with ExitStack() as stack:
        with pytest.raises(ConnectionError), connected(rabbitmq.url) as connection:
            connection.default_channel.queue_declare("greeting", auto_delete=True)
            stack.enter_context(rabbitmq.frozen())
            began = time.monotonic()
            raise ConnectionError("too many heartbeats missed")
        assert time.monotonic() - began < AT_ONCE
