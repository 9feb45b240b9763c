"""What assignment knows of one suggestion: who it is about, who has which task, and what is possible now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from services.assignment.model.approving import SPONSORS, approver_label
from services.assignment.model.duties import Duty
from services.assignment.model.people import Person
from services.assignment.model.rules import (
    AFTER_STEPS,
    ANY_UNIT,
    DEPUTIES,
    IN_HAND,
    OFFICES,
    RULES,
    STATES,
    TASK_RULES,
    TASK_STATES,
)
from services.assignment.model.steps import TaskStep, holds, is_shown
from services.assignment.model.task import Consultation, Promise, Remark, Task
from shared.aggregate import Governed
from shared.clock import legal_date
from shared.identity import SUPERVISORS, Actor
from shared.leading import Succession
from shared.offices import is_meant
from shared.problems import Invalid, NotAllowed, WrongState
from shared.rules import Rule, Rules


@dataclass
class Step:
    """One line of the history in assignment. Lines are added, never changed."""

    at: datetime
    by: str
    what: str
    unit: str = ""
    reason: str = ""


@dataclass(kw_only=True)
class Dossier(Governed):
    """What is on file about the handling of one suggestion; its id is the suggestion's.

    It may be known before it was accepted, from a merge or a mark that arrived first: then its state is `unknown`,
    and it does not exist for anybody.
    """

    rules: ClassVar[Rules] = RULES

    state: str = "unknown"
    number: str = ""
    title: str = ""
    kind: str = ""
    category: str = ""
    delegation: str = ""
    delegation_id: str = ""
    accepted_on: date | None = None
    proposed_units: list[str] = field(
        default_factory=list
    )  # ids; whose business it is, as its deputy sees it
    deputies: list[Person] = field(default_factory=list)  # the lead deputy first, then the cosigners
    merged_deputies: list[Person] = field(default_factory=list)  # of suggestions merged into this one
    merged_into: str = ""
    succession: Succession = field(default_factory=Succession)  # of lead deputies
    corrected_told: int = 0  # sequence of intake's last correction of title, kind or category
    key_theme: str = ""  # of a key suggestion (重点处理建议)
    key_sponsor: str = ""  # who sponsors it (领办), as its mark says
    key_sponsor_id: str = ""  # the post (职务) that sponsors it, where its mark names one
    key_sponsors: list[str] = field(default_factory=list)  # accounts of who holds that post
    key_told: int = 0  # sequence of intake's last word on that
    batch: str = ""  # the batch it is in, or was assigned with
    batch_name: str = ""
    assigned_on: date | None = None
    practices_on: date | None = None  # it goes on by what held that day, and not by what held when it began
    tasks: list[Task] = field(default_factory=list)
    consultations: list[Consultation] = field(default_factory=list)
    requirements: str = ""  # of the meeting at which it was assigned
    closed_on: date | None = None
    is_published: bool = False
    remarks: list[Remark] = field(default_factory=list)
    promises: dict[str, Promise] = field(
        default_factory=dict
    )  # of its replies, by id, as supervision tells of them
    history: list[Step] = field(default_factory=list)
    # What the lists of tasks and duties held when it was loaded to be changed; not part of its state.
    listed_tasks: list[dict[str, Any]] = field(default_factory=list, init=False, repr=False, compare=False)
    listed_duties: list[Duty] = field(default_factory=list, init=False, repr=False, compare=False)

    # --- who is who -------------------------------------------------------------------------------------------

    def relations(self, actor: Actor) -> frozenset[str]:
        """Its deputies, the offices and supervisors of its congress and the units that have or had a task of it; nobody else."""
        found = {"system"} if actor.has("system") else set()
        if self.state == "unknown":
            return frozenset(found)
        found |= {role for role in (*OFFICES, *SUPERVISORS) if actor.has(role, self.congress)}
        for task in self.tasks:
            if standing := self.standing(task, actor):
                found |= standing if task.is_live else {"unit"}
            if task.is_live and actor.units("distributing") & set(task.offices):
                found.add("chain")
        if self.state == "waiting" and any(self.is_asked(asked, actor) for asked in self.consultations):
            found.add("consulted")
        if self.deputies and self.deputies[0].id in actor.seats:
            found.add("lead_deputy")
        if any(deputy.id in actor.seats for deputy in self.deputies[1:]):
            found.add("cosigner")
        if any(deputy.id in actor.seats for deputy in self.merged_deputies):
            found.add("answered_deputy")
        if any(reply.is_copied_to(actor) for task in self.tasks for reply in task.replies):
            found.add("copied")
        return frozenset(found)

    def standing(self, task: Task, actor: Actor) -> frozenset[str]:
        """How the person stands to one task: as one of its unit's people, or of the office that decides about it, which is
        the one of the unit's system, and of a part the one that handed it on."""
        handed_on = self.task(task.parent) if task.is_part else None
        deciding = handed_on.desks if handed_on else frozenset(task.offices)
        found = task.relations(actor)
        return found | {"system_office"} if actor.units("distributing") & deciding else found

    def _acting(self, task: Task, actor: Actor) -> frozenset[str]:
        """As what the person may do something about a task. A part is its system's own affair, not the congress's."""
        others = (
            DEPUTIES if task.is_part else (*OFFICES, *DEPUTIES, *(SPONSORS if self.is_sponsor(actor) else ()))
        )
        return self.standing(task, actor) | (self.relations(actor) & frozenset(others))

    def is_sponsor(self, actor: Actor) -> bool:
        """Is the person the very leader on its key mark: who holds the post, or, where it names none, whose name it is?

        Any leader stands in for a post that nobody holds, and approves what is no key suggestion.
        """
        if self.key_sponsors:
            return actor.account in self.key_sponsors
        return self.is_sponsor_vacant or not self.key_sponsor or is_meant(self.key_sponsor, actor.name)

    @property
    def is_sponsor_vacant(self) -> bool:
        return bool(self.key_sponsor_id) and not self.key_sponsors

    def is_asked(self, consultation: Consultation, actor: Actor) -> bool:
        asked = {consultation.unit.id, consultation.desk} - {""}
        return bool(asked & actor.units("handler", "unit_head", "distributing"))

    def called(self) -> str:
        return f"《{self.title}》"

    @property
    def answered(self) -> list[Person]:
        """Everybody who gets the reply: lead deputy, cosigners, and those of the suggestions merged into this one."""
        return list({deputy.id: deputy for deputy in (*self.deputies, *self.merged_deputies)}.values())

    @property
    def live_tasks(self) -> list[Task]:
        """The tasks that units still have: neither returned nor ended. Parts are among them."""
        return [task for task in self.tasks if task.is_live]

    @property
    def assigned_tasks(self) -> list[Task]:
        """The tasks that units have from the congress: those for which it holds them to account."""
        return [task for task in self.live_tasks if not task.is_part]

    def task(self, id: str) -> Task | None:
        return next((task for task in self.tasks if task.id == id), None)

    # --- what is possible -------------------------------------------------------------------------------------

    def check(self, command: str, actor: Actor) -> None:
        """As `Rules.check`, but what is possible instead is said of the tasks as they are."""
        try:
            super().check(command, actor)
        except WrongState as refusal:
            if self.state not in (*IN_HAND, "closed"):
                raise
            label = RULES.by_command[command].label
            raise WrongState(f"{self._stands_at()}，不能{label}。{self.possible()}") from refusal

    def _stands_at(self) -> str:
        return f"{self.called()}现在是“{STATES[self.state]}”"

    def possible(self, tasks: Iterable[Task] | None = None) -> str:
        """The sentence that says what is possible now, and for whom; of some tasks only if they are given."""
        now = [
            f"{rule.label}（{_who(task, rule)}）"
            for task in tasks or self.tasks
            for rule in task.possible()
            if self._is_time_for(rule, task)
        ]
        return f"现在可以：{'、'.join(dict.fromkeys(now))}。" if now else "现在没有可以办理的事项。"

    def may(self, actor: Actor) -> list[dict[str, str]]:
        """What the person may do now: [{command, label, task}]; `task` is empty for the suggestion as a whole."""
        relations = self.relations(actor)
        as_a_whole = [
            {"command": rule.command, "label": rule.label, "task": ""}
            for rule in RULES.allowed(self.state, relations)
            if rule.command not in TASK_RULES.by_command
        ]
        return as_a_whole + [
            {"command": rule.command, "label": rule.label, "task": task.id, **about}
            for task in self.tasks
            for rule in task.possible()
            if self._is_time_for(rule, task) and self.who_may(rule, task) & self._acting(task, actor)
            for about in self.openings(rule.command, task, actor)
        ]

    def who_may(self, rule: Rule, task: Task) -> set[str]:
        """The relations of which one is needed: of approving, those whose turn it is."""
        return task.approvers if rule.command in ("approve_reply", "reject_reply") else set(rule.by)

    def openings(self, command: str, task: Task, actor: Actor) -> list[dict[str, str]]:
        """What of several the person may do it about: [{step} or {contact}]; one that names nothing where it is but one."""
        if command == "complete_step":
            mine = self._acting(task, actor)
            mine = mine | {"unit"} if mine & set(ANY_UNIT) else mine
            steps = [step for step in self._steps_now(task) if step.who in mine and step.by_hand]
            return [{"step": step.id, "label": f"完成环节：{step.name}"} for step in steps]
        if command == "confirm_contact":
            return [
                {"contact": contact.id} for contact in task.contacts if contact.may_be_confirmed_by(actor)
            ]
        if command == "answer_remark":
            return [{"remark": remark.id} for remark in self.remarks if not remark.answer]
        if command == "remove_file":
            return [{"attachment": file.id} for file in task.attachments]
        if command == "countersign_reply":
            return [{}] if self.draft_to_countersign(task) else []
        return [{}]

    def hears_deputies(self, actor: Actor) -> bool:
        """Is it the person's to know what deputies add: as one of them, of an office, or of a unit that has the suggestion?"""
        if self.relations(actor) & {*OFFICES, *DEPUTIES, "system"}:
            return True
        return any(task.relations(actor) for task in self.assigned_tasks)

    def shows_draft(self, task: Task, actor: Actor) -> bool:
        """Is the person of another unit, an office or a deputy asked about the task's draft?"""
        if task.state not in ("drafted", "approved"):
            return False
        review, relations = task.drafts[-1].review, self.relations(actor)
        asked = {unit.id for unit in review.to_countersign} & actor.units(
            "handler", "unit_head", "distributing"
        )
        is_shown = task.drafts[-1].shown_on is not None and bool(relations & set(DEPUTIES))
        return (
            bool(asked)
            or is_shown
            or bool(task.approvers & self._acting(task, actor) & {*OFFICES, *SPONSORS})
        )

    def draft_to_countersign(self, task: Task) -> Task | None:
        """The lead unit's task whose draft waits for this joint unit's countersignature."""
        lead = next((other for other in self.live_tasks if other.role == "lead"), None)
        waits = (
            lead is not None and lead.state == "drafted" and task.unit in lead.drafts[-1].review.waits_for()
        )
        return lead if waits else None

    def _is_time_for(self, rule: Rule, task: Task) -> bool:
        """Does the suggestion as a whole allow what a task would allow?"""
        if self.state == "closed" and rule.command in AFTER_STEPS:
            by_hand = rule.command == "complete_step"
            return any(step.by_hand if by_hand else _is_a_talk(step) for step in self._steps_now(task))
        return self.state in RULES.by_command[rule.command].when

    def _steps_now(self, task: Task) -> list[TaskStep]:
        """The steps that are still to be done: of what is closed those that come after the reply."""
        return [s for s in task.steps if holds(s, task) and (s.is_afterwards or self.state != "closed")]

    # --- who sees which task ----------------------------------------------------------------------------------

    def is_shown(self, task: Task, actor: Actor) -> bool:
        """Does the task exist for the person? To a unit that has let go, only its own; a part to its chain alone: the units
        above it and below it, not those beside it. The congress and the suggestion's deputies see all."""
        relations = self.relations(actor)
        if relations & {*OFFICES, *DEPUTIES, "system", *SUPERVISORS}:
            return True
        if self._concerns(task, actor):
            return True
        live = [own for own in self.live_tasks if self._concerns(own, actor)]
        if any(task in self.above(own) or own in self.above(task) for own in live):
            return True
        return not task.is_part and any(not own.is_part and own.relations(actor) for own in live)

    def _concerns(self, task: Task, actor: Actor) -> bool:
        """Is it a task of the person's unit, or one that the person's office decides about or watches?"""
        watches = task.is_live and bool(actor.units("distributing") & set(task.offices))
        return watches or bool(self.standing(task, actor))

    def above(self, task: Task) -> list[Task]:
        """The tasks of which this one is a part, the nearest first."""
        found: list[Task] = []
        while task.parent and (upper := self.task(task.parent)):
            found.append(upper)
            task = upper
        return found

    def below(self, task: Task) -> list[Task]:
        """All parts of a task, and theirs."""
        return [other for other in self.tasks if task in self.above(other)]

    # --- for the acts -----------------------------------------------------------------------------------------

    def task_for(self, command: str, task_id: str, actor: Actor) -> Task:
        """The task, if the person may do this to it now: a unit acts on its own task only.

        Raises Invalid for a task that this suggestion does not have, NotAllowed, or WrongState with what is possible.
        """
        task = self.task(task_id)
        if task is None or (task.is_part and not self.is_shown(task, actor)):
            raise Invalid("没有找到这项任务。", {"task": ["没有找到这项任务，请刷新页面后重新选择。"]})
        rule = TASK_RULES.by_command[command]
        by = self.who_may(rule, task)
        if not self._acting(task, actor) & by:
            if task.is_part and "system_office" in by:
                raise NotAllowed(f"只有把任务分解给{task.unit.name}的单位可以{rule.label}。")
            if not task.relations(actor) and not by & {*DEPUTIES, *OFFICES, *SPONSORS}:
                raise NotAllowed(f"这项任务由{task.unit.name}承办，只有该单位可以{rule.label}。")
            if by & {*SPONSORS} and any(actor.has(role, self.congress) for role in SPONSORS):
                raise NotAllowed(
                    f"这件重点建议由{self.key_sponsor or '另一位领导'}领办，只有领办领导本人可以{rule.label}。"
                    "姓名与账号对不上的，请联工委把领办改为按职务指定。"
                )
            raise NotAllowed(
                f"只有{_labels(relation for relation in rule.by if relation in by)}可以{rule.label}。"
            )
        if not (task.allows(rule) and self._is_time_for(rule, task) and self.openings(command, task, actor)):
            of_task = f"{task.called()}现在是“{TASK_STATES[task.state]}”"
            is_over = task.allows(rule) and not self._is_time_for(rule, task)
            because = f"{self._stands_at() if is_over else of_task}，不能{rule.label}。"
            raise WrongState((task.obstacle(rule) or because) + self.possible([task]))
        return task

    def tell(self, name: str, what: str, task: Task, by: Actor, now: datetime, /, reason: str | None = None,
             **data: Any) -> None:  # fmt: skip
        """Record what was done to a task, in the history and as an event, and see where the suggestion stands now."""
        self.add(what, by, now, task.unit.name, reason or "")
        given = {} if reason is None else {"reason": reason}
        self.record(name, now, by, **task.as_data(), **given, **data)
        self.restate()

    def add(self, what: str, by: Actor, now: datetime, unit: str = "", reason: str = "") -> None:
        self.history.append(Step(now, by.name, what, unit, reason))

    def tell_steps(self, task: Task, by: Actor, now: datetime) -> None:
        """Tell all steps of a task with their days, for supervision to watch."""
        steps = [
            {
                "step": step.id, "name": step.name, "who": step.who, "due_on": step.due_on.isoformat() if step.due_on else None,
                **({"after_reply": True} if step.is_afterwards else {}),
            }
            for step in task.steps
        ]  # fmt: skip
        self.record(
            "steps.fixed", now, by, **task.as_data(), fixed_on=legal_date(now).isoformat(), steps=steps
        )

    def tick(self, task: Task, by: Actor, now: datetime) -> None:
        """Complete the steps whose evidence has come on record."""
        for step in task.steps:
            lasting = step.evidence is not None and step.evidence.of != "public_draft"
            if step.is_open and lasting and is_shown(step, task, self.answered):
                self.complete(task, step, "", by, now)

    def complete(self, task: Task, step: TaskStep, note: str, by: Actor, now: datetime) -> None:
        step.done_on, step.done_by, step.note = legal_date(now), by.name, note
        self.add(f"完成环节：{step.name}", by, now, task.unit.name, note)
        self.record(
            "step.completed", now, by, **task.as_data(), step=step.id, name=step.name, done_on=step.done_on.isoformat(), note=note,
        )  # fmt: skip
        self.restate()

    def restate(self) -> None:
        """Where the suggestion stands follows from what is on file; this is the whole state machine of a handling."""
        live = self.live_tasks
        replying = [task for task in live if task.replies_itself]
        if self.merged_into:
            self.state = "merged"
        elif not self.number:
            self.state = "unknown"
        elif self.closed_on:
            self.state = "closed"
        elif not live:
            self.state = "waiting"
        elif all(task.state == "replied" for task in replying):
            self.state = "replied"
        elif any(task.round > 1 and task.state != "replied" for task in replying):
            self.state = "rehandling"
        elif any(task.signed_on or task.replies for task in live):
            self.state = "handling"
        else:
            self.state = "assigned"


def _is_a_talk(step: TaskStep) -> bool:
    return step.evidence is not None and step.evidence.of == "contact"


def _who(task: Task, rule: Rule) -> str:
    """Who can do it, in the words of a refusal: the offices and deputies, the unit's head, or the unit by its name."""
    by = task.approvers if rule.command in ("approve_reply", "reject_reply") else set(rule.by)
    if by & {*OFFICES, *DEPUTIES, *SPONSORS, "system_office"}:
        return _labels(relation for relation in rule.by if relation in by)
    heads = {"section_head": "处室负责人", "deputy_head": "分管负责人", "unit_head": "负责人"}
    return task.unit.name + "或".join(
        words for head, words in heads.items() if by <= set(heads) and head in by
    )


def _labels(relations: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(approver_label(relation) for relation in relations))
