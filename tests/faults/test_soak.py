"""A short soak: twenty faults of all kinds on three brokers and two replicas of each service, and the counting after."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from soak import report
from soak.plan import rounds
from soak.run import RECOVERY_SECONDS, Result, Struck

pytestmark = [pytest.mark.faults, pytest.mark.real, pytest.mark.timeout(600)]

FAULTS = 20


def test_twenty_faults_lose_nothing_double_nothing_and_leave_nothing_stuck(tmp_path: Path):
    """In a process of its own, as `make soak` runs it: what drives the faults must not wait for pytest's threads."""
    environment = {
        **os.environ,
        "MINUTES": "6",
        "FAULTS": str(FAULTS),
        "SEED": "20",
        "RECOVERY": "30",  # a life goes slowly while other tests have the processors; `make soak` has them to itself
        "PEOPLE": "1",  # for the same reason
        "JIANYI_HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-m", "soak"], env=environment, capture_output=True, text=True, timeout=500
    )
    told = done.stdout[-6000:] + done.stderr[-2000:]
    assert done.returncode == 0, told
    counted = json.loads((tmp_path / "soak.json").read_text())
    assert counted["faults"] >= FAULTS, told
    assert (counted["lost"], counted["doubled"], counted["stuck"]) == (0, 0, 0)
    assert counted["commands"] >= 13 * FAULTS / 2  # a life after each round, and the crowd's


def test_a_seed_repeats_its_plan():
    def first(seed: int) -> list:
        return [round for round, _ in zip(rounds(seed), range(50), strict=False)]

    assert first(3) == first(3) != first(4)


def test_faults_of_one_part_do_not_come_together():
    for round, _ in zip(rounds(5), range(500), strict=False):
        parts = [fault.part for fault in round.faults]
        assert len(set(parts)) == len(parts)


def test_the_summary_counts_by_kind_of_fault():
    struck = [Struck("database killed", "PostgreSQL", 2.0), Struck("database killed", "PostgreSQL", 4.0)]
    summary = report.summary(Result(struck=struck, commands=3), seed=1, seconds=60)
    assert summary["faults"] == 2 and summary["recovery_seconds_max"] == 4.0 < RECOVERY_SECONDS
    assert summary["by_kind"] == {
        "database killed": {"faults": 2, "recovery_seconds_median": 3.0, "recovery_seconds_max": 4.0}
    }
