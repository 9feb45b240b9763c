"""The deadlines of one suggestion: which there are, what met them, and what ended them without being met.

They follow from the facts of its line and the calendar alone (`deadlines_of`). `reconcile` compares that with what was
kept, and tells only the difference: so the same fact told by two events opens one deadline.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.supervision.model.calendar import WorkCalendar
from services.supervision.model.deadlines import (
    OF_PARTS,
    RENEWED,
    RULES,
    STEP,
    YELLOW_DAYS,
    Computation,
    DeadlineRule,
    Light,
    Period,
    compute,
    light,
    moved,
    recompute,
)
from services.supervision.model.deadlines import Unit as PeriodUnit
from services.supervision.model.facts import Named, Order, Refusal, Reply, Step, Task
from services.supervision.model.ledger import Line
from shared.identity import Actor

NAMESPACE = uuid.UUID("0190a1b2-7c3d-7000-8000-5355504552f1")
REPLY_KINDS = ("reply", "extended_reply", "second_reply", "renewed_reply")
# A right that lapses, not a duty that is missed: no light, no reminder; no event, unless the place takes no late return.
SILENT = "ask_to_return"


@dataclass
class Deadline:
    """One deadline. `ended` is empty while it runs; met, cancelled (the unit need not any more) or lapsed (too late to matter).

    `is_told`: its events are published. All deputies who got a reply on one day have the same date for judging it, so
    one of them stands for all in the events; when each judged is told by evaluation.
    """

    id: str
    suggestion: str
    congress: str
    kind: str
    task: str
    unit: Named | None
    deputy: Named | None
    computation: Computation
    is_told: bool
    ended: str = ""
    done_on: date | None = None
    last_reminded_on: date | None = None

    @property
    def due_on(self) -> date:
        return self.computation.due_on

    @property
    def late(self) -> bool:
        return self.done_on is not None and self.done_on > self.due_on

    @property
    def is_duty(self) -> bool:
        """Does somebody still have to do something by its date?"""
        return not self.ended and self.kind != SILENT

    def recomputed(self, calendar: WorkCalendar) -> Computation:
        return recompute(self.computation, calendar)

    def light(self, today: date) -> Light:
        return light(self.due_on, today, self.done_on, self.computation.rule.yellow_days)

    def as_data(self) -> dict[str, object]:
        """The deadline as its events name it."""
        return {
            "deadline": self.id, "kind": self.kind, "unit": self.unit.as_data() if self.unit else None,
            "deputy": None, "due_on": self.due_on.isoformat(),
        }  # fmt: skip


Rules = Mapping[str, DeadlineRule]


def usual_rules(task: Task) -> Rules:
    """The same for every task, where a place says nothing else."""
    return RULES


def deadlines_of(
    line: Line, calendar: WorkCalendar, rules: Callable[[Task], Rules] = usual_rules, tells_return: bool = False,
) -> list[Deadline]:  # fmt: skip
    """All deadlines that the line's facts call for, running or ended; `rules`: those of a task."""

    def make(task: Task) -> _Maker:
        return _Maker(line, task, calendar, rules(task), tells_return)

    found = [deadline for task in line.tasks.values() for deadline in _of_task(line, task, make(task))]
    return found + [deadline for part in line.parts.values() for deadline in _of_part(line, part, make(part))]


def reconcile(
    line: Line, kept: list[Deadline], calendar: WorkCalendar, by: Actor, now: datetime,
    rules: Callable[[Task], Rules] = usual_rules, tells_return: bool = False,
) -> list[Deadline]:  # fmt: skip
    """Bring the deadlines up to date with the line, and the line with them. Returns those to be written.

    `tells_return`: until when a unit may ask to return its task is told too, for nobody takes it later.
    A deadline that has ended keeps its computation: a holiday announced afterwards makes nobody late.
    """
    known = {deadline.id: deadline for deadline in kept}
    present, changed = [], []
    for wanted in deadlines_of(line, calendar, rules, tells_return):
        before = known.get(wanted.id)
        if before is not None:
            wanted.last_reminded_on = before.last_reminded_on
            old, new = before.computation, wanted.computation
            if before.ended and (old.rule, old.from_date) == (new.rule, new.from_date):
                wanted.computation = old
        present.append(wanted)
        if wanted != before:
            changed.append(wanted)
            _tell(line, before, wanted, by, now)
    take_over(line, present)
    return changed


