"""The data folder's disk runs full while people work: refused in words, nothing half done, and on it goes with room again.

Needs a small file system of its own, which only root may make.
"""

from __future__ import annotations

import os
import secrets
import subprocess
from pathlib import Path

import psycopg2
import pytest

from jianyi import lives
from jianyi.client import Client
from jianyi.processes import SERVICES, free_ports, new_database, processes_of
from servers import real_servers
from servers.postgresql import PostgreSQL, unprivileged_user
from shared.database import Database
from shared.problems import Problem, Unavailable
from shared.settings import Settings
from soak.counting import Counting

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

PROVINCE = {
    "path": "43",
    "code": "43",
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}
PAST_FULL = 60  # drafts; a kilobyte and more each


@pytest.fixture
def small_disk(tmp_path: Path):
    """A folder on a file system of 64 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64m,mode=0777", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
    )
    if mounted.returncode:
        pytest.fail(f"this test mounts a small file system, as root: {mounted.stderr}", pytrace=False)
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Leave no room at all."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return ballast


def test_embedded_it_is_refused_and_goes_on_when_there_is_room(small_disk, tmp_path):
    settings = Settings(
        home=small_disk, port=free_ports(len(SERVICES) + 1), secret=secrets.token_urlsafe(40), clock="case"
    )
    processes = processes_of(settings, real=False)
    processes.logs = tmp_path  # the operator's logs are on another disk
    processes.start("network")
    try:
        processes.wait_until_ready()
        system = Client.as_system(settings)
        system.command("/divisions", divisions=[PROVINCE])
        players = lives.cast(system, "43", "full")
        quiet = lives.Life(players, "full-before").live(published=True)
        ballast = fill(small_disk)
        told, drafted = draft_until_refused(players)
        assert (told.status, told.detail) == (
            503,
            "磁盘已满，您的操作没有保存，请联系运维人员清理磁盘后再试。",
        )
        assert players.deputy.get(f"/suggestions/{quiet}")["id"] == quiet, "reading goes on"
        ballast.unlink()
        processes.wait_until_ready()
        later = lives.Life(players, "full-after").live(published=True)
        counting = Counting(settings)
        counting.settle()
        assert counting.discrepancies() == []
        stories = counting.stories([quiet, later])
        assert stories[quiet] == stories[later]
        counting.close()
        found = players.liaison.get("/search", text="急弯", congress="43", limit=100)
        assert {quiet, later} <= {hit["id"] for hit in found["hits"]}
        assert_each_is_there_once(players, drafted)
        assert processes.running["network"].poll() is None
    finally:
        processes.stop()


def draft_until_refused(players: lives.Players) -> tuple[Problem, dict[str, str]]:
    """The refusal, and the ids of the drafts that were answered before it, by key."""
    drafted: dict[str, str] = {}
    for number in range(PAST_FULL):
        key = f"full-{number}"
        try:
            drafted[key] = draft(players, key)
        except Problem as problem:
            return problem, drafted
    raise AssertionError("the disk is full and nothing was refused")


def assert_each_is_there_once(players: lives.Players, drafted: dict[str, str]) -> None:
    """A repeat of what was answered answers the same; of what was refused, it is done now."""
    for key, id in drafted.items():
        assert players.deputy.get(f"/suggestions/{id}")["id"] == id
        assert draft(players, key) == id
    refused = f"full-{len(drafted)}"
    assert draft(players, refused) == draft(players, refused)


def draft(players: lives.Players, key: str) -> str:
    data = {"congress": "43", **lives.TEXT, "title": f"关于第{key}处急弯的建议"}
    return str(players.deputy.post("/suggestions", data, key=key)["id"])


def test_postgresql_says_so_and_goes_on_when_there_is_room(small_disk, tmp_path):
    """The tables are on the small disk; the server's own log of changes is not, so that it survives."""
    with real_servers(tmp_path / "servers", ["postgresql"], fast=True) as servers:
        server = servers.postgresql
        owner = small_disk / "tables"
        owner.mkdir()
        if user := unprivileged_user():
            os.chown(owner, user.pw_uid, user.pw_gid)
            open_the_way_to(owner, tmp_path)
        as_administrator(
            server,
            f"CREATE TABLESPACE small LOCATION '{owner}'",
            "GRANT CREATE ON TABLESPACE small TO jianyi",
        )
        url = new_database(server.url).replace("postgresql://", "postgresql+psycopg2://", 1)
        database = Database(url, "intake")
        with database.writing() as writing:
            writing.exec_driver_sql("CREATE SCHEMA intake")
            writing.exec_driver_sql("CREATE TABLE intake.text (body TEXT) TABLESPACE small")
        ballast = fill(small_disk)
        with pytest.raises(Unavailable, match="磁盘已满"), database.writing() as writing:
            writing.exec_driver_sql("INSERT INTO text VALUES ('first')")
            writing.exec_driver_sql(
                "INSERT INTO text SELECT repeat(md5(n::text), 100) FROM generate_series(1, 5000) n"
            )
        ballast.unlink()
        with database.writing() as writing:
            writing.exec_driver_sql("INSERT INTO text VALUES ('second')")
        with database.reading() as reading:
            assert reading.exec_driver_sql("SELECT body FROM text").scalars().all() == ["second"]
        database.close()


def as_administrator(server: PostgreSQL, *statements: str) -> None:
    connection = psycopg2.connect(server.url.replace("//jianyi@", "//postgres@", 1))
    connection.autocommit = True
    for statement in statements:
        connection.cursor().execute(statement)
    connection.close()


def open_the_way_to(folder: Path, tests: Path) -> None:
    """pytest's folders are closed to others; PostgreSQL runs as somebody else."""
    for above in (folder.parent, tests, *tests.parents):
        if above.stat().st_uid == os.getuid() and above != Path("/") and above != Path("/tmp"):
            above.chmod(above.stat().st_mode | 0o011)
