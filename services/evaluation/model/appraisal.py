"""Deputies appraise units on the spot (现场评议、代表评议): each invited deputy casts one ballot, in secret.

Sources: 湖南, 2021 and 2022 (60 deputies, five units; 督促整改落实); 益阳, 2023. What is kept is who has cast a ballot, and the sums of
all ballots; a single ballot is kept nowhere. So nobody, not even who reads the tables, can tell who marked what. Sums are
read after the close alone (else whoever looks before and after a ballot knows it), and not of fewer than three ballots.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from services.evaluation.model.parts import Named, Step
from shared.aggregate import Governed, new_id
from shared.clock import legal_date
from shared.identity import SUPERVISORS_OF_THE_CONGRESS, Actor
from shared.problems import Invalid, WrongState
from shared.rules import Rule, Rules
from shared.terms import BALLOT_MARKS

OPEN, CLOSED, ANNOUNCED, CANCELLED = "open", "closed", "announced", "cancelled"
LEAST_BALLOTS = 3
DRAW_RULES = Rules(
    "次评议",
    {"new": "尚未组织"},
    [Rule("draw_up_appraisal", "组织评议", ("liaison",), ("new",))],
)
RULES = Rules(
    "次评议",
    {OPEN: "正在评议", CLOSED: "评议结束", ANNOUNCED: "已公布", CANCELLED: "已取消"},
    [
        Rule("cast_ballot", "投票评议", ("invited_deputy",), (OPEN,)),
        Rule("close_appraisal", "结束评议", ("liaison",), (OPEN,)),
        Rule("cancel_appraisal", "取消评议", ("liaison",), (OPEN,)),
        Rule("announce_appraisal", "公布结果", ("liaison",), (CLOSED,)),
        Rule("demand_rectification", "提出整改要求", ("liaison",), (CLOSED, ANNOUNCED)),
    ],
)
OVERSEERS = ("liaison", *SUPERVISORS_OF_THE_CONGRESS)


@dataclass
class Invited:
    """A deputy who may cast a ballot, and whether that has been done."""

    deputy: Named
    has_cast: bool = False


@dataclass
class Rectification:
    """What a unit has to put right (整改要求). Supervision follows it as a demand of the same id."""

    id: str
    unit: Named
    text: str
    due_on: date
    on: date


@dataclass
class Tally:
    """The sums of a unit's ballots: by question, how many marked it how; and what was said, in no order of coming."""

    unit: Named
    ballots: int = 0
    marks: list[dict[str, int]] = field(default_factory=list)
    opinions: list[str] = field(default_factory=list)

    def add(self, marks: Sequence[str], opinion: str) -> None:
        """Always in the same order: one in which marks came would tell what the first ballot was."""
        self.ballots += 1
        self.marks = [
            {mark: counts.get(mark, 0) + (mark == marked) for mark in BALLOT_MARKS}
            for counts, marked in zip(self.marks, marks, strict=True)
        ]
        if opinion:
            self.opinions = sorted([*self.opinions, opinion])

    @property
    def may_be_shown(self) -> bool:
        return self.ballots >= LEAST_BALLOTS


