"""Posts (职务) of who supervises: who holds them, since when, and who did before.

Source: 主任会议成员牵头督办、政府领导领办、专门委员会对口督办 (Hunan 2023): the duty is the post's, not the person's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.directory.model.register import Entry
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid

SEVERAL = "committee"  # a kind of post that several may hold at once: a committee is not one person


@dataclass
class Holding:
    """That somebody holds the post; `until` is the first day without it. Kept when it is over."""

    account: str
    name: str
    since: date
    until: date | None = None
    reason: str = ""


@dataclass(kw_only=True)
class Office(Entry):
    """A post at a congress or its government, as 常委会副主任（分管财经）."""

    name: str
    kind: str
    active: bool = True
    holdings: list[Holding] = field(default_factory=list)

    def called(self) -> str:
        return f"职务“{self.name}”"

    @property
    def current(self) -> list[Holding]:
        return [held for held in self.holdings if held.until is None]

    def appoint(self, account: str, name: str, since: date, reason: str, by: Actor, now: datetime) -> None:
        """Somebody holds it from this day on; of a post that one person holds the one before goes that day."""
        self._require_past("since", since, now)
        if any(held.account == account for held in self.current):
            raise Invalid(f"{name}已经担任这一职务。", {"account": [f"{name}已经担任这一职务。"]})
        if self.kind != SEVERAL:
            for held in self.current:
                self._end(held, since, "since")
        self.holdings.append(Holding(account, name, since, reason=reason))
        self.tell_office(by, now, reason)

    def relieve(self, account: str, on: date, reason: str, by: Actor, now: datetime) -> None:
        """Who holds it does so no more from this day on; the post is vacant until somebody else is appointed."""
        self._require_past("on", on, now)
        held = next((held for held in self.current if held.account == account), None)
        if held is None:
            raise Invalid("这个人现在不担任这一职务。", {"account": ["请从现任人员中选择。"]})
        self._end(held, on, "on")
        self.tell_office(by, now, reason)

    def close(self, reason: str, by: Actor, now: datetime) -> None:
        """The post is abolished: what it has in hand has to be given to another one."""
        if self.current:
            raise Invalid("还有人担任这一职务。", {"reason": ["请先登记免职，再撤销职务。"]})
        self.active = False
        self.tell_office(by, now, reason)

    def tell_office(self, by: Actor, now: datetime, reason: str = "") -> None:
        self.record(
            "office.recorded", now, by, name=self.name, kind=self.kind, active=self.active, holders=self.as_data(), reason=reason,
        )  # fmt: skip

    def as_data(self) -> list[dict[str, Any]]:
        return [
            {
                "account": held.account, "name": held.name, "since": held.since.isoformat(),
                "until": held.until.isoformat() if held.until else "",
            }
            for held in self.holdings
        ]  # fmt: skip

    def _end(self, held: Holding, on: date, field: str) -> None:
        if on < held.since:
            wrong = f"{held.name}从{held.since}起任职，日期不能更早。"
            raise Invalid(wrong, {field: [wrong]})
        held.until = on

    def _require_past(self, field: str, on: date, now: datetime) -> None:
        if on > legal_date(now):
            raise Invalid("日期还没有到。", {field: ["日期不能晚于今天：到任以后再登记。"]})
