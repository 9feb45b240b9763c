"""Writes the data of a running embedded instance to standard output, as a tar file, all as of one moment.

    kubectl -n jianyi-county exec -i jianyi-0 -c everything -- python - < backup.py > jianyi.tar
    JIANYI_HOME=var python backup.py > jianyi.tar          # on one computer

The moment matters: each service remembers how far it has read the others' events. A file that is older than another
would make events be skipped after a restore. So the files are locked together for some milliseconds, until a snapshot of
each is taken; they are copied afterwards, while people go on working. The search index is left out: it is rebuilt.
"""

import contextlib
import os
import sqlite3
import sys
import tarfile
import tempfile
import time
from pathlib import Path

TRIES = 50


@contextlib.contextmanager
def connections(files):
    """A connection to each file, closed at the end; with it whatever transaction it holds."""
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(contextlib.closing(sqlite3.connect(f, timeout=0.1, isolation_level=None)))
            for f in files
        ]


def take_snapshots(files, readers):
    """Begin to read each file, as it is at one moment: nobody writes to any of them meanwhile."""
    with connections(files) as locks:
        for lock in locks:
            # Short waits and many tries: a long wait could hold up the very process that is waited for.
            lock.execute("BEGIN IMMEDIATE")
        for reader in readers:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()


def copy_databases(source, target):
    """Copy all databases of one folder to another."""
    files = sorted(source.glob("*.db"))
    for _ in range(TRIES):
        with connections(files) as readers:
            try:
                take_snapshots(files, readers)
            except sqlite3.OperationalError:  # somebody was writing
                time.sleep(0.05)
                continue
            for file, reader in zip(files, readers, strict=True):
                with contextlib.closing(sqlite3.connect(target / file.name)) as copy:
                    reader.backup(copy)
            return
    sys.exit(f"The databases in {source} were busy at each of {TRIES} tries.")


def main():
    home = Path(os.environ.get("JIANYI_HOME", "var"))
    with (
        tempfile.TemporaryDirectory(dir=home) as copies,
        tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as tar,
    ):
        copy_databases(home / "data", Path(copies))
        tar.add(copies, "data")
        for name in ("secret", "demo-begun", "demo-complete"):
            if (home / name).exists():
                tar.add(home / name, name)


if __name__ == "__main__":
    main()
