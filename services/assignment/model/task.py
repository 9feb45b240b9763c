"""What one unit has to do for one suggestion, from signing for it to the reply."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.assignment.model.rules import OFFICES, OVER, TASK_RULES
from shared.identity import Actor
from shared.rules import Rule
from shared.terms import PART, UNIT_ROLES

# Of a unit's people to its task.
RELATION = {"lead": "lead_unit", "joint": "joint_unit", "separate": "unit", "part": "part_unit"}
# What somebody may be to any task besides; whether they are is for the task and the chain that it stands in to say.
_OTHERS = frozenset({"unit_head", "distributing_unit", "system_office", *OFFICES})


@dataclass(frozen=True)
class Person:
    """A deputy, by seat."""

    id: str
    name: str


@dataclass(frozen=True)
class Unit:
    """A handling unit. While it is being chosen, with its place in the tree of units: see `Task.desk` and `Task.offices`."""

    id: str
    name: str
    desk: str = field(default="", compare=False)
    offices: tuple[str, ...] = field(default=(), compare=False)

    def as_data(self) -> dict[str, str]:
        return {"id": self.id, "name": self.name}


@dataclass
class Plan:
    """Handler, plan and dates (三定). A changed plan is a new one; the last of them holds."""

    handler: str
    phone: str
    plan: str
    reply_by: date | None
    made_on: date


@dataclass
class Contact:
    """One contact with deputies, before, during or after handling (三访)."""

    phase: str
    method: str
    face_to_face: bool
    on: date
    deputies: list[Person]
    people: str
    notes: str
    logged_by: str


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
class Commitment:
    """A promise of a reply, with the date by which it will be kept."""

    text: str
    due_on: date
    done_when: str = ""  # by what anybody can see that it is kept (怎样算完成)
    leader: str = ""  # who answers for it in the unit


@dataclass
class Draft:
    """A reply as it was drafted. Each change is a new draft; the last of them is the one that is reviewed."""

    round: int
    text: str
    reply_class: str
    publicity: str
    contact: str
    phone: str
    commitments: list[Commitment]
    without_opinions: str  # why it does not wait for the joint units' opinions; empty if all are there
    drafted_on: date
    drafted_by: str
    approved_on: date | None = None
    approved_by: str = ""
    rejected_reason: str = ""


@dataclass
class Reply:
    """A reply as it went to the deputies. Replies of earlier rounds stay."""

    id: str
    round: int
    document_number: str
    reply_class: str
    publicity: str
    text: str
    contact: str
    phone: str
    issued_on: date
    deputies: list[Person]
    commitments: list[Commitment]
    missing_opinions: list[str]


@dataclass
class Submission:
    """What a part's unit handed in (报送): its opinion, or a draft for the reply. A later one replaces it."""

    text: str
    handed_in_on: date
    by: str
    sent_back: str = ""  # why it was sent back


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
    drafts: list[Draft] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    parent: str = ""
    # The unit's office, which hands out what the unit is given: itself, or one below it; empty where it hands nothing out.
    desk: str = ""
    offices: list[str] = field(
        default_factory=list
    )  # that watch over it: of its system, of a part those up the chain
    due_on: date | None = None  # of a part: when it is to be handed in
    note: str = ""  # of a part: what is asked for
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
    def replies_itself(self) -> bool:
        """Is it for a lead or separate unit, which has to reply to the deputies?"""
        return self.role in ("lead", "separate")

    @property
    def extension_is_asked(self) -> bool:
        return self.extension is not None and self.extension.state == "asked"

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
        if desks & actor.units("unit_head"):
            found.add("unit_head")
        if desks & actor.units("distributing"):
            found.add("distributing_unit")
        return frozenset(found)

    def allows(self, rule: Rule) -> bool:
        """Is this possible with the task as it is now, whoever does it?"""
        if self.state not in rule.when:
            return False
        if rule.command == "ask_extension":
            return self.replies_itself and self.round == 1 and self.extension is None
        if rule.command in ("grant_extension", "refuse_extension"):
            return self.extension_is_asked
        if rule.command == "distribute_task":
            return bool(self.desk)
        return bool((_OTHERS | {RELATION[self.role]}) & set(rule.by))

    def obstacle(self, rule: Rule) -> str:
        """Why something is not possible though the state would allow it; empty when it is for the state."""
        if self.state not in rule.when:
            return ""
        if rule.command == "ask_extension":
            return (
                "再次办理应当在一个月内答复，不能延期。"
                if self.round > 1
                else "延期只能申请一次，这项任务已经申请过。"
            )
        if rule.command in ("grant_extension", "refuse_extension"):
            return "这项任务没有等待决定的延期申请。"
        return ""

    def possible(self) -> list[Rule]:
        """What can be done with the task now, by whoever may."""
        return [rule for rule in TASK_RULES.by_command.values() if self.allows(rule)]

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
        return {**listed, "due_on": self.due_on.isoformat()} if self.due_on else listed

    def called(self) -> str:
        """The task as a refusal calls it."""
        return f"{self.unit.name}（{(UNIT_ROLES | PART)[self.role]}）的任务"
