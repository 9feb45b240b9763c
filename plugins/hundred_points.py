"""百分制+附加分 (Finance 2018): 100 points by five fixed things, each explained, and a bonus for what was done beyond."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.evaluation.hooks import Handled, Points
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.problems import Invalid
from shared.reply_classes import SOLVED, means_of

FULL = 100


class HundredPoints(Plugin):
    name, label, source = "hundred_points", "百分制+附加分", "省财政厅，2018年交办会发言"
    summary = "年度评分按百分制：按时、质量、沟通、承诺各占一部分，逐项说明扣分的建议；重点建议另有附加分。"
    places = ("congress", "unit")
    settings = {
        "on_time": f.number("按时答复（分）", most=100, default=30),
        "solved": f.number("办理质量（A类，分）", most=100, default=30),
        "talked": f.number("与代表当面沟通（分）", most=100, default=20),
        "kept": f.number("承诺兑现（分）", most=100, default=20),
        "bonus_for_key": f.number("每办成一件重点建议的附加分", most=5, default=1),
        "bonus_most": f.number("附加分上限", most=20, default=5),
    }

    def check(self, settings: dict[str, Any]) -> None:
        total = sum(settings[part] for part in ("on_time", "solved", "talked", "kept"))
        if total != FULL:
            wrong = f"各部分合计应当是 {FULL} 分，现在是 {total} 分。"
            raise Invalid(wrong, {"on_time": [wrong]})

    @hookimpl
    def points(
        self, figures: Mapping[str, tuple[int, int]], handled: tuple[Handled, ...], settings: dict[str, Any]
    ) -> list[Points]:
        due = [one for one in handled if one.on_time is not None]
        promised = [one for one in handled if one.promises]
        parts = [
            _part("按时答复", settings["on_time"], due, lambda one: bool(one.on_time), "on_time"),
            _part(
                "办理质量",
                settings["solved"],
                list(handled),
                lambda one: means_of(one.reply_class, one.means) == SOLVED,
                "solved",
            ),
            _part(
                "当面沟通", settings["talked"], list(handled), lambda one: one.face_to_face, "face_to_face"
            ),
            _part(
                "承诺兑现",
                settings["kept"],
                promised,
                lambda one: one.kept == one.promises,
                "commitments_kept",
            ),
        ]
        key = [
            one.suggestion for one in handled if one.key and means_of(one.reply_class, one.means) == SOLVED
        ]
        if key and settings["bonus_for_key"] and settings["bonus_most"]:
            most = settings["bonus_most"]
            bonus = min(len(key) * settings["bonus_for_key"], most)
            parts.append(
                Points(
                    "附加分：办成重点建议",
                    bonus,
                    most,
                    f"办成重点建议 {len(key)} 件",
                    suggestions=tuple(key),
                    is_bonus=True,
                )
            )
        return parts


def _part(name: str, most: int, of: list[Handled], is_well: Any, figure: str) -> Points:
    """All points where there is nothing to lose them by."""
    bad = [one for one in of if not is_well(one)]
    points = most if not of else round(most * (len(of) - len(bad)) / len(of), 2)
    because = f"{len(of)} 件中 {len(of) - len(bad)} 件做到" if of else "没有需要计分的建议"
    return Points(name, points, most, because, figure, tuple(one.suggestion for one in bad))


PLUGIN = HundredPoints
