"""Fixtures for all tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from harness import TestNetwork

from jianyi.processes import new_database


def pytest_configure() -> None:
    """Stories on PostgreSQL: each of several processes has a database of its own."""
    if "PYTEST_XDIST_WORKER" in os.environ and (url := os.environ.get("JIANYI_TEST_DATABASE_URL")):
        os.environ["JIANYI_TEST_DATABASE_URL"] = new_database(url)


@pytest.fixture
def network_of(tmp_path: Path) -> Iterator[object]:
    """A function that starts a network of the named services: `network_of("intake", "search")`."""
    started: list[TestNetwork] = []

    def start(*services: str, **options: object) -> TestNetwork:
        started.append(TestNetwork(tmp_path, services, **options))  # type: ignore[arg-type]
        return started[-1]

    yield start
    for network in started:
        network.close()
