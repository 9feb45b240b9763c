"""Practices: what differs from place to place, and what holds where and when.

A practice is a plugin, off until a place switches it on, or a group of the core's own settings, which always hold and
have defaults. It is set at a congress or a unit from a date on, and inherited down the tree: a unit from the units above
it, then from its congress, a congress from the one above. The nearest place that has set it counts, as a whole.

What began under a practice goes on under it: ask for the day on which it began. Nothing is set for days that have passed,
so the answer for such a day never changes.
"""

from __future__ import annotations

import pickle
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import orjson
import structlog
from marshmallow import RAISE, Schema, ValidationError, fields

from shared.events import ROOT
from shared.problems import Invalid

log = structlog.get_logger()

NAMESPACE = uuid.UUID("0f6b7f2a-6d5e-4f0e-8f43-2f0b1c8f7a51")
CONGRESS, UNIT = "congress", "unit"
MOST_HELD = 1000  # settings of one practice that a process keeps loaded: one for each place that differs

Data = dict[str, Any]


@dataclass(frozen=True)
class Practice:
    """Something that a place can set.

    `summary` says in Chinese what changes with it, `source` who does it so; `places`: at which kinds of place it may be set.
    """

    name: str
    label: str
    summary: str
    schema: Schema
    source: str = ""
    places: tuple[str, ...] = (CONGRESS,)
    is_core: bool = False
    check: Callable[[Data], None] = field(default=lambda settings: None)
    """`check(settings)` raises Invalid for what no single field can tell."""

    _held: dict[bytes, bytes] = field(default_factory=dict, compare=False, repr=False)

    @property
    def defaults(self) -> Data:
        return self.held({})

    def held(self, settings: Data) -> Data:
        """The same as `load` for settings that were laid down: they are asked for again and again, and checked once."""
        key = orjson.dumps(settings)
        if key not in self._held:
            if len(self._held) >= MOST_HELD:
                self._held.clear()
            self._held[key] = pickle.dumps(self.load(settings))
        held: Data = pickle.loads(self._held[key])  # its own copy: a plugin may do with it what it likes
        return held

    def load(self, settings: Any) -> Data:
        """The settings with their types and defaults. Raises Invalid with the sentences by field."""
        if not isinstance(settings, Mapping):
            raise Invalid("设置应当按项目填写。", {"settings": ["应当按项目填写。"]})
        try:
            loaded: Data = self.schema.load(dict(settings))
        except ValidationError as error:
            messages = error.normalized_messages()
            raise Invalid(f"“{self.label}”的设置有误，请按提示修改。", messages) from error
        self.check(loaded)
        return loaded


def practice_of(
    name: str, label: str, summary: str, given: Mapping[str, fields.Field], **more: Any
) -> Practice:
    """A practice whose settings are the given fields. Each has a default: what nobody fills in must be able to hold."""
    if needed := [key for key, declared in given.items() if declared.required]:
        raise ValueError(f"settings of {name} without a default: {', '.join(needed)}")
    class_name = "".join(part.capitalize() for part in name.split("_")) + "Settings"
    schema = Schema.from_dict(dict(given), name=class_name)(unknown=RAISE)
    schema.error_messages = {**schema.error_messages, "unknown": "不认识的项目。", "type": "应当按项目填写。"}
    return Practice(name, label, summary, schema, **more)


GROUPS: dict[str, Practice] = {}
"""The core's own groups of settings, by name; `shared.groups` declares them."""


def group(name: str, label: str, summary: str, /, *, places: tuple[str, ...] = (CONGRESS,), source: str = "",
          check: Callable[[Data], None] = lambda settings: None, **given: fields.Field) -> Practice:  # fmt: skip
    """Declare a group of the core's settings, with the fields of `shared.contracts.field`."""
    GROUPS[name] = practice_of(
        name, label, summary, given, places=places, source=source, check=check, is_core=True
    )
    return GROUPS[name]


def id_of(place: str, name: str) -> str:
    """Always the same id for the same practice at the same place."""
    return str(uuid.uuid5(NAMESPACE, f"{place}/{name}"))


def congresses_above(path: str) -> list[str]:
    """A congress and those above it, the nearest first: 43.01.81, 43.01, 43, cn."""
    if path == ROOT:
        return [ROOT]
    words = path.split(".")
    return [*(".".join(words[:length]) for length in range(len(words), 0, -1)), ROOT]


Laid = Mapping[str, Mapping[str, Data]]
"""What has been laid down, by the practice's name and the place."""


