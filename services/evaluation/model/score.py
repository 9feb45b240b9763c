"""A unit's score for a year: 100 points from its figures plus a bonus (001, 财政厅)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from services.evaluation.model.parts import Named, Step
from shared.aggregate import Aggregate
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid
from shared.rules import Rule, Rules

SCORE_RULES = Rules(
    "项评分", {"new": "尚未评分"}, [Rule("score_unit", "给承办单位评分", ("liaison",), ("new",))]
)
FULL = 100
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
class Part:
    """Points of one part, the most there were, and the fraction they come from, as 3/4."""

    name: str
    points: float
    most: float
    because: str


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
        parts.append(
            Part(
                rule.name,
                round(most * numerator / denominator, 2),
                round(most, 2),
                f"{numerator}/{denominator}",
            )
        )
    return parts


@dataclass(kw_only=True)
class UnitScore(Aggregate):
    """One unit's score at one congress for one year. Scoring again replaces it; the history keeps both."""

    unit: Named
    kind: str
    year: int
    parts: list[Part] = field(default_factory=list)
    bonus: int = 0
    reason: str = ""
    points: float = 0.0
    history: list[Step] = field(default_factory=list)

    @staticmethod
    def id_of(congress: str, unit: str, year: int) -> str:
        """Always the same id for the same unit, congress and year."""
        return str(uuid.uuid5(SCORES_NAMESPACE, f"{congress}/{unit}/{year}"))

    def score(
        self, figures: Mapping[str, tuple[int, int]], bonus: int, reason: str, by: Actor, now: datetime
    ) -> None:
        """Score from the figures as they stand now. A bonus needs its reason."""
        if bonus and not reason:
            raise Invalid("附加分要写明理由。", {"reason": ["请写明附加分的理由。"]})
        self.parts, self.bonus, self.reason = parts_of(figures), bonus, reason
        self.points = round(sum(part.points for part in self.parts) + bonus, 1)
        self.history.append(Step(now, by.name, f"评分{self.points}", reason))
        listed: list[dict[str, Any]] = [asdict(part) for part in self.parts]
        if bonus:
            listed.append({"name": "附加分", "points": float(bonus), "most": 10, "because": reason})
        self.record(
            "unit.scored",
            now,
            by,
            unit={"id": self.unit.id, "name": self.unit.name},
            year=self.year,
            points=self.points,
            parts=listed,
        )

    @property
    def scored_on(self) -> str:
        return legal_date(self.history[-1].at).isoformat()