def take_over(line: Line, deadlines: list[Deadline]) -> None:
    """Write on the line when its reply is due by law, and what its units have to do next.

    What deputies may still answer is no duty of anybody, and must not be read from the line (背靠背).
    """
    replies = [d for d in deadlines if d.kind in REPLY_KINDS and d.ended in ("", "met")]
    running = [d.due_on for d in replies if not d.ended]
    line.reply_due_on = min(running) if running else max((d.due_on for d in replies), default=None)
    duties = (  # a system's own affair is not the line's
        d for d in deadlines if d.is_duty and d.unit and d.kind not in OF_PARTS
    )
    next_one = min(duties, key=lambda d: (d.due_on, d.id), default=None)
    line.next_due_on, line.next_kind = (next_one.due_on, next_one.kind) if next_one else (None, "")
    line.next_yellow_days = next_one.computation.rule.yellow_days if next_one else YELLOW_DAYS


def move(line: Line, deadline: Deadline, calendar: WorkCalendar, by: Actor, now: datetime) -> Deadline:
    """The running deadline on a newer calendar; when its date changes, everybody it concerns is told."""
    after = replace(deadline, computation=deadline.recomputed(calendar))
    _tell(line, deadline, after, by, now)
    return after


def _of_task(line: Line, task: Task, make: _Maker) -> Iterator[Deadline]:
    others_replied = task.is_joint and line.is_answered
    started = task.assigned_on
    if started and task.role:
        counted = (
            task.clock_from or started
        )  # a reply is due by the first assignment where the place says that it goes on
        idle = bool(task.replies or task.opinion_on or others_replied)  # signing for it has no sense any more
        yield make("sign_for", started, task.signed_on, idle)
        if task.is_joint:
            yield make("joint_opinion", counted, task.opinion_on, others_replied)
        else:
            yield make(SILENT, started, task.asked_return_on, idle)
            kind = "extended_reply" if task.is_extended else "reply"
            yield make(kind, counted, task.replied_on(1), task.round > 1, family="reply")
    for order in task.orders:
        is_idle = task.round > order.round
        yield make.second_reply(order, is_idle)
    for refusal in task.refusals:
        yield make.renewed_reply(refusal)
    for step in task.steps.values():
        yield make.step(step)
    for reply in task.replies:
        yield from make.feedback(reply)


def _of_part(line: Line, part: Task, make: _Maker) -> Iterator[Deadline]:
    """To sign for it, and to hand it in by the day that who handed it on has set. The task above has its own clocks."""
    start = part.assigned_on
    if start is None or part.hand_in_by is None:
        return
    is_idle = line.is_answered
    yield make("part_sign_for", start, part.signed_on, is_idle or bool(part.handed_in))
    days = Period(max(1, (part.hand_in_by - start).days), PeriodUnit.DAYS)
    yield make("part", start, part.handed_in_on, is_idle, period=days)


