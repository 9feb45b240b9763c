"""Waits until a network is at rest, and counts: what was lost, what happened twice, what contradicts something else.

Reads the services' databases directly, embedded or PostgreSQL: what a service says of itself would prove less.

    counting = Counting(settings)
    counting.settle()
    assert counting.discrepancies() == []
"""

from __future__ import annotations

import importlib
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson
import sqlalchemy as sa
import urllib3

from services.search.engine.matching import FORMAT
from shared.database import Database
from shared.handlers import Handlers
from shared.problems import Unavailable
from shared.settings import SERVICES, Settings

SETTLE_SECONDS = 60.0
POLL_SECONDS = 0.2
NEVER_TOLD = ("draft", "discarded")  # states in which only intake knows of a suggestion
INDEX_PAGE = 500
SHOWN = 5  # of many alike, so many are named

Story = Counter[tuple[str, str]]
"""How often each (service, event type) was published about one thing."""


class Unsettled(Exception):
    """The network did not come to rest; the text says what is left."""


class Counting:
    """The books of all services of one network."""

    def __init__(self, settings: Settings) -> None:
        self.handlers: dict[str, Handlers] = {
            service: importlib.import_module(f"services.{service}.handlers").handlers for service in SERVICES
        }
        self.search_url = settings.search_url
        self.databases = {service: Database(settings.database(service), service) for service in SERVICES}

    def close(self) -> None:
        for database in self.databases.values():
            database.close()

    # --- coming to rest ---------------------------------------------------------------------------------------

    def settle(self, seconds: float = SETTLE_SECONDS) -> float:
        """Return, with the seconds it took, once nothing is under way. Raises Unsettled with what is left."""
        began = time.monotonic()
        while left := self._left():
            if time.monotonic() - began > seconds:
                raise Unsettled("\n".join([*left, *self.lost_events()]))
            time.sleep(POLL_SECONDS)
        return time.monotonic() - began

    def _left(self) -> list[str]:
        """What has still to be sent, taken in, tried again or indexed. Also while a database is away."""
        try:
            return list(self._under_way())
        except Unavailable as problem:
            return [problem.detail]

    def _under_way(self) -> Iterator[str]:
        published: Counter[str] = Counter()
        for service in SERVICES:
            with self._reading(service) as (connection, tables):
                for name in ("outbox", "failures"):
                    if count := _count(connection, tables[name]):
                        yield f"{service}: {count} in {name}"
                log = tables["event_log"]
                by_type = sa.select(log.c.type, sa.func.count()).group_by(log.c.type)
                for type, times in connection.execute(by_type):
                    published[type] += times
                if "documents" in tables:
                    stale = sa.select(sa.func.count()).where(tables["documents"].c.stale)
                    if waiting := connection.scalar(stale):
                        yield f"{service}: {waiting} not indexed yet"
        for service in SERVICES:
            expected = sum(published[type] for type in self.handlers[service].events)
            with self._reading(service) as (connection, tables):
                taken = _count(connection, tables["inbox"])
            if taken != expected:
                yield f"{service}: has taken in {taken} of {expected} events"

    # --- counting ---------------------------------------------------------------------------------------------

    def discrepancies(self) -> list[Finding]:
        """Whatever is wrong with the books of a settled network; empty when all is well."""
        return [*self.lost_events(), *self.doubled_events(), *self.contradictions()]

    def lost_events(self) -> list[Finding]:
        """Events that a service handles and never took in, and those it took in though nobody published them."""
        logs = {service: self._log(service) for service in SERVICES}
        types = {row.event_id: row.type for rows in logs.values() for row in rows}
        found = []
        for service in SERVICES:
            with self._reading(service) as (connection, tables):
                inbox = set(connection.scalars(sa.select(tables["inbox"].c.event_id)))
            expected = {id for id, type in types.items() if type in self.handlers[service].events}
            found += _named(f"{service} lost", (f"{types[id]} {id}" for id in expected - inbox))
            found += _named(f"{service} invented", inbox - expected)
        return found

    def doubled_events(self) -> list[Finding]:
        """Ids that were given twice, and gaps and doubles in the sequence of what a service says about one thing."""
        found: list[Finding] = []
        seen = Counter[str]()
        for service in SERVICES:
            numbers: dict[str, list[int]] = defaultdict(list)
            for row in self._log(service):
                seen[row.event_id] += 1
                numbers[row.subject].append(orjson.loads(row.body)["sequence"])
            broken = (f"{id} {n}" for id, n in numbers.items() if n != list(range(1, len(n) + 1)))
            found += _named(f"{service} miscounted", broken)
        return found + _named("doubled", (id for id, times in seen.items() if times > 1))

    def contradictions(self) -> list[Finding]:
        """Where ledger, evaluations and search know other suggestions, or other numbers, than intake."""
        with self._reading("intake") as (connection, tables):
            t = tables["suggestions"].c
            rows = connection.execute(sa.select(t.id, t.number).where(t.state.not_in(NEVER_TOLD))).all()
        owned = {row.id: row.number for row in rows}
        found = []
        with self._reading("supervision") as (connection, tables):
            t = tables["ledger"].c
            told = sa.select(t.id, t.number).where(
                t.state != ""
            )  # empty: a draft, which only its deputies see
            lines = {row.id: row.number for row in connection.execute(told)}
            found += _named("ledger differs from intake", _differing(owned, lines))
        with self._reading("search") as (connection, tables):
            t = tables["documents"].c
            dossiers = {
                row.id: row.dossier.get("text", {}).get("number", "")
                for row in connection.execute(sa.select(t.id, t.dossier))
            }
            found += _named("search differs from intake", _differing(owned, dossiers))
        return [*found, *self._other_states(), *self._other_figures(), *self._other_index(owned)]

    def _other_states(self) -> list[Finding]:
        """Closed or published according to evaluation, which owns the end of a life; otherwise in the ledger."""
        with self._reading("evaluation") as (connection, tables):
            t = tables["evaluations"].c
            over = sa.select(t.id, t.state).where(t.state.in_(("closed", "published")))
            owned = {row.id: row.state for row in connection.execute(over)}
        with self._reading("supervision") as (connection, tables):
            t = tables["ledger"].c
            over = sa.select(t.id, t.state).where(t.state.in_(("closed", "published")))
            lines = {row.id: row.state for row in connection.execute(over)}
        return _named("ledger differs from evaluation", _differing(owned, lines))

    def _other_figures(self) -> list[Finding]:
        """Figures that are not the sum of what the suggestions put into them, and A-class replies they do not have."""
        with self._reading("evaluation") as (connection, tables):
            c, f = tables["contributions"].c, tables["figures"].c
            key = (c.congress, c.owner, c.year, c.figure)
            sums = sa.select(*key, sa.func.sum(c.numerator), sa.func.sum(c.denominator)).group_by(*key)
            counted = {tuple(row[:4]): f"{row[4]}/{row[5]}" for row in connection.execute(sums)}
            kept = sa.select(f.congress, f.owner, f.year, f.figure, f.numerator, f.denominator)
            totals = {tuple(row[:4]): f"{row[4]}/{row[5]}" for row in connection.execute(kept)}
            solved = sa.select(sa.func.sum(f.numerator)).where(f.figure == "solved", f.owner == "")
            told = connection.scalar(solved) or 0
        with self._reading("supervision") as (connection, tables):
            line = tables["ledger"].c
            lines = sa.select(sa.func.count()).where(
                line.reply_class == "A", line.state.in_(("closed", "published"))
            )
            owned = connection.scalar(lines) or 0
        nothing = dict.fromkeys(counted.keys() | totals.keys(), "0/0")
        found = _named("figures differ from their parts", _differing(nothing | counted, nothing | totals))
        if told != owned:
            found += _named("figures differ from the ledger", [f"solved {told} ≠ {owned}"])
        return found

    def _other_index(self, owned: Mapping[str, str]) -> list[Finding]:
        """Where Elasticsearch finds another number, or not the suggestion at all."""
        if not self.search_url:
            return []
        indexed: dict[str, str] = {}
        ids = sorted(owned)
        for start in range(0, len(ids), INDEX_PAGE):
            asked = {"ids": ids[start : start + INDEX_PAGE]}
            path = f"{self.search_url}/jianyi-suggestions-v{FORMAT}/_mget?_source_includes=document.number"
            answer = urllib3.request("POST", path, json=asked, timeout=30).json()
            for hit in answer["docs"]:
                if hit.get("found"):
                    indexed[hit["_id"]] = hit["_source"]["document"].get("number", "")
        return _named("index differs from intake", _differing(owned, indexed))

    def stories(self, ids: Iterable[str]) -> dict[str, Story]:
        """For each of these suggestions: how often each service published each event about it."""
        wanted = set(ids)
        told: dict[str, Story] = {id: Counter() for id in wanted}
        for service in SERVICES:
            for row in self._log(service):
                if row.subject in wanted:
                    told[row.subject][service, row.type] += 1
        return told

    def arrived(self, id: str) -> bool:
        """Has every event about this suggestion taken effect at each of its consumers? No while a database is away."""
        try:
            return self._arrived(id)
        except Unavailable:
            return False

    def _arrived(self, id: str) -> bool:
        events: dict[str, str] = {}
        for service in SERVICES:
            with self._reading(service) as (connection, tables):
                log = tables["event_log"].c
                told = sa.select(log.event_id, log.type).where(log.subject == id)
                events |= {row.event_id: row.type for row in connection.execute(told)}
        for service in SERVICES:
            expected = {event for event, type in events.items() if type in self.handlers[service].events}
            with self._reading(service) as (connection, tables):
                inbox, failed = tables["inbox"].c.event_id, tables["failures"].c.event_id
                taken = set(connection.scalars(sa.select(inbox).where(inbox.in_(expected))))
                taken -= set(connection.scalars(sa.select(failed).where(failed.in_(expected))))
            if taken != expected:
                return False
        return True

    def published_events(self) -> int:
        """How many events all services have published."""
        total = 0
        for service in SERVICES:
            with self._reading(service) as (connection, tables):
                total += _count(connection, tables["event_log"])
        return total

    def carried_out(self, prefix: str = "") -> Counter[str]:
        """How many services keep an answer under each command key that begins so: once where it took effect once."""
        kept: Counter[str] = Counter()
        for service in SERVICES:
            with self._reading(service) as (connection, tables):
                key = tables["command_keys"].c.key
                kept.update(connection.scalars(sa.select(key).where(key.startswith(prefix, autoescape=True))))
        return kept

    def named(self, service: str, table: str, prefix: str) -> Counter[str]:
        """How many rows of a table have each name that begins so."""
        with self._reading(service) as (connection, tables):
            name = tables[table].c.name
            return Counter(
                connection.scalars(sa.select(name).where(name.startswith(prefix, autoescape=True)))
            )

    # --- reading ----------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self, service: str) -> Iterator[tuple[sa.Connection, Mapping[str, sa.Table]]]:
        with self.databases[service].reading() as connection:
            yield connection, self.handlers[service].metadata.tables

    def _log(self, service: str) -> list[Any]:
        with self._reading(service) as (connection, tables):
            log = tables["event_log"].c
            query = sa.select(log.event_id, log.type, log.subject, log.body).order_by(log.position)
            return list(connection.execute(query))


def _count(connection: sa.Connection, table: sa.Table) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def _differing(owned: Mapping[Any, str], derived: Mapping[Any, str]) -> Iterator[str]:
    for id in owned.keys() | derived.keys():
        if owned.get(id) != derived.get(id):
            yield f"{id}: {owned.get(id)} ≠ {derived.get(id)}"


class Finding(str):
    """One sentence about all that is wrong in the same way, and how many that are."""

    times: int


def _named(what: str, which: Iterable[str]) -> list[Finding]:
    """One line for many of a kind; none for none."""
    all = sorted(which)
    more = " …" if len(all) > SHOWN else ""
    if not all:
        return []
    finding = Finding(f"{what}: {len(all)}: {', '.join(all[:SHOWN])}{more}")
    finding.times = len(all)
    return [finding]
