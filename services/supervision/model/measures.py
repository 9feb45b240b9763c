"""Measures: the ladder on which supervision becomes harder when things slip, one rung after another.

催办 → 督办通知 → 黄灯 → 红灯 → 通报 → 约谈 → 专题询问 → 问责 (Hunan 2022, Liuyang 2022, Changsha 2018). A reminder goes out by
itself; whatever is above it the system only proposes, and people decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from services.supervision.model.demands import require_ahead
from services.supervision.model.facts import Named
from services.supervision.model.ledger import HEARING, OVERSEERS, UNIT_PEOPLE
from shared.aggregate import Governed
from shared.identity import Actor
from shared.problems import Invalid, NotAllowed
from shared.rules import Rule, Rules

RUNGS = {
    "notice": "督办通知",
    "yellow": "黄灯",
    "red": "红灯",
    "circular": "通报",
    "talk": "约谈",
    "inquiry": "专题询问",
    "accountability": "问责",
}
LIGHTS = ("yellow", "red")  # measures that are shown beside the light by date

OFFICE, EITHER, LEADER = "office", "either", "leader"
DECIDED_BY = {OFFICE: "联工委", EITHER: "联工委或常委会领导", LEADER: "常委会领导"}
ROLES_OF = {
    OFFICE: frozenset({"liaison"}),
    EITHER: frozenset({"liaison", "standing_leader", "supervisor"}),
    LEADER: frozenset({"standing_leader", "supervisor"}),
}

STATES = {
    "proposed": "建议采取，待决定",
    "taken": "已采取，待单位回复",
    "answered": "单位已回复",
    "ended": "已解除",
    "declined": "未采取",
}
STANDING = ("taken", "answered")  # it holds
DECIDERS = ("liaison", "standing_leader", "supervisor")

RULES = Rules(
    "项督办措施",
    STATES,
    [
        Rule("decide_measure", "决定督办措施", DECIDERS, ("proposed",)),
        Rule("answer_measure", "回复督办措施", ("unit",), ("taken",)),
        Rule("end_measure", "解除督办措施", DECIDERS, STANDING),
    ],
)


@dataclass(frozen=True)
class Ladder:
    """The ladder of a place: {rung: days overdue that lead to its proposal, 0 for none}, {rung: who decides}."""

    days: Mapping[str, int]
    decides: Mapping[str, str]
    answer_days: int  # calendar days in which the unit has to answer

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Ladder:
        """As the group of settings `ladder` has it."""
        days = {rung: settings[f"{rung}_days"] for rung in RUNGS}
        return cls(days, {rung: settings[f"{rung}_by"] for rung in RUNGS}, settings["answer_days"])


def rung_after(days_overdue: int, ladder: Mapping[str, int]) -> str:
    """The highest rung that so many days overdue lead to; empty for none."""
    reached = [rung for rung in RUNGS if 0 < ladder.get(rung, 0) <= days_overdue]
    return reached[-1] if reached else ""


def next_rung(rung: str, ladder: Mapping[str, int]) -> str:
    """The next rung that the place lets be proposed by itself, where one was not answered in time; empty for none."""
    return next((above for above in RUNGS if is_above(above, rung) and ladder.get(above, 0)), "")


def is_above(rung: str, other: str) -> bool:
    """Is a rung higher on the ladder?"""
    order = list(RUNGS)
    return order.index(rung) > order.index(other)


@dataclass
class Answer:
    """What the unit answered."""

    at: datetime
    by: str
    text: str


@dataclass(kw_only=True)
class Measure(Governed):
    """One rung for one unit about one suggestion; about none where it came of the unit's rank (`suggestion` is empty).

    `because` is what led to the proposal, for those who hear how deputies judge: what they said of the reply may stand in it,
    so the unit is told the `text` of the measure alone. An office that does not hear it sees of proposals its own.
    """

    rules: ClassVar[Rules] = RULES

    suggestion: str
    unit: Named
    rung: str
    because: str
    proposed_by: str
    proposed_on: date
    decides: str  # who decides this rung, as the place's settings said when it was proposed
    deputies: list[str]
    answer_days: int  # how long the unit has to answer where nothing else is said
    proposed_by_account: str = ""
    state: str = "proposed"
    text: str = ""
    document_number: str = ""
    decided_by: str = ""
    decided_on: date | None = None
    due_on: date | None = None  # of the unit's answer
    answers: list[Answer] = field(default_factory=list)
    reason: str = ""  # why it was not taken
    outcome: str = ""
    ended_on: date | None = None

    def relations(self, actor: Actor) -> frozenset[str]:
        """What is only proposed, or was declined, is the offices' own affair."""
        found = {role for role in OVERSEERS if actor.has(role, self.congress)}
        if self.state not in ("proposed", "declined"):
            if self.unit.id in actor.units(*UNIT_PEOPLE):
                found.add("unit")
            if actor.seats & set(self.deputies):
                found.add("answered_deputy")
        return frozenset(found)

    def tells_why(self, actor: Actor) -> bool:
        """May the person read what led to the proposal?"""
        hears = any(actor.has(role, self.congress) for role in (*HEARING, "system"))
        return hears or (bool(self.proposed_by_account) and self.proposed_by_account == actor.account)

    def called(self) -> str:
        return f"{self.unit.name}的{RUNGS[self.rung]}"

    def may(self, actor: Actor) -> list[dict[str, str]]:
        return [
            one for one in super().may(actor) if one["command"] != "decide_measure" or self.is_decider(actor)
        ]

    def is_decider(self, actor: Actor) -> bool:
        """Does the place leave this rung to the person?"""
        return bool(self.relations(actor) & ROLES_OF[self.decides])

    def take(self, text: str, document_number: str, due_on: date, by: Actor, today: date) -> None:
        """It is taken: the unit has to answer by a day."""
        self._require_decider(by)
        require_ahead(due_on, today)
        if not text:
            raise Invalid("请写明对承办单位的要求。", {"text": ["请写明存在的问题和要求。"]})
        self.state, self.text, self.document_number, self.due_on = "taken", text, document_number, due_on
        self.decided_by, self.decided_on = by.name, today

    def decline(self, reason: str, by: Actor, today: date) -> None:
        """It is not taken, for a reason."""
        self._require_decider(by)
        if not reason:
            raise Invalid("请写明不采取的理由。", {"reason": ["不采取的，请写明理由。"]})
        self.state, self.reason, self.decided_by, self.decided_on = "declined", reason, by.name, today

    def answer(self, text: str, by: Actor, now: datetime) -> None:
        self.answers.append(Answer(now, by.name, text))
        self.state = "answered"

    def end(self, outcome: str, today: date) -> None:
        """What came of it; it holds no more."""
        self.state, self.outcome, self.ended_on = "ended", outcome, today

    def _require_decider(self, by: Actor) -> None:
        if not self.is_decider(by):
            raise NotAllowed(f"{RUNGS[self.rung]}由{DECIDED_BY[self.decides]}决定。")
