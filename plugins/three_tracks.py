"""意见、建议、批评分类办理 (Civil affairs 2018): each kind goes its own way.

An opinion is solved by the law in force: its own plan with the expected result, to which the deputy agrees, then measures and
who answers for them, followed up. A suggestion asks for something new: a feasibility study, experts who look together, and
the policy that comes of it. A criticism is investigated, the problem is put right, and who does not is held to account.
"""

from __future__ import annotations

from typing import Any

from services.assignment.hooks import Blank, Evidence, TrackStep
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl


class ThreeTracks(Plugin):
    name, label, source = "three_tracks", "意见、建议、批评分类办理", "省民政厅，2018年交办会发言"
    summary = "意见：一事一方案，代表同意后落实并跟踪；建议：可行性评估、专家会诊、政策创制；批评：问题调查、整改、追责。"
    places = ("congress", "unit")
    settings = {
        "only_as_lead": f.yes("只用于主办件和分办件", default=True),
        "agreement_needed": f.yes("意见类的方案须经代表同意", default=True),
        "experts_least": f.number("建议类会诊专家至少（人）", least=1, most=20, default=3),
        "investigation_days": f.number("批评类问题调查的天数（签收后）", least=1, most=180, default=30),
    }

    @hookimpl
    def track_steps(self, kind: str, role: str, settings: dict[str, Any]) -> list[TrackStep]:
        if role == "joint" and settings["only_as_lead"]:
            return []
        return {"opinion": _opinion, "suggestion": _suggestion, "criticism": _criticism}[kind](settings)


def _opinion(settings: dict[str, Any]) -> list[TrackStep]:
    plan = TrackStep("plan", "制定解决方案、提出办理预期", evidence=Evidence("plan"), before=("draft_reply",))
    measures = TrackStep(
        "measures", "落实措施和责任人", after=("agreed",) if settings["agreement_needed"] else ("plan",), before=("draft_reply",),
        blanks=(Blank("措施"), Blank("责任领导"), Blank("责任人")), by_hand=True,
    )  # fmt: skip
    follow = TrackStep(
        "follow", "持续跟踪问效", counted_from="replied", days=90, blanks=(Blank("效果"),), by_hand=True
    )
    if not settings["agreement_needed"]:
        return [plan, measures, follow]
    agreed = TrackStep(
        "agreed", "方案征得代表同意", who="lead_deputy", after=("plan",), before=("draft_reply",), evidence=Evidence("agreed_plan"),
    )  # fmt: skip
    return [plan, agreed, measures, follow]


def _suggestion(settings: dict[str, Any]) -> list[TrackStep]:
    return [
        TrackStep("feasible", "可行性评估", before=("draft_reply",), blanks=(Blank("评估结论"),), by_hand=True),
        TrackStep(
            "experts", "专家学者集中会诊", after=("feasible",), before=("draft_reply",),
            blanks=(Blank("专家", least=settings["experts_least"]), Blank("会诊意见")), by_hand=True,
        ),
        TrackStep(
            "policy", "政策创制", after=("experts",), before=("approve_reply",),
            blanks=(Blank("拟出台的政策、制度或立法建议；不需要的写明理由"),), by_hand=True,
        ),
    ]  # fmt: skip


def _criticism(settings: dict[str, Any]) -> list[TrackStep]:
    return [
        TrackStep(
            "investigation", "问题调查", before=("draft_reply",), days=settings["investigation_days"],
            blanks=(Blank("查明的事实"), Blank("原因")), by_hand=True,
        ),
        TrackStep("put_right", "整改", after=("investigation",), before=("issue_reply",), blanks=(Blank("整改措施和结果"),), by_hand=True),
        TrackStep(
            "account", "追责", who="unit_head", after=("investigation",), before=("issue_reply",),
            blanks=(Blank("对责任人的处理；没有责任人的写明理由"),), by_hand=True,
        ),
    ]  # fmt: skip


PLUGIN = ThreeTracks
