"""All the real servers together: started side by side, ended together."""

from __future__ import annotations

import fcntl
import os
import secrets
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from servers.elasticsearch import Elasticsearch
from servers.guard import Guard
from servers.packages import install
from servers.postgresql import PostgreSQL
from servers.rabbitmq import RabbitMQ
from servers.server import Server, ServerFailed

# The slowest to start comes first.
KINDS: dict[str, type[Server]] = {
    "elasticsearch": Elasticsearch,
    "rabbitmq": RabbitMQ,
    "postgresql": PostgreSQL,
}
ALL = frozenset(KINDS)

S = TypeVar("S", bound=Server)


@dataclass(frozen=True)
class Addresses:
    """Where one network finds its real parts. Empty for a part that was not asked for."""

    broker: str = ""
    database: str = ""
    search: str = ""
    management: str = ""  # of the broker
    secret: str = field(default_factory=lambda: os.environ.get("JIANYI_SECRET") or secrets.token_urlsafe(48))

    def environment(self) -> dict[str, str]:
        """The settings (`shared.settings`) that make a process use them."""
        settings = {
            "JIANYI_BROKER_URL": self.broker,
            "JIANYI_DATABASE_URL": self.database,
            "JIANYI_SEARCH_URL": self.search,
            "JIANYI_BROKER_MANAGEMENT_URL": self.management,
            "JIANYI_SECRET": self.secret,
        }
        return {name: value for name, value in settings.items() if value}


class RealServers:
    """The running servers. A part that was not asked for is missing, and using it raises ServerFailed."""

    def __init__(self, home: Path, parts: Collection[str], *, fast: bool) -> None:
        if unknown := set(parts) - ALL:
            raise ValueError(f"No such server: {', '.join(sorted(unknown))}")
        self.fast, self.guard = fast, Guard()
        self._servers = {
            name: kind(home / name, self.guard, fast=fast) for name, kind in KINDS.items() if name in parts
        }

    @property
    def rabbitmq(self) -> RabbitMQ:
        return self._get("rabbitmq", RabbitMQ)

    @property
    def postgresql(self) -> PostgreSQL:
        return self._get("postgresql", PostgreSQL)

    @property
    def elasticsearch(self) -> Elasticsearch:
        return self._get("elasticsearch", Elasticsearch)

    @property
    def broker(self) -> str:
        return self.rabbitmq.url

    @property
    def database(self) -> str:
        return self.postgresql.url

    @property
    def search(self) -> str:
        return self.elasticsearch.url

    def environment(self) -> dict[str, str]:
        return Addresses(
            broker=self.broker if "rabbitmq" in self._servers else "",
            database=self.database if "postgresql" in self._servers else "",
            search=self.search if "elasticsearch" in self._servers else "",
            management=self.rabbitmq.management_url if "rabbitmq" in self._servers else "",
        ).environment()

    @contextmanager
    def fresh(self) -> Iterator[Addresses]:
        """An empty virtual host and an empty database for one test, deleted after it, and no index at all.

        Takes about 0.1 s. Indexes have no rooms of their own: two tests at the same time would meet in them.
        """
        name = f"test_{secrets.token_hex(6)}"
        if "elasticsearch" in self._servers:
            self.elasticsearch.delete_all()
        try:
            yield Addresses(
                broker=self.rabbitmq.new_vhost(name) if "rabbitmq" in self._servers else "",
                database=self.postgresql.new_database(name) if "postgresql" in self._servers else "",
                search=self.search if "elasticsearch" in self._servers else "",
            )
        finally:
            # A test may leave a server dead; the next one that needs it starts it.
            if "rabbitmq" in self._servers and self.rabbitmq.is_running():
                self.rabbitmq.delete_vhost(name)
            if "postgresql" in self._servers and self.postgresql.is_running():
                self.postgresql.delete_database(name)

    def start(self) -> None:
        """Start those that do not run, all at the same time, and wait until each is ready."""
        for server in self._servers.values():
            server.launch()
        for server in self._servers.values():
            server.await_ready()

    def end(self) -> None:
        """Stop them all; when `fast`, without letting them tidy up."""
        try:
            for server in self._servers.values():
                if self.fast:
                    server.kill()
                else:
                    server.ask_to_stop()
            for server in self._servers.values():
                server.stop()
        finally:
            self.guard.close()

    def _get(self, name: str, kind: type[S]) -> S:
        server = self._servers.get(name)
        if not isinstance(server, kind):
            raise ServerFailed(f"{name} is not among the servers that were asked for.")
        return server


@contextmanager
def real_servers(
    home: Path | None = None, parts: Collection[str] = ALL, *, fast: bool = False
) -> Iterator[RealServers]:
    """Install what is missing where that is allowed, start the servers, and end them when the block ends.

    `home`: the folder of their data, which is kept. When not given: servers/ below JIANYI_HOME, or, when
    `fast`, a temporary folder that is deleted.
    `fast`: for tests; does not wait for the disk, and ends the servers without letting them tidy up.
    Raises packages.Missing when something has to be installed first, and ServerFailed.
    """
    if home is None and fast:
        with (
            tempfile.TemporaryDirectory(prefix="jianyi-servers-") as folder,
            real_servers(Path(folder), parts, fast=True) as servers,
        ):
            yield servers
        return
    home = home or Path(os.environ.get("JIANYI_HOME") or "var") / "servers"
    install({"elasticsearch": "java"}.get(part, part) for part in sorted(parts))
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ServerFailed(
                f"Another program runs its servers in {home}. Set JIANYI_HOME to another folder."
            ) from error
        servers = RealServers(home, parts, fast=fast)
        try:
            servers.start()
            yield servers
        finally:
            servers.end()
