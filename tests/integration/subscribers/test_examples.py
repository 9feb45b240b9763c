"""The examples run as programs of their own against a real broker, while real suggestions live."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection
from kombu.pools import producers

from shared.bus.topology import EXCHANGE
from shared.events import routing_key
from subscribers.reading import CITY, COUNTY, Example, Network, eventually, of, running

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]


@pytest.fixture(params=["python", "javascript"])
def example(request: pytest.FixtureRequest, network: Network, tmp_path: Path) -> Example:
    """An example with an account for the city and all below it, which nobody has used yet."""
    name = f"{request.param}-{request.node.callspec.id}-{len(network.addresses)}"
    return Example(request.param, tmp_path, network.open_account(name, CITY))


def new_ids(network: Network, before: dict[str, Any], jurisdiction: str) -> set[str]:
    return set(of(network.published(), jurisdiction)) - set(before)


def await_all(example: Example, ids: set[str]) -> None:
    eventually(lambda: example.keeps(ids))


def test_it_gets_what_happens_in_its_city_once_and_in_order(example: Example, network: Network) -> None:
    before = network.published()
    network.live()
    expected = new_ids(network, before, CITY)
    assert 0 < len(expected) < len(set(network.published()) - set(before)) and expected & new_ids(
        network, before, COUNTY
    )
    with running(example):
        eventually(lambda: example.keeps(expected))
        eventually(lambda: network.acknowledged(f"sub.{name_of(example)}") == len(expected))
    kept = example.kept()
    assert sorted(event["id"] for event in kept) == sorted(expected)
    for _, events in groupby(sorted(kept, key=about), key=about):
        numbers = [event["sequence"] for event in events]
        assert numbers == sorted(numbers)


def test_killed_it_goes_on_where_it_was_and_keeps_each_event_once(example: Example, network: Network) -> None:
    before = network.published()
    network.live()
    first = new_ids(network, before, CITY)
    with running(example):
        eventually(lambda: example.kept() or None)
    network.live()
    again = [event for event in example.kept()[:3] if event["id"] in first]
    send_again(network, again)  # as a relay does that died before it noted what was confirmed
    expected = new_ids(network, before, CITY)
    with running(example):
        eventually(lambda: example.keeps(expected))
        eventually(lambda: network.acknowledged(f"sub.{name_of(example)}") >= len(expected) + len(again))
    assert again and sorted(event["id"] for event in example.kept()) == sorted(expected)


def test_cut_off_it_connects_again(example: Example, network: Network) -> None:
    before = network.published()
    with running(example):
        for _ in range(2):
            network.live()
            await_all(example, new_ids(network, before, CITY))
            network.broker.manage("DELETE", f"connections/username/sub.{name_of(example)}")
        network.live()
        await_all(example, new_ids(network, before, CITY))
    assert len(example.kept()) == len(new_ids(network, before, CITY))


def test_of_two_that_run_one_reads_and_the_other_takes_over(
    example: Example, network: Network, tmp_path: Path
) -> None:
    second = Example(example.kind, tmp_path / "second", example.address)
    before = network.published()
    with running(second), running(example):
        eventually(lambda: consumers(network, example) == 2)
        network.live()
        first_half = new_ids(network, before, CITY)
        eventually(lambda: len(example.kept()) + len(second.kept()) >= len(first_half))
        assert not example.kept() or not second.kept()
        reader = example if example.kept() else second
        other = second if reader is example else example
        reader.kill()
        network.live()
        rest = new_ids(network, before, CITY) - first_half
        eventually(lambda: other.keeps(rest))


def consumers(network: Network, example: Example) -> int:
    """How many programs read the queue or wait to take over."""
    listed = network.broker.control("list_consumers", "-p", "jianyi", "queue_name")
    return listed.split().count(f"sub.{name_of(example)}")


def about(event: dict[str, Any]) -> tuple[str, str]:
    return event["source"], event["subject"]


def name_of(example: Example) -> str:
    return example.address.partition("://sub.")[2].partition(":")[0]


def send_again(network: Network, events: list[dict[str, Any]]) -> None:
    with (
        Connection(network.processes.settings.broker) as connection,
        producers[connection].acquire() as producer,
    ):
        for event in events:
            producer.publish(
                event,
                exchange=EXCHANGE,
                serializer="json",
                routing_key=routing_key(event["type"], event["jurisdiction"]),
            )
