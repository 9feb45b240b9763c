"""领导责任制 (Finance 2018): the unit's head is the first who answers for it, section heads the main ones; leaders talk themselves,
section heads write two or three replies themselves, and each section has its own clerk for suggestions."""

from __future__ import annotations

from typing import Any

from services.assignment.hooks import Blank, SectionRule, TalkDuty, TrackStep
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.problems import Invalid
from shared.terms import RANKS


class HeadFirstResponsible(Plugin):
    name, label, source = "head_first_responsible", "领导责任制", "省财政厅，2018年交办会发言"
    summary = (
        "单位主要负责人是第一责任人，处室负责人是主要责任人；定人员、任务、时间、质量、责任领导；处级以上领导直接与代表沟通；"
        "处室负责人亲自撰稿答复，各处室有专门联络员。"
    )
    places = ("congress", "unit")
    settings = {
        "talk_least_rank": f.choice("直接沟通的领导至少是", RANKS, default="section_head"),
        "fix_days": f.number("签收后多少天内落实五定", least=1, most=60, default=7),
        "own_replies_least": f.number("处室负责人每年至少亲自撰稿几件", most=20, default=2),
        "own_replies_most": f.number("最多要求几件", most=20, default=3),
        "clerk_in_each_section": f.yes("每个处室应当有专门联络员", default=True),
    }

    def check(self, settings: dict[str, Any]) -> None:
        if settings["own_replies_most"] < settings["own_replies_least"]:
            wrong = "最多要求的件数不能少于至少要求的件数。"
            raise Invalid(wrong, {"own_replies_most": [wrong]})

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

    @hookimpl
    def section_rules(self, settings: dict[str, Any]) -> list[SectionRule]:
        """亲自撰稿答复2—3件；各处室明确专门联络员."""
        return [
            SectionRule(
                settings["clerk_in_each_section"],
                settings["own_replies_least"],
                settings["own_replies_most"],
            )
        ]


PLUGIN = HeadFirstResponsible
