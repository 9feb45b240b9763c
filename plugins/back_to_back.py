"""“背靠背”测评 (Liuyang 2022: 直接由人大常委会向代表发放测评表；不满意的……限令承办单位重新办理并对相关负责人进行约谈；情节严重的，启动专题询问).

What units learn, when, and with names or without, is a rule and a setting of the core (代表评价): a plugin cannot open it. This practice
brings the printed form that the congress hands out itself, and the rungs that follow on what does not satisfy.
"""

from __future__ import annotations

from typing import Any

from services.gateway.hooks import Document, Facts, Page, Printed, Row, Table
from services.supervision.hooks import Escalation
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl
from shared.problems import Invalid

OFFICE = ("liaison",)


class BackToBack(Plugin):
    name, label, source = "back_to_back", "“背靠背”测评", "浏阳市，《联络动态》2022年第22期"
    summary = "测评表由人大直接发给代表、直接收回，可以打印；代表不满意的，建议约谈，再不满意的，建议专题询问，由人决定。单位何时知道评价，在“代表评价”里设置。"
    places = ("congress",)
    settings = {
        "talk_after": f.number("连续几次不满意建议约谈", least=1, most=5, default=1),
        "inquiry_after": f.number("连续几次不满意建议专题询问", least=1, most=9, default=2),
    }

    def check(self, settings: dict[str, Any]) -> None:
        if settings["inquiry_after"] < settings["talk_after"]:
            wrong = "专题询问不能早于约谈。"
            raise Invalid(wrong, {"inquiry_after": [wrong]})

    @hookimpl
    def escalations(self, unsatisfied: dict[str, int], settings: dict[str, Any]) -> list[Escalation]:
        found = []
        for unit, times in unsatisfied.items():
            rung = (
                "inquiry"
                if times >= settings["inquiry_after"]
                else "talk"
                if times >= settings["talk_after"]
                else ""
            )
            if rung:
                found.append(Escalation(unit, rung, f"“背靠背”测评连续 {times} 次不满意"))
        return found

    @hookimpl
    def pages(self) -> list[Page]:
        about = "已经答复、还没有办结的建议：测评表发给了代表，收回以后办结。"
        return [Page("forms", "测评表收发", _forms, OFFICE, about=about)]

    @hookimpl
    def documents(self) -> list[Document]:
        return [Document("form", "“背靠背”测评表", _form, OFFICE, of="suggestion")]


def _forms(facts: Facts) -> list[Table]:
    out = [line for line in facts.lines if line.state in ("replied", "assessed")]
    rows = tuple(
        Row(
            (
                line.title,
                line.number,
                line.lead_deputy,
                line.replied_on,
                "已收齐" if line.state == "assessed" else "待收回",
                line.next_due_on,
            ),
            line.id,
            line.light,
        )
        for line in out
    )
    return [
        Table(
            "测评中的建议",
            ("标题", "建议编号", "领衔代表", "答复", "测评表", "期限"),
            rows,
            empty="没有正在测评的建议。",
        )
    ]


def _form(facts: Facts) -> Printed:
    """One page that the deputy fills in by hand; nothing of it goes to the unit."""
    line = facts.lines[0]
    answers = "□ 满意　　□ 基本满意　　□ 不满意"
    table = Table(
        "",
        ("项目", "您的评价", "意见"),
        (Row(("办理过程（态度、沟通）", answers, "")), Row(("办理结果", answers, ""))),
    )
    parts = (
        f"尊敬的{line.lead_deputy}代表：",
        f"您提出的《{line.title}》（{line.number}），{line.lead_unit}已于 {line.replied_on or '____年__月__日'} 答复。请您对办理过程和办理结果分别评价，直接交回本级人大，不经过承办单位。",
        table,
        "代表签名：________________　　　　日期：____年__月__日",
    )
    return Printed("代表建议办理情况“背靠背”测评表", parts, (facts.place, facts.on.isoformat()))


PLUGIN = BackToBack
