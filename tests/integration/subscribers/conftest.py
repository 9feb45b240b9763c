"""A network on real servers, seven processes, with congresses in two cities: who reads of one must not hear of the other."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator

import pytest

from jianyi import lives
from jianyi.client import Client
from jianyi.processes import free_ports, processes_of
from servers import packages, real_servers
from shared.settings import SERVICES, Settings
from subscribers.reading import CONGRESSES, Network

DIVISIONS = [
    {"path": path, "code": path.replace(".", ""), "name": name, "level": level, "parent": parent, "has_congress": True}
    for path, name, level, parent in CONGRESSES
]  # fmt: skip


@pytest.fixture(scope="package")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    home = tmp_path_factory.mktemp("subscribers")
    try:
        with real_servers(home / "servers", fast=True) as servers:
            settings = Settings(
                home=home / "network", port=free_ports(len(SERVICES) + 1), secret=secrets.token_urlsafe(40),
                broker_url=servers.rabbitmq.new_vhost("jianyi"), database_url=servers.database, search_url=servers.search,
                broker_management_url=servers.rabbitmq.management_url,
            )  # fmt: skip
            processes = processes_of(settings, real=True, clock="system")
            try:
                subprocess.run(
                    [sys.executable, "-m", "jianyi", "migrate"], env=processes.environment, check=True
                )
                for service in SERVICES:
                    processes.start(service)
                processes.wait_until_ready()
                system = Client.as_system(settings)
                system.command("/divisions", divisions=DIVISIONS)
                players = [
                    lives.cast(system, path, f"subscriber{path.replace('.', '')}") for path, *_ in CONGRESSES
                ]
                yield Network(servers.rabbitmq, processes, system, players)
            finally:
                processes.stop()
    except packages.Missing as missing:
        pytest.fail(str(missing), pytrace=False)
