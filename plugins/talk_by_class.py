"""明确谁来沟通 (Transport 2018): who talks with the deputy depends on what can be done.

Handlers talk about what is solved or planned (A, B), the unit's main person about what cannot be done now (C), the
leaders about key suggestions; the head writes a letter to the deputies of class C; the draft is shown before it goes out.
When (明确什么时候沟通): before the handling to learn what is meant, during it to agree on measures, after it to tell what came of it.
"""

from __future__ import annotations

from typing import Any

from services.assignment.hooks import Evidence, TalkDuty, TrackStep
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.terms import RANKS


class TalkByClass(Plugin):
    name, label, source = "talk_by_class", "明确谁来沟通", "省交通运输厅，2018年交办会发言"
    summary = "A、B类由经办人沟通，C类由主要负责人沟通并由负责人写信，重点建议由分管负责人沟通；办理前期、办理中、办理后期都要沟通；答复稿先送代表看。"
    places = ("congress", "unit")
    settings = {
        "for_a": f.choice("A类由谁沟通", RANKS, default="handler"),
        "for_b": f.choice("B类由谁沟通", RANKS, default="handler"),
        "for_c": f.choice("C类由谁沟通", RANKS, default="unit_head"),
        "for_key": f.choice("重点建议由谁沟通", RANKS, default="deputy_head"),
        "letter_for_c": f.yes("C类由主要负责人写信", default=True),
        "draft_shown": f.yes("答复印发前，答复稿送代表看", default=True),
        "in_each_phase": f.yes("办理前期、办理中、办理后期都要沟通", default=True),
        "after_days": f.number("答复后多少天内沟通", least=1, most=90, default=10),
    }

    @hookimpl
    def talk_duties(self, is_key: bool, role: str, settings: dict[str, Any]) -> list[TalkDuty]:
        if role == "joint":
            return []
        duties = [
            TalkDuty(f"class_{letter}", f"{letter.upper()}类：{RANKS[rank]}与代表沟通", rank=rank, classes=(letter.upper(),), bars=True)
            for letter in "abc"
            for rank in [settings[f"for_{letter}"]]
        ]  # fmt: skip
        if settings["letter_for_c"]:
            duties.append(
                TalkDuty(
                    "letter",
                    "C类：主要负责人写信",
                    rank="unit_head",
                    methods=("mail",),
                    classes=("C",),
                    bars=True,
                )
            )
        if is_key:
            rank = settings["for_key"]
            duties.append(TalkDuty("key", f"重点建议：{RANKS[rank]}与代表沟通", rank=rank, bars=True))
        if settings["in_each_phase"]:
            duties += [
                TalkDuty("before", "办理前期：了解代表意图", phase="before", bars=True),
                TalkDuty("during", "办理中：解释政策，协商办理措施", phase="during", bars=True),
                TalkDuty("after", "办理后期：告知办理意见", phase="after", days=settings["after_days"]),
            ]
        return duties

    @hookimpl
    def track_steps(self, role: str, settings: dict[str, Any]) -> list[TrackStep]:
        if role == "joint" or not settings["draft_shown"]:
            return []
        return [
            TrackStep(
                "shown", "答复稿送代表征求意见", before=("issue_reply",), evidence=Evidence("shown_draft")
            )
        ]


PLUGIN = TalkByClass
