"""A unit's score for a year: 100 points by rules plus a bonus, every point explained, told to the unit and contested.

Source: 省财政厅, 2018 (百分制+附加分, into the sections' yearly appraisal); 湖南, 2021 (the appraisal of the whole process);
长沙, 2018 (ranked among their like). A score is drawn up, looked at by the office, and announced; only then the unit reads
it, and its head may contest each part within the days that the place gives. Who decides says why. History is added to.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from services.evaluation.model.objecting import Objection, require_in_time
from services.evaluation.model.parts import Named, Step
from shared.aggregate import Governed
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid, WrongState
from shared.rules import Rule, Rules

SCORE_RULES = Rules(
    "项评分",
    {"new": "尚未评分"},
    [
        Rule("score_unit", "给承办单位评分", ("liaison",), ("new",)),
        Rule("score_all", "给全部承办单位评分", ("liaison",), ("new",)),
        Rule("announce_scores", "公布评分", ("liaison",), ("new",)),
    ],
)
DRAFTED, ANNOUNCED = "drafted", "announced"
OWN_RULES = Rules(
    "项评分",
    {DRAFTED: "拟定", ANNOUNCED: "已公布"},
    [
        Rule("contest_point", "申诉", ("unit_head",), (ANNOUNCED,)),
        Rule("decide_contest", "裁定申诉", ("liaison",), (ANNOUNCED,)),
        Rule("commend_unit", "表扬", ("liaison",), (ANNOUNCED,)),
    ],
)
FULL = 100
DEFAULT = "default"  # the core's own rules, among the names of plugins
BONUS = "附加分"
SCORES_NAMESPACE = uuid.UUID("6f3b1d6e-5c1e-4c57-9a1c-3f6f7d9a2e10")


@dataclass(frozen=True)
class ScoreRule:
    """One part of the score: which figure it follows, and the most points there are for it."""

    figure: str
    name: str
    most: int


# The default rules; a plugin may bring others.
DEFAULT_RULES = (
    ScoreRule("on_time", "按期办复", 30),
    ScoreRule("satisfied_result", "代表对结果满意", 30),
    ScoreRule("satisfied_process", "代表对过程满意", 15),
    ScoreRule("face_to_face", "当面沟通", 15),
    ScoreRule("solved", "当年解决", 10),
)


@dataclass
class Contest(Objection):
    """That a unit objects to a part or the bonus. `before`: the points that it had."""

    before: float = field(kw_only=True)


@dataclass
class Part:
    """Points of one part, the most there were, and why: in words, or the fraction they come from, as 3/4."""

    name: str
    points: float
    most: float
    because: str
    figure: str = ""
    suggestions: list[str] = field(default_factory=list)
    is_bonus: bool = False
    rule: str = DEFAULT  # the plugin by whose rules
    contest: Contest | None = None


def parts_of(figures: Mapping[str, tuple[int, int]]) -> list[Part]:
    """The parts by the default rules, from {figure: (numerator, denominator)}.

    A part about which there is nothing to say (nobody has given feedback yet) is left out, and the others are
    scaled up to 100 points together: it is neither a merit nor a fault. Raises Invalid when none is left.
    """
    rules = [rule for rule in DEFAULT_RULES if figures.get(rule.figure, (0, 0))[1]]
    if not rules:
        raise Invalid(
            "这个单位本年没有可以计分的承办件，不能评分。", {"unit": ["本年没有可以计分的承办件。"]}
        )
    scale = FULL / sum(rule.most for rule in rules)
    parts = []
    for rule in rules:
        numerator, denominator = figures[rule.figure]
        most = rule.most * scale
        points = round(most * numerator / denominator, 2)
        parts.append(Part(rule.name, points, round(most, 2), f"{numerator}/{denominator}", rule.figure))
    return parts


def together(parts: Sequence[Part], labels: Mapping[str, str]) -> list[Part]:
    """The parts of all rules in one score. More than 100 points in all are brought down to 100, each part alike; a bonus
    stands beside them. What two rules call the same bears the rule's name (`labels`), so that each can be contested."""
    most = sum(part.most for part in parts if not part.is_bonus)
    scale = FULL / most if most > FULL else 1
    named = Counter(part.name for part in parts)
    taken = {BONUS}
    for part in parts:
        if not part.is_bonus and scale != 1:
            part.points, part.most = round(part.points * scale, 2), round(part.most * scale, 2)
        if named[part.name] > 1 or part.name in taken:
            part.name = f"{part.name}（{labels.get(part.rule, part.rule)}）"
        while part.name in taken:
            part.name += "*"
        taken.add(part.name)
    return list(parts)


