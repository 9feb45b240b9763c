"""The page of a batch: its assignment meeting, the units asked in advance, and what is printed for it."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access, ledger_desk, workbook
from services.gateway.access import calls, current_actor
from services.gateway.pages import forms
from services.gateway.pages.giving import give
from shared.contracts import Command, assignment, directory, supervision
from shared.identity import SUPERVISORS_OF_THE_CONGRESS
from shared.pace import aside
from shared.problems import Problem

blueprint = flask.Blueprint("meetings", __name__)

# In the order in which they are done; by the part of the address.
COMMANDS: dict[str, Command] = {
    "consult": assignment.CONSULT, "agenda": assignment.SET_AGENDA, "attendance": assignment.RECORD_ATTENDANCE,
    "minutes": assignment.RECORD_MINUTES,
}  # fmt: skip
DONE = {
    "consult": "已向批次里的单位征求意见。",
    "agenda": "交办会安排已保存。",
    "attendance": "到会情况已保存。",
    "minutes": "会议记录已保存。",
}
COLUMNS = (
    ("序号", 5), ("建议编号", 25), ("标题", 40), ("类型", 6), ("类别", 10), ("承办方式", 9), ("主办单位", 22), ("代表", 20), ("备注", 28), ("签收", 10),
)  # fmt: skip
LONGEST_TAB, FORBIDDEN_IN_TABS = 31, str.maketrans("", "", "[]:*?/\\'")


@blueprint.get("/assignment/batches/<uuid:id>/meeting")
@access.signed_in
def meeting(id: Any) -> str:
    return _page(str(id))


@blueprint.post("/assignment/batches/<uuid:id>/meeting/<any(consult, agenda, attendance, minutes):step>")
@access.signed_in
def act(id: Any, step: str) -> Any:
    command, posted = COMMANDS[step], request.form
    data = forms.read(command, posted)
    return give(
        command, str(id), data, lambda problem: _page(str(id), step, data, problem),
        flask.url_for("meetings.meeting", id=id), said=DONE[step], version=forms.version_of(posted),
    )  # fmt: skip


@blueprint.post("/assignment/batches/<uuid:id>/meeting/arrange")
@access.signed_in
def arrange(id: Any) -> Any:
    """What the meeting arranges for one suggestion alone."""
    command, posted = assignment.ARRANGE, request.form
    data = forms.read(command, posted)
    try:
        calls.execute(command, str(id), data, key=forms.key_of(posted))  # lines are arranged side by side
    except Problem as problem:
        if problem.status == 404:
            raise
        return _page(str(id), "arrange", data, problem), problem.status
    flask.flash("单独安排已保存。" if data["arrangement"] else "单独安排已取消。")
    return flask.redirect(flask.url_for("meetings.meeting", id=id) + "#apart", 303)


@blueprint.get("/assignment/batches/<uuid:id>/report")
@access.signed_in
def report(id: Any) -> str:
    """What the meeting hears: how many were submitted and assigned, by category and unit (通报提出和交办情况)."""
    lists = calls.ask(assignment.BATCH_BY_UNIT, id=str(id))
    batch = calls.ask(assignment.BATCH, id=str(id))
    year = int(lists["meeting_on"][:4])
    counts = calls.gather(
        {"counts": (supervision.LEDGER_COUNTS, {"congress": lists["congress"], "year": year})}
    )["counts"]
    by_category: dict[str, int] = {}
    for line in batch["lines"]:
        by_category[line["category"]] = by_category.get(line["category"], 0) + 1
    return flask.render_template(
        "meeting_report.html", b=lists, batch=batch, place=_place(lists["congress"]), year=year, today=access.today().isoformat(),
        counts=None if isinstance(counts, Problem) else counts, by_category=sorted(by_category.items(), key=lambda pair: -pair[1]),
        apart=_apart(batch["lines"]),
    )  # fmt: skip


@blueprint.get("/assignment/batches/<uuid:id>/units.xlsx")
@access.signed_in
def lists_by_unit(id: Any) -> Any:
    """One sheet for each unit, with a line to sign for each suggestion, and one to sign for all."""
    lists = calls.ask(assignment.BATCH_BY_UNIT, id=str(id))
    title = f"{_place(lists['congress'])}{lists['name']}交办清单"
    return ledger_desk.as_workbook(aside(workbook.write, *sheets(lists)), f"{title}.xlsx")


def sheets(lists: dict[str, Any]) -> list[workbook.Sheet]:
    """A receipt for all units to sign, then each unit's own list."""
    receipt = workbook.Sheet(
        "签收单", f"{lists['name']}签收单", (("序号", 5), ("承办单位", 40), ("件数", 8), ("签收人", 16), ("签收日期", 16), ("备注", 20)),
        [[unit["name"], str(len(unit["lines"])), "", "", ""] for unit in lists["units"]], frozenset({1}),
    )  # fmt: skip
    return [
        receipt,
        *(_sheet(lists, unit, tab) for unit, tab in zip(lists["units"], _tabs(lists["units"]), strict=True)),
    ]


