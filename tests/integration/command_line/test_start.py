"""Starting: what keeps a network from starting is said in one sentence, and what is there stays as it is."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from program import Said, done, jianyi, refusal

from jianyi.processes import SERVICES, free_ports, processes_of
from shared.settings import Settings


def start(home: Path, port: int = 0, **environment: str) -> Said:
    where = {
        "JIANYI_HOME": str(home),
        "JIANYI_PORT": str(port or free_ports(len(SERVICES) + 1)),
        "JIANYI_DEMO": "no",
    }
    return jianyi("run", **{**where, **environment})


@pytest.mark.parametrize("offset", [0, 3], ids=["the web port", "a metrics port"])
def test_a_port_that_is_taken(tmp_path: Path, offset: int):
    port = free_ports(len(SERVICES) + 1)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port + offset))
        other.listen()
        told = refusal(start(tmp_path, port))
    assert f"127.0.0.1:{port + offset} 提供服务：端口已被占用" in told and "JIANYI_PORT" in told


def test_a_data_folder_that_cannot_be(tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    assert "不是文件夹" in refusal(start(tmp_path / "file" / "var"))


def test_a_data_folder_that_may_not_be_written(tmp_path: Path):
    home = Path("/sys/jianyi") if os.geteuid() == 0 else tmp_path
    tmp_path.chmod(0o500)
    assert "没有权限" in refusal(start(home))


def test_a_second_one_on_the_same_data_folder(office):
    told = refusal(start(office.home))
    assert f"{office.home} 里的网络已经在运行" in told


def test_data_of_a_newer_version(tmp_path: Path):
    done(jianyi("migrate", JIANYI_HOME=str(tmp_path)))
    with closing(sqlite3.connect(tmp_path / "data/intake.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for command in ("migrate", "run"):
        told = refusal(jianyi(command, JIANYI_HOME=str(tmp_path), JIANYI_DEMO="no"))
        assert "intake 的数据表是版本 9999" in told and "备份" in told
    assert "比这个程序新" in jianyi("doctor", JIANYI_HOME=str(tmp_path)).stdout


def test_a_data_folder_with_demo_accounts_is_not_for_real_work(tmp_path: Path):
    (tmp_path / "demo-begun").touch()
    told = refusal(start(tmp_path))
    assert "示范账号" in told and "JIANYI_HOME" in told
    assert [path.name for path in tmp_path.iterdir() if path.name == "data"] == []


def test_a_service_that_there_is_not():
    assert "没有“intakes”这个服务" in refusal(jianyi("serve", "intakes"))


def test_a_service_alone_without_servers(tmp_path: Path):
    told = refusal(jianyi("serve", "intake", JIANYI_HOME=str(tmp_path)))
    assert "JIANYI_BROKER_URL" in told and "jianyi run" in told


SERVERS = {
    "JIANYI_BROKER_URL": "amqp://127.0.0.1:1//",
    "JIANYI_DATABASE_URL": "postgresql://jianyi@127.0.0.1:1/jianyi",
    "JIANYI_SEARCH_URL": "http://127.0.0.1:1",
}


def test_a_service_alone_without_the_common_secret(tmp_path: Path):
    assert "JIANYI_SECRET" in refusal(jianyi("serve", "intake", JIANYI_HOME=str(tmp_path), **SERVERS))


def test_servers_that_do_not_answer(tmp_path: Path):
    secret = secrets.token_urlsafe(40)
    assert "数据库" in refusal(jianyi("migrate", JIANYI_HOME=str(tmp_path), JIANYI_SECRET=secret, **SERVERS))
    told = jianyi("doctor", JIANYI_HOME=str(tmp_path), JIANYI_SECRET=secret, **SERVERS)
    assert told.returncode == 1
    for part in ("问题 数据库", "问题 消息队列", "问题 检索"):
        assert part in told.stdout


def test_a_walk_on_servers_that_are_not_there(tmp_path: Path):
    assert "make walk-real" in refusal(jianyi("walk", "--real", JIANYI_HOME=str(tmp_path)))
    told = refusal(jianyi("walk", "--real", JIANYI_HOME=str(tmp_path), **SERVERS))
    assert "连不上数据库" in told and "JIANYI_DATABASE_URL" in told


def test_ctrl_c_stops_it_and_the_next_start_finds_everything(tmp_path: Path):
    settings = Settings(home=tmp_path, port=free_ports(len(SERVICES) + 1), demo=False)
    processes = processes_of(settings, real=False, clock="system")
    for _ in range(2):
        processes.start("network")
        processes.wait_until_ready()
        processes.running["network"].send_signal(signal.SIGINT)
        assert processes.running["network"].wait(30) == 0
    told = (tmp_path / "network.log").read_text(encoding="utf-8")
    assert told.count("已停止") == 2 and "Traceback" not in told
