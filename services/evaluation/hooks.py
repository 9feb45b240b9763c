"""What plugins are asked by evaluation: by which rules a unit's year is scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.plugins import hookspec


@dataclass(frozen=True)
class Handled:
    """One suggestion that a unit handled in the year, without how deputies judged it: that is in the figures, as far as
    the unit may know it.

    `on_time` and `rounds` are of its replies (None: nothing was due yet); `promises` are due or kept, `kept` of them kept.
    """

    suggestion: str
    number: str
    title: str
    key: bool
    reply_class: str
    on_time: bool | None
    rounds: int
    face_to_face: bool
    promises: int
    kept: int
    means: str = ""  # what its class means: solved, promised, impossible, reference


@dataclass(frozen=True)
class Points:
    """One part of a unit's score: what it is called, the points of the most there are, and why, in words for the unit.

    `figure`: the figure behind it, whose list the page opens. `suggestions`: the ids of those for which points were lost or
    won. `is_bonus`: beside the 100 points.
    """

    name: str
    points: float
    most: float
    because: str
    figure: str = ""
    suggestions: tuple[str, ...] = ()
    is_bonus: bool = False


@dataclass(frozen=True)
class AwardRule:
    """How a place chooses its excellent suggestions of the year: how many, who nominates (of `shared.terms` AWARD_NOMINATED_BY),
    who decides (of AWARD_DECIDED_BY), and whether only closed ones can be chosen."""

    number: int
    nominated_by: tuple[str, ...]
    decided_by: str
    only_closed: bool


@hookspec
def award_rules(settings: dict[str, Any]) -> list[AwardRule]:  # type: ignore[empty-body]
    """By which rules the excellent suggestions of a year are chosen, when the office opens the award.

    Fixed for that year. Where several plugins answer, the first by name counts; where none does, the office fills it in.
    """


@hookspec
def points(  # type: ignore[empty-body]
    congress: str,
    unit: str,
    kind: str,
    year: int,
    figures: Mapping[str, tuple[int, int]],
    handled: tuple[Handled, ...],
    settings: dict[str, Any],
) -> list[Points]:
    """The parts of a unit's score for a year, when the congress scores it.

    Comes with the unit's figures, {name: (numerator, denominator)}, and what it handled, at most 500 of them. Of all
    plugins that are on at the congress the parts stand one below the other, and where they make more than 100 points all of
    them shrink alike; where none answers, the core's own rules count. What a unit lays down for itself is not asked.
    The core checks that points are from 0 to `most`, and adds what people give by hand.
    """
