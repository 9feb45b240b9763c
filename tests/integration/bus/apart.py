"""Runs a script of this folder in a process of its own, which turns green and may be killed: `python SCRIPT HOME PORT ...`.

What it found out stands in HOME/outcome.json, not among what it prints: there the log goes on until its last moment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from jianyi.processes import free_ports

HERE = Path(__file__).parent
OUTCOME = "outcome.json"


def outcome_of(script: str, home: Path, *arguments: object, **urls: str) -> Any:
    """What the script leaves behind; `urls` are the servers it works with, JIANYI_*: embedded without any."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("JIANYI_")}
    done = subprocess.run(
        [sys.executable, str(HERE / script), str(home), str(free_ports(8)), *map(str, arguments)],
        env={**others, **urls, "PYTHONPATH": str(HERE.parents[2])}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return json.loads((home / OUTCOME).read_text())


def leave(home: Path, outcome: Any) -> None:
    (home / OUTCOME).write_text(json.dumps(outcome, ensure_ascii=False))
