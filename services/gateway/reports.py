"""Reports on the handling of a congress's suggestions, and the bulletin 联络动态: numbers from the figures and lists as they stand
on the day, with that day; words by those who report.

Sources: the assignment meeting hears how many were submitted and assigned (Hunan 2022); half-year and yearly reports, to the
standing committee and the Party committee (usage, Liuyang 2022); the year's review (Hunan 2021); the bulletin (all bulletins).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.gateway.calls import Calls
from services.gateway.word import Paper, Section, Table
from shared.contracts import assignment, evaluation, supervision
from shared.problems import Problem

MOST_SUPERVISIONS = 200
MOST_BATCHES = 10  # whose minutes are read
ABSENT = "（这一项暂时查不到，请稍后重新生成。）"
NUMERALS = "一二三四五六七八九十"

Block = str | Table


@dataclass
class Facts:
    """What the network knows, or why it could not be asked; `of`: the congress by name, `day`: the day of the numbers."""

    of: str
    year: int
    since: date
    until: date
    day: date
    found: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """What was found; None where it could not be asked for."""
        answer = self.found.get(name)
        return None if isinstance(answer, Problem) else answer

    def within(self, day: str) -> bool:
        return self.since.isoformat() <= day <= self.until.isoformat()


def gather(calls: Calls, congress: str, of: str, year: int, since: date, until: date, day: date) -> Facts:
    """Ask the services, each for what the person may see."""
    wanted = {"congress": congress, "year": year}
    days = {"congress": congress, "since": since, "until": until, "limit": MOST_SUPERVISIONS}
    facts = Facts(of, year, since, until, day)
    facts.found = calls.gather(
        {
            "counts": (supervision.LEDGER_COUNTS, wanted), "figures": (evaluation.FIGURES, wanted), "fields": (supervision.ANALYSIS, wanted),
            "promises": (supervision.COMMITMENT_COUNTS, wanted), "key": (supervision.KEY_BOARD, wanted),
            "log": (supervision.SUPERVISION_LOG, {**days, "since": since.isoformat(), "until": until.isoformat()}),
            "hearings": (supervision.HEARINGS, {"congress": congress}), "batches": (assignment.BATCHES, {"congress": congress}),
        }
    )  # fmt: skip
    if facts["hearings"]:
        facts.found["hearings"] = facts["hearings"]["hearings"]
    held = [batch["id"] for batch in facts["batches"] or () if facts.within(batch["meeting_on"])][
        :MOST_BATCHES
    ]
    heard = [one["id"] for one in facts["hearings"] or () if facts.within(one["on"])]
    one_by_one = {f"batch {id}": (assignment.BATCH, {"id": id}) for id in held}
    facts.found |= calls.gather(
        {**one_by_one, **{f"hearing {id}": (supervision.HEARING, {"id": id}) for id in heard}}
    )
    facts.found["meetings"] = [
        facts[name] for name in facts.found if name.startswith("batch ") and facts[name]
    ]
    facts.found["heard"] = [
        facts[name] for name in facts.found if name.startswith("hearing ") and facts[name]
    ]
    return facts


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# --- the parts ------------------------------------------------------------------------------------------------------


def submitted(facts: Facts) -> list[Block]:
    """How many were submitted, and what became of those that were not taken up."""
    counts = facts["counts"]
    if counts is None:
        return [ABSENT]
    states = counts["states"]
    named = {
        "submitted": "待审查",
        "returned": "退回修改",
        "lettered": "转作来信",
        "merged": "并案",
        "split": "分案",
    }
    others = "，".join(f"{label}{states[state]}件" for state, label in named.items() if states.get(state))
    return [
        f"{facts.year}年共收到代表建议{counts['total']}件{f'，其中{others}' if others else ''}（截至{_day(facts.day)}）。"
    ]


def fields(facts: Facts) -> list[Block]:
    """What they are about, beside the two years before."""
    found = facts["fields"]
    if found is None:
        return [ABSENT]
    if not found["total"][0]["total"]:
        return [f"{facts.year}年还没有编号的建议（截至{_day(facts.day)}）。"]
    rows = [[row["label"], *(str(counts["total"]) for counts in row["years"])] for row in found["rows"]]
    rows.append(["合计", *(str(counts["total"]) for counts in found["total"])])
    first = "、".join(
        f"{row['label']}{row['years'][0]['total']}件" for row in found["rows"][:3] if row["years"][0]["total"]
    )
    return [
        f"按内容分，最多的是{first}（截至{_day(facts.day)}）。",
        Table(["类别", *(f"{year}年" for year in found["years"])], rows),
    ]


def assigned(facts: Facts) -> list[Block]:
    """The batches of the year."""
    batches = facts["batches"]
    if batches is None:
        return [ABSENT]
    of_year = [b for b in batches if b["meeting_on"].startswith(str(facts.year))]
    if not of_year:
        return [f"{facts.year}年没有集中交办（截至{_day(facts.day)}）。"]
    rows = [
        [b["name"], b["meeting_on"], str(b["count"]), "已交办" if b["state"] == "issued" else "尚未交办"]
        for b in of_year
    ]
    total = sum(b["count"] for b in of_year if b["state"] == "issued")
    return [f"集中交办{total}件（截至{_day(facts.day)}）。", Table(["批次", "交办会", "件数", "状态"], rows)]


def progress(facts: Facts) -> list[Block]:
    """How far the handling has come."""
    counts = facts["counts"]
    if counts is None:
        return [ABSENT]
    states, lights = counts["states"], counts["lights"]
    done = states.get("closed", 0) + states.get("published", 0)
    going = sum(states.get(name, 0) for name in ("assigned", "handling"))
    replied = sum(states.get(name, 0) for name in ("replied", "assessed"))
    told = f"待交办{states.get('accepted', 0)}件，正在办理{going}件，已答复待代表评价或办结{replied}件，再次办理{states.get('rehandling', 0)}件，已办结{done}件"
    return [
        f"截至{_day(facts.day)}，{told}；其中红灯{lights.get('red', 0)}件、黄灯{lights.get('yellow', 0)}件。"
    ]


def figures(facts: Facts) -> list[Block]:
    """The figures people are judged by, each with what it was counted from."""
    found = facts["figures"]
    if found is None:
        return [ABSENT]
    rows = [
        [
            f["label"],
            "—" if f["percent"] is None else f"{f['percent']}%",
            f"{f['numerator']}/{f['denominator']}",
            f["as_of"],
        ]
        for f in found
    ]
    return [Table(["指标", "数值", "分子/分母", "截至"], rows)]


def key(facts: Facts) -> list[Block]:
    """The key suggestions by theme, and who leads."""
    board = facts["key"]
    if board is None:
        return [ABSENT]
    rows = [
        [
            theme["theme"],
            line["number"],
            line["title"],
            line["key_mark"]["leading_supervisor"],
            line["state_label"],
        ]
        for theme in board["themes"]
        for line in theme["lines"]
    ]
    told = f"{facts.year}年确定重点处理建议{board['total']}件（截至{_day(facts.day)}）。"
    return [told, Table(["主题", "编号", "标题", "牵头督办", "进度"], rows)] if rows else [told]


def promises(facts: Facts) -> list[Block]:
    """What was promised, and what is left of it."""
    found = facts["promises"]
    if found is None:
        return [ABSENT]
    overdue = f"，其中逾期{found['overdue']}项" if found["overdue"] else ""
    return [
        f"B类答复的承诺共{found['total']}项，已销号{found['kept']}项，未销号{found['left']}项{overdue}（截至{_day(facts.day)}）。"
    ]


def supervised(facts: Facts) -> list[Block]:
    """Supervisions of the period, one by one."""
    log = facts["log"]
    if log is None:
        return [ABSENT]
    if not log:
        return [f"{_period(facts)}没有登记督办。"]
    told = [
        f"{_of(one['on'])}，{one['led_by']}{one['method_label']}{one['number']}《{one['title']}》（{one['place']}）。{one['findings']}"
        + (f"代表表示：{one['said']}" if one["said"] else "")
        for one in log
    ]
    more = f"只列前{MOST_SUPERVISIONS}次。" if len(log) == MOST_SUPERVISIONS else ""
    return [f"{_period(facts)}开展督办{len(log)}次。{more}", *told]


def meetings(facts: Facts) -> list[Block]:
    """Assignment meetings and hearings of the period."""
    if facts["batches"] is None or facts["hearings"] is None:
        return [ABSENT]
    told = [
        f"{_of(b['meeting_on'])}，召开{b['name']}，交办{b['count']}件。{b['meeting']['minutes']}"
        for b in facts["meetings"]
    ]
    told += [
        f"{_of(h['on'])}，{h['body_label']}听取“{h['title']}”，提出审议意见{h['opinions_count']}条。{h['minutes']}"
        for h in facts["heard"]
        if h["state"] in ("held", "reported")
    ]
    return list(told) or [f"{_period(facts)}没有登记会议。"]


def speeches(facts: Facts) -> list[Block]:
    """What units told at the meetings, by speech or in writing (交流发言、书面交流)."""
    if facts["batches"] is None:
        return [ABSENT]
    told = [
        f"{speech['unit']}（{'发言' if speech['how'] == 'spoken' else '书面交流'}）：\n{speech['text']}"
        for batch in facts["meetings"]
        for speech in batch["meeting"]["speeches"]
    ]
    return list(told) or [f"{_period(facts)}没有登记交流发言。"]


def opinions(facts: Facts) -> list[Block]:
    """What became of the opinions of hearings."""
    if facts["hearings"] is None:
        return [ABSENT]
    rows = [
        [o["text"], o["unit"]["name"], o["due_on"], o["state_label"]]
        for h in facts["heard"]
        for o in h["opinions"]
    ]
    return (
        [Table(["审议意见", "由谁落实", "期限", "落实情况"], rows)]
        if rows
        else [f"{_period(facts)}没有审议意见。"]
    )


def _period(facts: Facts) -> str:
    return f"{_day(facts.since)}至{_day(facts.until)}"


def _of(day: str) -> str:
    return f"{int(day[5:7])}月{int(day[8:10])}日"


# --- the kinds ------------------------------------------------------------------------------------------------------

Part = (
    Callable[[Facts], list[Block]] | str
)  # what is asked of the network, or the name of a text that is filled in

TEXTS = {
    "opening": "开头（编者按、总的情况）", "practice": "主要做法和成效", "problems": "存在的问题", "next": "下一步安排和要求",
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One kind of report: its title, with {of} and {year}, and its parts in order."""

    label: str
    title: str
    parts: tuple[tuple[str, Part], ...]
    purpose: str


