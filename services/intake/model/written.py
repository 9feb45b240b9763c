"""What is known of a suggestion before it is handed out: its text, its people, where it stands."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from services.intake.model import entrance
from services.intake.model.parts import (
    Confirmation,
    HandUp,
    Invitation,
    KeyMark,
    KeyProposal,
    Letter,
    Person,
    Picked,
    Step,
    Version,
    VoiceUsed,
)
from services.intake.model.rules import READERS, RULES
from shared.aggregate import Governed
from shared.identity import Actor
from shared.rules import Rules

CONTENT_LABELS = {
    "title": "标题", "situation": "情况", "analysis": "分析", "proposals": "具体意见", "kind": "类型", "category": "类别",
}  # fmt: skip


@dataclass(kw_only=True)
class Written(Governed):
    """One deputy's suggestion: one matter (一事一案), with situation, analysis and concrete proposals (003)."""

    rules: ClassVar[Rules] = RULES

    state: str = "draft"
    title: str
    situation: str
    analysis: str
    proposals: str
    kind: str
    category: str
    lead: Person
    lead_is_vacant: bool = False  # the seat fell vacant: somebody else has to lead
    delegation: str = ""  # name of the delegation whose own suggestion it is; empty for a deputy's
    delegation_id: str = ""
    confirmation: Confirmation | None = None  # by the delegation's head
    basis: str = ""  # the research it rests on (调研情况)
    proposed_units: list[Person] = field(default_factory=list)  # whose business it is, as its deputy sees it
    several_years: bool = False  # to be done over several years (几年办一件)
    opinions: list[str] = field(default_factory=list)  # of voters, that it grew from
    voices: list[VoiceUsed] = field(default_factory=list)  # opinions recorded at stations that it grew from
    invitations: list[Invitation] = field(default_factory=list)
    session: str = ""
    during_session: bool = False
    submitted_on: date | None = None
    times_submitted: int = 0
    found: list[str] = field(default_factory=list)  # codes of the findings with which it was submitted last
    number: str = ""
    year: int = 0
    letter: Letter | None = None
    hand_up: HandUp | None = None
    merged_into: str = ""
    voices_joined: list[str] = field(default_factory=list)  # opinions that those merged into it grew from
    split_from: str = ""
    split_into: list[str] = field(default_factory=list)
    closed_on: date | None = None  # as evaluation told
    practices_on: date | None = None  # it goes on by what held that day, and not by what held when it began
    key: KeyMark | None = None
    key_proposals: list[KeyProposal] = field(default_factory=list)
    picked: Picked | None = None  # to be sponsored, before it is a key suggestion
    units: list[str] = field(
        default_factory=list
    )  # ids of those that have it or watch over it, as assignment told
    units_told: int = 0  # in its event of this sequence
    # Of units asked in advance whether they will take it: they read it until it is assigned.
    consulted: list[str] = field(default_factory=list)
    history: list[Step] = field(default_factory=list)
    returned: list[Version] = field(default_factory=list)  # texts that were returned, the first one first

    # --- who is who -------------------------------------------------------------------------------------------

    def relations(self, actor: Actor) -> frozenset[str]:
        """Drafts are their deputies' alone; from submission on the liaison office sees the suggestion, and once it was
        accepted those who have to read it: the congress's other offices and the units that handle it."""
        found = set()
        if self.lead.id in actor.seats:
            found.add("lead_deputy")
        for invitation in self.invitations:
            if invitation.deputy.id in actor.seats and invitation.answer != "declined":
                found.add("cosigner" if invitation.answer == "accepted" else "invited")
        if self.confirmation and self.confirmation.head.id in actor.seats:
            found.add("delegation_head")
        if self.state not in ("draft", "discarded") and actor.has("liaison", self.congress):
            found.add("liaison")
        if self.hand_up and self.state == "handed_up" and actor.has("liaison", self.hand_up.to):
            found.add("office_above")
        if self.state in ("accepted", "merged"):
            found |= {role for role in READERS if actor.has(role, self.congress)}
            readers = self.units if self.units_told else self.consulted
            if actor.units("handler", "unit_head", "distributing") & set(readers):
                found.add("unit")
        if actor.has("system"):
            found.add("system")
        return frozenset(found)

    def called(self) -> str:
        return f"《{self.title}》"

    def may(self, actor: Actor) -> list[dict[str, str]]:
        """As the table says, less what would be refused for this suggestion now."""
        impossible = (
            {"make_key", "propose_key", "merge_suggestion"}
            if self.key
            else {"change_key_mark", "release_key"}
        )
        if self.closed_on:
            impossible |= {"merge_suggestion", "correct_suggestion", "propose_key", "make_key"}
        if self.closed_on or not self.units_told:
            impossible.add("renew_practices")
        if self.letter and self.letter.answered_on:
            impossible.add("answer_letter")
        if not self.needs_lead or not self.cosigners:
            impossible.add("replace_lead")
        if self.state == "returned" and not self.is_left_alone:
            impossible.add("treat_as_letter")
        stage = self.hand_up.answer if self.hand_up else ""
        impossible |= {"answer_hand_up"} if stage != "taken" else set()
        impossible |= {"take_over", "decline_hand_up"} if stage != "waiting" else set()
        if not self.delegation_id or (self.confirmation and self.confirmation.answer == "confirmed"):
            impossible.add("ask_delegation")
        if not self.confirmation or self.confirmation.answer != "asked":
            impossible.add("confirm_for_delegation")
        return [line for line in super().may(actor) if line["command"] not in impossible]

    @property
    def needs_lead(self) -> bool:
        """Does the office have to find another lead deputy, or another way for what nobody can submit again? Without a
        cosigner to take it over, what was submitted goes its way as it is."""
        concerned = ("submitted", "returned", "accepted") if self.cosigners else ("returned",)
        return self.lead_is_vacant and not self.closed_on and self.state in concerned

    @property
    def is_left_alone(self) -> bool:
        """Was it returned to somebody who is no deputy any more, with nobody to take over?"""
        return self.state == "returned" and self.lead_is_vacant and not self.cosigners

    @property
    def cosigners(self) -> list[Person]:
        """The deputies who accepted, in the order in which they were invited."""
        return [invitation.deputy for invitation in self.invitations if invitation.answer == "accepted"]

    @property
    def deputies(self) -> list[Person]:
        """Everybody who gets the reply: the lead deputy and the cosigners."""
        return [self.lead, *self.cosigners]

    # --- its text ---------------------------------------------------------------------------------------------

    def findings(self, bars: Collection[str] = ()) -> list[entrance.Finding]:
        """What the office would object to in the text as it is now; `bars` are codes that the congress lets not pass."""
        return entrance.findings(self.text(), self.congress, bars)

    def changes(self) -> list[dict[str, str]]:
        """What is other than when it was returned last: [{part, label, before, after}]."""
        if not self.returned:
            return []
        before, now = self.returned[-1].text, self.text()
        return [
            {"part": part, "label": label, "before": before[part], "after": now[part]}
            for part, label in CONTENT_LABELS.items()
            if before[part] != now[part]
        ]

    def text(self) -> dict[str, str]:
        """Title, the three parts, kind and category."""
        return {name: getattr(self, name) for name in CONTENT_LABELS}

    def content(self) -> dict[str, Any]:
        """Text and people, as events carry them."""
        return {
            **self.text(),
            "lead": named(self.lead),
            "cosigners": [named(deputy) for deputy in self.cosigners],
            "delegation": self.delegation,
            **({"delegation_id": self.delegation_id} if self.delegation_id else {}),
            "basis": self.basis,
            "proposed_units": [named(unit) for unit in self.proposed_units],
            "several_years": self.several_years,
            "opinions": self.opinions,
        }

    def invitation_of(self, actor: Actor) -> Invitation:
        return next(i for i in self.invitations if i.deputy.id in actor.seats and i.answer != "declined")

    def add(self, what: str, by: Actor, now: datetime, reason: str = "") -> None:
        self.history.append(Step(now, by.name, what, reason))


def named(person: Person) -> dict[str, str]:
    return {"id": person.id, "name": person.name}
