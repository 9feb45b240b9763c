"""People who live plain lives without pause while something is done to the network, and remember what was answered."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import urllib3

from jianyi.client import Client
from jianyi.lives import Life, Players
from shared.problems import Problem


class Crowd:
    """`with Crowd(players, "kills", at_least=20) as crowd: …` When the block ends, the lives begun are lived to their end.

    ids: the suggestions; stuck: the lives that came to no end, which are raised when the block ends unless `patient`;
    answered: the key of each command that was accepted; troubles: every answer of the kind 5xx.
    """

    def __init__(self, players: Players, name: str, *, at_least: int, threads: int = 4, rest: float = 0.0,
                 patient: bool = False) -> None:  # fmt: skip
        self.players, self.name, self.at_least = players, name, at_least
        self.rest, self.patient = rest, patient  # seconds between two lives of a thread
        self.ids: list[str] = []
        self.stuck: list[str] = []
        self.answered: list[str] = []
        self.troubles: list[urllib3.BaseHTTPResponse] = []
        self._begun = 0
        self._enough, self._lock = threading.Event(), threading.Lock()
        self._threads, self._pool = threads, ThreadPoolExecutor(threads)
        for client in (players.deputy, players.liaison, players.clerk, players.head):
            client.heard = self._remember

    def __enter__(self) -> Crowd:
        self._futures: list[Future[None]] = [self._pool.submit(self._live_on) for _ in range(self._threads)]
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: Any) -> None:
        self._enough.set()
        if kind is not None:  # what went wrong should be told now, not after all have given up
            self.at_least = 0
            self._pool.shutdown(wait=False, cancel_futures=True)
            return
        for future in self._futures:
            future.result()
        self._pool.shutdown()

    def _live_on(self) -> None:
        while (number := self._next()) is not None:
            name = f"{self.name}-{number}"
            life = Life(self.players, name, partial(self._was_answered, name))
            try:
                self.ids.append(life.live(published=True))
            except Exception as error:
                if not self.patient:
                    raise
                self.stuck.append(f"{name} {life.id}: {error!r}")
            self._enough.wait(self.rest)

    def _was_answered(self, name: str, step: str, seconds: float) -> None:
        self.answered.append(f"{name}-{step}")

    def _next(self) -> int | None:
        with self._lock:
            if self._enough.is_set() and self._begun >= self.at_least:
                return None
            self._begun += 1
            return self._begun

    def _remember(self, response: urllib3.BaseHTTPResponse) -> None:
        if response.status >= 500:
            self.troubles.append(response)


class Unkeyed:
    """Somebody who registers deputies one after another, without a key, and never asks a second time."""

    def __init__(self, system: Client, congress: str, prefix: str, rest: float = 0.0) -> None:
        self.system, self.congress, self.prefix, self.rest = system, congress, prefix, rest
        self.accepted: list[str] = []
        self.refused: list[str] = []

    def go_on_until(self, done: threading.Event) -> None:
        while not done.is_set():
            name = f"{self.prefix}{len(self.accepted) + len(self.refused)}"
            try:
                self.system.command("/deputies", congress=self.congress, name=name)
                self.accepted.append(name)
            except (Problem, urllib3.exceptions.HTTPError):
                self.refused.append(name)
            done.wait(self.rest)