def _sheet(lists: dict[str, Any], unit: dict[str, Any], tab: str) -> workbook.Sheet:
    rows = [
        [
            line["number"],
            line["title"],
            line["kind_label"],
            line["category"],
            line["role_label"],
            line["lead_unit"],
            "、".join(line["deputies"]),
            remark(line),
            "",
        ]
        for line in unit["lines"]
    ]
    closing = (
        f"{unit['name']}（共 {len(rows)} 件）　　签收人：　　　　　　　　签收日期：　　　　　　　　（盖章）"
    )
    return workbook.Sheet(
        tab, f"{lists['name']}交办清单：{unit['name']}", COLUMNS, rows, frozenset({2, 6, 7, 8}), closing
    )


def remark(line: dict[str, Any]) -> str:
    """What sets a line apart: 重点处理建议；全团建议（长沙代表团）；会上安排：……"""
    marks = ["重点处理建议"] if line["is_key"] else []
    marks += [f"全团建议（{line['delegation']}）"] if line["delegation"] else []
    marks += [f"会上安排：{line['arrangement']}"] if line["arrangement"] else []
    return "；".join(marks)


def _tabs(units: list[dict[str, Any]]) -> list[str]:
    """Names of sheets: what Excel allows, each once."""
    found: list[str] = []
    for number, unit in enumerate(units, 1):
        name = unit["name"].translate(FORBIDDEN_IN_TABS)[:LONGEST_TAB] or f"单位{number}"
        found.append(name if name not in (*found, "签收单") else f"{name[: LONGEST_TAB - 5]}（{number}）")
    return found


def _page(id: str, step: str = "", data: dict[str, Any] | None = None, problem: Problem | None = None) -> str:
    batch = calls.ask(assignment.BATCH, id=id)
    allowed, held = {line["command"] for line in batch["may"]}, batch["meeting"]
    known = {
        "consult": {}, "agenda": {"agenda": held["agenda"], "requirements": held["requirements"]},
        "attendance": {"attendance": held["attendance"]}, "minutes": {"minutes": held["minutes"], "speeches": held["speeches"]},
    }  # fmt: skip
    shown = [
        {
            "step": name, "label": command.label, "is_open": name == step,
            "fields": forms.fields_of(command, data or {} if name == step else known[name], problem.errors if problem and name == step else {}),
        }
        for name, command in COMMANDS.items()
        if command.name in allowed
    ]  # fmt: skip
    looked_back = calls.gather({"found": (supervision.LOOK_BACKS, {"congress": batch["congress"]})})["found"]
    return flask.render_template(
        "meeting.html", b=batch, forms=shown, problem=problem, new_key=forms.new_key, apart=_apart(batch["lines"]),
        look_backs=None if isinstance(looked_back, Problem) or not _may_look_back(batch["congress"]) else looked_back["look_backs"],
        arranges="arrange_in_meeting" in allowed, arranging=data if step == "arrange" else None,
    )  # fmt: skip


def _apart(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines that the meeting takes up one by one: key ones, and those of a whole delegation (Hunan 2022). `above`: how
    many of a delegation's are key ones too, and stand there."""
    key = [line for line in lines if line["is_key"]]
    others = [line for line in lines if not line["is_key"]]
    alone = [line for line in others if line["arrangement"] and not line["delegation"]]
    return [
        {"name": "key", "label": "重点处理建议", "lines": key, "above": 0},
        {
            "name": "delegations", "label": "全团建议", "lines": [line for line in others if line["delegation"]],
            "above": sum(bool(line["delegation"]) for line in key),
        },
        {"name": "others", "label": "其他单独安排的", "lines": alone, "above": 0},
    ]  # fmt: skip


def _may_look_back(congress: str) -> bool:
    return any(current_actor.has(role, congress) for role in ("liaison", *SUPERVISORS_OF_THE_CONGRESS))


def _place(congress: str) -> str:
    answer = calls.gather({"place": (directory.CONGRESS, {"id": congress})})["place"]
    return "" if isinstance(answer, Problem) else str(answer["name"])
