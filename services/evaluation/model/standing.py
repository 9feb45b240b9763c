"""How a suggestion's evaluation stands: the facts that are known of it, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.evaluation.model.back_to_back import ALL, ANY, EITHER, LEAD, NAMED, FeedbackRules
from services.evaluation.model.parts import (
    FEEDBACK_DEADLINE,
    REPLYING_ROLES,
    UNSATISFIED,
    ClassChange,
    Commitment,
    Deadline,
    Ending,
    Form,
    LedgerEntry,
    LookedAt,
    Named,
    Reply,
    Step,
    Supplement,
    TakenMeasure,
    Task,
)
from services.evaluation.model.rules import OPEN_STATES
from shared.aggregate import Governed
from shared.clock import legal_date
from shared.identity import Actor
from shared.leading import Succession
from shared.periods import USUAL_FEEDBACK, Period
from shared.reply_classes import means_of


@dataclass(kw_only=True)
class Standing(Governed):
    """What is known of one suggestion's evaluation.

    What other services tell may arrive in any order; each event is kept as a fact, and the state follows
    from the facts (`_settle`), so that the end is the same whatever came first.
    """

    state: str = "accepted"
    number: str = ""  # empty until intake has told of the acceptance
    title: str = ""
    category: str = ""
    year: int = 0
    succession: Succession = field(default_factory=Succession)  # of lead deputies
    corrected_told: int = 0  # sequence of intake's last correction of title and category
    key: bool = False
    key_told: int = 0  # sequence of intake's last word on that
    deputies: list[Named] = field(default_factory=list)  # the lead deputy first
    merged_into: str = ""
    assigned: list[Task] = field(default_factory=list)  # of the newest suggestion.assigned
    assigned_told: int = 0  # its sequence
    begun_on: date | None = None  # the day on which it was first given to units
    practices_on: date | None = None  # it goes on by the rules of that day, and not by those when it began
    feedback: FeedbackRules = field(default_factory=FeedbackRules)  # of the place, as of that day
    feedback_period: Period = USUAL_FEEDBACK  # likewise: how long deputies have
    replies: list[Reply] = field(default_factory=list)
    forwarded: dict[str, list[Form]] = field(
        default_factory=dict
    )  # of replies that are not known yet, by their id
    reclassified: dict[str, list[ClassChange]] = field(default_factory=dict)  # likewise
    supplemented: dict[str, list[Supplement]] = field(default_factory=dict)  # likewise
    talked: list[str] = field(default_factory=list)  # ids of units that talked with deputies face to face
    visits: dict[str, list[str]] = field(
        default_factory=dict
    )  # phases in which units talked with deputies, by unit
    deadlines: dict[str, Deadline] = field(default_factory=dict)
    commitments: dict[str, Commitment] = field(default_factory=dict)
    measures: dict[str, TakenMeasure] = field(default_factory=dict)  # of supervision, by their ids
    ledger: LedgerEntry | None = None
    closed_on: date | None = None
    closing_note: str = ""
    closing_measure: str = ""  # what was decided about it where it did not satisfy again: see MEASURES
    closing_withheld: bool = False  # its note and measure would tell units that somebody was not satisfied
    published_on: date | None = None
    with_feedback: bool = False
    not_so: list[LookedAt] = field(default_factory=list)  # found by look-backs
    endings: list[Ending] = field(default_factory=list)  # before it was reopened
    honours: list[str] = field(default_factory=list)  # 2023年度优秀建议
    history: list[Step] = field(default_factory=list)
    changed_on: date = date.min
    counted: dict[str, list[int]] = field(
        default_factory=dict
    )  # what it has put into the figures: see figures.py
    # What the lists beside it (open forms, open words, deputies) held when it was loaded; not part of its state.
    listed_forms: set[tuple[str, str]] = field(default_factory=set, init=False, repr=False, compare=False)
    listed_words: set[tuple[str, str]] = field(default_factory=set, init=False, repr=False, compare=False)
    listed_deputies: set[str] = field(default_factory=set, init=False, repr=False, compare=False)
    listed_outcomes: set[Any] = field(default_factory=set, init=False, repr=False, compare=False)

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
        """The newest reply of a task: the one that counts. One that was sent back does not."""
        return max(
            (reply for reply in self.replies if reply.task == task and reply.sent_back is None),
            key=lambda r: r.round,
            default=None,
        )

    def is_newest(self, reply: Reply) -> bool:
        return self.newest(reply.task) is reply

    def is_current(self, reply: Reply) -> bool:
        """Is it a unit's newest reply, and nothing ordered about it?"""
        return reply.rehandling is None and self.is_newest(reply)

    def open_forms(self) -> Iterator[tuple[Reply, Form]]:
        """The forms that deputies may give now; those of a reply that is, or was, handled again lapse."""
        if self.state not in OPEN_STATES:
            return
        for reply in self.replies:
            if self.is_current(reply) and not self._judged_on_paper(reply):
                gone = self.succession.former  # nobody can fill in what they left behind
                yield from (
                    (reply, form) for form in reply.forms if not form.given and form.deputy.id not in gone
                )

    def open_form(self, reply: Reply, seats: frozenset[str]) -> Form | None:
        """The form that a person with these seats may give on a reply now."""
        return next((form for r, form in self.open_forms() if r is reply and form.deputy.id in seats), None)

    def to_rehandle(self) -> list[Reply]:
        """First replies that do not satisfy whose word decides: they have to be handled again.

        Of a judgement on paper the office knows what followed: there it may close with a note.
        """
        return [reply for reply in self._rejected_first() if self._is_rejected(reply)]

    def rejects(self, form: Form) -> bool:
        """Does this form say "not satisfied" with what decides here: the result, or the process as well?"""
        return form.unhappy if self.feedback.by == EITHER else form.result == UNSATISFIED

    def _is_rejected(self, reply: Reply) -> bool:
        given = [form for form in reply.forms if form.given]
        against = [form for form in given if self.rejects(form)]
        if self.feedback.decides == LEAD:
            lead = self.deputies[0].id if self.deputies else ""
            return any(form.deputy.id == lead for form in against)
        if self.feedback.decides == ANY:
            return bool(against)
        if self.feedback.decides == ALL:
            return bool(against) and len(against) == len(given)
        return 2 * len(against) > len(given)

    def dissatisfied_rounds(self, task: str) -> int:
        """How many of a unit's replies, first and later ones, did not satisfy somebody."""
        return sum(any(form.unhappy for form in reply.forms) for reply in self.replies if reply.task == task)

    @property
    def known_from(self) -> date | None:
        """From which day on units may know how it was judged; None while it is not closed, or for good."""
        return self.feedback.known_from(self.closed_on, self.year) if self.closed_on else None

    @property
    def is_silent(self) -> bool:
        """Do units not read with its closing how it was judged: without names, later, or never?"""
        return self.feedback.names != NAMED or self.known_from != self.closed_on

    @property
    def told_least(self) -> int:
        """So many judgements are told together: one where names are told."""
        return 1 if self.feedback.names == NAMED else self.feedback.least_count

    def told_forms(self, reply: Reply) -> list[Form]:
        """The forms on a reply as those may read them who do not hear judgements: see `Reply.told_forms`.

        Where names are not told, those of an earlier round stay silent when few judged a later one: figures hold the
        newest word of each deputy, and the difference would tell what these few said.
        """
        if self.told_least > 1 and any(
            other.task == reply.task and other.round > reply.round and 0 < len(other.given) < self.told_least
            for other in self.replies
        ):
            return []
        return reply.told_forms(self.told_least)

    def is_known_to_units(self, today: date) -> bool:
        return self.known_from is not None and self.known_from <= today

    def may_be_rehandled(self, reply: Reply) -> bool:
        """Is a deputy not satisfied with a unit's newest reply, and nothing ordered about it yet?"""
        unhappy = self._rejected_on_paper(reply) or any(form.unhappy for form in reply.forms)
        return self.state in OPEN_STATES and unhappy and self.is_current(reply)

    def may_be_sent_back(self, reply: Reply) -> bool:
        """Has nobody judged a unit's newest reply? Once somebody has, it is for rehandling, which counts as such."""
        is_judged = self._judged_on_paper(reply) or any(form.given for form in reply.forms)
        return self.stands(reply) and not is_judged

    def stands(self, reply: Reply) -> bool:
        """Is it a unit's newest reply, while it is not over and nothing was ordered about it?"""
        return self.state in OPEN_STATES and self.is_current(reply)

    def may_be_reopened(self, reply: Reply) -> bool:
        """Is it over, and did a look-back find, or a deputy say of a promise, that what a unit's newest reply says is not so?"""
        found = bool(reply.doubts) or any(looked.reopened_on is None for looked in self.not_so)
        return self.state in ("closed", "published") and found and self.is_newest(reply)

    @property
    def feedback_until(self) -> date | None:
        """The last day for feedback on the newest replies; None while there is none."""
        return self._last_day([self.usual_until(reply, form) for reply, form in self.open_forms()])

    @property
    def feedback_period_ends(self) -> date | None:
        """The same, whether deputies have answered or not: it tells nothing of that."""
        newest = [reply for reply in self.replies if self.is_current(reply)]
        return self._last_day([self.usual_until(reply, form) for reply in newest for form in reply.forms])

    def usual_until(self, reply: Reply, form: Form) -> date:
        """The last day for a form by the place's period, before supervision has moved it off a holiday."""
        return self.feedback_period.after(reply.sent_on(form))

    def _last_day(self, days: list[date]) -> date | None:
        if not days:
            return None
        return max(days + [d.due_on for d in self.deadlines.values() if d.kind == FEEDBACK_DEADLINE])

    def last_day_for(self, reply: Reply, form: Form) -> date:
        """The last day for one form: of the deadlines that supervision has told, the nearest to the usual one.

        They name no reply. The place's period may be another, and a holiday may have moved its end.
        """
        usual, sent_on = self.usual_until(reply, form), reply.sent_on(form)
        told = [
            d.due_on for d in self.deadlines.values() if d.kind == FEEDBACK_DEADLINE and d.due_on > sent_on
        ]
        return min(told, key=lambda day: (abs((day - usual).days), -day.toordinal()), default=usual)

    def doubted(self) -> Iterator[Reply]:
        """Newest replies of which a deputy says that what they promised is not done, and nobody has answered."""
        if self.state != "merged":
            yield from (reply for reply in self.replies if reply.doubts and self.is_current(reply))

    def waits_for_feedback(self, today: date) -> bool:
        """Are there deputies who have not answered and still have time?"""
        until = self.feedback_until
        return until is not None and today <= until

    def state_on(self, today: date) -> str:
        """The state as people see it: when the time for feedback has run out, it waits to be closed."""
        return "assessed" if self.state == "asked" and not self.waits_for_feedback(today) else self.state

    @property
    def next_promise_on(self) -> date | None:
        """The next date on which a promise that is not kept yet comes to count as due."""
        standing = [c for c in self.commitments.values() if not c.withdrawn]
        days = [c.due_on for c in standing if c.due_on and not c.is_due(self.changed_on)]
        return min(days, default=None)

    @property
    def next_step(self) -> str:
        """What the liaison office has to do next, as a command; `await_feedback` while deputies answer."""
        if any(self._rejected_first()):
            return "order_rehandling"
        if any(self.doubted()):
            return "answer_kept"
        if self.state == "closed":
            return "" if self.ledger else "publish_suggestion"
        return {"asked": "await_feedback", "assessed": "close_suggestion"}.get(self.state, "")

    @property
    def reply_class(self) -> str:
        """The class of the lead unit's newest reply; of the first separate unit's where none leads."""
        return self._class[0]

    @property
    def reply_means(self) -> str:
        return self._class[1]

    @property
    def _class(self) -> tuple[str, str]:
        found = [self.newest(task.id) for task in sorted(self.replying, key=lambda task: task.role != "lead")]
        known = next((reply for reply in found if reply and reply.newest_class), None)
        if known:
            return known.newest_class, known.newest_means
        on_paper = self.ledger
        return (
            (on_paper.reply_class, means_of(on_paper.reply_class, on_paper.means)) if on_paper else ("", "")
        )

    # --- inside --------------------------------------------------------------------------------

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

    def _rejected_first(self) -> Iterator[Reply]:
        """First replies with whose result some deputy is not satisfied, and nothing has been ordered yet."""
        return (
            reply
            for reply in self.replies
            if reply.round == 1 and self.may_be_rehandled(reply)
            and (self._rejected_on_paper(reply) or any(self.rejects(form) for form in reply.forms))
        )  # fmt: skip

    def _judged_on_paper(self, reply: Reply) -> bool:
        return self.ledger is not None and self.ledger.result != "" and self.ledger.speaks_of(reply)

    def _rejected_on_paper(self, reply: Reply) -> bool:
        unsatisfied = self.ledger is not None and self.ledger.result == UNSATISFIED
        return unsatisfied and reply.role == "lead" and self._judged_on_paper(reply)

    def _add(self, what: str, by: Actor, now: datetime, reason: str = "") -> None:
        self.history.append(Step(now, by.name, what, reason))
