"""How a draft becomes a reply: who approves it in which order, which joint units countersign it, who has seen it before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from services.assignment.model.people import Person, Unit
from services.assignment.model.rules import ANY_UNIT
from shared.rules import RELATION_LABELS

if TYPE_CHECKING:
    from services.assignment.model.reply import Draft

BY_THE_HEAD = "unit_head"
SPONSORS = ("supervisor", "government_leader")  # who answers for a step of the sponsoring leader


@dataclass(frozen=True)
class ApprovalStep:
    """One step of approval: `by` is unit, section_head, deputy_head, unit_head, distributing, liaison or supervisor (the sponsoring leader)."""

    name: str
    by: str = BY_THE_HEAD


@dataclass
class Approval:
    """That one step agreed."""

    step: str
    by: str
    on: date


@dataclass
class Countersignature:
    """What a joint unit says of the lead unit's draft (会签). One that does not agree is told, and stops nothing."""

    unit: Unit
    agrees: bool
    note: str
    on: date
    by: str


@dataclass
class Comment:
    """What a deputy said of a draft that was shown before it went out."""

    deputy: Person
    text: str
    on: date


@dataclass(frozen=True)
class Approving:
    """What the place's settings say of drafts: the steps of approval in order, and whether joint units countersign."""

    steps: tuple[ApprovalStep, ...] = (ApprovalStep("负责人审核"),)
    countersign: bool = False


USUAL = Approving()


@dataclass
class Review:
    """What was laid down and done about one draft. Empty steps are those of a draft from before there were steps."""

    steps: list[ApprovalStep] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    to_countersign: list[Unit] = field(default_factory=list)
    countersigned: list[Countersignature] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)

    @property
    def step(self) -> ApprovalStep:
        """The step whose turn it is."""
        steps = self.steps or list(USUAL.steps)
        return steps[min(len(self.approvals), len(steps) - 1)]

    @property
    def is_last(self) -> bool:
        return len(self.approvals) + 1 >= len(self.steps or USUAL.steps)

    def waits_for(self) -> list[Unit]:
        """The joint units that have not countersigned."""
        signed = {signature.unit.id for signature in self.countersigned}
        return [unit for unit in self.to_countersign if unit.id not in signed]


def approvers(draft: Draft | None) -> set[str]:
    """The relations of which one has to agree next."""
    by = draft.review.step.by if draft else BY_THE_HEAD
    return {"unit": set(ANY_UNIT), "supervisor": set(SPONSORS)}.get(by, {by})


def approver_label(by: str) -> str:
    return "领办领导" if by in SPONSORS else RELATION_LABELS[by]
