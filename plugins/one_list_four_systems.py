"""一单四制 (Hunan 2022): a list of problems with who answers for each, ledger, responsibility, bulletins, closing one by one.

The workbook, the circulars and the confirmation of closing are the core's; this practice asks each unit for its entry in the
list of responsibility, in time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from services.assignment.hooks import Blank, TrackStep
from services.gateway.hooks import Document, Facts, Page, Printed, Row, Table
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.terms import UNFINISHED_PROMISES

EVERY, DAYS = {"week": "每周", "month": "每月", "quarter": "每季度"}, {"week": 7, "month": 30, "quarter": 91}
OFFICES = ("liaison", "distributing")


class OneListFourSystems(Plugin):
    name, label, source = "one_list_four_systems", "一单四制", "湖南省人大常委会，《联络动态》2022年第4期"
    summary = "解决问题责任清单、台账制管理、责任制落实、通报制督促、解决制销号：主办单位在期限内报责任清单，逾期亮灯。"
    places = ("congress",)
    settings = {
        "list_days": f.number("签收后多少天内报责任清单", least=1, most=90, default=20),
        "bulletin_every": f.choice("多久通报一次", EVERY, default="month"),
    }

    @hookimpl
    def track_steps(self, role: str, settings: dict[str, Any]) -> list[TrackStep]:
        if role == "joint":
            return []
        blanks = (Blank("要解决的问题"), Blank("责任领导"), Blank("责任处室和责任人"), Blank("完成时限"))
        return [
            TrackStep(
                "duty_list",
                "报解决问题责任清单",
                before=("issue_reply",),
                days=settings["list_days"],
                blanks=blanks,
                by_hand=True,
            )
        ]

    @hookimpl
    def pages(self) -> list[Page]:
        about = "凡承诺解决的事项，逐项列出承办单位、责任领导、怎样算完成和期限，落实一项、销号一项。"
        return [
            Page("list", "解决问题责任清单", _lists, needs=("commitments",), offers=("year",), about=about)
        ]

    @hookimpl
    def documents(self, settings: dict[str, Any]) -> list[Document]:
        every = EVERY[settings["bulletin_every"]]
        return [
            Document(
                "bulletin",
                f"{every}通报",
                lambda facts: _bulletin(facts, settings),
                OFFICES,
                needs=("commitments",),
            )
        ]


def _lists(facts: Facts) -> list[Table]:
    promises = _promises(facts)
    left = [one for one in promises if one["state"] in UNFINISHED_PROMISES]
    return [
        _table("未销号", left, "没有未销号的事项。"),
        _table("已销号", [one for one in promises if one["state"] == "kept"], "还没有销号的事项。"),
    ]


def _promises(facts: Facts) -> list[Mapping[str, Any]]:
    """Those of the lines that are looked at, the first due first."""
    known = {line.id for line in facts.lines}
    return [one for one in facts.answers["commitments"] if one["suggestion"] in known]


def _table(title: str, promises: list[Mapping[str, Any]], empty: str) -> Table:
    rows = tuple(
        Row(
            (
                c["title"],
                c["text"],
                c["unit"]["name"],
                c["leader"],
                c["done_when"],
                c["due_on"],
                c["state_label"],
            ),
            c["suggestion"],
            c["light"],
        )
        for c in promises
    )
    return Table(
        title,
        ("标题", "要解决的问题", "承办单位", "责任领导", "怎样算完成", "期限", "状态"),
        rows,
        empty=empty,
    )


def _bulletin(facts: Facts, settings: dict[str, Any]) -> Printed:
    """What was closed in the period that ends today, what slipped, and what is late."""
    since = (facts.on - timedelta(days=DAYS[settings["bulletin_every"]])).isoformat()
    promises = _promises(facts)
    left = [one for one in promises if one["state"] in UNFINISHED_PROMISES]
    closed = [one for one in promises if one["kept_on"] > since]
    late = [one for one in left if one["light"] == "red"]
    slipped = [one for one in left if any(slip["at"][:10] > since for slip in one["slips"])]
    words = f"截至 {facts.on.isoformat()}，承诺解决的事项共 {len(promises)} 项，已销号 {len(promises) - len(left)} 项，未销号 {len(left)} 项，其中逾期 {len(late)} 项。"
    parts = (
        words,
        _table("本期销号", closed, "本期没有销号的事项。"),
        _table("逾期", late, "没有逾期的事项。"),
        _table("本期延期", slipped, "本期没有延期的事项。"),
    )
    return Printed("“一单四制”落实情况通报", parts, (facts.place, facts.on.isoformat()))


PLUGIN = OneListFourSystems
