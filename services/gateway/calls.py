"""The way to the services, on behalf of one person.

answer = calls.execute(intake.SUBMIT, id)
line = calls.ask(supervision.LINE, id=id)
found = calls.gather({"text": (intake.SUGGESTION, {"id": id}), "line": (supervision.LINE, {"id": id})})
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from typing import Any, Protocol

import structlog
from marshmallow import fields, validate

from services.gateway.refusals import failed
from shared.contracts import Command, Contract, Query
from shared.files import is_file
from shared.identity import PUBLIC, SYSTEM, TOKEN_SECONDS, Actor, sign
from shared.problems import Problem

log = structlog.get_logger()

SECONDS = 10.0  # how long a person waits for an answer
LEAST_SECONDS = 0.05  # for the last of several whose answers may be there already
IMPORT_SECONDS = 90.0  # for commands that take thousands of rows; less than a token's life
MANY_ROWS = 1000
MOST_TOKENS = 2000

Wait = Callable[[float], Any]


class Transport(Protocol):
    """Brings a call to a service: nameko's RPC in production, the runtimes themselves in tests."""

    def begin(
        self, service: str, method: str, *args: Any, token: str | None, traceparent: str | None = None
    ) -> Wait:
        """Send a call; the function that is returned waits so many seconds for the answer, or raises the Problem."""


class Tokens:
    """Signed tokens by actor, each used for half its life: signing costs more than all else a request does here."""

    def __init__(self, key: str, seconds: Callable[[], float] = time.monotonic) -> None:
        self._key, self._seconds = key, seconds
        self._kept: dict[Actor, tuple[str, float]] = {}

    def of(self, actor: Actor) -> str:
        """A token with which services know the actor; empty for the public."""
        if actor is PUBLIC:
            return ""
        now, kept = self._seconds(), self._kept.get(actor)
        if kept and now < kept[1]:
            return kept[0]
        if len(self._kept) >= MOST_TOKENS:
            self._kept.clear()
        token = sign(actor, self._key)
        self._kept[actor] = (token, now + TOKEN_SECONDS / 2)
        return token


class Calls:
    """Commands and questions of one person within one trace."""

    def __init__(self, transport: Transport, tokens: Tokens, actor: Actor, traceparent: str) -> None:
        self.transport, self.tokens, self.actor, self.traceparent = transport, tokens, actor, traceparent
        self.gave_a_command = (
            False  # that takes no long time: what an import causes comes when the page has long been read
        )

    def as_system(self) -> Calls:
        """The same way, taken by the gateway itself."""
        return Calls(self.transport, self.tokens, SYSTEM, self.traceparent)

    def execute(self, command: Command, subject: str = "", data: Mapping[str, Any] | None = None, *,
                key: str | None = None, version: int | None = None) -> dict[str, Any]:  # fmt: skip
        """Carry out a command and answer {id, version, state, …}. Raises the Problem with which it was refused.

        `data` as the person filled it in: the service reads and checks it. `key` makes a repeat harmless; `version`
        is what the person saw, and Stale is raised when there is a newer one.
        """
        wait = self._start(command.service, "execute", command.name, subject, dict(data or {}), key, version)
        answer = dict(wait(IMPORT_SECONDS if takes_much(command) else SECONDS))
        self.gave_a_command = not takes_much(command)
        return answer

    def ask(self, query: Query, /, **params: Any) -> Any:
        """The answer to a question. Raises the Problem with which it was refused."""
        return self._start(query.service, "ask", query.name, params)(SECONDS)

    def gather(self, questions: Mapping[str, tuple[Query, Mapping[str, Any]]]) -> dict[str, Any]:
        """Ask several questions side by side: {name: answer, or the Problem with which it was refused}."""
        starts = {
            name: (query.service, "ask", (query.name, dict(params)))
            for name, (query, params) in questions.items()
        }
        return self._side_by_side(starts)

    def each(self, services: Iterable[str], method: str, *args: Any) -> dict[str, Any]:
        """Call the same method of several services side by side: {service: answer or Problem}."""
        return self._side_by_side({service: (service, method, args) for service in services})

    def read_logs(
        self, starts: Mapping[str, int | None], wanted: Mapping[str, Any], limit: int
    ) -> dict[str, Any]:
        """A page of each service's event log after a position: see `shared.catching_up`. {service: page or Problem}."""
        args = {service: (after, dict(wanted), limit) for service, after in starts.items()}
        return self._side_by_side({s: (s, "events_after", args[s]) for s in starts})

    def operate(self, service: str, action: str, params: Mapping[str, Any], seconds: float) -> Any:
        """An operator's action at one service: see `shared.operations`."""
        return self._start(service, "operate", action, dict(params))(seconds)

    def _start(self, service: str, method: str, *args: Any) -> Wait:
        return self.transport.begin(
            service, method, *args, token=self.tokens.of(self.actor), traceparent=self.traceparent
        )

    def _side_by_side(self, starts: Mapping[str, tuple[str, str, tuple[Any, ...]]]) -> dict[str, Any]:
        ends = time.monotonic() + SECONDS
        waits = {
            name: _answer_or_problem(partial(self._start, service, method, *args))
            for name, (service, method, args) in starts.items()
        }
        return {
            name: wait
            if isinstance(wait, Problem)
            else _answer_or_problem(partial(wait, max(ends - time.monotonic(), LEAST_SECONDS)))
            for name, wait in waits.items()
        }


def _answer_or_problem(get: Callable[[], Any]) -> Any:
    try:
        return get()
    except Problem as problem:
        return problem
    except Exception:  # a fault in one service must not blank out what the others answered
        log.exception("call failed")
        return failed()


@cache
def takes_much(contract: Contract) -> bool:
    """Is it an import, which may be large and take long, or does a file come with it?"""
    return any(
        is_file(field)
        or (
            isinstance(field, fields.List)
            and any(isinstance(v, validate.Length) and (v.max or 0) >= MANY_ROWS for v in field.validators)
        )
        for field in contract.schema.fields.values()
    )
