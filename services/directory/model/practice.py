"""What practices and settings a place has laid down, and since when.

A change takes effect at a date, which has not passed: what began before goes on as it began. Earlier versions stay.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from shared.aggregate import Governed
from shared.clock import legal_date
from shared.identity import Actor
from shared.practices import UNIT, Data, Practice
from shared.problems import Invalid
from shared.rules import Rule, Rules

EVERYWHERE = ("operator", "system")
OFFICES = ("liaison", *EVERYWHERE)

PRACTICE_RULES = Rules(
    "项做法",
    {"new": "沿用上级", "set": "本级已设置", "ended": "沿用上级"},
    [
        Rule("set_practice", "设置做法", (*OFFICES, "unit_head"), ("new", "set", "ended")),
        Rule("end_practice", "恢复沿用上级", (*OFFICES, "unit_head"), ("set",)),
    ],
)


@dataclass(frozen=True)
class Version:
    """What holds from a day on. `ended`: nothing of its own any more, what is above holds again."""

    effective_on: str
    on: bool
    settings: Data
    ended: bool
    reason: str
    set_by: str
    set_on: str


@dataclass(kw_only=True)
class SetPractice(Governed):
    """One practice at one place. Its id is made of both (`shared.practices.id_of`)."""

    rules: ClassVar[Rules] = PRACTICE_RULES

    name: str
    label: str
    place: str
    place_kind: str
    place_name: str
    state: str = "new"
    versions: list[Version] = field(default_factory=list)

    def relations(self, actor: Actor) -> frozenset[str]:
        """The congress's office, the unit's head where it is a unit's, operators; the others there look on."""
        found = {role for role in OFFICES if actor.has(role, None if role in EVERYWHERE else self.congress)}
        if self.place_kind == UNIT and self.place in actor.units("unit_head"):
            found.add("unit_head")
        if not found and self.congress in actor.congresses():
            found.add("public")
        return frozenset(found)

    def called(self) -> str:
        return f"{self.place_name}的“{self.label}”"

    def set(self, practice: Practice, on: bool, settings: Data, effective_on: date, reason: str, by: Actor,
            now: datetime) -> None:  # fmt: skip
        """Lay down what holds here from a day on. Raises Invalid for what the practice does not allow."""
        if self.place_kind not in practice.places:
            where = "承办单位" if UNIT in practice.places else "人大"
            raise Invalid(
                f"“{practice.label}”只能在{where}设置。",
                {"place": [f"这种做法在{where}一级设置，请重新选择。"]},
            )
        practice.load(settings)
        on = on or practice.is_core
        self.label = practice.label
        self._add(Version(effective_on.isoformat(), on, settings, False, reason, by.name, legal_date(now).isoformat()), by, now)  # fmt: skip

    def end(self, effective_on: date, reason: str, by: Actor, now: datetime) -> None:
        """From this day on what is above holds here again."""
        self._add(Version(effective_on.isoformat(), False, {}, True, reason, by.name, legal_date(now).isoformat()), by, now)  # fmt: skip

    def _add(self, version: Version, by: Actor, now: datetime) -> None:
        """A version that was laid down for the same or a later day and has not begun yet is replaced by this one."""
        today = legal_date(now).isoformat()
        if version.effective_on < today:
            wrong = f"生效日期不能早于今天（{today}）：已经开始办理的，按开始时的做法办完。"
            raise Invalid(wrong, {"effective_on": [wrong]})
        self.versions = [v for v in self.versions if v.effective_on < version.effective_on]
        self.versions.append(version)
        self.state = "ended" if version.ended else "set"
        self.record("practice.recorded", now, by, **self.as_data(), reason=version.reason)

    def as_data(self) -> dict[str, Any]:
        """The whole of it, as its event tells and copies keep it."""
        return {
            "name": self.name, "label": self.label, "place": self.place, "place_kind": self.place_kind,
            "place_name": self.place_name, "versions": [asdict(version) for version in self.versions],
        }  # fmt: skip
