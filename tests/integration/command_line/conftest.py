"""A network to command, and a place where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from program import COUNTY, Office, Said, jianyi

from jianyi.processes import SERVICES, free_ports, processes_of
from shared.settings import Settings


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("办公室 home")
    settings = Settings(home=home, port=free_ports(len(SERVICES) + 1), demo=False)
    processes = processes_of(settings, real=False, clock="system")
    processes.start("network")
    try:
        processes.wait_until_ready()
        office = Office(processes, home, settings.port)
        parents = [("43", "湖南省", "province", ""), ("43.01", "长沙市", "city", "43")]
        county = (COUNTY, "浏阳市", "county", "43.01")
        divisions = [
            {"path": path, "code": path.replace(".", ""), "name": name, "level": level, "parent": parent, "has_congress": True}
            for path, name, level, parent in (*parents, county)
        ]  # fmt: skip
        office.system.command("/divisions", divisions=divisions)
        yield office
    finally:
        processes.stop()


@pytest.fixture
def nowhere(tmp_path: Path) -> Callable[..., Said]:
    """The program where no network runs: a data folder that is not there, and a free port."""
    where = {"JIANYI_HOME": str(tmp_path / "none"), "JIANYI_PORT": str(free_ports(len(SERVICES) + 1))}
    return lambda *arguments, **environment: jianyi(*arguments, **{**where, **environment})
