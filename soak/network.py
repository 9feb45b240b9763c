"""The network that a soak harms: a cluster of brokers, and of each service two replicas, each with ways of its own
to broker, database and search engine, so that either side's may be cut."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from jianyi.client import Client
from jianyi.lives import Players, cast
from jianyi.processes import Processes, free_ports, processes_of
from servers import RealServers, real_servers
from servers.rabbitmq_cluster import RabbitMQCluster
from servers.toxiproxy import Proxy, Toxiproxy
from shared.settings import SERVICES, Settings

SIDES = ("a", "b")
PROVINCE = {
    "path": "43",
    "code": "43",
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}


@dataclass
class Side:
    """The ways that one replica of each service takes."""

    brokers: list[Proxy]
    database: Proxy
    search: Proxy


@dataclass
class SoakNetwork:
    """What is harmed, and how to speak to it."""

    servers: RealServers
    cluster: RabbitMQCluster
    sides: dict[str, Side]
    processes: Processes
    settings: Settings  # past the proxies: for who counts
    system: Client
    bases: list[str]  # of the gateways

    def cast(self, prefix: str) -> Players:
        """People of one congress, each of whom asks the gateways in turn."""
        players = cast(self.system, "43", prefix)
        return Players(
            players.congress,
            seat=players.seat,
            unit=players.unit,
            deputy=Balanced(self.bases, players.deputy.token),
            liaison=Balanced(self.bases, players.liaison.token),
            clerk=Balanced(self.bases, players.clerk.token),
            head=Balanced(self.bases, players.head.token),
        )


class Balanced(Client):
    """A caller behind a load balancer: asks the gateways in turn."""

    def __init__(self, bases: list[str], token: str) -> None:
        super().__init__(bases[0], token)
        self._turn = cycle(bases)

    def _send(self, *args: Any, **options: Any) -> Any:
        self.base = next(self._turn)
        return super()._send(*args, **options)


@contextmanager
def soak_network(home: Path) -> Iterator[SoakNetwork]:
    """All of it, on free ports, with empty data; ended with the block. Logs stay below `home`."""
    with ExitStack() as stack:
        servers = stack.enter_context(
            real_servers(home / "servers", ("postgresql", "elasticsearch"), fast=True)
        )
        cluster = RabbitMQCluster(home / "servers" / "brokers", servers.guard, fast=True)
        stack.callback(cluster.end)
        cluster.start()
        toxiproxy = Toxiproxy(home / "servers" / "toxiproxy", servers.guard, fast=True)
        stack.callback(toxiproxy.kill)
        toxiproxy.start()
        sides = {side: _side(side, toxiproxy, cluster, servers) for side in SIDES}
        settings = Settings(
            home=home / "network",
            port=free_ports(len(SIDES) * (len(SERVICES) + 1)),
            secret=secrets.token_urlsafe(40),
            clock="case",
            broker_url=";".join(node.url for node in cluster.nodes),
            database_url=servers.database,
            search_url=servers.search,
        )
        processes = _replicas(settings, sides, servers)
        stack.callback(processes.stop)
        _start(processes, cluster)
        system = Client.as_system(settings)
        system.command("/divisions", divisions=[PROVINCE])
        bases = [f"http://{settings.host}:{settings.port + number}" for number in range(len(SIDES))]
        yield SoakNetwork(servers, cluster, sides, processes, settings, system, bases)


def _side(side: str, toxiproxy: Toxiproxy, cluster: RabbitMQCluster, servers: RealServers) -> Side:
    brokers = [
        toxiproxy.new_proxy(f"broker{number}-{side}", node.port)
        for number, node in enumerate(cluster.nodes, 1)
    ]
    database = toxiproxy.new_proxy(f"database-{side}", servers.postgresql.port)
    return Side(brokers, database, toxiproxy.new_proxy(f"search-{side}", servers.elasticsearch.port))


def _replicas(settings: Settings, sides: dict[str, Side], servers: RealServers) -> Processes:
    """Two processes of each service, SERVICE-a and SERVICE-b, each on its side's ways and its own ports."""
    processes = processes_of(settings, real=True)
    processes.commands = {}
    ports = iter(range(settings.port + len(SIDES), settings.port + len(SIDES) * (len(SERVICES) + 1)))
    for number, (name, side) in enumerate(sides.items()):
        brokers = (f"amqp://guest:guest@127.0.0.1:{proxy.port}//" for proxy in side.brokers)
        ways = {
            "JIANYI_PORT": str(settings.port + number),
            "JIANYI_BROKER_URL": ";".join(brokers),
            "JIANYI_DATABASE_URL": servers.database.replace(
                f":{servers.postgresql.port}/", f":{side.database.port}/"
            ),
            "JIANYI_SEARCH_URL": f"http://127.0.0.1:{side.search.port}",
        }
        for service in SERVICES:
            processes.commands[f"{service}-{name}"] = ["serve", service]
            processes.own[f"{service}-{name}"] = {**ways, "JIANYI_METRICS_PORT": str(next(ports))}
    return processes


def _start(processes: Processes, cluster: RabbitMQCluster) -> None:
    migrated = subprocess.run(
        [sys.executable, "-m", "jianyi", "migrate"], env=processes.environment, capture_output=True, text=True
    )
    if migrated.returncode:
        raise RuntimeError(migrated.stderr)
    for name in processes.commands:
        processes.start(name)
    processes.wait_until_ready(120)
    for service in SERVICES:
        cluster.await_on_disk(f"jianyi.{service}")
