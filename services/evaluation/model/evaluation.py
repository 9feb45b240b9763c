"""From the reply to the end: deputies judge, what does not satisfy is handled again, then it is closed and published.

The rules are in `rules.py`, in words and as a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from services.evaluation.model.parts import (
    FEEDBACK_DEADLINE,
    REPLYING_ROLES,
    UNSATISFIED,
    Commitment,
    Deadline,
    Form,
    LedgerEntry,
    Named,
    Rehandling,
    Reply,
    Step,
    Task,
)  # fmt: skip
from services.evaluation.model.rules import OPEN_STATES, OVERSEERS, RULES
from shared.aggregate import Governed
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid, WrongState
from shared.rules import Rules


@dataclass(kw_only=True)
class Evaluation(Governed):
    """How one suggestion was judged. Has the suggestion's id.

    What other services tell may arrive in any order; each event is kept as a fact, and the state follows from the
    facts (`_settle`), so that the end is the same whatever came first.
    """

    rules: ClassVar[Rules] = RULES

    state: str = "accepted"
    number: str = ""  # empty until intake has told of the acceptance
    title: str = ""
    category: str = ""
    year: int = 0
    key: bool = False
    deputies: list[Named] = field(default_factory=list)  # the lead deputy first
    merged_into: str = ""
    assigned: list[Task] = field(default_factory=list)  # of the newest suggestion.assigned
    assigned_told: int = 0  # its sequence
    replies: list[Reply] = field(default_factory=list)
    talked: list[str] = field(default_factory=list)  # ids of units that talked with deputies face to face
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    ledger: LedgerEntry | None = None
    closed_on: date | None = None
    closing_note: str = ""
    published_on: date | None = None
    with_feedback: bool = False
    history: list[Step] = field(default_factory=list)
    changed_on: date = date.min
    counted: dict[str, list[int]] = field(
        default_factory=dict
    )  # what it has put into the figures: see figures.py
    # What the lists beside it (open forms, deputies) held when it was loaded; not part of its state.
    listed_forms: set[tuple[str, str]] = field(default_factory=set, init=False, repr=False, compare=False)
    listed_deputies: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    # --- who is who -----------------------------------------------------------------------------------

    def relations(self, actor: Actor) -> frozenset[str]:
        """Its deputies, its units, and those who oversee the congress's suggestions; for others it does not exist."""
        found = {role for role in OVERSEERS if actor.has(role, self.congress)}
        if any(reply.form_of(actor.seats) for reply in self.replies):
            found.add("answered_deputy")
        if any(deputy.id in actor.seats for deputy in self.deputies):
            found.add("deputy")
        if actor.units() & {task.unit.id for task in self.tasks}:
            found.add("unit")
        if actor.has("system"):
            found.add("system")
        return frozenset(found)

    def called(self) -> str:
        return f"《{self.title}》" if self.title else ""

    def may_now(self, actor: Actor, today: date) -> list[dict[str, str]]:
        """What the person may do today: by the table, less what would be refused for this suggestion now."""
        possible = {
            "give_feedback": any(self.open_form(reply, actor.seats) for reply in self.replies),
            "order_rehandling": any(self.may_be_rehandled(reply) for reply in self.replies),
            "close_suggestion": not (self.to_rehandle() or self.waits_for_feedback(today)),
        }
        return [line for line in self.may(actor) if possible.get(line["command"], True)]

    # --- what is known --------------------------------------------------------------------------------

    @property
    def tasks(self) -> list[Task]:
        """The units that have the suggestion now, and those that replied before it went to others."""
        known = {task.id: task for task in self.assigned}
        for reply in self.replies:
            known.setdefault(reply.task, Task(reply.task, reply.unit, reply.role))
        return list(known.values())

    @property
    def replying(self) -> list[Task]:
        """The tasks that end in a reply of their own."""
        return [task for task in self.tasks if task.role in REPLYING_ROLES]

    def newest(self, task: str) -> Reply | None:
        """The newest reply of a task: the one that counts."""
        return max(
            (reply for reply in self.replies if reply.task == task), key=lambda r: r.round, default=None
        )

    def is_newest(self, reply: Reply) -> bool:
        return self.newest(reply.task) is reply

    def open_forms(self) -> Iterator[tuple[Reply, Form]]:
        """The forms that deputies may give now; those of a reply that is being, or was, handled again lapse."""
        if self.state not in OPEN_STATES:
            return
        for reply in self.replies:
            if reply.rehandling is None and self.is_newest(reply) and not self._judged_on_paper(reply):
                yield from ((reply, form) for form in reply.forms if not form.given)

    def open_form(self, reply: Reply, seats: frozenset[str]) -> Form | None:
        """The form that a person with these seats may give on a reply now."""
        return next((form for r, form in self.open_forms() if r is reply and form.deputy.id in seats), None)

    def to_rehandle(self) -> list[Reply]:
        """First replies whose result does not satisfy the lead deputy: they have to be handled again."""
        lead = self.deputies[0].id if self.deputies else ""
        return [
            reply
            for reply in self._rejected_first()
            if self._rejected_on_paper(reply) or any(form.deputy.id == lead for form in reply.unsatisfied())
        ]

    def may_be_rehandled(self, reply: Reply) -> bool:
        """Is it a unit's newest reply, not yet ordered to be handled again, and a deputy not satisfied with it?"""
        unhappy = self._rejected_on_paper(reply) or any(form.unhappy for form in reply.forms)
        return self.state in OPEN_STATES and unhappy and reply.rehandling is None and self.is_newest(reply)

    @property
    def feedback_until(self) -> date | None:
        """The last day for feedback on the newest replies; None while there is none."""
        days = [reply.feedback_until for reply, _ in self.open_forms()]
        if not days:
            return None
        return max(days + [d.due_on for d in self.deadlines.values() if d.kind == FEEDBACK_DEADLINE])

    def waits_for_feedback(self, today: date) -> bool:
        """Are there deputies who have not answered and still have time?"""
        until = self.feedback_until
        return until is not None and today <= until

    def state_on(self, today: date) -> str:
        """The state as people see it: when the time for feedback has run out, it waits to be closed."""
        return "assessed" if self.state == "asked" and not self.waits_for_feedback(today) else self.state

    @property
    def next_step(self) -> str:
        """What the liaison office has to do next, as a command; `await_feedback` while deputies may answer."""
        if any(self._rejected_first()):
            return "order_rehandling"
        if self.state == "closed":
            return "" if self.ledger else "publish_suggestion"
        return {"asked": "await_feedback", "assessed": "close_suggestion"}.get(self.state, "")

    # --- what other services tell ---------------------------------------------------------------------

    def accept(
        self, number: str, title: str, category: str, year: int, deputies: list[Named], now: datetime
    ) -> None:
        """Intake has accepted and numbered the suggestion. Its word on title and deputies is the last."""
        self.number, self.title, self.category, self.year, self.deputies = (
            number,
            title,
            category,
            year,
            deputies,
        )
        self._settle(now)

    def assign(self, told: int, tasks: list[Task], title: str, deputies: list[Named], now: datetime) -> bool:
        """Assignment has given it to units. False, and nothing changed, when a later assignment is known already."""
        if told <= self.assigned_told:
            return False
        self.assigned_told, self.assigned = told, tasks
        if not self.number:
            self.title, self.deputies = title, deputies  # until intake's own event comes
        self._settle(now)
        return True

    def receive_reply(self, reply: Reply, deputies: list[Named], by: Actor, now: datetime) -> bool:
        """A unit has replied: each deputy who got the reply has a form to give now. False when it is known already.

        A reply that a ledger brought in is asked about only while its time for feedback runs.
        """
        if any(known.id == reply.id for known in self.replies):
            return False
        reply.live = legal_date(now) == reply.issued_on
        if reply.live or legal_date(now) <= reply.feedback_until:
            reply.forms = [Form(deputy) for deputy in deputies]
        self.replies.append(reply)
        if reply.live and self.ledger and not self.published_on:
            self._drop_ledger(by, now)
        self._settle(now)
        if any(open is reply for open, _ in self.open_forms()):
            self._add("送代表征询意见", by, now, reply.unit.name)
            self.record(
                "feedback.opened", now, by, **_told(reply), deputies=[_named(form.deputy) for form in reply.forms],
                opened_on=reply.issued_on.isoformat(),
            )  # fmt: skip
        return True

    def talk(self, unit: str, now: datetime) -> bool:
        """A unit talked with deputies face to face (面商). False when it had done so before."""
        if unit in self.talked:
            return False
        self.talked = sorted([*self.talked, unit])
        self._settle(now)
        return True

    def set_deadline(self, id: str, kind: str, unit: str, due_on: date, told: int, now: datetime) -> bool:
        """Supervision has set or moved a deadline. False when a later date is known already."""
        deadline = self.deadlines.setdefault(id, Deadline(kind, unit, due_on))
        if told <= deadline.told:
            return False
        deadline.kind, deadline.due_on, deadline.told = kind, due_on, told
        self._settle(now)
        return True

    def meet_deadline(
        self, id: str, kind: str, unit: str, due_on: date, done_on: date, late: bool, now: datetime
    ) -> None:
        """What was due has been done, in time or late."""
        deadline = self.deadlines.setdefault(id, Deadline(kind, unit, due_on))
        deadline.done_on, deadline.late = done_on, late
        self._settle(now)

    def find_overdue(self, id: str, kind: str, unit: str, due_on: date, now: datetime) -> None:
        """A reminder has found a deadline passed and still open."""
        deadline = self.deadlines.setdefault(id, Deadline(kind, unit, due_on))
        deadline.seen_open_on = max(deadline.seen_open_on or date.min, legal_date(now))
        self._settle(now)

    def promise(self, id: str, unit: str, now: datetime, kept: bool = False) -> None:
        """A promise was recorded or, with `kept`, closed."""
        commitment = self.commitments.setdefault(id, Commitment(unit))
        commitment.kept = commitment.kept or kept
        self._settle(now)

    def merge(self, into: str, now: datetime) -> None:
        """It goes on within another suggestion: it leaves the figures, so that nothing counts twice."""
        self.merged_into = into
        self._settle(now)

    def make_key(self, now: datetime) -> None:
        """The chairpersons' meeting made it a key suggestion."""
        self.key = True
        self._settle(now)

    # --- commands -------------------------------------------------------------------------------------

    def give_feedback(self, reply_id: str, by: Actor, now: datetime, **judgement: str) -> None:
        """A deputy judges a reply: once, for good. `judgement`: process, result and a comment on each."""
        reply = self._reply(reply_id)
        own = reply.form_of(by.seats) if reply else None
        if reply is None or own is None:
            raise Invalid("没有找到这份答复。", {"reply": ["这份答复没有发给您,请重新选择。"]})
        if own.given:
            raise WrongState("您已经评价过这份答复。每份答复只评价一次,交出后不能更改。")
        form = self.open_form(reply, by.seats)
        if form is None:
            raise WrongState("这份答复正在再次办理或已有新的答复,请评价新的答复。")
        form.given_on = legal_date(now)
        for name, value in judgement.items():
            setattr(form, name, value)
        self._add("代表反馈", by, now, reply.unit.name)
        self._settle(now)
        self.record(
            "feedback.given", now, by, **_told(reply), deputy=_named(form.deputy), given_on=form.given_on.isoformat(),
            complete=all(f.given for f in reply.forms), **judgement,
        )  # fmt: skip

    def order_rehandling(self, reply_id: str, reason: str, by: Actor, now: datetime) -> None:
        """Have the unit handle the suggestion again, after a deputy was not satisfied with its newest reply."""
        reply = self._reply(reply_id)
        if reply is None:
            raise Invalid("没有找到这份答复。", {"reply": ["没有找到这份答复,请重新选择。"]})
        if reply.rehandling or not self.is_newest(reply):
            raise WrongState(f"已经要求{reply.unit.name}再次办理这份答复。")
        if not self.may_be_rehandled(reply):
            raise WrongState("没有代表对这份答复表示不满意,不能要求再次办理。")
        reply.rehandling = Rehandling(legal_date(now), reason)
        self._add("要求再次办理", by, now, reason)
        self._settle(now)
        self.record(
            "rehandling.ordered",
            now,
            by,
            **_told(reply),
            reason=reason,
            ordered_on=legal_date(now).isoformat(),
        )

    def close(self, note: str, by: Actor, now: datetime) -> None:
        """Close the suggestion: see the rules at the top. The note is asked for while somebody is not satisfied."""
        if rejected := self.to_rehandle():
            units = "、".join(reply.unit.name for reply in rejected)
            raise WrongState(f"领衔代表对{units}的办理结果不满意,不能办结。请先要求再次办理(联工委)。")
        if self.waits_for_feedback(legal_date(now)):
            silent, until = len({form.deputy.id for _, form in self.open_forms()}), self.feedback_until
            raise WrongState(
                f"还有{silent}位代表没有反馈,反馈期到{until:%Y-%m-%d}为止。全部反馈或者期满之后可以办结(联工委)。"
            )
        if not note and any(self.may_be_rehandled(reply) for reply in self.replies):
            wanted = "仍有代表不满意:请要求再次办理,或者在办结说明中写明公开、约谈等后续处理情况。"
            raise Invalid(wanted, {"note": [wanted]})
        self._close(legal_date(now), note, by, now)

    def publish(self, with_feedback: bool, by: Actor, now: datetime) -> None:
        """Make text and replies public as their publicity allows, with the deputies' judgements or without."""
        self.published_on, self.with_feedback = legal_date(now), with_feedback
        self._add("公开", by, now, "" if with_feedback else "不公开代表评价")
        self._settle(now)
        self.record(
            "suggestion.published",
            now,
            by,
            published_on=self.published_on.isoformat(),
            with_feedback=with_feedback,
        )

    def import_ledger(self, entry: LedgerEntry, by: Actor, now: datetime) -> bool:
        """Take over what an office's ledger says. False, and nothing changed, when the suggestion is known to live here.

        A live reply, a form given, an order to handle again, or an earlier import each outweigh a ledger: nobody
        judges for a deputy who can be asked.
        """
        lives = any(r.live or r.rehandling or any(f.given for f in r.forms) for r in self.replies)
        if lives or self.ledger or self.closed_on or self.merged_into:
            return False
        self.ledger = entry
        self._add("导入台账", by, now)
        self._settle(now)
        if entry.closed:
            self._close(entry.given_on or legal_date(now), "按台账导入", by, now)
        return True

    # --- inside ---------------------------------------------------------------------------------------

    def _settle(self, now: datetime) -> None:
        """Let the state follow from the facts."""
        self.changed_on = max(self.changed_on, legal_date(now))
        newest = [self.newest(task.id) for task in self.replying]
        if self.merged_into:
            self.state = "merged"
        elif self.published_on or self.closed_on:
            self.state = "published" if self.published_on else "closed"
        elif any(reply and reply.rehandling for reply in newest):
            self.state = "rehandling"
        elif not newest or None in newest:
            self.state = "handling" if self.tasks else "accepted"
        else:
            self.state = "asked"
            if not any(self.open_forms()):
                self.state = "assessed"

    def _close(self, closed_on: date, note: str, by: Actor, now: datetime) -> None:
        self.closed_on, self.closing_note = closed_on, note
        self._add("办结", by, now, note)
        self._settle(now)
        self.record(
            "suggestion.closed",
            now,
            by,
            closed_on=closed_on.isoformat(),
            reply_class=self.reply_class,
            note=note,
        )

    @property
    def reply_class(self) -> str:
        """The class of the lead unit's newest reply; of the first separate unit's where none leads."""
        found = [self.newest(task.id) for task in sorted(self.replying, key=lambda task: task.role != "lead")]
        known = next((reply.reply_class for reply in found if reply), "")
        return known or (self.ledger.reply_class if self.ledger else "")

    def _drop_ledger(self, by: Actor, now: datetime) -> None:
        """A unit replies after the import: the ledger's word on the end was premature, and deputies are asked."""
        self.ledger, self.closed_on, self.closing_note = None, None, ""
        self._add("台账导入的评价失效", by, now, "承办单位又作出答复")

    def _rejected_first(self) -> Iterator[Reply]:
        """First replies with whose result some deputy is not satisfied, and nothing has been ordered yet."""
        return (
            reply
            for reply in self.replies
            if reply.round == 1 and self.may_be_rehandled(reply)
            and (self._rejected_on_paper(reply) or any(reply.unsatisfied()))
        )  # fmt: skip

    def _judged_on_paper(self, reply: Reply) -> bool:
        return self.ledger is not None and self.ledger.result != "" and reply.round == 1

    def _rejected_on_paper(self, reply: Reply) -> bool:
        return (
            self.ledger is not None
            and self.ledger.result == UNSATISFIED
            and reply.round == 1
            and reply.role == "lead"
        )

    def _reply(self, id: str) -> Reply | None:
        return next((reply for reply in self.replies if reply.id == id), None)

    def _add(self, what: str, by: Actor, now: datetime, reason: str = "") -> None:
        self.history.append(Step(now, by.name, what, reason))


def _told(reply: Reply) -> dict[str, Any]:
    """A reply, as events name it."""
    return {"reply": reply.id, "task": reply.task, "unit": _named(reply.unit), "round": reply.round}


def _named(named: Named) -> dict[str, str]:
    return {"id": named.id, "name": named.name}
