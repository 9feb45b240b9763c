"""What the servers have in common: started as a process, stopped politely, killed with all their children."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from servers.guard import Guard

READY_WITHIN_SECONDS = 90
STOPPED_WITHIN_SECONDS = 30
LOOPBACK = "127.0.0.1"


class ServerFailed(Exception):
    """A server did not start; the text has the end of its log."""


def free_port() -> int:
    """A port that nobody listens on.

    Not one that the system would hand out to an outgoing connection: a client that keeps trying to reach a
    stopped server there could be given the same port as its own, be connected to itself, and so take the
    server's place.
    """
    for _ in range(1000):
        port = random.randint(15_000, 30_000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind((LOOPBACK, port))
                return port
    raise ServerFailed("No free port between 15000 and 30000.")


def family(pid: int) -> list[psutil.Process]:
    """The process with all that descend from it. Empty when it is gone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    return []


def kill_family(processes: list[psutil.Process]) -> None:
    """SIGKILL them all, parents first so that none can start another, and wait until they are gone."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    deadline = time.monotonic() + STOPPED_WITHIN_SECONDS
    while any(is_alive(process) for process in processes) and time.monotonic() < deadline:
        time.sleep(0.01)


def is_alive(process: psutil.Process) -> bool:
    """False also for one that has ended and whose parent took no note of it yet: it holds no port."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Server:
    """One server with its own folder and port. The port and the data stay the same over kill and start."""

    name: str
    stop_signal = signal.SIGTERM

    def __init__(self, home: Path, guard: Guard, *, fast: bool) -> None:
        self.home, self.guard, self.fast = home.resolve(), guard, fast
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    # What each server says of itself:

    def prepare(self) -> None:
        """Make the folder ready for the first start. Does nothing when it is."""

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return {}

    def is_ready(self) -> bool:
        """True once a client can work with it. May raise any OSError while it cannot."""
        raise NotImplementedError

    # What they all do alike:

    @property
    def log(self) -> Path:
        return self.home / "log.txt"

    @property
    def pid(self) -> int:
        """The process that clients talk to, for SIGSTOP and the like."""
        if self.process is None:
            raise ServerFailed(f"{self.name} is not running.")
        return self.process.pid

    def start(self) -> None:
        """Start it and return when it is ready. Raises ServerFailed."""
        self.launch()
        self.await_ready()

    def launch(self) -> None:
        """Start it without waiting, so that several can start at the same time."""
        if self.is_running():
            return
        self.home.mkdir(parents=True, exist_ok=True)
        self.prepare()
        with self.log.open("ab") as log:
            self.process = self.spawn(self.command(), log.fileno())

    def spawn(self, command: list[str], log: int) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=self.home,
            env=os.environ | self.environment(),
            start_new_session=True,  # Ctrl-C is for us, not for them: we stop them in our own time
        )
        self.guard.watch(process.pid)
        return process

    def await_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not self._is_ready_for_clients():
            if not self.is_running():
                raise ServerFailed(f"{self.name} ended while starting.\n{self.end_of_log()}")
            if time.monotonic() > deadline:
                raise ServerFailed(
                    f"{self.name} was not ready in {READY_WITHIN_SECONDS} s.\n{self.end_of_log()}"
                )
            time.sleep(0.05)

    def _is_ready_for_clients(self) -> bool:
        with contextlib.suppress(OSError):
            return self.is_ready()
        return False

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Ask without waiting, so that several can stop at the same time."""
        if self.process is not None and self.is_running():
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """End it as an administrator would; kill it when it does not end in time."""
        if self.process is None:
            return
        processes = family(self.process.pid)
        if self.is_running():
            self.ask_to_stop()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOPPED_WITHIN_SECONDS)
        self._bury(processes)

    def kill(self) -> None:
        """End it as a power cut would: SIGKILL to it and all its children at once. Its data stays."""
        if self.process is not None:
            self._bury(family(self.process.pid))

    def _bury(self, processes: list[psutil.Process]) -> None:
        assert self.process is not None
        kill_family(processes)
        self.process.wait()
        self.guard.forget(self.process.pid)
        self.process = None

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Inside, it holds its connections but answers nothing, like a machine out of memory."""
        processes = family(self.pid)
        for process in processes:
            process.suspend()
        try:
            yield
        finally:
            for process in processes:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.resume()

    def end_of_log(self) -> str:
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""

    def accepts_connections(self) -> bool:
        with socket.create_connection((LOOPBACK, self.port), timeout=1):
            return True
