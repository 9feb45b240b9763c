"""What one unit has to do for one suggestion, from signing for it to the reply."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.assignment.model.approving import approvers
from services.assignment.model.people import Person, Unit
from services.assignment.model.reply import Attachment, Draft, Reply
from services.assignment.model.rules import HEADS, OFFICES, OVER, TASK_RULES
from services.assignment.model.steps import TaskStep, holds
from shared.identity import Actor
from shared.rules import Rule
from shared.terms import CONTACT_PHASES, PART, UNIT_ROLES

# Of a unit's people to its task.
RELATION = {"lead": "lead_unit", "joint": "joint_unit", "separate": "unit", "part": "part_unit"}
# What somebody may be to any task besides; whether they are is for the task and the chain that it stands in to say.
_OTHERS = frozenset({*HEADS, "distributing_unit", "system_office", *OFFICES})


@dataclass
class PlanStep:
    """One step of a plan, with the day by which it is to be done."""

    what: str
    due_on: date


@dataclass
class PlanAnswer:
    """What the lead deputy says of a plan."""

    agrees: bool
    note: str
    on: date
    by: str


@dataclass
class Plan:
    """Handler, plan and dates (三定). A changed plan is a new one; the last of them holds.

    `leader` is the responsible leader (责任领导), `sections` those that take part, `expected_result` what shall come of it,
    `quality` by what one will see that it is done well (定质量).
    """

    handler: str
    phone: str
    plan: str
    reply_by: date | None
    made_on: date
    leader: str = ""
    sections: str = ""
    expected_result: str = ""
    quality: str = ""
    steps: list[PlanStep] = field(default_factory=list)
    answer: PlanAnswer | None = None


@dataclass
class Confirmation:
    """That a deputy confirmed a contact as it is on record, or said what was not so."""

    deputy: Person
    agrees: bool
    note: str
    on: date


@dataclass
class Contact:
    """One contact with deputies, before, during or after handling (三访). `led_by` and `rank`: who led it for the unit."""

    phase: str
    method: str
    face_to_face: bool
    on: date
    deputies: list[Person]
    people: str
    notes: str
    logged_by: str
    led_by: str = ""
    rank: str = ""  # of shared.terms.RANKS, or empty where it is not told
    helped_by: str = (
        ""  # a unit of the deputies' place that helped to talk (厅地联动), without a part of its own
    )
    id: str = ""  # empty of those from before contacts could be confirmed
    confirmations: list[Confirmation] = field(default_factory=list)

    def may_be_confirmed_by(self, actor: Actor) -> bool:
        """Was the person there as a deputy, and has not said yet whether it was so?"""
        theirs = {deputy.id for deputy in self.deputies} & actor.seats
        return bool(self.id and theirs) and not theirs & {c.deputy.id for c in self.confirmations}


@dataclass
class Opinion:
    """A joint unit's written opinion for the lead unit's reply. A later one replaces it without erasing it."""

    text: str
    given_on: date
    by: str


@dataclass
class ReturnRequest:
    """That a unit asked to return its task, and how that was decided: empty, approved or refused."""

    reason: str
    proposed: Unit | None
    asked_on: date
    asked_by: str
    state_before: str
    decision: str = ""
    decision_reason: str = ""
    decided_on: date | None = None
    decided_by: str = ""
    new_unit: Unit | None = None


@dataclass
class Extension:
    """The one extension a unit may ask for: asked, granted, refused, or lapsed because the task was over before."""

    state: str
    reason: str
    asked_on: date
    decision_reason: str = ""
    decided_on: date | None = None
    decided_by: str = ""


@dataclass
class Remark:
    """What a deputy added while the suggestion was handled, and what a unit answered."""

    id: str
    deputy: Person
    text: str
    on: date
    answer: str = ""
    answered_on: date | None = None
    answered_by: str = ""


@dataclass
class Meeting:
    """A meeting about the suggestion (协调会): who led it, who was there, what was agreed, and by when."""

    id: str
    kind: str  # of shared.terms.MEETING_KINDS
    on: date
    led_by: str
    participants: str
    agreed: str
    due_on: date | None
    logged_by: str


@dataclass
class Promise:
    """A promise of a unit's reply, and when it was kept, as supervision tells of it."""

    unit: str
    kept_on: date | None = None
    withdrawn: bool = False  # it stands no more

    @property
    def is_left(self) -> bool:
        return self.kept_on is None and not self.withdrawn


@dataclass
class Consultation:
    """That a unit was asked before the assignment, and what it said; `agrees` is None until it has."""

    unit: Unit
    asked_on: date
    answer_by: date | None
    agrees: bool | None = None
    words: str = ""
    answered_on: date | None = None
    answered_by: str = ""
    desk: str = ""  # the unit's own office, which answers for it


