"""The power is cut while people work: what was answered is on the disk.

A cut leaves what was synchronised, and of what was written later any part. SQLite synchronises its write-ahead log (WAL) at each
commit, before the answer; so a log that is cut off, or scrambled, anywhere behind its length at the moment of an answer is a state
that a disk may be found in. The process is stopped (SIGSTOP) while its files are measured and copied, so that they belong together.
Looked at one by one, the logs are cut anywhere behind that length; of the network that lives on, all are cut at the same moment:
no service can have taken in what another had not yet synchronised.
"""

from __future__ import annotations

import os
import random
import secrets
import shutil
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from jianyi import lives
from jianyi.client import Client
from jianyi.processes import SERVICES, free_ports, processes_of
from shared.database import Database
from shared.settings import Settings
from soak.counting import Counting

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]

CUTS, WRITERS = 12, 3
PROVINCE = {
    "path": "43",
    "code": "43",
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}


def test_a_commit_waits_for_the_disk(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'intake.db'}", "intake")
    with database.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
    database.close()


def test_what_was_answered_survives_every_cut(tmp_path):
    settings = Settings(
        home=tmp_path / "network",
        port=free_ports(len(SERVICES) + 1),
        secret=secrets.token_urlsafe(40),
        clock="case",
    )
    processes = processes_of(settings, real=False)
    processes.start("network")
    processes.wait_until_ready()
    try:
        system = Client.as_system(settings)
        system.command("/divisions", divisions=[PROVINCE])
        players = lives.cast(system, "43", "cut")
        with writing(players) as answered:
            pid = processes.running["network"].pid
            cuts = [
                Cut.make(tmp_path / f"cut-{number}", pid, settings.home, answered) for number in range(CUTS)
            ]
            last = Cut.make(tmp_path / "last", pid, settings.home, answered, at_once=True)
    finally:
        processes.stop()
    assert last.answered, "nothing was written meanwhile"
    assert sum(cut.lost_bytes for cut in cuts) > 0, "no cut took anything away"
    for cut in [*cuts, last]:
        cut.assert_nothing_answered_is_missing()
    assert_it_lives_on(replace(settings, home=last.home), last.answered)


class writing:
    """Deputies draft and submit as fast as they can; inside, what they were answered: {key: id}, growing."""

    def __init__(self, players: lives.Players) -> None:
        self.players, self.answered, self.enough = players, dict[str, str](), threading.Event()
        self.writers = [threading.Thread(target=self._write, args=(number,)) for number in range(WRITERS)]

    def __enter__(self) -> dict[str, str]:
        for writer in self.writers:
            writer.start()
        return self.answered

    def __exit__(self, *_: object) -> None:
        self.enough.set()
        for writer in self.writers:
            writer.join()

    def _write(self, writer: int) -> None:
        number = 0
        while not self.enough.is_set():
            key, number = f"cut-{writer}-{number}", number + 1
            data = {"congress": "43", **lives.TEXT, "title": f"关于第{key}处急弯的建议"}
            id = self.players.deputy.post("/suggestions", data, key=key)["id"]
            self.answered[key] = id
            self.players.deputy.post(f"/suggestions/{id}/submit", {}, key=f"{key}-submit")
            self.answered[f"{key}-submit"] = id


@dataclass
class Cut:
    """What the disk holds after a cut, and what had been answered before it."""

    home: Path
    answered: dict[str, str]
    lost_bytes: int

    @classmethod
    def make(
        cls, home: Path, process: int, live: Path, answered: dict[str, str], *, at_once: bool = False
    ) -> Cut:
        """`at_once`: all logs at the same moment, otherwise each anywhere behind what was synchronised."""
        chance = random.Random(home.name)
        while True:
            time.sleep(chance.uniform(0.05, 0.4))  # a moment that nobody chose
            before = dict(answered)
            with stopped(process):
                safe = lengths(live)
            time.sleep(chance.uniform(0.02, 0.1))  # written meanwhile: what the cut may take away
            with stopped(process):
                shutil.rmtree(home, ignore_errors=True)
                shutil.copytree(
                    live, home, ignore=shutil.ignore_patterns("*.db-shm", "*.log", "running", "LOCK")
                )
                now = lengths(live)
            if all(safe[name].is_of_the_same_log(now[name]) for name in now):
                break
        lost = sum(length.cut(home / "data" / name, chance, at_once) for name, length in safe.items())
        return cls(home, before, lost)

    def assert_nothing_answered_is_missing(self) -> None:
        for path in (self.home / "data").glob("*.db"):
            copy = self.home / "looked-at"  # so that the network finds the files as the cut left them
            shutil.copytree(path.parent, copy)
            connection = sqlite3.connect(copy / path.name)
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",), path.name
            if path.stem == "intake":
                for table, column in (
                    ("event_log", "subject"),
                    ("command_keys", "key"),
                    ("suggestions", "id"),
                ):
                    kept = {row[0] for row in connection.execute(f"SELECT {column} FROM {table}")}
                    wanted = set(self.answered) if column == "key" else set(self.answered.values())
                    assert wanted <= kept, f"{self.home.name}: {table} lacks {len(wanted - kept)}"
            connection.close()
            shutil.rmtree(copy)


@contextmanager
def stopped(process: int) -> Iterator[None]:
    """Inside, no thread of the process runs."""
    os.kill(process, signal.SIGSTOP)
    while any(
        stat.read_text().rpartition(")")[2].split()[0] != "T"
        for stat in Path(f"/proc/{process}/task").glob("*/stat")
    ):
        time.sleep(0.001)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def lengths(home: Path) -> dict[str, Length]:
    return {wal.name: Length.of(wal) for wal in (home / "data").glob("*.db-wal")}


@dataclass
class Length:
    """How much of a write-ahead log was on the disk, and in which of its rounds."""

    bytes: int
    round: bytes
    database_at: int

    @classmethod
    def of(cls, wal: Path) -> Length:
        with wal.open("rb") as file:
            header = file.read(32)
        return cls(wal.stat().st_size, header[12:24], wal.with_suffix(".db").stat().st_mtime_ns)

    def is_of_the_same_log(self, later: Length) -> bool:
        """False after a checkpoint: then more than this was synchronised, and moved."""
        return (self.round, self.database_at) == (later.round, later.database_at)

    def cut(self, wal: Path, chance: random.Random, at_once: bool) -> int:
        """Take away, or scramble, what came later: all of it, or from anywhere on. Returns how many bytes."""
        size = wal.stat().st_size
        at = self.bytes if at_once else chance.randint(self.bytes, size)
        with wal.open("r+b") as file:
            if chance.random() < 0.5:
                file.truncate(at)
            else:
                file.seek(at)
                file.write(chance.randbytes(size - at))
        return size - at


def assert_it_lives_on(settings: Settings, answered: dict[str, str]) -> None:
    """The network starts on what the cut left, and everybody comes to agree."""
    processes = processes_of(settings, real=False)
    processes.start("network")
    try:
        processes.wait_until_ready()
        counting = Counting(settings)
        counting.settle()
        assert counting.discrepancies() == []
        counting.close()
        deputy = Client.signed_in(Client.as_system(settings).base, "cut-deputy", lives.PASSWORD)
        for id in list(answered.values())[-20:]:
            assert deputy.get(f"/suggestions/{id}")["id"] == id
    finally:
        processes.stop()
