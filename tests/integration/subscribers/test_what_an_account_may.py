"""An account reads its queue and can do nothing else: not hear more, not speak, not fill or stop the broker."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from amqp import Channel, Message
from amqp.exceptions import AccessRefused, ConnectionForced, NotAllowed
from kombu import Connection

from jianyi.subscribers import MOST_CONNECTIONS, POLICY
from subscribers.reading import CITY, ROOT, Network, address_in, eventually, of, take_all

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]
EVENTS = "jianyi.events"


@pytest.fixture(scope="module")
def mine(network: Network) -> str:
    """The address of an account for one city; somebody else has one for the whole province."""
    network.open_account("everything", "43")
    return network.open_account("mine", CITY)


def ignored(message: Message) -> None:
    """Takes a message, and does not acknowledge it."""


def sent(channel: Channel, exchange: str, key: str) -> None:
    """Publish, and wait until the broker has said what it thinks of it."""
    channel.confirm_select()
    channel.basic_publish_confirm(Message("forged"), exchange, key)


ATTACKS: dict[str, Callable[[Channel], Any]] = {
    "hear everything": lambda c: c.queue_bind("sub.mine", EVENTS, "#"),
    "hear the next city": lambda c: c.queue_bind("sub.mine", EVENTS, "*.*.43.02.#"),
    "hear the same again": lambda c: c.queue_bind("sub.mine", EVENTS, "*.*.43.01.#"),
    "hear calls": lambda c: c.queue_bind("sub.mine", "nameko-rpc", "#"),
    "hear all that is traced": lambda c: c.queue_bind("sub.mine", "amq.rabbitmq.trace", "#"),
    "hear nothing any more": lambda c: c.queue_unbind("sub.mine", EVENTS, "*.*.43.01.#"),
    "tie exchanges together": lambda c: c.exchange_bind("amq.topic", EVENTS, "#"),
    "read a service's queue": lambda c: c.basic_get("jianyi.intake"),
    "consume a service's queue": lambda c: c.basic_consume("jianyi.intake"),
    "consume a service's calls": lambda c: c.basic_consume("rpc-intake"),
    "read another subscriber's queue": lambda c: c.basic_get("sub.everything"),
    "empty a service's queue": lambda c: c.queue_purge("jianyi.intake"),
    "empty another subscriber's queue": lambda c: c.queue_purge("sub.everything"),
    "delete a service's queue": lambda c: c.queue_delete("jianyi.intake"),
    "delete its own queue": lambda c: c.queue_delete("sub.mine"),
    "delete the exchange": lambda c: c.exchange_delete(EVENTS),
    "make a queue": lambda c: c.queue_declare("sub.mine.more"),
    "make a queue for itself": lambda c: c.queue_declare("", exclusive=True),
    "make a queue that refuses when full": lambda c: c.queue_declare(
        "sub.mine.more", arguments={"x-max-length": 1, "x-overflow": "reject-publish"}
    ),
    "make an exchange": lambda c: c.exchange_declare("sub.mine.more", "fanout"),
    "publish an event": lambda c: sent(c, EVENTS, "suggestion.submitted.43.01"),
    "publish into a service's queue": lambda c: sent(c, "", "jianyi.intake"),
    "publish into its own queue": lambda c: sent(c, "", "sub.mine"),
    "call a service": lambda c: sent(c, "nameko-rpc", "intake.execute"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_it_cannot(attack: str, network: Network, mine: str) -> None:
    with Connection(mine) as connection, pytest.raises(AccessRefused):
        ATTACKS[attack](connection.channel())
    with Connection(mine) as connection:  # and nothing is broken for it
        connection.channel().queue_declare("sub.mine", passive=True)


def test_it_cannot_enter_another_virtual_host(network: Network, mine: str) -> None:
    with pytest.raises(NotAllowed):
        Connection(mine.rpartition("/")[0] + "//").connect()


def test_it_cannot_use_the_management_interface(network: Network, mine: str) -> None:
    credentials = mine.partition("://")[2].partition("@")[0]
    request = urllib.request.Request(f"http://127.0.0.1:{network.broker.management_port}/api/overview")
    request.add_header("Authorization", "Basic " + base64.b64encode(credentials.encode()).decode())
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request, timeout=10)


def test_it_cannot_open_connections_without_end(network: Network) -> None:
    address = network.open_account("many", CITY)
    opened = [Connection(address) for _ in range(MOST_CONNECTIONS)]
    try:
        for connection in opened:
            connection.connect()
        with pytest.raises(NotAllowed):
            Connection(address).connect()
    finally:
        for connection in opened:
            connection.release()


def test_idle_it_loses_the_oldest_and_keeps_nobody_waiting(network: Network) -> None:
    network.open_account("idle", CITY)
    policy = {**POLICY, "pattern": r"^sub\.idle$", "priority": 2}
    small = {**policy, "definition": {**POLICY["definition"], "max-length-bytes": 5000}}  # type: ignore[dict-item]
    network.broker.manage("PUT", "policies/jianyi/idle", small)
    before = network.published()
    network.live()  # which waits until all that the services sent is confirmed
    missed = set(of(network.published(), CITY)) - set(before)
    kept = [event["id"] for event in take_all(network.addresses["idle"], "sub.idle")]
    assert 0 < len(kept) < len(missed) and set(kept) < missed
    newest = sorted(of(network.published(), CITY).values(), key=lambda event: str(event["time"]))[-1]
    assert newest["id"] in kept


def test_a_new_password_ends_the_old_ones_connections_and_loses_nothing(network: Network) -> None:
    old = network.open_account("renewed", CITY)
    network.live()
    waiting = network.waiting("sub.renewed")
    with Connection(old) as listening:
        listening.channel().basic_consume("sub.renewed", callback=ignored)
        said = network.jianyi("subscriber", "password", "renewed")
        assert said.returncode == 0, said.stderr
        with pytest.raises((ConnectionForced, OSError)):
            while True:
                listening.drain_events(timeout=10)
    with pytest.raises(AccessRefused):
        Connection(old).connect()
    assert len(take_all(address_in(said.stdout), "sub.renewed")) == waiting > 0


def test_removed_it_is_cut_off_and_its_queue_is_gone(network: Network) -> None:
    address = network.open_account("leaving", CITY)
    with Connection(address) as listening:
        listening.channel().basic_consume("sub.leaving", callback=ignored)
        assert network.jianyi("subscriber", "remove", "leaving").returncode == 0
        with pytest.raises((ConnectionForced, OSError)):
            while True:
                listening.drain_events(timeout=10)
    with pytest.raises(AccessRefused):
        Connection(address).connect()
    assert "sub.leaving" not in network.broker.control("list_queues", "-p", "jianyi", "name")


def test_the_policy_of_the_definitions_is_the_one_that_the_command_makes() -> None:
    definitions = json.loads(Path(ROOT / "deploy/broker/definitions.json").read_text())
    [policy] = [policy for policy in definitions["policies"] if policy["name"] == "subscribers"]
    assert policy == {"vhost": "jianyi", "name": "subscribers", **POLICY}


def test_the_queue_gets_the_policy(network: Network, mine: str) -> None:
    eventually(
        lambda: (
            "sub.mine\tsubscribers" in network.broker.control("list_queues", "-p", "jianyi", "name", "policy")
        )
    )
