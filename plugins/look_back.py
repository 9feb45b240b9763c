"""回头看 (Hunan 2022: 本届以来代表建议办理“回头看”；Changsha 2018: 抓好回头看，确保查漏补缺).

Samples, their inspection and what follows from it are the core's. This practice adds the look that comes due by
itself: some time after a reply its unit is asked what became of it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from services.gateway.hooks import Export, Facts, Order, Page, Row, Table
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.reply_classes import USUAL, means_of
from shared.terms import REPLY_CLASSES

OFFICES = ("liaison", "distributing", "supervisor", "standing_leader", "committee")
DAYS_OF_A_MONTH = 30


class LookBack(Plugin):
    name, label, source = "look_back", "回头看", "湖南省人大常委会，《联络动态》2022年第4期"
    summary = "答复以后到一定时候，由系统要求承办单位报告落实情况，到期亮灯；历次回头看汇成一张表。抽样检查在“督办”的“回头看”里。"
    places = ("congress",)
    settings = {
        "classes": f.choices("哪些办理结果要回头看", REPLY_CLASSES, required=False, hint="不选则为 A、B"),
        "after_months": f.number("答复后多少个月报告落实情况", least=1, most=36, default=6),
    }

    @hookimpl
    def on_event(self, type: str, data: dict[str, Any], at: date, settings: dict[str, Any]) -> list[Order]:
        """Once for each unit's first reply: what is replied again is looked at anyway."""
        if type != "reply.issued.v1" or data["round"] > 1:
            return []
        # The usual letters stand for what they mean: a place may write B1 for what is promised.
        wanted = {USUAL[letter] for letter in settings["classes"] or ["A", "B"]}
        if means_of(data["reply_class"], data.get("means", "")) not in wanted:
            return []
        due = at + timedelta(days=DAYS_OF_A_MONTH * settings["after_months"])
        asked = {
            "units": [data["unit"]["id"]],
            "due_on": due,
            "text": f"回头看：请报告{data['document_number']}答复的内容落实得怎样，还有什么没有做到。",
        }
        return [Order("ask_progress", asked, f"答复满 {settings['after_months']} 个月回头看")]

    @hookimpl
    def pages(self) -> list[Page]:
        about = "历次抽样检查，和到期要报告落实情况的建议。"
        return [Page("looks", "回头看情况", tables, OFFICES, needs=("look_backs", "demands"), about=about)]

    @hookimpl
    def exports(self) -> list[Export]:
        return [Export("looks", "回头看情况", tables, OFFICES, needs=("look_backs", "demands"))]


def tables(facts: Facts) -> list[Table]:
    known = {line.id for line in facts.lines}
    asked = [
        d for d in facts.answers["demands"] if d["suggestion"] in known and d["text"].startswith("回头看")
    ]
    rows = tuple(
        Row(
            (
                d["title"],
                d["unit"]["name"],
                d["due_on"],
                d["state_label"],
                d["answers"][-1]["text"] if d["answers"] else "",
            ),
            d["suggestion"],
            d["light"],
        )
        for d in asked
    )
    looks = tuple(
        Row((one["name"], one["drawn_on"], str(one["drawn"]), one["state_label"]))
        for one in facts.answers["look_backs"]
    )
    return [
        Table(
            "报告落实情况",
            ("标题", "承办单位", "期限", "状态", "落实情况"),
            rows,
            empty="没有到期要报告的建议。",
        ),
        Table("抽样检查", ("名称", "抽取日期", "件数", "状态"), looks, empty="还没有抽取过回头看。"),
    ]


PLUGIN = LookBack
