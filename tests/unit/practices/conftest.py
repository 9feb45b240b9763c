"""A province's assignment office where units have switched practices on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from harness import PROVINCE, deputy, unit_clerk, unit_head

from shared.plugins import installed
from shared.practices import id_of
from tests.unit.assignment.conftest import DAY, PLAN, REPLY, Office

TALK = {"phase": "during", "method": "phone", "on": DAY.isoformat(), "notes": "通报办理的考虑，听取意见。"}


class Place(Office):
    """An office where practices are on, and a suggestion that the tax office leads and human resources joins."""

    def switch_on(self, name: str, unit: str = "", since: date = DAY, **settings: Any) -> None:
        place, practice = unit or PROVINCE, installed().practices[name]
        version = {
            "effective_on": since.isoformat(), "on": True, "settings": settings, "ended": False, "reason": "", "set_by": "联工委甲",
            "set_on": since.isoformat(),
        }  # fmt: skip
        self.network.tell(
            "practice.recorded.v1", id_of(place, name), PROVINCE, name=name, label=practice.label, place=place,
            place_kind="unit" if unit else "congress", place_name="", reason="", versions=[version],
        )  # fmt: skip

    def signed(self, number: int = 1, key: bool = False, **content: Any) -> str:
        """A suggestion for which the tax office and human resources have signed."""
        id = self.accepted(number, **content)
        if key:
            self.network.tell(
                "suggestion.designated.v1", id, theme="优化金融财税支持政策", leading_supervisor="副主任甲", sponsor="副省长甲",
                committee="财经委", decided_on="2023-02-10",
            )  # fmt: skip
        self.do(self.office, "assign_suggestion", id, lead=self.tax, joint=[self.hr])
        for unit in (self.tax, self.hr):
            self.act("sign_for", id, unit)
        return id

    def steps(self, id: str, unit: str = "") -> list[str]:
        """The names of the steps that are still open, in order."""
        return [step["name"] for step in self.task(id, unit or self.tax)["steps"] if not step["done_on"]]

    def complete(self, id: str, name: str, who: Any = None, **filled: str) -> None:
        task = self.task(id, self.tax)
        step = next(step for step in task["steps"] if step["name"] == name)
        entries = [{"label": label, "value": value} for label, value in filled.items()]
        self.do(
            who or unit_clerk(self.tax),
            "complete_step",
            id,
            task=task["task"],
            step=step["id"],
            entries=entries,
        )

    def talk(self, id: str, **changed: Any) -> None:
        self.act("log_contact", id, self.tax, **{**TALK, "deputies": [self.lead["id"]], **changed})

    def drafts(self, id: str, **changed: Any) -> None:
        self.act("draft_reply", id, self.tax, **{**REPLY, "without_opinions": "已经当面商定。", **changed})

    def approves(self, id: str) -> None:
        self.act("approve_reply", id, self.tax, head=True)

    def issues(self, id: str) -> None:
        self.act("issue_reply", id, self.tax, document_number="湘税建〔2023〕12号")

    def plans(self, id: str) -> None:
        self.act("make_plan", id, self.tax, **PLAN)

    @property
    def deputy(self) -> Any:
        return deputy("代表甲", self.lead["id"])

    @property
    def head(self) -> Any:
        return unit_head(self.tax)


@pytest.fixture
def place(network_of) -> Place:
    return Place(network_of("assignment", today=DAY))
