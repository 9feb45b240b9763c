"""A command that follows a registration at once is carried out, though the event is still on its way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jianyi.processes import free_ports, new_database

REPO = Path(__file__).parents[3]


def told(home: Path, **urls: str) -> dict:
    others = {name: value for name, value in os.environ.items() if not name.startswith("JIANYI_")}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("lagging.py")), str(home), str(free_ports(8))],
        env={**others, **urls, "PYTHONPATH": str(REPO)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


GOES_THROUGH = {
    "assigned_to": ["省税务局"],
    "refusal": "有的单位不能由本级交办。",  # what nobody has registered is refused as before
    "failures": {"directory": 0, "intake": 0, "assignment": 0},
    "copies": {"intake": 4, "assignment": 3},  # nothing doubled when the events came
}


def test_embedded(tmp_path):
    assert told(tmp_path) == GOES_THROUGH


@pytest.mark.real
def test_on_real_servers(tmp_path):
    urls = {name: os.environ[f"JIANYI_{name}_URL"] for name in ("BROKER", "DATABASE", "SEARCH")}
    urls["DATABASE"] = new_database(urls["DATABASE"])
    assert told(tmp_path, **{f"JIANYI_{name}_URL": url for name, url in urls.items()}) == GOES_THROUGH
