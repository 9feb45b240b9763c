"""三定、三访 (Liuyang 2022): handler, plan and dates are fixed; the deputy is visited before, during and after the handling."""

from __future__ import annotations

from typing import Any

from services.assignment.hooks import Blank, Evidence, TalkDuty, TrackStep
from services.gateway.hooks import Told
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl

TOLD = {
    "task.signed.v1": "承办单位已经签收，办理之前会和您联系。",
    "plan.made.v1": "承办单位已经定下经办人、办理方案和答复时间，请您看看。",
    "reply.issued.v1": "答复已经印发，承办单位会向您回访，请您确认收到。",
}
VISITS = {"before": "办前拜访", "during": "办中走访、面商", "after": "办后回访"}


class ThreeFixesThreeVisits(Plugin):
    name, label, source = "three_fixes_three_visits", "三定、三访", "浏阳市，《联络动态》2022年第22期"
    summary = "起草答复之前先定经办人、定方案、定时间；办前拜访、办中走访、办后回访代表，一次都不能少。"
    places = ("congress", "unit")
    settings = {
        "told": f.yes("签收、定方案、答复时用消息告知代表（办前短信提醒、办后答复确认）", default=True),
        "plan_days": f.number("签收后多少天内定下方案", least=1, most=90, default=10),
        "face_to_face_during": f.yes("办中应当当面沟通", default=True),
        "on_site_first": f.yes("起草答复之前先深入现场了解，提出可行性方案"),
        "all_deputies": f.yes("附议代表也要走访（全面走访）"),
        "after_days": f.number("答复后多少天内回访", least=1, most=90, default=10),
    }

    @hookimpl
    def track_steps(self, role: str, settings: dict[str, Any]) -> list[TrackStep]:
        if role == "joint":
            return []
        on_site = [
            TrackStep("on_site", "深入现场了解（联合调研或代表视察）", before=("draft_reply",), evidence=Evidence("contact", methods=("joint_inspection", "inspection"))),
            TrackStep("feasible", "提出可行性方案", after=("on_site",), before=("draft_reply",), by_hand=True, blanks=(Blank("现场的情况"), Blank("可行性方案"))),
        ]  # fmt: skip
        return [
            *(on_site if settings["on_site_first"] else []),
            TrackStep(
                "three_fixes", "三定：定经办人、定方案、定时间", before=("draft_reply",), evidence=Evidence("plan"),
                days=settings["plan_days"],
            )
        ]  # fmt: skip

    @hookimpl
    def talk_duties(self, role: str, settings: dict[str, Any]) -> list[TalkDuty]:
        if role == "joint":
            return []
        everybody = settings["all_deputies"]
        return [
            TalkDuty("before", VISITS["before"], phase="before", all_deputies=everybody, bars=True),
            TalkDuty(
                "during", VISITS["during"], phase="during", face_to_face=settings["face_to_face_during"],
                all_deputies=everybody, bars=True,
            ),
            TalkDuty("after", VISITS["after"], phase="after", all_deputies=everybody, days=settings["after_days"]),
        ]  # fmt: skip

    @hookimpl
    def messages(self, type: str, settings: dict[str, Any]) -> list[Told]:
        """办前短信提醒、办后答复确认：by the channels that each deputy has chosen."""
        return [Told("deputies", TOLD[type])] if settings["told"] and type in TOLD else []


PLUGIN = ThreeFixesThreeVisits
