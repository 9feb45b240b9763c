"""十抓十确保 (Changsha 2018): of the ten, those that a unit does for each suggestion — analysis before handling, weight on hard ones."""

from __future__ import annotations

from typing import Any

from services.assignment.hooks import Blank, TrackStep
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl


class TenGrasps(Plugin):
    name, label, source = "ten_grasps", "十抓十确保", "长沙市人民政府，2018年交办会发言"
    summary = "抓办前分析，确保总方案优；抓难点热点，确保重点研办；抓“回头看”，确保查漏补缺。每件建议办前要有分析，难点要有对策。"
    places = ("congress", "unit")
    settings = {
        "analysis_days": f.number("签收后多少天内完成办前分析", least=1, most=60, default=15),
        "checked_after_days": f.number("答复后多少天自查一遍（回头看）", least=7, most=365, default=180),
    }

    @hookimpl
    def track_steps(self, role: str, settings: dict[str, Any]) -> list[TrackStep]:
        if role == "joint":
            return []
        return [
            TrackStep(
                "analysis", "办前分析", before=("draft_reply",), days=settings["analysis_days"], by_hand=True,
                blanks=(Blank("代表要解决的问题"), Blank("难点、热点，没有的写“无”"), Blank("总的办法和配合单位")),
            ),
            TrackStep(
                "checked", "“回头看”自查", counted_from="replied", days=settings["checked_after_days"], by_hand=True,
                blanks=(Blank("落实情况"), Blank("补上了什么")),
            ),
        ]  # fmt: skip


PLUGIN = TenGrasps
