"""分管领导带队现场办理 (Science 2018): the head overall, a deputy head leads each suggestion on the spot.

How follows from what it is about (分类确定办理方式): a place or unit that the title names is researched there; one simple thing is
talked over on a visit; for the others there is a symposium at the deputy's place of work. The method is proposed with its reason, and
the unit may choose another one with a reason of its own. Where several are alike, the plan proposes to invite their deputies to
one table. The plans of all are one document, by the deputies' delegations.
"""

from __future__ import annotations

import re
from typing import Any

from services.assignment.hooks import Blank, Evidence, TalkDuty, TrackStep
from services.gateway.hooks import Document, Export, Facts, Line, Printed, Row, Table
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.terms import RANKS

ON_SITE = ("joint_inspection", "symposium", "visit", "inspection")
NAMES_A_PLACE = (
    "市",
    "县",
    "区",
    "镇",
    "乡",
    "村",
    "街道",
    "园区",
    "高速",
    "水库",
    "灌区",
    "学校",
    "医院",
    "企业",
    "公司",
    "基地",
)
SIMPLE = ("路灯", "信号灯", "斑马线", "公交站", "井盖", "停车位")
LEADER, SECTIONS, UNTIL = "带队领导", "牵头处室和参加处室", "完成时间"
ALIKE = 0.5  # how much of two titles is the same, from where on they are taken to be about the same
METHOD = "方式（同意建议方式的写“同意”，另选的写明方式和理由，几件一起座谈的写明）"
PLAN_KEY = "leaders_on_site.on_site_plan"
UNITS_PEOPLE = ("handler", "unit_head", "distributing")


class LeadersOnSite(Plugin):
    name, label, source = "leaders_on_site", "分管领导带队现场办理", "省科学技术厅，2018年交办会发言"
    summary = "每件建议由分管领导带队现场办理：涉及地方和单位的到现场调研，其他的到代表所在单位座谈或上门走访；领导没有到场的不能送审。按标题建议方式，单位可以另选并写明理由。"
    places = ("congress", "unit")
    settings = {
        "leads": f.choice("由谁带队", RANKS, default="deputy_head"),
        "only_as_lead": f.yes("只用于主办件和分办件", default=True),
        "plan_days": f.number("签收后多少天内排定现场办理方案", least=1, most=90, default=15),
        "place_words": f.texts("标题有这些字的，建议到现场调研", most=60, longest=10, default=NAMES_A_PLACE),
        "simple_words": f.texts(
            "标题有这些字的是简单事项，建议上门走访", most=60, longest=10, default=SIMPLE
        ),
    }

    @hookimpl
    def track_steps(self, role: str, title: str, settings: dict[str, Any]) -> list[TrackStep]:
        if role == "joint" and settings["only_as_lead"]:
            return []
        method, because = method_by_content(title, settings)
        return [
            TrackStep(
                "on_site_plan", f"现场办理方案（建议方式：{method}，{because}）", before=("draft_reply",), days=settings["plan_days"], by_hand=True,
                blanks=(Blank(LEADER), Blank(SECTIONS), Blank(UNTIL), Blank(METHOD)),
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

    @hookimpl
    def documents(self, settings: dict[str, Any]) -> list[Document]:
        def make(facts: Facts) -> Printed:
            signed = (facts.place, facts.on.isoformat())
            return Printed(f"{facts.place}代表建议现场办理工作方案", tuple(plans(facts, settings)), signed)

        return [Document("on_site", "现场办理工作方案", make, UNITS_PEOPLE, needs=("records",))]

    @hookimpl
    def exports(self, settings: dict[str, Any]) -> list[Export]:
        return [Export("on_site", "现场办理工作方案", lambda facts: plans(facts, settings), UNITS_PEOPLE, needs=("records",))]  # fmt: skip


def method_by_content(title: str, settings: dict[str, Any]) -> tuple[str, str]:
    """The method that the content asks for, and why. A program sees the title's words alone: people decide."""
    subject = _subject(title)
    if word := next((word for word in settings["simple_words"] if word in subject), ""):
        return "上门走访", f"简单事项：“{word}”"
    if word := next((word for word in settings["place_words"] if word in subject), ""):
        return "现场调研", f"标题写到地方或单位：“{word}”"
    return "到代表所在单位座谈", "标题没有写到地方和单位"


def _subject(title: str) -> str:
    return re.sub(r"的?建议$", "", re.sub(r"^关于", "", title))


def plans(facts: Facts, settings: dict[str, Any]) -> list[Table]:
    """The plan of each suggestion, a table for each delegation, which at a province is the deputy's city."""
    filled = {
        record["suggestion"]: step["filled"]
        for record in facts.answers["records"]
        for step in record["steps"]
        if step["key"] == PLAN_KEY and step["filled"]
    }
    by_delegation: dict[str, list[Line]] = {}
    for line in facts.lines:
        if line.assigned_on:
            by_delegation.setdefault(line.delegation or "没有代表团的代表", []).append(line)
    columns = ("标题", "建议编号", "代表", LEADER, SECTIONS, UNTIL, "方式")
    alike = like_ones([line for lines in by_delegation.values() for line in lines])
    return [
        Table(name, columns, tuple(_row(line, filled.get(line.id, {}), settings, alike.get(line.id, ())) for line in by_delegation[name]))
        for name in sorted(by_delegation)
    ] or [Table("现场办理", columns, (), empty="还没有承办的建议。")]  # fmt: skip


def like_ones(lines: list[Line]) -> dict[str, tuple[Line, ...]]:
    """{suggestion: the others about the same (内容相近的)}, as far as titles tell."""
    pairs = {line.id: _pairs(_subject(line.title)) for line in lines}

    def are_alike(one: Line, other: Line) -> bool:
        both = pairs[one.id] | pairs[other.id]
        return one is not other and len(pairs[one.id] & pairs[other.id]) >= ALIKE * len(both)

    found = {line.id: tuple(other for other in lines if are_alike(line, other)) for line in lines}
    return {id: others for id, others in found.items() if others}


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _row(line: Line, filled: dict[str, str], settings: dict[str, Any], alike: tuple[Line, ...]) -> Row:
    chosen = next((value for label, value in filled.items() if label.startswith("方式")), "")
    proposed = method_by_content(line.title, settings)[0]
    together = "和《" + "》《".join(other.title for other in alike[:3]) + "》的代表一起座谈" if alike else ""
    method = (
        proposed
        if chosen.strip("。") == "同意"
        else chosen or f"（建议：{together or proposed}，还没有排定）"
    )
    own = (filled.get(LEADER, ""), filled.get(SECTIONS, ""), filled.get(UNTIL, ""))
    return Row((line.title, line.number, line.lead_deputy, *own, method), line.id, line.light)


PLUGIN = LeadersOnSite
