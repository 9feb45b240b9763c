"""The network in one process: how soon it is ready, how much memory it takes, how long a plain life lasts."""

from __future__ import annotations

import secrets
import time
from pathlib import Path

from benchmarks.measure import Row, live_lives, megabytes, timed
from jianyi import lives
from jianyi.client import Client
from jianyi.hunan import hunan_divisions
from jianyi.processes import SERVICES, free_ports, processes_of
from shared.settings import Settings

LIVES = 30


def measure(home: Path) -> list[Row]:
    """Rows of the table."""
    settings = Settings(
        home=home, port=free_ports(len(SERVICES) + 1), secret=secrets.token_urlsafe(40), clock="case"
    )
    processes = processes_of(settings, real=False)
    try:
        processes.start("network")  # makes the databases
        processes.wait_until_ready()
        system = Client.as_system(settings)
        system.post("/divisions", {"divisions": hunan_divisions()})
        players = lives.cast(system, "43", "bench")
        processes.stop()
        began = time.perf_counter()
        processes.start("network")
        processes.wait_until_ready()
        ready = time.perf_counter() - began
        memory = megabytes([processes.running["network"].pid])
        players = _signed_in_again(players)
        single = timed(lambda: live_lives([players], 1, secrets.token_hex(4)), LIVES)
        return [
            Row("embedded: ready", f"{ready:.2f} s", "under 3 s", ready < 3),
            Row("embedded: memory with Hunan loaded", f"{memory:.0f} MB", "under 300 MB", memory < 300),
            Row(
                "embedded: a plain life, median",
                f"{single.at(0.5):.2f} s",
                "under 0.3 s",
                single.at(0.5) < 0.3,
            ),
            Row("embedded: memory after 30 lives", f"{megabytes([processes.running['network'].pid]):.0f} MB"),
        ]
    finally:
        processes.stop()


def _signed_in_again(players: lives.Players) -> lives.Players:
    """Sessions outlive a restart; ask once so that the first life does not pay for a cold start."""
    players.deputy.get("/my/suggestions")
    return players
