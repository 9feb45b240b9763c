"""Look-back (回头看): a sample of what was claimed solved is looked at again, and what is not so is put right.

The sample is drawn from a seed, so that anybody can draw it again and find the same (Hunan 2022, Changsha 2018).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from shared.aggregate import Governed
from shared.identity import SUPERVISORS_OF_THE_CONGRESS, Actor
from shared.problems import Invalid
from shared.rules import Rule, Rules

STATES = {"new": "尚未抽取", "drawn": "检查中", "ended": "已结束"}
FINDINGS = {"true": "属实", "partly": "部分落实", "not_true": "不属实"}
INSPECTORS = ("liaison", *SUPERVISORS_OF_THE_CONGRESS)

RULES = Rules(
    "次回头看",
    STATES,
    [
        Rule("draw_look_back", "抽取回头看", ("liaison",), ("new",)),
        Rule("record_finding", "登记回头看结果", INSPECTORS, ("drawn",)),
        Rule("end_look_back", "结束回头看", ("liaison",), ("drawn",)),
    ],
)


@dataclass(frozen=True)
class Candidate:
    """A suggestion whose handling is over, as the ledger has it."""

    suggestion: str
    number: str
    title: str
    unit: str  # id; of several separate units the first
    unit_name: str
    reply_class: str


@dataclass
class Drawn:
    """One of the sample, and what was found there."""

    candidate: Candidate
    finding: str = ""
    words: str = ""
    on: date | None = None
    by: str = ""


def draw(candidates: Iterable[Candidate], seed: str, share: int, least_of_each_unit: int) -> list[Candidate]:
    """A share (in per cent) of each unit's, and at least so many of each, as far as it has them.

    The same candidates and seed give the same sample, in whatever order the candidates come.
    """
    by_unit: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        by_unit.setdefault(candidate.unit, []).append(candidate)
    sample: list[Candidate] = []
    for own in by_unit.values():
        wanted = max(least_of_each_unit, math.ceil(len(own) * share / 100))
        sample += sorted(own, key=lambda one: _lot(seed, one.suggestion))[:wanted]
    return sorted(sample, key=lambda one: (one.unit_name, one.number, one.suggestion))


def _lot(seed: str, suggestion: str) -> str:
    return hashlib.sha256(f"{seed}/{suggestion}".encode()).hexdigest()


@dataclass(kw_only=True)
class LookBack(Governed):
    """One look-back of one congress."""

    rules: ClassVar[Rules] = RULES

    name: str
    from_year: int
    to_year: int
    classes: list[str]
    share: int
    least_of_each_unit: int
    seed: str
    of: int  # how many there were to draw from
    sample: list[Drawn]
    drawn_on: date
    state: str = "drawn"
    due_on: date | None = None  # where the calendar of the year drew it, the end of its time
    summary: str = ""
    ended_on: date | None = None

    def relations(self, actor: Actor) -> frozenset[str]:
        """The offices alone: a unit learns of it when it is looked at."""
        return frozenset(role for role in INSPECTORS if actor.has(role, self.congress))

    def called(self) -> str:
        return f"“{self.name}”"

    def of_suggestion(self, suggestion: str) -> Drawn:
        """The one of the sample. Raises Invalid when it was not drawn."""
        found = next((one for one in self.sample if one.candidate.suggestion == suggestion), None)
        if found is None:
            raise Invalid("没有抽到这件建议。", {"suggestion": ["请选择这次抽到的建议。"]})
        return found

    def find(self, suggestion: str, finding: str, words: str, on: date, by: Actor, today: date) -> Drawn:
        """What an inspector found; a later word takes its place until the look-back has ended."""
        if on > today:
            raise Invalid("检查日期还没有到。", {"on": ["检查日期不能晚于今天。"]})
        one = self.of_suggestion(suggestion)
        one.finding, one.words, one.on, one.by = finding, words, on, by.name
        return one

    def end(self, summary: str, today: date) -> None:
        """Raises Invalid while something of the sample was not looked at."""
        left = [one.candidate.number or one.candidate.title for one in self.sample if not one.finding]
        if left:
            raise Invalid("还有建议没有检查。", {"summary": [f"还没有登记结果的有{'、'.join(left[:10])}。"]})
        self.state, self.summary, self.ended_on = "ended", summary, today


def require_drawable(candidates: list[Candidate]) -> None:
    """Raise unless there is something to draw from."""
    if not candidates:
        raise Invalid("没有可以抽取的建议。", {"from_year": ["这些年份里没有符合条件、已经办结的建议。"]})
