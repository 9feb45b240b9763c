"""绩效考核 (Hunan 2021): the province's appraisal of the whole process, part by part, each with its numbers and the list behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.evaluation.hooks import Handled, Points
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.problems import Invalid
from shared.reply_classes import SOLVED, means_of

FULL = 100
# By which figure of the unit a part is counted, and how it is called; the shares are the core's own until the place says otherwise.
PARTS = {
    "on_time": ("按期办复", 30),
    "satisfied_result": ("代表对结果满意", 30),
    "satisfied_process": ("代表对过程满意", 15),
    "face_to_face": ("当面沟通", 15),
    "solved": ("当年解决", 10),
    "visited": ("三访到位", 0),
    "commitments_kept": ("承诺兑现", 0),
    "matters_solved": ("累计解决", 0),
}


class PerformanceAppraisal(Plugin):
    name, label, source = "performance_appraisal", "绩效考核", "湖南省人大常委会联工委，2021年工作亮点"
    summary = "年度评分按考核项目计分，覆盖办理全过程：每项按单位自己的指标计算，写明分子分母和明细；评分表可以导出送考核部门。"
    places = ("congress",)
    settings = {
        **{figure: f.number(f"{label}（分）", most=100, default=most) for figure, (label, most) in PARTS.items()},
        "for_key": f.number("每办成一件重点建议的附加分", most=5, default=0),
        "bonus_most": f.number("附加分上限", most=20, default=10),
    }  # fmt: skip

    def check(self, settings: dict[str, Any]) -> None:
        total = sum(settings[figure] for figure in PARTS)
        if total != FULL:
            wrong = f"各项合计应当是 {FULL} 分，现在是 {total} 分。"
            raise Invalid(wrong, {"on_time": [wrong]})

    @hookimpl
    def points(
        self, figures: Mapping[str, tuple[int, int]], handled: tuple[Handled, ...], settings: dict[str, Any]
    ) -> list[Points]:
        """A part about which there is nothing to say yet is left out, and the others make up the hundred together."""
        wanted = [figure for figure in PARTS if settings[figure] and figures.get(figure, (0, 0))[1]]
        scale = FULL / sum(settings[figure] for figure in wanted) if wanted else 0
        parts = [_part(figure, settings[figure] * scale, figures[figure], handled) for figure in wanted]
        key = tuple(
            one.suggestion for one in handled if one.key and means_of(one.reply_class, one.means) == SOLVED
        )
        most = settings["bonus_most"]
        if parts and key and settings["for_key"] and most:
            bonus = min(len(key) * settings["for_key"], most)
            parts.append(
                Points("附加分：办成重点建议", bonus, most, f"办成重点建议 {len(key)} 件", "", key, True)
            )
        return parts


def _part(figure: str, most: float, share: tuple[int, int], handled: tuple[Handled, ...]) -> Points:
    numerator, denominator = share
    lost = tuple(one.suggestion for one in handled if _falls_short(figure, one))
    points = round(most * numerator / denominator, 2)
    return Points(PARTS[figure][0], points, round(most, 2), f"{numerator}/{denominator}", figure, lost)


def _falls_short(figure: str, one: Handled) -> bool:
    """For which suggestions points were lost; of judgements nobody is told which."""
    return {
        "on_time": one.on_time is False,
        "face_to_face": not one.face_to_face,
        "commitments_kept": one.kept < one.promises,
    }.get(figure, False)


PLUGIN = PerformanceAppraisal
