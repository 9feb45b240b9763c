"""Hearings (听取和审议办理情况报告): a body hears how the suggestions were handled, and its opinions are carried out.

The standing committee hears and deliberates the reports of government, courts and units, and its opinions come back as a
report (Hunan 2021); the chairpersons' meeting studies and presses several times, the Party committee hears of them (Liuyang 2022).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from services.supervision.model.facts import Named
from services.supervision.model.ledger import OVERSEERS, UNIT_PEOPLE
from shared.aggregate import Governed
from shared.identity import Actor
from shared.problems import Invalid
from shared.rules import Rule, Rules
from shared.terms import HEARING_BODIES

STATES = {
    "new": "尚未安排",
    "planned": "已安排",
    "held": "已审议，落实中",
    "reported": "已报告落实情况",
    "cancelled": "已取消",
}

RULES = Rules(
    "次审议",
    STATES,
    [
        Rule("plan_hearing", "安排听取和审议", ("liaison",), ("new",)),
        Rule("change_hearing", "调整审议安排", ("liaison",), ("planned",)),
        Rule("submit_hearing_report", "提交办理情况报告", ("unit",), ("planned",)),
        Rule("record_hearing", "登记审议", ("liaison",), ("planned",)),
        Rule("cancel_hearing", "取消审议", ("liaison",), ("planned",)),
        Rule("report_hearing", "报告审议意见落实情况", ("liaison",), ("held",)),
    ],
)


@dataclass
class Report:
    """What a unit reports to the body; a later text takes the place of an earlier one until the day."""

    unit: Named
    text: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(kw_only=True)
class Hearing(Governed):
    """One hearing of one body of a congress. Its opinions are demands (`model/demands.py`) to units."""

    rules: ClassVar[Rules] = RULES

    title: str
    body: str
    on: date
    reports: list[Report]
    reports_due_on: date | None = None
    is_open: bool = True  # to everybody at the congress; else to the offices and the units that report
    state: str = "planned"
    minutes: str = ""
    opinions: list[str] = field(default_factory=list)  # ids of the demands
    reason: str = ""  # of the last change, or of the cancelling
    outcome: str = ""
    reported_on: date | None = None

    def __post_init__(self) -> None:
        if self.reports_due_on and self.reports_due_on > self.on:
            raise Invalid("提交报告的期限晚于会议。", {"reports_due_on": ["应当在会议以前提交。"]})

    def relations(self, actor: Actor) -> frozenset[str]:
        """The offices, the units that report, and of an open one everybody at the congress."""
        found = {role for role in OVERSEERS if actor.has(role, self.congress)}
        own = actor.units(*UNIT_PEOPLE)
        if any(report.unit.id in own for report in self.reports):
            found.add("unit")
        if self.is_open and self.congress in actor.congresses():
            found.add("public")
        return frozenset(found)

    def called(self) -> str:
        return f"“{self.title}”"

    def body_label(self) -> str:
        return HEARING_BODIES[self.body]

    def change(self, on: date, reports_due_on: date | None, reason: str) -> None:
        """Another day. Raises Invalid where reports would come after it."""
        if reports_due_on and reports_due_on > on:
            raise Invalid("提交报告的期限晚于会议。", {"reports_due_on": ["应当在会议以前提交。"]})
        self.on, self.reports_due_on, self.reason = on, reports_due_on, reason

    def submit(self, units: frozenset[str], text: str, by: Actor, now: datetime) -> Named:
        """A unit hands in its report."""
        report = next(report for report in self.reports if report.unit.id in units)
        report.text, report.by, report.at = text, by.name, now
        return report.unit

    def hold(self, on: date, minutes: str, opinions: list[str], today: date) -> None:
        """It took place. Without opinions nothing has to be carried out."""
        if on > today:
            raise Invalid("会议还没有开。", {"on": ["会议日期不能晚于今天。"]})
        self.state, self.on, self.minutes, self.opinions = "held", on, minutes, opinions

    def cancel(self, reason: str) -> None:
        self.state, self.reason = "cancelled", reason

    def report(self, outcome: str, on: date, left: list[str], today: date) -> None:
        """How the opinions were carried out was reported to the body. Raises Invalid while one is open."""
        if on > today:
            raise Invalid("报告日期还没有到。", {"on": ["报告日期不能晚于今天。"]})
        if left:
            raise Invalid("还有审议意见没有落实。", {"outcome": [f"还没有了结的有：{'；'.join(left[:5])}。"]})
        self.state, self.outcome, self.reported_on = "reported", outcome, on
