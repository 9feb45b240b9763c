"""不满意件公开 (Liuyang 2022: 测评结果不满意的建议在《浏阳日报》上公开): what did not satisfy, ready for the paper.

Only what is closed, and of which the units may know with names how it was judged: the paper breaks no silence (背靠背).
"""

from __future__ import annotations

from typing import Any

from services.gateway.hooks import Document, Export, Facts, Line, Page, Printed, Row, Table
from shared.contracts import field as f
from shared.plugins import Plugin, hookimpl

OFFICE = ("liaison", "standing_leader", "supervisor")
FIELDS = {"title": "标题", "unit": "承办单位", "reply_class": "办理结果", "closed_on": "办结日期"}


class UnhappyInThePaper(Plugin):
    name, label, source = "unhappy_in_the_paper", "不满意件公开", "浏阳市，《联络动态》2022年第22期"
    summary = (
        "代表不满意的建议，办结以后列入见报清单，由联工委公开并打印见报稿；承办单位还不能知道评价的，不列入。"
    )
    places = ("congress",)
    settings = {
        "paper": f.text("报纸", most=40, required=False, hint="不填则为“本级党报”"),
        "fields": f.choices("见报内容", FIELDS, required=False, hint="不选则全部"),
        "deputy_named": f.yes("写出代表姓名"),
    }

    @hookimpl
    def pages(self, settings: dict[str, Any]) -> list[Page]:
        about = f"办结时代表仍不满意、可以告知评价的建议；由联工委公开以后在{_paper_of(settings)}刊登。"
        return [Page("unhappy", "不满意件", lambda facts: [_waiting(facts), _public(facts), _silent(facts)], OFFICE, about=about)]  # fmt: skip

    @hookimpl
    def exports(self, settings: dict[str, Any]) -> list[Export]:
        return [Export("unhappy", "不满意件清单", lambda facts: [_waiting(facts), _public(facts)], OFFICE)]

    @hookimpl
    def documents(self, settings: dict[str, Any]) -> list[Document]:
        return [
            Document("paper", f"{_paper_of(settings)}见报稿", lambda facts: paper(facts, settings), OFFICE)
        ]


def _paper_of(settings: dict[str, Any]) -> str:
    return str(settings["paper"]) or "本级党报"


def unhappy(facts: Facts) -> list[Line]:
    """Those that may be told: closed, the lead deputy not satisfied, and no silence to keep any more."""
    return [line for line in facts.lines if line.result == "unsatisfied" and line.judgement_told]


def paper(facts: Facts, settings: dict[str, Any]) -> Printed:
    """Those that the office has made public; what is only closed does not go out."""
    shown = [name for name in FIELDS if not settings["fields"] or name in settings["fields"]]
    columns = ("序号", *(FIELDS[name] for name in shown), *(["代表"] if settings["deputy_named"] else []))
    rows = []
    for number, line in enumerate((line for line in unhappy(facts) if line.published_on), 1):
        cells = {
            "title": line.title,
            "unit": line.lead_unit,
            "reply_class": f"{line.reply_class}类",
            "closed_on": line.closed_on,
        }
        rows.append(Row((str(number), *(cells[name] for name in shown), *([line.lead_deputy] if settings["deputy_named"] else []))))  # fmt: skip
    words = f"以下代表建议的办理结果，代表表示不满意，现在{_paper_of(settings)}上公开，接受社会监督。"
    table = Table("", columns, tuple(rows), empty="没有已经公开的不满意件。")
    return Printed("代表建议办理结果不满意件", (words, table), (facts.place, facts.on.isoformat()))


def _table(title: str, lines: list[Line], empty: str) -> Table:
    rows = tuple(
        Row(
            (
                line.title,
                line.number,
                line.lead_unit,
                f"{line.reply_class}类",
                line.closed_on,
                line.published_on,
            ),
            line.id,
        )
        for line in lines
    )
    return Table(title, ("标题", "建议编号", "主办单位", "办理结果", "办结", "公开"), rows, empty=empty)


def _waiting(facts: Facts) -> Table:
    lines = [line for line in unhappy(facts) if not line.published_on]
    return _table("等待公开", lines, "没有等待公开的不满意件。")


def _public(facts: Facts) -> Table:
    return _table("已经公开，可以见报", [line for line in unhappy(facts) if line.published_on], "没有可以见报的不满意件。")  # fmt: skip


def _silent(facts: Facts) -> Table:
    """How many are kept back, without naming them: this page may be printed."""
    kept = sum(1 for line in facts.lines if line.result == "unsatisfied" and not line.judgement_told)
    rows = (Row((str(kept),)),) if kept else ()
    note = "还没有办结，或者按本级规定不能让承办单位知道评价的，不列入。"
    return Table("暂不列入", ("件数",), rows, note, "没有。")


PLUGIN = UnhappyInThePaper
