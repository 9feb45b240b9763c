"""本地提交要求 (usage): what a congress wants to find in a text before it takes it, in words that the congress lays down itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.intake.hooks import DraftFinding
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl

PARTS = {"title": "标题", "situation": "情况", "analysis": "分析", "proposals": "具体意见"}
BETWEEN = "、"


class OwnChecklist(Plugin):
    name, label, source = "own_checklist", "本地提交要求", "各地人大的提交须知"
    summary = "本级人大自己的提交要求：某一部分应当写到哪些词。写作时提示代表，可以规定改好才能提交。"
    places = ("congress",)
    settings = {
        "demands": f.items(
            "要求", most=10,
            part=f.choice("在哪一部分", PARTS, default="proposals"),
            words=f.text("应当写到其中一个词（用顿号分开）", most=200), says=f.text("没有写到时提示", most=100),
            mend=f.text("怎样改", most=100, required=False), bars=f.yes("改好才能提交"),
        ),
        "categories": f.texts("适用的类别（不填则全部）", most=20, longest=20),
    }  # fmt: skip

    @hookimpl
    def validate_draft(
        self, text: Mapping[str, str], category: str, settings: dict[str, Any]
    ) -> list[DraftFinding]:
        if settings["categories"] and category and category not in settings["categories"]:
            return []
        return [
            DraftFinding(
                f"demand_{number}", demand["says"][:30], demand["part"], demand["says"], demand["mend"], demand["bars"]
            )
            for number, demand in enumerate(settings["demands"], 1)
            if (written := text[demand["part"]].strip())  # what is still empty is being written
            and not any(word.strip() in written for word in demand["words"].split(BETWEEN) if word.strip())
        ]  # fmt: skip


PLUGIN = OwnChecklist
