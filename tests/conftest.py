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

HERE = Path(__file__).parent
# Of several processes one does all the tests of a room, one after the other. A room is a folder, whose tests share a network …
FOLDERS_OF_FILES = {"deploy", "faults", "servers", "search_engine", "network", "rebuilding"}  # … or a file …
ON_THE_SAME_SERVERS = {
    "bus",
    "hub",
    "test_walk.py",
}  # … or these: their networks use the same exchange and index.
WITHOUT_ROOMS = {"contract", "unit"}  # elsewhere below these, tests share nothing


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Several processes heed the rooms, without being told."""
    if config.option.numprocesses and config.option.dist == "no":
        config.option.dist = "loadgroup"


def pytest_configure() -> None:
    """Stories on PostgreSQL: each of several processes has a database of its own."""
    if "PYTEST_XDIST_WORKER" in os.environ and (url := os.environ.get("JIANYI_TEST_DATABASE_URL")):
        os.environ["JIANYI_TEST_DATABASE_URL"] = new_database(url)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        *folders, file = item.path.relative_to(HERE).parts
        if ON_THE_SAME_SERVERS & {*folders, file}:
            room = "the same servers"
        elif folders[-1] in FOLDERS_OF_FILES:
            room = file
        elif folders[0] in WITHOUT_ROOMS:
            continue
        else:
            room = folders[-1]
        item.add_marker(pytest.mark.xdist_group(room))


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
