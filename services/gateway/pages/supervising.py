"""我的督办：what each party has to supervise; the measures of the ladder, and the document of each to print."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access, ledger_desk, workbook
from services.gateway.access import calls, current_actor
from services.gateway.pages import asking, forms
from services.gateway.pages.giving import give
from services.gateway.pages.places import congress_of, own_congresses
from shared.contracts import Command, supervision
from shared.identity import SUPERVISORS_OF_THE_CONGRESS
from shared.pace import aside
from shared.problems import NotFound, Problem, Stale

blueprint = flask.Blueprint("supervising", __name__)

MEASURE_TABS = {
    "proposed": "待决定",
    "standing": "尚未解除",
    "ended": "已解除",
    "declined": "未采取",
    "": "全部",
}
MOST_TO_CHOOSE = 200
DEMAND_TABS = {"left": "未了结", "overdue": "已逾期", "settled": "已了结"}


@blueprint.get("/supervision")
@access.signed_in
def board() -> str:
    return _board()


@blueprint.post("/supervision/coordinations")
@access.signed_in
def coordinate() -> Any:
    """Log what was coordinated with other parties, units or deputies."""
    data = forms.read(supervision.LOG_COORDINATION, request.form)
    try:
        calls.execute(supervision.LOG_COORDINATION, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _board(data, problem), problem.status
    flask.flash("协调事项已登记，写明的各方和单位可以看到。")
    return flask.redirect(flask.url_for("supervising.board") + "#coordination", 303)


@blueprint.post("/supervision/coordinations/<uuid:id>/finish")
@access.signed_in
def finish_share(id: Any) -> Any:
    """Somebody's share of a coordination is done."""
    data = forms.read(supervision.FINISH_SHARE, request.form)
    try:
        calls.execute(supervision.FINISH_SHARE, str(id), data, key=forms.key_of(request.form))
    except Problem as problem:
        if problem.status == 404:
            raise
        return _board(None, problem), problem.status
    flask.flash("分工已登记办好。")
    return flask.redirect(flask.url_for("supervising.board") + "#coordination", 303)


def _board(filled: dict[str, Any] | None = None, problem: Problem | None = None) -> str:
    tab = request.args.get("state", "left")
    tab = tab if tab in DEMAND_TABS else "left"
    found = calls.gather(
        {
            "board": (supervision.BOARD, {}),
            "demands": (supervision.DEMANDS, {"state": tab, "limit": 100}),
            "coordination": (supervision.COORDINATIONS, {}),
        }
    )
    for answer in found.values():
        if isinstance(answer, Problem):
            raise answer
    wants_form = filled is not None or "coordinate" in request.args
    return flask.render_template(
        "supervision.html", board=found["board"], demands=found["demands"], tab=tab, tabs=DEMAND_TABS, coordination=found["coordination"],
        coordinating=_coordinating(filled or {}, problem) if found["coordination"]["may_log"] and wants_form else None,
        problem=problem, key=forms.new_key(), new_key=forms.new_key,
    )  # fmt: skip


def _coordinating(filled: dict[str, Any], problem: Problem | None) -> dict[str, Any]:
    """The form; what it was about is chosen from what is in hand, key ones first."""
    congress = congress_of(current_actor, request.values.get("congress", ""))
    values = {"on": access.today().isoformat(), **filled, "congress": congress}
    options = {"units": asking.units_of(congress), "suggestions": in_hand_at(congress)}
    return forms.offered(supervision.LOG_COORDINATION, values, problem, options, {"congress": ""})


def in_hand_at(congress: str, *more: str) -> list[forms.Option]:
    """What is in hand at a congress or closed, and in which states `more`, to choose from, key ones first."""
    found = calls.gather(
        {
            state: (supervision.LEDGER, {"congress": congress, "state": state, "limit": MOST_TO_CHOOSE})
            for state in ("assigned", "handling", "replied", "rehandling", "closed", *more)
        }
    )
    lines = [line for answer in found.values() if not isinstance(answer, Problem) for line in answer["lines"]]
    lines.sort(key=lambda line: not line["key"])
    return [
        (line["id"], f"{'【重点】' if line['key'] else ''}{line['number']} {line['title']}") for line in lines
    ]


@blueprint.get("/measures")
@access.signed_in
def measures() -> str:
    congress = congress_of(current_actor, request.args.get("congress", ""))
    state = request.args.get("state", "standing")
    state = state if state in MEASURE_TABS else "standing"
    found = calls.ask(supervision.MEASURES, congress=congress, state=state, limit=200)
    is_unit = not any(current_actor.has(role, congress) for role in OFFICES)
    tabs = {value: label for value, label in MEASURE_TABS.items() if not (is_unit and value in HIDDEN)}
    return flask.render_template(
        "measures.html",
        measures=found,
        state=state,
        tabs=tabs,
        congress=congress,
        congresses=own_congresses(),
    )


OFFICES = ("liaison", "distributing", "supervisor", "standing_leader", "government_leader", "committee")
HIDDEN = ("proposed", "declined")  # the offices' own affair


@blueprint.get("/reminders")
@access.signed_in
def reminders() -> str:
    """What was sent to whom: by the daily look and by hand, the newest first."""
    congress = congress_of(current_actor, request.args.get("congress", ""))
    found = calls.ask(supervision.REMINDERS, congress=congress, limit=200)
    return flask.render_template(
        "reminders.html", reminders=found, congress=congress, congresses=own_congresses()
    )


# --- circulars and look-backs ---------------------------------------------------------------------------------------