@dataclass(frozen=True)
class Place:
    """Where a unit stands among units of its kind (分类排名). Units with the same points have the same rank."""

    rank: int
    of: int
    is_last: bool

    @classmethod
    def among(cls, points: float, all_points: Sequence[float]) -> Place:
        """`all_points`: of all units of its kind, its own too. Of those with the fewest points each is the last."""
        is_last = len(all_points) > 1 and points == min(all_points)
        return cls(1 + sum(other > points for other in all_points), len(all_points), is_last)


@dataclass(kw_only=True)
class UnitScore(Governed):
    """One unit's score at one congress for one year. Scoring again replaces it; the history keeps both."""

    rules: ClassVar[Rules] = OWN_RULES

    unit: Named
    kind: str
    year: int
    state: str = ANNOUNCED  # those from before there was a draft have been told
    parts: list[Part] = field(default_factory=list)
    bonus: int = 0
    reason: str = ""
    bonus_contest: Contest | None = None
    points: float = 0.0
    announced_on: date | None = None
    commended: str = ""  # why it was commended (表扬)
    history: list[Step] = field(default_factory=list)

    @staticmethod
    def id_of(congress: str, unit: str, year: int) -> str:
        """Always the same id for the same unit, congress and year."""
        return str(uuid.uuid5(SCORES_NAMESPACE, f"{congress}/{unit}/{year}"))

    def relations(self, actor: Actor) -> frozenset[str]:
        """The congress's offices; the unit's people once it is announced, of whom its head may contest."""
        found = {role for role in ("liaison", "distributing", "supervisor") if actor.has(role, self.congress)}
        if self.state == ANNOUNCED and self.unit.id in actor.units():
            found.add("unit")
            if self.unit.id in actor.units("unit_head"):
                found.add("unit_head")
        return frozenset(found)

    def called(self) -> str:
        return f"{self.unit.name}{self.year}年的评分"

    def score(
        self, parts: Sequence[Part], bonus: int, reason: str, by: Actor, now: datetime, bonus_most: int = 10
    ) -> None:
        """Score it by these parts. A bonus needs its reason; what was announced is not scored again while it is contested.

        What was decided on an objection stands as long as the part comes out as it did when it was contested.
        """
        if bonus and not reason:
            raise Invalid("附加分要写明理由。", {"reason": ["请写明附加分的理由。"]})
        if self.state == ANNOUNCED and self.waits_for_decision:
            raise WrongState(f"{self.called()}有申诉没有裁定，请先裁定（联工委），再重新评分。")
        contested = {part.name: part for part in self.parts if part.contest}
        for part in parts:
            before = contested.get(part.name)
            if before and before.contest and before.contest.before == part.points:
                part.points, part.contest = min(before.points, part.most), before.contest
        if bonus != self.bonus:
            self.bonus_contest = None
        self.parts, self.bonus, self.reason, self.state = list(parts), bonus, reason, DRAFTED
        self._sum_up()
        self.history.append(Step(now, by.name, f"评分{self.points}", reason))
        listed: list[dict[str, Any]] = [_told(part) for part in self.parts]
        if bonus:
            listed.append({"name": BONUS, "points": float(bonus), "most": bonus_most, "because": reason})
        self.record(
            "unit.scored", now, by, unit=_named(self.unit), year=self.year, points=self.points, parts=listed
        )

    def announce(self, place: Place, by: Actor, now: datetime) -> None:
        """From now on the unit reads it, and may contest it. `place`: among its like, when it was announced."""
        self.state, self.announced_on = ANNOUNCED, legal_date(now)
        self.history.append(Step(now, by.name, "公布"))
        self.record(
            "score.announced", now, by, unit=_named(self.unit), year=self.year, points=self.points,
            announced_on=self.announced_on.isoformat(), kind=self.kind, rank=place.rank, ranked=place.of, is_last=place.is_last,
        )  # fmt: skip

    def contest(self, name: str, reason: str, days: int, by: Actor, now: datetime) -> None:
        """The unit's head objects to a part or to the bonus, once each, within so many days of the announcement."""
        if self._contest_of(name):
            raise WrongState(f"“{name}”已经申诉过。")
        require_in_time(self.announced_on, days, legal_date(now))
        if name == BONUS:
            self.bonus_contest = Contest(reason, legal_date(now), by.name, before=float(self.bonus))
        else:
            part = self._part(name)
            part.contest = Contest(reason, legal_date(now), by.name, before=part.points)
        self.history.append(Step(now, by.name, f"申诉：{name}", reason))
        self.record(
            "score.contested", now, by, unit=_named(self.unit), year=self.year, part=name, reason=reason
        )

    def decide(
        self, name: str, upheld: bool, points: float | None, reason: str, by: Actor, now: datetime, bonus_most: int = 10
    ) -> None:  # fmt: skip
        """The office decides on an objection: with new points where the unit is right, with the reason in any case."""
        contest = self._contest_of(name)
        if contest is None or contest.decision:
            raise WrongState(f"“{name}”没有等待裁定的申诉。")
        if upheld:
            self._correct(name, points, bonus_most)
        contest.decide(upheld, reason, legal_date(now))
        self._sum_up()
        now_has = float(self.bonus) if name == BONUS else self._part(name).points
        what = f"{name}申诉成立，改为{now_has:g}分" if upheld else f"{name}申诉不成立"
        self.history.append(Step(now, by.name, what, reason))
        self.record(
            "contest.decided", now, by, unit=_named(self.unit), year=self.year, part=name, upheld=upheld,
            points=self.points, reason=reason,
        )  # fmt: skip

    def _correct(self, name: str, points: float | None, bonus_most: int) -> None:
        """The points that the part should have had. A bonus is a whole number."""
        most = bonus_most if name == BONUS else self._part(name).most
        if points is None or not 0 <= points <= most or (name == BONUS and points != int(points)):
            wrong = f"应当在0到{most:g}之间{'，附加分填整数' if name == BONUS else ''}。"
            raise Invalid("申诉成立的，请填写更正后的得分。", {"points": [wrong]})
        if name == BONUS:
            self.bonus = int(points)
        else:
            self._part(name).points = float(points)

    def commend(self, reason: str, by: Actor, now: datetime) -> None:
        """The congress commends the unit for its year (先进承办单位)."""
        self.commended = reason
        self.history.append(Step(now, by.name, "表扬", reason))
        self.record("unit.commended", now, by, unit=_named(self.unit), year=self.year, reason=reason)

    @property
    def scored_on(self) -> str:
        return legal_date(self.history[-1].at).isoformat()

    def contests(self) -> Iterator[Contest]:
        yield from (part.contest for part in self.parts if part.contest)
        if self.bonus_contest:
            yield self.bonus_contest

    @property
    def waits_for_decision(self) -> bool:
        return any(not contest.decision for contest in self.contests())

    def _sum_up(self) -> None:
        self.points = round(sum(part.points for part in self.parts) + self.bonus, 1)

    def _contest_of(self, name: str) -> Contest | None:
        return self.bonus_contest if name == BONUS else self._part(name).contest

    def _part(self, name: str) -> Part:
        part = next((part for part in self.parts if part.name == name), None)
        if part is None:
            raise Invalid("评分里没有这一项。", {"part": ["评分里没有这一项，请重新选择。"]})
        return part


def _told(part: Part) -> dict[str, Any]:
    """A part as events tell it."""
    told = asdict(part)
    return {name: told[name] for name in ("name", "points", "most", "because")}


def _named(unit: Named) -> dict[str, str]:
    return {"id": unit.id, "name": unit.name}
