"""一单四制 in one workbook (Hunan 2022): the list of problems with who answers for each, the ledger, responsibility by unit,
circulars, and what was closed one by one."""

from __future__ import annotations

from typing import Any

from services.gateway import ledger_book, ledger_desk, workbook
from services.gateway.calls import Calls
from shared.contracts import supervision
from shared.pace import aside

Data = dict[str, Any]

MOST = 5000
PROBLEMS = (
    ("序号", 5), ("建议编号", 25), ("标题", 28), ("要解决的问题", 34), ("承办单位", 16), ("责任领导", 10), ("怎样算完成", 20), ("完成期限", 11),
    ("状态", 12), ("来源", 12),
)  # fmt: skip
UNITS = (
    ("序号", 5),
    ("承办单位", 24),
    ("承诺事项", 10),
    ("已销号", 10),
    ("未销号", 10),
    ("其中逾期", 10),
    ("未了结的督办要求", 18),
)
CIRCULARS = (
    ("序号", 5),
    ("文号", 22),
    ("标题", 40),
    ("开始", 11),
    ("结束", 11),
    ("发送对象", 24),
    ("印发日期", 11),
    ("列出事项", 10),
)
CLOSED = (
    ("序号", 5), ("建议编号", 25), ("标题", 28), ("承诺事项", 34), ("承办单位", 16), ("完成日期", 11), ("落实情况和依据", 40), ("确认", 10),
)  # fmt: skip


def export(calls: Calls, congress: str, place: str, year: int) -> bytes:
    """The workbook of a congress, of all years or of one; as far as the person may see."""
    of = {"congress": congress, "year": year}
    left = calls.ask(supervision.COMMITMENTS, **of, state="left", limit=MOST)
    kept = calls.ask(supervision.COMMITMENTS, **of, state="kept", limit=MOST)
    counts = calls.ask(supervision.COMMITMENT_COUNTS, **of)
    demands = calls.ask(supervision.DEMANDS, congress=congress, state="left", limit=500)
    circulars = calls.ask(supervision.CIRCULARS, congress=congress, limit=500)["circulars"]
    lines = ledger_desk.all_lines(calls, of)
    title = f"{place}{f'{year}年' if year else ''}代表建议"
    return aside(
        workbook.write,
        workbook.Sheet("解决问题责任清单", f"{title}解决问题责任清单", PROBLEMS, _problems(left, demands), frozenset((2, 3, 6))),
        ledger_book.sheet(f"{title}办理台账", lines),
        workbook.Sheet("责任制", f"{title}责任落实情况", UNITS, _units(counts, demands), frozenset((1,))),
        workbook.Sheet("通报制", f"{title}通报情况", CIRCULARS, _circulars(circulars), frozenset((2, 5))),
        workbook.Sheet("销号制", f"{title}销号情况", CLOSED, _closed(kept), frozenset((2, 3, 6))),
    )  # fmt: skip


def _problems(left: list[Data], demands: list[Data]) -> list[list[str]]:
    promised = [
        [c["number"], c["title"], c["text"], c["unit"]["name"], c["leader"], c["done_when"], c["due_on"], c["state_label"], "答复承诺"]
        for c in left
    ]  # fmt: skip
    demanded = [
        [d["number"], d["title"], d["text"], d["unit"]["name"], "", "", d["due_on"], d["state_label"], d["origin_label"]] for d in demands
    ]  # fmt: skip
    return sorted(promised + demanded, key=lambda row: row[6] or "9999")


def _units(counts: Data, demands: list[Data]) -> list[list[str]]:
    open_demands: dict[str, int] = {}
    for demand in demands:
        open_demands[demand["unit"]["name"]] = open_demands.get(demand["unit"]["name"], 0) + 1
    promised = {line["label"]: line for line in counts["by"]["unit"]}
    none = dict.fromkeys(("total", "kept", "left", "overdue"), 0)
    return [
        [name, *(str(promised.get(name, none)[part]) for part in ("total", "kept", "left", "overdue")), str(open_demands.get(name, 0))]
        for name in sorted({*promised, *open_demands})
    ]  # fmt: skip


def _circulars(circulars: list[Data]) -> list[list[str]]:
    names = ("document_number", "title", "since", "until", "addressed_to", "issued_on")
    issued = [circular for circular in circulars if circular["state"] == "issued"]
    return [[*(circular[name] for name in names), str(circular["count"])] for circular in issued]


def _closed(kept: list[Data]) -> list[list[str]]:
    return [
        [c["number"], c["title"], c["text"], c["unit"]["name"], c["kept_on"], c["evidence"], c["confirmed_by"] or c["kept_by"]] for c in kept
    ]  # fmt: skip
