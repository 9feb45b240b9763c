"""Two real brokers with the settings of deploy/broker: a province's and a county's, linked both ways."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from amqp.exceptions import AccessRefused
from kombu import Connection, Consumer, Message, Queue

from servers import packages
from servers.guard import Guard
from servers.rabbitmq import RabbitMQ
from shared.bus.topology import EXCHANGE, queue_of
from shared.settings import SERVICES

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]

BROKER = Path(__file__).parents[2] / "deploy/broker"
PASSWORD = "for-this-test-only"
EXAMPLE_ADDRESS = "amqps://link-43.01.81:REPLACE@broker.other-instance.invalid/jianyi"


class Broker(RabbitMQ):
    """A node that starts with deploy/broker/rabbitmq.conf and its definitions."""

    def prepare(self) -> None:
        super().prepare()
        ours = (BROKER / "rabbitmq.conf").read_text().replace("/etc/rabbitmq/", f"{BROKER}/")
        with (self.home / "rabbitmq.conf").open("a") as settings:
            settings.write(ours)

    def load(self, example: str, before: str, after: str) -> None:
        """Import one of the examples with one thing in it replaced, as an operator would."""
        text = (BROKER / example).read_text()
        assert before in text
        path = self.home / example
        path.write_text(text.replace(before, after))
        self.control("import_definitions", str(path))

    def publish(self, key: str, body: str) -> None:
        message = {"properties": {}, "routing_key": key, "payload": body, "payload_encoding": "string"}
        self.manage("POST", "exchanges/jianyi/jianyi.events/publish", message)

    def take(self, queue: str, acknowledge: str = "ack_requeue_false") -> list[str]:
        """What is in a queue, which by default is empty afterwards."""
        how = {"count": 100, "ackmode": acknowledge, "encoding": "auto"}
        return [message["payload"] for message in self.manage("POST", f"queues/jianyi/{queue}/get", how)]

    def give_back(self, queue: str) -> int:
        """Take what is in a queue of a service and give it back, as one that dies of it does. Returns how much it was.

        Such a queue cannot be asked for single messages: it serves one active consumer.
        """
        with Connection(self.url_of("jianyi")) as connection:
            taken: list[Message] = []
            bare = Queue(queue, no_declare=True)
            with (
                Consumer(connection, [bare], on_message=taken.append),
                contextlib.suppress(TimeoutError),
            ):
                connection.drain_events(timeout=1)
            for message in taken:
                message.requeue()
        return len(taken)

    def look_into(self, queue: str) -> list[str]:
        """What is in a queue, and stays there. Empty while a queue has no leader, as after a start."""
        with contextlib.suppress(OSError):
            return self.take(queue, "ack_requeue_true")
        return []

    def url_as(self, user: str) -> str:
        return f"amqp://{user}:{PASSWORD}@127.0.0.1:{self.port}/jianyi"


def eventually(holds: Callable[[], Any], within_seconds: float = 30) -> Any:
    deadline = time.monotonic() + within_seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Broker, Broker]]:
    try:
        packages.install(["rabbitmq"])
    except packages.Missing as missing:
        pytest.fail(str(missing), pytrace=False)
    guard = Guard()
    names = ("province-43", "county-43.01.81")
    province, county = (Broker(tmp_path_factory.mktemp(name), guard, fast=True) for name in names)
    try:
        for broker in (province, county):
            broker.launch()
        for broker, name in zip((province, county), names, strict=True):
            broker.await_ready()
            broker.control("set_cluster_name", name)
            broker.control(
                "add_user", "guest", "guest"
            )  # none is made where definitions are loaded at the start
            broker.control("set_user_tags", "guest", "administrator")
            broker.control("set_permissions", "-p", "jianyi", "guest", ".*", ".*", ".*")
        yield province, county
    finally:
        guard.close()


@pytest.fixture(scope="module")
def linked(brokers: tuple[Broker, Broker]) -> tuple[Broker, Broker]:
    """The two with the links of the examples, and a queue that hears of every suggestion submitted."""
    province, county = brokers
    for upstream, downstream in ((province, county), (county, province)):
        upstream.load("link-upstream.example.json", "REPLACE", PASSWORD)
        downstream.load("link-downstream.example.json", EXAMPLE_ADDRESS, upstream.url_as("link-43.01.81"))
    for broker in brokers:
        broker.manage(
            "PUT", "queues/jianyi/heard", {"durable": True, "arguments": {"x-queue-type": "quorum"}}
        )
        broker.manage(
            "POST", "bindings/jianyi/e/jianyi.events/q/heard", {"routing_key": "suggestion.submitted.#"}
        )
        eventually(
            lambda broker=broker: any("federation" in b["destination"] for b in bindings_of_events(broker))
        )
    return province, county


def bindings_of_events(broker: Broker) -> list[dict[str, Any]]:
    return [b for b in broker.manage("GET", "bindings/jianyi") if b["source"] == "jianyi.events"]


def heard_until(broker: Broker, last: str) -> list[str]:
    """Everything heard up to the message `last`."""
    found: list[str] = []

    def holds() -> bool:
        found.extend(broker.take("heard"))
        return last in found

    eventually(holds)
    return found


def test_the_policy_is_for_the_queues_of_all_services() -> None:
    pattern = json.loads((BROKER / "definitions.json").read_text())["policies"][0]["pattern"]
    assert [s for s in (*SERVICES, "undeliverable") if re.search(pattern, f"jianyi.{s}")] == list(SERVICES)


def test_a_services_queue_fits_the_definitions_and_gets_the_policy(brokers: tuple[Broker, Broker]) -> None:
    with Connection(brokers[0].url_of("jianyi")) as connection:
        EXCHANGE(connection.channel()).declare()
        queue_of("intake", ["unit.recorded.v1"])(connection.channel()).declare()
    assert "jianyi.intake\tevents" in brokers[0].control("list_queues", "-p", "jianyi", "name", "policy")


def test_what_can_never_be_delivered_is_kept_apart(brokers: tuple[Broker, Broker]) -> None:
    county = brokers[1]
    policy = county.manage("GET", "policies/jianyi/events")
    impatient = {**policy, "definition": {**policy["definition"], "delivery-limit": 1}}
    with Connection(county.url_of("jianyi")) as connection:
        queue_of("search", ["unit.recorded.v1"])(connection.channel()).declare()
    county.manage("PUT", "policies/jianyi/events", impatient)
    try:
        county.publish("unit.recorded.43", "kills whoever takes it")
        for _ in range(2):
            eventually(lambda: county.give_back("jianyi.search"))
        assert eventually(lambda: county.take("jianyi.undeliverable")) == ["kills whoever takes it"]
    finally:
        county.manage("PUT", "policies/jianyi/events", policy)


def test_the_links_are_shown_as_running(linked: tuple[Broker, Broker]) -> None:
    for broker in linked:
        assert "running" in broker.control("federation_status")


def test_an_instance_hears_of_the_other_only_what_the_link_is_for(linked: tuple[Broker, Broker]) -> None:
    province, county = linked
    county.publish("suggestion.submitted.43.01.82", "forged: the county next door")
    county.publish("suggestion.submitted.43", "forged: the province")
    county.publish("suggestion.submitted.43.01.81", "the county's own")
    county.publish("suggestion.submitted.43.01.81.107", "a town's in the county")
    assert heard_until(province, "a town's in the county") == ["the county's own", "a town's in the county"]
    heard_until(county, "a town's in the county")

    province.publish("suggestion.submitted.43.01.82", "of the county next door")
    province.publish("suggestion.submitted.43", "of the province")
    province.publish("suggestion.submitted.43.01.81", "of this county")
    assert heard_until(county, "of this county") == ["of this county"]
    heard_until(province, "of this county")


def test_nothing_comes_back_to_where_it_came_from(linked: tuple[Broker, Broker]) -> None:
    province, county = linked
    county.publish("suggestion.submitted.43.01.81", "there")
    heard_until(province, "there")
    province.publish("suggestion.submitted.43.01.81", "and back?")
    assert heard_until(county, "and back?") == ["there", "and back?"]


def test_what_was_published_while_the_link_was_down_arrives_later(linked: tuple[Broker, Broker]) -> None:
    province, county = linked
    county.stop()
    province.publish("suggestion.submitted.43.01.81", "meanwhile")
    county.start()
    eventually(lambda: county.look_into("heard"))
    assert heard_until(county, "meanwhile") == ["meanwhile"]


@pytest.mark.parametrize("key", ["#", "*.*.43.01.#", "suggestion.submitted.43.01.82"])
def test_a_link_cannot_listen_to_more_than_it_is_for(linked: tuple[Broker, Broker], key: str) -> None:
    with Connection(linked[0].url_as("link-43.01.81")) as connection:
        channel = connection.channel()
        channel.queue_declare("federation: curious", exclusive=True)
        with pytest.raises(AccessRefused):
            channel.queue_bind("federation: curious", "jianyi.events", key)


def test_a_link_cannot_read_the_queue_of_a_service(linked: tuple[Broker, Broker]) -> None:
    with Connection(linked[0].url_as("link-43.01.81")) as connection, pytest.raises(AccessRefused):
        connection.channel().basic_get("jianyi.intake")


def test_a_link_cannot_publish(linked: tuple[Broker, Broker]) -> None:
    rights = linked[0].manage("GET", "users/link-43.01.81/permissions")
    assert [re.search(right["write"], "jianyi.events") for right in rights] == [None]
