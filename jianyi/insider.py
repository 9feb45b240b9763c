"""Calls to the services from inside the network's own process: set-up and the demo year speak this way.

The same commands that users give, checked by the same services; only the door is another one.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime
from typing import Any

import eventlet

from shared.bus.rpc import Network
from shared.contracts import Command, Query
from shared.identity import SYSTEM, Actor, sign
from shared.problems import Invalid, NotAllowed, NotFound, Problem, Stale, Unavailable, WrongState
from shared.settings import Settings

SETTLED_SECONDS = 30.0


class Insider:
    """Speaks for anybody, at any time: only who holds the signing key can make one."""

    def __init__(self, network: Network, settings: Settings) -> None:
        self.network, self.settings = network, settings

    def do(self, who: Actor, command: Command, subject: str = "", data: dict[str, Any] | None = None, *,
           key: str | None = None, now: datetime | None = None) -> dict[str, Any]:  # fmt: skip
        """Give a command as somebody. One that waits for another service's event is tried until that has
        arrived: what it is about, its state, and who may give it all come with events."""
        ends = time.monotonic() + SETTLED_SECONDS
        while True:
            token = sign(replace(who, now=now) if now else who, self.settings.signing_key)
            try:
                return dict(
                    self.network.call(
                        command.service, "execute", command.name, subject, data or {}, key, None, token=token
                    )
                )
            except (Invalid, NotAllowed, NotFound, WrongState, Stale, Unavailable) as problem:
                if time.monotonic() > ends:
                    raise Failed(command, problem) from problem
                eventlet.sleep(0.05)

    def ask(self, who: Actor, query: Query, **params: Any) -> Any:
        """Ask a service as somebody."""
        token = sign(who, self.settings.signing_key)
        return self.network.call(query.service, "ask", query.name, params, token=token)

    def operate(self, service: str, action: str, **params: Any) -> Any:
        """An operator's action at one service: see `shared.operations`."""
        return self.network.call(
            service, "operate", action, params, token=sign(SYSTEM, self.settings.signing_key)
        )


class Failed(Problem):
    """A command of the set-up or the demo was refused for good: a fault of ours, with what was refused and why."""

    def __init__(self, command: Command, problem: Problem) -> None:
        super().__init__(f"{command.service}.{command.name}：{problem.detail}", problem.errors)
