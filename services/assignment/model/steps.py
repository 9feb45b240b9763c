"""Steps of a task (环节): what a practice or the unit's own plan asks for, by when, and what has to wait for it.

Steps of practices are fixed when the unit signs for its task; those of a plan come and go with the plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from shared.aggregate import new_id
from shared.reply_classes import USUAL
from shared.terms import RANKS

if TYPE_CHECKING:
    from services.assignment.model.people import Person
    from services.assignment.model.task import Contact, Task

PLAN = "plan"  # the origin of the steps that a unit's plan names
BY_RANK = list(RANKS)
ASKED = (
    "key",
    "name",
    "who",
    "bars",
    "after",
    "blanks",
    "evidence",
    "by_hand",
    "classes",
    "days",
    "counted_from",
)

# What can be made to wait for a step: the unit's own way to its reply. What others decide, and what is said to deputies, cannot.
CAN_WAIT = (
    "make_plan", "distribute_task", "hand_in_part", "give_opinion", "countersign_reply", "draft_reply", "show_draft", "approve_reply",
    "issue_reply",
)  # fmt: skip
# Which of these a step's evidence comes from.
COMES_FROM = {
    "plan": ("make_plan",), "agreed_plan": ("make_plan",), "shown_draft": ("draft_reply", "show_draft"), "public_draft": ("draft_reply",),
}  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """What on record makes a step done, so that nobody has to tick it.

    `of` is a plan, an agreed_plan, a contact, a shown_draft or a public_draft. The rest narrows a contact down: its
    phase, its methods (any when empty), whether face to face, the least rank of who led it, and whether every deputy
    has to have been there, in one or in several contacts.
    """

    of: str
    phase: str = ""
    methods: tuple[str, ...] = ()
    face_to_face: bool = False
    rank: str = ""
    all_deputies: bool = False

    def fits(self, contact: Contact) -> bool:
        if self.rank and (not contact.rank or BY_RANK.index(contact.rank) < BY_RANK.index(self.rank)):
            return False
        return (
            self.phase in ("", contact.phase)
            and (not self.methods or contact.method in self.methods)
            and (contact.face_to_face or not self.face_to_face)
        )


@dataclass(frozen=True)
class Blank:
    """What has to be filled in to complete a step; `least` names, where there have to be several."""

    label: str
    least: int = 1


@dataclass
class TaskStep:
    """One step of a task.

    `who` is who completes it: unit, unit_head, lead_deputy, liaison or distributing. `bars` are the commands that wait
    for it, `after` the keys of steps that come first, `classes` the classes of reply for which it is needed (all when
    empty), by the usual letters, which stand for what they mean. `days` are counted from the day on which the task was signed for or, with `counted_from` "replied", replied to.
    """

    key: str
    name: str
    who: str
    origin: str  # the practice that asks for it, or PLAN
    bars: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    blanks: tuple[Blank, ...] = ()
    evidence: Evidence | None = None
    by_hand: bool = True
    classes: tuple[str, ...] = ()
    days: int | None = None
    counted_from: str = "signed"
    id: str = field(default_factory=new_id)
    due_on: date | None = None
    done_on: date | None = None
    done_by: str = ""
    note: str = ""
    filled: dict[str, str] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        return self.done_on is None

    @property
    def is_afterwards(self) -> bool:
        """Does it come after the reply? Then it is still to be done when the suggestion has been closed meanwhile."""
        return self.counted_from == "replied" or (
            self.evidence is not None and self.evidence.phase == "after"
        )

    def asks_as(self, other: TaskStep) -> bool:
        """Does it ask for the same as another step, of the same key?"""
        return all(getattr(self, name) == getattr(other, name) for name in ASKED)

    def start(self, act: str, on: date) -> None:
        """Its days are counted from this act on, if it is the one."""
        if self.days and self.counted_from == act and self.due_on is None:
            self.due_on = on + timedelta(days=self.days)

    def is_needed_for(self, meaning: str) -> bool:
        """Is it needed for a reply whose class means this? While that is not known, only what is needed for all is."""
        return not self.classes or meaning in {USUAL.get(wanted, wanted) for wanted in self.classes}


def is_shown(step: TaskStep, task: Task, deputies: list[Person]) -> bool:
    """Is what the step asks for on record?"""
    evidence = step.evidence
    if evidence is None:
        return False
    draft = task.drafts[-1] if task.drafts and task.drafts[-1].round == task.round else None
    match evidence.of:
        case "plan":
            return bool(task.plans)
        case "agreed_plan":
            return bool(task.plans and task.plans[-1].answer and task.plans[-1].answer.agrees)
        case "shown_draft":
            return bool(draft and draft.shown_on)
        case "public_draft":
            return bool(draft and draft.publicity == "public")
    fitting = [contact for contact in task.contacts if evidence.fits(contact)]
    met = {deputy.id for contact in fitting for deputy in contact.deputies}
    return bool(fitting) and (not evidence.all_deputies or {deputy.id for deputy in deputies} <= met)


def holds(step: TaskStep, task: Task) -> bool:
    """Does the step still keep its commands waiting?

    Whether a draft is public changes with every draft, so that is looked up each time; the rest stays done.
    """
    if not step.is_open or not step.is_needed_for(task.drafts[-1].meaning if task.drafts else ""):
        return False
    return not (step.evidence and step.evidence.of == "public_draft" and is_shown(step, task, []))


def waits_for_others(step: TaskStep, task: Task) -> list[str]:
    """The names of the steps that have to be done before this one."""
    if not step.after:
        return []
    return [other.name for other in task.steps if other.key in step.after and holds(other, task)]


def that_can_be_done(steps: Sequence[TaskStep]) -> list[TaskStep]:
    """Without those that wait for each other, or for what they hold up themselves: nobody could ever do them.

    First those of each practice among themselves, so that one practice's knot leaves out no other's steps.
    """
    if len(all_of_them := _untied(list(steps))) == len(steps):
        return all_of_them
    origins = dict.fromkeys(step.origin for step in steps)
    sound = [step for origin in origins for step in _untied([s for s in steps if s.origin == origin])]
    return _untied(sound)


def _untied(steps: list[TaskStep]) -> list[TaskStep]:
    keys, done = {step.key for step in steps}, set[str]()
    while True:
        held_up = {command for step in steps if step.key not in done for command in step.bars}
        more = {
            step.key for step in steps if step.key not in done and _comes_about(step, keys, done, held_up)
        }
        if not more:
            return [step for step in steps if step.key in done]
        done |= more


def _comes_about(step: TaskStep, keys: set[str], done: set[str], held_up: set[str]) -> bool:
    """Can it be done when these are?"""
    needed = COMES_FROM.get(step.evidence.of, ()) if step.evidence and not step.by_hand else ()
    return set(step.after) & keys <= done and held_up.isdisjoint(needed)
