"""警示约谈、失职问责 (Changsha 2018): who does not satisfy again and again is warned in a talk, then held to account."""

from __future__ import annotations

from typing import Any

from services.supervision.hooks import Escalation, Standing
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl


class RankingAndWarning(Plugin):
    name, label, source = "ranking_and_warning", "警示约谈、失职问责", "长沙市人民政府，2018年交办会发言"
    summary = "代表连续不满意的，建议警示约谈；约谈以后仍不满意的，建议问责。都由人决定。"
    places = ("congress",)
    settings = {
        "talk_after": f.number("连续几次不满意建议约谈", least=1, most=5, default=1),
        "account_after": f.number("连续几次不满意建议问责", least=2, most=9, default=3),
    }

    @hookimpl
    def escalations(
        self, unsatisfied: dict[str, int], measures: list[Standing], settings: dict[str, Any]
    ) -> list[Escalation]:
        found = []
        for unit, times in unsatisfied.items():
            talked = any(
                m.unit == unit and m.rung == "talk" and m.state in ("taken", "answered", "ended")
                for m in measures
            )
            if times >= settings["account_after"] and talked:
                found.append(Escalation(unit, "accountability", f"约谈以后代表仍不满意，已连续 {times} 次"))
            elif times >= settings["talk_after"]:
                found.append(Escalation(unit, "talk", f"代表连续 {times} 次不满意"))
        return found


PLUGIN = RankingAndWarning
