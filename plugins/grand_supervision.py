"""大督办 (Hunan 2021 to 2023): key suggestions climb the ladder sooner, and the ledger says who leads, sponsors and oversees them.

The six parties, their lists and duties are the core's; this practice makes what is key more urgent than the rest.
"""

from __future__ import annotations

from typing import Any

from services.supervision.hooks import Escalation, Overdue, Standing, Suggestion
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.problems import Invalid

RUNGS = ("notice", "yellow", "red", "circular")


class GrandSupervision(Plugin):
    name, label, source = (
        "grand_supervision",
        "大督办",
        "湖南省人大常委会，《联络动态》2022年第4期、2023年第12期",
    )
    summary = "重点处理建议逾期的，比其他建议早一步建议督办通知、黄灯、红灯、通报；是否采取由人决定。"
    places = ("congress",)
    settings = {
        "notice_days": f.number("重点建议逾期几天建议督办通知", least=1, most=90, default=1),
        "yellow_days": f.number("几天建议黄灯", least=1, most=180, default=5),
        "red_days": f.number("几天建议红灯", least=1, most=365, default=10),
        "circular_days": f.number("几天建议通报", least=1, most=365, default=20),
    }

    def check(self, settings: dict[str, Any]) -> None:
        days = [settings[f"{rung}_days"] for rung in RUNGS]
        if days != sorted(days):
            wrong = "后面的措施不能早于前面较轻的措施。"
            raise Invalid(wrong, {f"{rung}_days": [wrong] for rung in RUNGS[1:]})

    @hookimpl
    def escalations(
        self,
        suggestion: Suggestion,
        overdue: list[Overdue],
        measures: list[Standing],
        settings: dict[str, Any],
    ) -> list[Escalation]:
        if not suggestion.is_key:
            return []
        worst: dict[str, Overdue] = {}
        for duty in overdue:
            if duty.unit not in worst or duty.days > worst[duty.unit].days:
                worst[duty.unit] = duty
        proposals = []
        for unit, duty in worst.items():
            reached = [rung for rung in RUNGS if settings[f"{rung}_days"] <= duty.days]
            if reached:
                proposals.append(
                    Escalation(unit, reached[-1], f"重点处理建议的{duty.label}已逾期 {duty.days} 天")
                )
        return proposals


PLUGIN = GrandSupervision
