"""What one unit has to do for one suggestion, from signing for it to the reply."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.assignment.model.rules import OFFICES, OVER, TASK_RULES
from shared.identity import Actor
from shared.rules import Rule
from shared.terms import UNIT_ROLES

RELATION = {"lead": "lead_unit", "joint": "joint_unit", "separate": "unit"}  # of a unit's people to its task


@dataclass(frozen=True)
class Person:
    """A deputy, by seat."""

    id: str
    name: str


@dataclass(frozen=True)
class Unit:
    """A handling unit."""

    id: str
    name: str

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
class Task:
    """One unit's task. `role` is lead, joint or separate; `round` rises when a rehandling is ordered."""

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

    @property
    def is_live(self) -> bool:
        """Does the unit still have it?"""
        return self.state not in OVER

    @property
    def replies_itself(self) -> bool:
        """Is it for a lead or separate unit, which has to reply to the deputies?"""
        return self.role != "joint"

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
        if self.unit.id not in actor.units("handler", "unit_head"):
            return frozenset()
        found = {RELATION[self.role]}
        if self.unit.id in actor.units("unit_head"):
            found.add("unit_head")
        return frozenset(found)

    def allows(self, rule: Rule) -> bool:
        """Is this possible with the task as it is now, whoever does it?"""
        if self.state not in rule.when:
            return False
        if rule.command == "ask_extension":
            return self.replies_itself and self.round == 1 and self.extension is None
        if rule.command in ("grant_extension", "refuse_extension"):
            return self.extension_is_asked
        return bool({RELATION[self.role], "unit_head", *OFFICES} & set(rule.by))

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
        return {"task": self.id, "unit": self.unit.as_data(), "role": self.role}

    def called(self) -> str:
        """The task as a refusal calls it."""
        return f"{self.unit.name}（{UNIT_ROLES[self.role]}）的任务"
