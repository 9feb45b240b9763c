"""领导责任制 (Finance 2018): the unit's head is the first who answers for it, section heads the main ones; leaders talk themselves."""

from __future__ import annotations

from typing import Any

from services.assignment.hooks import Blank, TalkDuty, TrackStep
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.terms import RANKS


class HeadFirstResponsible(Plugin):
    name, label, source = "head_first_responsible", "领导责任制", "省财政厅，2018年交办会发言"
    summary = "单位主要负责人是第一责任人，处室负责人是主要责任人；定人员、任务、时间、质量、责任领导；处级以上领导直接与代表沟通。"
    places = ("congress", "unit")
    settings = {
        "talk_least_rank": f.choice("直接沟通的领导至少是", RANKS, default="section_head"),
        "fix_days": f.number("签收后多少天内落实五定", least=1, most=60, default=7),
    }

    @hookimpl
    def track_steps(self, role: str, settings: dict[str, Any]) -> list[TrackStep]:
        return [
            TrackStep(
                "five_fixes", "五定：人员、任务、时间、质量、责任领导", before=("draft_reply",), days=settings["fix_days"], by_hand=True,
                blanks=(Blank("承办人员"), Blank("任务"), Blank("时间"), Blank("质量要求"), Blank("责任领导")),
            )
        ]  # fmt: skip

    @hookimpl
    def talk_duties(self, role: str, settings: dict[str, Any]) -> list[TalkDuty]:
        rank = settings["talk_least_rank"]
        return (
            []
            if role == "joint"
            else [TalkDuty("leader", f"{RANKS[rank]}以上领导直接沟通", rank=rank, bars=True)]
        )


PLUGIN = HeadFirstResponsible