def may_look_back() -> bool:
    """Does the person in this request see look-backs?"""
    return any(current_actor.has(role) for role in ("liaison", *SUPERVISORS_OF_THE_CONGRESS))


@blueprint.get("/circulars")
@access.signed_in
def circulars() -> str:
    return _list("circulars", {}, None)


@blueprint.get("/circulars/<uuid:id>")
@access.signed_in
def circular(id: Any) -> str:
    return _one("circular", str(id), {}, None)


@blueprint.get("/look-backs")
@access.signed_in
def look_backs() -> str:
    return _list("look_backs", {}, None)


@blueprint.get("/look-backs/<uuid:id>")
@access.signed_in
def look_back(id: Any) -> str:
    return _one("look_back", str(id), {}, None)


@blueprint.get("/look-backs/<uuid:id>/export")
@access.signed_in
def export(id: Any) -> Any:
    found = calls.ask(supervision.LOOK_BACK, id=str(id))
    names = ("number", "title", "unit_name", "reply_class", "finding_label", "on", "by", "words")
    rows = [[line[name] for name in names] for line in found["sample"]]
    sheet = workbook.Sheet("回头看", found["name"], LOOK_BACK_COLUMNS, rows, frozenset((2, 8)))
    return ledger_desk.as_workbook(aside(workbook.write, sheet), f"{found['name']}.xlsx")


LOOK_BACK_COLUMNS = (
    ("序号", 5), ("建议编号", 25), ("标题", 28), ("承办单位", 16), ("办理结果", 6), ("检查结果", 10), ("检查日期", 11), ("检查人", 9),
    ("检查情况", 40),
)  # fmt: skip
LISTS = {
    "circulars": (supervision.CIRCULARS, supervision.DRAW_UP_CIRCULAR),
    "look_backs": (supervision.LOOK_BACKS, supervision.DRAW_LOOK_BACK),
}
ONE = {
    "circular": (supervision.CIRCULAR, (supervision.ISSUE_CIRCULAR, supervision.DISCARD_CIRCULAR)),
    "look_back": (supervision.LOOK_BACK, (supervision.RECORD_FINDING, supervision.END_LOOK_BACK)),
}


@blueprint.post("/<any(circulars, 'look-backs'):things>")
@access.signed_in
def draw(things: str) -> Any:
    """Draw up a circular, or draw a look-back."""
    name = things.replace("-", "_")
    command = LISTS[name][1]
    data = forms.read(command, request.form)
    try:
        answer = calls.execute(command, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _list(name, data, problem), problem.status
    one = name.removesuffix("s")
    return flask.redirect(flask.url_for(f"supervising.{one}", id=answer["id"]), 303)


@blueprint.post("/<any(circulars, 'look-backs'):things>/<uuid:id>/<command>")
@access.signed_in
def change(things: str, id: Any, command: str) -> Any:
    """One of the commands about one of them."""
    name = things.replace("-", "_").removesuffix("s")
    contract = next((one for one in ONE[name][1] if one.name == command), None)
    if contract is None:
        raise NotFound("没有这项操作。")
    data, posted = forms.read(contract, request.form), request.form
    version = (
        None if contract is supervision.RECORD_FINDING else forms.version_of(posted)
    )  # several inspectors at once
    return give(
        contract, str(id), data, lambda problem: _one(name, str(id), {contract.name: data}, problem),
        flask.url_for(f"supervising.{name}", id=id), version=version,
    )  # fmt: skip


def _list(name: str, filled: dict[str, Any], problem: Problem | None) -> str:
    query, command = LISTS[name]
    congress = congress_of(current_actor, request.values.get("congress", ""))
    found = calls.ask(query, congress=congress)
    values = {**_usual(), **filled, "congress": congress}
    options = {"unit": asking.units_of(congress)} if found["may_draw"] else {}
    drawn = forms.fields_of(command, values, problem.errors if problem else {}, options, {"congress": ""})
    return flask.render_template(
        f"{name}.html", found=found[name], may_draw=found["may_draw"], fields=drawn, problem=problem, command=command,
        congress=congress, congresses=own_congresses(), key=forms.new_key(), is_drawing=bool(filled),
        elsewhere=forms.errors_elsewhere(command, problem.errors) if problem else [],
    )  # fmt: skip


def _usual() -> dict[str, Any]:
    today = access.today()
    return {
        "since": today.replace(day=1).isoformat(), "until": today.isoformat(), "addressed_to": "各承办单位", "from_year": today.year - 1,
        "to_year": today.year - 1, "classes": "AB", **dict.fromkeys(("late", "promises", "kept", "measures"), True),
    }  # fmt: skip


def _one(name: str, id: str, filled: dict[str, dict[str, Any]], problem: Problem | None) -> str:
    query, commands = ONE[name]
    found = calls.ask(query, id=id)
    may = {one["command"] for one in found["may"]}
    return flask.render_template(
        f"{name}.html", it=found, problem=problem, stale=isinstance(problem, Stale), key=forms.new_key(),
        forms_of=[_form(command, found, filled, problem) for command in commands if command.name in may],
    )  # fmt: skip


def _form(
    command: Command, found: dict[str, Any], filled: dict[str, dict[str, Any]], problem: Problem | None
) -> dict[str, Any]:
    """A command with its fields, and what was wrong with them."""
    tried = problem if problem and command.name in filled else None
    values = {"on": access.today().isoformat(), "text": found.get("text", ""), **filled.get(command.name, {})}
    waiting = [line for line in found.get("sample", ()) if not line["finding"]]
    options = {"suggestion": [(line["suggestion"], f"{line['number']} {line['title']}") for line in waiting]}
    return forms.offered(command, values, tried, options)
