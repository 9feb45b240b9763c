"""The gateway's web server as programs meet it: connections, bodies in chunks, limits, and a graceful end."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jianyi.processes import SERVICES, free_ports
from shared.identity import SYSTEM, sign

pytestmark = pytest.mark.embedded

REPO = Path(__file__).parents[3]
JSON = {"Content-Type": "application/json"}
OPERATOR = {"login": "op", "name": "运维甲", "password": "a-long-password", "roles": [{"role": "operator"}]}


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def start(home: Path, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(Path(__file__).with_name("serve.py")), str(home), str(port)]
    environment = {**os.environ, "PYTHONPATH": str(REPO)}
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@contextmanager
def running(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    process = start(home, port)
    try:
        assert process.stdout and "ready\n" in process.stdout  # after what a busy machine may have to say
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Of one server for all who leave it running."""
    port = free_ports(len(SERVICES) + 1)
    with running(tmp_path_factory.mktemp("front door"), port):
        yield port


def test_a_program_works_over_one_connection(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def request(method, path, body=None, **options):
        connection.request(method, path, body, **options)
        own = connection.sock
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read()), own

    as_system = {**JSON, "Authorization": f"Bearer {sign(SYSTEM, 's' * 40)}"}
    status, _, first = request("POST", "/api/accounts", json.dumps(OPERATOR), headers=as_system)
    assert status == 200
    status, signed_in, _ = request("POST", "/api/sign-in", json.dumps(OPERATOR | {"roles": 1}), headers=JSON)
    assert (status, set(signed_in["errors"])) == (422, {"name", "roles"})
    mine = {"login": "op", "password": "a-long-password"}
    status, signed_in, _ = request("POST", "/api/sign-in", json.dumps(mine), headers=JSON)
    assert status == 200
    bearer = {"Authorization": f"Bearer {signed_in['token']}"}
    assert request("GET", "/api/my/account", headers=bearer)[1]["name"] == "运维甲"
    parts = [json.dumps(mine).encode()[:9], json.dumps(mine).encode()[9:]]
    status, _, last = request("POST", "/api/sign-in", iter(parts), headers=JSON, encode_chunked=True)
    assert status == 200
    assert last is first


@pytest.mark.parametrize("framing", ["Content-Length: 99999999", "Transfer-Encoding: chunked"])
def test_a_body_without_end_is_cut_off(port, framing):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        head = f"POST /api/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{framing}\r\n\r\n"
        connection.sendall(head.encode())
        try:
            if "chunked" in framing:
                for _ in range(20):
                    connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
            answer = connection.recv(100)
        except ConnectionError:
            assert (
                "chunked" in framing
            )  # cut off while still sending: the answer was lost with the connection
        else:
            assert answer.startswith(b"HTTP/1.1 413 ")


HARDLY_HTTP = (
    b"\x00\x01\r\n\r\n",
    b"GET /\xff HTTP/1.1\r\nHost: \x00\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"POST /api/sign-in HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
)


@pytest.mark.parametrize("raw", HARDLY_HTTP)
def test_what_is_hardly_http_is_refused(port, raw):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        assert b" 500 " not in connection.recv(200)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200


def test_who_is_being_served_when_it_stops_is_served(tmp_path):
    port = free_ports(len(SERVICES) + 1)
    with running(tmp_path, port) as server:
        is_served_to_the_end(server, port)


def is_served_to_the_end(server: subprocess.Popen[str], port: int) -> None:
    answers = []

    def ask():
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/slow")
        answers.append(connection.getresponse().read())

    asking = threading.Thread(target=ask)
    asking.start()
    idle = socket.create_connection(("127.0.0.1", port), timeout=20)
    time.sleep(0.5)
    server.terminate()
    assert idle.recv(1) == b""
    while _is_open(port):
        assert asking.is_alive()  # the door is closed before the last one has been served
        time.sleep(0.05)
    asking.join()
    assert answers == [b"done"]
    assert server.wait(30) == 0


def test_two_networks_do_not_share_a_port(tmp_path, port):
    process = start(tmp_path / "another", port)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"不能在 127.0.0.1:{port} 提供服务" in said
    assert "JIANYI_PORT" in said
