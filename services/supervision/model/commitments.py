"""A commitment: what a reply promised, with a date, followed until it is kept (销号)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from services.supervision.model.facts import Named
from shared.aggregate import Governed
from shared.identity import Actor
from shared.problems import Invalid
from shared.rules import Rule, Rules

STATES = {"open": "未完成", "kept": "已销号"}

RULES = Rules(
    "项承诺",
    STATES,
    [
        Rule("keep_commitment", "销号", ("unit", "liaison"), ("open",)),
        Rule("slip_commitment", "说明延期", ("unit", "liaison"), ("open",)),
    ],
)


@dataclass
class Slip:
    """That a promise got a new date, and why. Slips are added, never changed."""

    at: datetime
    by: str
    before: date
    due_on: date
    explanation: str


@dataclass(kw_only=True)
class Commitment(Governed):
    """One promise of one unit. `reply` is empty when an office recorded it by hand."""

    rules: ClassVar[Rules] = RULES

    suggestion: str
    unit: Named
    text: str
    due_on: date
    deputies: list[str]  # ids of those to whom it was promised
    recorded_at: datetime
    reply: str = ""
    state: str = "open"
    kept_on: date | None = None
    evidence: str = ""
    kept_by: str = ""
    slips: list[Slip] = field(default_factory=list)

    def relations(self, actor: Actor) -> frozenset[str]:
        """Its unit and the liaison office act; the other offices and its deputies look on."""
        found = {role for role in ("liaison", "distributing", "supervisor") if actor.has(role, self.congress)}
        if self.unit.id in actor.units("handler", "unit_head"):
            found.add("unit")
        if actor.seats & set(self.deputies):
            found.add("answered_deputy")
        return frozenset(found)

    def called(self) -> str:
        return f"“{self.text}”"

    @property
    def late(self) -> bool:
        return self.kept_on is not None and self.kept_on > self.due_on

    def keep(self, evidence: str, kept_on: date, by: Actor, today: date) -> None:
        """Close it as kept, with the evidence."""
        if kept_on > today:
            raise Invalid("完成日期还没有到。", {"kept_on": ["完成日期不能晚于今天。"]})
        self.state, self.evidence, self.kept_on, self.kept_by = "kept", evidence, kept_on, by.name

    def slip(self, explanation: str, due_on: date, by: Actor, now: datetime, today: date) -> Slip:
        """Give it a later date. The old one stays on record."""
        if due_on <= self.due_on:
            raise Invalid("新的期限没有推后。", {"due_on": [f"新的期限应当晚于原定的{self.due_on}。"]})
        if due_on <= today:
            raise Invalid("新的期限已经过去。", {"due_on": ["新的期限应当晚于今天。"]})
        slip = Slip(now, by.name, self.due_on, due_on, explanation)
        self.slips.append(slip)
        self.due_on = due_on
        return slip
