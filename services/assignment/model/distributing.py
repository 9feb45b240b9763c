"""The chain (归口管理): a unit's office hands on parts of the unit's task to the units below it, and they to those below them.

Source: 统一交办、分级负责、归口管理 (assigned together, answered for by levels, managed where it belongs). A part is a task with
a `parent`. Who handed it on answers for the whole: what the part's unit finds or drafts goes up to it (报送), and no part
replies to deputies or moves the dates of the task above.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.assignment.model.dossier import Dossier
from services.assignment.model.people import Unit
from services.assignment.model.task import Submission, Task
from shared.aggregate import new_id
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid


@dataclass(kw_only=True)
class Chain(Dossier):
    """The handling of one suggestion, as far as it is handed on from unit to unit."""

    def distribute(
        self,
        task_id: str,
        units: list[Unit],
        note: str,
        due_on: date,
        reply_due_on: date,
        by: Actor,
        now: datetime,
    ) -> list[Task]:
        """Hand on parts of a task to units below, to be handed in by `due_on`: before the task itself is due, whose own
        clocks run on. `reply_due_on`: when the reply is due, or a joint unit's opinion, for a task that the congress assigned.
        Where that day has come, what is late is handed on all the same."""
        task, today = self.task_for("distribute_task", task_id, by), legal_date(now)
        latest = task.due_on or reply_due_on
        if due_on <= today:
            raise Invalid("报送期限应当在今天之后。", {"due_on": ["报送期限应当在今天之后。"]})
        if due_on > latest > today:
            sentence = f"{task.unit.name}自己的期限是{latest}，报送期限不能晚于这一天。"
            raise Invalid("报送期限太晚。", {"due_on": [sentence]})
        if busy := [unit.name for unit in units if self._has_task(unit)]:
            raise Invalid(
                "有的单位已经承办这件建议。",
                {"units": [f"{'、'.join(busy)}已经承办这件建议，请选择其他单位。"]},
            )
        parts = [self._part_of(task, unit, note, due_on, today) for unit in units]
        self.tasks += parts
        for part in parts:
            self.add("分解交办", by, now, part.unit.name, note)
        self.tell_distributed(task, note, by, now)
        return parts

    def hand_in_part(self, task_id: str, text: str, rank: str, by: Actor, now: datetime) -> None:
        """What the part's unit found or drafted goes up to the unit that handed it on; `rank` of who wrote it."""
        task, today = self.task_for("hand_in_part", task_id, by), legal_date(now)
        if unfinished := self.missing_parts(task):
            sentence = f"{'、'.join(unfinished)}还没有报送，请等待或者催办以后再报送。"
            raise Invalid("下面的单位还没有报送。", {"text": [sentence]})
        rank = by.rank_at(task.desks) or rank
        task.submissions.append(Submission(text, today, by.name, drafted_rank=rank))
        task.enter("handed_in", today)
        self.tell(
            "part.submitted",
            "报送办理情况",
            task,
            by,
            now,
            text=text,
            submitted_on=today.isoformat(),
            **({"rank": rank} if rank else {}),
        )

    def send_back_part(self, task_id: str, reason: str, by: Actor, now: datetime) -> None:
        """The unit above does not find in it what it needs: the part is to be handed in anew."""
        task, today = self.task_for("send_back_part", task_id, by), legal_date(now)
        task.submissions[-1].sent_back = reason
        task.enter("signed", today)
        self.tell("part.reopened", "退回重新报送", task, by, now, reason, reopened_on=today.isoformat())

    def missing_parts(self, task: Task) -> list[str]:
        """Names of the units that have not handed in their part of this task."""
        return [
            part.unit.name for part in self.live_tasks if part.parent == task.id and part.state != "handed_in"
        ]

    def take_back_part(self, task: Task, new_unit: Unit | None, by: Actor, now: datetime) -> Task | None:
        """The office agrees that a part was not the unit's business: another unit takes it over, or nobody."""
        upper, today = self.task(task.parent), legal_date(now)
        assert upper is not None
        if new_unit and self._has_task(new_unit):
            sentence = f"{new_unit.name}已经承办这件建议，请选择其他单位。"
            raise Invalid(sentence, {"unit": [sentence]})
        due_on = task.due_on or today
        successor = self._part_of(upper, new_unit, task.note, due_on, today) if new_unit else None
        self.tasks += [successor] if successor else []
        return successor

    def end_parts(self, task: Task, on: date) -> None:
        """A task ends with all that was handed on of it."""
        for part in self.below(task):
            if part.is_live:
                part.enter("ended", on)

    def tell_distributed(self, task: Task, note: str, by: Actor, now: datetime) -> None:
        self.record("task.distributed", now, by, **task.as_data(), note=note, **self.in_hand())
        self.restate()

    def in_hand(self) -> dict[str, list[dict[str, object]]]:
        """Who has the suggestion now, as events tell it: what the congress assigned, and the parts of that."""
        tasks = {"tasks": [task.as_listed() for task in self.assigned_tasks]}
        parts = [task.as_listed() for task in self.live_tasks if task.is_part]
        return {**tasks, "parts": parts} if parts else tasks

    def _part_of(self, task: Task, unit: Unit, note: str, due_on: date, today: date) -> Task:
        watching: Iterable[str] = (*sorted(task.desks), *task.offices)
        return Task(
            new_id(), unit, "part", today, today, parent=task.id, desk=unit.desk, offices=list(dict.fromkeys(watching)),
            due_on=due_on, note=note,
        )  # fmt: skip

    def _has_task(self, unit: Unit) -> bool:
        return any(task.unit.id == unit.id for task in self.live_tasks)
