"""十抓十确保 (Changsha 2018): of the ten, those that a unit does for each suggestion — analysis before handling, weight on hard ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from services.assignment.hooks import Blank, TrackStep
from services.gateway.hooks import Facts, Page, Row, Table
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl

OFFICES = ("liaison", "distributing", "supervisor", "standing_leader", "government_leader", "committee")
HARD = "难点、热点，没有的写“无”"
NONE = ("", "无", "没有")
ANALYSIS = "ten_grasps.analysis"
WHO_NAMES = ("liaison", "distributing", "handler", "unit_head")
NOTHING = "没有登记，或者还没有数字"


class TenGrasps(Plugin):
    name, label, source = "ten_grasps", "十抓十确保", "长沙市人民政府，2018年交办会发言"
    summary = "抓办前分析，确保总方案优；抓难点热点，确保重点研办；抓“回头看”，确保查漏补缺。每件建议办前要有分析，难点要有对策。"
    places = ("congress", "unit")
    settings = {
        "analysis_days": f.number("签收后多少天内完成办前分析", least=1, most=60, default=15),
        "hard_ones": f.number("每个单位重点研办的难点热点（件，0为不要求）", most=20, default=3),
        "checked_after_days": f.number("答复后多少天自查一遍（回头看）", least=7, most=365, default=180),
    }

    @hookimpl
    def track_steps(self, role: str, settings: dict[str, Any]) -> list[TrackStep]:
        if role == "joint":
            return []
        return [
            TrackStep(
                "analysis", "办前分析", before=("draft_reply",), days=settings["analysis_days"], by_hand=True,
                blanks=(Blank("代表要解决的问题"), Blank(HARD), Blank("总的办法和配合单位")),
            ),
            TrackStep(
                "checked", "“回头看”自查", counted_from="replied", days=settings["checked_after_days"], by_hand=True,
                blanks=(Blank("落实情况"), Blank("补上了什么")),
            ),
        ]  # fmt: skip

    @hookimpl
    def pages(self, settings: dict[str, Any]) -> list[Page]:
        about = "十抓十确保，一项一项看数字；没有数字的也写明。"
        needs = ("due_dates", "contacts_due", "measures", "demands", "commitments", "look_backs", "scores")
        return [
            Page("board", "十抓十确保", lambda facts: [board(facts)], OFFICES, needs=needs, about=about),
            Page(
                "hard", "难点热点", lambda facts: hard_ones(facts, settings["hard_ones"]), WHO_NAMES, needs=("records",),
                about="办前分析里写了难点、热点的建议，就是重点研办的；每个单位应当有几件，还缺几件。",
            ),
        ]  # fmt: skip


def board(facts: Facts) -> Table:
    """Each of the ten with the number by which it is seen, as far as the network knows one."""
    lines, answers = facts.lines, facts.answers
    known = {line.id for line in lines}
    of_these = {
        name: [one for one in answers[name] if one["suggestion"] in known and one.get("state") != "withdrawn"]
        for name in ("contacts_due", "measures", "demands", "commitments")
    }
    assigned = [line for line in lines if line.assigned_on]
    handling = [line for line in assigned if not line.replied_on]
    waiting = {due["suggestion"] for due in answers["due_dates"] if due["kind"] == "step"}
    key = [line for line in lines if line.is_key]
    led = [line for line in key if line.key.get("leading_supervisor") and line.key.get("sponsor")]
    joint = [line for line in assigned if line.joint_units]
    red = [line for line in handling if line.light == "red"]
    kept = [one for one in of_these["commitments"] if one["state"] == "kept"]
    looked = [one for one in answers["look_backs"] if one["state"] == "ended"]
    seen = [
        (
            "抓办前分析，确保总方案优",
            f"在办 {len(handling)} 件，其中 {len(waiting & {line.id for line in handling})} 件还有没完成的办理环节（办前分析在内）"
            if handling
            else "",
        ),
        (
            "抓少数关键，确保高位推动",
            f"重点建议 {len(key)} 件，领导牵头和领办都明确的 {len(led)} 件" if key else "",
        ),
        (
            "抓重点环节，确保规范办理",
            f"已交办 {len(assigned)} 件，已答复 {len(assigned) - len(handling)} 件" if assigned else "",
        ),
        (
            "抓协调服务，确保合力推动",
            f"有会办单位的 {len(joint)} 件；还有阶段没有和代表沟通的 {len(of_these['contacts_due'])} 件"
            if assigned
            else "",
        ),
        (
            "抓多式督办，确保整体推进",
            f"督办措施 {len(of_these['measures'])} 项，督办要求 {len(of_these['demands'])} 项"
            if of_these["measures"] or of_these["demands"]
            else "",
        ),
        ("抓队伍建设，确保能力过硬", ""),
        ("抓难点热点，确保重点研办", f"红灯 {len(red)} 件" if handling else ""),
        (
            "抓专项管理，确保跟踪问效",
            f"承诺事项 {len(of_these['commitments'])} 项，已销号 {len(kept)} 项"
            if of_these["commitments"]
            else "",
        ),
        (
            "抓好回头看，确保查漏补缺",
            f"回头看 {len(answers['look_backs'])} 次，已结束 {len(looked)} 次"
            if answers["look_backs"]
            else "",
        ),
        (
            "抓考核考评，确保奖优罚劣",
            f"今年已评分的单位 {len(answers['scores'])} 个" if answers["scores"] else "",
        ),
    ]
    return Table(
        "十抓十确保", ("项目", "现在的情况"), tuple(Row((name, words or NOTHING)) for name, words in seen)
    )


def hard_ones(facts: Facts, least: int) -> list[Table]:
    """The marked ones with what is hard about them, and by unit whether it has named as many as it should."""
    lights = {line.id: line for line in facts.lines}
    own = [record for record in facts.answers["records"] if record["role"] in ("lead", "separate")]
    named = [(record, words) for record in own if (words := _hard(record)) and record["suggestion"] in lights]
    rows = tuple(
        Row((record["title"], record["number"], record["unit"]["name"], words, lights[record["suggestion"]].state_label), record["suggestion"], lights[record["suggestion"]].light)
        for record, words in named
    )  # fmt: skip
    marked = Counter(record["unit"]["name"] for record, _ in named)
    has = Counter(record["unit"]["name"] for record in own)
    units = tuple(
        Row((unit, str(count), str(marked[unit]), str(max(0, min(least, count) - marked[unit]))))
        for unit, count in sorted(has.items())
    )
    return [
        Table("重点研办的难点热点", ("标题", "建议编号", "承办单位", "难点、热点", "进度"), rows, empty="办前分析里还没有写难点、热点的。"),
        Table("各单位", ("承办单位", "承办", "已列难点热点", "还缺"), units, f"每个单位应当有 {least} 件，承办不到这么多的全部列入。" if least else "", "没有承办的建议。"),
    ]  # fmt: skip


def _hard(record: Mapping[str, Any]) -> str:
    filled = next((step["filled"] for step in record["steps"] if step["key"] == ANALYSIS), {})
    words = str(filled.get(HARD, "")).strip().strip("。")
    return "" if words in NONE else words


PLUGIN = TenGrasps
