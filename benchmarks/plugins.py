"""What plugins cost: the same commands at a congress where all of them are on and at one where none is, in turns."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from benchmarks.measure import Row, Seconds
from jianyi import lives
from jianyi.client import Client
from jianyi.processes import running_network
from shared.plugins import installed
from shared.settings import Settings

ROUNDS = 60
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
        taken = {path: Seconds() for path in players}
        for number in range(ROUNDS):
            for path in (WITH, WITHOUT) if number % 2 else (WITHOUT, WITH):
                _commands(players[path], f"{path}-{number}", taken[path])
        middle = {path: taken[path].at(0.5) for path in players}
        totals = {path: sum(taken[path].all) / ROUNDS for path in players}
        more = totals[WITH] / totals[WITHOUT] - 1
        yield Row(
            f"six commands of a life, {len(on)} plugins on", f"{totals[WITH] * 1000:.0f} ms against {totals[WITHOUT] * 1000:.0f} ms: {more:+.1%}",
            "at most +10%", more <= 0.10,
        )  # fmt: skip
        yield Row(
            "the median of a command, on and off",
            f"{middle[WITH] * 1000:.1f} ms, {middle[WITHOUT] * 1000:.1f} ms",
        )


def _register(system: Client) -> None:
    rows = [("43", "湖南省", "province", ""), ("43.01", "长沙市", "city", "43"), (WITH, "浏阳市", "county", "43.01"), (WITHOUT, "宁乡市", "county", "43.01")]  # fmt: skip
    system.command(
        "/divisions",
        divisions=[
            {"path": path, "code": path.replace(".", ""), "name": name, "level": level, "parent": parent, "has_congress": True}
            for path, name, level, parent in rows
        ],
    )  # fmt: skip


def _commands(players: lives.Players, name: str, taken: Seconds) -> None:
    """From the draft to the signature: what is asked of plugins lies on this way."""

    def timed(client: Client, path: str, **data: object) -> dict[str, object]:
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
