"""Stations of deputies (代表联络站、活动室), built to one standard, with the deputies of all levels who work there.

Source: 制定《浏阳市人大代表联络站建设标准》，提质建设67个人大代表活动室（联络站），各级代表安排进活动室开展活动 (Liuyang 2022).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from services.intake.model.parts import Person, Step
from shared.aggregate import Governed, new_id
from shared.clock import legal_date
from shared.identity import SUPERVISORS_OF_THE_CONGRESS, Actor
from shared.problems import Invalid
from shared.reach import covers
from shared.rules import Rule, Rules

STATION_STATES = {"new": "尚未登记", "open": "开放", "closed": "已停用"}
AT_WORK = ("liaison", "station", "station_deputy")

STATION_RULES = Rules(
    "个联络站",
    STATION_STATES,
    [
        Rule("register_station", "登记联络站", ("liaison",), ("new",)),
        Rule("log_reception", "登记接待", AT_WORK, ("open",)),
        Rule("log_visit", "登记走访", AT_WORK, ("open",)),
        Rule("plan_reception", "安排接待日", AT_WORK, ("open",)),
        Rule("record_voice", "登记选民意见", AT_WORK, ("open",)),
        Rule("assign_to_station", "编入代表", ("liaison",), ("open",)),
        Rule("take_from_station", "调出代表", ("liaison",), ("open", "closed")),
        Rule("check_station", "对照标准检查", ("liaison", "station"), ("open",)),
        Rule("change_station", "变更联络站", ("liaison",), ("open",)),
        Rule("close_station", "停用联络站", ("liaison",), ("open",)),
        Rule("remind_of_duties", "提醒履职", ("system", "operator"), ("new",)),
    ],
)

# What a station has to have where the congress has not written a standard of its own (六有).
USUAL_STANDARD = (
    "有固定场所", "有统一标识", "有代表信息公示", "有接待制度", "有活动计划", "有工作台账",
)  # fmt: skip


@dataclass
class Seat:
    """A deputy with the congress whose deputy it is: people of several levels work at one station."""

    id: str
    name: str
    congress: str


@dataclass
class Point:
    """One point of the standard, and whether the station meets it."""

    item: str
    met: bool


@dataclass(kw_only=True)
class Station(Governed):
    """Where deputies receive voters: its place, who keeps it, who works there, how far it meets the standard."""

    rules: ClassVar[Rules] = STATION_RULES

    state: str = "open"
    name: str
    address: str
    head: str = ""
    phone: str = ""
    hours: str = ""
    keepers: list[str] = field(default_factory=list)  # accounts with the role `station` that keep this one
    deputies: list[Seat] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    checked_on: date | None = None
    reminded_for: str = ""  # the month in which its deputies were last reminded of what they have not done
    history: list[Step] = field(default_factory=list)

    def relations(self, actor: Actor) -> frozenset[str]:
        """The office of its congress, who keeps it, and the deputies who work there, of whatever level; leaders read."""
        found = {role for role in ("liaison", *SUPERVISORS_OF_THE_CONGRESS) if actor.has(role, self.congress)}
        if self.is_kept_by(actor):
            found.add("station")
        if self.seats_of(actor):
            found.add("station_deputy")
        return frozenset(found | ({"system"} if actor.has("system") else set()))

    def is_kept_by(self, actor: Actor) -> bool:
        return actor.has("station", self.congress) and actor.account in self.keepers

    def seats_of(self, actor: Actor) -> list[Seat]:
        return [seat for seat in self.deputies if seat.id in actor.seats]

    def called(self) -> str:
        return f"联络站“{self.name}”"

    @classmethod
    def register(cls, congress: str, by: Actor, now: datetime, **about: Any) -> Station:
        station = cls(id=new_id(), congress=congress, **about)
        station._tell("登记联络站", by, now)
        return station

    def change(self, by: Actor, now: datetime, **about: Any) -> None:
        for name, value in about.items():
            setattr(self, name, value)
        self._tell("变更联络站", by, now)

    def close(self, reason: str, by: Actor, now: datetime) -> None:
        self.state = "closed"
        self._tell("停用联络站", by, now, reason)

    def check_against(self, standard: Iterable[str], met: list[str], by: Actor, now: datetime) -> None:
        """Which points of the standard are met (建设标准); what is not a point of it cannot be."""
        items = list(standard)
        if unknown := [item for item in met if item not in items]:
            raise Invalid(
                "标准里没有这几项。", {"met": [f"标准里没有“{'”“'.join(unknown)}”，请刷新页面后再选。"]}
            )
        self.points, self.checked_on = [Point(item, item in met) for item in items], legal_date(now)
        missing = "、".join(point.item for point in self.points if not point.met)
        self._tell("对照标准检查", by, now, f"还没有达到：{missing}" if missing else "全部达到")

    def assign(self, seats: list[Seat], by: Actor, now: datetime) -> None:
        """Deputies of all levels are assigned (各级代表编入): of its congress, and of those above and below."""
        require_in_line(self.congress, seats)
        known = {seat.id for seat in self.deputies}
        new = [seat for seat in seats if seat.id not in known]
        self.deputies += new
        if new:
            self._tell("编入代表", by, now, "、".join(seat.name for seat in new))

    def take_out(self, deputies: list[str], by: Actor, now: datetime) -> None:
        gone = [seat for seat in self.deputies if seat.id in deputies]
        if len(gone) < len(deputies):
            raise Invalid("有的代表没有编入这个联络站。", {"deputies": ["请从已经编入的代表中选择。"]})
        self.deputies = [seat for seat in self.deputies if seat.id not in deputies]
        self._tell("调出代表", by, now, "、".join(seat.name for seat in gone))

    def who_acts(self, deputies: list[str], by: Actor, field: str = "deputies") -> list[Seat]:
        """The deputies of the station whose reception or visit is recorded; a deputy records the own ones only."""
        known = {seat.id: seat for seat in self.deputies}
        if any(id not in known for id in deputies):
            wrong = "有的代表没有编入这个联络站，请联工委先编入。"
            raise Invalid(wrong, {field: [wrong]})
        if not self.relations(by) & {"liaison", "station"} and any(id not in by.seats for id in deputies):
            wrong = "代表只能登记自己的接待和走访。"
            raise Invalid(wrong, {field: [wrong]})
        return [known[id] for id in deputies]

    def remind(self, deputy: Seat, period: str, due_on: date, text: str, by: Actor, now: datetime) -> None:
        self.record(
            "duty.due", now, by, station=self._named(), deputy={"id": deputy.id, "name": deputy.name}, period=period,
            due_on=due_on.isoformat(), text=text,
        )  # fmt: skip

    def _named(self) -> dict[str, str]:
        return {"id": self.id, "name": self.name}

    def _tell(self, what: str, by: Actor, now: datetime, reason: str = "") -> None:
        self.history.append(Step(now, by.name, what, reason))
        self.record(
            "station.recorded", now, by, name=self.name, address=self.address, head=self.head, phone=self.phone,
            hours=self.hours, open=self.state == "open", standard_met=sum(point.met for point in self.points),
            standard_points=len(self.points), reason=f"{what}。{reason}" if reason else what,
            deputies=[{"id": seat.id, "name": seat.name} for seat in self.deputies],
        )  # fmt: skip


def named_station(station: Station) -> Person:
    return Person(station.id, station.name)


def require_in_line(congress: str, seats: Iterable[Seat]) -> None:
    """Raise Invalid for deputies of a congress that is neither this one nor above or below it."""
    foreign = [
        seat.name
        for seat in seats
        if not (covers(seat.congress, congress) or covers(congress, seat.congress))
    ]
    if foreign:
        wrong = f"不是本级或者上下级人大的代表：{'、'.join(foreign)}"
        raise Invalid("只能选择本级和上下级人大的代表。", {"deputies": [wrong]})
