"""The whole network in one process without a broker: commands are carried out, then events are brought to everybody.

Same runtimes, models, tables and handlers as in production; only the way of the messages is short. Transports and real
processes are tested in tests/integration, tests/faults and tests/e2e.
"""

from __future__ import annotations

import importlib
import os
import shutil
import tempfile
import time
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa
from argon2 import PasswordHasher

from services.directory.model import register as accounts
from shared.aggregate import new_id
from shared.clock import CaseClock, at
from shared.database import Database, unsent
from shared.event_log import end, page
from shared.identity import SYSTEM, TOKEN_SECONDS, Actor, Role, sign
from shared.plugins import Found
from shared.rebuilding import Logs, Rebuilding
from shared.runtime import Runtime
from shared.settings import Settings

# Hashing a password is slow on purpose, and would be half of what many a test does.
HASHER_OF_THE_PRODUCT = accounts._hasher
accounts._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
accounts._NOBODY = accounts._hasher.hash("nobody has this password")

PROVINCE, CITY, COUNTY = "43", "43.01", "43.01.81"


class TestNetwork:
    """Some or all services on one data folder, with a clock that stands still until it is set."""

    __test__ = False

    def __init__(self, home: Path, services: tuple[str, ...], today: date = date(2023, 1, 15),
                 new: bool = True, plugins: Found | None = None) -> None:  # fmt: skip
        """`new` False: on data that another network has left, or still uses; `plugins`: in place of those installed."""
        self.settings = Settings(home=home, secret="test-secret-of-forty-characters-and-more", database_url=os.environ.get("JIANYI_TEST_DATABASE_URL", ""))  # fmt: skip
        self.clock = CaseClock(at(today))
        self.runtimes: dict[str, Runtime] = {}
        self._tokens: dict[Actor, tuple[float, str]] = {}
        self._told: set[str] = set()  # who has published something since its events were brought
        for service in services:
            handlers = importlib.import_module(f"services.{service}.handlers").handlers
            self.runtimes[service] = Runtime(handlers, self.settings, self.clock, plugins)
            self.runtimes[service].on_commit = partial(self._told.add, service)
            if not self.settings.database_url:
                sa.event.listen(self.runtimes[service].database.engine, "connect", _do_not_wait_for_the_disk)
            if new:
                make_tables(self.runtimes[service].database, handlers.metadata)

    def on(self, day: date, hour: int = 9) -> None:
        """Let it be this day."""
        self.clock.set(at(day, hour))

    def do(self, who: Actor, service: str, command: str, subject: str = "", /, *, key: str | None = None,
           version: int | None = None, settle: bool = True, **data: Any) -> dict[str, Any]:  # fmt: skip
        """Carry out a command as somebody, and by default bring its events to everybody."""
        answer = self.runtimes[service].execute(
            command, subject, data, token=self.token(who), key=key, version=version
        )
        if settle:
            self._bring()
        return answer

    def ask(self, who: Actor | None, service: str, query: str, /, **params: Any) -> Any:
        """Ask a service as somebody; as the public when who is None."""
        token = self.token(who) if who else ""
        return self.runtimes[service].ask(query, params, token=token)

    def token(self, who: Actor) -> str:
        """Somebody's token, signed anew before it ends."""
        until, token = self._tokens.get(who, (0.0, ""))
        if time.monotonic() > until:
            token = sign(who, self.settings.signing_key)
            self._tokens[who] = time.monotonic() + TOKEN_SECONDS / 2, token
        return token

    def settle(self) -> None:
        """Bring all events to their consumers until there are none left. A failing handler fails the test."""
        self._told |= set(self.runtimes)
        self._bring()

    def _bring(self) -> None:
        while self._told:
            for service in [name for name in self.runtimes if name in self._told]:
                self._told.discard(service)
                self._deliver(self.runtimes[service])

    def _deliver(self, runtime: Runtime) -> None:
        with runtime.database.writing() as connection:
            rows = connection.execute(unsent(runtime.tables)).all()
            connection.execute(sa.delete(runtime.tables["outbox"]))
        if rows:
            self.deliver([orjson.loads(row.body) for row in rows])

    def deliver(self, events: list[dict[str, Any]]) -> None:
        """Bring events to everybody who handles them."""
        for consumer in self.runtimes.values():
            if not any(event["type"] in consumer.reader.version_of for event in events):
                continue
            consumer.consume(events)
            failures = consumer.tables["failures"]
            with consumer.database.reading() as connection:
                failed = connection.execute(sa.select(failures.c.type, failures.c.traceback)).all()
            assert not failed, f"{consumer.service}: {failed[0].type}\n{failed[0].traceback}"

    def rebuild(self, service: str, what: str) -> dict[str, int]:
        """Derive a service's projection anew, from the logs of the services of this network."""
        runtime = self.runtimes[service]
        with Rebuilding(runtime, runtime.handlers.projections[what], NetworkLogs(self)) as rebuilding:
            return rebuilding.run()

    def rows(self, service: str, *tables: str, but: tuple[str, ...] = ()) -> dict[str, list[dict[str, Any]]]:
        """All rows of some tables of a service, without the columns `but`, in an order of their own."""
        found = {}
        with self.runtimes[service].database.reading() as connection:
            for name in tables:
                rows = connection.execute(sa.select(self.runtimes[service].tables[name]))
                kept = [{k: v for k, v in row._mapping.items() if k not in but} for row in rows]
                found[name] = sorted(kept, key=repr)
        return found

    def published(self, service: str, subject: str | None = None) -> list[dict[str, Any]]:
        """The events in a service's log, oldest first; of one subject if it is named."""
        log = self.runtimes[service].tables["event_log"]
        query = sa.select(log.c.body).order_by(log.c.position)
        if subject:
            query = query.where(log.c.subject == subject)
        with self.runtimes[service].database.reading() as connection:
            return [orjson.loads(body) for body in connection.scalars(query)]

    def tell(
        self, type: str, subject: str, jurisdiction: str = PROVINCE, sequence: int = 1, /, **data: Any
    ) -> None:
        """Bring an event of a service that is not part of this network."""
        self.deliver([envelope(type, subject, jurisdiction, sequence, self.clock.now(), data)])

    def close(self) -> None:
        for runtime in self.runtimes.values():
            runtime.database.close()


