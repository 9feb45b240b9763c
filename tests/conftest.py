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
SAME_SERVERS = "the same servers"  # … or these, whose networks use the same exchange and index:
ON_THE_SAME_SERVERS = {"bus", "hub", "test_walk.py"}
WITHOUT_ROOMS = {"contract", "unit"}  # elsewhere below these, tests share nothing
# Rooms that take long, the longest first: who begins with them is not kept waiting for one of them at the end.
LONG = (
    "subscribers", "command_line", "test_soak.py", SAME_SERVERS, "test_real.py", "test_real_servers.py", "e2e", "gateway",
    "test_webhooks_under_faults.py", "test_kill_embedded.py", "test_power_cut.py", "test_who_learns_what.py", "test_rebuilding.py",
    "test_who_may_do_what.py",
)  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Several processes heed the rooms and their order, without being told."""
    if config.option.numprocesses and config.option.dist == "no":
        config.option.dist, config.option.loadscopereorder = "loadgroup", False


def pytest_configure() -> None:
    """Stories on PostgreSQL: each of several processes has a database of its own."""
    if "PYTEST_XDIST_WORKER" in os.environ and (url := os.environ.get("JIANYI_TEST_DATABASE_URL")):
        os.environ["JIANYI_TEST_DATABASE_URL"] = new_database(url)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rooms = {item: room_of(item) for item in items}
    for item, room in rooms.items():
        if room:
            item.add_marker(pytest.mark.xdist_group(room))
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: LONG.index(rooms[item]) if rooms[item] in LONG else len(LONG))


def room_of(item: pytest.Item) -> str:
    """Empty for a test that shares nothing."""
    *folders, file = item.path.relative_to(HERE).parts
    if ON_THE_SAME_SERVERS & {*folders, file}:
        return SAME_SERVERS
    if folders[-1] in FOLDERS_OF_FILES:
        return file
    return "" if folders[0] in WITHOUT_ROOMS else folders[-1]


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
