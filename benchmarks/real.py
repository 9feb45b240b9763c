"""Each service in a process of its own on RabbitMQ, PostgreSQL and Elasticsearch, all on this machine."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import psycopg2

from benchmarks.measure import Row, Seconds, live_lives, middle_and_tail, milliseconds, timed
from jianyi import lives
from jianyi.client import Client
from jianyi.hunan import hunan_divisions
from jianyi.processes import SERVICES, Processes, free_ports, processes_of
from servers import real_servers
from shared.settings import Settings

CLIENTS, WARM_LIVES, LIVES = 8, 100, 400
COMMANDS_A_SECOND, PACED_SECONDS = 200, 20
USERS, PAGES_EACH = 20, 15
SMALL, MIDDLE, LARGE = 1_000, 20_000, 100_000
PART = 5_000  # rows in one import


def measure(home: Path) -> Iterator[Row]:
    """Rows of the table, as they are measured."""
    with real_servers(home / "servers") as urls:
        settings = Settings(
            home=home, port=free_ports(len(SERVICES) + 1), secret=secrets.token_urlsafe(40), clock="case", log_level="WARNING",
            broker_url=urls.broker, database_url=urls.database, search_url=urls.search,
        )  # fmt: skip
        processes = processes_of(settings, real=True)
        try:
            subprocess.run(
                [sys.executable, "-m", "jianyi", "migrate"],
                env=processes.environment,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            for service in SERVICES:
                processes.start(service)
            processes.wait_until_ready()
            yield from _measure(settings, processes)
        finally:
            processes.stop()


def _measure(settings: Settings, processes: Processes) -> Iterator[Row]:
    system = Client.as_system(settings)
    system.post("/divisions", {"divisions": hunan_divisions()})
    players = [lives.cast(system, "43", f"bench{number}") for number in range(CLIENTS)]
    _settle(system)
    live_lives(players, WARM_LIVES, "warm")  # Elasticsearch compiles what it does most
    yield from _under_load(settings, processes, players)
    yield _commands(players)
    yield from _at_a_pace(settings, players)
    yield _inside(settings, processes, players)
    _fill(system, players[0], SMALL)
    small = _cost(players)
    yield _fill(system, players[0], MIDDLE - SMALL)
    yield from _with_many(players[0])
    yield _pages(settings)
    yield Row(f"  cost of a life at {MIDDLE:,} against {SMALL:,}", f"{_cost(players) / small:.2f} times")
    yield _fill(system, players[0], LARGE - MIDDLE)
    ratio = _cost(players) / small
    yield Row(
        f"cost of a life at {LARGE:,} suggestions against {SMALL:,}", f"{ratio:.2f} times", "within 1.2 times",
        ratio <= 1.2,
    )  # fmt: skip


def _under_load(settings: Settings, processes: Processes, players: list[lives.Players]) -> list[Row]:
    began, used = time.time(), _processor_seconds(processes)
    took, commands = live_lives(players, LIVES, "load")
    rate = LIVES / took
    by_process = {name: seconds - used[name] for name, seconds in _processor_seconds(processes).items()}
    within, last = _lags(settings, began)
    shares = "、".join(f"{name} {seconds / LIVES * 1000:.0f}" for name, seconds in by_process.items())
    return [
        Row(f"plain lives over REST, {CLIENTS} clients", f"{rate:.1f} a second", "25 a second", rate >= 25),
        Row("events at their last consumer within 1 s", f"{within:.1%} (95th: {last:.2f} s)", "95%", within >= 0.95),
        Row("a command, median and 95th percentile under that load",
            middle_and_tail(commands)),
        Row("processor time of a life, in ms", shares),
    ]  # fmt: skip


def _commands(players: list[lives.Players]) -> Row:
    """Twenty users who give a command a second each."""
    seconds, run = Seconds(), secrets.token_hex(4)

    def give(step: str, took: float) -> None:
        seconds.add(step, took)
        time.sleep(1.0)

    def one(number: int) -> None:
        time.sleep(number % USERS / USERS)  # people do not all press at the same moment
        lives.Life(players[number % len(players)], f"user-{run}-{number}", give).live()

    with ThreadPoolExecutor(USERS) as pool:
        list(pool.map(one, range(2 * USERS)))
    what = f"a command, {USERS} users who each give one a second, median and 95th percentile"
    return Row(what, middle_and_tail(seconds), "50 ms", seconds.at(0.95) <= 0.05)


def _at_a_pace(settings: Settings, players: list[lives.Players]) -> list[Row]:
    """Lives begun at fixed moments, so many that they give that many commands a second."""
    every, count = 12 / COMMANDS_A_SECOND, PACED_SECONDS * COMMANDS_A_SECOND // 12
    seconds, began, start = Seconds(), time.time(), time.perf_counter()

    def one(number: int) -> None:
        time.sleep(max(start + number * every - time.perf_counter(), 0))
        lives.Life(players[number % len(players)], f"pace-{number}", seconds.add).live()

    with ThreadPoolExecutor(4 * CLIENTS) as pool:
        list(pool.map(one, range(count)))
    rate = count * 12 / (time.perf_counter() - start)
    within, last = _lags(settings, began)
    return [
        Row(f"at {COMMANDS_A_SECOND} commands a second: given", f"{rate:.0f} a second", "190", rate >= 190),
        Row("  events at their last consumer within 1 s", f"{within:.1%} (95th: {last:.2f} s)", "99%", within >= 0.99),
        Row("  a command, 95th percentile", milliseconds(seconds.at(0.95)), "50 ms", seconds.at(0.95) <= 0.05),
    ]  # fmt: skip


def _inside(settings: Settings, processes: Processes, players: list[lives.Players]) -> Row:
    file = settings.home / "players.json"
    file.write_text(json.dumps([[p.congress, p.seat, p.unit] for p in players]))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.inside", str(file), str(LIVES)], env=processes.environment,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    rate = float(done.stdout.split()[-1])
    return Row(
        "plain lives through the services' commands", f"{rate:.1f} a second", "30 a second", rate >= 30
    )


def _processor_seconds(processes: Processes) -> dict[str, float]:
    """What the services have used so far, the servers beside them and this program."""
    used = {name: _of_family(process.pid) for name, process in processes.running.items()}
    for process in psutil.Process().children(recursive=False):
        if process.pid not in {running.pid for running in processes.running.values()}:
            name = process.name()
            used[name] = used.get(name, 0.0) + _of_family(process.pid)
    own = os.times()
    return used | {"clients": own.user + own.system}


def _of_family(pid: int) -> float:
    seconds = 0.0
    process = psutil.Process(pid)
    for member in [process, *process.children(recursive=True)]:
        try:
            times = member.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += times.user + times.system
    return seconds


def _lags(settings: Settings, since: float) -> tuple[float, float]:
    """(share of events that reached their last consumer within a second, the 95th percentile of seconds)."""
    time.sleep(3)
    published = " UNION ALL ".join(f"SELECT event_id, time FROM {s}.event_log" for s in SERVICES)
    handled = " UNION ALL ".join(f"SELECT event_id, handled_at FROM {s}.inbox" for s in SERVICES)
    query = f"""
        WITH p AS ({published}), h AS ({handled}),
        lag AS (SELECT p.event_id, max(extract(epoch FROM h.handled_at::timestamptz - p.time::timestamptz)) AS s
                FROM p JOIN h USING (event_id) WHERE p.time::timestamptz > to_timestamp(%s) GROUP BY p.event_id)
        SELECT avg((s <= 1)::int), percentile_cont(0.95) WITHIN GROUP (ORDER BY s) FROM lag
    """
    with psycopg2.connect(settings.database_url) as connection, connection.cursor() as cursor:
        cursor.execute("SET jianyi.sight = '*'")  # or row-level security shows nothing
        cursor.execute(query, (since,))
        within, last = cursor.fetchone() or (0, 0)
    return float(within), float(last)


def _cost(players: list[lives.Players]) -> float:
    """Seconds of one life among eight clients."""
    took, _ = live_lives(players, CLIENTS * 10, secrets.token_hex(4))
    return took / (CLIENTS * 10)


def _fill(system: Client, players: lives.Players, count: int) -> Row:
    """Take in suggestions through the office's ledger import, then wait until all services know them."""
    began = time.perf_counter()
    for start in range(0, count, PART):
        rows = [
            {
                "number": f"历史第{secrets.token_hex(6)}号", "title": f"关于{_WORDS[n % len(_WORDS)]}的建议（第{start + n}件）",
                "lead": players.seat, "category": "交通运输", "lead_unit": players.unit, "assigned_on": "2025-02-20",
                "replied_on": "2025-05-10", "reply_class": "A", "result": "satisfied",
            }
            for n in range(min(PART, count - start))
        ]  # fmt: skip
        players.liaison.post("/imports/suggestions", {"congress": "43", "rows": rows})
    _settle(system)
    rate = count / (time.perf_counter() - began)
    return Row(f"  {count:,} suggestions imported, until every service knows them", f"{rate:.0f} a second")


