"""大督办 (Hunan 2021 to 2023): key suggestions climb the ladder sooner, and the ledger says who leads, sponsors and oversees them.

The six parties, their lists and duties are the core's; this practice makes what is key more urgent than the rest.
"""

from __future__ import annotations

from typing import Any

from services.gateway.hooks import Document, Facts, Page, Printed, Row, Table
from services.supervision.hooks import Escalation, Overdue, Standing, Suggestion
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.problems import Invalid

OFFICES = ("liaison", "distributing", "supervisor", "standing_leader", "government_leader", "committee")
BY_MARK = {
    "leading_supervisor": "常委会领导牵头督办",
    "sponsor": "政府领导领办",
    "committee": "专门委员会对口督办",
}
RUNGS = ("notice", "yellow", "red", "circular")


class GrandSupervision(Plugin):
    name, label, source = (
        "grand_supervision",
        "大督办",
        "湖南省人大常委会，《联络动态》2022年第4期、2023年第12期",
    )
    summary = "六方各有清单，督办函随时可以打印；重点处理建议逾期的，比其他建议早一步建议督办通知、黄灯、红灯、通报；是否采取由人决定。"
    places = ("congress",)
    settings = {
        "notice_days": f.number("重点建议逾期几天建议督办通知", least=1, most=90, default=1),
        "yellow_days": f.number("几天建议黄灯", least=1, most=180, default=5),
        "red_days": f.number("几天建议红灯", least=1, most=365, default=10),
        "circular_days": f.number("几天建议通报", least=1, most=365, default=20),
    }

    def check(self, settings: dict[str, Any]) -> None:
        days = [settings[f"{rung}_days"] for rung in RUNGS]
        if days != sorted(days):
            wrong = "后面的措施不能早于前面较轻的措施。"
            raise Invalid(wrong, {f"{rung}_days": [wrong] for rung in RUNGS[1:]})

    @hookimpl
    def escalations(
        self,
        suggestion: Suggestion,
        overdue: list[Overdue],
        measures: list[Standing],
        settings: dict[str, Any],
    ) -> list[Escalation]:
        if not suggestion.is_key:
            return []
        worst: dict[str, Overdue] = {}
        for duty in overdue:
            if duty.unit not in worst or duty.days > worst[duty.unit].days:
                worst[duty.unit] = duty
        proposals = []
        for unit, duty in worst.items():
            reached = [rung for rung in RUNGS if settings[f"{rung}_days"] <= duty.days]
            if reached:
                proposals.append(
                    Escalation(unit, reached[-1], f"重点处理建议的{duty.label}已逾期 {duty.days} 天")
                )
        return proposals

    @hookimpl
    def pages(self) -> list[Page]:
        about = "每件重点处理建议由谁牵头督办、谁领办、谁对口督办，办到哪一步。"
        return [
            Page(
                "parties",
                "六方督办",
                _parties,
                OFFICES,
                {"key": True},
                needs=("demands", "measures"),
                about=about,
            )
        ]

    @hookimpl
    def documents(self) -> list[Document]:
        return [
            Document(
                "notice", "督办函", _notice, ("liaison", "committee"), needs=("demands",), of="suggestion"
            )
        ]


def _parties(facts: Facts) -> list[Table]:
    """Of the six parties those whose part the ledger knows: leaders, sponsors, committees, the office, the units."""
    found = [_by_party(facts, party, label) for party, label in BY_MARK.items()]
    known = {line.id for line in facts.lines}
    open_demands = [
        d for d in facts.answers["demands"] if d["suggestion"] in known and d["state"] != "settled"
    ]
    standing = [
        m
        for m in facts.answers["measures"]
        if m["suggestion"] in known and m["state"] in ("proposed", "taken", "answered")
    ]
    asked = [
        Row(
            (d["title"], d["unit"]["name"], d["text"], d["due_on"], d["state_label"]),
            d["suggestion"],
            d["light"],
        )
        for d in open_demands
    ]
    taken = [
        Row((m["title"], m["unit"]["name"], m["rung_label"], m["due_on"], m["state_label"]), m["suggestion"])
        for m in standing
    ]
    columns = ("标题", "承办单位", "要求", "期限", "状态")
    return [
        *found,
        Table("联工委综合协调：还没有落实的要求", columns, tuple(asked), empty="没有未落实的要求。"),
        Table(
            "已经提出和采取的督办措施",
            ("标题", "承办单位", "措施", "期限", "状态"),
            tuple(taken),
            empty="没有督办措施。",
        ),
    ]


def _by_party(facts: Facts, party: str, label: str) -> Table:
    lines = sorted(
        facts.lines, key=lambda line: (str(line.key.get(party, "")) or "\uffff", line.next_due_on or "9999")
    )
    rows = tuple(
        Row(
            (
                line.title,
                str(line.key.get(party, "")) or "（没有明确）",
                str(line.key.get("theme", "")),
                line.lead_unit,
                line.state_label,
                line.next_due_on,
            ),
            line.id,
            line.light,
        )
        for line in lines
    )
    return Table(
        label, ("标题", "督办人", "主题", "主办单位", "进度", "期限"), rows, empty="没有重点处理建议。"
    )


def _notice(facts: Facts) -> Printed:
    """A letter to the unit that leads: where it stands, what was demanded, until when."""
    line = facts.lines[0]
    due = f"，{line.next_label}期限是 {line.next_due_on}" if line.next_due_on else ""
    state = f"贵单位承办的《{line.title}》（{line.number}）现在是“{line.state_label}”{due}。请抓紧办理，及时与代表沟通，并报告进展。"
    own = [d for d in facts.answers["demands"] if d["suggestion"] == line.id and d["state"] != "settled"]
    table = Table("", ("提出的要求", "期限"), tuple(Row((d["text"], d["due_on"])) for d in own), empty="")
    return Printed(
        "代表建议督办函",
        (f"{line.lead_unit or '承办单位'}：", state, *([table] if own else [])),
        (facts.place, facts.on.isoformat()),
    )


PLUGIN = GrandSupervision
