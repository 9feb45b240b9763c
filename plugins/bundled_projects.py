"""共性问题打捆 (Water 2018): what recurs goes into plans and projects with money and dates; each reply names its project."""

from __future__ import annotations

from typing import Any

from services.assignment.hooks import Blank, TrackStep
from services.gateway.hooks import Facts, Page, Row, Table
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl

WHO_READS = ("liaison", "distributing", "handler", "unit_head")


class BundledProjects(Plugin):
    name, label, source = "bundled_projects", "共性问题打捆", "省水利厅，2018年交办会发言"
    summary = "反复提出的共性问题纳入规划和项目储备：答复之前写明项目、投资、受益人口和完成期限，或者写明为什么不能纳入。"
    places = ("congress", "unit")
    settings = {
        "categories": f.texts("适用的类别（不填则全部）", most=20, longest=20),
        "hot_categories": f.texts("民生热点的类别：一件一个办法，单独列清单", most=20, longest=20),
        "days": f.number("签收后多少天内研究是否纳入", least=1, most=180, default=45),
    }

    @hookimpl
    def track_steps(self, category: str, role: str, settings: dict[str, Any]) -> list[TrackStep]:
        if role == "joint":
            return []
        hot = [
            TrackStep(
                "one_by_one", "民生热点：一对一破解难题", before=("draft_reply",), days=settings["days"], by_hand=True,
                blanks=(Blank("群众的难题"), Blank("这一件的办法和责任人"), Blank("什么时候见效")),
            )
        ]  # fmt: skip
        found = hot if category in settings["hot_categories"] else []
        if settings["categories"] and category not in settings["categories"]:
            return found
        return [
            *found,
            TrackStep(
                "bundled", "纳入规划、项目储备", before=("draft_reply",), days=settings["days"], by_hand=True,
                blanks=(
                    Blank("规划或项目；不能纳入的写明理由"), Blank("投资（万元），没有的写“无”"), Blank("受益人口，没有的写“无”"),
                    Blank("完成期限，没有的写“无”"),
                ),
            )
        ]  # fmt: skip

    @hookimpl
    def pages(self, settings: dict[str, Any]) -> list[Page]:
        hot = settings["hot_categories"]
        about = f"民生热点（{'、'.join(hot)}）一件一件办：写了什么办法，办到哪一步。"
        return [Page("hot", "民生热点", lambda facts: [hot_ones(facts, hot)], WHO_READS, needs=("records",), about=about)] if hot else []  # fmt: skip


def hot_ones(facts: Facts, hot: list[str]) -> Table:
    """Each with the way that was found for it, the urgent first."""
    ways = {
        record["suggestion"]: step["filled"]
        for record in facts.answers["records"]
        for step in record["steps"]
        if step["key"] == "bundled_projects.one_by_one"
    }
    rows = tuple(
        Row((line.title, line.number, line.lead_unit, ways.get(line.id, {}).get("这一件的办法和责任人") or "还没有写", line.state_label, line.next_due_on), line.id, line.light)
        for line in sorted(facts.lines, key=lambda line: line.next_due_on or "9999")
        if line.category in hot and line.assigned_on
    )  # fmt: skip
    columns = ("标题", "建议编号", "主办单位", "办法和责任人", "进度", "期限")
    return Table("民生热点", columns, rows, f"共 {len(rows)} 件。", "没有这些类别的建议。")


PLUGIN = BundledProjects
