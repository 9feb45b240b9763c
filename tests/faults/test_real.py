"""Services, broker, database and search engine go away and come back while suggestions live their lives: then we count."""

from __future__ import annotations

import contextlib
import random
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import urllib3

from jianyi.client import Client
from shared.problems import Unavailable
from shared.settings import SERVICES
from soak import faults
from soak.crowd import Crowd, Unkeyed

pytestmark = [pytest.mark.faults, pytest.mark.real, pytest.mark.timeout(300)]

LIVES = 20
FEW = 4  # as many as live at the same time; more begin while something is done to the network


def test_any_service_may_be_killed_at_any_moment(network):
    victims = [*SERVICES, *random.choices(SERVICES, k=1)]
    random.shuffle(victims)
    done, unkeyed = threading.Event(), Unkeyed(network.system, "43", "代表无钥")
    with ThreadPoolExecutor(1) as pool, Crowd(network.players, "kills", at_least=LIVES) as crowd:
        registering = pool.submit(unkeyed.go_on_until, done)
        try:
            for victim in victims:
                some_progress(crowd)
                with faults.killed_service(network.processes, victim):
                    pass
            network.processes.wait_until_ready()
        finally:
            done.set()
        registering.result()
    all_is_well(network, crowd)
    registered = network.counting.named("directory", "deputies", unkeyed.prefix)
    assert [name for name in unkeyed.accepted if registered[name] != 1] == []
    assert [name for name in unkeyed.refused if registered[name] > 1] == []


def test_what_a_killed_service_had_in_hand_is_done_again_only_where_a_key_makes_that_safe(network):
    directory, people = network.processes.running["directory"], {"congress": "43", "name": "代表有钥"}
    with ThreadPoolExecutor(2) as pool:
        directory.send_signal(signal.SIGSTOP)
        keyed = pool.submit(network.system.post, "/deputies", people, key="in-hand")
        unkeyed = pool.submit(network.system.command, "/deputies", congress="43", name="代表丢钥")
        until(lambda: "rpc-directory\t2" in in_hand(network))
        with faults.killed_service(network.processes, "directory"):
            pass
        with pytest.raises(Unavailable, match="请稍后再试"):
            unkeyed.result()
        with contextlib.suppress(Unavailable):  # the machine may be so busy that the time ran out
            keyed.result()
    network.processes.wait_until_ready()
    network.system.post("/deputies", people, key="in-hand")
    network.counting.settle()
    assert network.counting.named("directory", "deputies", "代表有钥") == {"代表有钥": 1}
    assert network.counting.named("directory", "deputies", "代表丢钥") == {}


def test_the_broker_may_go_away(network):
    with Crowd(network.players, "broker", at_least=FEW) as crowd:
        some_progress(crowd)
        with faults.killed(network.servers.rabbitmq):
            is_refused(network.system, "/deputies", congress="43", name="代表断线")
            until(lambda: not ready(network, "gateway"))
            with faults.killed_service(network.processes, "intake"):
                pass  # it starts while there is no broker
        some_progress(crowd)
        with faults.stopped(network.servers.rabbitmq):
            pass
        some_progress(crowd)
    all_is_well(network, crowd)


@pytest.mark.parametrize("name", ["rabbitmq", "postgresql"])
def test_broker_and_database_may_freeze(network, name):
    with Crowd(network.players, f"frozen-{name}", at_least=FEW) as crowd:
        some_progress(crowd)
        with getattr(network.servers, name).frozen():
            time.sleep(3)  # the fault itself
        some_progress(crowd)
    all_is_well(network, crowd)


def test_the_database_may_go_away(network):
    with Crowd(network.players, "database", at_least=FEW) as crowd:
        some_progress(crowd)
        with faults.killed(network.servers.postgresql):
            is_refused(network.system, "/deputies", congress="43", name="代表断线")
            until(lambda: not ready(network, "directory"))
            with faults.killed_service(network.processes, "assignment"):
                pass  # it starts while there is no database
        some_progress(crowd)
        with faults.stopped(network.servers.postgresql):
            pass
        some_progress(crowd)
    all_is_well(network, crowd)


def test_the_database_may_end_sessions_in_the_middle_of_their_work(network):
    url = network.processes.settings.database_url
    with Crowd(network.players, "cut-off", at_least=FEW) as crowd:
        for most in (1, 2, 1000, 1):
            some_progress(crowd)
            assert faults.cut_off(url, most) >= 1
    all_is_well(network, crowd)


def test_the_search_engine_may_go_away(network):
    liaison = network.players.liaison
    with faults.killed(network.servers.elasticsearch):
        with Crowd(network.players, "unsearched", at_least=2) as crowd:
            pass
        with pytest.raises(Unavailable, match="检索服务暂时无法使用"):
            liaison.get("/search", text="急弯", congress="43")
    all_is_well(network, crowd)


# --- what the tests share -------------------------------------------------------------------------------------------


def some_progress(crowd: Crowd) -> None:
    """Return at a moment that nobody can foresee, while commands are being carried out."""
    enough = len(crowd.answered) + random.randrange(1, 30)
    until(lambda: len(crowd.answered) >= enough, 60)
    time.sleep(random.random() * 0.05)


def is_refused(client: Client, path: str, **data: str) -> None:
    """A command is refused with a sentence in Chinese, soon enough for somebody who waits."""
    began = time.monotonic()
    with pytest.raises(Unavailable, match="请稍后再试"):
        client.command(path, **data)
    assert time.monotonic() - began < 15


def in_hand(network) -> str:
    """How many calls each service has taken and not answered."""
    return network.servers.rabbitmq.control("list_queues", "name", "messages_unacknowledged")


def ready(network, service: str) -> bool:
    port = network.processes.ports()[SERVICES.index(service)]
    return urllib3.request("GET", f"http://127.0.0.1:{port}/readyz", timeout=20, retries=False).status == 200


def all_is_well(network, crowd: Crowd) -> None:
    """Every life complete, every accepted command carried out once, every event once in effect; nobody saw a fault."""
    network.processes.wait_until_ready()  # which fails if one ended that nobody killed
    network.counting.settle()
    network.ids += crowd.ids
    assert network.counting.discrepancies() == []
    assert len(crowd.ids) >= crowd.at_least
    assert {
        id for id, story in network.counting.stories(crowd.ids).items() if story != network.undisturbed
    } == set()
    carried_out = network.counting.carried_out(crowd.name + "-")
    assert set(crowd.answered) == set(carried_out) and set(carried_out.values()) == {1}
    assert [
        r.data.decode() for r in crowd.troubles if r.status != 503 or "请稍后再试" not in r.json()["detail"]
    ] == []
    everybody_reads_the_same(network)


def everybody_reads_the_same(network) -> None:
    liaison, ids = network.players.liaison, sorted(network.ids)
    lines = liaison.get("/ledger", congress="43", limit=1000)["lines"]
    assert sorted(line["id"] for line in lines) == ids
    assert {line["state"] for line in lines} == {"published"}
    assert len({line["number"] for line in lines}) == len(ids)
    solved = next(
        f
        for f in liaison.get("/figures", congress="43", year=int(time.strftime("%Y")))
        if f["figure"] == "solved"
    )
    assert (solved["numerator"], solved["denominator"]) == (len(ids), len(ids))
    until(lambda: liaison.get("/search", text="急弯", congress="43")["total"] == len(ids))


def until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait for a condition."""
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, f"not within {seconds} s"
        time.sleep(0.02)
