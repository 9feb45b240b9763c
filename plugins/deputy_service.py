"""主动服务制 (Finance 2018: 成立服务工作领导小组，由15个处室对口联系，做好办理工作衔接和日常联络): each section has its deputies.

The list says which suggestions of its deputies a section has to follow, whoever in the house handles them.
"""

from __future__ import annotations

from typing import Any

from services.gateway.hooks import Export, Facts, Line, Page, Row, Table
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.problems import Invalid

BETWEEN = "、"
NOBODY = "没有对口联系处室的代表"


class DeputyService(Plugin):
    name, label, source = "deputy_service", "主动服务制", "省财政厅，2018年交办会发言"
    summary = "服务工作领导小组和对口联系：每个处室联系哪些代表；这些代表领衔和附议的建议，处室都看得到办到哪一步，好做衔接和日常联络。"
    places = ("unit",)
    settings = {
        "leading_group": f.texts("服务工作领导小组", most=20, longest=50),
        "sections": f.items(
            "对口联系", most=60, section=f.text("处室", most=40), deputies=f.text("联系的代表（姓名，用顿号分开）", most=2000, long=True),
        ),
    }  # fmt: skip

    def check(self, settings: dict[str, Any]) -> None:
        seen: dict[str, str] = {}
        for number, one in enumerate(settings["sections"]):
            for name in names_in(one["deputies"]):
                if seen.setdefault(name, one["section"]) != one["section"]:
                    wrong = f"代表{name}已经由{seen[name]}联系，一位代表只由一个处室对口联系。"
                    raise Invalid(wrong, {f"sections.{number}.deputies": [wrong]})

    @hookimpl
    def pages(self, settings: dict[str, Any]) -> list[Page]:
        group = BETWEEN.join(settings["leading_group"])
        about = f"服务工作领导小组：{group}。" if group else "还没有写明服务工作领导小组。"
        return [
            Page(
                "deputies",
                "对口联系",
                lambda facts: tables(facts, settings),
                about=about,
                offers=("year", "text"),
            )
        ]

    @hookimpl
    def exports(self, settings: dict[str, Any]) -> list[Export]:
        return [Export("deputies", "对口联系情况", lambda facts: tables(facts, settings))]


def names_in(text: str) -> list[str]:
    return [name.strip() for name in text.replace("\n", BETWEEN).split(BETWEEN) if name.strip()]


def tables(facts: Facts, settings: dict[str, Any]) -> list[Table]:
    """One for each section, in the order in which they were laid down; last, the deputies whom nobody serves."""
    served = [(one["section"], names_in(one["deputies"])) for one in settings["sections"]]
    found = [_of(section, names, _of_deputies(facts, set(names))) for section, names in served]
    everybody = {name for _, names in served for name in names}
    others = [line for line in facts.lines if not everybody & {line.lead_deputy, *line.cosigners}]
    if others or not found:
        found.append(_of(NOBODY, sorted({line.lead_deputy for line in others}), others))
    return found


def _of_deputies(facts: Facts, names: set[str]) -> list[Line]:
    return [line for line in facts.lines if names & {line.lead_deputy, *line.cosigners}]


def _of(section: str, names: list[str], lines: list[Line]) -> Table:
    rows = tuple(
        Row(
            (
                line.title, line.number, BETWEEN.join(name for name in (line.lead_deputy, *line.cosigners) if name in names),
                line.lead_unit, line.state_label, line.next_due_on,
            ),
            line.id, line.light,
        )
        for line in lines
    )  # fmt: skip
    note = f"联系 {len(names)} 位代表：{BETWEEN.join(names)}。" if names else ""
    return Table(
        section, ("标题", "建议编号", "代表", "主办单位", "进度", "期限"), rows, note, "这些代表现在没有由本单位承办的建议。"
    )  # fmt: skip


PLUGIN = DeputyService
