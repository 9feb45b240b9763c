"""What a suggestion consists of beside its text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from shared.offices import KIND_OF


@dataclass
class Person:
    """A deputy, by seat."""

    id: str
    name: str


@dataclass
class Confirmation:
    """That the head of the delegation in whose name it is was asked, and what the head said: asked, confirmed, declined;
    void when the text changed afterwards."""

    head: Person
    asked_on: date
    answer: str = "asked"
    answered_on: date | None = None
    reason: str = ""


@dataclass
class Invitation:
    """An invitation to cosign and what became of it: invited, accepted, declined, or asked again after the text changed."""

    deputy: Person
    invited_on: date
    answer: str = "invited"
    answered_on: date | None = None
    answer_by: date | None = None  # after this day it has lapsed

    def has_lapsed(self, today: date) -> bool:
        return self.answer == "invited" and self.answer_by is not None and today > self.answer_by

    def answered(self, answer: str, today: date) -> None:
        self.answer, self.answered_on = answer, today

    def ask(self, today: date, answer_by: date | None, answer: str = "invited") -> None:
        """Ask, or ask anew."""
        self.answer, self.invited_on, self.answered_on, self.answer_by = answer, today, None, answer_by


@dataclass
class Step:
    """One line of the suggestion's history in intake. Lines are added, never changed."""

    at: datetime
    by: str
    what: str
    reason: str = ""


@dataclass
class Letter:
    """A suggestion that was treated as a letter (转作来信): who got it, and what came of it."""

    receiver: str
    sent_on: date
    answer: str = ""
    answered_on: date | None = None


@dataclass
class HandUp:
    """That it was handed up to the congress above (转交上级), and what came of it: waiting, taken, declined, answered."""

    to: str
    to_name: str
    made_on: date
    explanation: str
    answer: str = "waiting"
    taken_on: date | None = None
    answered_on: date | None = None
    words: str = ""  # of the answer, or why it was declined


@dataclass
class Version:
    """The text as it was submitted and returned, and why."""

    submitted_on: date
    returned_on: date
    reason: str
    text: dict[str, str]


@dataclass
class VoiceUsed:
    """A voter's opinion that a deputy used in the draft; who the voter is, is not said here."""

    id: str
    words: str
    station: str


@dataclass
class KeyProposal:
    """That somebody proposed it as a key suggestion, and why."""

    by: str
    on: date
    reason: str
    is_settled: bool = False  # it was a key suggestion meanwhile, and is none any more


@dataclass
class Picked:
    """The post whose holder picked it from a list of recommended ones, to sponsor it (领办)."""

    office_id: str
    leader: str
    on: date


@dataclass
class KeyMark:
    """That it is a key suggestion: theme, who leads its supervision, who sponsors it, which committee supervises."""

    theme: str
    leading_supervisor: str
    sponsor: str
    committee: str
    decided_on: date
    # The posts (职务) that these are, where they were chosen: what the mark says goes with who holds them.
    leading_supervisor_id: str = ""
    sponsor_id: str = ""
    committee_id: str = ""

    def as_data(self) -> dict[str, str]:
        offices = {name: id for name, id in vars(self).items() if name.endswith("_id") and id}
        return {
            "theme": self.theme, "leading_supervisor": self.leading_supervisor, "sponsor": self.sponsor,
            "committee": self.committee, "decided_on": self.decided_on.isoformat(), **offices,
        }  # fmt: skip

    def sponsored_by(self, office_id: str, leader: str) -> KeyMark:
        return replace(self, sponsor=leader, sponsor_id=office_id)

    def with_office(self, id: str, name: str) -> KeyMark:
        """The same with the name by which this post is called now."""
        named: dict[str, Any] = {role: name for role in KIND_OF if getattr(self, f"{role}_id") == id}
        return replace(self, **named)
