"""The real servers that other tests stand on: they work, keep data over kill -9, and leave nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil
import psycopg2
import pytest
from elasticsearch import Elasticsearch
from kombu import Connection, Queue

from jianyi.subscribers import Subscribers
from servers import RealServers, ServerFailed, real_servers
from shared.settings import load

pytestmark = [pytest.mark.real, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServers]:
    with real_servers(tmp_path_factory.mktemp("servers"), fast=True) as running:
        yield running


def eventually(holds: Callable[[], bool], within_seconds: float = 20) -> bool:
    deadline = time.monotonic() + within_seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def still_there(pids: list[int]) -> list[int]:
    """Those that run. One that has ended stays listed until its parent, or the system, takes note of it."""

    def runs(pid: int) -> bool:
        try:
            return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    return [pid for pid in pids if runs(pid)]


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_a_program_that_is_given_their_addresses_reaches_the_brokers_management(servers: RealServers) -> None:
    assert Subscribers(load(servers.environment())).all() == []


def test_a_confirmed_message_survives_the_death_of_the_broker(servers: RealServers) -> None:
    queue = Queue("letters", durable=True, queue_arguments={"x-queue-type": "quorum"})
    with Connection(servers.broker, transport_options={"confirm_publish": True}) as connection:
        queue(connection).declare()
        connection.Producer().publish("关于加强校园周边管理的建议", routing_key="letters", delivery_mode=2)
    servers.rabbitmq.await_on_disk("letters")

    servers.rabbitmq.kill()
    servers.rabbitmq.start()

    with Connection(servers.broker) as connection:
        letters = connection.SimpleQueue(queue)
        assert letters.get(timeout=30).payload == "关于加强校园周边管理的建议"


def test_a_committed_row_survives_the_death_of_the_database(servers: RealServers) -> None:
    query(servers.database, "CREATE TABLE deputies (name text)")
    query(servers.database, "INSERT INTO deputies VALUES ('王建国')")

    servers.postgresql.kill()
    with pytest.raises(psycopg2.OperationalError):
        query(servers.database, "SELECT 1")
    servers.postgresql.start()

    assert query(servers.database, "SELECT name FROM deputies") == [("王建国",)]


def test_an_indexed_document_survives_the_death_of_the_search_engine(servers: RealServers) -> None:
    with Elasticsearch(servers.search) as client:
        client.index(index="suggestions", id="1", document={"title": "养老 服务"})

        servers.elasticsearch.kill()
        servers.elasticsearch.start()

        client.indices.refresh(index="suggestions")
        found = client.search(index="suggestions", query={"match": {"title": "养老"}})
    assert [hit["_id"] for hit in found["hits"]["hits"]] == ["1"]


def test_all_servers_stop_politely_and_start_again_where_they_were(servers: RealServers) -> None:
    for server in (servers.rabbitmq, servers.postgresql, servers.elasticsearch):
        port = server.port
        server.stop()
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0
        server.start()
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass


def test_the_owner_of_the_database_is_bound_by_row_level_security(servers: RealServers) -> None:
    rights = query(
        servers.database, "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    )
    assert rights == [(False, False)]


def test_each_test_gets_rooms_of_its_own(servers: RealServers) -> None:
    with servers.fresh() as one, servers.fresh() as other:
        query(one.database, "CREATE TABLE visits (at date)")
        assert query(other.database, "SELECT to_regclass('visits')") == [(None,)]
        with Connection(one.broker) as connection:
            Queue("visits")(connection).declare()
        with Connection(other.broker) as connection, pytest.raises(connection.channel_errors):
            connection.default_channel.queue_declare("visits", passive=True)

    assert query(servers.database, "SELECT datname FROM pg_database WHERE datname LIKE 'test%'") == []
    assert [vhost["name"] for vhost in servers.rabbitmq.manage("GET", "vhosts")] == ["/"]


def test_a_frozen_server_answers_again_once_it_thaws(servers: RealServers) -> None:
    with servers.elasticsearch.frozen():
        client = Elasticsearch(servers.search, request_timeout=0.5, max_retries=0)
        with pytest.raises(Exception, match=r"timed out|Timeout"):
            client.cluster.health()
    assert eventually(servers.elasticsearch.is_ready)
    client.close()


def test_the_broker_can_be_told_to_run_out_of_memory(servers: RealServers) -> None:
    def has_alarm() -> bool:
        return any(node.get("mem_alarm") for node in servers.rabbitmq.manage("GET", "nodes"))

    servers.rabbitmq.control("set_vm_memory_high_watermark", "absolute", "1")
    try:
        assert eventually(has_alarm)
    finally:
        servers.rabbitmq.control("set_vm_memory_high_watermark", "0.4")
    assert eventually(lambda: not has_alarm())


def test_two_programs_do_not_share_a_folder(tmp_path: Path) -> None:
    with (
        real_servers(tmp_path, {"postgresql"}, fast=True),
        pytest.raises(ServerFailed, match="Another program"),
        real_servers(tmp_path, {"postgresql"}, fast=True),
    ):
        pass


def test_a_command_runs_with_the_servers_and_nothing_is_left_running(tmp_path: Path) -> None:
    report = (
        "import json, os, psutil; print(json.dumps({"
        "'settings': {k: v for k, v in os.environ.items() if k.endswith('_URL')},"
        "'pids': [process.pid for process in psutil.Process(os.getppid()).children(recursive=True)]"
        "})); raise SystemExit(7)"
    )
    done = subprocess.run(
        [sys.executable, "-m", "servers", "run", "--", sys.executable, "-c", report],
        env=os.environ | {"JIANYI_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert set(told["settings"]) >= {"JIANYI_BROKER_URL", "JIANYI_DATABASE_URL", "JIANYI_SEARCH_URL"}
    assert len(told["pids"]) > 5
    assert not still_there(told["pids"])


@pytest.mark.parametrize("last_signal", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_server_outlives_a_starter_that_is_killed(tmp_path: Path, last_signal: signal.Signals) -> None:
    starter = subprocess.Popen(
        [
            *(sys.executable, "-c"),
            "import signal, sys, time; from pathlib import Path; from servers import real_servers\n"
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored in what a shell has put aside
            "with real_servers(Path(sys.argv[1]), {'rabbitmq', 'postgresql'}, fast=True):\n"
            "    print('up', flush=True); time.sleep(600)",
            str(tmp_path),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert starter.stdout and starter.stdout.readline() == "up\n"
        started = [process.pid for process in psutil.Process(starter.pid).children(recursive=True)]
        names = {process.info["name"] for process in psutil.process_iter(["name"]) if process.pid in started}
        assert names >= {"beam.smp", "epmd", "postgres"}

        starter.send_signal(last_signal)
        starter.wait(timeout=60)
        assert eventually(lambda: not still_there(started)), still_there(started)
    finally:
        starter.kill()
