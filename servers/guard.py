"""Sees to it that no server outlives the program that started it, even when that program is killed with -9.

A guard is a process of its own that reads from a pipe. When the other end is gone, for whatever reason, it
kills every server that it was told to watch and not told to forget.
"""

from __future__ import annotations

import os
import subprocess
import sys


class Guard:
    """The end of the pipe that the starting program holds."""

    def __init__(self) -> None:
        theirs, self._ours = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from servers.guard import main; main()"],
            stdin=theirs,
            start_new_session=True,  # Ctrl-C must not end it before the servers
        )
        os.close(theirs)

    def watch(self, pid: int) -> None:
        os.write(self._ours, f"+{pid}\n".encode())

    def forget(self, pid: int) -> None:
        os.write(self._ours, f"-{pid}\n".encode())

    def close(self) -> None:
        """Kill what is still watched, and end."""
        os.close(self._ours)
        self._process.wait()


def main() -> None:
    from servers.server import family, kill_family

    watched: set[int] = set()
    for line in sys.stdin:
        pid = int(line[1:])
        if line.startswith("+"):
            watched.add(pid)
        else:
            watched.discard(pid)
    kill_family([process for pid in watched for process in family(pid)])


if __name__ == "__main__":
    main()
