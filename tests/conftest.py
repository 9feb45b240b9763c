"""Fixtures for all tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

sys.path.insert(0, str(Path(__file__).parent))

from harness import TestNetwork

from jianyi.processes import new_database

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


# How long an example takes says something about the machine, and nothing about the rule.
hypothesis.settings.register_profile(
    "rules", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("rules")


class ByRoom(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return room_of(nodeid) or nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByRoom:
    config.option.loadscopereorder = False  # `LONG` says what comes first
    return ByRoom(config, log)


def pytest_configure() -> None:
    """Stories on PostgreSQL: each of several processes has a database of its own."""
    if "PYTEST_XDIST_WORKER" in os.environ and (url := os.environ.get("JIANYI_TEST_DATABASE_URL")):
        os.environ["JIANYI_TEST_DATABASE_URL"] = new_database(url)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: (*LONG, room_of(item.nodeid)).index(room_of(item.nodeid)))


def room_of(nodeid: str) -> str:
    """Empty for a test that shares nothing."""
    _, *folders, file = nodeid.partition("::")[0].split("/")
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
