"""A province's assignment office with units, a government below it, a neighbour, and accepted suggestions."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from harness import CITY, PROVINCE, deputy, liaison, unit_clerk, unit_head

from shared.aggregate import new_id
from shared.identity import Actor, Role

DAY = date(2023, 2, 20)
REPLY = {
    "text": "三部门已经建立联合运维工作机制，统一受理、限时办结，每日对账。", "reply_class": "A", "contact": "经办人甲", "phone": "0731-0",
}  # fmt: skip
PLAN = {"handler": "经办人甲", "plan": "三月调研，四月定机制，五月答复。"}


class Office:
    """The assignment service of a province, and what the tests do with it over and over."""

    def __init__(self, network: Any) -> None:
        self.network = network
        self.office, self.distributing = (
            liaison(),
            Actor("distributing", "交办甲", (Role("distributing", PROVINCE),)),
        )
        self.lead, self.cosigner = {"id": new_id(), "name": "代表甲"}, {"id": new_id(), "name": "代表乙"}
        names = ("省税务局", "省人社厅", "省医保局", "省财政厅")
        self.tax, self.hr, self.medical, self.finance = (self.unit(name) for name in names)
        self.city = self.unit("长沙市人民政府", kind="government_below", congress=CITY)
        self.bureau_of_city = self.unit("市水利局", congress=CITY)
        self.foreign = self.unit("邻省水利厅", congress="44")
        for person in (self.lead, self.cosigner):
            network.tell(
                "deputy.recorded.v1",
                person["id"],
                name=person["name"],
                delegation="",
                delegation_name="",
                active=True,
            )

    def unit(self, name: str, kind: str = "government", congress: str = PROVINCE) -> str:
        id = new_id()
        self.network.tell(
            "unit.recorded.v1", id, congress, name=name, short=name, kind=kind, parent="", active=True
        )
        return id

    def close_unit(self, id: str, name: str) -> None:
        self.network.tell(
            "unit.recorded.v1",
            id,
            PROVINCE,
            2,
            name=name,
            short=name,
            kind="government",
            parent="",
            active=False,
        )

    def accepted_data(self, number: int, **changed: Any) -> dict[str, Any]:
        return {
            "title": f"关于第{number}件事的建议", "situation": "…", "analysis": "…", "proposals": "…", "kind": "suggestion",
            "category": "社会保障", "lead": self.lead, "cosigners": [self.cosigner], "delegation": "", "ordinal": number,
            "number": f"第十四届一次会议第{number:04d}号", "session": "第十四届一次会议", "year": 2023, "during_session": True,
            "submitted_on": "2023-01-14", "accepted_on": "2023-01-30", **changed,
        }  # fmt: skip

    def accepted(self, number: int = 1, congress: str = PROVINCE, id: str = "", **changed: Any) -> str:
        """A suggestion that intake has accepted."""
        id = id or new_id()
        self.network.tell("suggestion.accepted.v1", id, congress, **self.accepted_data(number, **changed))
        return id

    def assigned(self, number: int = 1, **units: Any) -> str:
        """A suggestion with its units: by default the tax office leads, human resources joins."""
        id = self.accepted(number)
        self.do(self.office, "assign_suggestion", id, **(units or {"lead": self.tax, "joint": [self.hr]}))
        return id

    def do(self, who: Actor, command: str, id: str = "", **data: Any) -> dict[str, Any]:
        return self.network.do(who, "assignment", command, id, **data)

    def act(self, command: str, id: str, unit: str, *, head: bool = False, **data: Any) -> dict[str, Any]:
        """What somebody of a unit does with the unit's own task."""
        who = unit_head(unit) if head else unit_clerk(unit)
        return self.do(who, command, id, task=self.task(id, unit)["task"], **data)

    def handling(self, id: str, who: Actor | None = None) -> dict[str, Any]:
        return self.network.ask(who or self.office, "assignment", "handling", id=id)

    def task(self, id: str, unit: str, who: Actor | None = None) -> dict[str, Any]:
        """The unit's latest task of a suggestion."""
        return [task for task in self.handling(id, who)["tasks"] if task["unit"]["id"] == unit][-1]

    def ask(self, who: Actor, query: str, **params: Any) -> Any:
        return self.network.ask(who, "assignment", query, **params)

    def events(self, id: str, name: str = "") -> list[dict[str, Any]]:
        """Data of the events published about a subject; of one name if it is given."""
        return [e["data"] for e in self.network.published("assignment", id) if e["type"].startswith(name)]

    def replied(
        self, id: str, unit: str, number: str = "湘税建〔2023〕12号", **changed: Any
    ) -> dict[str, Any]:
        """The unit drafts, its head approves, and the reply goes out."""
        self.act("draft_reply", id, unit, **{**REPLY, **changed})
        self.act("approve_reply", id, unit, head=True)
        return self.act("issue_reply", id, unit, document_number=number)

    def order_rehandling(self, id: str, unit: str, round: int = 1, day: date = date(2023, 5, 26)) -> None:
        task = self.task(id, unit)
        reply = next(reply["id"] for reply in task["replies"] if reply["round"] == round)
        self.network.tell(
            "rehandling.ordered.v1", id, reply=reply, task=task["task"], unit=task["unit"], round=round,
            reason="数据核对没有解决", ordered_on=day.isoformat(),
        )  # fmt: skip


@pytest.fixture
def place(network_of) -> Office:
    return Office(network_of("assignment", today=DAY))


@pytest.fixture
def people(place) -> SimpleNamespace:
    """Everybody who may want something of a suggestion assigned to the tax office and human resources."""
    return SimpleNamespace(
        office=place.office, distributing=place.distributing, neighbour=liaison("44"),
        lead=deputy("代表甲", place.lead["id"]), cosigner=deputy("代表乙", place.cosigner["id"]), stranger=deputy("代表丁", new_id()),
        clerk=unit_clerk(place.tax), head=unit_head(place.tax), joint=unit_clerk(place.hr), other=unit_clerk(place.finance),
    )  # fmt: skip
