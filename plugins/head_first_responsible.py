"""领导责任制 (Finance 2018): the unit's head is the first who answers for it, section heads the main ones; leaders talk themselves,
section heads write two or three replies themselves, each section has its own clerk for suggestions, and each leader of the
house leads on the spot once a year at least (厅领导每年必须带队开展现场办理)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from services.assignment.hooks import Blank, SectionRule, TalkDuty, TrackStep
from services.gateway.hooks import Facts, Page, Row, Table
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.problems import Invalid
from shared.terms import RANKS

ON_SITE = ("joint_inspection", "visit", "inspection")
UNITS_PEOPLE = ("handler", "unit_head", "distributing")


class HeadFirstResponsible(Plugin):
    name, label, source = "head_first_responsible", "领导责任制", "省财政厅，2018年交办会发言"
    summary = (
        "单位主要负责人是第一责任人，处室负责人是主要责任人；定人员、任务、时间、质量、责任领导；处级以上领导直接与代表沟通；"
        "处室负责人亲自撰稿答复，各处室有专门联络员；单位领导每年带队开展现场办理。"
    )
    places = ("congress", "unit")
    settings = {
        "talk_least_rank": f.choice("直接沟通的领导至少是", RANKS, default="section_head"),
        "fix_days": f.number("签收后多少天内落实五定", least=1, most=60, default=7),
        "own_replies_least": f.number("处室负责人每年至少亲自撰稿几件", most=20, default=2),
        "own_replies_most": f.number("最多要求几件", most=20, default=3),
        "leaders": f.texts("单位领导（每年必须带队开展现场办理）", most=20, longest=30),
        "on_site_each": f.number("每位领导每年至少带队几次（0为不要求）", most=20, default=1),
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

    @hookimpl
    def pages(self, settings: dict[str, Any]) -> list[Page]:
        """厅领导每年必须带队开展现场办理."""
        about = "单位领导今年带队开展现场办理的次数，按登记的实地走访、联合调研、代表视察计算。"
        return [
            Page("on_site", "领导带队现场办理", lambda facts: on_site(facts, settings), UNITS_PEOPLE, offers=(), needs=("records",), about=about)
        ] if settings["on_site_each"] else []  # fmt: skip


def on_site(facts: Facts, settings: dict[str, Any]) -> list[Table]:
    """How often each leader led on the spot this year, who has not yet, and each time. One talk about several counts once."""
    led = {
        (talk["led_by"], talk["on"], record["suggestion"]): record
        for record in facts.answers["records"]
        for talk in record["talks"]
        if talk["method"] in ON_SITE and talk["led_by"] and talk["on"][:4] == str(facts.on.year)
    }
    days = Counter(leader for leader, _ in {(leader, on) for leader, on, _ in led})
    least = settings["on_site_each"]
    rows = tuple(
        Row((leader, str(days[leader]), str(max(0, least - days[leader]))), light="" if days[leader] >= least else "yellow")
        for leader in dict.fromkeys(settings["leaders"])
    )  # fmt: skip
    each = tuple(
        Row((leader, on, record["title"], record["number"], record["unit"]["name"]), record["suggestion"])
        for (leader, on, _), record in sorted(led.items(), key=lambda one: one[0][:2])
    )
    return [
        Table("每位领导", ("领导", "今年带队", "还缺"), rows, f"每位领导每年至少带队 {least} 次，同一天算一次。", "还没有在“做法与设置”里写明单位领导。"),
        Table("带队现场办理", ("带队", "日期", "标题", "建议编号", "承办处室"), each, empty="今年还没有带队现场办理的记录。"),
    ]  # fmt: skip


PLUGIN = HeadFirstResponsible
