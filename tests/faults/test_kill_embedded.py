"""The embedded network is killed again and again (kill -9) while twenty suggestions live their lives: then we count."""

from __future__ import annotations

import random
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jianyi import lives
from jianyi.client import Client
from jianyi.processes import SERVICES, free_ports, processes_of
from shared.settings import Settings
from soak.counting import Counting, Story

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

LIVES, KILLS = 20, 6
COMMANDS = 13  # in a life that ends with publication
TOWN = {"path": "43", "code": "43", "name": "湖南省", "level": "province", "parent": "", "has_congress": True}


@pytest.fixture
def processes(tmp_path: Path):
    settings = Settings(
        home=tmp_path, port=free_ports(len(SERVICES) + 1), secret=secrets.token_urlsafe(40), clock="case"
    )
    processes = processes_of(settings, real=False)
    processes.start("network")
    processes.wait_until_ready()
    yield processes
    processes.stop()


def test_nothing_is_lost_and_nothing_doubled_by_kill_9(processes):
    system = Client.as_system(processes.settings)
    system.command("/divisions", divisions=[TOWN])
    players = lives.cast(system, "43", "fault")
    stop_killing = threading.Event()
    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(lives.Life(players, f"life-{number}").live, True) for number in range(LIVES)]
        killed = kill_at_random(processes, stop_killing, lambda: all(f.done() for f in futures))
        ids = [future.result() for future in futures]
    counting = Counting(processes.settings)
    counting.settle()
    assert killed >= 1
    assert counting.discrepancies() == []
    assert len(set(map(told, counting.stories(ids).values()))) == 1
    kept = counting.carried_out("life-")
    assert len(kept) == LIVES * COMMANDS and set(kept.values()) == {1}
    counting.close()
    lines = system_lines(players)
    assert sorted(line["id"] for line in lines) == sorted(ids)
    assert {line["state"] for line in lines} == {"published"}
    assert len({line["number"] for line in lines}) == LIVES
    assert solved(players) == (LIVES, LIVES)


def test_steps_come_after_the_signature_also_when_the_process_is_killed_between_them(processes):
    system = Client.as_system(processes.settings)
    system.command("/divisions", divisions=[TOWN])
    players = lives.cast(system, "43", "signing")
    today = lives.legal_date(lives.datetime.now(lives.UTC)).isoformat()
    system.command(
        "/practices", name="three_fixes_three_visits", congress="43", effective_on=today, settings={}
    )
    counting = Counting(processes.settings)
    for number in range(2):
        life = lives.Life(players, f"signing-{number}")
        life.submit()
        at = f"/suggestions/{life.id}"
        players.liaison.command(f"{at}/accept")
        counting.settle()
        players.liaison.command(f"{at}/assign", lead=players.unit)
        task = players.clerk.get(f"{at}/handling")["tasks"][0]["id"]
        assert players.clerk.command(f"{at}/sign-for", task=task)["steps_to_come"]
        processes.kill("network")
        processes.start("network")
        processes.wait_until_ready()
        counting.settle()
        (found,) = players.clerk.get(f"{at}/handling")["tasks"]
        assert not found["steps_to_come"]
        assert len(found["steps"]) == 4
    assert counting.discrepancies() == []
    counting.close()


def kill_at_random(processes, stop, finished) -> int:
    """Kill the process and start it again, at random moments, a few times."""
    chance, killed = random.Random(7), 0
    while killed < KILLS and not finished():
        if stop.wait(chance.uniform(0.3, 1.5)) or finished():
            break
        processes.kill("network")
        killed += 1
        processes.start("network")
        processes.wait_until_ready()
    return killed


def told(story: Story) -> frozenset:
    """A story that can be compared with others: how often each service told what."""
    return frozenset(story.items())


def system_lines(players) -> list[dict]:
    return list(players.liaison.get("/ledger", congress="43", limit=100)["lines"])


def solved(players) -> tuple[int, int]:
    year = int(time.strftime("%Y"))
    figures = players.liaison.get("/figures", congress="43", year=year)
    figure = next(f for f in figures if f["figure"] == "solved")
    return figure["numerator"], figure["denominator"]
