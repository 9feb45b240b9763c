"""Circulars (通报): at fixed times, the situation is told to all, with what is late named one by one (Hunan 2022, Liuyang 2022)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from services.supervision.model.ledger import OVERSEERS
from shared.aggregate import Governed
from shared.identity import Actor
from shared.problems import Invalid
from shared.rules import Rule, Rules

STATES = {"new": "尚未拟定", "drawn": "拟定中", "issued": "已印发", "discarded": "已作废"}
OFFICES = ("liaison", "distributing")  # each tells its own system (定时通报, Liuyang 2022)

RULES = Rules(
    "份通报",
    STATES,
    [
        Rule("draw_up_circular", "拟定通报", OFFICES, ("new",)),
        Rule("issue_circular", "印发通报", OFFICES, ("drawn",)),
        Rule("discard_circular", "作废通报", OFFICES, ("drawn",)),
    ],
)

# What a circular may name.
SUBJECTS = {
    "late": "逾期未办的建议",
    "promises": "逾期未兑现的承诺",
    "kept": "本期销号的承诺",
    "measures": "本期采取的督办措施",
}


@dataclass(frozen=True)
class Named:
    """One thing that is named, as it stood when the circular was drawn up."""

    subject: str
    suggestion: str
    number: str
    title: str
    unit_name: str
    what: str


@dataclass(kw_only=True)
class Circular(Governed):
    """One circular of one congress about a period, both days included."""

    rules: ClassVar[Rules] = RULES

    title: str
    since: date
    until: date
    addressed_to: str
    text: str
    entries: list[Named]
    drawn_by: str
    state: str = "drawn"
    document_number: str = ""
    issued_on: date | None = None
    issued_by: str = ""

    def __post_init__(self) -> None:
        if self.since > self.until:
            raise Invalid("起止日期有误。", {"until": ["结束日期不能早于开始日期。"]})

    def relations(self, actor: Actor) -> frozenset[str]:
        """Before it is issued, the offices' own; then of everybody who has a role at the congress."""
        found = {role for role in OVERSEERS if actor.has(role, self.congress)}
        if self.state == "issued" and self.congress in actor.congresses():
            found.add("public")
        return frozenset(found)

    def called(self) -> str:
        return f"《{self.title}》"

    def issue(self, document_number: str, text: str, by: Actor, today: date) -> None:
        """It goes out; `text` may mend what was drawn up."""
        self.state, self.document_number, self.issued_on, self.issued_by = (
            "issued",
            document_number,
            today,
            by.name,
        )
        self.text = text or self.text

    def discard(self) -> None:
        self.state = "discarded"
