"""Plugins: local practices that a place switches on. Found by entry point (`jianyi.plugins`), whoever has installed them.

    from shared.contracts import field as f
    from shared.plugins import Plugin, hookimpl

    class HeadTalks(Plugin):
        name, label, source = "head_talks", "负责人沟通", "某某市办法第九条"
        summary = "C 类答复印发之前，由单位负责人与代表沟通。"
        places = ("congress", "unit")
        settings = {"classes": f.texts("适用的办理结果")}

        @hookimpl
        def talk_duties(self, reply_class, settings): ...

An entry point names a plugin (class or object), or several in a list. What its hooks get and answer is said in
`services/SERVICE/hooks.py`; every hook may take `settings` (those of the place) beside what its specification names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import entry_points
from typing import Any, ClassVar

import pluggy
import structlog
from marshmallow import fields

from shared import groups
from shared.practices import CONGRESS, UNIT, Data, Practice, practice_of
from shared.problems import Invalid
from shared.time_limit import Overtime, within_limit

log = structlog.get_logger()

ENTRY_POINT = "jianyi.plugins"

hookspec = pluggy.HookspecMarker("jianyi")
hookimpl = pluggy.HookimplMarker("jianyi")


class Plugin:
    """A local practice. Subclasses say what it is and answer hooks; they keep nothing between two calls."""

    name: ClassVar[str] = ""
    label: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    source: ClassVar[str] = ""
    places: ClassVar[tuple[str, ...]] = (CONGRESS,)
    settings: ClassVar[Mapping[str, fields.Field]] = {}

    def check(self, settings: Data) -> None:
        """Raise Invalid for what no single setting can tell."""

    def practice(self) -> Practice:
        return practice_of(
            self.name, self.label, self.summary, self.settings, source=self.source, places=self.places, check=self.check
        )  # fmt: skip


@dataclass
class Found:
    """The plugins that could be loaded, and why others could not be: {entry point or name: reason}."""

    plugins: dict[str, Plugin] = field(default_factory=dict)
    practices: dict[str, Practice] = field(default_factory=dict)
    """The core's groups and the plugins, by name: all that a place can set."""
    broken: dict[str, str] = field(default_factory=dict)
    tell: Callable[[str, str, str, BaseException], None] = field(default=lambda *what: None)
    """`tell(plugin, hook, kind, error)` is told of what fails beside the hooks: who asks plugins sets it (`shared.hooks`)."""

    def add(self, plugin: Any, where: str) -> None:
        try:
            plugin = plugin() if isinstance(plugin, type) else plugin
            _require_sound(plugin)
            practice = plugin.practice()
            practice.load({})
            practice = replace(practice, check=self._guarded(plugin))
            practice.held({})  # the defaults are known from now on, whatever `check` does later
        except Exception as error:
            self.broken[getattr(plugin, "name", "") or where] = f"{type(error).__name__}: {error}"
            return
        if plugin.name in self.practices:
            self.broken[where] = f"another practice is called {plugin.name} already"
            return
        self.plugins[plugin.name], self.practices[plugin.name] = plugin, practice

    def _guarded(self, plugin: Plugin) -> Callable[[Data], None]:
        """The plugin's own check of its settings, which can no more break the core than its hooks can."""

        def check(settings: Data) -> None:
            try:
                within_limit(lambda: plugin.check(settings), {})
            except Invalid:
                raise
            except (Overtime, Exception, SystemExit) as error:
                self.tell(plugin.name, "check", "overtime" if isinstance(error, Overtime) else "error", error)
                raise Invalid(
                    f"“{plugin.label}”的设置没有检查成：提供它的插件出错，已经告诉运维人员。设置没有保存。"
                ) from error

        return check


def _require_sound(plugin: Any) -> None:
    if not isinstance(plugin, Plugin):
        raise TypeError(f"{plugin!r} is not a Plugin")
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,39}", plugin.name):
        raise ValueError(f"{plugin.name!r} is no name: small letters, digits and _, at most 40")
    if not plugin.label or not plugin.summary:
        raise ValueError("label and summary are needed: people read them where they switch it on")
    if not set(plugin.places) <= {CONGRESS, UNIT} or not plugin.places:
        raise ValueError("places are 'congress', 'unit' or both")


def collect(sources: Iterable[tuple[str, Callable[[], Any]]]) -> Found:
    """The plugins of some sources: (where it comes from, what loads it). One that is broken does not disturb the others."""
    found = Found(practices=dict(groups.GROUPS))
    for where, load in sources:
        try:
            loaded = load()
        except Exception as error:
            found.broken[where] = f"{type(error).__name__}: {error}"
            continue
        for plugin in loaded if isinstance(loaded, list | tuple) else [loaded]:
            found.add(plugin, where)
    for where, reason in found.broken.items():
        log.error("plugin left out", plugin=where, reason=reason)
    return found


@cache
def installed() -> Found:
    """What is installed beside this program; looked up once."""
    return collect((point.name, point.load) for point in entry_points(group=ENTRY_POINT))
