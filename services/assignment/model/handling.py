"""How one accepted suggestion is handled: who got it, what they did about it, and what they replied.

Source of the steps: the field's "life of a suggestion", 4 to 8 and 10. Working days and lateness are supervision's
business: nothing here refuses a return or an opinion for being late, its ledger shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.assignment.model.allotment import Allotment
from services.assignment.model.attaching import Attaching
from services.assignment.model.consulting import Consulting
from services.assignment.model.hearing import Hearing
from services.assignment.model.people import Person, Unit, named
from services.assignment.model.reply import Reply
from services.assignment.model.replying import Replying
from services.assignment.model.talking import Talking
from services.assignment.model.task import Extension, ReturnRequest, Task
from shared.aggregate import new_id
from shared.clock import at, legal_date
from shared.identity import Actor
from shared.problems import Invalid, WrongState


@dataclass(kw_only=True)
class Handling(Talking, Hearing, Attaching, Replying, Consulting):
    """The handling of one suggestion, from its acceptance to its last reply."""

    # --- what intake and evaluation tell ----------------------------------------------------------------------

    def accept(self, content: dict[str, Any]) -> None:
        """Take over what intake accepted. Anything that has happened here already stays."""
        corrected = ("title", "kind", "category") if self.corrected_told else ()
        for name in ("number", "title", "kind", "category", "delegation"):
            if name not in corrected:
                setattr(self, name, content[name])
        self.delegation_id = content.get("delegation_id", "")
        self.accepted_on = date.fromisoformat(content["accepted_on"])
        self.proposed_units = [unit["id"] for unit in content.get("proposed_units", ())]
        self.deputies = [Person(**deputy) for deputy in (content["lead"], *content["cosigners"])]
        self._follow_succession()
        self.restate()

    def merge_into(self, main: Handling, deputies: Iterable[Person], by: Actor, now: datetime) -> None:
        """It is handled with another one from now on: its tasks end, and its deputies are answered with that one."""
        known = {deputy.id for deputy in main.answered}
        theirs = {deputy.id: deputy for deputy in (*deputies, *self.merged_deputies)}
        joining = [deputy for deputy in theirs.values() if deputy.id not in known]
        main.merged_deputies += joining
        main.forward_replies(joining, by, now)
        for task in self.live_tasks:
            if task.state != "replied":
                task.enter("ended", legal_date(now))
        self.merged_into = main.id
        self.add("并案", by, now)
        self.restate()

    def correct(
        self, told: int, title: str, kind: str, category: str, reason: str, by: Actor, now: datetime
    ) -> bool:
        """The liaison office corrected title, kind or category. False when a later correction is known already."""
        if told <= self.corrected_told:
            return False
        self.corrected_told, self.title, self.kind, self.category = told, title, kind, category
        self.add("更正标题、类型或类别", by, now, reason=reason)
        return True

    def replace_lead(
        self, told: int, before: dict[str, str], lead: dict[str, str], reason: str, by: Actor, now: datetime
    ) -> None:
        """A cosigner leads it from now on, for the lead deputy's seat fell vacant."""
        self.succession.hear(told, before, lead)
        self._follow_succession()
        self.add("更换领衔代表", by, now, reason=reason)

    def _follow_succession(self) -> None:
        lead = self.succession.lead
        if self.accepted_on and lead:
            self.deputies = self.succession.after(self.deputies, Person(**lead))

    def mark_key(
        self, told: int, theme: str, sponsor: str, sponsor_id: str, sponsors: list[str], by: Actor, now: datetime
    ) -> bool:  # fmt: skip
        """Intake's word on it as a key suggestion (重点处理建议), or with no theme, as one no more. False when it is old."""
        if told <= self.key_told:
            return False
        what = "取消重点建议" if not theme else "调整重点督办" if self.key_theme else "确定为重点处理建议"
        self.key_told, self.key_theme = told, theme
        self.key_sponsor, self.key_sponsor_id, self.key_sponsors = sponsor, sponsor_id, sponsors
        self.add(what, by, now, reason=theme)
        return True

    def close(self, on: date, by: Actor, now: datetime) -> None:
        """Evaluation closed the suggestion: nothing more is to be done about it here."""
        self.closed_on = on
        self.add("办结", by, now)
        self.restate()

    def reopen(
        self, task_id: str, round: int, reason: str, ordered_on: date, by: Actor, now: datetime, due_on: date | None = None,
    ) -> bool:  # fmt: skip
        """The reply of this round is to be handled again: it did not satisfy, or, by a day that is given with it, a look-back
        found it not so. False when there is nothing (more) to reopen."""
        task = next((task for task in self.tasks if task.id == task_id), None)
        if task is None or task.state != "replied" or task.round != round or self.merged_into:
            return False
        self.closed_on, self.is_published = None, False
        task.round += 1
        task.enter("reopened", ordered_on)
        self.tell(
            "task.reopened",
            "重新办理" if due_on else "再次办理",
            task,
            by,
            now,
            reason,
            round=task.round,
            reopened_on=ordered_on.isoformat(),
            **({"due_on": due_on.isoformat()} if due_on else {}),
        )
        return True

    # --- assigning, signing, returning ------------------------------------------------------------------------

    def assign(self, allotment: Allotment, batch: str, batch_name: str, by: Actor, now: datetime) -> None:
        """Hand the suggestion over to its units: clocks start today."""
        if faults := allotment.faults():
            raise Invalid("承办单位填写有误，请按提示修改。", faults)
        self.start_tasks(allotment, legal_date(now))
        self.batch, self.batch_name = batch, batch_name
        self.add("交办", by, now, reason=batch_name)
        self._tell_assigned(by, now)

    def sign_for(self, task_id: str, by: Actor, now: datetime, steps_to_come: bool = False) -> None:
        """The unit takes its task; `steps_to_come`: practices that hold on this day ask for steps, which are fixed next."""
        task = self.task_for("sign_for", task_id, by)
        task.signed_on = legal_date(now)
        task.enter("signed", task.signed_on)
        self.tell("task.signed", "签收", task, by, now, signed_on=task.signed_on.isoformat())
        task.steps_to_come = steps_to_come

    def ask_to_return(
        self, task_id: str, reason: str, proposed: Unit | None, by: Actor, now: datetime, last_day: date | None = None,
    ) -> None:  # fmt: skip
        """The unit keeps its task until this is decided, and its clocks run on. With `last_day`, the place takes no later one."""
        task, today = self.task_for("ask_to_return", task_id, by), legal_date(now)
        if last_day and today > last_day:
            sentence = f"申请退办的期限（{last_day}）已过，按本级规定不再受理。确有困难的，请与交办单位联系。"
            raise WrongState(sentence + self.possible([task]))
        if proposed == task.unit:
            raise Invalid("建议承办单位不能是本单位。", {"proposed_unit": ["请选择其他单位，或者不填。"]})
        task.returns.append(ReturnRequest(reason, proposed, today, by.name, task.state))
        task.enter("return_asked", today)
        self.tell(
            "return.requested", "申请退办", task, by, now, reason,
            proposed_unit=proposed.as_data() if proposed else None, requested_on=today.isoformat(),
        )  # fmt: skip

    def refuse_return(self, task_id: str, reason: str, by: Actor, now: datetime) -> None:
        """The unit goes on where it was before it asked."""
        task = self.task_for("adjudicate_return", task_id, by)
        request = self._decide_return(task, "refused", reason, by, now)
        task.enter(request.state_before, legal_date(now))
        self.tell("return.refused", "不同意退办", task, by, now, reason)

    def approve_return(
        self,
        task_id: str,
        new_unit: Unit | None,
        reason: str,
        by: Actor,
        now: datetime,
        clock_goes_on: bool = False,
    ) -> tuple[Task, Task | None]:
        """The unit lets go. The unit that takes over has clocks of its own, from today or, `clock_goes_on`, for its reply from
        the first assignment; how long the others had it is said in either case. Returns both tasks."""
        task, today = self.task_for("adjudicate_return", task_id, by), legal_date(now)
        successor = (self.take_back_part if task.is_part else self._hand_over)(task, new_unit, by, now)
        request = self._decide_return(task, "approved", reason, by, now)
        request.new_unit = new_unit
        task.enter("returned", today)
        self.end_parts(task, today)
        spent = task.days_spent + (today - task.assigned_on).days
        if successor:
            successor.predecessor, successor.days_spent = task.id, spent
            if clock_goes_on and not task.is_part:
                successor.clock_from = task.clock_from or task.assigned_on
        self.tell(
            "return.approved", "同意退办", task, by, now, reason,
            new_unit=new_unit.as_data() if new_unit else None, new_task=successor.id if successor else "",
            days_spent=spent,
        )  # fmt: skip
        if upper := self.task(task.parent):
            self.tell_distributed(upper, task.note, by, now)
        else:
            self._tell_assigned(by, now)
        return task, successor

    def _hand_over(self, task: Task, new_unit: Unit | None, by: Actor, now: datetime) -> Task | None:
        others = [other for other in self.live_tasks if other.role == task.role and other is not task]
        if new_unit is None and task.role != "joint" and not others:
            raise Invalid(
                "请选择改由哪个单位承办。", {"unit": ["没有其他主办或分办单位，必须选择改由承办的单位。"]}
            )
        if new_unit is None:
            return None
        self._free_for(new_unit, task, by, now)
        successor = _begun(new_unit, task.role, legal_date(now))
        self.tasks.append(successor)
        return successor

    # --- asking for more time ---------------------------------------------------------------------------------

    def ask_extension(self, task_id: str, reason: str, due_on: date, by: Actor, now: datetime) -> None:
        """Ask once, before the reply is due on `due_on`, to reply within six months instead of three."""
        task, today = self.task_for("ask_extension", task_id, by), legal_date(now)
        if today > due_on:
            raise WrongState(f"答复期限（{due_on}）已过，不能再申请延期，请尽快答复。{self.possible([task])}")
        task.extension = Extension("asked", reason, today)
        self.tell("extension.requested", "申请延期", task, by, now, reason, requested_on=today.isoformat())

    def grant_extension(self, task_id: str, reason: str, by: Actor, now: datetime) -> None:
        task = self._decide_extension("grant_extension", "granted", task_id, reason, by, now)
        self.tell("extension.granted", "同意延期", task, by, now, reason)

    def refuse_extension(self, task_id: str, reason: str, by: Actor, now: datetime) -> None:
        task = self._decide_extension("refuse_extension", "refused", task_id, reason, by, now)
        self.tell("extension.refused", "不同意延期", task, by, now, reason)

    def _decide_extension(
        self, command: str, state: str, task_id: str, reason: str, by: Actor, now: datetime
    ) -> Task:
        task = self.task_for(command, task_id, by)
        assert task.extension is not None
        task.extension.state, task.extension.decided_on = state, legal_date(now)
        task.extension.decision_reason, task.extension.decided_by = reason, by.name
        return task

    # --- from an office's ledger ------------------------------------------------------------------------------

    def take_in(self, row: dict[str, Any], allotment: Allotment, by: Actor) -> None:
        """Take over what an office's ledger says of units, assignment and reply. Of hours it knows nothing: noon.

        What the ledger does not tell — whether units signed, what joint units wrote — is not made up: a task that
        was not replied to waits to be signed for, and joint tasks end with the lead unit's reply.
        """
        for name in ("number", "title", "category"):
            setattr(self, name, getattr(self, name) or row[name])
        self.deputies = self.deputies or [Person(**deputy) for deputy in row["deputies"]]
        assigned_at, replied_on = at(row["assigned_on"], 12), row["replied_on"]
        self.start_tasks(allotment, row["assigned_on"])
        self.add("台账导入", by, assigned_at)
        self._tell_assigned(by, assigned_at)
        if replied_on is None:
            return
        reply = Reply(
            new_id(), 1, "（台账导入）", row["reply_class"], "on_request", "（台账导入，无答复正文）", "", "", replied_on,
            self.answered, [], [], means=row.get("means", ""),
        )  # fmt: skip
        lead, *joint = self.tasks
        for task in joint:
            task.enter("ended", replied_on)
        self.add_reply(lead, reply, by, at(replied_on, 12))

    # --- inside -----------------------------------------------------------------------------------------------

    def start_tasks(self, allotment: Allotment, on: date) -> None:
        """One task for each unit, the lead unit's first."""
        roles = (
            ("lead", [allotment.lead] if allotment.lead else []),
            ("joint", allotment.joint),
            ("separate", allotment.separate),
        )
        self.assigned_on = on
        self.tasks += [_begun(unit, role, on) for role, units in roles for unit in units]

    def _free_for(self, unit: Unit, task: Task, by: Actor, now: datetime) -> None:
        """See to it that a unit can take a task over: a joint unit may become the lead unit, and then is joint no more."""
        theirs = next((other for other in self.live_tasks if other.unit.id == unit.id), None)
        if theirs is task:
            raise Invalid("不能再交给申请退办的单位。", {"unit": ["请选择申请退办的单位以外的单位。"]})
        if theirs and task in self.above(theirs):
            return  # its part ends with the task of which it is one
        if theirs and not (theirs.role == "joint" and task.role == "lead"):
            raise Invalid(
                f"{unit.name}已经承办这件建议。", {"unit": [f"{unit.name}已经承办这件建议，请选择其他单位。"]}
            )
        if theirs:
            theirs.enter("ended", legal_date(now))
            self.end_parts(theirs, legal_date(now))
            self.add("由会办转为主办", by, now, unit.name)

    def _decide_return(
        self, task: Task, decision: str, reason: str, by: Actor, now: datetime
    ) -> ReturnRequest:
        request = task.returns[-1]
        request.decision, request.decision_reason, request.decided_by = decision, reason, by.name
        request.decided_on = legal_date(now)
        return request

    def _tell_assigned(self, by: Actor, now: datetime) -> None:
        """Say who has the suggestion now. A task that is missing from the list is over."""
        assert self.assigned_on is not None
        self.record(
            "suggestion.assigned", now, by, number=self.number, title=self.title, category=self.category,
            assigned_on=self.assigned_on.isoformat(), batch=self.batch, deputies=named(self.answered),
            **self.in_hand(),
        )  # fmt: skip
        self.restate()


def _begun(unit: Unit, role: str, on: date) -> Task:
    """A task that the congress assigns today: the offices of the unit's system watch over it."""
    return Task(new_id(), unit, role, on, on, desk=unit.desk, offices=list(unit.offices))