def laid_down(said: Iterable[Data]) -> Laid:
    """What `practice.recorded` said of some practices at some places."""
    laid: dict[str, dict[str, Data]] = {}
    for one in said:
        laid.setdefault(one["name"], {})[one["place"]] = one
    return laid


# --- what holds -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class InForce:
    """A practice as it holds somewhere on some day: from where it is inherited and since when it holds there."""

    name: str
    on: bool
    settings: Data
    place: str = ""
    since: str = ""


def version_on(set_here: Data, day: date) -> Data | None:
    """What of the versions that a place has laid down holds on a day; None before the first and after an end."""
    found: Data | None = None
    for version in set_here["versions"]:
        if version["effective_on"] <= day.isoformat():
            found = version
    return None if found is None or found["ended"] else found


def in_force(name: str, by_place: Mapping[str, Data], places: Iterable[str], day: date) -> InForce | None:
    """The nearest place's version. `by_place`: what `practice.recorded` said of it; `places`: the nearest first."""
    for place in places:
        if place in by_place and (version := version_on(by_place[place], day)):
            return InForce(name, version["on"], version["settings"], place, version["effective_on"])
    return None


class Practices:
    """What holds where, asked within one transaction.

    `read` gives what the places of some congresses have set, by practice and place; `unit_of` the copy of a unit, or None.
    """

    def __init__(
        self,
        known: Mapping[str, Practice],
        read: Callable[[list[str]], Laid],
        unit_of: Callable[[str], Data | None],
        today: date,
    ) -> None:
        self.known, self.read, self.unit_of, self.today = known, read, unit_of, today
        self._read: dict[tuple[str, ...], Laid] = {}
        self._above: dict[str, tuple[list[str], list[str]]] = {}

    def settings(self, name: str, congress: str, unit: str = "", on: date | None = None) -> Data:
        """A group's settings at a place, the defaults where nobody has set them. Of a plugin: only where it is on."""
        found = self._find([name], congress, unit, on).get(name)
        return self._loaded(found) if found else self.known[name].defaults

    def active(
        self, congress: str, unit: str = "", on: date | None = None, names: Iterable[str] | None = None
    ) -> list[InForce]:
        """The plugins that are on at a place, each with its settings, in the order of their names; `names`: of these."""
        wanted = self.known if names is None else names
        plugins = [name for name in wanted if name in self.known and not self.known[name].is_core]
        found = self._find(plugins, congress, unit, on)
        return [replace(held, settings=self._loaded(held)) for _, held in sorted(found.items()) if held.on]

    def is_any_on(self, names: Iterable[str], congress: str, unit: str = "") -> bool:
        """Is any of these plugins on at a place today?"""
        return any(held.on for held in self._find(names, congress, unit, None).values())

    def all(self, congress: str, unit: str = "") -> dict[str, InForce]:
        """Whatever has been laid down at a place or above it, as it holds there today."""
        return self._find(list(self.known), congress, unit, None)

    def _loaded(self, held: InForce) -> Data:
        """Settings that fitted an earlier version of a plugin, and do not fit this one, must not stop the work."""
        try:
            return self.known[held.name].held(held.settings)
        except Invalid as refused:
            log.error("settings no longer fit", practice=held.name, place=held.place, errors=refused.errors)
            return self.known[held.name].defaults

    def _find(self, names: Iterable[str], congress: str, unit: str, on: date | None) -> dict[str, InForce]:
        units, congresses = self._units_above(unit)
        above = congresses_above(congress)
        kept = self._kept(tuple(dict.fromkeys([*above, *congresses])))
        places = [*units, *above]
        held = {name: in_force(name, kept[name], places, on or self.today) for name in names if name in kept}
        return {name: found for name, found in held.items() if found}

    def _kept(self, congresses: tuple[str, ...]) -> Laid:
        """What has been laid down, by name and place."""
        if congresses not in self._read:
            self._read[congresses] = self.read(list(congresses))
        return self._read[congresses]

    def _units_above(self, unit: str) -> tuple[list[str], list[str]]:
        """A unit with those above it, the nearest first, and the congresses at which they are registered."""
        if unit not in self._above:
            self._above[unit] = self._find_units_above(unit)
        return self._above[unit]

    def _find_units_above(self, unit: str) -> tuple[list[str], list[str]]:
        units: list[str] = []
        congresses: list[str] = []
        while unit and unit not in units and (found := self.unit_of(unit)):
            units.append(unit)
            congresses.append(found.get("congress", ""))
            unit = found.get("parent", "")
        return units, [path for path in congresses if path]
