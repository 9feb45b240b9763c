"""A short soak: twenty faults of all kinds on three brokers and two replicas of each service, and the counting after."""

from __future__ import annotations

from pathlib import Path

import pytest

from servers import packages
from soak import report
from soak.network import soak_network
from soak.plan import KINDS, rounds
from soak.run import RECOVERY_SECONDS, Result, Soak, Struck

pytestmark = [pytest.mark.faults, pytest.mark.real, pytest.mark.timeout(600)]

FAULTS, SEED = 20, 20


def test_twenty_faults_lose_nothing_double_nothing_and_leave_nothing_stuck(tmp_path: Path):
    try:
        with soak_network(tmp_path) as network:
            result = Soak(network, say=print).run(SEED, lambda result: len(result.struck) >= FAULTS)
    except packages.Missing as missing:
        pytest.fail(str(missing), pytrace=False)
    assert result.findings == []
    assert {struck.kind for struck in result.struck} == set(KINDS)
    assert (result.lost, result.doubled, result.stuck) == (0, 0, 0)
    assert result.commands >= 13 * len(result.struck) / 2  # a life after each round, and the crowd's


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
