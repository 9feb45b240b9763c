"""How the parties of the grand supervision coordinate: with one another, between the systems, with deputies and units.

Source: 党委、人大、政府办公厅（室）各系统协调督办 (Hunan 2021); 六方做好与代表、有关部门的沟通协调 (Hunan 2023).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import ClassVar

from services.supervision.model.facts import Named
from services.supervision.model.ledger import OVERSEERS, UNIT_PEOPLE
from shared.aggregate import Governed, new_id
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid, WrongState
from shared.rules import Rule, Rules

RULES = Rules(
    "次协调",
    {"new": "尚未登记", "logged": "已登记"},
    [
        Rule("log_coordination", "登记协调", (*OVERSEERS, "system_office"), ("new",)),
        Rule("finish_share", "办好分工", (*OVERSEERS, "unit", "system_office"), ("logged",)),
    ],
)

# Who of each party reads what was agreed with it. Units and deputies are named one by one.
ROLES_OF_PARTY = {
    "leads": ("standing_leader", "supervisor"), "sponsors": ("government_leader", "supervisor"), "oversees": ("committee", "supervisor"),
    "liaison": ("liaison",), "distributing": ("distributing",),
}  # fmt: skip


@dataclass(frozen=True)
class About:
    """A suggestion that it was about, as it was called then."""

    id: str
    number: str
    title: str


@dataclass(frozen=True)
class Share:
    """Who does what by when."""

    who: str
    what: str
    due_on: date | None
    done_on: date | None = None
    done_by: str = ""  # the person who said so
    came_of_it: str = ""

    def is_of(self, unit: str) -> bool:
        """Is this the unit's, by its name or the end of it (省税务局 for 国家税务总局湖南省税务局)?"""
        return unit.endswith(self.who)


@dataclass(kw_only=True)
class Coordination(Governed):
    """One coordination. What was agreed is read by the parties, units and deputies that it names, and nobody else."""

    rules: ClassVar[Rules] = RULES

    state: str = "logged"
    on: date
    title: str
    parties: list[str]
    units: list[Named]
    about: list[About]
    agreed: str
    shares: list[Share]
    logged_by: str
    account: str  # of who logged it
    deputies: list[str] = field(default_factory=list)  # seats; of the suggestions that it was about

    @classmethod
    def log(
        cls, congress: str, title: str, on: date, parties: list[str], units: list[Named], about: list[About], deputies: list[str],
        agreed: str, shares: list[Share], by: Actor, now: datetime, today: date,
    ) -> Coordination:  # fmt: skip
        """Log what was agreed with at least one party or unit."""
        if on > today:
            raise Invalid("协调日期有误。", {"on": ["协调日期不能晚于今天。"]})
        if not parties and not units and not deputies:
            sentence = "请选择与哪些方面、哪些单位协调；与代表协调的，请选择是哪件建议。"
            raise Invalid("没有写明与谁协调。", {"parties": [sentence]})
        logged = cls(
            id=new_id(), congress=congress, title=title, on=on, parties=parties, units=units, about=about, deputies=deputies,
            agreed=agreed, shares=shares, logged_by=by.name, account=by.account,
        )  # fmt: skip
        logged.record(
            "coordination.logged", now, by, on=on.isoformat(), title=title, parties=parties, units=[unit.as_data() for unit in units],
            suggestions=[one.id for one in about], agreed=agreed,
            shares=[{"who": s.who, "what": s.what, "due_on": s.due_on.isoformat() if s.due_on else None} for s in shares],
        )  # fmt: skip
        return logged

    def called(self) -> str:
        return f"协调“{self.title}”"

    def finish_share(self, number: int, came_of_it: str, by: Actor, now: datetime) -> None:
        """One of those whom it names, or who logged it, says that a share is done, and what came of it. Once, for good."""
        if not 1 <= number <= len(self.shares):
            sentence = f"这次协调有{len(self.shares)}项分工，没有第{number}项。"
            raise Invalid(sentence, {"share": [sentence]})
        share = self.shares[number - 1]
        if share.done_on:
            raise WrongState(f"{share.who}的这一项已于{share.done_on}由{share.done_by}登记办好。")
        done = replace(share, done_on=legal_date(now), done_by=by.name, came_of_it=came_of_it)
        self.shares[number - 1] = done
        self.record(
            "share.finished", now, by, title=self.title, share=number, who=done.who, what=done.what, done_on=legal_date(now).isoformat(),
            came_of_it=came_of_it, due_on=done.due_on.isoformat() if done.due_on else None,
        )  # fmt: skip

    @property
    def open_shares(self) -> list[Share]:
        return [share for share in self.shares if share.done_on is None]

    def owed(self, actor: Actor) -> list[Share]:
        """The open shares that are the person's to see to: a unit's that is named as whose it is; others stay with who logged them."""
        own = {unit.name for unit in self.units if unit.id in actor.units(*UNIT_PEOPLE)}
        named = {unit.name for unit in self.units}
        return [
            share for share in self.open_shares
            if any(map(share.is_of, own)) or (actor.account == self.account and not any(map(share.is_of, named)))
        ]  # fmt: skip

    def relations(self, actor: Actor) -> frozenset[str]:
        """The liaison office coordinates the others (联工委协调): it reads all of its congress."""
        named = {role for party in self.parties for role in ROLES_OF_PARTY.get(party, ())} | {"liaison"}
        found = {role for role in named if actor.has(role, self.congress)}
        if {unit.id for unit in self.units} & actor.units(*UNIT_PEOPLE):
            found.add("unit")
        if set(self.deputies) & actor.seats:
            found.add("answered_deputy")
        if actor.account == self.account:
            found.add("system_office")
        return frozenset(found)
