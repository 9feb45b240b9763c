"""The yearly appraisal of units by the office that distributes among them (年度考核): a grade, why, and what follows.

Source: 年度考核奖惩, the last of the government's own four ways to supervise (Liuyang 2022). It is the office's own, of the units of its system
alone: the congress's score stands beside it and does not decide it. The unit reads it when it is announced, and its head may object
once; the office decides with its reason, and gives another grade where the unit is right.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from services.evaluation.model.objecting import Objection, require_in_time
from services.evaluation.model.parts import Named, Step
from services.evaluation.model.score import SCORES_NAMESPACE
from shared.aggregate import Governed
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid, WrongState
from shared.rules import Rule, Rules
from shared.terms import YEAR_GRADES

OFFICE = "office"  # people of the office that distributes: of one system, or of the whole congress where it has no unit
DRAFTED, ANNOUNCED = "drafted", "announced"
GRADE_RULES = Rules(
    "项年度考核",
    {"new": "尚未考核", DRAFTED: "拟定", ANNOUNCED: "已公布"},
    [
        Rule("grade_unit", "评定等次", (OFFICE,), ("new", DRAFTED)),
        Rule("announce_grades", "公布等次", (OFFICE,), (DRAFTED,)),
        Rule("contest_grade", "申诉等次", ("unit_head",), (ANNOUNCED,)),
        Rule("decide_grade", "裁定等次申诉", (OFFICE,), (ANNOUNCED,)),
    ],
)
NEEDS_REASON = ("excellent", "failed")


@dataclass
class GradeObjection(Objection):
    """That the unit objects to its grade. `before`: the one that it had."""

    before: str = field(kw_only=True)


@dataclass(kw_only=True)
class YearGrade(Governed):
    """One unit's grade of one year, by one office. `office`: its unit; no id where it distributes for the whole congress."""

    rules: ClassVar[Rules] = GRADE_RULES

    office: Named
    unit: Named
    year: int
    grade: str = ""
    reason: str = ""
    follows: str = ""  # reward or sanction
    state: str = "new"
    announced_on: date | None = None
    objection: GradeObjection | None = None
    history: list[Step] = field(default_factory=list)

    @staticmethod
    def id_of(congress: str, office: str, unit: str, year: int) -> str:
        return str(uuid.uuid5(SCORES_NAMESPACE, f"grade/{congress}/{office}/{unit}/{year}"))

    def relations(self, actor: Actor) -> frozenset[str]:
        """Its office; the unit's people and the congress's liaison office once it is announced."""
        found = set()
        if is_office(actor, self.congress, self.office.id):
            found.add(OFFICE)
        if self.state == ANNOUNCED and self.unit.id in actor.units():
            found.add("unit")
            if self.unit.id in actor.units("unit_head"):
                found.add("unit_head")
        if self.state == ANNOUNCED and actor.has("liaison", self.congress):
            found.add("liaison")
        return frozenset(found)

    def called(self) -> str:
        return f"{self.unit.name}{self.year}年的年度考核"

    def give(self, grade: str, reason: str, follows: str, by: Actor, now: datetime) -> None:
        """Grade it, or grade it anew before it is announced. The best and the worst need a reason."""
        if self.state == ANNOUNCED:
            raise WrongState(f"{self.called()}已经公布，不能再改。")
        if grade in NEEDS_REASON and not reason:
            raise Invalid("请写明理由。", {"reason": [f"评为{YEAR_GRADES[grade]}的，请写明理由。"]})
        self.grade, self.reason, self.follows, self.state = grade, reason, follows, DRAFTED
        self._told("unit.graded", f"评为{YEAR_GRADES[grade]}", by, now, reason)

    def announce(self, by: Actor, now: datetime) -> None:
        self.state, self.announced_on = ANNOUNCED, legal_date(now)
        self._told("grade.announced", "公布", by, now)

    def contest(self, reason: str, days: int, by: Actor, now: datetime) -> None:
        """The unit's head objects, once, within so many days of the announcement."""
        if self.objection:
            raise WrongState(f"{self.called()}已经申诉过。")
        require_in_time(self.announced_on, days, legal_date(now))
        self.objection = GradeObjection(reason, legal_date(now), by.name, before=self.grade)
        self._told("grade.contested", "申诉", by, now, reason, because=reason)

    def decide(self, upheld: bool, grade: str, reason: str, by: Actor, now: datetime) -> None:
        """The office decides: another grade where the unit is right, the reason in any case."""
        if not self.waits_for_decision or self.objection is None:
            raise WrongState(f"{self.called()}没有等待裁定的申诉。")
        if upheld and grade in ("", self.grade):
            raise Invalid("申诉成立的，请改评等次。", {"grade": ["请选择和原来不同的等次。"]})
        self.grade = grade if upheld else self.grade
        self.objection.decide(upheld, reason, legal_date(now))
        what = f"申诉成立，改评{YEAR_GRADES[self.grade]}" if upheld else "申诉不成立"
        self._told("grade.decided", what, by, now, reason, because=reason, upheld=upheld)

    @property
    def waits_for_decision(self) -> bool:
        return self.objection is not None and not self.objection.decision

    def _told(self, event: str, what: str, by: Actor, now: datetime, reason: str = "", **more: Any) -> None:
        self.history.append(Step(now, by.name, what, reason))
        self.record(
            event, now, by, office={"id": self.office.id, "name": self.office.name}, unit={"id": self.unit.id, "name": self.unit.name},
            year=self.year, grade=self.grade, reason=self.reason, follows=self.follows, **more,
        )  # fmt: skip


def is_office(actor: Actor, congress: str, office: str) -> bool:
    """Does the person act for this distributing office?"""
    return office in actor.units("distributing") if office else actor.has("distributing", congress)
