"""On a busy day no service's hub is blocked: nobody waits for another one's import, export or search.

That a handler which does block is found and named is a story of tests/integration/bus.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

import load
import pytest
from hubs import blocked, blocks

from jianyi.processes import SERVICES, free_ports, new_database, processes_of
from shared.settings import Settings


def blocked_on_a_busy_day(processes, folder) -> list[str]:
    """What blocked hubs under the load."""
    for name in processes.commands:
        processes.start(name)
    try:
        processes.wait_until_ready()
        at_start = len(blocks(processes))  # libraries are loaded: nobody waits yet
        load.carry(processes, folder)
    finally:
        processes.stop()
    return blocked(processes, since=at_start)


def blocked_each_day(days) -> list[str]:
    """What blocked hubs on each of two busy days: a crowded machine holds one up now and then, a handler every day."""
    found: list[str] = []
    for processes, folder in days:
        found = blocked_on_a_busy_day(processes, folder)
        if not found:
            break
    return found


@pytest.mark.timeout(400)
def test_embedded(tmp_path):
    def day(name: str):
        (home := tmp_path / name).mkdir()
        settings = Settings(
            home=home, port=free_ports(len(SERVICES) + 1), secret=secrets.token_urlsafe(40), clock="case"
        )
        return processes_of(settings, real=False), home

    assert blocked_each_day(day(name) for name in ("one", "another")) == []


@pytest.mark.real
@pytest.mark.timeout(400)
def test_each_service_on_real_servers(tmp_path):
    def day(name: str):
        (home := tmp_path / name).mkdir()
        settings = Settings(
            home=home, port=free_ports(len(SERVICES) + 1), secret=secrets.token_urlsafe(40), clock="case",
            broker_url=os.environ["JIANYI_BROKER_URL"], database_url=new_database(os.environ["JIANYI_DATABASE_URL"]),
            search_url=os.environ["JIANYI_SEARCH_URL"],
        )  # fmt: skip
        processes = processes_of(settings, real=True)
        subprocess.run(
            [sys.executable, "-m", "jianyi", "migrate"], env=processes.environment, check=True, timeout=120
        )
        return processes, home

    assert blocked_each_day(day(name) for name in ("one", "another")) == []
