"""What assignment asks plugins. `settings` are those of the place; dates are of law.

Answers are proposals: the core checks them, records them as its own, and leaves out what makes no sense: so also steps that wait for
each other, which nobody could ever do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.assignment.model.steps import Blank, Evidence
from shared.plugins import hookspec

__all__ = ["Blank", "Evidence", "ProgressRhythm", "SectionRule", "TalkDuty", "TrackStep", "UnitProposal"]


@dataclass(frozen=True)
class TrackStep:
    """A step that a task has to go through (环节).

    `key` is its name among the practice's steps, `name` what people read. `who` completes it: unit, unit_head,
    lead_deputy, liaison or distributing. `before` names the commands that are refused until it is done, as
    draft_reply, approve_reply, issue_reply (of `model.steps.CAN_WAIT`); `after` the keys of steps that come first. `blanks` have to be filled in.
    With `evidence` it is done as soon as that is on record, and ticked by hand only if `by_hand` says so.
    `classes`: only for replies of these classes. `days` from signing for the task, or from the reply if `counted_from`
    is "replied".
    """

    key: str
    name: str
    who: str = "unit"
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    blanks: tuple[Blank, ...] = ()
    evidence: Evidence | None = None
    by_hand: bool = False
    classes: tuple[str, ...] = ()
    days: int | None = None
    counted_from: str = "signed"


@dataclass(frozen=True)
class TalkDuty:
    """A contact with the deputies that has to be made (谁来沟通): by whom at least, how, in which phase, by when.

    `rank` is of `shared.terms.RANKS`, `methods` of CONTACT_METHODS (any when empty), `phase` of CONTACT_PHASES.
    `classes`: only for replies of these classes. `bars`: the reply is not issued before it was made. `days` as in
    TrackStep; after the reply when the phase is "after".
    """

    key: str
    name: str
    phase: str = ""
    rank: str = ""
    methods: tuple[str, ...] = ()
    face_to_face: bool = False
    all_deputies: bool = False
    classes: tuple[str, ...] = ()
    bars: bool = False
    days: int | None = None


@dataclass(frozen=True)
class UnitProposal:
    """A unit that should handle a suggestion, by its id, and the reason in words for the office."""

    unit: str
    because: str


@dataclass(frozen=True)
class ProgressRhythm:
    """How often a unit's leaders and sections are told where it stands: week, two_weeks or month."""

    every: str


@dataclass(frozen=True)
class SectionRule:
    """What a unit asks of each of its sections: a clerk for suggestions (专门联络员), and of its head so many replies written
    in the year by the head's own hand, where the section has that many (0: none); more than `own_replies_most` are not asked for."""

    clerk: bool = False
    own_replies_least: int = 0
    own_replies_most: int = 0


@hookspec
def track_steps(
    kind: str,
    category: str,
    is_key: bool,
    role: str,
    title: str,
    unit: str,
    signed_on: date,
    settings: dict[str, Any],
) -> list[TrackStep]:
    """The steps of a task, asked once, right after its unit has signed for it. `role` is lead, joint or separate; `unit` the unit's name."""
    raise NotImplementedError


@hookspec
def talk_duties(
    kind: str,
    category: str,
    is_key: bool,
    role: str,
    title: str,
    unit: str,
    signed_on: date,
    settings: dict[str, Any],
) -> list[TalkDuty]:
    """Who has to talk with the deputies of a task, asked once, right after its unit has signed for it."""
    raise NotImplementedError


@hookspec
def propose_units(
    title: str, kind: str, category: str, is_key: bool, usual: list[UnitProposal], settings: dict[str, Any]
) -> list[UnitProposal]:
    """Units for a suggestion that waits to be assigned; `usual` are those that history proposes."""
    raise NotImplementedError


@hookspec
def section_rules(settings: dict[str, Any]) -> list[SectionRule]:
    """What the unit asks of its sections. Asked when somebody looks at the unit's board, and before a task is handed on."""
    raise NotImplementedError


@hookspec
def progress_rhythms(settings: dict[str, Any]) -> list[ProgressRhythm]:
    """How often the unit is told where it stands. Asked each hour, for units at which the practice was laid down themselves."""
    raise NotImplementedError
