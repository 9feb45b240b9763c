"""A RabbitMQ node of its own: its own name server, ports, data and cookie, apart from any on the machine."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

from servers.guard import Guard
from servers.packages import program, rabbitmq_program
from servers.server import LOOPBACK, READY_WITHIN_SECONDS, Server, ServerFailed, free_port

NODE = "jianyi@localhost"  # part of the data's identity, so the same at every start and on every machine
PLUGINS = ("rabbitmq_federation", "rabbitmq_management")


class Epmd(Server):
    """Erlang's name server. The node would start one as a daemon, which nobody would ever stop."""

    name = "epmd"

    def command(self) -> list[str]:
        found = program("epmd", "/usr/lib/erlang/bin")
        if found is None:
            raise ServerFailed("epmd, a part of Erlang, is not on this machine.")
        return [str(found), "-port", str(self.port), "-address", LOOPBACK]

    def is_ready(self) -> bool:
        return self.accepts_connections()


class RabbitMQ(Server):
    name = "RabbitMQ"

    def __init__(self, home: Path, guard: Guard, *, fast: bool, node: str = NODE) -> None:
        super().__init__(home, guard, fast=fast)
        self.node = node
        self.cookie_home = self.home  # the folder with the cookie, which lets rabbitmqctl and other nodes in
        self.epmd = Epmd(self.home / "epmd", guard, fast=fast)
        self.management_port, self.distribution_port = free_port(), free_port()

    @property
    def url(self) -> str:
        return self.url_of("/")

    def url_of(self, vhost: str) -> str:
        return f"amqp://guest:guest@{LOOPBACK}:{self.port}/{vhost if vhost == '/' else quote(vhost, safe='')}"

    @property
    def management_url(self) -> str:
        return f"http://guest:guest@{LOOPBACK}:{self.management_port}"

    def prepare(self) -> None:
        (self.home / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = {LOOPBACK}:{self.port}\n"
            f"management.tcp.ip = {LOOPBACK}\n"
            f"management.tcp.port = {self.management_port}\n"
            "log.console = true\n"
            "log.file = false\n" + self.more_settings()
        )
        (self.home / "enabled_plugins").write_text(f"[{','.join(PLUGINS)}].\n")

    def more_settings(self) -> str:
        """Further lines of rabbitmq.conf."""
        return ""

    def command(self) -> list[str]:
        return [str(rabbitmq_program())]

    def environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.cookie_home),  # where Erlang keeps the cookie
            "ERL_EPMD_PORT": str(self.epmd.port),
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "RABBITMQ_NODENAME": self.node,
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} "
            "+sbwt none +sbwtdcpu none +sbwtdio none",  # idle schedulers must not spin: others need the processors
            "RABBITMQ_CONFIG_FILE": str(self.home / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(self.home / "none"),  # not the machine's
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.home / "none.config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.home / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.home / "data"),
            "RABBITMQ_LOG_BASE": str(self.home),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(self.home / "generated"),
            "RUNNING_UNDER_SYSTEMD": "true",  # no shell between us and the node, so that signals reach it
            "LC_ALL": "C.UTF-8",
        }

    def launch(self) -> None:
        self.epmd.start()
        super().launch()

    def stop(self) -> None:
        super().stop()
        self.epmd.kill()

    def kill(self) -> None:
        super().kill()
        self.epmd.kill()

    def is_ready(self) -> bool:
        with socket.create_connection((LOOPBACK, self.port), timeout=2) as connection:
            connection.sendall(b"AMQP\x00\x00\x09\x01")
            return connection.recv(1) == b"\x01"  # the first byte of Connection.Start

    def await_on_disk(self, queue: str) -> None:
        """Return once a new quorum queue would survive `kill`.

        The node writes down the names of new quorum queues only once a second or so. Killed before that, it
        comes back with a queue that exists and cannot be used, until somebody deletes it.
        """
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not any(queue.encode() in names.read_bytes() for names in self.home.rglob("names.dets")):
            if time.monotonic() > deadline:
                raise ServerFailed(f"RabbitMQ did not write down the quorum queue {queue}.")
            time.sleep(0.05)

    def control(self, *arguments: str) -> str:
        """Run rabbitmqctl and return what it prints. Takes about a second; `manage` is faster."""
        done = subprocess.run(
            [str(rabbitmq_program("rabbitmqctl")), "--quiet", *arguments],
            env=os.environ | self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServerFailed(f"rabbitmqctl {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def manage(self, method: str, path: str, body: Any = None) -> Any:
        """Call the management interface: manage("GET", "queues/%2F") and return its answer."""
        request = urllib.request.Request(
            f"http://{LOOPBACK}:{self.management_port}/api/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": "Basic " + base64.b64encode(b"guest:guest").decode(),
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def new_vhost(self, name: str) -> str:
        """Make an empty virtual host and return its URL."""
        self.manage("PUT", f"vhosts/{quote(name, safe='')}")
        self.manage(
            "PUT",
            f"permissions/{quote(name, safe='')}/guest",
            {"configure": ".*", "write": ".*", "read": ".*"},
        )
        return self.url_of(name)

    def delete_vhost(self, name: str) -> None:
        self.manage("DELETE", f"vhosts/{quote(name, safe='')}")
