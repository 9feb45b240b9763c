"""What a soak prints and writes down."""

from __future__ import annotations

import os
import platform
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

import orjson
import psutil
from rich.console import Console
from rich.table import Table

from soak.plan import KINDS
from soak.run import Result

COUNTS = (
    "commands", "events", "lives", "refused", "lost", "doubled", "stuck", "contradictions", "faulty_answers", "ended",
)  # fmt: skip
SHOWN = 50


def write(path: Path, result: Result, *, seed: int, seconds: float) -> None:
    """The counts as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        orjson.dumps(summary(result, seed=seed, seconds=seconds), option=orjson.OPT_INDENT_2) + b"\n"
    )


def summary(result: Result, *, seed: int, seconds: float) -> dict[str, Any]:
    return {
        "faults": len(result.struck),
        **{name: getattr(result, name) for name in COUNTS},
        "recovery_seconds_max": round(result.recovery_seconds_max, 2),
        "settled_seconds": round(result.settled_seconds, 2),
        "by_kind": by_kind(result),
        "findings": result.findings,
        "seed": seed,
        "seconds": round(seconds),
        "machine": {
            "processors": os.cpu_count(),
            "memory_gib": round(psutil.virtual_memory().total / 2**30),
            "system": f"{platform.system()} {platform.machine()}",
            "python": platform.python_version(),
        },
    }


def by_kind(result: Result) -> dict[str, dict[str, float]]:
    """For each kind of fault: how many, and the seconds until all worked again."""
    seconds: dict[str, list[float]] = defaultdict(list)
    for struck in result.struck:
        seconds[struck.kind].append(struck.recovery)
    return {
        kind: {
            "faults": len(seconds[kind]),
            "recovery_seconds_median": round(median(seconds[kind]), 2),
            "recovery_seconds_max": round(max(seconds[kind]), 2),
        }
        for kind in KINDS
        if kind in seconds
    }


def show(console: Console, result: Result, *, seed: int, seconds: float) -> None:
    """The same as tables to read."""
    table = Table("fault", "times", "median s", "longest s", title="Until all worked again")
    for kind, figures in by_kind(result).items():
        median_, longest = figures["recovery_seconds_median"], figures["recovery_seconds_max"]
        table.add_row(kind, str(figures["faults"]), f"{median_:.1f}", f"{longest:.1f}")
    table.add_section()
    table.add_row("all", str(len(result.struck)), "", f"{result.recovery_seconds_max:.1f}")
    console.print(table)
    counts = Table("counted", "", title=f"After {seconds / 60:.1f} minutes, seed {seed}")
    for name in COUNTS:
        counts.add_row(name.replace("_", " "), f"{getattr(result, name):,}")
    console.print(counts)
    for finding in result.findings[:SHOWN]:
        console.print(finding, style="red", markup=False, highlight=False)
    if len(result.findings) > SHOWN:
        console.print(f"… and {len(result.findings) - SHOWN} more, in the JSON file")
