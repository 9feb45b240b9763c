"""Several RabbitMQ nodes on this one machine that make up one cluster: any of them may be killed, frozen or cut off."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from servers.guard import Guard
from servers.rabbitmq import Epmd, RabbitMQ
from servers.server import Server


class Node(RabbitMQ):
    """One node of a cluster. Its name server is the cluster's, and outlives it."""

    def __init__(
        self, home: Path, guard: Guard, *, fast: bool, epmd: Epmd, nodes: Sequence[str], number: int
    ) -> None:
        super().__init__(home, guard, fast=fast, node=nodes[number])
        self.name = f"RabbitMQ node {number + 1}"
        self.cookie_home, self.epmd, self.nodes = home.parent.resolve(), epmd, nodes

    def more_settings(self) -> str:
        nodes = (
            f"cluster_formation.classic_config.nodes.{n} = {name}" for n, name in enumerate(self.nodes, 1)
        )
        return "\n".join(
            [
                "cluster_formation.peer_discovery_backend = classic_config",
                *nodes,
                "cluster_partition_handling = pause_minority",  # as in deploy/broker
                "net_ticktime = 10",  # as there
                "queue_leader_locator = balanced",
                "",
            ]
        )

    def stop(self) -> None:
        Server.stop(self)

    def kill(self) -> None:
        Server.kill(self)


class RabbitMQCluster:
    """The nodes with what they share: a cookie and a name server."""

    def __init__(self, home: Path, guard: Guard, *, fast: bool, size: int = 3) -> None:
        self.home = home
        self.epmd = Epmd(home / "epmd", guard, fast=fast)
        names = [f"jianyi{number}@localhost" for number in range(1, size + 1)]
        self.nodes = [
            Node(home / f"node{n + 1}", guard, fast=fast, epmd=self.epmd, nodes=names, number=n)
            for n in range(size)
        ]

    def start(self) -> None:
        """Start all nodes side by side; returns when they have found each other."""
        self.home.mkdir(parents=True, exist_ok=True)
        cookie = self.home / ".erlang.cookie"
        if not cookie.exists():
            cookie.touch(mode=0o600)
            cookie.write_text(secrets.token_hex(16))
            cookie.chmod(0o400)
        for node in self.nodes:
            node.launch()
        for node in self.nodes:
            node.await_ready()

    def await_on_disk(self, queue: str) -> None:
        """Return once a new quorum queue would survive `kill` of any node."""
        for node in self.nodes:
            node.await_on_disk(queue)

    def end(self) -> None:
        with ThreadPoolExecutor(len(self.nodes)) as pool:
            list(pool.map(Node.kill, self.nodes))
        self.epmd.kill()
