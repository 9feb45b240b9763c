"""What plugins cost: the same commands at a congress where all of them are on and at one where none is, in turns."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from rich.console import Console

from benchmarks.measure import Row, Seconds
from jianyi import lives
from jianyi.client import Client
from jianyi.processes import running_network
from shared.plugins import installed
from shared.settings import SERVICES, Settings

ROUNDS = 60
COMMANDS = ("draft", "submit", "accept", "assign", "sign", "plan")
WITH, WITHOUT = "43.01.81", "43.01.82"


def measure(home: Path) -> Iterable[Row]:
    with running_network(Settings(home=home, demo=False), Console(quiet=True), real=False) as network:
        system = Client.as_system(network)
        _register(system)
        players = {path: lives.cast(system, path, f"p{path[-2:]}") for path in (WITH, WITHOUT)}
        today = lives.legal_date(lives.datetime.now(lives.UTC)).isoformat()
        names = [name for name, practice in installed().practices.items() if not practice.is_core]
        on = [name for name in names if "congress" in installed().practices[name].places]
        for name in on:
            system.command("/practices", name=name, congress=WITH, effective_on=today, settings={})
        # A person gives the next command when the one before has come to everybody; a program may not wait for that, and
        # where all services are one process, the events of its command are handled in the time of the next.
        yield from _compared(players, len(on), "each command by itself", partial(_until_quiet, system), 0.10)
        yield from _compared(players, len(on), "one command upon another", lambda: None, None)


def _compared(
    players: dict[str, lives.Players], count: int, how: str, pause: Callable[[], None], most: float | None
) -> Iterable[Row]:
    taken, rounds = {path: Seconds() for path in players}, {path: Seconds() for path in players}
    for number in range(ROUNDS):
        for path in (WITH, WITHOUT) if number % 2 else (WITHOUT, WITH):
            before = len(taken[path].all)
            _commands(players[path], f"{how} {path}-{number}", taken[path], pause)
            rounds[path].add("", sum(taken[path].all[before:]))
    totals = {path: rounds[path].at(0.5) for path in players}  # the machine's own pauses are in the mean
    # In pairs: the machine is faster now and slower then, and as fast for one of a round as for the other.
    more = (
        statistics.median(on / off for on, off in zip(rounds[WITH].all, rounds[WITHOUT].all, strict=True)) - 1
    )
    yield Row(
        f"six commands of a life, {how}, {count} plugins on", f"{totals[WITH] * 1000:.0f} ms against {totals[WITHOUT] * 1000:.0f} ms: {more:+.1%}",
        "at most +10%" if most else "", more <= most if most else None,
    )  # fmt: skip
    medians = {path: [statistics.median(taken[path].all[i :: len(COMMANDS)]) for i in range(len(COMMANDS))] for path in players}  # fmt: skip
    each = zip(COMMANDS, medians[WITH], medians[WITHOUT], strict=True)
    yield Row(
        f"each command's median, {how}, on and off",
        ", ".join(f"{name} {on * 1000:.1f} and {off * 1000:.1f} ms" for name, on, off in each),
    )


def _until_quiet(system: Client) -> None:
    """Until all that was published has been taken in everywhere."""
    before: list[int] = []
    while True:
        states = [system.operate(service, "status") for service in SERVICES]
        now = [state["consumed"] for state in states]
        if now == before and not any(state["outbox"] for state in states):
            return
        before = now
        time.sleep(0.03)


def _register(system: Client) -> None:
    rows = [("43", "湖南省", "province", ""), ("43.01", "长沙市", "city", "43"), (WITH, "浏阳市", "county", "43.01"), (WITHOUT, "宁乡市", "county", "43.01")]  # fmt: skip
    system.command(
        "/divisions",
        divisions=[
            {"path": path, "code": path.replace(".", ""), "name": name, "level": level, "parent": parent, "has_congress": True}
            for path, name, level, parent in rows
        ],
    )  # fmt: skip


def _commands(players: lives.Players, name: str, taken: Seconds, pause: Callable[[], None]) -> None:
    """From the draft to the signature: what is asked of plugins lies on this way."""

    def timed(client: Client, path: str, **data: object) -> dict[str, object]:
        pause()
        began = time.perf_counter()
        answer = client.post(path, data)
        taken.add("", time.perf_counter() - began)
        return dict(answer)

    draft = {**lives.TEXT, "title": f"{lives.TEXT['title']}（{name}）", "congress": players.congress}
    at = f"/suggestions/{timed(players.deputy, '/suggestions', **draft)['id']}"
    timed(players.deputy, f"{at}/submit")
    timed(players.liaison, f"{at}/accept")
    time.sleep(0.05)  # its event reaches assignment
    timed(players.liaison, f"{at}/assign", lead=players.unit)
    task = players.clerk.get(f"{at}/handling")["tasks"][0]["id"]
    timed(players.clerk, f"{at}/sign-for", task=task)
    timed(players.clerk, f"{at}/plan", task=task, handler="经办人", plan="三月勘查，四月施工。")
