"""A check within a unit (内部督查): its own office looks at what the unit and its sections have, and what it found is put right.

Source: 办公室定期专项督查 (联络动态 2018, 省财政厅); 定期督办与重点督办 (省委宣传部). It is the unit's own affair: neither the
congress nor another unit hears of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from services.assignment.model.people import Person
from shared.aggregate import Governed, new_id
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid
from shared.rules import Rule, Rules

ACTING = ("unit_head", "distributing")  # the unit's head, and who holds its office
READING = ("handler", *ACTING)
_OFFICE = ("unit_head", "distributing_unit")

CHECK_RULES = Rules(
    "项内部督查",
    {"new": "尚未登记", "open": "待整改", "settled": "已整改", "clear": "未发现问题"},
    [
        Rule("log_check", "登记内部督查", _OFFICE, ("new",)),
        Rule("settle_check", "登记整改", _OFFICE, ("open",)),
    ],
)


@dataclass
class Looked:
    """One task that was looked at."""

    task: str
    suggestion: str
    unit: Person


@dataclass
class Outcome:
    """What became of what was found: put right, or more time until a later day."""

    outcome: str
    text: str
    on: date
    by: str
    until: date | None = None


@dataclass(kw_only=True)
class Check(Governed):
    """One check. `desks`: the unit and its office, whose people log and settle it; `found` is empty where nothing was found."""

    rules: ClassVar[Rules] = CHECK_RULES

    unit: Person
    desks: list[str]
    on: date
    scope: str
    tasks: list[Looked]
    found: str
    responsible: str
    put_right_by: date | None
    first_day: date | None  # by which it was to be put right at first
    by: str
    state: str = "open"
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def readers(self) -> list[str]:
        """The units whose people read it: the unit, its office, and the sections whose tasks were looked at."""
        return list(dict.fromkeys([*self.desks, *(one.unit.id for one in self.tasks)]))

    def relations(self, actor: Actor) -> frozenset[str]:
        found = set()
        if actor.units("unit_head") & set(self.desks):
            found.add("unit_head")
        if actor.units("distributing") & set(self.desks):
            found.add("distributing_unit")
        if actor.units(*READING) & set(self.readers):
            found.add("unit")
        return frozenset(found)

    @classmethod
    def log(
        cls, congress: str, unit: Person, desks: Sequence[str], tasks: list[Looked], about: dict[str, Any],
        by: Actor, now: datetime,
    ) -> Check:  # fmt: skip
        """`about`: on, scope, found, responsible, put_right_by."""
        if about["on"] > legal_date(now):
            raise Invalid("督查日期有误。", {"on": ["督查日期不能晚于今天。"]})
        if about["found"] and not about["put_right_by"]:
            raise Invalid("请填写整改期限。", {"put_right_by": ["发现问题的，应当写明整改期限。"]})
        if about["put_right_by"] and not about["found"]:
            raise Invalid("没有写发现的问题。", {"found": ["填写了整改期限的，请写明发现的问题。"]})
        if about["put_right_by"] and about["put_right_by"] <= about["on"]:
            raise Invalid("整改期限有误。", {"put_right_by": ["整改期限应当在督查日期之后。"]})
        state = "open" if about["found"] else "clear"
        made = cls(
            id=new_id(), congress=congress, unit=unit, desks=list(desks), tasks=tasks, by=by.name, state=state,
            first_day=about["put_right_by"], **about,
        )  # fmt: skip
        made.record("check.logged", now, by, **made.as_data())
        return made

    def settle(self, text: str, by: Actor, now: datetime) -> None:
        self.outcomes.append(Outcome("put_right", text, legal_date(now), by.name))
        self.state = "settled"
        self.record("check.settled", now, by, **self.as_data(), text=text)

    def extend(self, text: str, until: date | None, by: Actor, now: datetime) -> None:
        """A later day than the one that held, with the reason."""
        if until is None or (self.put_right_by and until <= self.put_right_by) or until < legal_date(now):
            sentence = f"请填写新的整改期限，应当晚于原期限 {self.put_right_by}，并且不早于今天。"
            raise Invalid("新的整改期限有误。", {"put_right_by": [sentence]})
        self.outcomes.append(Outcome("extended", text, legal_date(now), by.name, until))
        self.put_right_by = until
        self.record("check.extended", now, by, **self.as_data(), text=text)

    def is_overdue(self, today: date) -> bool:
        return self.state == "open" and self.put_right_by is not None and self.put_right_by < today

    def computed(self) -> str:
        """Where the day comes from by which it is to be put right: people set it, and days off move nothing."""
        if self.put_right_by is None:
            return ""
        said = f"{self.on} 督查时由{self.by}限定为 {self.first_day}"
        return said + "".join(
            f"；{one.on} 由{one.by}延至 {one.until}（{one.text}）" for one in self.outcomes if one.until
        )

    def as_data(self) -> dict[str, Any]:
        """As its events tell it: always the whole."""
        return {
            "unit": vars(self.unit), "on": self.on.isoformat(), "scope": self.scope, "found": self.found, "responsible": self.responsible,
            "put_right_by": self.put_right_by.isoformat() if self.put_right_by else None,
            "tasks": [{"task": one.task, "suggestion": one.suggestion, "unit": vars(one.unit)} for one in self.tasks],
        }  # fmt: skip
