"""Webhooks and catching up on real servers, with two gateways of which one is killed: nothing is lost, little comes twice."""

from __future__ import annotations

import secrets
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import replace

import orjson
import pytest
import urllib3
from receiver import Receiver

from jianyi.client import Client
from jianyi.processes import free_ports, processes_of
from servers import packages, real_servers
from shared.problems import Unavailable
from shared.settings import SERVICES, Settings

pytestmark = [pytest.mark.faults, pytest.mark.real, pytest.mark.timeout(300)]

HUNAN = {
    "path": "43",
    "code": "43",
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}
PASSWORD = "a-long-password"
MOST_UNDER_WAY = 5  # attempts to one webhook that a gateway has in hand
UNITS = 150


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    home = tmp_path_factory.mktemp("webhooks")
    try:
        with real_servers(home / "servers", fast=True) as servers:
            settings = Settings(
                home=home / "network", port=free_ports(len(SERVICES) + 1), secret=secrets.token_urlsafe(40), clock="case",
                broker_url=servers.broker, database_url=servers.database, search_url=servers.search,
            )  # fmt: skip
            processes = processes_of(settings, real=True)
            processes.environment["JIANYI_WEBHOOK_NETWORKS"] = "127.0.0.0/8"
            migrated = [sys.executable, "-m", "jianyi", "migrate"]
            subprocess.run(migrated, env=processes.environment, check=True, stdout=subprocess.DEVNULL)
            other = replace(settings, home=home / "other", port=free_ports(len(SERVICES) + 1))
            second = processes_of(other, real=True)
            second.environment["JIANYI_WEBHOOK_NETWORKS"] = "127.0.0.0/8"
            try:
                for service in SERVICES:
                    processes.start(service)
                second.start("gateway")
                processes.wait_until_ready()
                until(lambda: answers(other.port))
                Client.as_system(settings).command("/divisions", divisions=[HUNAN])
                yield processes, second
            finally:
                second.stop()
                processes.stop()
    except packages.Missing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture
def integrator(network):
    system = Client.as_system(network[0].settings)
    login, role = f"platform-{secrets.token_hex(3)}", {"role": "integrator", "congress": "43"}
    system.command("/accounts", login=login, name="智慧人大平台", password=PASSWORD, roles=[role])
    return Client.signed_in(system.base, login, PASSWORD)


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


def test_a_gateway_is_killed_while_it_posts(network, integrator, receiver):
    processes, second = network
    receiver.secrets.append(subscribe(integrator, receiver.url)["secret"])
    system = Client.as_system(second.settings)
    names = [f"unit-{secrets.token_hex(3)}-{number}" for number in range(UNITS)]
    writer = threading.Thread(target=lambda: [register(system, name) for name in names])
    writer.start()
    kills = 0
    for share in (0.2, 0.5, 0.8):
        until(lambda share=share: len(received(receiver)) >= share * UNITS)
        processes.kill("gateway")
        kills += 1
        processes.start("gateway")
    writer.join()
    until(
        lambda: set(names) <= set(received(receiver)), seconds=100
    )  # what was in hand comes after its lease
    counts = Counter(received(receiver))
    twice = sum(count - 1 for count in counts.values())
    assert set(names) == set(counts)
    assert twice <= kills * MOST_UNDER_WAY
    assert receiver.forged == 0
    assert len({taken["id"] for taken in receiver.taken}) == UNITS
    processes.wait_until_ready()


def test_a_receiver_that_never_answers_holds_nobody_up(network, integrator, receiver):
    silent = Receiver()
    silent.hold.clear()
    try:
        subscribe(integrator, silent.url)
        receiver.secrets.append(subscribe(integrator, receiver.url)["secret"])
        system = Client.as_system(network[0].settings)
        names = [f"unit-{secrets.token_hex(3)}-{number}" for number in range(30)]
        began = time.monotonic()
        for name in names:
            register(system, name)
        until(
            lambda: set(names) <= set(received(receiver)), seconds=9
        )  # less than one attempt at the silent one
        assert time.monotonic() - began < 15
    finally:
        silent.close()


def test_who_reads_on_while_many_write_misses_nothing_whichever_gateway_answers(network, integrator):
    processes, second = network
    now = page(integrator, processes.settings.port, "now")[1]
    system = Client.as_system(processes.settings)
    names = [f"unit-{secrets.token_hex(3)}-{number}" for number in range(80)]
    lanes = [
        threading.Thread(target=lambda lane=lane: [register(system, n) for n in names[lane::4]])
        for lane in range(4)
    ]
    for lane in lanes:
        lane.start()
    seen, cursor, ports = [], now, [processes.settings.port, second.settings.port]
    ends = time.monotonic() + 60
    while len(seen) < len(names) and time.monotonic() < ends:
        found, cursor = page(integrator, ports[len(seen) % 2], cursor, wait=2, limit=7)
        seen += [event["data"]["name"] for event in found if event["type"] == "unit.recorded.v1"]
    for lane in lanes:
        lane.join()
    assert sorted(seen) == sorted(names)


# --- inside ---------------------------------------------------------------------------------------------------------


def subscribe(client, url):
    return client.post("/webhooks", {"url": url, "jurisdiction": "43", "types": ["unit.*"]})


def register(system, name):
    """Until it is accepted: a gateway that is being killed may not have said so."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            return system.post("/units", {"congress": "43", "name": name, "kind": "government"}, key=name)
        except Unavailable:
            time.sleep(0.2)
    raise AssertionError(f"{name} was never accepted")


def received(receiver):
    return [taken["event"]["data"]["name"] for taken in list(receiver.taken)]


def page(client, port, after, **params):
    fields = {"after": after, **{name: str(value) for name, value in params.items()}}
    answer = urllib3.request(
        "GET", f"http://127.0.0.1:{port}/api/events", fields=fields, headers={"Authorization": f"Bearer {client.token}"}
    )  # fmt: skip
    assert answer.status == 200, answer.data
    return orjson.loads(answer.data), answer.headers["Next-Cursor"]


def answers(port):
    try:
        return (
            urllib3.request("GET", f"http://127.0.0.1:{port}/healthz", retries=False, timeout=2).status == 200
        )
    except urllib3.exceptions.HTTPError:
        return False


def until(condition, seconds=60.0):
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "it did not come about"
        time.sleep(0.05)
