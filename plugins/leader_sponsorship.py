"""市长、副市长领办 (Changsha 2018): a leader picks from a recommended list, calls the units together, and sees the reply first."""

from __future__ import annotations

from typing import Any

from services.assignment.hooks import Blank, Evidence, TrackStep
from services.intake.hooks import Picking
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl


class LeaderSponsorship(Plugin):
    name, label, source = "leader_sponsorship", "市长、副市长领办", "长沙市人民政府，2018年交办会发言"
    summary = "政府办公厅遴选推荐件目录，报领办领导选定；重点建议由政府领导领办：召开专题会议统一部署，制定领办工作方案，必要时专题协商，答复件先报领办领导审核。"
    places = ("congress", "unit")
    settings = {
        "recommended_each": f.number("报给每位领导的推荐件最多几件", least=1, most=50, default=5),
        "pick_days": f.number("领导在多少天内选定", least=1, most=90, default=15),
        "meeting_days": f.number("签收后多少天内召开专题会议", least=1, most=60, default=15),
        "consultation": f.choice(
            "专题协商会议", {"as_needed": "必要时", "always": "每件都开"}, default="as_needed"
        ),
    }

    @hookimpl
    def sponsor_picks(self, settings: dict[str, Any]) -> list[Picking]:
        return [Picking(settings["recommended_each"], settings["pick_days"])]

    @hookimpl
    def track_steps(self, is_key: bool, role: str, settings: dict[str, Any]) -> list[TrackStep]:
        if not is_key or role == "joint":
            return []
        steps = [
            TrackStep(
                "meeting", "领办领导召开专题会议", who="distributing", before=("draft_reply",), days=settings["meeting_days"],
                blanks=(Blank("领办领导"), Blank("会议时间"), Blank("部署的内容")), by_hand=True,
            ),
            TrackStep("plan", "领办工作方案", after=("meeting",), before=("draft_reply",), evidence=Evidence("plan")),
            TrackStep(
                "seen", "答复件报领办领导审核", who="distributing", before=("issue_reply",),
                blanks=(Blank("领办领导"), Blank("审核意见")), by_hand=True,
            ),
        ]  # fmt: skip
        if settings["consultation"] == "always":
            steps.insert(
                2, TrackStep("consultation", "专题协商会议", who="distributing", after=("plan",), before=("draft_reply",), blanks=(Blank("协商结果"),), by_hand=True),
            )  # fmt: skip
        return steps


PLUGIN = LeaderSponsorship
