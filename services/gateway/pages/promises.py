"""清零：the promises of a congress's replies, how many are left, and the workbook of them."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access, ledger_desk, workbook
from services.gateway.access import calls, current_actor
from services.gateway.pages.places import congress_of, own_congresses, reply_classes_at
from shared.contracts import directory, supervision
from shared.pace import aside
from shared.problems import Invalid, Problem

blueprint = flask.Blueprint("promises", __name__)

FILTERS = ("congress", "term", "session", "year", "unit", "reply_class")
TABS = {
    "left": "未销号",
    "overdue": "已逾期",
    "reported": "待确认",
    "kept": "已销号",
    "withdrawn": "已撤销",
    "": "全部",
}
MOST_LINES = 200
MOST_EXPORTED = 5000
COLUMNS = (
    ("序号", 5), ("建议编号", 25), ("标题", 28), ("承办单位", 16), ("承诺事项", 30), ("怎样算完成", 20), ("责任领导", 9),
    ("完成期限", 11), ("状态", 12), ("完成日期", 11), ("落实情况", 30), ("延期", 24), ("最新进度", 24), ("办理结果", 6),
)  # fmt: skip


@blueprint.get("/commitments")
@access.signed_in
def commitments() -> Any:
    wanted, state = _filters()
    found = calls.gather(
        {
            "lines": (supervision.COMMITMENTS, {**wanted, "state": state, "limit": MOST_LINES}),
            "counts": (supervision.COMMITMENT_COUNTS, wanted),
            "whole": (supervision.COMMITMENT_COUNTS, {"congress": wanted["congress"]}),
            "units": (directory.UNITS, {"congress": wanted["congress"]}),
        }
    )
    lines = found["lines"]
    problem = lines if isinstance(lines, Invalid) and lines.errors.keys() <= {*FILTERS, "state"} else None
    if isinstance(lines, Problem) and problem is None:
        raise lines
    whole = {} if isinstance(found["whole"], Problem) else found["whole"]["by"]
    sessions = [group["key"] for group in whole.get("session", ()) if group["key"]]
    rendered = flask.render_template(
        "commitments.html", lines=[] if problem else lines, counts={} if isinstance(found["counts"], Problem) else found["counts"],
        units=[] if isinstance(found["units"], Problem) else found["units"], sessions=sessions, terms=_terms(sessions), wanted=wanted,
        state=state, tabs=TABS, congresses=own_congresses(), reply_classes=reply_classes_at(wanted["congress"]), wrong=problem.errors if problem else {},
        most=MOST_LINES,
    )  # fmt: skip
    return rendered, 422 if problem else 200


@blueprint.get("/commitments/export")
@access.signed_in
def export() -> Any:
    wanted, state = _filters()
    lines = calls.ask(supervision.COMMITMENTS, **wanted, state=state, limit=MOST_EXPORTED)
    title = f"承诺事项清单（{TABS[state]}）"
    return ledger_desk.as_workbook(aside(workbook.write, sheet(title, lines)), f"{title}.xlsx")


def sheet(title: str, lines: list[dict[str, Any]]) -> workbook.Sheet:
    """The promises as a sheet."""
    return workbook.Sheet(
        "清零", title, COLUMNS, [_printed(line) for line in lines], frozenset((2, 4, 5, 10, 11, 12))
    )


def _printed(line: dict[str, Any]) -> list[str]:
    slips = [f"{slip['before']}→{slip['due_on']} {slip['explanation']}" for slip in line["slips"]]
    return [
        line["number"], line["title"], line["unit"]["name"], line["text"], line["done_when"], line["leader"], line["due_on"],
        line["state_label"], line["kept_on"], line["evidence"], "；".join(slips),
        line["progress"][-1]["text"] if line["progress"] else "", line["reply_class"],
    ]  # fmt: skip


def _filters() -> tuple[dict[str, Any], str]:
    """What the address asks for, and the tab: what is left, where it names none."""
    wanted = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    wanted["congress"] = congress_of(current_actor, wanted.get("congress", ""))
    state = request.args.get("state", "left")
    return wanted, state if state in TABS else "left"


def _terms(sessions: list[str]) -> list[str]:
    """第十四届 of 第十四届一次会议."""
    return list(dict.fromkeys(name[: name.index("届") + 1] for name in sessions if "届" in name))
