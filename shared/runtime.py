"""Carries out commands, questions and events for one service, with everything that no handler may forget.

Knows no nameko and no broker: `shared/bus` and `shared/service.py` bring the calls and events to it.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa
import structlog

from shared import events, identity, metrics
from shared.clock import Clock, SystemClock
from shared.copies import Copies
from shared.database import Database
from shared.failures import BEHIND, Failures
from shared.handlers import CommandHandler, Handlers
from shared.hooks import Hooks
from shared.identity import SYSTEM, Actor
from shared.isolation import sight_of
from shared.plugins import Found, installed
from shared.problems import Invalid, NotAllowed, NotFound, Problem, Unavailable
from shared.settings import Settings
from shared.statements import Statements
from shared.telemetry import Step
from shared.trace import trace_id
from shared.upcasting import Reader
from shared.work import Together, Work

log = structlog.get_logger()

MOST_ASKED = 500  # ids in one question to the directory


class Runtime:
    """One service, ready to be called."""

    def __init__(self, handlers: Handlers, settings: Settings, clock: Clock | None = None,
                 plugins: Found | None = None) -> None:  # fmt: skip
        self.handlers, self.settings, self.clock = handlers, settings, clock or SystemClock()
        self.service = handlers.service
        self.reader = Reader(handlers.events)
        self.database = Database(settings.database(self.service), self.service)
        self.tables = dict(handlers.metadata.tables)
        self.statements = Statements(self.tables, self.database.engine.dialect.name)
        self.metrics = metrics.ServiceMetrics(self.service)
        self.on_commit: Callable[[], None] = lambda: None  # the relay's wake-up
        self.on_consumed: Callable[[], None] = self.follow_up
        self.ask_directory: Callable[[list[str], list[str]], list[dict[str, Any]]] = lambda subjects, types: []
        self.failures = Failures(self)
        self.plugins = plugins or installed()
        self.hooks = Hooks(handlers.hooks, self.plugins, self.metrics.plugin_failed)
        self.consumed = 0  # events taken in since the start

    # --- commands and questions -------------------------------------------------------------------------------

    def execute(self, command: str, subject: str, data: Any, *, token: str | None, traceparent: str | None = None,
                key: str | None = None, version: int | None = None) -> dict[str, Any]:  # fmt: skip
        """Carry out a command and answer {id, version, state, …}, or raise a Problem and change nothing.

        `key`: a repeat with the same key by the same account answers as the first time and changes nothing.
        `version`: the version that the person saw; raises Stale if there is a newer one.
        """
        actor = identity.verify(token, self.settings.signing_key)
        handler = self.handlers.commands.get(command)
        if handler is None:
            raise NotFound(f"没有“{command}”这项操作。")
        about = {"jianyi.subject": subject, "enduser.id": actor.account}
        with self.metrics.command(command), Step(self.service, command, traceparent, about=about) as step:
            missed: set[str] = set()
            while True:
                asked = bool(missed)
                try:
                    return self._carry_out(
                        handler, subject, data, actor, step.traceparent, key, version, missed
                    )
                except (Problem, sa.exc.IntegrityError):
                    if (
                        key
                        and (answer := self._answered(key, actor, _fingerprint(handler, subject, data)))
                        is not None
                    ):
                        return answer
                    if asked or not self._hear_of(missed):
                        raise

    def ask(self, query: str, params: Any, *, token: str | None, traceparent: str | None = None) -> Any:
        """Answer a question with what the person may see, or raise a Problem."""
        actor = identity.PUBLIC if token == "" else identity.verify(token, self.settings.signing_key)
        if query not in self.handlers.queries:
            raise NotFound(f"没有“{query}”这项查询。")
        contract, function = self.handlers.queries[query]
        with (
            Step(self.service, query, traceparent) as step,
            self.database.reading(sight_of(actor)) as connection,
        ):
            return function(self._work(connection, actor, step.traceparent), contract.load(params))

    def _carry_out(self, handler: CommandHandler, subject: str, data: Any, actor: Actor, traceparent: str,
                   key: str | None, version: int | None, missed: set[str]) -> dict[str, Any]:  # fmt: skip
        """`missed` is filled with what was looked for among the copies in vain."""
        loaded = handler.contract.load(data)
        with self.database.writing(sight_of(actor)) as connection:
            work = self._work(connection, actor, traceparent)
            work.copies.missed = missed
            if handler.store is None:
                answer = handler.function(work, loaded | ({"id": subject} if subject else {})) or {}
                if not work.authorized:
                    raise RuntimeError(f"{handler.contract.name} was carried out without asking who may")
            else:
                thing = work.get(handler.store, subject, handler.noun)
                thing.check(handler.contract.name, actor)
                more = handler.function(work, thing, loaded) or {}
                work.save(handler.store, thing, version)
                answer = {
                    "id": thing.id,
                    "version": thing.version,
                    "state": getattr(thing, "state", ""),
                    **more,
                }
            if key:
                self._keep_answer(work, key, _fingerprint(handler, subject, data), answer)
            self.database.let_tell(connection, {event["jurisdiction"] for event in work.outgoing})
            work.flush()
        self.metrics.published(work.outgoing)
        if work.outgoing:
            self.on_commit()
        return answer

    def _hear_of(self, missed: set[str]) -> bool:
        """Take in what the directory has registered of these ids and its events have not brought yet.

        Copies lag by milliseconds; a command that follows a registration at once must not be refused for that. The
        events taken in are the very ones that are under way: the inbox knows them when they arrive. Asked outside of
        any transaction, so that nobody waits for the answer but who gave the command.
        """
        types = [type for type in self.reader.types if ".recorded.v" in type]
        if not types or not 0 < len(missed) <= MOST_ASKED:
            return False
        told = self.ask_directory(sorted(missed), types)
        if told:
            self.consume(told)
        return bool(told)

    def _work(self, connection: sa.Connection, actor: Actor, traceparent: str) -> Work:
        now = actor.now or self.clock.now()
        return Work(self, connection, actor, now, traceparent)

    def _keep_answer(self, work: Work, key: str, fingerprint: str, answer: dict[str, Any]) -> None:
        if len(key) > 128:
            raise Invalid("操作编号（Idempotency-Key）最长 128 个字符。")
        row = {
            "key": key,
            "account": work.actor.account,
            "command": fingerprint,
            "answer": answer,
            "at": work.now.isoformat(),
        }
        work.connection.execute(self.statements.keep_answer, row)

    def _answered(self, key: str, actor: Actor, fingerprint: str) -> dict[str, Any] | None:
        with self.database.reading() as connection:
            row = connection.execute(self.statements.answer, {"key": key}).first()
        if row is None:
            return None
        if (row.account, row.command) != (actor.account, fingerprint):
            raise Invalid(
                "这个操作编号（Idempotency-Key）已经用于另一项操作或别的内容。请刷新页面，或者换一个编号，再提交。"
            )
        return dict(row.answer)

    # --- events -----------------------------------------------------------------------------------------------

    def consume(self, batch: list[dict[str, Any]], positions: dict[str, int] | None = None) -> None:
        """Take in a batch of events in one transaction: each takes effect once, whatever arrives twice.

        A failing event does not take its neighbours with it: it goes to `failures`, and with it, to keep the order,
        whatever follows about the same subject from the same service. Raises Unavailable when the database is away:
        nothing was taken in, and the batch is to be brought again.
        """
        known = [event for event in batch if event["type"] in self.reader.version_of]
        if not known and not positions:
            return
        try:
            outgoing = self._consume_together(known, positions or {})
        except Unavailable:
            raise
        except Exception:
            outgoing = self._consume_apart(known, positions or {})
        self.consumed += len(batch)
        self._after_commit(outgoing)

    def _consume_together(
        self, batch: list[dict[str, Any]], positions: dict[str, int]
    ) -> list[dict[str, Any]]:
        outgoing: list[dict[str, Any]] = []
        with self.database.writing() as connection:
            fresh = self._enter(connection, batch)
            waiting = self._waiting(connection, fresh)
            copied: dict[str, list[dict[str, Any]]] = {}
            handled = []
            for event in fresh:
                if (events.source_service(event), event["subject"]) in waiting:
                    self.failures.set_aside(connection, event, attempts=0, error=BEHIND, trace="")
                elif self._is_only_copied(event):
                    copied.setdefault(self.handlers.kept[event["type"]], []).append(event)
                else:
                    handled.append(self.reader.read(event))
            Copies(connection, self.statements).keep(copied)  # first: what follows may name what they bring
            together = Together(
                (function, event["subject"])
                for event in handled
                for function in self.handlers.events.get(event["type"], ())
            )
            for event in handled:
                outgoing += self._handle(connection, event, together)
            self._advance(connection, positions)
        self.metrics.arrived(fresh)
        self.metrics.consumed(fresh)
        return outgoing

    def _is_only_copied(self, event: dict[str, Any]) -> bool:
        return event["type"] in self.handlers.kept and len(self.handlers.events[event["type"]]) == 1

    def _consume_apart(self, batch: list[dict[str, Any]], positions: dict[str, int]) -> list[dict[str, Any]]:
        """The slow way, when one of the batch fails: a savepoint for each."""
        outgoing: list[dict[str, Any]] = []
        with self.database.writing() as connection:
            fresh = self._enter(connection, batch)
            waiting = self._waiting(connection, fresh)
            for event in fresh:
                thread = (events.source_service(event), event["subject"])
                if thread in waiting:
                    self.failures.set_aside(connection, event, attempts=0, error=BEHIND, trace="")
                    continue
                try:
                    with connection.begin_nested():
                        outgoing += self._handle(connection, self.reader.read(event), Together())
                    self.metrics.consumed([event])
                except Unavailable:
                    raise
                except Exception as error:
                    waiting.add(thread)
                    self.failures.set_aside(connection, event, 1, repr(error), traceback.format_exc())
                    self.metrics.failed(event)
                    log.warning(
                        "event failed",
                        service=self.service,
                        type=event["type"],
                        event_id=event["id"],
                        error=repr(error),
                    )
            self._advance(connection, positions)
        return outgoing

    def _after_commit(self, outgoing: list[dict[str, Any]]) -> None:
        self.metrics.published(outgoing)
        if outgoing:
            self.on_commit()
        self.on_consumed()

    def follow_up(self) -> None:
        """What the service does after commits of consumed events, outside of their transactions."""
        for function in self.handlers.after_commit:
            function(self)

    def _enter(self, connection: sa.Connection, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Write the batch into the inbox; return, in order, those that were not there before."""
        if not batch:
            return []
        now = self.clock.now().isoformat()
        rows: dict[str, dict[str, str]] = {}
        unique = []
        for e in batch:
            names = self.reader.names(e)
            if rows.keys().isdisjoint(names):
                unique.append((e, names))
                entry = {"type": e["type"], "trace": trace_id(e["traceparent"]), "handled_at": now}
                rows |= {name: {"event_id": name, **entry} for name in names}
        new = set(connection.scalars(self.statements.enter_inbox, list(rows.values())))
        return [event for event, names in unique if new.issuperset(names)]

    def _waiting(self, connection: sa.Connection, batch: list[dict[str, Any]]) -> set[tuple[str, str]]:
        """(source, subject) of events that failed and are not parked: what follows has to wait behind them."""
        subjects = list({event["subject"] for event in batch})
        if not subjects:
            return set()
        found = connection.execute(self.statements.waiting, {"subjects": subjects})
        return {(row.source, row.subject) for row in found}

    def _handle(
        self, connection: sa.Connection, event: dict[str, Any], together: Together
    ) -> list[dict[str, Any]]:
        about = {"cloudevents.event_id": event["id"], "jianyi.subject": event["subject"]}
        with Step(self.service, event["type"], event["traceparent"], event.get("tracestate", ""), kind="consumer",
                  about=about) as step:  # fmt: skip
            work = self.work_on(connection, event, step.traceparent, together)
            for function in self.handlers.events.get(event["type"], ()):
                together.begin(function, event["subject"])
                function(work, event)
            work.flush()
            return work.outgoing

    def work_on(self, connection: sa.Connection, event: dict[str, Any], traceparent: str,
                together: Together | None = None) -> Work:  # fmt: skip
        """What an event is handled with: by the system, as of the time when it happened."""
        now = datetime.fromisoformat(event["time"])
        return Work(self, connection, SYSTEM, now, traceparent, cause=event["id"], together=together)

    def _advance(self, connection: sa.Connection, positions: dict[str, int]) -> None:
        if positions:
            rows = [{"source": source, "position": position} for source, position in positions.items()]
            connection.execute(self.statements.advance, rows)

    # --- for operators ----------------------------------------------------------------------------------------

    def require_operator(self, token: str | None) -> Actor:
        """The actor, if the token is an operator's or the system's. Raises NotAllowed."""
        actor = identity.verify(token, self.settings.signing_key)
        if not (actor.has("operator") or actor.has("system")):
            raise NotAllowed("只有运维人员可以这样做。")
        return actor


def _fingerprint(handler: CommandHandler, subject: str, data: Any) -> str:
    """Which command about what with which content: a key that comes again with another one is no repeat.

    Of a secret command without its content: the row names the account.
    """
    command, told = handler.contract.name, None if handler.contract.secret else data
    content = orjson.dumps(
        [subject, told], option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS, default=str
    )
    return f"{command[:31]}/{hashlib.blake2b(content, digest_size=16).hexdigest()}"
