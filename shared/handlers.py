"""The handlers of one service, each declared in one line: which command, query or event it is for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import Any

import sqlalchemy as sa

from shared.contracts import Command, Query
from shared.copies import KINDS
from shared.events import Catalogue
from shared.settings import SERVICES
from shared.store import Store
from shared.work import Work

Event = dict[str, Any]
Answer = dict[str, Any]


@dataclass(frozen=True)
class CommandHandler:
    """How one command is carried out. With a store, the thing it is about is loaded, checked and saved around it."""

    contract: Command
    function: Callable[..., Answer | None]
    store: Store[Any] | None
    noun: str


@dataclass(frozen=True)
class Projection:
    """Tables that are derived: from events, by `takes`, or from what the service owns itself, by `fill`.

    All functions work on a connection on which the tables' names mean new, empty ones beside those that are read.
    """

    name: str
    tables: tuple[sa.Table, ...]
    takes: Callable[[], Iterable[tuple[str, Callable[[Work, Event], Any]]]] = tuple
    """(event type, handler), as consumed events are handled; what they publish is left out: it was told long ago."""
    sources: tuple[str, ...] = SERVICES
    """The services whose logs are read for it."""
    fill: Callable[[sa.Connection, dict[str, Any]], Iterator[tuple[int, int]]] | None = None
    """`f(connection, memory)` derives what is new or has changed since the last time, and says after each step how much
    is done of how much. Called at first, and again while nobody else writes; `memory` is its own, empty at first."""
    owners: tuple[sa.Table, ...] = ()
    """The tables that `fill` reads: nobody writes them either when it is called for the last time."""
    complete: Callable[[sa.Connection, str, dict[str, Any]], None] | None = None
    """`f(connection, schema, memory)` adds what people have done meanwhile; `schema` is that of the tables that are read."""
    counters: dict[str, str] = field(default_factory=dict)
    """Columns that say nothing of the content: see `shared.shadow.Shadow.swap`."""
    afterwards: Callable[[Any], dict[str, int]] | None = None
    """What follows, outside of the transaction: `f(runtime) -> more counts for the operator`."""


@dataclass
class Handlers:
    """All that one service does, found by name."""

    catalogue: Catalogue
    metadata: sa.MetaData
    hooks: ModuleType | None = None
    """What this service asks plugins: its module of specifications."""
    commands: dict[str, CommandHandler] = field(default_factory=dict)
    queries: dict[str, tuple[Query, Callable[[Work, dict[str, Any]], Any]]] = field(default_factory=dict)
    events: dict[str, list[Callable[[Work, Event], None]]] = field(default_factory=dict)
    kept: dict[str, str] = field(
        default_factory=dict
    )  # of which kind the copies are that an event type brings
    after_commit: list[Callable[[Any], None]] = field(default_factory=list)
    projections: dict[str, Projection] = field(default_factory=dict)
    regular: list[tuple[int, Command]] = field(default_factory=list)
    gauges: list[Callable[[sa.Connection], list[tuple[str, dict[str, str], float]]]] = field(
        default_factory=list
    )

    @property
    def service(self) -> str:
        return self.catalogue.service

    def creates(self, contract: Command) -> Callable[[Callable[[Work, dict[str, Any]], Answer]], Any]:
        """A command that makes something new, or concerns many things: `f(work, data) -> {id, …}`.

        The function calls `work.authorize` (or checks each aggregate with `check`, then sets `work.authorized`);
        a command that was carried out without it is rolled back as a fault.
        """

        def declare(function: Callable[[Work, dict[str, Any]], Answer]) -> Any:
            self.commands[contract.name] = CommandHandler(contract, function, None, "")
            return function

        return declare

    def changes(self, contract: Command, store: Store[Any], noun: str) -> Callable[..., Any]:
        """A command about one thing: `f(work, thing, data) -> None or more for the answer`.

        The thing is loaded by the id in the path and locked; whether the person may do this to it now is checked by
        its table of rules before the function runs; afterwards it is saved, with the events that it recorded.
        """

        def declare(function: Callable[[Work, Any, dict[str, Any]], Answer | None]) -> Any:
            self.commands[contract.name] = CommandHandler(contract, function, store, noun)
            return function

        return declare

    def query(self, contract: Query) -> Callable[..., Any]:
        """A question: `f(work, params) -> anything JSON can carry`. What the person may not see is left out."""

        def declare(function: Callable[[Work, dict[str, Any]], Any]) -> Any:
            self.queries[contract.name] = (contract, function)
            return function

        return declare

    def on(self, *types: str) -> Callable[..., Any]:
        """An event of any service, by CloudEvents type: `f(work, event)`. Runs in a transaction with the inbox."""

        def declare(function: Callable[[Work, Event], None]) -> Any:
            for type in types:
                self.events.setdefault(type, []).append(function)
            return function

        return declare

    def keeps(self, *kinds: str) -> None:
        """Keep copies of the directory's congresses, sessions, delegations, deputies, units or practices."""
        for kind in kinds:
            if kind not in KINDS:
                raise ValueError(f"nothing called {kind} is published by the directory")
            self.kept[f"{kind}.recorded.v1"] = kind
            self.events.setdefault(f"{kind}.recorded.v1", []).append(partial(_keep, kind))
        copies = {f"{kind}.recorded.v1": partial(_keep, kind) for kind in kinds}
        self.projects(
            Projection("copies", (self.metadata.tables["copies"],), copies.items, sources=("directory",))
        )

    def afterwards(self, function: Callable[[Any], None]) -> Any:
        """What follows each commit of consumed events, outside of the transaction: `f(runtime)`."""
        self.after_commit.append(function)
        return function

    def projects(self, projection: Projection) -> None:
        """That some tables are derived, and can be rebuilt while the network works: see `shared.rebuilding`."""
        self.projections[projection.name] = projection

    def every(self, seconds: int, contract: Command) -> None:
        """Have the system give this command at start and then every so often; of several replicas, one does."""
        self.regular.append((seconds, contract))

    def gauge(self, function: Callable[[sa.Connection], list[tuple[str, dict[str, str], float]]]) -> Any:
        """A measure taken when the metrics are read: `f(connection) -> [(metric name, labels, value)]`."""
        self.gauges.append(function)
        return function


def _keep(kind: str, work: Work, event: Event) -> None:
    work.copies.keep({kind: [event]})
