"""Asks plugins, so that none of them can break the core: errors are caught, counted and shown, and a time limit holds.

What a plugin answers is proposed to the core, which checks it. One that raises, answers something else than its
specification says, or takes too long is left out of this answer; the core goes on with the others, or by its default.
One that takes too long again and again is not asked for a while: a list of a hundred lines would else wait for it a hundred times.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from types import ModuleType
from typing import Any, get_args, get_type_hints

import pluggy
import structlog

from shared.answers import WrongAnswer, checked
from shared.plugins import Found
from shared.practices import InForce
from shared.time_limit import LIMIT_SECONDS, Overtime, within_limit

log = structlog.get_logger()

MOST_OVERTIMES = 3  # in a row, of one hook of one plugin
REST_SECONDS = 60.0


@dataclass
class Failure:
    """What a plugin did not do as it should, the newest time that it happened."""

    plugin: str
    hook: str
    kind: str  # error, overtime, answer
    count: int
    error: str
    traceback: str
    at: str


class _Manager(pluggy.PluginManager):
    """Looks at what a plugin has of one service's hooks, and not at all that it has: it is made at every start."""

    def __init__(self, hooks: set[str]) -> None:
        super().__init__("jianyi")
        self._hooks = hooks

    def parse_hookimpl_opts(self, plugin: object, name: str) -> Any:
        return super().parse_hookimpl_opts(plugin, name) if name in self._hooks else None


class Hooks:
    """The plugins as one service asks them."""

    def __init__(
        self, specifications: ModuleType | None, found: Found, count: Callable[[str, str, str], None]
    ) -> None:
        """`count(plugin, hook, kind)` is told of every failure."""
        self.found, self._count = found, count
        self.failures: dict[tuple[str, str], Failure] = {}
        self._overtimes: dict[tuple[str, str], int] = {}
        self._rests_until: dict[tuple[str, str], float] = {}
        found.tell = self._fail
        specified = (
            {name: spec for name, spec in vars(specifications).items() if hasattr(spec, "jianyi_spec")}
            if specifications
            else {}
        )
        self._answers: dict[str, type] = {
            name: get_args(get_type_hints(spec)["return"])[0] for name, spec in specified.items()
        }
        self._manager = _Manager(set(specified))
        if specifications:
            self._manager.add_hookspecs(specifications)
        for name, plugin in found.plugins.items():
            try:
                self._manager.register(plugin, name)
            except Exception as error:
                self._fail(name, "", "error", error)
                self._manager.unregister(name=name)
        self._asked = {name: self._implementations(name) for name in self._answers}

    def _implementations(self, hook: str) -> dict[str, tuple[Callable[..., Any], tuple[str, ...]]]:
        return {
            implementation.plugin_name: (implementation.function, implementation.argnames)
            for implementation in getattr(self._manager.hook, hook).get_hookimpls()
        }

    def answered_by(self, hook: str) -> set[str]:
        """The plugins that answer a hook: where none of them is on, nobody has to be asked."""
        return set(self._asked[hook])

    def call(self, hook: str, active: Iterable[InForce], facts: dict[str, Any]) -> list[tuple[str, Any]]:
        """[(plugin, one of its answers)] of the plugins that are on and answer this hook."""
        found = []
        for held in active:
            if held.name in self._asked[hook]:
                function, names = self._asked[hook][held.name]
                given = {**facts, "settings": held.settings}
                arguments = {name: given[name] for name in names if name in given}
                for answer in self._ask(held.name, hook, function, arguments, self._answers[hook]):
                    found.append((held.name, answer))
        return found

    def content(
        self, plugin: str, hook: str, function: Callable[..., Any], facts: Any, wanted: type
    ) -> list[Any] | None:
        """What a function that the plugin answered a hook with makes of facts; None when it failed, which is told as ever."""
        if self._rests(plugin, hook):
            return None
        before = self.failures.get((plugin, hook))
        made = self._ask(plugin, hook, lambda: _as_list(function(facts)), {}, wanted)
        return made if self.failures.get((plugin, hook)) is before else None

    def _ask(
        self, plugin: str, hook: str, function: Callable[..., Any], arguments: dict[str, Any], wanted: type
    ) -> list[Any]:
        if self._rests(plugin, hook):
            return []
        try:
            answers = checked(within_limit(function, arguments), wanted)
            self._overtimes.pop((plugin, hook), None)
            return answers
        except Overtime as error:
            self._fail(plugin, hook, "overtime", error)
            self._send_to_rest(plugin, hook)
        except WrongAnswer as error:
            self._fail(plugin, hook, "answer", error)
        except (Exception, SystemExit) as error:
            self._fail(plugin, hook, "error", error)
        return []

    def _send_to_rest(self, plugin: str, hook: str) -> None:
        """After so many overtimes in a row."""
        times = self._overtimes[plugin, hook] = self._overtimes.get((plugin, hook), 0) + 1
        if times >= MOST_OVERTIMES:
            self._rests_until[plugin, hook] = monotonic() + REST_SECONDS
            log.error("plugin is not asked for a while", plugin=plugin, hook=hook, seconds=REST_SECONDS)

    def _rests(self, plugin: str, hook: str) -> bool:
        return monotonic() < self._rests_until.get((plugin, hook), 0.0)

    def _fail(self, plugin: str, hook: str, kind: str, error: BaseException) -> None:
        before = self.failures.get((plugin, hook))
        told = f"用时超过 {LIMIT_SECONDS} 秒" if kind == "overtime" else f"{type(error).__name__}: {error}"
        trace = "".join(traceback.format_exception(error))[-4000:]
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self.failures[plugin, hook] = Failure(
            plugin, hook, kind, (before.count if before else 0) + 1, told, trace, now
        )
        self._count(plugin, hook, kind)
        log.warning("plugin failed", plugin=plugin, hook=hook, kind=kind, error=told)


def _as_list(made: Any) -> Any:
    return list(made) if isinstance(made, list | tuple) else [made]