@dataclass
class _Maker:
    """Makes deadlines of one task."""

    line: Line
    task: Task
    calendar: WorkCalendar
    rules: Rules
    tells_return: bool = False

    def __call__(
        self, kind: str, start: date, done_on: date | None, is_idle: bool, round: int = 1, *, family: str = "",
        period: Period | None = None,
    ) -> Deadline:  # fmt: skip
        """`is_idle`: nobody waits for it any more. `family` names it in its id, when its kind may change."""
        return self._deadline(
            kind,
            (family or kind, self.task.id, str(round)),
            start,
            done_on,
            is_idle,
            unit=self.task.unit,
            period=period,
        )

    def second_reply(self, order: Order, is_idle: bool) -> Deadline:
        """Within the place's period, or by the day that was given when a look-back had it handled again."""
        rule, key = self.rules["second_reply"], ("second_reply", self.task.id, str(order.round))
        if order.due_on:
            days = Period(max(1, (order.due_on - order.on).days), PeriodUnit.DAYS)
            rule = replace(rule, period=days, counted_from="要求重新办理", source="要求重新办理时确定的期限")
        done_on = self.task.replied_on(order.round)
        return self._deadline("second_reply", key, order.on, done_on, is_idle, unit=self.task.unit, rule=rule)

    def renewed_reply(self, refusal: Refusal) -> Deadline:
        """The date was given by who sent the reply back; it does not end on a day off either."""
        key = ("renewed_reply", self.task.id, refusal.reply)
        is_idle = self.task.round > refusal.round
        rule = replace(RENEWED, period=Period((refusal.due_on - refusal.on).days, PeriodUnit.DAYS))
        return self._deadline(
            "renewed_reply", key, refusal.on, self.task.renewed_on(refusal), is_idle, unit=self.task.unit, rule=rule,
        )  # fmt: skip

    def step(self, step: Step) -> Deadline:
        """What a practice or the unit's plan asks for by a day of its own."""
        rule = replace(
            STEP, label=step.name, period=Period(max(1, (step.due_on - step.since).days), PeriodUnit.DAYS)
        )
        done_on = self.task.steps_done.get(step.id)
        key, unit = ("step", step.id), self.task.unit
        deadline = self._deadline(
            "step", key, step.since, done_on, False, unit=unit, rule=rule, goes_on=step.after_reply
        )
        return (
            replace(deadline, ended="cancelled") if self.task.is_dropped(step) and not done_on else deadline
        )

    def feedback(self, reply: Reply) -> Iterator[Deadline]:
        """Each deputy has ten days from the day on which the reply came; a new reply makes the question moot."""
        is_refused = any(refusal.reply == reply.id for refusal in self.task.refusals)
        given = {j.deputy.id: j.given_on for j in self.line.judgements if j.reply == reply.id}
        came = {deputy.id: (deputy, reply.issued_on) for deputy in reply.deputies}
        for later in self.line.forwarded:
            if later.reply == reply.id:
                came.setdefault(later.deputy.id, (later.deputy, later.on))
        told: set[date] = set()
        for deputy, on in came.values():
            yield self._deadline(
                "feedback", ("feedback", reply.id, deputy.id), on, given.get(deputy.id),
                is_refused or self.task.round > reply.round, deputy=deputy, is_told=on not in told,
            )  # fmt: skip
            told.add(on)

    def _deadline(
        self, kind: str, key: tuple[str, ...], start: date, done_on: date | None, is_idle: bool, *,
        unit: Named | None = None, deputy: Named | None = None, is_told: bool = True, period: Period | None = None,
        rule: DeadlineRule | None = None, goes_on: bool = False,
    ) -> Deadline:  # fmt: skip
        """`goes_on`: also when the suggestion is closed."""
        line = self.line
        rule = rule or (replace(self.rules[kind], period=period) if period else self.rules[kind])
        rule = replace(rule, yellow_days=self.rules["reply"].yellow_days)  # one for all deadlines of a place
        return Deadline(
            id=str(uuid.uuid5(NAMESPACE, "/".join((line.id, *key)))), suggestion=line.id, congress=line.congress,
            kind=kind, task=self.task.id, unit=unit, deputy=deputy, is_told=is_told and (kind != SILENT or self.tells_return),
            computation=compute(rule, start, self.calendar), ended=self._ended(done_on, is_idle, goes_on), done_on=done_on,
        )  # fmt: skip

    def _ended(self, done_on: date | None, is_idle: bool, goes_on: bool) -> str:
        if done_on:
            return "met"
        if self.line.state == "merged" or self.task not in (*self.line.live_tasks, *self.line.live_parts):
            return "cancelled"
        return "lapsed" if is_idle or (self.line.is_over and not goes_on) else ""


def _tell(line: Line, before: Deadline | None, after: Deadline, by: Actor, now: datetime) -> None:
    """Record what became of a deadline: set, moved, met. One that ends unmet tells nothing: what ended it has told.

    What ended it may have come first, from another service: then it is told all the same that it was set, as it would
    have been in the usual order.
    """
    if not after.is_told or after.ended == "cancelled" or (after.ended == "lapsed" and before is not None):
        return
    if before is None:
        line.record("deadline.set", now, by, **after.as_data(), explanation=after.computation.explain())
    elif (before.kind, before.due_on) != (after.kind, after.due_on):
        line.record(
            "deadline.moved", now, by, **after.as_data(), before=before.due_on.isoformat(),
            reason=moved(before.computation, after.computation),
        )  # fmt: skip
    news = before is None or (before.ended, before.late) != (after.ended, after.late)
    if after.ended == "met" and news and after.kind != "feedback":
        line.record(
            "deadline.met", now, by, **after.as_data(), done_on=after.done_on.isoformat() if after.done_on else "",
            late=after.late,
        )  # fmt: skip
