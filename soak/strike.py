"""Carries out the faults of a plan on a soak's network."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial

import psycopg2

from servers.server import Server
from soak import faults
from soak.network import SIDES, SoakNetwork
from soak.plan import Fault

RELAY_SECONDS = 5.0  # so long it is looked for a relay that relays
CLIENT_BACKENDS = (
    "backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid()"
)
RELAYING = f"""
    SELECT split_part(application_name, ' ', 2)::int FROM pg_stat_activity
    WHERE {CLIENT_BACKENDS} AND state = 'idle in transaction' AND query LIKE '%%DELETE FROM outbox%%'
"""
BUSY_BACKEND = (
    f"SELECT pid FROM pg_stat_activity WHERE {CLIENT_BACKENDS} ORDER BY state = 'idle', random() LIMIT 1"
)


class Striker:
    """`with Striker(network).strike(fault): …` Inside the block it lasts; when it ends, the part is back.

    The value of `strike` says whom it struck.
    """

    def __init__(self, network: SoakNetwork) -> None:
        self.network, self.processes = network, network.processes
        self.replicas = sorted(network.processes.commands)
        self.node_names = [str(number) for number in range(len(network.cluster.nodes))]
        self._by_kind: dict[str, Callable[[Fault], Iterator[str]]] = {
            "service killed": self._service_killed,
            "relay killed": self._relay_killed,
            "broker node killed": lambda f: self._killed(self._node(f)),
            "database session ended": self._session_ended,
            "database backend killed": self._backend_killed,
            "database killed": lambda f: self._killed(self.network.servers.postgresql),
            "service paused": self._service_paused,
            "broker node paused": lambda f: self._frozen(self._node(f)),
            "database paused": lambda f: self._frozen(self.network.servers.postgresql),
            "broker alarm": self._alarm,
        }
        for what in ("broker", "database", "search"):
            for how in ("cut off", "silent", "slow"):
                self._by_kind[f"{what} {how}"] = partial(self._way, what, how)

    @contextmanager
    def strike(self, fault: Fault) -> Iterator[str]:
        yield from self._by_kind[fault.kind](fault)

    # --- services ---------------------------------------------------------------------------------------------

    def _service_killed(self, fault: Fault) -> Iterator[str]:
        name = fault.choose(self.replicas)
        with faults.killed_service(self.processes, name):
            yield name

    def _relay_killed(self, fault: Fault) -> Iterator[str]:
        """The process that has just taken events from its outbox and waits for the broker's confirms."""
        name = self._who_relays() or fault.choose(self.replicas)
        with faults.killed_service(self.processes, name):
            yield name

    def _service_paused(self, fault: Fault) -> Iterator[str]:
        name = fault.choose(self.replicas)
        process = self.processes.running[name]
        process.send_signal(signal.SIGSTOP)
        try:
            yield name
        finally:
            process.send_signal(signal.SIGCONT)

    def _who_relays(self) -> str | None:
        by_pid = {process.pid: name for name, process in self.processes.running.items()}
        ends = time.monotonic() + RELAY_SECONDS
        with (
            suppress(psycopg2.Error),
            closing(self._connection()) as connection,
            connection.cursor() as cursor,
        ):
            while time.monotonic() < ends:
                cursor.execute(RELAYING)
                for (pid,) in cursor.fetchall():
                    if pid in by_pid:
                        return by_pid[pid]
        return None

    # --- servers ----------------------------------------------------------------------------------------------

    def _node(self, fault: Fault) -> Server:
        return self.network.cluster.nodes[int(fault.choose(self.node_names))]

    def _killed(self, server: Server) -> Iterator[str]:
        with faults.killed(server):
            yield server.name

    def _frozen(self, server: Server) -> Iterator[str]:
        with server.frozen():
            yield server.name

    def _alarm(self, fault: Fault) -> Iterator[str]:
        """The broker runs out of memory: no node takes anything more."""
        node = self.network.cluster.nodes[int(fault.choose(self.node_names))]
        node.control("set_vm_memory_high_watermark", "0")
        try:
            yield node.name
        finally:
            node.control("set_vm_memory_high_watermark", "0.4")

    def _session_ended(self, fault: Fault) -> Iterator[str]:
        most = 1 + int(fault.chance * 6)
        with suppress(psycopg2.Error):  # another fault may be in the way
            most = faults.cut_off(self.network.settings.database_url, most)
        yield f"{most} sessions"

    def _backend_killed(self, fault: Fault) -> Iterator[str]:
        """kill -9 of the process that serves one session: PostgreSQL ends all others and recovers."""
        pid = 0
        with (
            suppress(psycopg2.Error),
            closing(self._connection()) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(BUSY_BACKEND)
            (pid,) = cursor.fetchone() or (0,)
        if pid:
            os.kill(pid, signal.SIGKILL)
        yield f"backend {pid}"
        self.network.servers.postgresql.await_ready()

    # --- ways -------------------------------------------------------------------------------------------------

    def _way(self, what: str, how: str, fault: Fault) -> Iterator[str]:
        """One side's way, or both sides'; of the broker's nodes one, or all."""
        choices = [
            (sides, one) for sides in (SIDES[:1], SIDES[1:], SIDES) for one in (*self.node_names, "all")
        ]
        sides, node = choices[int(fault.chance * len(choices))]
        with ExitStack() as stack:
            for side in sides:
                ways = self.network.sides[side]
                proxies = {"broker": ways.brokers, "database": [ways.database], "search": [ways.search]}[what]
                if what == "broker" and node != "all":
                    proxies = [proxies[int(node)]]
                for proxy in proxies:
                    ways_to_harm = {"cut off": proxy.cut, "silent": proxy.silent, "slow": proxy.slow}
                    stack.enter_context(ways_to_harm[how]())
            which = f" node {node}" if what == "broker" else ""
            yield f"side {'+'.join(sides)}{which}"

    def _connection(self) -> psycopg2.extensions.connection:
        connection = psycopg2.connect(self.network.settings.database_url, connect_timeout=3)
        connection.autocommit = True
        return connection
