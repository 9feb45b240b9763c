"""One unit of work: a transaction with who asks, what time it is, and the events that leave with it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import orjson
import sqlalchemy as sa

from shared.aggregate import Aggregate, Recorded, new_id
from shared.clock import legal_date
from shared.copies import Copies
from shared.identity import Actor
from shared.practices import Practices
from shared.problems import NotAllowed, NotFound, Stale
from shared.rules import Rules
from shared.store import Store
from shared.trace import trace_id, tracestate

if TYPE_CHECKING:
    from shared.runtime import Runtime

A = TypeVar("A", bound=Aggregate)


class Together:
    """What is taken in in one transaction: what still comes, so that work which counts once can wait for the last."""

    def __init__(self, coming: Iterable[tuple[Callable[..., Any], str]] = ()) -> None:
        """`coming`: each (handler, subject) that is going to be handled."""
        self._coming = Counter(coming)
        self.put_off: set[str] = set()
        """Subjects for which work was put off until the last of their events."""

    def begin(self, handler: Callable[..., Any], subject: str) -> None:
        self._coming[handler, subject] -= 1

    def more_comes(self, handler: Callable[..., Any], subject: str) -> bool:
        return self._coming[handler, subject] > 0


class Work:
    """What a handler works with. Nothing of it outlives the transaction."""

    def __init__(self, runtime: Runtime, connection: sa.Connection, actor: Actor, now: datetime, traceparent: str,
                 cause: str = "", together: Together | None = None) -> None:  # fmt: skip
        self.settings, self.catalogue, self.tables = (
            runtime.settings,
            runtime.handlers.catalogue,
            runtime.tables,
        )
        self.connection, self._statements = connection, runtime.statements
        self.actor, self.now, self.traceparent = actor, now, traceparent
        self.cause = cause  # id of the event that is being handled, empty for a command
        self.together = together or Together()
        self.authorized = False
        self.rebuilding = False  # old events come again: what followed from them was told when they happened
        self.outgoing: list[dict[str, Any]] = []
        self._packed = 0
        self.copies = Copies(connection, runtime.statements)
        self._hooks, self.known_practices = runtime.hooks, runtime.plugins.practices

    @cached_property
    def practices(self) -> Practices:
        """What practices and settings hold where; of what a service keeps copies of (`handlers.keeps("practice")`)."""
        return Practices(self.known_practices, self.copies.practices_of, self.copies.unit, self.today)

    def is_answered(self, hook: str) -> bool:
        """Does any installed plugin answer a hook? Otherwise its facts need not be gathered."""
        return bool(self._hooks.answered_by(hook))

    def answering(self, hook: str) -> set[str]:
        """The names of the installed plugins that answer a hook."""
        return self._hooks.answered_by(hook)

    def ask_plugins(
        self, hook: str, congress: str, unit: str = "", on: date | None = None, /, **facts: Any
    ) -> list[tuple[str, Any]]:
        """[(plugin, answer)] of the plugins that are on at a place on a day and answer the hook; see `shared.hooks`."""
        names = self._hooks.answered_by(hook)
        return (
            self._hooks.call(hook, self.practices.active(congress, unit, on, names), facts) if names else []
        )

    @property
    def today(self) -> date:
        """The date in Asia/Shanghai."""
        return legal_date(self.now)

    def authorize(self, rules: Rules, command: str, congress: str, state: str = "new") -> None:
        """For commands that create something: raise unless the person's roles at the congress allow it.

        Operators and the system belong to no congress: their roles hold everywhere.
        """
        held = [role for role in self.actor.roles if role.congress in (congress, "")]
        relations = frozenset(role.role if role.is_of_congress else "system_office" for role in held)
        if not relations:
            raise NotAllowed(f"您在这一级人大没有职务，不能{rules.by_command[command].label}。")
        rules.check(command, state, relations)
        self.authorized = True

    def get(self, store: Store[A], id: str, noun: str) -> A:
        """The aggregate, locked for this transaction. Raises NotFound."""
        aggregate = store.get(self.connection, id, lock=True)
        if aggregate is None:
            raise NotFound(f"没有找到这{noun}。")
        return aggregate

    def save(self, store: Store[A], aggregate: A, expected: int | None = None) -> None:
        """Save the aggregate and put the events that it recorded into the outbox.

        Raises Stale when `expected` is given and is not the version that was loaded, or someone else was faster.
        """
        if expected is not None and expected != aggregate.version:
            raise Stale("您打开页面之后，有人更新了这项内容。请刷新页面，核对后再办理。")
        recorded, aggregate.recorded = aggregate.recorded, []
        envelopes = [wording for event in recorded for wording in self._envelopes(aggregate, event)]
        store.save(self.connection, aggregate)
        self.outgoing += envelopes

    def publish(self, subject: str, jurisdiction: str, sequence: int, name: str, /, **data: Any) -> None:
        """Publish an event that no aggregate recorded; the caller counts the subject's `sequence`."""
        recorded = Recorded(name, {"by": self.actor.as_by(), **data}, self.now)
        self.outgoing += self._pack(subject, jurisdiction, sequence, recorded)

    def flush(self) -> None:
        """Write the outgoing events into the event log, in this transaction; the log's trigger fills the outbox."""
        if not self.outgoing:
            return
        rows = [
            {
                "event_id": event["id"],
                "type": event["type"],
                "subject": event["subject"],
                "jurisdiction": event["jurisdiction"],
                "time": event["time"],
                "trace": trace_id(event["traceparent"]),
                "body": orjson.dumps(event).decode(),
            }
            for event in self.outgoing
        ]
        self.connection.execute(self._statements.log_events, rows)

    def _envelopes(self, aggregate: Aggregate, event: Recorded) -> list[dict[str, Any]]:
        aggregate.sequence += 1
        return self._pack(aggregate.id, aggregate.congress, aggregate.sequence, event)

    def _pack(self, subject: str, jurisdiction: str, sequence: int, event: Recorded) -> list[dict[str, Any]]:
        return self.catalogue.envelopes(
            id=self._next_id(),
            name=event.name,
            at=event.at,
            subject=subject,
            jurisdiction=jurisdiction,
            sequence=sequence,
            traceparent=self.traceparent,
            tracestate=tracestate(),
            data=event.data,
        )

    def _next_id(self) -> str:
        """A new id; of an event that follows from another, always the same one, so that handling it twice is noticed."""
        if not self.cause:
            return new_id()
        self._packed += 1
        return str(uuid.uuid5(uuid.UUID(self.cause), f"{self.catalogue.service}/{self._packed}"))