_WORDS = (
    "加快农村公路安防设施建设",
    "完善社保费联合运维",
    "加强山塘水库除险加固",
    "改善乡镇卫生院条件",
    "推进老旧小区加装电梯",
    "整治城区内涝点",
)


def _settle(system: Client) -> None:
    quiet = 0
    while quiet < 3:
        states = [system.operate(service, "status") for service in SERVICES]
        backlog = sum(state["outbox"] + state["failures"] for state in states)
        behind = _behind(system)
        quiet = quiet + 1 if backlog == 0 and not behind else 0
        time.sleep(0.5)


def _behind(system: Client) -> bool:
    """Is some consumer still busy with what has been published?"""
    before = [system.operate(service, "status")["consumed"] for service in SERVICES]
    time.sleep(1.0)
    return before != [system.operate(service, "status")["consumed"] for service in SERVICES]


def _with_many(players: lives.Players) -> list[Row]:
    search = timed(lambda: players.liaison.get("/search", text="社保", congress="43"), 50)
    ledger = timed(lambda: players.liaison.get("/ledger", congress="43"), 50)
    filtered = timed(
        lambda: players.liaison.get("/ledger", congress="43", unit=players.unit, light="red"), 50
    )
    return [
        Row(
            f"search of two characters among {MIDDLE:,}, 95th",
            milliseconds(search.at(0.95)),
            "30 ms",
            search.at(0.95) <= 0.03,
        ),
        Row(
            f"ledger among {MIDDLE:,}, 95th", milliseconds(ledger.at(0.95)), "100 ms", ledger.at(0.95) <= 0.1
        ),
        Row(
            f"ledger by unit and light among {MIDDLE:,}, 95th",
            milliseconds(filtered.at(0.95)),
            "100 ms",
            filtered.at(0.95) <= 0.1,
        ),
    ]


