"""警示约谈、失职问责 (Changsha 2018): who does not satisfy again and again, or ranks last, is warned, then held to account."""

from __future__ import annotations

from typing import Any

from services.supervision.hooks import Escalation, Standing
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl


class RankingAndWarning(Plugin):
    name, label, source = "ranking_and_warning", "警示约谈、失职问责", "长沙市人民政府，2018年交办会发言"
    summary = "代表连续不满意的，或者年度评分在同类单位中排在末位的，建议警示约谈；约谈以后仍然如此的，建议问责。都由人决定。"
    places = ("congress",)
    settings = {
        "talk_after": f.number("连续几次不满意建议约谈", least=1, most=5, default=1),
        "account_after": f.number("连续几次不满意建议问责", least=2, most=9, default=3),
        "warn_last": f.yes("同类末位的建议约谈", default=True),
        "warn_below": f.number("低于多少分的建议约谈（0为不看分数）", most=100, default=0),
        "account_after_warnings": f.number("因排名约谈几次以后建议问责", least=1, most=9, default=2),
        "least_ranked": f.number("同类至少几个单位才看排名", least=2, most=50, default=3),
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

    @hookimpl
    def rank_warnings(
        self, unit: str, year: int, points: float, rank: int, ranked: int, is_last: bool, measures: list[Standing],
        settings: dict[str, Any],
    ) -> list[Escalation]:  # fmt: skip
        last = settings["warn_last"] and is_last and ranked >= settings["least_ranked"]
        if not last and points >= settings["warn_below"]:
            return []
        because = f"{year}年度评分{points:g}分，在{ranked}个同类单位中排第{rank}"
        talks = sum(m.rung == "talk" and m.state in ("taken", "answered", "ended") for m in measures)
        if talks >= settings["account_after_warnings"]:
            return [Escalation(unit, "accountability", f"{because}；因排名已经约谈{talks}次")]
        return [Escalation(unit, "talk", because)]


PLUGIN = RankingAndWarning
