"""How deputies meet voters: receptions at a station (接待选民) and visits (走访).

Source: 各级人大代表每月进入活动室接待选民不少于1天，走访人民群众不少于30人 (Liuyang 2022).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from services.intake.model.parts import Person
from services.intake.model.station import Seat, Station, named_station
from shared.aggregate import Governed, new_id
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid, WrongState
from shared.rules import Rule, Rules
from shared.terms import ENCOUNTER_KINDS

ENCOUNTER_STATES = {"new": "尚未登记", "planned": "已安排", "held": "已登记", "cancelled": "已撤销"}

ENCOUNTER_RULES = Rules(
    "次接待或走访",
    ENCOUNTER_STATES,
    [
        Rule("cancel_encounter", "撤销", ("liaison", "station", "own_deputy"), ("planned", "held")),
    ],
)


@dataclass(kw_only=True)
class Encounter(Governed):
    """One deputy's day of receiving voters at a station, or one visit: planned, held or cancelled."""

    rules: ClassVar[Rules] = ENCOUNTER_RULES

    state: str
    kind: str  # see shared.terms.ENCOUNTER_KINDS
    station: Person
    deputy: Seat
    on: date
    hours: str = ""
    people: int = 0
    place: str = ""
    notes: str = ""
    recorded_by: str = ""
    reason: str = ""  # of cancelling

    def relations(self, actor: Actor) -> frozenset[str]:
        """`station` is whoever keeps a station of this congress: that it is this one is for the handler to see to."""
        found = {role for role in ("liaison", "station") if actor.has(role, self.congress)}
        if self.deputy.id in actor.seats:
            found.add("own_deputy")
        return frozenset(found)

    def called(self) -> str:
        return f"{self.deputy.name}{self.on}的{ENCOUNTER_KINDS[self.kind]}"

    @classmethod
    def plan_reception(cls, station: Station, deputy: Seat, on: date, hours: str, by: Actor, now: datetime) -> Encounter:  # fmt: skip
        if on < legal_date(now):
            raise Invalid("接待日已经过去。", {"on": ["请填写今天或以后的日期；已经接待的，请“登记接待”。"]})
        planned = cls._new(station, deputy, "reception", "planned", on, by, hours=hours)
        planned._tell("reception.planned", by, now, hours=hours)
        return planned

    @classmethod
    def logged(cls, station: Station, deputy: Seat, kind: str, on: date, by: Actor, now: datetime, **more: Any) -> Encounter:  # fmt: skip
        encounter = cls._new(station, deputy, kind, "held", on, by)
        encounter.log(by, now, **more)
        return encounter

    def log(self, by: Actor, now: datetime, people: int, notes: str = "", place: str = "") -> None:
        """It has taken place: how many people came, or were visited."""
        if self.on > legal_date(now):
            raise Invalid("日期还没有到。", {"on": ["只能登记今天或以前的接待和走访。"]})
        self.state, self.people, self.notes, self.place = "held", people, notes, place
        self.recorded_by = by.name
        self._tell(f"{self.kind}.logged", by, now, people=people)

    def cancel(self, reason: str, by: Actor, now: datetime) -> None:
        """A planned day is given up, or what was recorded was wrong: it counts no more and stays to be read."""
        was_held, self.state, self.reason = self.state == "held", "cancelled", reason
        self._tell(f"{self.kind}.cancelled", by, now, people=self.people, held=was_held, reason=reason)

    def require_not_held(self) -> None:
        if self.state == "held":
            raise WrongState(f"{self.called()}已经登记过了。登记有误的，请先撤销，再重新登记。")

    @classmethod
    def _new(cls, station: Station, deputy: Seat, kind: str, state: str, on: date, by: Actor, hours: str = "") -> Encounter:  # fmt: skip
        return cls(
            id=new_id(), congress=station.congress, state=state, kind=kind, station=named_station(station),
            deputy=deputy, on=on, hours=hours, recorded_by=by.name,
        )  # fmt: skip

    def _tell(self, name: str, by: Actor, now: datetime, **more: Any) -> None:
        self.record(
            name, now, by, station={"id": self.station.id, "name": self.station.name},
            deputy={"id": self.deputy.id, "name": self.deputy.name}, on=self.on.isoformat(), **more,
        )  # fmt: skip
