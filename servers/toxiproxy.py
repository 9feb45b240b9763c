"""Toxiproxy: proxies between programs and servers whose connections can be cut, silenced and slowed down."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servers.packages import PARTS, install
from servers.server import LOOPBACK, Server, ServerFailed, free_port

VERSION = "v2.5.0"  # the newest that the Go of Debian 12 builds
MODULE = f"github.com/Shopify/toxiproxy/v2/cmd/server@{VERSION}"


class Toxiproxy(Server):
    name = "Toxiproxy"

    def command(self) -> list[str]:
        return [str(installed()), "-host", LOOPBACK, "-port", str(self.port)]

    def is_ready(self) -> bool:
        return bool(self.ask("GET", "proxies") is not None)

    def new_proxy(self, name: str, to_port: int) -> Proxy:
        """A proxy to a port of this machine."""
        port = free_port()
        given = {"name": name, "listen": f"{LOOPBACK}:{port}", "upstream": f"{LOOPBACK}:{to_port}"}
        self.ask("POST", "proxies", {**given, "enabled": True})
        return Proxy(self, name, port)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"http://{LOOPBACK}:{self.port}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")


@dataclass(frozen=True)
class Proxy:
    """The way to one server, and what can be done to it."""

    toxiproxy: Toxiproxy
    name: str
    port: int

    @contextmanager
    def cut(self) -> Iterator[None]:
        """Ends all connections and takes no new ones until the block ends."""
        self._enable(False)
        try:
            yield
        finally:
            self._enable(True)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Nothing gets through and nobody is told; when the block ends, the connections do, as behind a firewall
        that has forgotten them."""
        with self._toxic("timeout", timeout=0):
            try:
                yield
            finally:
                self._enable(False)  # what was swallowed cannot be told later
        self._enable(True)

    @contextmanager
    def slow(self, milliseconds: int = 300) -> Iterator[None]:
        """Every answer takes so much longer."""
        with self._toxic("latency", latency=milliseconds, jitter=milliseconds // 4):
            yield

    def _enable(self, enabled: bool) -> None:
        self.toxiproxy.ask("POST", f"proxies/{self.name}", {"enabled": enabled})

    @contextmanager
    def _toxic(self, kind: str, **attributes: int) -> Iterator[None]:
        path = f"proxies/{self.name}/toxics"
        streams = ("upstream", "downstream")
        for stream in streams:
            self.toxiproxy.ask(
                "POST", path, {"name": stream, "type": kind, "stream": stream, "attributes": attributes}
            )
        try:
            yield
        finally:
            for stream in streams:
                self.toxiproxy.ask("DELETE", f"{path}/{stream}")


def installed() -> Path:
    """The program, built at the first call from its Go module, once per machine."""
    top = Path(os.environ.get("JIANYI_CACHE") or Path.home() / ".cache" / "jianyi").resolve()
    program = top / "toxiproxy" / VERSION / "server"
    if program.exists():
        return program
    install(["go"])
    program.parent.parent.mkdir(parents=True, exist_ok=True)
    print("Building toxiproxy ...", flush=True)
    with tempfile.TemporaryDirectory(dir=program.parent.parent) as draft:
        done = subprocess.run(
            [str(PARTS["go"].find()), "install", MODULE],
            env=os.environ | {"GOBIN": draft, "GOFLAGS": "-modcacherw"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServerFailed(f"go install {MODULE} failed:\n{(done.stdout + done.stderr)[-3000:]}")
        program.parent.mkdir(exist_ok=True)
        (Path(draft) / "server").replace(program)  # atomic: of two that build at once, either is good
    return program
