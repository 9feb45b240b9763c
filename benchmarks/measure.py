"""What the benchmarks share: a row of the table, percentiles, memory, lives lived by several clients at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import psutil

from jianyi.lives import Life, Players


@dataclass
class Row:
    """One line of the table; `met` is None where there is no goal."""

    what: str
    measured: str
    goal: str = ""
    met: bool | None = None


def yardstick() -> float:
    """Milliseconds that this machine takes now for a million steps of Python: tells what other figures are worth."""

    def once() -> float:
        began, total = time.perf_counter(), 0
        for number in range(1_000_000):
            total += number
        return (time.perf_counter() - began) * 1000

    return min(once() for _ in range(5))


@dataclass
class Seconds:
    """Durations from several threads."""

    all: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, _: str, seconds: float) -> None:
        with self.lock:
            self.all.append(seconds)

    def at(self, share: float) -> float:
        """The duration that `share` of all stay under."""
        ordered = sorted(self.all)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def timed(action: Callable[[], object], times: int) -> Seconds:
    """Do something several times, one after another."""
    seconds = Seconds()
    for _ in range(times):
        began = time.perf_counter()
        action()
        seconds.add("", time.perf_counter() - began)
    return seconds


def live_lives(players: list[Players], count: int, name: str) -> tuple[float, Seconds]:
    """`count` plain lives, one client thread for each of the players. Returns (seconds in all, of each command)."""
    seconds = Seconds()
    began = time.perf_counter()
    with ThreadPoolExecutor(len(players)) as pool:
        jobs = [
            pool.submit(Life(players[number % len(players)], f"{name}-{number}", seconds.add).live)
            for number in range(count)
        ]
        for job in jobs:
            job.result()
    return time.perf_counter() - began, seconds


def megabytes(pids: list[int]) -> float:
    """Resident memory of processes and their children."""
    total = 0
    for pid in pids:
        process = psutil.Process(pid)
        total += sum(p.memory_info().rss for p in [process, *process.children(recursive=True)])
    return total / 2**20


def middle_and_tail(seconds: Seconds) -> str:
    """The median and the 95th percentile, for people."""
    return f"{milliseconds(seconds.at(0.5))}, {milliseconds(seconds.at(0.95))}"


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
