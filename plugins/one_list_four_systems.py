"""一单四制 (Hunan 2022): a list of problems with who answers for each, ledger, responsibility, bulletins, closing one by one.

The workbook, the circulars and the confirmation of closing are the core's; this practice asks each unit for its entry in the
list of responsibility, in time.
"""

from __future__ import annotations

from typing import Any

from services.assignment.hooks import Blank, TrackStep
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl


class OneListFourSystems(Plugin):
    name, label, source = "one_list_four_systems", "一单四制", "湖南省人大常委会，《联络动态》2022年第4期"
    summary = "解决问题责任清单、台账制管理、责任制落实、通报制督促、解决制销号：主办单位在期限内报责任清单，逾期亮灯。"
    places = ("congress",)
    settings = {"list_days": f.number("签收后多少天内报责任清单", least=1, most=90, default=20)}

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


PLUGIN = OneListFourSystems
