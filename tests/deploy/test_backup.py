"""The backup of an embedded instance: consistent over all files, while others write; and what it brings back."""

from __future__ import annotations

import io
import os
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "deploy/k8s/overlays/county-local/backup.py"
# Counts up in one file after the other, as an event travels from service to service; as fast as it can.
WRITER = """
import sqlite3, sys, pathlib
files = [sqlite3.connect(f, isolation_level=None, timeout=5) for f in sys.argv[1:]]
print("writing", flush=True)
while True:
    for file in files:
        file.execute("UPDATE counter SET n = n + 1")
"""
NAMES = ("directory", "intake", "search")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Three databases in WAL mode, as the services have them."""
    (tmp_path / "data").mkdir()
    (tmp_path / "secret").write_text("the signing key")
    (tmp_path / "search").mkdir()
    for name in NAMES:
        with closing(sqlite3.connect(tmp_path / "data" / f"{name}.db", isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("CREATE TABLE counter (n INTEGER)")
            database.execute("INSERT INTO counter VALUES (0)")
            database.execute(
                "CREATE TABLE weight AS SELECT randomblob(2000000) AS b"
            )  # so that copying takes a while
    return tmp_path


@pytest.fixture
def writer(home: Path) -> Iterator[None]:
    files = [str(home / "data" / f"{name}.db") for name in NAMES]
    with subprocess.Popen([sys.executable, "-c", WRITER, *files], stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"writing\n"
        yield
        process.kill()


def back_up(home: Path, into: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        env=os.environ | {"JIANYI_HOME": str(home)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as tar:
        # Debian 12's Python 3.11.2 knows no filters yet; 3.12 and later want one.
        tar.extractall(into, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))


def counted(home: Path, name: str) -> int:
    with closing(sqlite3.connect(home / "data" / f"{name}.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(database.execute("SELECT n FROM counter").fetchone()[0])


def test_all_files_are_as_of_one_moment(home: Path, writer: None, tmp_path: Path) -> None:
    before = 0
    for attempt in range(5):
        copy = tmp_path / f"copy-{attempt}"
        back_up(home, copy)
        first, second, third = (counted(copy, name) for name in NAMES)
        assert first >= second >= third >= first - 1  # one step of the writer apart at most
        assert first > before  # it went on writing meanwhile
        before = first


def test_the_key_is_in_it_and_the_search_index_is_not(home: Path, tmp_path: Path) -> None:
    back_up(home, tmp_path / "copy")
    assert (tmp_path / "copy/secret").read_text() == "the signing key"
    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == ["data", "secret"]
    assert sorted(path.name for path in (home).iterdir()) == [
        "copy",
        "data",
        "search",
        "secret",
    ]  # nothing left behind


def test_it_says_so_when_the_files_are_never_free(home: Path) -> None:
    with closing(sqlite3.connect(home / "data/intake.db", isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        done = subprocess.run(
            [sys.executable, str(SCRIPT)],
            env=os.environ | {"JIANYI_HOME": str(home)},
            capture_output=True,
            check=False,
        )
    assert done.returncode == 1
    assert b"busy" in done.stderr
