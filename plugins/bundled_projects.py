"""共性问题打捆 (Water 2018): what recurs goes into plans and projects with money and dates; each reply names its project."""

from __future__ import annotations

from typing import Any

from services.assignment.hooks import Blank, TrackStep
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl


class BundledProjects(Plugin):
    name, label, source = "bundled_projects", "共性问题打捆", "省水利厅，2018年交办会发言"
    summary = "反复提出的共性问题纳入规划和项目储备：答复之前写明项目、投资、受益人口和完成期限，或者写明为什么不能纳入。"
    places = ("congress", "unit")
    settings = {
        "categories": f.texts("适用的类别（不填则全部）", most=20, longest=20),
        "days": f.number("签收后多少天内研究是否纳入", least=1, most=180, default=45),
    }

    @hookimpl
    def track_steps(self, category: str, role: str, settings: dict[str, Any]) -> list[TrackStep]:
        if role == "joint" or (settings["categories"] and category not in settings["categories"]):
            return []
        return [
            TrackStep(
                "bundled", "纳入规划、项目储备", before=("draft_reply",), days=settings["days"], by_hand=True,
                blanks=(
                    Blank("规划或项目；不能纳入的写明理由"), Blank("投资（万元），没有的写“无”"), Blank("受益人口，没有的写“无”"),
                    Blank("完成期限，没有的写“无”"),
                ),
            )
        ]  # fmt: skip


PLUGIN = BundledProjects
