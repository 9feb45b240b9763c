"""The ledger (台账): one line per suggestion, derived from what the other services tell.

Why a late event never sets a line back: a line keeps facts, not the last thing it heard. Its state is worked out anew
from all facts each time, by the stage that the suggestion has reached (`find_state`) and, where two facts contradict each
other, by the moments at which they happened. So the same facts make the same line, in whatever order they came.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from services.supervision.model.deadlines import YELLOW_DAYS
from services.supervision.model.facts import (
    Content,
    Correction,
    Ending,
    Forwarded,
    Heading,
    Invitation,
    Judgement,
    KeyDecision,
    KeyMark,
    Moment,
    Named,
    Reply,
    Review,
    Task,
)
from shared.aggregate import Governed
from shared.identity import SUPERVISORS, SUPERVISORS_OF_THE_CONGRESS, Actor
from shared.leading import Succession
from shared.reply_classes import means_of
from shared.rules import Rule, Rules
from shared.terms import LIFE

OVERSEERS = ("liaison", "distributing", *SUPERVISORS)
WITH_SYSTEM = (*OVERSEERS, "system")  # for the congress's practices: what units answer and people decide
UNIT_PEOPLE = (
    "handler",
    "unit_head",
    "distributing",
)  # who acts for a unit; an office of a system is one, too
HEARING = (
    "liaison",
    *SUPERVISORS_OF_THE_CONGRESS,
)  # who hears how deputies judge before it is closed: not who distributes, for the judged are of the same house
IN_HAND = ("assigned", "handling", "replied", "assessed", "rehandling")
AFTER_REPLY = ("replied", "assessed", "rehandling", "closed", "published")
FOLLOWED = (*IN_HAND, "closed", "published")  # a unit answers for it, also when its handling is over
SUPERVISED = ("accepted", *FOLLOWED)
OVER = ("lettered", "handed_up", "merged", "split", "closed", "published")  # nothing more is due

RULES = Rules(
    "件建议",
    {"": "草稿", **LIFE},
    [
        Rule("remind_unit", "催办", WITH_SYSTEM, IN_HAND),
        Rule("plan_supervision", "安排督办", OVERSEERS, SUPERVISED),
        Rule("log_supervision", "登记督办", OVERSEERS, SUPERVISED),
        Rule("record_instruction", "登记批示", OVERSEERS, FOLLOWED),
        Rule("ask_progress", "要求报告进展", WITH_SYSTEM, FOLLOWED),
        Rule("report_progress", "报告进展", ("lead_unit", "joint_unit", "unit"), FOLLOWED),
        Rule("propose_measure", "提出督办措施", WITH_SYSTEM, FOLLOWED),
        Rule("record_commitment", "登记承诺", ("liaison", "lead_unit", "unit"), AFTER_REPLY),
    ],
)

SATISFACTION_FROM_BEST = ("satisfied", "basically", "unsatisfied")


@dataclass(kw_only=True)
class Line(Governed):
    """One suggestion's line. Has the suggestion's id. `reply_due_on` and `next_*` are set by its deadlines."""

    rules: ClassVar[Rules] = RULES

    state: str = ""  # of shared.terms.LIFE; empty for a draft, or while only later events have come
    drafted_by: Named | None = None
    invitations: dict[str, Invitation] = field(default_factory=dict)
    content: Content | None = None
    heading: Heading | None = None
    review: Review | None = None
    joined: dict[str, str] = field(
        default_factory=dict
    )  # deputies of suggestions merged into this one: id → name
    correction: Correction | None = None
    succession: Succession = field(default_factory=Succession)  # of lead deputies
    key: KeyMark | None = None
    practices_on: date | None = None  # it goes on by what held that day, and not by what held when it began
    key_decision: KeyDecision | None = None  # what `key` follows from; None of lines from before it was kept
    tasks: dict[str, Task] = field(default_factory=dict)
    # What units handed on within their systems (归口管理), and when that was last told. Nothing of it moves the line.
    parts: dict[str, Task] = field(default_factory=dict)
    parts_told: Moment | None = None
    forwarded: list[Forwarded] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    closed: Ending | None = None
    published: Ending | None = None
    reopened: Moment | None = None  # when it was last opened again after its end
    last_event_at: datetime | None = None
    reply_due_on: date | None = None
    next_due_on: date | None = None
    next_yellow_days: int = YELLOW_DAYS  # how many days before it is yellow
    next_kind: str = ""

    @property
    def next_yellow_on(self) -> date | None:
        return self.next_due_on - timedelta(days=self.next_yellow_days) if self.next_due_on else None

    # --- who is who -----------------------------------------------------------------------------------------

    def is_refused(self, reply: str) -> bool:
        """Was this reply sent back, for being off the point?"""
        return any(refusal.reply == reply for task in self.tasks.values() for refusal in task.refusals)

    def relations(self, actor: Actor) -> frozenset[str]:
        """A draft is its deputies' alone; a line is the congress's offices', its units' and deputies'; once published,
        every deputy's of the congress."""
        found = {
            "lead_deputy" if role == "lead" else role
            for id, role in self.deputies().items()
            if id in actor.seats
        }
        if self.state == "":
            return frozenset(found)
        found |= {role for role in OVERSEERS if actor.has(role, self.congress)}
        of_role = {"lead": "lead_unit", "joint": "joint_unit"}
        own = actor.units(*UNIT_PEOPLE)
        found |= {
            of_role.get(role, role if role == "chain" else "unit")
            for id, role in self.units().items()
            if id in own
        }
        if self.state == "published" and actor.has("deputy", self.congress):
            found.add("deputy")
        if actor.has("system"):
            found.add("system")
        return frozenset(found)

    def called(self) -> str:
        return f"《{self.title}》" if self.title else ""

    def deputies(self) -> dict[str, str]:
        """Whose suggestion it is: deputy id → lead_deputy's `lead`, `cosigner`, `invited`, or `answered_deputy`."""
        found = dict.fromkeys(self.joined, "answered_deputy")
        if self.heading:
            found |= {deputy.id: "answered_deputy" for deputy in self.heading.deputies}
        if self.content:
            found |= {deputy.id: "cosigner" for deputy in self.content.cosigners}
            return found | {self.content.lead.id: "lead"}
        for id, invitation in self.invitations.items():
            if invitation.answer != "declined":
                found[id] = "cosigner" if invitation.answer == "accepted" else "invited"
        return found | ({self.drafted_by.id: "lead"} if self.drafted_by else {})

    def named_deputies(self) -> dict[str, str]:
        """Those who have submitted it, or are answered with it: deputy id → name."""
        found = dict(self.joined)
        if self.heading:
            found |= {deputy.id: deputy.name for deputy in self.heading.deputies}
        if self.content:
            found |= {deputy.id: deputy.name for deputy in (self.content.lead, *self.content.cosigners)}
        return found

    def units(self) -> dict[str, str]:
        """Units that have it now: unit id → lead, joint or separate; or chain, of those that have a part of it or watch."""
        found = {
            id: "chain"
            for task in (*self.live_tasks, *self.live_parts)
            for id in (task.unit.id, task.desk, *task.others)
            if id
        }
        for task in self.live_tasks:
            found |= dict.fromkeys((task.desk, task.unit.id) if task.desk else (task.unit.id,), task.role)
        return found

    @property
    def live_parts(self) -> list[Task]:
        """The parts that units have now: those that the newest word on who has the suggestion names."""
        told = self.parts_told
        return [
            part
            for part in self.parts.values()
            if told and part.listed and part.listed >= told and not part.is_returned
        ]

    def seen_upwards(self, task: Task) -> set[str]:
        """The units that see what one hands on: itself, and those up the chain to the task of which it is a part."""
        found, at = {task.unit.id, task.desk, *task.others}, task
        while at.parent and (above := self.parts.get(at.parent) or self.tasks.get(at.parent)):
            found |= {above.unit.id, above.desk, *above.others}
            at = above
        return found - {""}

    def who_sees(self, task: Task) -> set[str]:
        """The units for which a part exists: those up and down its chain. Assignment's `Dossier.is_shown` has the same rule."""
        below = [self.who_has(part) for part in self.parts.values() if part.parent == task.id]
        return self.seen_upwards(task).union(*below)

    def who_has(self, part: Task) -> set[str]:
        """A part's unit, and those to which it handed on parts of it."""
        below = [self.who_has(other) for other in self.parts.values() if other.parent == part.id]
        return ({part.unit.id, part.desk} - {""}).union(*below)

    def tasks_of(self, unit: str) -> list[Task]:
        return [task for task in (*self.tasks.values(), *self.parts.values()) if task.unit.id == unit]

    def part_readers(self) -> dict[str, set[str]]:
        """Task id of each live part → the units for which it exists."""
        return {part.id: self.who_sees(part) for part in self.live_parts}

    # --- what the line shows --------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        source = self.content or self.heading
        return source.title if source else ""

    @property
    def number(self) -> str:
        """The human number: of the acceptance, or until that is known, of the assignment."""
        if self.content and self.content.number:
            return self.content.number
        return self.heading.number if self.heading else ""

    @property
    def year(self) -> int:
        """The congress's year in which it counts."""
        if self.content:
            return self.content.year
        return self.heading.assigned_on.year if self.heading else 0

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def live_tasks(self) -> list[Task]:
        """Tasks that units have now: not returned, and named by the newest assignment. The lead unit's comes first."""
        last = self.heading.at if self.heading else None
        live = [
            t
            for t in self.tasks.values()
            if not t.is_returned and (not last or not t.listed or t.listed >= last)
        ]
        order = ("lead", "separate", "", "joint")
        return sorted(live, key=lambda task: (order.index(task.role), task.id))

    @property
    def replying(self) -> list[Task]:
        """Live tasks that end in a reply of their own: the lead unit's, or each separate unit's."""
        return [task for task in self.live_tasks if not task.is_joint]

    @property
    def is_answered(self) -> bool:
        """Has every unit that has to reply done so at least once?"""
        return bool(self.replying) and all(task.replies for task in self.replying)

    @property
    def replied_on(self) -> date | None:
        """The day of the last reply."""
        days = [reply.issued_on for task in self.replying for reply in task.standing_replies]
        return max(days, default=None)

    @property
    def reply_class(self) -> str:
        return self._class[0]

    @property
    def reply_means(self) -> str:
        """What its class means: solved, promised, impossible or reference; empty before there is a reply."""
        return self._class[1]

    @property
    def _class(self) -> tuple[str, str]:
        """As it was closed; before that, and when a class was changed afterwards, of the newest reply of the lead unit, else of the first separate unit's."""
        changed = [change.at.at for task in self.replying for change in task.classes]
        is_over = self.state in ("closed", "published") and self.closed and self.closed.reply_class
        if self.closed and is_over and not any(at > self.closed.at.at for at in changed):
            return self.closed.reply_class, means_of(self.closed.reply_class, self.closed.means)
        newest = ((task, task.newest_reply) for task in self.replying)
        return next((task.class_of(reply) for task, reply in newest if reply), ("", ""))

    @property
    def satisfaction(self) -> tuple[str, str]:
        """(process, result) of the lead deputy on the newest replies that were judged; if silent, the worst of all."""
        heard: list[Judgement] = []
        for task in self.replying:
            for reply in reversed(task.replies):
                if of_reply := [j for j in self.judgements if j.reply == reply.id]:
                    heard += of_reply
                    break
        lead = self.content.lead.id if self.content else ""
        heard = [j for j in heard if j.deputy.id == lead] or heard
        if not heard:
            return "", ""
        worst = SATISFACTION_FROM_BEST.index
        return max((j.process for j in heard), key=worst), max((j.result for j in heard), key=worst)

    def apply_correction(self) -> None:
        """What was corrected after the content was told is shown as corrected."""
        if self.content and self.correction and self.content.at < self.correction.at:
            corrected = self.correction
            self.content.title, self.content.kind = corrected.title, corrected.kind
            self.content.category = corrected.category

    def follow_succession(self) -> None:
        """Who leads now, and who cosigns still."""
        lead = self.succession.lead
        if self.content and lead:
            people = [self.content.lead, *self.content.cosigners]
            self.content.lead, *self.content.cosigners = self.succession.after(people, Named(**lead))

    def decide_key(self, decision: KeyDecision) -> None:
        """The later decision counts, whichever arrives first."""
        if self.key_decision is None or self.key_decision.at <= decision.at:
            self.key_decision, self.key = decision, decision.mark

    # --- its state ------------------------------------------------------------------------------------------

    def find_state(self) -> str:
        """Where it stands in its life: the furthest stage that the facts reach."""
        if self.content is None and self.heading is None:
            return ""
        if self.published:
            return "published"
        if self.closed and self.closed.at.at >= self._last_taken_up():
            return "closed"
        step = self.review.step if self.review else "accepted"
        if step in OVER:
            return step
        return self._state_in_hand() if self.replying else step

    def _state_in_hand(self) -> str:
        tasks = self.replying
        if any(task.round > 1 and not task.current_reply for task in tasks):
            return "rehandling"
        replies = [task.current_reply for task in tasks]
        if all(reply and self._is_judged(reply) for reply in replies):
            return "assessed"
        if all(replies):
            return "replied"
        return "handling" if any(task.signed_on or task.replies for task in tasks) else "assigned"

    def _is_judged(self, reply: Reply) -> bool:
        heard = [judgement for judgement in self.judgements if judgement.reply == reply.id]
        given = {judgement.deputy.id for judgement in heard}
        later = {f.deputy.id for f in self.forwarded if f.reply == reply.id}
        asked = {deputy.id for deputy in reply.deputies} | later
        # Who got it later was not among those of whom evaluation said that all had answered.
        complete = any(judgement.complete for judgement in heard) and later <= given
        return complete or (bool(asked) and asked <= given)

    def _last_taken_up(self) -> datetime:
        """When it was last replied to or ordered to be handled again: what happened after the closing undoes it."""
        moments = [reply.at.at for task in self.tasks.values() for reply in task.replies]
        moments += [order.at.at for task in self.tasks.values() for order in task.orders]
        return max(moments, default=datetime.min.replace(tzinfo=UTC))

    # --- taking in facts ------------------------------------------------------------------------------------

    def task(self, id: str, unit: Named) -> Task:
        """The unit's task, begun when this is the first that is heard of it."""
        return self.tasks.setdefault(id, Task(id, unit))

    def enter_review(self, step: str, at: Moment) -> None:
        if self.review is None or self.review.at <= at:
            self.review = Review(step, at)

    def forward(self, forwarded: Forwarded) -> None:
        """A reply reaches a deputy once."""
        if not any((f.reply, f.deputy.id) == (forwarded.reply, forwarded.deputy.id) for f in self.forwarded):
            self.forwarded.append(forwarded)

    def judge(self, judgement: Judgement) -> None:
        """One judgement by each deputy on each reply: the latest."""
        same = [
            j for j in self.judgements if (j.reply, j.deputy.id) == (judgement.reply, judgement.deputy.id)
        ]
        if same and same[0].at > judgement.at:
            return
        others = [j for j in self.judgements if j not in same]
        self.judgements = sorted([*others, judgement], key=lambda j: (j.reply, j.deputy.id))

    def settle(self, at: datetime | None) -> None:
        """Work out the state from the facts, after something that happened at this time was taken in; None: in secret."""
        if at is not None:
            self.last_event_at = max(self.last_event_at or at, at)
        self.state = self.find_state()
