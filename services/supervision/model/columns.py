"""The column in the local media that follows the handling (本级媒体专栏跟踪督办, Liuyang 2022): one issue of it.

An issue is what the congress releases, as it stood that day, and nothing else: titles, units and how far the handling has come.
No deputy, no class, no judgement, and no state from which one could tell how somebody judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from shared.aggregate import Governed, new_id
from shared.identity import Actor
from shared.problems import Invalid
from shared.rules import Rule, Rules

RULES = Rules(
    "期专栏",
    {"new": "尚未发布", "released": "已发布", "withdrawn": "已撤下"},
    [
        Rule("release_column", "发布媒体专栏", ("liaison",), ("new",)),
        Rule("withdraw_column", "撤下专栏", ("liaison",), ("released",)),
    ],
)
# How far it has come, for everybody: handled again looks like replied, for nobody may tell that a deputy was not satisfied.
STAGES = {
    "assigned": "办理中", "handling": "办理中", "replied": "已答复", "assessed": "已答复", "rehandling": "已答复",
    "closed": "已办结", "published": "已办结",
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One suggestion, as it stood. `is_public`: its text and reply are published, and can be read."""

    suggestion: str
    title: str
    unit: str
    category: str
    assigned_on: str
    stage: str
    is_public: bool


@dataclass(kw_only=True)
class Column(Governed):
    """One issue of the column."""

    rules: ClassVar[Rules] = RULES

    state: str = "released"
    title: str
    note: str
    released_on: date
    items: list[Item]
    released_by: str
    reason: str = ""  # why it was withdrawn

    @classmethod
    def release(
        cls, congress: str, title: str, note: str, items: list[Item], by: Actor, now: datetime, today: date
    ) -> Column:
        if not items:
            raise Invalid("专栏里没有建议。", {"suggestions": ["请选择要跟踪的建议。"]})
        if early := [item.title for item in items if not item.stage]:
            raise Invalid(
                "有的建议还不能公开进度。", {"suggestions": [f"《{title}》还没有交办。" for title in early]}
            )
        issue = cls(
            id=new_id(),
            congress=congress,
            title=title,
            note=note,
            released_on=today,
            items=items,
            released_by=by.name,
        )
        issue.record(
            "column.released", now, by, title=title, note=note, released_on=today.isoformat(),
            items=[dict(vars(item)) for item in items],
        )  # fmt: skip
        return issue

    def withdraw(self, reason: str, by: Actor, now: datetime) -> None:
        """It is shown no more; what was printed meanwhile stays printed."""
        self.state, self.reason = "withdrawn", reason
        self.record("column.withdrawn", now, by, title=self.title, reason=reason)

    def relations(self, actor: Actor) -> frozenset[str]:
        """Of who may do something about it. What is released is read by everybody."""
        return frozenset({"liaison"} if actor.has("liaison", self.congress) else ())

    def called(self) -> str:
        return f"专栏“{self.title}”"
