"""What a unit does before it replies: its plan, its steps, and its talks with the deputies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.assignment.model.dossier import Dossier
from services.assignment.model.people import named
from services.assignment.model.steps import PLAN, TaskStep, waits_for_others
from services.assignment.model.task import Confirmation, Contact, Plan, PlanAnswer, PlanStep, Task
from shared.aggregate import new_id
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid, WrongState
from shared.terms import FACE_TO_FACE

NAMES = "、，,；;\n"  # between several names in one text


class Talking(Dossier):
    """The part of a handling that comes before the reply."""

    # --- steps ------------------------------------------------------------------------------------------------

    def fix_steps(self, task: Task, steps: Iterable[TaskStep], by: Actor, now: datetime) -> None:
        """Lay down the steps that practices ask for, from the day on which the unit signed for its task."""
        assert task.signed_on is not None
        task.steps_to_come = False
        known = {step.key for step in task.steps}
        for step in steps:
            if step.key not in known:
                step.start("signed", task.signed_on)
                task.steps.append(step)
                known.add(step.key)
        if task.steps:
            self.tell_steps(task, by, now)
            self.tick(task, by, now)

    def renew_steps(self, task: Task, asked: Iterable[TaskStep], on: date, by: Actor, now: datetime) -> None:
        """From this day on other practices hold: what is done stays done, what is open and not asked for any more goes, what is new
        runs from this day. A step that is asked for as before keeps its day."""
        wanted = {step.key: step for step in asked}
        kept = [
            step for step in task.steps
            if step.origin == PLAN or not step.is_open or (step.key in wanted and wanted[step.key].asks_as(step))
        ]  # fmt: skip
        known = {step.key for step in kept}
        new = [step for key, step in wanted.items() if key not in known]
        for step in new:
            step.start("signed", on)
        if not new and len(kept) == len(task.steps):
            return
        task.steps = [*kept, *new]
        self.tell_steps(task, by, now)
        self.tick(task, by, now)

    def complete_step(
        self, task_id: str, step_id: str, note: str, entries: dict[str, str], by: Actor, now: datetime
    ) -> None:
        """Complete a step by hand: what it asks for has to be filled in, and what comes first has to be done."""
        task = self.task_for("complete_step", task_id, by)
        step = next((step for step in task.steps if step.id == step_id), None)
        if step is None or step_id not in {
            about["step"] for about in self.openings("complete_step", task, by)
        }:
            raise Invalid("不能完成这个环节。", {"step": ["请选择一个由您完成、还没有完成的环节。"]})
        if first := waits_for_others(step, task):
            raise WrongState(
                f"“{'”、“'.join(first)}”还没有完成，不能完成“{step.name}”。{self.possible([task])}"
            )
        missing = [
            f"“{blank.label}”{'没有填写' if blank.least == 1 else f'至少要写{blank.least}个，用顿号隔开'}"
            for blank in step.blanks
            if _count(entries.get(blank.label, "")) < blank.least
        ]
        if missing:
            raise Invalid(f"{'；'.join(missing)}。", {"entries": [f"{'；'.join(missing)}。"]})
        step.filled = {blank.label: entries[blank.label] for blank in step.blanks}
        self.complete(task, step, note, by, now)

    # --- the plan ---------------------------------------------------------------------------------------------

    def make_plan(self, task_id: str, plan: dict[str, Any], by: Actor, now: datetime) -> None:
        """Lay down handler, plan and dates (三定), or change them."""
        task, today = self.task_for("make_plan", task_id, by), legal_date(now)
        if plan["reply_by"] and plan["reply_by"] < today:
            raise Invalid("计划答复日期已经过去。", {"reply_by": ["计划答复日期不能早于今天。"]})
        steps = [PlanStep(**step) for step in plan.pop("steps", ())]
        _require_order(steps, plan["reply_by"], today)
        made = Plan(**plan, made_on=today, steps=steps)
        task.plans.append(made)
        self._take_over_steps(task, made, by, now)
        self.tell(
            "plan.made", "制定三定方案", task, by, now, handler=made.handler, plan=made.plan,
            reply_by=made.reply_by.isoformat() if made.reply_by else None, leader=made.leader, sections=made.sections,
            expected_result=made.expected_result, quality=made.quality,
            steps=[{"what": step.what, "due_on": step.due_on.isoformat()} for step in steps],
        )  # fmt: skip
        self.tick(task, by, now)

    def _take_over_steps(self, task: Task, plan: Plan, by: Actor, now: datetime) -> None:
        """The steps of the plan before, as far as they were not done, give way to those of this one."""
        kept = [step for step in task.steps if step.origin != PLAN or not step.is_open]
        number = len(task.plans)
        new = [
            TaskStep(f"{PLAN}-{number}-{place}", step.what, "unit", PLAN, due_on=step.due_on)
            for place, step in enumerate(plan.steps, 1)
        ]
        if new or len(kept) < len(task.steps):
            task.steps = [*kept, *new]
            self.tell_steps(task, by, now)

    def agree_plan(self, task_id: str, agrees: bool, note: str, by: Actor, now: datetime) -> None:
        """The lead deputy agrees with the plan, or says why not; a changed plan is put to the deputy anew."""
        task = self.task_for("agree_plan", task_id, by)
        if not agrees and not note:
            raise Invalid("请写明不同意的理由。", {"note": ["不同意时，请写明理由和修改意见。"]})
        task.plans[-1].answer = PlanAnswer(agrees, note, legal_date(now), by.name)
        name, what = ("plan.agreed", "同意办理方案") if agrees else ("plan.declined", "不同意办理方案")
        self.tell(name, what, task, by, now, note)
        self.tick(task, by, now)

    # --- talks ------------------------------------------------------------------------------------------------

    def log_contact(self, task_id: str, contact: dict[str, Any], by: Actor, now: datetime) -> Contact:
        """Log a contact with the deputies of this suggestion (三访)."""
        task, ids = self.task_for("log_contact", task_id, by), contact.pop("deputies")
        known = {deputy.id: deputy for deputy in self.answered}
        if [id for id in ids if id not in known]:
            raise Invalid(
                "只能选择这件建议的代表。", {"deputies": ["只能选择这件建议的领衔代表和附议代表。"]}
            )
        if contact["on"] > legal_date(now):
            raise Invalid("沟通日期还没有到。", {"on": ["沟通日期不能晚于今天。"]})
        logged = Contact(
            **contact, deputies=[known[id] for id in ids], face_to_face=contact["method"] in FACE_TO_FACE,
            logged_by=by.name, id=new_id(),
        )  # fmt: skip
        self._keep_contact(task, logged, by, now)
        return logged

    def share_contact(self, unit: str, contact: Contact, by: Actor, now: datetime) -> None:
        """A talk about several suggestions at once: here it was with the lead deputy of this one."""
        self.check("log_contact", by)
        task = next((task for task in self.live_tasks if task.unit.id == unit), None)
        if task is None:
            raise Invalid("只能选择本单位承办的建议。", {"also": ["只能选择本单位承办的建议。"]})
        self.task_for("log_contact", task.id, by)
        shared = replace(contact, id=new_id(), deputies=self.deputies[:1], confirmations=[])
        self._keep_contact(task, shared, by, now)

    def _keep_contact(self, task: Task, contact: Contact, by: Actor, now: datetime) -> None:
        task.contacts.append(contact)
        self.tell(
            "contact.logged", "登记沟通", task, by, now, phase=contact.phase, method=contact.method,
            face_to_face=contact.face_to_face, on=contact.on.isoformat(), deputies=named(contact.deputies),
            notes=contact.notes, contact=contact.id, led_by=contact.led_by, rank=contact.rank,
            **({"helped_by": contact.helped_by} if contact.helped_by else {}), **self._answering(task),
        )  # fmt: skip
        self.tick(task, by, now)

    def _answering(self, task: Task) -> dict[str, Any]:
        """Who answers for the whole, of whose part this task is."""
        return {"answering_unit": self.above(task)[-1].unit.as_data()} if task.is_part else {}

    def confirm_contact(
        self, task_id: str, contact_id: str, agrees: bool, note: str, by: Actor, now: datetime
    ) -> None:
        """A deputy confirms that a talk was as it is on record, or says what was not."""
        task = self.task_for("confirm_contact", task_id, by)
        if contact_id not in {about["contact"] for about in self.openings("confirm_contact", task, by)}:
            raise Invalid(
                "没有这次沟通，或者您已经确认过。", {"contact": ["请选择一次有您参加、您还没有确认的沟通。"]}
            )
        if not agrees and not note:
            raise Invalid("请写明哪里不符。", {"note": ["不属实时，请写明哪里不符。"]})
        contact = next(contact for contact in task.contacts if contact.id == contact_id)
        deputy = next(deputy for deputy in contact.deputies if deputy.id in by.seats)
        contact.confirmations.append(Confirmation(deputy, agrees, note, legal_date(now)))
        self.tell(
            "contact.confirmed", "确认沟通属实" if agrees else "对沟通记录提出不同说法", task, by, now, note,
            contact=contact.id, deputy=named([deputy])[0], agrees=agrees,
        )  # fmt: skip


def _require_order(steps: list[PlanStep], reply_by: date | None, today: date) -> None:
    """Each step has its day to come, none after the day of the reply."""
    late = [step.what for step in steps if step.due_on <= today]
    if late:
        raise Invalid("步骤的日期有误。", {"steps": [f"“{'”、“'.join(late)}”的日期应当在今天之后。"]})
    after = [step.what for step in steps if reply_by and step.due_on > reply_by]
    if after:
        raise Invalid("步骤的日期有误。", {"steps": [f"“{'”、“'.join(after)}”的日期晚于计划答复日期。"]})


def _count(text: str) -> int:
    """How many names there are in a text."""
    for mark in NAMES:
        text = text.replace(mark, "\n")
    return sum(bool(line.strip()) for line in text.split("\n"))
