"""重点处理建议全覆盖 (Hunan 2023: 主任会议成员牵头督办、省人民政府领导领办重点处理建议“全覆盖”机制).

Whom it expects to lead, sponsor and oversee is a setting of the core (重点建议全覆盖), and so is the board (重点建议). This practice makes the
missing ones a list of its own, proposes nothing and bars nothing.
"""

from __future__ import annotations

from typing import Any

from services.gateway.hooks import Facts, Line, Page, Row, Table
from services.supervision.hooks import Column, Suggestion
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl

PARTS = {"leading_supervisor": "牵头督办领导", "sponsor": "领办领导", "committee": "对口督办专委会"}
OFFICES = ("liaison", "distributing", "supervisor", "standing_leader", "government_leader", "committee")


class KeyFullCover(Plugin):
    name, label, source = "key_full_cover", "重点建议全覆盖清单", "湖南省人大常委会，《联络动态》2023年第12期"
    summary = "每件重点处理建议都有领导牵头、领导领办、专委会对口，每位领导都有重点建议：缺的列成清单。名单在“重点建议全覆盖”里设置。"
    places = ("congress",)
    settings = {"needs_committee": f.yes("专委会也要全覆盖", default=True)}

    @hookimpl
    def columns(self, suggestion: Suggestion) -> list[Column]:
        return [Column("重点", "重点处理建议" if suggestion.is_key else "")]

    @hookimpl
    def pages(self, settings: dict[str, Any]) -> list[Page]:
        parts = {
            name: label for name, label in PARTS.items() if settings["needs_committee"] or name != "committee"
        }
        about = "重点处理建议还缺谁，哪位领导还没有重点建议。都齐了就是全覆盖。"
        return [
            Page(
                "cover",
                "全覆盖",
                lambda facts: cover(facts, parts),
                OFFICES,
                {"key": True},
                needs=("key_board",),
                about=about,
            )
        ]


def cover(facts: Facts, parts: dict[str, str]) -> list[Table]:
    lacking = [(line, missing) for line in facts.lines if (missing := _missing(line, parts))]
    rows = tuple(
        Row((line.title, line.number, "、".join(missing), line.lead_unit), line.id, line.light)
        for line, missing in lacking
    )
    none = [
        Row((one["label"], one["name"]))
        for board in facts.answers["key_board"]
        for one in _without(board, parts)
    ]
    counted = f"重点处理建议 {len(facts.lines)} 件，已明确的 {len(facts.lines) - len(lacking)} 件。"
    full = f"{counted}全覆盖。" if facts.lines and not lacking and not none else counted
    return [
        Table(
            "还缺人的重点建议", ("标题", "建议编号", "缺", "主办单位"), rows, full, "每件重点建议都已明确。"
        ),
        Table(
            "还没有重点建议的领导和专委会",
            ("职责", "姓名或名称"),
            tuple(none),
            empty="没有，或者还没有设置名单。",
        ),
    ]


def _missing(line: Line, parts: dict[str, str]) -> list[str]:
    return [label for part, label in parts.items() if not str(line.key.get(part, "")).strip()]


def _without(board: Any, parts: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": one["role_label"], "name": one["name"]}
        for one in board["without_any"]
        if one["role"] in parts
    ]


PLUGIN = KeyFullCover
