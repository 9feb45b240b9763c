"""What the practices of a place ask of a task: answers of plugins, checked and taken over as the core's own."""

from __future__ import annotations

from datetime import date

from services.assignment.hooks import Evidence, TalkDuty, TrackStep
from services.assignment.model import Handling, Task
from services.assignment.model.approving import USUAL, ApprovalStep, Approving
from services.assignment.model.rules import HEADS
from services.assignment.model.steps import CAN_WAIT, TaskStep, that_can_be_done
from shared.identity import SYSTEM
from shared.terms import CONTACT_METHODS, CONTACT_PHASES, RANKS
from shared.work import Work

WHO = ("unit", *HEADS, "lead_deputy", "liaison", "distributing")
PROOFS = ("plan", "agreed_plan", "contact", "shown_draft", "public_draft")


def asks_for_steps(work: Work, handling: Handling, task: Task) -> bool:
    """Is any plugin on at the unit today that may ask for steps?"""
    names = work.answering("track_steps") | work.answering("talk_duties")
    return work.practices.is_any_on(names, handling.congress, task.unit.id)


def lay_down_steps(work: Work, handling: Handling) -> bool:
    """Fix what practices ask for of the tasks that were signed for, by the day of the signature. False where nothing was to come."""
    tasks = [task for task in handling.tasks if task.steps_to_come]
    for task in tasks:
        handling.fix_steps(task, steps_of(work, handling, task, task.signed_on), SYSTEM, work.now)
    return bool(tasks)


def steps_of(work: Work, handling: Handling, task: Task, on: date | None = None) -> list[TaskStep]:
    """The steps that the plugins which are on at the unit today, or `on` a day, ask for; none where none is on."""
    place = handling.congress, task.unit.id, on or work.today
    facts = {
        "kind": handling.kind, "category": handling.category, "is_key": bool(handling.key_theme), "role": task.role,
        "title": handling.title, "signed_on": work.today, "unit": task.unit.name,
    }  # fmt: skip
    asked = [_step(plugin, step) for plugin, step in work.ask_plugins("track_steps", *place, **facts)]
    talks = [_talk(plugin, duty) for plugin, duty in work.ask_plugins("talk_duties", *place, **facts)]
    return that_can_be_done([step for step in (*asked, *talks) if _makes_sense(step)])


def approving_of(work: Work, handling: Handling, task: Task) -> Approving:
    """How a draft is approved at the unit today: by the settings of the unit, else of the congress, else by the head."""
    settings = work.practices.settings("approval", handling.congress, task.unit.id)
    steps = tuple(ApprovalStep(step["name"], step["by"]) for step in settings["steps"])
    return Approving(steps or USUAL.steps, settings["countersign"])


def _step(plugin: str, asked: TrackStep) -> TaskStep:
    return TaskStep(
        f"{plugin}.{asked.key}", asked.name, asked.who, plugin, tuple(asked.before),
        tuple(f"{plugin}.{key}" for key in asked.after), tuple(asked.blanks), asked.evidence,
        asked.by_hand or asked.evidence is None, tuple(asked.classes), asked.days, asked.counted_from,
    )  # fmt: skip


def _talk(plugin: str, duty: TalkDuty) -> TaskStep:
    evidence = Evidence(
        "contact", duty.phase, tuple(duty.methods), duty.face_to_face, duty.rank, duty.all_deputies
    )
    counted_from = "replied" if duty.phase == "after" else "signed"
    return TaskStep(
        f"{plugin}.talk.{duty.key}", duty.name, "unit", plugin, ("issue_reply",) if duty.bars else (), (), (), evidence, False,
        tuple(duty.classes), duty.days, counted_from,
    )  # fmt: skip


def _makes_sense(step: TaskStep) -> bool:
    """Could it be carried out? A step that nobody can complete would bar its commands for ever."""
    evidence = step.evidence
    if evidence and not (
        evidence.of in PROOFS
        and evidence.phase in ("", *CONTACT_PHASES)
        and set(evidence.methods) <= set(CONTACT_METHODS)
        and evidence.rank in ("", *RANKS)
    ):
        return False
    days = step.days is None or (type(step.days) is int and 0 < step.days < 2000)
    named = bool(step.name.strip()) and step.who in WHO and step.counted_from in ("signed", "replied")
    # What is due after the reply cannot be waited for before it.
    return named and days and set(step.bars) <= set(CAN_WAIT) and not (step.is_afterwards and step.bars)
