"""A bundle (打捆办理): several suggestions about one problem, handled by a unit under one plan, and what comes of them together.

Source: 共性问题纳入规划、储备项目 (联络动态 2018, 省水利厅); 办理一件建议、解决一类问题 (Hunan 2022, 2023).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from services.assignment.model.handling import Handling
from services.assignment.model.people import Person
from shared.aggregate import Governed, new_id
from shared.clock import legal_date
from shared.identity import SUPERVISORS_OF_THE_CONGRESS, Actor
from shared.problems import Invalid
from shared.rules import Rule, Rules

UNIT = "unit"  # people of the unit that has made it
READERS = ("liaison", "distributing", *SUPERVISORS_OF_THE_CONGRESS)
ACTING = ("handler", "unit_head", "distributing")

BUNDLE_RULES = Rules(
    "个打捆办理",
    {"new": "尚未打捆", "open": "办理中", "ended": "已结束"},
    [
        Rule("make_bundle", "打捆办理", (UNIT,), ("new",)),
        Rule("put_in_bundle", "并入建议", (UNIT,), ("open",)),
        Rule("take_out_of_bundle", "移出建议", (UNIT,), ("open",)),
        Rule("link_work", "关联项目和工作", (UNIT,), ("open",)),
        Rule("end_bundle", "结束打捆办理", (UNIT,), ("open",)),
    ],
)


@dataclass
class LinkedWork:
    """What the bundle is tied to: of `shared.terms.WORK_KINDS`, as a livelihood project or an item of the year's plan."""

    kind: str
    name: str
    note: str
    on: date
    by: str
    reference: str = ""  # its number in the list that it stands in

    @property
    def known_as(self) -> str:
        """By what the same work is known in other bundles."""
        return self.reference or self.name


@dataclass(kw_only=True)
class Bundle(Governed):
    """One unit's bundle of suggestions of one congress."""

    rules: ClassVar[Rules] = BUNDLE_RULES

    unit: Person
    name: str
    problem: str
    plan: str
    leader: str
    due_on: date
    made_on: date
    suggestions: list[str]
    works: list[LinkedWork] = field(default_factory=list)
    state: str = "open"
    summary: str = ""
    ended_on: date | None = None

    def relations(self, actor: Actor) -> frozenset[str]:
        """Its unit's people; the congress's offices and supervisors read it."""
        found = {role for role in READERS if actor.has(role, self.congress)}
        return frozenset(found | ({UNIT} if self.unit.id in actor.units(*ACTING) else set()))

    def called(self) -> str:
        return f"打捆办理“{self.name}”"

    @classmethod
    def make(
        cls, unit: Person, handlings: list[Handling], about: dict[str, Any], by: Actor, now: datetime
    ) -> Bundle:
        """Bundle suggestions that the unit handles; `about`: name, problem, plan, leader, due_on."""
        if len(handlings) < 2:
            raise Invalid("打捆办理至少要有两件建议。", {"suggestions": ["请选择两件以上的建议。"]})
        today = legal_date(now)
        if about["due_on"] <= today:
            raise Invalid("完成期限有误。", {"due_on": ["完成期限应当在今天之后。"]})
        made = cls(
            id=new_id(), congress=handlings[0].congress, unit=unit, made_on=today, suggestions=[], **about
        )  # fmt: skip
        for handling in handlings:
            made._add(handling)
        made.record("bundle.made", now, by, **made.as_data())
        return made

    def put_in(self, handling: Handling, by: Actor, now: datetime) -> None:
        self._add(handling)
        self.record("bundle.changed", now, by, **self.as_data())

    def take_out(self, suggestion: str, by: Actor, now: datetime) -> None:
        if suggestion not in self.suggestions:
            raise Invalid("这件建议没有打捆。", {"suggestion": ["请从打捆的建议中选择。"]})
        if len(self.suggestions) == 2:
            raise Invalid(
                "打捆办理至少要有两件建议。", {"suggestion": ["只剩两件，不能再移出；可以结束打捆办理。"]}
            )
        self.suggestions.remove(suggestion)
        self.record("bundle.changed", now, by, **self.as_data())

    def link(self, work: LinkedWork, by: Actor, now: datetime) -> None:
        """Tie it to a livelihood project, an item of the plan, an inspection, … once."""
        if any((one.kind, one.known_as) == (work.kind, work.known_as) for one in self.works):
            raise Invalid(
                "已经关联过。",
                {"reference" if work.reference else "name": ["已经关联过这个项目或者这项工作。"]},
            )
        self.works.append(work)
        self.record("bundle.changed", now, by, **self.as_data())

    def end(self, summary: str, by: Actor, now: datetime) -> None:
        self.state, self.summary, self.ended_on = "ended", summary, legal_date(now)
        self.record("bundle.ended", now, by, **self.as_data(), summary=summary)

    def _add(self, handling: Handling) -> None:
        """Only what the unit handles, of the same congress, and once."""
        has_it = any(task.unit.id == self.unit.id for task in handling.live_tasks)
        wrong = ""
        if handling.congress != self.congress or not has_it:
            wrong = f"{handling.called()}不是{self.unit.name}承办的同一级人大的建议。"
        elif handling.id in self.suggestions:
            wrong = f"{handling.called()}已经在里面。"
        if wrong:
            raise Invalid(wrong, {"suggestions": [wrong], "suggestion": [wrong]})
        self.suggestions.append(handling.id)

    def as_data(self) -> dict[str, Any]:
        """As its events tell it: always the whole."""
        return {
            "unit": {"id": self.unit.id, "name": self.unit.name}, "name": self.name, "problem": self.problem, "plan": self.plan,
            "leader": self.leader, "due_on": self.due_on.isoformat(), "suggestions": list(self.suggestions),
            "works": [
                {"kind": work.kind, "name": work.name, "note": work.note, "reference": work.reference} for work in self.works
            ],
        }  # fmt: skip
