"""三级承办网络 (Liuyang 2022: 市长亲自抓、常务副市长牵头抓、副市长具体抓，政府办协调、部门承办): who leads follows from the unit.

Which vice-mayor has which units is written down once; after that nobody fills in anything for a suggestion. A unit that is hindered
turns to its vice-mayor first; what is not solved in time goes up, level by level.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.assignment.hooks import Blank, TrackStep
from services.gateway.hooks import Document, Export, Facts, Line, Page, Printed, Row, Table, Told
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.problems import Invalid

READERS = ("liaison", "distributing", "supervisor", "standing_leader", "government_leader", "committee")
STUDIED = {"none": "不要求", "key": "重点建议", "all": "每件建议"}
NOBODY = "（还没有写明由谁分管）"
BETWEEN = re.compile(r"[、，,；;\s]+")


@dataclass(frozen=True)
class Network:
    """The three levels: who is at the top, who leads, and which vice-mayor has which units."""

    mayor: str
    executive: str
    field_of: Mapping[str, str]

    def leads(self, unit: str) -> str:
        """The vice-mayor of a unit."""
        return self.field_of.get(unit, NOBODY)

    def turns_to(self, unit: str, days: int, up_after: int) -> str:
        """Who has to help: first the unit's vice-mayor, after so many days the executive one, after as many again the mayor."""
        levels = (self.field_of.get(unit, ""), self.executive, self.mayor)
        known = [level for level in levels[min(days // up_after, 2) :] if level]
        return known[0] if known else NOBODY


class ThreeLevelNetwork(Plugin):
    name, label, source = "three_level_network", "三级承办网络", "浏阳市，《联络动态》2022年第22期"
    summary = "市长亲自抓、常务副市长牵头抓、副市长具体抓：按主办单位对应分管副市长，不用逐件填写；单位遇到困难先找分管副市长，没有解决的逐级上报。"
    places = ("congress",)
    settings = {
        "mayor": f.text("市长（亲自抓）", most=50, required=False),
        "executive": f.text("常务副市长（牵头抓）", most=50, required=False),
        "field_of": f.items(
            "副市长分工（具体抓）", most=20, leader=f.text("副市长", most=50), units=f.text("分管单位，用顿号分开", most=500),
        ),
        "coordinates": f.text("负责协调的单位", most=50, default="政府办公室", required=False),
        "studied": f.choice("起草答复以前，分管副市长研究", STUDIED, default="key"),
        "up_after_days": f.number("困难多少天没有解决，上报一级", least=1, most=90, default=15),
    }  # fmt: skip

    def check(self, settings: dict[str, Any]) -> None:
        """One unit has one vice-mayor: else nobody would know whom it turns to."""
        seen: set[str] = set()
        for unit in (unit for entry in settings["field_of"] for unit in _units(entry)):
            if unit in seen:
                wrong = f"“{unit}”写在了两位副市长名下。"
                raise Invalid(wrong, {"field_of": [wrong]})
            seen.add(unit)

    @hookimpl
    def track_steps(self, unit: str, is_key: bool, role: str, settings: dict[str, Any]) -> list[TrackStep]:
        if role == "joint" or settings["studied"] == "none" or (settings["studied"] == "key" and not is_key):
            return []
        leader = network_of(settings).field_of.get(unit, "分管副市长")
        return [
            TrackStep(
                "studied", f"{leader}研究办理方案（具体抓）", before=("draft_reply",), by_hand=True,
                blanks=(Blank("研究时间"), Blank("研究意见")),
            )
        ]  # fmt: skip

    @hookimpl
    def messages(self, type: str, data: dict[str, Any], settings: dict[str, Any]) -> list[Told]:
        """When a unit has signed it knows whom it turns to."""
        net = network_of(settings)
        leader = net.field_of.get(str(data.get("unit", {}).get("name", "")))
        if type != "task.signed.v1" or not leader:
            return []
        above = "".join(
            f"，{name}{how}" for name, how in ((net.executive, "牵头抓"), (net.mayor, "亲自抓")) if name
        )
        by = f"，由{settings['coordinates']}协调" if settings["coordinates"] else ""
        return [Told("unit", f"{leader}具体抓{above}{by}。需要协调的，先报{leader}。")]

    @hookimpl
    def pages(self, settings: dict[str, Any]) -> list[Page]:
        about = "按主办单位对应分管副市长；单位遇到困难先找分管副市长，没有解决的逐级上报。分工在“做法与设置”里填写。"
        return [Page("network", "三级承办网络", lambda facts: tables(facts, settings), READERS, needs=("demands",), about=about)]  # fmt: skip

    @hookimpl
    def exports(self, settings: dict[str, Any]) -> list[Export]:
        return [Export("network", "三级承办网络", lambda facts: tables(facts, settings), READERS, needs=("demands",))]  # fmt: skip

    @hookimpl
    def documents(self, settings: dict[str, Any]) -> list[Document]:
        def make(facts: Facts) -> Printed:
            signed = (settings["coordinates"] or facts.place, facts.on.isoformat())
            return Printed(f"{facts.place}代表建议三级承办网络", tuple(tables(facts, settings)), signed)

        return [Document("network", "三级承办网络一览", make, READERS, needs=("demands",))]


def network_of(settings: dict[str, Any]) -> Network:
    field_of = {unit: entry["leader"] for entry in settings["field_of"] for unit in _units(entry)}
    return Network(settings["mayor"], settings["executive"], field_of)


def _units(entry: Mapping[str, str]) -> list[str]:
    return [unit for unit in BETWEEN.split(entry["units"]) if unit]


def tables(facts: Facts, settings: dict[str, Any]) -> list[Table]:
    net = network_of(settings)
    return [
        _by_leader(facts, net),
        _hindered(facts, net, settings["up_after_days"]),
        _each(facts, net),
        *_of_nobody(facts, net),
    ]


def _by_leader(facts: Facts, net: Network) -> Table:
    assigned = [line for line in facts.lines if line.lead_unit]
    leaders = [*dict.fromkeys(net.field_of.values()), NOBODY]
    rows = []
    for leader in leaders:
        own = [line for line in assigned if net.leads(line.lead_unit) == leader]
        late = sum(line.light == "red" for line in own)
        if own or leader != NOBODY:
            rows.append(Row((leader, str(len(own)), str(sum(bool(line.replied_on) for line in own)), str(late))))  # fmt: skip
    top = "，".join(
        f"{name}{how}" for name, how in ((net.mayor, "亲自抓"), (net.executive, "牵头抓")) if name
    )
    note = f"{top}。" if top else ""
    return Table("副市长具体抓", ("副市长", "承办", "已答复", "逾期"), tuple(rows), note, "还没有写明副市长的分工。")  # fmt: skip


def _of_nobody(facts: Facts, net: Network) -> list[Table]:
    """The units that stand under no vice-mayor, so that whoever keeps the list sees which name is missing or written otherwise."""
    counted = Counter(
        line.lead_unit for line in facts.lines if line.lead_unit and line.lead_unit not in net.field_of
    )
    rows = tuple(Row((unit, str(count))) for unit, count in sorted(counted.items()))
    note = "请在“做法与设置”里补上；单位名称要和名册上的一样，改名以后也要改。"
    return (
        [Table("还没有写明由谁分管的单位", ("承办单位", "承办"), rows, note)] if rows and net.field_of else []
    )


def _hindered(facts: Facts, net: Network, up_after: int) -> Table:
    rows = tuple(
        Row((demand["title"], demand["unit"]["name"], answer["hindered_by"], str(days), net.turns_to(demand["unit"]["name"], days, up_after)), demand["suggestion"])
        for demand, answer, days in _open_difficulties(facts)
    )  # fmt: skip
    columns = ("标题", "承办单位", "困难", "已有天数", "现在由谁协调")
    return Table("需要协调的困难", columns, rows, f"{up_after} 天没有解决的，上报一级。", "没有报告困难。")


def _open_difficulties(facts: Facts) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any], int]]:
    """What units told to stand in their way, with the days since."""
    known = {line.id for line in facts.lines}
    for demand in facts.answers["demands"]:
        if demand["suggestion"] in known and demand["state"] != "settled":
            for answer in demand["answers"][-1:]:
                if answer["hindered_by"]:
                    yield demand, answer, (facts.on - date.fromisoformat(answer["at"][:10])).days


def _each(facts: Facts, net: Network) -> Table:
    rows = tuple(_row(line, net) for line in facts.lines if line.lead_unit)
    columns = ("标题", "建议编号", "主办单位", "具体抓", "牵头抓", "亲自抓", "进度", "期限")
    return Table("每件建议由谁抓", columns, rows, empty="还没有交办的建议。")


def _row(line: Line, net: Network) -> Row:
    cells = (
        line.title, line.number, line.lead_unit, net.leads(line.lead_unit), net.executive, net.mayor, line.state_label, line.next_due_on,
    )  # fmt: skip
    return Row(cells, line.id, line.light)


PLUGIN = ThreeLevelNetwork