@dataclass
class Submission:
    """What a part's unit handed in (报送): its opinion, or a draft for the reply. A later one replaces it."""

    text: str
    handed_in_on: date
    by: str
    sent_back: str = ""  # why it was sent back
    drafted_rank: str = ""  # of who wrote it, of shared.terms.RANKS; empty where nobody said so


@dataclass
class Task:
    """One unit's task. `role` is lead, joint or separate, or part: what another unit's office handed on of its own task,
    which is `parent`. `round` rises when a rehandling is ordered.
    """

    id: str
    unit: Unit
    role: str
    assigned_on: date
    since: date  # when it came into its present state
    state: str = "unsigned"
    round: int = 1
    signed_on: date | None = None
    plans: list[Plan] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    returns: list[ReturnRequest] = field(default_factory=list)
    extension: Extension | None = None
    steps: list[TaskStep] = field(default_factory=list)
    # Its unit has signed for it, and what practices ask for is laid down next, before anything else is done about it.
    steps_to_come: bool = False
    meetings: list[Meeting] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)  # of the reply that is being prepared
    replies: list[Reply] = field(default_factory=list)
    parent: str = ""
    # The unit's office, which hands out what the unit is given: itself, or one below it; empty where it hands nothing out.
    desk: str = ""
    offices: list[str] = field(
        default_factory=list
    )  # that watch over it: of its system, of a part those up the chain
    due_on: date | None = None  # of a part: when it is to be handed in
    note: str = ""  # of a part: what is asked for
    predecessor: str = ""  # the task that its unit took over after a return
    days_spent: int = 0  # by those that had it before, since the first assignment
    clock_from: date | None = None  # where its clock goes on from the first assignment: that day
    submissions: list[Submission] = field(default_factory=list)

    @property
    def desks(self) -> frozenset[str]:
        """The units whose people act for this task: the unit, and the office that hands out what it is given."""
        return frozenset({self.unit.id, self.desk} - {""})

    @property
    def is_part(self) -> bool:
        return bool(self.parent)

    @property
    def is_live(self) -> bool:
        """Does the unit still have it?"""
        return self.state not in OVER

    @property
    def goes_on(self) -> bool:
        """Has the unit signed for it, and still something to do before it is done with?"""
        return self.signed_on is not None and self.state not in (
            *OVER,
            "replied",
            "handed_in",
            "opinion_given",
        )

    @property
    def replies_itself(self) -> bool:
        """Is it for a lead or separate unit, which has to reply to the deputies?"""
        return self.role in ("lead", "separate")

    @property
    def extension_is_asked(self) -> bool:
        return self.extension is not None and self.extension.state == "asked"

    @property
    def approvers(self) -> set[str]:
        """The relations of which one has to agree to the draft; empty while none waits."""
        return approvers(self.drafts[-1]) if self.state == "drafted" else set()

    @property
    def visited(self) -> list[str]:
        """The phases in which deputies were talked with."""
        return [phase for phase in CONTACT_PHASES if any(contact.phase == phase for contact in self.contacts)]

    def barring(self, command: str) -> list[TaskStep]:
        """The steps that have to be done before this command."""
        return [step for step in self.steps if command in step.bars and holds(step, self)]

    @property
    def barred(self) -> set[str]:
        """All commands that have to wait for a step."""
        return {command for step in self.steps if step.bars and holds(step, self) for command in step.bars}

    @property
    def standing_reply(self) -> Reply | None:
        """The reply that counts: the last one, unless it was sent back."""
        return self.replies[-1] if self.replies and self.replies[-1].sent_back is None else None

    @property
    def before_draft(self) -> str:
        """The state in which a draft is begun, and to which it is sent back."""
        if self.replies and self.replies[-1].round == self.round:
            return "sent_back"
        return "signed" if self.round == 1 else "reopened"

    @property
    def is_planned(self) -> bool:
        return bool(self.plans)

    def enter(self, state: str, on: date) -> None:
        """Come into a state. When the task is over or replied to, an undecided extension has lost its meaning."""
        self.state, self.since = state, on
        if state in ("replied", *OVER) and self.extension_is_asked and self.extension:
            self.extension.state = "lapsed"

    def relations(self, actor: Actor) -> frozenset[str]:
        """How the person's unit stands to this task; empty for people of other units."""
        desks = self.desks
        if not desks & actor.units("handler", "unit_head", "distributing"):
            return frozenset()
        found = {RELATION[self.role]}
        found |= {head for head in HEADS if desks & actor.units(head)}
        if desks & actor.units("distributing"):
            found.add("distributing_unit")
        return frozenset(found)

    def allows(self, rule: Rule) -> bool:
        """Is this possible with the task as it is now, whoever does it?"""
        return self._suits(rule) and not self.barring(rule.command)

    def _suits(self, rule: Rule) -> bool:
        """Would this be possible if no step were in the way?"""
        if self.state not in rule.when:
            return False
        if rule.command == "approve_reply":
            return not self.drafts[-1].review.waits_for()
        if rule.command in ("attach_file", "remove_file") and self.obstacle(rule):
            return False
        if rule.command == "comment_draft":
            return self.drafts[-1].shown_on is not None
        if rule.command == "agree_plan":
            return bool(self.plans) and self.plans[-1].answer is None
        if rule.command == "confirm_contact":
            return bool(self.contacts)
        if rule.command == "complete_step":
            return any(step.is_open for step in self.steps)
        if rule.command == "ask_extension":
            return self.replies_itself and not self.replies and self.round == 1 and self.extension is None
        if rule.command in ("grant_extension", "refuse_extension"):
            return self.extension_is_asked
        if rule.command == "distribute_task":
            return bool(self.desk)
        if rule.command in ("change_reply_class", "object_to_class", "decide_objection"):
            return not self.obstacle(rule)
        return bool((_OTHERS | {RELATION[self.role]}) & set(rule.by))

    def obstacle(self, rule: Rule) -> str:
        """Why something is not possible though the state would allow it; empty when it is for the state."""
        if self.state not in rule.when:
            return ""
        if barring := self.barring(rule.command):
            return f"{self.called()}还有环节没有完成：{'、'.join(step.name for step in barring)}。完成之后才能{rule.label}。"
        if rule.command == "approve_reply" and (missing := self.drafts[-1].review.waits_for()):
            return f"{'、'.join(unit.name for unit in missing)}还没有会签。"
        if (
            rule.command in ("attach_file", "remove_file")
            and self.state == "drafted"
            and self.drafts[-1].is_read
        ):
            return "答复稿已经有人审核、会签或者看过，要改动附件，请先重新起草。"
        if rule.command == "remove_file" and not self.attachments:
            return "没有可以移除的附件。"
        if rule.command == "comment_draft":
            return "没有送您征求意见的答复稿。"
        if rule.command == "answer_remark":
            return "没有等待回应的补充意见。"
        if rule.command == "countersign_reply":
            return "没有等本单位会签的答复稿。"
        if rule.command == "agree_plan":
            return "还没有等您表态的办理方案。"
        if rule.command == "confirm_contact":
            return "没有等您确认的沟通。"
        if rule.command == "complete_step":
            return "没有等您完成的环节。"
        if rule.command == "ask_extension":
            if self.round > 1:
                return "再次办理应当在一个月内答复，不能延期。"
            return (
                "答复被退回的，按退回时确定的期限重新答复。"
                if self.replies
                else "延期只能申请一次，这项任务已经申请过。"
            )
        if rule.command == "object_to_class":
            is_new = bool(self.standing_reply and self.standing_reply.classes)
            if not is_new:
                return "办理结果没有调整过。"
            return "已经提出过异议。" if self.replies[-1].classes[-1].objection else ""
        if rule.command == "decide_objection":
            waits = bool(self.standing_reply and self.standing_reply.open_objection)
            return "" if waits else "没有等待答复的异议。"
        if rule.command in ("grant_extension", "refuse_extension"):
            return "这项任务没有等待决定的延期申请。"
        return ""

    def possible(self) -> list[Rule]:
        """What can be done with the task now, by whoever may."""
        barred = self.barred
        return [
            rule
            for rule in TASK_RULES.by_command.values()
            if rule.command not in barred and self._suits(rule)
        ]

    def as_data(self) -> dict[str, Any]:
        """The task as its events name it."""
        known = {"task": self.id, "unit": self.unit.as_data(), "role": self.role}
        return {**known, "parent": self.parent} if self.parent else known

    def as_listed(self) -> dict[str, Any]:
        """The task as the lists of who has the suggestion name it; `desk` and `offices` take part besides the unit."""
        listed = {**self.as_data(), "assigned_on": self.assigned_on.isoformat()}
        if self.desk not in ("", self.unit.id):
            listed["desk"] = self.desk
        if self.offices:
            listed["offices"] = self.offices
        if self.clock_from:
            listed["clock_from"] = self.clock_from.isoformat()
        return {**listed, "due_on": self.due_on.isoformat()} if self.due_on else listed

    def called(self) -> str:
        """The task as a refusal calls it."""
        return f"{self.unit.name}（{(UNIT_ROLES | PART)[self.role]}）的任务"
