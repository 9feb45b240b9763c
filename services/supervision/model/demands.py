"""Demands: what a unit was told to do or to report by a day, on the spot, in an instruction, or because somebody asks how it goes.

Sources: demands made on the spot and several hearings of progress (Hunan 2023, Liuyang 2022); leaders' instructions 批示
(Hunan 2021).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from services.supervision.model.facts import Named
from services.supervision.model.ledger import OVERSEERS, UNIT_PEOPLE
from shared.aggregate import Governed
from shared.identity import Actor
from shared.problems import Invalid
from shared.rules import Rule, Rules

ORIGINS = {
    "supervision": "督办要求",
    "instruction": "领导批示",
    "progress": "要求报告进展",
    "report": "主动报告进展",
    "look_back": "回头看整改",
    "appraisal": "代表评议整改",
    "hearing": "审议意见",
}
STATES = {"open": "待答复", "answered": "已答复，待核定", "settled": "已了结"}

RULES = Rules(
    "项要求",
    STATES,
    [
        Rule("answer_demand", "答复要求", ("unit",), ("open",)),
        Rule("settle_demand", "核定了结", OVERSEERS, ("open", "answered")),
        Rule("return_demand", "退回重新落实", OVERSEERS, ("answered",)),
    ],
)


@dataclass
class Answer:
    """What a unit says to it: what was done, what hinders, what comes next. Answers are added, never changed."""

    at: datetime
    by: str
    text: str
    hindered_by: str = ""
    next_steps: str = ""


@dataclass
class Returned:
    """That an answer was not enough: why, and the date until which the unit has now."""

    at: datetime
    by: str
    reason: str
    due_on: date | None


@dataclass(kw_only=True)
class Demand(Governed):
    """One demand to one unit. `source` is the supervision or the hearing in which it was made; `words` are a leader's own.

    One that came of an appraisal or a hearing is about no suggestion: `suggestion` is empty.
    """

    rules: ClassVar[Rules] = RULES

    suggestion: str
    unit: Named
    origin: str
    text: str
    due_on: date | None
    asked_on: date
    asked_by: str  # who says it: the leader, or the office
    asked_by_account: str
    deputies: list[str]  # ids of the suggestion's deputies, who follow it
    source: str = ""
    state: str = "open"
    answers: list[Answer] = field(default_factory=list)
    returned: list[Returned] = field(default_factory=list)
    settled_by: str = ""
    settled_on: date | None = None
    note: str = ""

    def relations(self, actor: Actor) -> frozenset[str]:
        """Its unit answers, those who oversee the congress settle it, the suggestion's deputies look on."""
        found = {role for role in OVERSEERS if actor.has(role, self.congress)}
        if self.unit.id in actor.units(*UNIT_PEOPLE):
            found.add("unit")
        if actor.seats & set(self.deputies):
            found.add("answered_deputy")
        return frozenset(found)

    def called(self) -> str:
        return f"“{self.text}”"

    def answer(self, answer: Answer, today: date) -> None:
        """The unit answers. How it goes needs nobody's consent: with that a question for progress is settled."""
        self.answers.append(answer)
        self.state = "answered"
        if self.origin in ("progress", "report"):
            self.state, self.settled_on, self.settled_by = "settled", today, answer.by

    def settle(self, note: str, by: Actor, today: date) -> None:
        """It is done, or not needed any more."""
        if self.state == "open" and not note:
            raise Invalid(
                "请说明为什么不再要求答复。", {"note": ["承办单位还没有答复，请写明不再要求的原因。"]}
            )
        self.state, self.note, self.settled_by, self.settled_on = "settled", note, by.name, today

    def send_back(self, reason: str, due_on: date, by: Actor, now: datetime, today: date) -> None:
        """The answer is not enough; a new date."""
        require_ahead(due_on, today)
        self.returned.append(Returned(now, by.name, reason, due_on))
        self.state, self.due_on = "open", due_on


def require_ahead(due_on: date, today: date, name: str = "due_on") -> None:
    """Raise unless the day is still to come."""
    if due_on <= today:
        raise Invalid("期限已经过去。", {name: ["期限应当晚于今天。"]})