@dataclass(kw_only=True)
class Appraisal(Governed):
    """One appraisal of some units by some deputies. The sums are beside it: see `Tally`."""

    rules: ClassVar[Rules] = RULES

    name: str
    on: date
    units: list[Named]
    questions: list[str]
    invited: list[Invited]
    state: str = OPEN
    rectifications: list[Rectification] = field(default_factory=list)
    history: list[Step] = field(default_factory=list)

    @classmethod
    def draw_up(
        cls, congress: str, name: str, on: date, units: list[Named], deputies: list[Named], questions: list[str],
        by: Actor, now: datetime,
    ) -> Appraisal:  # fmt: skip
        """Which deputies appraise which units, on which day, by which questions."""
        if on < legal_date(now):
            raise Invalid("评议日期已经过去。", {"on": ["请选择今天或以后的日期。"]})
        if len(deputies) < LEAST_BALLOTS:
            wanted = f"至少邀请{LEAST_BALLOTS}位代表：少于{LEAST_BALLOTS}票的结果不公布。"
            raise Invalid(wanted, {"deputies": [wanted]})
        if len({*questions}) != len(questions) or not questions:
            wanted = "请填写评议的项目，每项一行，不要重复。"
            raise Invalid(wanted, {"questions": [wanted]})
        made = cls(
            id=new_id(), congress=congress, name=name, on=on, units=units, questions=questions,
            invited=[Invited(deputy) for deputy in deputies],
        )  # fmt: skip
        made.history.append(Step(now, by.name, "组织评议"))
        made.record(
            "appraisal.drawn", now, by, name=name, on=on.isoformat(), units=[_named(unit) for unit in units],
            deputies=[_named(deputy) for deputy in deputies], questions=questions,
        )  # fmt: skip
        return made

    def relations(self, actor: Actor) -> frozenset[str]:
        """The congress's people; the invited deputies; the units once it is announced."""
        found = {role for role in OVERSEERS if actor.has(role, self.congress)}
        if any(invited.deputy.id in actor.seats for invited in self.invited):
            found.add("invited_deputy")
        if self.state == ANNOUNCED and actor.units() & {unit.id for unit in self.units}:
            found.add("unit")
        return frozenset(found)

    def called(self) -> str:
        return f"“{self.name}”"

    def may_cast(self, actor: Actor, today: date) -> bool:
        """Has the person a ballot to cast today?"""
        return self.state == OPEN and self.on <= today and self._ballot_of(actor) is not None

    def _ballot_of(self, actor: Actor) -> Invited | None:
        own = [invited for invited in self.invited if invited.deputy.id in actor.seats]
        return next((invited for invited in own if not invited.has_cast), None)

    def cast(
        self, tallies: Mapping[str, Tally], marks: list[dict[str, Any]], by: Actor, now: datetime
    ) -> Invited:
        """A deputy marks each unit by each question, once, for good. What goes on record is that it was done.

        `marks`: for each unit {unit, marks, opinion}, the marks in the order of the questions.
        """
        if legal_date(now) < self.on:
            raise WrongState(f"评议日期是{self.on:%Y-%m-%d}，从那天起可以投票。")
        invited = self._ballot_of(by)
        if invited is None:
            raise WrongState("您已经投票。每位代表只投一次，投出后不能更改。")
        given = {one["unit"]: one for one in marks}
        if len(given) != len(marks) or given.keys() != {unit.id for unit in self.units}:
            raise Invalid("请对每个单位评议一次。", {"marks": ["请对每个单位评议一次，不要遗漏或重复。"]})
        wrong = [
            unit.name
            for unit in self.units
            if len(given[unit.id]["marks"]) != len(self.questions) or {*given[unit.id]["marks"]} - {*BALLOT_MARKS}
        ]  # fmt: skip
        if wrong:
            said = f"请对每一项都选择评价（{'、'.join(wrong)}）；不了解的选“不了解”。"
            raise Invalid(said, {"marks": [said]})
        for unit in self.units:
            tallies[unit.id].add(given[unit.id]["marks"], given[unit.id]["opinion"])
        invited.has_cast = True
        self.record("ballot.cast", now, by, deputy=_named(invited.deputy), of=len(self.invited))
        return invited

    def close(self, by: Actor, now: datetime) -> None:
        """Nobody casts a ballot any more; the congress's people read the sums."""
        if legal_date(now) < self.on:
            raise WrongState(f"评议日期是{self.on:%Y-%m-%d}，还没有到；不再举行的请取消。")
        self.state = CLOSED
        self.history.append(Step(now, by.name, "结束评议"))
        self.record("appraisal.closed", now, by, ballots=self.ballots, of=len(self.invited))

    def cancel(self, reason: str, by: Actor, now: datetime) -> None:
        """It does not take place, or not so; what was cast is dropped."""
        self.state = CANCELLED
        self.history.append(Step(now, by.name, "取消评议", reason))
        self.record("appraisal.cancelled", now, by, reason=reason)

    def announce(self, tallies: Mapping[str, Tally], by: Actor, now: datetime) -> None:
        """From now on each unit reads its own result."""
        self.state = ANNOUNCED
        self.history.append(Step(now, by.name, "公布结果"))
        results = [
            {"unit": _named(unit), "ballots": tally.ballots, "marks": tally.marks}
            for unit in self.units
            if (tally := tallies[unit.id]).may_be_shown
        ]
        self.record("appraisal.announced", now, by, name=self.name, questions=self.questions, results=results)

    def demand(self, unit_id: str, text: str, due_on: date, by: Actor, now: datetime) -> Rectification:
        """What deputies said is put right: a demand to a unit, which supervision follows."""
        unit = next((unit for unit in self.units if unit.id == unit_id), None)
        if unit is None:
            raise Invalid("没有找到这个单位。", {"unit": ["请选择被评议的单位。"]})
        if due_on <= legal_date(now):
            raise Invalid("期限已经过去。", {"due_on": ["期限应当晚于今天。"]})
        made = Rectification(new_id(), unit, text, due_on, legal_date(now))
        self.rectifications.append(made)
        self.history.append(Step(now, by.name, f"要求{unit.name}整改", text))
        self.record(
            "rectification.demanded", now, by, demand=made.id, appraisal=self.name, unit=_named(unit), text=text,
            due_on=due_on.isoformat(),
        )  # fmt: skip
        return made

    @property
    def ballots(self) -> int:
        return sum(invited.has_cast for invited in self.invited)


def _named(named: Named) -> dict[str, str]:
    return {"id": named.id, "name": named.name}
