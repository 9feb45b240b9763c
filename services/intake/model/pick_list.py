"""The list of recommended suggestions from which a government leader picks those to sponsor (遴选推荐件目录).

Source: 遴选推荐件目录报领办领导选定 (Changsha 2018).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from services.intake.model.suggestion import Suggestion
from shared.aggregate import Governed, new_id
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid
from shared.rules import Rule, Rules

PICK_LIST_STATES = {"new": "尚未报送", "offered": "待领导选定", "picked": "已选定", "withdrawn": "已撤回"}
OFFICES, LEADERS = ("distributing", "liaison"), ("government_leader", "supervisor")
SYSTEM = "system_office"  # of one system (归口): it recommends what is assigned within its own tree

PICK_LIST_RULES = Rules(
    "份推荐件目录",
    PICK_LIST_STATES,
    [
        Rule("recommend_to_sponsor", "报送推荐件目录", (*OFFICES, SYSTEM), ("new",)),
        Rule("pick_recommended", "选定领办件", (*LEADERS, *OFFICES, SYSTEM), ("offered",)),
        Rule("withdraw_pick_list", "撤回目录", (*OFFICES, SYSTEM), ("offered",)),
    ],
)


@dataclass(frozen=True)
class Picking:
    """How many are recommended to each leader at most, and within how many days the leader picks."""

    most: int
    days: int

    def is_sound(self) -> bool:
        return 0 < self.most <= 100 and 0 < self.days <= 365


@dataclass(kw_only=True)
class PickList(Governed):
    """What the government's office recommends to the holder of one post. `leader`: how the post was called that day."""

    rules: ClassVar[Rules] = PICK_LIST_RULES

    state: str = "offered"
    office_id: str
    leader: str
    suggestions: list[str] = field(default_factory=list)
    why: str = ""
    offered_on: date
    offered_by: str
    pick_by: date
    picked: list[str] = field(default_factory=list)
    picked_on: date | None = None
    picked_by: str = ""  # who did it; an office may record what its leader said
    note: str = ""
    offices: list[str] = field(default_factory=list)  # the units of the system's office that drew it up

    def relations(self, actor: Actor) -> frozenset[str]:
        found = {role for role in (*OFFICES, *LEADERS) if actor.has(role, self.congress)}
        if set(self.offices) & actor.units("distributing"):
            found.add(SYSTEM)
        return frozenset(found | ({"system"} if actor.has("system") else set()))

    def called(self) -> str:
        return f"报{self.leader}的推荐件目录"

    @classmethod
    def offer(
        cls, congress: str, office_id: str, leader: str, suggestions: Sequence[Suggestion], why: str, pick_by: date,
        most: int, holders: list[str], offices: Sequence[str], by: Actor, now: datetime,
    ) -> PickList:  # fmt: skip
        """Recommend some, not more than the place says, each of which the leader could sponsor. `holders` of the post are told."""
        if len(suggestions) > most:
            raise Invalid("推荐件太多。", {"suggestions": [f"报给每位领导的推荐件最多 {most} 件。"]})
        if against := [fault for one in suggestions if (fault := against_sponsoring(one, office_id, leader))]:
            raise Invalid("有的建议不能推荐。", {"suggestions": against})
        offered = cls(
            id=new_id(), congress=congress, office_id=office_id, leader=leader, suggestions=[one.id for one in suggestions],
            why=why, offered_on=legal_date(now), offered_by=by.name, pick_by=pick_by, offices=list(offices),
        )  # fmt: skip
        offered.record(
            "picklist.offered",
            now,
            by,
            **offered._told(),
            pick_by=pick_by.isoformat(),
            why=why,
            holders=holders,
        )
        return offered

    def pick(
        self, chosen: Sequence[str], suggestions: Mapping[str, Suggestion], leader: str, note: str, by: Actor, now: datetime
    ) -> None:  # fmt: skip
        """The leader has picked: a key suggestion is sponsored by the post from now on, any other is proposed as a key one."""
        if strange := set(chosen) - set(self.suggestions):
            raise Invalid(
                "只能从目录里选。", {"suggestions": [f"有 {len(strange)} 件不在目录里，请从目录里选。"]}
            )
        if against := [
            fault
            for id in chosen
            if (fault := against_sponsoring(suggestions.get(id), self.office_id, leader))
        ]:
            raise Invalid("有的建议不能再选定。", {"suggestions": against})
        for id in chosen:
            suggestions[id].pick_for(self.office_id, leader, by, now)
        self.state, self.picked, self.note = "picked", list(chosen), note
        self.picked_on, self.picked_by = legal_date(now), by.name
        self.record("picklist.picked", now, by, **self._told(), picked=self.picked, note=note)

    def withdraw(self, reason: str, by: Actor, now: datetime) -> None:
        self.state, self.note = "withdrawn", reason
        self.record("picklist.withdrawn", now, by, **self._told(), reason=reason)

    def is_overdue(self, today: date) -> bool:
        return self.state == "offered" and today > self.pick_by

    def _told(self) -> dict[str, object]:
        return {"office": self.office_id, "leader": self.leader, "suggestions": self.suggestions}


def against_sponsoring(suggestion: Suggestion | None, office_id: str, leader: str) -> str:
    """What stands against this post's sponsoring it; empty when nothing does."""
    if suggestion is None:
        return "没有找到这件建议。"
    if suggestion.key is None:
        return suggestion.against_key()
    if suggestion.closed_on:
        return f"{suggestion.called()}已于{suggestion.closed_on}办结。"
    is_his = suggestion.key.sponsor_id == office_id or suggestion.key.sponsor == leader
    if not is_his:
        return f"{suggestion.called()}已经由{suggestion.key.sponsor}领办；需要改动请“调整重点督办”。"
    return ""
