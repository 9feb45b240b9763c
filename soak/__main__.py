"""python -m soak   lives under faults for MINUTES (20), or until there were FAULTS of them, by the plan of SEED (one by
chance), while PEOPLE (3) live at the same time; exit code 1 when anything was lost, doubled or stuck, or took more than
RECOVERY (10) seconds to work again. The counts also go to soak.json below JIANYI_HOME (var)."""

from __future__ import annotations

import os
import random
import shutil
import sys
import time
from pathlib import Path

from rich.console import Console

from servers import ServerFailed, packages
from soak import report
from soak.network import soak_network
from soak.run import PEOPLE, RECOVERY_SECONDS, Soak


def main() -> int:
    minutes = float(os.environ.get("MINUTES") or 20)
    seed = int(os.environ.get("SEED") or random.randrange(1_000_000))
    most = int(os.environ.get("FAULTS") or 0)
    recovery = float(os.environ.get("RECOVERY") or RECOVERY_SECONDS)
    people = int(os.environ.get("PEOPLE") or PEOPLE)
    home = Path(os.environ.get("JIANYI_HOME") or "var")
    logs = home / "soak"
    shutil.rmtree(logs, ignore_errors=True)
    logs.mkdir(parents=True)
    console = Console(soft_wrap=True)
    until = f", or until there were {most}" if most else ""
    console.print(
        f"Faults for {minutes:g} minutes{until}, seed {seed}. Starting three brokers and two of each service ..."
    )
    with soak_network(logs) as network:
        soak, began = Soak(network, console.print, recovery, people), time.monotonic()
        result = soak.run(
            seed, lambda so_far: 0 < most <= len(so_far.struck) or time.monotonic() - began > minutes * 60
        )
        seconds = time.monotonic() - began
    report.write(home / "soak.json", result, seed=seed, seconds=seconds)
    report.show(console, result, seed=seed, seconds=seconds)
    if result.is_good():
        shutil.rmtree(logs)
        return 0
    console.print(
        f"Something is wrong. The logs of all services and servers are in {logs}; SEED={seed} repeats the plan."
    )
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (packages.Missing, ServerFailed) as problem:
        sys.exit(str(problem))
