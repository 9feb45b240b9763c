"""A network on servers of its own, each service in a process of its own: for tests that kill, stop and freeze them."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from jianyi import lives
from jianyi.client import Client
from jianyi.processes import Processes, free_ports, processes_of
from servers import RealServers, packages, real_servers
from shared.settings import SERVICES, Settings
from soak.counting import Counting, Story

PROVINCE = {
    "path": "43",
    "code": "43",
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}


@dataclass
class Network:
    """What the tests harm, and what they count with. `undisturbed`: the events of a life in quiet times."""

    servers: RealServers
    processes: Processes
    system: Client
    players: lives.Players
    counting: Counting
    undisturbed: Story
    ids: list[str] = field(default_factory=list)  # of all suggestions that lived here


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    home = tmp_path_factory.mktemp("faults")
    try:
        with real_servers(home / "servers", fast=True) as servers:
            settings = Settings(
                home=home / "network", port=free_ports(len(SERVICES) + 1), secret=secrets.token_urlsafe(40), clock="case",
                broker_url=servers.broker, database_url=servers.database, search_url=servers.search,
            )  # fmt: skip
            processes = processes_of(settings, real=True)
            try:
                yield started(servers, processes)
            finally:
                processes.stop()
    except packages.Missing as missing:
        pytest.fail(str(missing), pytrace=False)


def started(servers: RealServers, processes: Processes) -> Network:
    settings = processes.settings
    migrated = subprocess.run(
        [sys.executable, "-m", "jianyi", "migrate"],
        env=processes.environment,
        capture_output=True,
        text=True,
    )
    assert migrated.returncode == 0, migrated.stderr
    for service in SERVICES:
        processes.start(service)
    processes.wait_until_ready()
    for service in SERVICES:
        servers.rabbitmq.await_on_disk(f"jianyi.{service}")
    system = Client.as_system(settings)
    system.command("/divisions", divisions=[PROVINCE])
    players = lives.cast(system, "43", "fault")
    counting = Counting(settings)
    quiet = lives.Life(players, "quiet").live(published=True)
    counting.settle()
    story = counting.stories([quiet])[quiet]
    return Network(servers, processes, system, players, counting, story, [quiet])
