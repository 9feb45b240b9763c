"""Where no network runs, the commands that need one say so and how to start it; and make nothing."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from program import refusal

from jianyi.processes import free_ports

COMMANDS = [
    ["import", "ledger", "FILE", "--congress", "43"],
    ["export", "ledger", "FILE", "--congress", "43"],
    ["rebuild", "search"],
    ["dead-letters", "list"],
    ["dead-letters", "show", "search", "0190a1b2"],
    ["dead-letters", "replay", "search", "0190a1b2"],
    ["events", "tail"],
    ["account", "add", "zhang", "--name", "张工", "--role", "operator", "--password", "long-enough-1"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_it_says_how_to_start_one(command: list[str], nowhere, tmp_path: Path):
    file = tmp_path / "台账.xlsx"
    file.write_bytes(b"whatever")
    told = refusal(nowhere(*[str(file) if word == "FILE" else word for word in command]))
    assert "make run" in told
    assert [path.name for path in tmp_path.iterdir()] == ["台账.xlsx"]


def test_another_program_on_the_port_is_not_taken_for_the_network(nowhere, tmp_path: Path):
    port = free_ports(1)
    program = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    with subprocess.Popen(
        program, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as other:
        try:
            while other.poll() is None and not answers(port):
                pass
            told = refusal(nowhere("rebuild", "search", JIANYI_PORT=str(port), JIANYI_SECRET="x" * 40))
        finally:
            other.kill()
    assert "别的程序" in told


def answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_the_doctor_says_which_services_do_not_run(nowhere):
    said = nowhere("doctor")
    assert said.returncode == 1
    assert "问题 服务 gateway：没有在本机端口" in said.stdout and "还没有数据" in said.stdout


def test_the_doctor_finds_a_misspelt_variable(nowhere):
    assert "JIANYI_BROKER 不起作用" in nowhere("doctor", JIANYI_BROKER="amqp://x").stdout


def test_every_command_refuses_wrong_settings(nowhere):
    assert "JIANYI_PORT 应当是" in refusal(nowhere("doctor", JIANYI_PORT="八千"))
    assert "还缺 JIANYI_DATABASE_URL" in refusal(nowhere("migrate", JIANYI_BROKER_URL="amqp://x"))