# Making a service's tables takes longer than many a test: they are made once in each process, and after that copied or emptied.
_PATTERNS = tempfile.TemporaryDirectory(prefix="jianyi-tables-")
_MADE: set[tuple[str, str]] = set()


def make_tables(database: Database, metadata: sa.MetaData) -> None:
    """Give a service's database its tables; on PostgreSQL, where it may be another test's, empty ones."""
    if not database.is_sqlite:
        with database.engine.begin() as connection:
            if (database.url, database.service) in _MADE:
                _empty(connection, metadata)
                return
            connection.execute(sa.text(f'DROP SCHEMA IF EXISTS "{database.service}" CASCADE'))
            connection.execute(sa.text(f'CREATE SCHEMA "{database.service}"'))
            metadata.create_all(connection)
        _MADE.add((database.url, database.service))
        return
    pattern = Path(_PATTERNS.name, database.service)
    if not pattern.exists():
        drawn = Database(f"sqlite:///{pattern}", database.service)
        metadata.create_all(drawn.engine)
        drawn.close()
    file = Path(database.url.removeprefix("sqlite:///"))
    if not file.exists():
        shutil.copyfile(pattern, file)


def _do_not_wait_for_the_disk(connection: Any, _: Any) -> None:
    """No power is cut while these tests run; tests/faults does that to networks as they are."""
    connection.execute("PRAGMA synchronous=OFF")


def _empty(connection: sa.Connection, metadata: sa.MetaData) -> None:
    """As it was when the tables were new: without rows, and with the counters at their beginning."""
    deletions = [f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)]
    counters = "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace"
    connection.exec_driver_sql("; ".join([*deletions, counters]))


class NetworkLogs(Logs):
    """The logs of the services of a test network; a service that is not part of it has told nothing."""

    def __init__(self, network: TestNetwork) -> None:
        self.network = network

    def page(self, source: str, after: int, types: list[str]) -> list[dict[str, Any]]:
        runtime = self.network.runtimes.get(source)
        return page(runtime.database, runtime.tables["event_log"], after, types) if runtime else []

    def end(self, source: str) -> int:
        runtime = self.network.runtimes.get(source)
        return end(runtime.database, runtime.tables["event_log"]) if runtime else 0


def envelope(
    type: str, subject: str, jurisdiction: str, sequence: int, at: datetime, data: dict[str, Any]
) -> dict[str, Any]:
    """An event as another service would publish it."""
    return {
        "specversion": "1.0", "id": new_id(), "source": "/jianyi/elsewhere", "type": type, "time": at.isoformat(),
        "subject": subject, "datacontenttype": "application/json", "jurisdiction": jurisdiction, "sequence": sequence,
        "traceparent": "00-" + "1" * 32 + "-" + "2" * 16 + "-01", "data": {"by": SYSTEM.as_by(), **data},
    }  # fmt: skip


def deputy(name: str, seat: str, congress: str = PROVINCE) -> Actor:
    return Actor(f"account-{seat}", name, (Role("deputy", congress, seat=seat),))


def liaison(congress: str = PROVINCE) -> Actor:
    return Actor(f"liaison-{congress}", "联工委甲", (Role("liaison", congress),))


def unit_clerk(unit: str, congress: str = PROVINCE, name: str = "经办人甲") -> Actor:
    return Actor(f"clerk-{unit}", name, (Role("handler", congress, unit=unit),))


def unit_head(unit: str, congress: str = PROVINCE, name: str = "负责人甲") -> Actor:
    return Actor(f"head-{unit}", name, (Role("unit_head", congress, unit=unit),))
