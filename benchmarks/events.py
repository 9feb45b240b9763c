"""The event backbone alone: from the commit into an outbox to the commit into an inbox, beside what raw libraries do.

Two services in processes of their own, directory and intake; the events are written into directory's log as its own
commands would write them. `python -m benchmarks events`, and `python -m benchmarks backlog` for a million at once.
"""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from benchmarks.measure import Row, megabytes
from jianyi.processes import SERVICES, Processes, free_ports, processes_of
from servers import real_servers
from shared.settings import Settings

EVENTS, PER_COMMIT = 30_000, 100
SINGLE = 5_000
RAW = 20_000
BACKLOG = 1_000_000
PUBLISHER, CONSUMER = "directory", "intake"

_WRITE = """
INSERT INTO directory.event_log (event_id, type, subject, jurisdiction, time, trace, body)
SELECT id::text, 'delegation.recorded.v1', subject, '43', now, trace,
       json_build_object(
         'specversion', '1.0', 'id', id, 'source', '/jianyi/directory', 'type', 'delegation.recorded.v1', 'time', now,
         'subject', subject, 'datacontenttype', 'application/json', 'jurisdiction', '43', 'sequence', sequence,
         'traceparent', '00-' || trace || '-00f067aa0ba902b7-01',
         'data', json_build_object('by', json_build_object('account', 'bench', 'name', '系统'), 'name', '代表团' || subject)
       )::text
FROM (
  SELECT gen_random_uuid() AS id, 'bench-' || (n %% 5000) AS subject, n / 5000 + 1 AS sequence,
         to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS now,
         md5(n::text) AS trace
  FROM generate_series(%s, %s) AS n
) AS events
"""


def measure(home: Path) -> list[Row]:
    """Rows of the table."""
    rows = []
    with _two_services(home) as (settings, processes):
        took = _flow(settings, EVENTS, PER_COMMIT)
        rows.append(_rate("events, outbox commit to inbox commit, in batches", EVENTS / took, 3000))
        processes.kill(CONSUMER)
        processes.commands[CONSUMER] = ["-m", "benchmarks.single"]
        _start(processes, CONSUMER)
        took = _flow(settings, SINGLE, PER_COMMIT)
        rows.append(_rate("events, each taken in singly, in a transaction of its own", SINGLE / took, 1000))
        took = _flow(settings, SINGLE, 1)
        rows.append(Row("events, each also committed and sent singly", f"{SINGLE / took:,.0f} a second"))
        rows += _raw(settings)
    return rows


def measure_backlog(home: Path) -> list[Row]:
    """A million events wait for a consumer that is away: what it costs to keep them, and how fast they are taken in."""
    with _two_services(home) as (settings, processes):
        processes.kill(CONSUMER)
        relay = processes.running[PUBLISHER].pid
        before = megabytes([relay])
        for start in range(0, BACKLOG, 10_000):
            _write(settings, start, 10_000, 10_000)
        _wait(settings, "SELECT count(*) = 0 FROM directory.outbox")
        after = megabytes([relay])
        _start(processes, CONSUMER)
        consumer = processes.running[CONSUMER].pid
        _wait(settings, f"SELECT count(*) >= {BACKLOG // 10} FROM intake.inbox")
        early, began = megabytes([consumer]), time.perf_counter()
        _wait(settings, f"SELECT count(*) >= {BACKLOG} FROM intake.inbox")
        took = time.perf_counter() - began
        late = megabytes([consumer])
        rate = BACKLOG * 0.9 / took
        return [
            Row("backlog of 1,000,000: memory of the relay, before and after", f"{before:.0f} and {after:.0f} MB", "flat",
                after < before * 1.3),
            Row("backlog of 1,000,000: memory of the consumer, at a tenth and at the end", f"{early:.0f} and {late:.0f} MB",
                "flat", late < early * 1.3),
            _rate("backlog of 1,000,000: drained", rate, 2000),
        ]  # fmt: skip


@contextmanager
def _two_services(home: Path) -> Iterator[tuple[Settings, Processes]]:
    with real_servers(home / "servers", parts={"rabbitmq", "postgresql"}) as urls:
        settings = Settings(
            home=home, port=free_ports(len(SERVICES) + 1), secret=secrets.token_urlsafe(40), clock="case", log_level="WARNING",
            broker_url=urls.broker, database_url=urls.database, search_url="http://127.0.0.1:9",
        )  # fmt: skip
        processes = processes_of(settings, real=True)
        processes.commands = {name: processes.commands[name] for name in (PUBLISHER, CONSUMER)}
        try:
            migrate = [sys.executable, "-m", "jianyi", "migrate"]
            subprocess.run(migrate, env=processes.environment, check=True, stdout=subprocess.DEVNULL)
            for name in processes.commands:
                processes.start(name)
            time.sleep(3)  # both are up; there is no gateway to ask
            yield settings, processes
        finally:
            processes.stop()


def _start(processes: Processes, name: str) -> None:
    if processes.commands[name][0] == "-m":
        processes.running[name] = subprocess.Popen(
            [sys.executable, *processes.commands[name]], env=processes.environment, stdin=subprocess.DEVNULL
        )
    else:
        processes.start(name)
    time.sleep(3)


def _flow(settings: Settings, count: int, per_commit: int) -> float:
    """Seconds from the first commit into the outbox to the last one into the inbox."""
    there = _ask(settings, "SELECT count(*) FROM intake.inbox")
    first = _ask(settings, "SELECT coalesce(max(position), 0) FROM directory.event_log")
    began = time.perf_counter()
    _write(settings, first + 1, count, per_commit)
    _wait(settings, f"SELECT count(*) >= {there + count} FROM intake.inbox")
    return time.perf_counter() - began


def _write(settings: Settings, first: int, count: int, per_commit: int) -> None:
    connection = psycopg2.connect(settings.database_url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET jianyi.sight = '*'")
            for start in range(first, first + count, per_commit):
                cursor.execute(_WRITE, (start, start + per_commit - 1))
                connection.commit()
    finally:
        connection.close()


def _ask(settings: Settings, query: str) -> Any:
    with psycopg2.connect(settings.database_url) as connection, connection.cursor() as cursor:
        cursor.execute("SET jianyi.sight = '*'")
        cursor.execute(query)
        (found,) = cursor.fetchone() or (None,)
    connection.close()
    return found


def _wait(settings: Settings, query: str, seconds: float = 3600.0) -> None:
    ends = time.monotonic() + seconds
    while not _ask(settings, query):
        if time.monotonic() > ends:
            raise TimeoutError(query)
        time.sleep(0.05)


def _rate(what: str, rate: float, goal: int) -> Row:
    return Row(what, f"{rate:,.0f} a second", f"{goal:,} a second", rate >= goal)


def _raw(settings: Settings) -> list[Row]:
    """The same broker with the libraries alone: no outbox, no inbox, no order, nothing kept."""
    rows = []
    for name, what in (
        ("kombu", "raw kombu: pipelined confirms, acknowledged in batches, kept nowhere"),
        ("nameko", "raw nameko events: a confirm for each, acknowledged and dropped on error"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.raw", name, settings.broker_url, str(RAW)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        rows.append(Row(what, f"{float(done.stdout.split()[-1]):,.0f} a second"))
    return rows
