"""B类清零 (Hunan 2022): what is promised is brought to its end; a promise that slips again and again goes up the ladder."""

from __future__ import annotations

from typing import Any

from services.supervision.hooks import Column, Escalation, Overdue, Suggestion
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.reply_classes import PROMISED, means_of


class BClearing(Plugin):
    name, label, source = "b_clearing", "B类清零", "湖南省人大常委会，《联络动态》2022年第4期"
    summary = "承诺的事项必须兑现：多次延期或者到期没有兑现的，建议约谈或通报，由人决定；台账标出还没有清零的B类建议。"
    places = ("congress",)
    settings = {
        "most_slips": f.number("延期几次建议约谈（0为不建议）", least=0, most=9, default=2),
        "overdue_days": f.number("承诺逾期几天建议通报（0为不建议）", least=0, most=730, default=30),
    }

    @hookimpl
    def escalations(
        self, suggestion: Suggestion, overdue: list[Overdue], slips: dict[str, int], settings: dict[str, Any]
    ) -> list[Escalation]:
        found = []
        if most := settings["most_slips"]:
            found += [
                Escalation(unit, "talk", f"承诺事项已延期 {times} 次")
                for unit, times in slips.items()
                if times >= most
            ]
        if days := settings["overdue_days"]:
            late = [duty for duty in overdue if duty.kind == "commitment" and duty.days >= days]
            found += [
                Escalation(duty.unit, "circular", f"承诺事项逾期 {duty.days} 天没有兑现") for duty in late
            ]
        return found

    @hookimpl
    def columns(self, suggestion: Suggestion) -> list[Column]:
        return [
            Column(
                "B类清零", "未清零" if means_of(suggestion.reply_class, suggestion.means) == PROMISED else ""
            )
        ]


PLUGIN = BClearing
