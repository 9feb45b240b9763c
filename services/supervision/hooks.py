"""What supervision asks plugins. What they answer is proposed: supervision checks it, and people decide."""

# mypy: disable-error-code=empty-body

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.plugins import hookspec


@dataclass(frozen=True)
class Suggestion:
    """A suggestion as the ledger shows it. `reply_class` is empty before there is a reply."""

    id: str
    number: str
    title: str
    kind: str
    category: str
    is_key: bool
    state: str
    reply_class: str
    year: int
    means: str = ""  # what its class means: solved, promised, impossible, reference


@dataclass(frozen=True)
class Overdue:
    """A duty of a unit whose date has passed, by so many calendar days: a deadline's kind, `commitment` or `demand`."""

    unit: str
    kind: str
    label: str
    due_on: date
    days: int


@dataclass(frozen=True)
class Standing:
    """A measure that was proposed for a unit: its rung, and its state (proposed, taken, answered, ended, declined)."""

    unit: str
    rung: str
    state: str


@dataclass(frozen=True)
class Escalation:
    """A proposal: this rung (a key of `model.measures.RUNGS`) for this unit, and why, for those who decide."""

    unit: str
    rung: str
    because: str


@dataclass(frozen=True)
class OwnPeriod:
    """A period that a unit has in place of the usual one.

    `key`: a key of `model.deadlines.RULES`; `unit`: months, days or working_days. The law's own can be shortened, not
    lengthened: what is longer is left out.
    """

    key: str
    amount: int
    unit: str
    source: str


@dataclass(frozen=True)
class Column:
    """A further column of the ledger: its heading, and what stands in it for a suggestion."""

    heading: str
    value: str


@hookspec
def escalations(
    suggestion: Suggestion,
    overdue: list[Overdue],
    unsatisfied: dict[str, int],
    slips: dict[str, int],
    measures: list[Standing],
    settings: dict[str, Any],
) -> list[Escalation]:
    """Which rungs of the ladder are due beside the core's own, which go by days overdue.

    Asked once a day of each suggestion of which something is overdue, and when a reply did not satisfy somebody, each round once.
    `unsatisfied`: how many times in a row, by unit; `slips`: how many later dates were given, by unit. The same rung is
    proposed for a unit once; after it was declined or has ended, it is not proposed again.
    """


@hookspec
def rank_warnings(
    unit: str, kind: str, year: int, points: float, rank: int, ranked: int, is_last: bool, measures: list[Standing],
    settings: dict[str, Any],
) -> list[Escalation]:  # fmt: skip
    """Which rungs are due to a unit's place among its like, when the congress has announced the scores of a year.

    `rank` of `ranked` units of its kind; `measures`: what was proposed for the unit because of a rank before. People decide.
    """


@hookspec
def deadline_rules(suggestion: Suggestion, role: str, settings: dict[str, Any]) -> list[OwnPeriod]:
    """Periods of a unit's task that depend on what the suggestion is: its kind, its field, whether it is a key one.

    Asked with what holds at the unit on the day on which it was assigned. `role` is lead, joint or separate. Periods of
    further kinds are those of the steps that `track_steps` of assignment answers.
    """


@hookspec
def columns(suggestion: Suggestion, settings: dict[str, Any]) -> list[Column]:
    """Further columns of the ledger, the same headings for each suggestion of a place."""