def _pages(settings: Settings) -> Row:
    """Twenty users who look at a page a second each."""
    seconds, ready = Seconds(), threading.Barrier(USERS)
    paths = ("/ledger?congress=43", "/work", "/figures?congress=43", "/search?text=公路")

    def look(number: int) -> None:
        browser = _signed_in_browser(settings, number)
        ready.wait()
        time.sleep(number / USERS)  # people do not all press at the same moment
        for turn in range(PAGES_EACH):
            began = time.perf_counter()
            response = browser.get(
                f"http://{settings.host}:{settings.port}{paths[(turn + number) % len(paths)]}", timeout=20
            )
            seconds.add("", time.perf_counter() - began)
            assert response.status_code == 200, (response.url, response.status_code)
            time.sleep(max(1.0 - (time.perf_counter() - began), 0.0))

    with ThreadPoolExecutor(USERS) as pool:
        list(pool.map(look, range(USERS)))
    what = f"a page, {USERS} users who each look at one a second, median and 95th percentile"
    return Row(what, middle_and_tail(seconds), "100 ms", seconds.at(0.95) <= 0.1)


def _signed_in_browser(settings: Settings, number: int) -> Any:
    import re

    import requests

    browser = requests.Session()
    browser.trust_env = False
    address = f"http://{settings.host}:{settings.port}/sign-in"
    form = browser.get(address, timeout=20).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token, "the sign-in page has no form"
    login = f"bench{number % CLIENTS}-liaison"
    browser.post(
        address, data={"csrf_token": token[1], "login": login, "password": lives.PASSWORD}, timeout=20
    )
    return browser
