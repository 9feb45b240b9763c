"""分管领导带队现场办理 (Science 2018): the head overall, a deputy head leads each suggestion on the spot.

How follows from what it is about: a place or unit that it names is researched there; without one there is a symposium at the
deputy's place of work; one simple thing is talked over on a visit.
"""

from __future__ import annotations

from typing import Any

from services.assignment.hooks import Blank, Evidence, TalkDuty, TrackStep
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.terms import RANKS

ON_SITE = ("joint_inspection", "symposium", "visit", "inspection")


class LeadersOnSite(Plugin):
    name, label, source = "leaders_on_site", "分管领导带队现场办理", "省科学技术厅，2018年交办会发言"
    summary = "每件建议由分管领导带队现场办理：涉及地方和单位的到现场调研，其他的到代表所在单位座谈或上门走访；领导没有到场的不能送审。"
    places = ("congress", "unit")
    settings = {
        "leads": f.choice("由谁带队", RANKS, default="deputy_head"),
        "only_as_lead": f.yes("只用于主办件和分办件", default=True),
        "plan_days": f.number("签收后多少天内排定现场办理方案", least=1, most=90, default=15),
    }

    @hookimpl
    def track_steps(self, role: str, settings: dict[str, Any]) -> list[TrackStep]:
        if role == "joint" and settings["only_as_lead"]:
            return []
        return [
            TrackStep(
                "on_site_plan", "现场办理方案", before=("draft_reply",), days=settings["plan_days"], by_hand=True,
                blanks=(Blank("带队领导"), Blank("牵头处室和参加处室"), Blank("完成时间"), Blank("方式（现场调研、座谈、上门走访，几件一起的写明）")),
            ),
            TrackStep(
                "on_site", f"{RANKS[settings['leads']]}带队到现场", after=("on_site_plan",), before=("approve_reply",),
                evidence=Evidence("contact", methods=ON_SITE, rank=settings["leads"]),
            ),
        ]  # fmt: skip

    @hookimpl
    def talk_duties(self, role: str, settings: dict[str, Any]) -> list[TalkDuty]:
        if role == "joint" and settings["only_as_lead"]:
            return []
        return [
            TalkDuty("leader", "带队领导与代表当面沟通", rank=settings["leads"], face_to_face=True, bars=True)
        ]


PLUGIN = LeadersOnSite
