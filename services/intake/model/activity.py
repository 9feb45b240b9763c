"""What deputies do together (代表活动), and what came of it: problems solved, help in money, reports and suggestions.

Source: 双联活动 (Liuyang 2022); 五级人大代表联系群众办实事，解决问题6万余个、帮扶资金4.4亿元；代表小组主题活动 (Hunan 2021).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from services.intake.model.station import Seat, require_in_line
from shared.aggregate import Governed, new_id
from shared.clock import legal_date
from shared.events import ROOT
from shared.identity import SUPERVISORS_OF_THE_CONGRESS, Actor
from shared.problems import Invalid
from shared.rules import Rule, Rules

ACTIVITY_STATES = {"new": "尚未登记", "logged": "已登记", "cancelled": "已撤销"}
RECORDERS = ("liaison", "station")

ACTIVITY_RULES = Rules(
    "次代表活动",
    ACTIVITY_STATES,
    [
        Rule("log_activity", "登记代表活动", RECORDERS, ("new",)),
        Rule("cancel_activity", "撤销", RECORDERS, ("logged",)),
    ],
)
READERS = ("deputy", *RECORDERS, *SUPERVISORS_OF_THE_CONGRESS)  # of the congress


@dataclass(kw_only=True)
class Activity(Governed):
    """One activity of deputies of a congress, with deputies of other levels who took part."""

    rules: ClassVar[Rules] = ACTIVITY_RULES

    state: str = "logged"
    kind: str  # see shared.terms.ACTIVITY_KINDS
    title: str
    on: date
    place: str = ""
    deputies: list[Seat] = field(default_factory=list)
    others: str = ""
    problems: int = 0
    help: int = 0  # in yuan
    papers: int = 0
    notes: str = ""
    recorded_by: str = ""
    reason: str = ""  # of cancelling

    def relations(self, actor: Actor) -> frozenset[str]:
        return frozenset(role for role in READERS if actor.has(role, self.congress))

    def called(self) -> str:
        return f"“{self.title}”"

    @classmethod
    def log(cls, congress: str, seats: list[Seat], by: Actor, now: datetime, **about: Any) -> Activity:
        if about["on"] > legal_date(now):
            raise Invalid("活动还没有举行。", {"on": ["只能登记今天或以前的活动。"]})
        require_in_line(congress, seats)
        activity = cls(id=new_id(), congress=congress, deputies=seats, recorded_by=by.name, **about)
        activity._tell("activity.logged", by, now)
        return activity

    def cancel(self, reason: str, by: Actor, now: datetime) -> None:
        self.state, self.reason = "cancelled", reason
        self._tell("activity.cancelled", by, now, reason=reason)

    def _tell(self, name: str, by: Actor, now: datetime, **more: Any) -> None:
        self.record(
            name, now, by, kind=self.kind, title=self.title, on=self.on.isoformat(), place=self.place, problems=self.problems,
            help=self.help, papers=self.papers, deputies=[{"id": seat.id, "name": seat.name} for seat in self.deputies], **more,
        )  # fmt: skip


def sums_of(path: str) -> list[tuple[str, str]]:
    """In whose sums an activity of this congress counts: (congress, the part of it through which it comes).

    Its own, and those of every congress above, each by the one directly below it.
    """
    parts = path.split(".") if path != ROOT else []
    line = [ROOT, *(".".join(parts[:length]) for length in range(1, len(parts) + 1))]
    return [(above, below) for above, below in zip(line, [*line[1:], path], strict=True)]
