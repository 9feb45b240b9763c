"""Measures the network and prints a table with the machine beside it: `make bench`, or `python -m benchmarks NAME …`."""

from __future__ import annotations

import argparse
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks import embedded, events, plugins, real
from benchmarks.measure import Row, yardstick

PARTS: dict[str, Callable[[Path], Iterable[Row]]] = {
    "embedded": embedded.measure,
    "real": real.measure,
    "events": events.measure,
    "plugins": plugins.measure,
    "backlog": events.measure_backlog,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", choices=[*PARTS, []], help="what to measure; everything when none is named"
    )
    chosen = parser.parse_args().parts or list(PARTS)
    console = Console(highlight=False, width=120)
    rows: list[Row] = []
    for part in chosen:
        home = Path(tempfile.mkdtemp(prefix="jianyi-bench-"))
        try:
            for row in PARTS[part](home):
                console.print(f"{row.what}: {row.measured}")
                rows.append(row)
        finally:
            shutil.rmtree(home, ignore_errors=True)
    memory = psutil.virtual_memory().total // 2**30
    console.print(
        f"{platform.platform()}, {psutil.cpu_count()} cores, {memory} GiB, Python {platform.python_version()}, "
        f"a million steps of Python in {yardstick():.0f} ms"
    )
    table = Table("what", "measured", "goal", "met")
    for row in rows:
        table.add_row(row.what, row.measured, row.goal, {True: "yes", False: "NO", None: ""}[row.met])
    console.print(table)


main()
