"""Starts a network in processes of its own, for walks, fault tests and benchmarks: embedded, or each service alone."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import urllib3
from rich.console import Console

from shared.problems import Problem, Unavailable
from shared.settings import SERVICES, Settings

READY_SECONDS = 120.0  # on a slow or crowded machine; a quiet one takes ten


@dataclass
class Processes:
    """The processes of one network, by name, and what starts each."""

    settings: Settings
    environment: dict[str, str]
    logs: Path
    commands: dict[str, list[str]]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    own: dict[str, dict[str, str]] = field(default_factory=dict)  # settings of one process alone

    def start(self, name: str) -> None:
        """Start one process; its output goes to a file below `logs`."""
        with (self.logs / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "jianyi", *self.commands[name]], env=self.environment | self.own.get(name, {}),
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def kill(self, name: str) -> None:
        """kill -9."""
        self.running[name].kill()
        self.running[name].wait()

    def stop(self) -> None:
        """Stop all, gracefully if they can within ten seconds."""
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        ends = time.monotonic() + 15
        for process in self.running.values():
            try:
                process.wait(max(ends - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def ports(self) -> list[int]:
        """Where each service says whether it is ready."""
        if self.own:
            return [int(own["JIANYI_METRICS_PORT"]) for own in self.own.values()]
        return [self.settings.port + 1 + index for index in range(len(SERVICES))]

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        """Return when all services are ready. Raises Unavailable with the end of the log of what is not."""
        ends = time.monotonic() + seconds
        waiting = self.ports()
        while waiting:
            waiting = [port for port in waiting if not _ready(port)]
            for name, process in self.running.items():
                if process.poll() is not None:
                    raise Unavailable(f"{name} 已退出（{process.returncode}）：\n{self._log_of(name)}")
            if waiting and time.monotonic() > ends:
                logs = "\n".join(self._log_of(name) for name in self.running)
                raise Unavailable(f"{seconds:.0f} 秒内没有就绪，端口 {waiting}:\n{logs}")
            time.sleep(0.05)

    def _log_of(self, name: str) -> str:
        return (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")[-2000:]


def processes_of(settings: Settings, *, real: bool, clock: str = "case") -> Processes:
    """The processes of a network that is not started yet: one when embedded, seven when real."""
    settings.home.mkdir(parents=True, exist_ok=True)
    given = {
        "JIANYI_HOME": str(settings.home), "JIANYI_PORT": str(settings.port), "JIANYI_CLOCK": clock, "JIANYI_SECRET": settings.secret,
        "JIANYI_DEMO": "yes" if settings.demo else "no",
        "JIANYI_BROKER_URL": settings.broker_url, "JIANYI_DATABASE_URL": settings.database_url,
        "JIANYI_SEARCH_URL": settings.search_url, "JIANYI_METRICS_PORT": "", "JIANYI_LOG_LEVEL": settings.log_level,
    }  # fmt: skip
    environment = {**{k: v for k, v in os.environ.items() if not k.startswith("JIANYI_")}, **given}
    commands = {service: ["serve", service] for service in SERVICES} if real else {"network": ["run"]}
    return Processes(settings, environment, settings.home, commands)


@contextmanager
def running_network(settings: Settings, console: Console, *, real: bool) -> Iterator[Settings]:
    """A network of its own with a case's clock: empty data, a free port. Yields its settings; stopped at the end."""
    if real and not (settings.broker_url and settings.database_url and settings.search_url):
        raise Problem(
            "真实走查需要 JIANYI_BROKER_URL、JIANYI_DATABASE_URL、JIANYI_SEARCH_URL。最简单的办法：make walk-real。"
        )
    home = settings.home / ("walk-real" if real else "walk")
    shutil.rmtree(home, ignore_errors=True)
    own = replace(
        settings,
        home=home,
        port=free_ports(len(SERVICES) + 1),
        secret=secrets.token_urlsafe(40),
        clock="case",
    )
    if real:
        own = replace(own, database_url=new_database(settings.database_url))
    else:
        own = replace(own, broker_url="", database_url="", search_url="")
    processes = processes_of(own, real=real)
    try:
        if real:
            migrated = subprocess.run(
                [sys.executable, "-m", "jianyi", "migrate"],
                env=processes.environment,
                check=False,
                stdout=subprocess.DEVNULL,
            )
            if migrated.returncode:
                raise Problem("数据表没有建成，原因见上。可用 jianyi doctor 检查各服务器。")
        began = time.monotonic()
        for name in processes.commands:
            processes.start(name)
        processes.wait_until_ready()
        console.print(
            f"网络已就绪（{len(processes.commands)} 个进程，{time.monotonic() - began:.1f} 秒）：http://{own.host}:{own.port}\n"
        )
        _register_hunan(own)
        yield own
    finally:
        processes.stop()


def free_ports(count: int) -> int:
    """The first of `count` ports in a row that nobody listens on."""
    for start in range(18000 + secrets.randbelow(10000), 60000, count):
        sockets = []
        try:
            for port in range(start, start + count):
                opened = socket.socket()
                sockets.append(opened)
                opened.bind(("127.0.0.1", port))
            return start
        except OSError:
            continue
        finally:
            for opened in sockets:
                opened.close()
    raise Problem("没有空闲的端口。")


def _ready(port: int) -> bool:
    try:
        return (
            urllib3.request("GET", f"http://127.0.0.1:{port}/readyz", timeout=2, retries=False).status == 200
        )
    except urllib3.exceptions.HTTPError:
        return False


def _register_hunan(settings: Settings) -> None:
    from jianyi.client import Client
    from jianyi.hunan import hunan_divisions

    Client.as_system(settings).post("/divisions", {"divisions": hunan_divisions()})


def new_database(url: str) -> str:
    """A fresh database on the same server."""
    import psycopg2

    name = f"jianyi_{secrets.token_hex(4)}"
    try:
        connection = psycopg2.connect(url)
    except psycopg2.OperationalError as error:
        raise Unavailable(
            f"连不上数据库：{str(error).strip()}。请检查 JIANYI_DATABASE_URL 和 PostgreSQL。"
        ) from error
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    connection.close()
    head, _, _ = url.rpartition("/")
    return f"{head}/{name}"
