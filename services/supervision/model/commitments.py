"""A commitment: what a reply promised, with a date, followed until it is kept (销号)."""

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
from shared.terms import UNFINISHED_PROMISES

STATES = {
    "open": "未完成",
    "slip_asked": "延期待定",
    "reported": "已报完成，待确认",
    "kept": "已销号",
    "withdrawn": "已撤销",
}

RULES = Rules(
    "项承诺",
    STATES,
    [
        Rule("report_commitment", "报告进度", ("unit",), ("open", "slip_asked")),
        Rule("keep_commitment", "报告完成，申请销号", ("unit", "liaison"), ("open", "slip_asked")),
        Rule("confirm_commitment", "确认销号", ("liaison",), ("reported",)),
        Rule("refuse_commitment", "不同意销号", ("liaison",), ("reported",)),
        Rule("slip_commitment", "申请延期", ("unit", "liaison"), ("open",)),
        Rule("decide_slip", "决定是否延期", ("liaison",), ("slip_asked",)),
        Rule("withdraw_commitment", "撤销承诺", ("liaison",), UNFINISHED_PROMISES),
    ],
)
LABELS_OF_THE_OFFICE = {"keep_commitment": "销号", "slip_commitment": "延期"}  # what it does, it does at once


@dataclass
class Slip:
    """That a promise got a new date, and why. Slips are added, never changed."""

    at: datetime
    by: str
    before: date
    due_on: date
    explanation: str


@dataclass
class SlipAsked:
    """That a unit asks for a new date. The old one holds until the congress has decided."""

    at: datetime
    by: str
    due_on: date
    explanation: str


@dataclass
class Progress:
    """How far a unit has come. Reports are added, never changed."""

    at: datetime
    by: str
    text: str


@dataclass
class Refused:
    """That the congress did not accept what was reported, or the date that was asked for."""

    at: datetime
    by: str
    what: str  # keeping or slip
    reason: str


@dataclass
class Withdrawn:
    """That a promise does not stand any more, and why: another took its place, or it was recorded by mistake."""

    at: datetime
    by: str
    reason: str


@dataclass(kw_only=True)
class Commitment(Governed):
    """One promise of one unit. `reply` is empty when an office recorded it by hand.

    A promise is closed one by one (销号制, Hunan 2022): the unit reports that it is done, with evidence, and the congress
    confirms it. A later date is the congress's to give, too. Where the place leaves both to its units, `settled_by_unit`
    is passed with what they do. One that does not stand any more, for the reply that made it was sent back or another reply
    took its place, is withdrawn by the congress, with the reason: it counts neither as kept nor as left.
    """

    rules: ClassVar[Rules] = RULES

    suggestion: str
    unit: Named
    text: str
    due_on: date
    deputies: list[str]  # ids of those to whom it was promised
    recorded_at: datetime
    reply: str = ""
    done_when: str = ""  # by what anybody can see that it is kept (怎样算完成)
    leader: str = ""  # who answers for it in the unit
    state: str = "open"
    kept_on: date | None = None  # from when it is reported; what counts is the state
    evidence: str = ""
    kept_by: str = ""
    confirmed_by: str = ""
    slips: list[Slip] = field(default_factory=list)
    slip_asked: SlipAsked | None = None
    progress: list[Progress] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    withdrawn: Withdrawn | None = None

    def relations(self, actor: Actor) -> frozenset[str]:
        """Its unit and the liaison office act; the other offices and its deputies look on."""
        found = {role for role in OVERSEERS if actor.has(role, self.congress)}
        if self.unit.id in actor.units(*UNIT_PEOPLE):
            found.add("unit")
        if actor.seats & set(self.deputies):
            found.add("answered_deputy")
        return frozenset(found)

    def may(self, actor: Actor) -> list[dict[str, str]]:
        labels = LABELS_OF_THE_OFFICE if self.is_office(actor) else {}
        return [{**one, "label": labels.get(one["command"], one["label"])} for one in super().may(actor)]

    def is_office(self, actor: Actor) -> bool:
        """Does the person speak for the congress, so that what they do needs nobody's consent?"""
        return actor.has("liaison", self.congress)

    def called(self) -> str:
        return f"“{self.text}”"

    @property
    def is_kept(self) -> bool:
        return self.state == "kept"

    @property
    def late(self) -> bool:
        return self.is_kept and self.kept_on is not None and self.kept_on > self.due_on

    def report(self, text: str, by: Actor, now: datetime) -> None:
        """Say how far it has come."""
        self.progress.append(Progress(now, by.name, text))

    def keep(
        self, evidence: str, kept_on: date, by: Actor, today: date, settled_by_unit: bool = False
    ) -> bool:
        """Report it as done, with the evidence; returns whether it is closed with that, or waits for the congress.

        A date that was asked for meanwhile is not needed any more.
        """
        if kept_on > today:
            raise Invalid("完成日期还没有到。", {"kept_on": ["完成日期不能晚于今天。"]})
        self.evidence, self.kept_on, self.kept_by, self.slip_asked = evidence, kept_on, by.name, None
        settled = settled_by_unit or self.is_office(by)
        self.state = "kept" if settled else "reported"
        return settled

    def confirm(self, by: Actor) -> None:
        """The congress confirms: closed (销号)."""
        self.state, self.confirmed_by = "kept", by.name

    def refuse(self, reason: str, by: Actor, now: datetime) -> None:
        """The congress does not take it for done: the promise runs on. What was reported stays on record."""
        self.refused.append(Refused(now, by.name, "keeping", f"{reason}（原报：{self.evidence}）"))
        self.state, self.kept_on, self.evidence, self.kept_by = "open", None, "", ""

    def slip(
        self,
        explanation: str,
        due_on: date,
        by: Actor,
        now: datetime,
        today: date,
        settled_by_unit: bool = False,
    ) -> Slip | None:
        """Ask for a later date, or give it. Returns the slip when it is given with that, None when the congress decides."""
        if due_on <= self.due_on:
            raise Invalid("新的期限没有推后。", {"due_on": [f"新的期限应当晚于原定的{self.due_on}。"]})
        if due_on <= today:
            raise Invalid("新的期限已经过去。", {"due_on": ["新的期限应当晚于今天。"]})
        if settled_by_unit or self.is_office(by):
            return self._move(Slip(now, by.name, self.due_on, due_on, explanation))
        self.state, self.slip_asked = "slip_asked", SlipAsked(now, by.name, due_on, explanation)
        return None

    def accept_slip(self) -> Slip:
        """The congress gives the date that was asked for. The old one stays on record."""
        asked = self._asked()
        return self._move(Slip(asked.at, asked.by, self.due_on, asked.due_on, asked.explanation))

    def refuse_slip(self, reason: str, by: Actor, now: datetime) -> SlipAsked:
        """The congress holds to the date."""
        if not reason:
            raise Invalid("请说明为什么不同意延期。", {"reason": ["不同意延期的，请写明理由。"]})
        asked = self._asked()
        self.refused.append(Refused(now, by.name, "slip", reason))
        self.state, self.slip_asked = "open", None
        return asked

    def withdraw(self, reason: str, by: Actor, now: datetime) -> None:
        """It does not stand any more. What was told of it stays on record."""
        self.state, self.withdrawn, self.slip_asked = "withdrawn", Withdrawn(now, by.name, reason), None

    def _asked(self) -> SlipAsked:
        assert self.slip_asked is not None  # the state says so
        return self.slip_asked

    def _move(self, slip: Slip) -> Slip:
        self.slips.append(slip)
        self.due_on, self.state, self.slip_asked = slip.due_on, "open", None
        return slip
