"""Planned supervision: a day on which somebody goes there or sits down with the units, and who of the deputies comes along.

Source: deputies take part in the supervision (代表参与督办, Hunan 2023).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from services.supervision.model.facts import Named
from services.supervision.model.ledger import OVERSEERS, UNIT_PEOPLE
from shared.aggregate import Governed
from shared.identity import Actor
from shared.problems import Invalid
from shared.rules import Rule, Rules

STATES = {"planned": "已安排", "held": "已开展", "cancelled": "已取消"}

RULES = Rules(
    "次督办安排",
    STATES,
    [
        Rule("answer_supervision", "答复是否参加督办", ("guest",), ("planned",)),
        Rule("cancel_supervision", "取消督办安排", OVERSEERS, ("planned",)),
    ],
)


@dataclass
class Guest:
    """A deputy who is invited, and what came of it: empty, comes or stays_away."""

    deputy: Named
    answer: str = ""
    words: str = ""


@dataclass(kw_only=True)
class Visit(Governed):
    """One planned supervision of one suggestion."""

    rules: ClassVar[Rules] = RULES

    suggestion: str
    on: date
    method: str
    place: str
    led_by: str
    guests: list[Guest]
    units: list[Named]
    note: str = ""
    planned_by: str = ""
    state: str = "planned"
    reason: str = ""

    def relations(self, actor: Actor) -> frozenset[str]:
        """Who oversees the congress plans it, invited deputies answer, its units look on."""
        found = {role for role in OVERSEERS if actor.has(role, self.congress)}
        if self._of(actor):
            found.add("guest")
        if actor.units(*UNIT_PEOPLE) & {unit.id for unit in self.units}:
            found.add("unit")
        return frozenset(found)

    def called(self) -> str:
        return f"{self.on}的督办"

    def answer(self, comes: bool, words: str, by: Actor, today: date) -> Guest:
        """The deputy comes, or does not; another word may take its place until the day."""
        if today > self.on:
            raise Invalid("督办的日子已经过了。")
        (guest, *_) = self._of(by)
        guest.answer, guest.words = ("comes" if comes else "stays_away"), words
        return guest

    def cancel(self, reason: str) -> None:
        self.state, self.reason = "cancelled", reason

    def hold(self) -> None:
        """It has taken place and was logged."""
        self.state = "held"

    def _of(self, actor: Actor) -> list[Guest]:
        return [guest for guest in self.guests if guest.deputy.id in actor.seats]