KINDS: dict[str, Kind] = {
    "assignment": Kind(
        "交办情况报告", "关于{of}{year}年代表建议提出和交办情况的报告",
        (("提出情况", submitted), ("内容分析", fields), ("交办情况", assigned), ("重点处理建议", key), ("工作要求", "next")),
        "交办会上通报：提出多少、交办多少、有什么要求",
    ),
    "half_year": Kind(
        "上半年办理情况报告", "关于{of}{year}年上半年代表建议办理情况的报告",
        (
            ("总体进度", progress), ("主要指标", figures), ("重点处理建议", key), ("督办情况", supervised), ("承诺事项", promises),
            ("存在的问题", "problems"), ("下一步安排", "next"),
        ),
        "年中向领导和各单位报告进度",
    ),
    "year": Kind(
        "年度办理情况报告", "关于{of}{year}年代表建议办理情况的报告",
        (
            ("提出和交办情况", submitted), ("内容分析", fields), ("总体进度", progress), ("主要指标", figures), ("主要做法和成效", "practice"),
            ("督办情况", supervised), ("承诺事项", promises), ("存在的问题", "problems"), ("下一步安排", "next"),
        ),
        "全年总结",
    ),
    "party": Kind(
        "向党委的报告", "关于{of}{year}年代表建议办理情况的汇报",
        (("总体情况", progress), ("主要指标", figures), ("重点处理建议", key), ("存在的问题", "problems"), ("需要党委研究的事项", "next")),
        "党委常委会听取汇报",
    ),
    "standing_committee": Kind(
        "向常委会的报告", "关于{of}{year}年代表建议办理情况的报告",
        (
            ("提出和交办情况", submitted), ("办理进度", progress), ("主要指标", figures), ("主要做法和成效", "practice"), ("承诺事项", promises),
            ("审议意见落实情况", opinions), ("存在的问题", "problems"), ("下一步安排", "next"),
        ),
        "常委会会议听取和审议",
    ),
    "review": Kind(
        "年度工作回顾", "{of}{year}年代表建议工作亮点",
        (("数说全年", progress), ("主要指标", figures), ("工作亮点", "practice"), ("督办情况", supervised), ("会议", meetings)),
        "对外宣传全年工作",
    ),
    "bulletin": Kind(
        "联络动态（简报）", "联络动态", (("会议", meetings), ("督办", supervised), ("交流发言", speeches), ("数据", progress), ("主要指标", figures)),
        "把一段时间的会议、督办、发言和数据编成一期",
    ),
}  # fmt: skip


def write(kind: str, facts: Facts, texts: Mapping[str, Any]) -> Paper:
    """The report. Parts that are to be filled in by hand and were left empty are left for filling in later."""
    wanted = KINDS[kind]
    sections = [Section("", [texts["opening"]])] if texts.get("opening") else []
    for number, (heading, part) in enumerate(wanted.parts):
        blocks = [texts.get(part) or "（请在此填写。）"] if isinstance(part, str) else part(facts)
        sections.append(Section(f"{NUMERALS[number]}、{heading}", blocks))
    paper = Paper(
        wanted.title.format(of=facts.of, year=facts.year),
        sections,
        signed=texts.get("signed", ""),
        dated=_day(facts.day),
    )
    if kind == "bulletin":
        paper.above = f"第{texts['number']}期" if texts.get("number") else ""
        paper.below = "　".join(filter(None, [texts.get("signed", ""), _day(facts.day)]))
        paper.signed = f"编辑：{texts['editor']}" if texts.get("editor") else ""
        paper.dated = ""
        paper.closing = f"发送：{texts['recipients']}" if texts.get("recipients") else ""
    return paper
