"""年度日历：what comes when in the year of a congress, for everybody there; to print, and for other programs."""

from __future__ import annotations

from datetime import date
from typing import Any

import flask
from flask import request

from services.gateway import access, icalendar
from services.gateway.access import calls, current_actor
from services.gateway.pages import forms
from services.gateway.pages.places import congresses_of, named
from shared.contracts import Command, supervision
from shared.problems import NotFound, Problem, Stale

blueprint = flask.Blueprint("year", __name__)

COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        supervision.FINISH_YEAR_ENTRY, supervision.CHANGE_YEAR_ENTRY, supervision.REMOVE_YEAR_ENTRY, supervision.RELEASE_YEAR_ENTRY,
        supervision.ADD_YEAR_ENTRY,
    )
}  # fmt: skip
STATES = {"done": "已完成", "over": "已过", "running": "进行中", "ahead": "", "removed": "已取消"}


def calendars_of_mine() -> list[str]:
    """The congresses whose calendars concern the person: their own, and for units the one above, which assigns to them."""
    own = congresses_of(current_actor)
    above = {role.congress.rpartition(".")[0] or "cn" for role in current_actor.roles if role.unit}
    return list(dict.fromkeys([*own, *sorted(above - set(own))]))


@blueprint.get("/calendar")
@access.signed_in
def calendar() -> str:
    return _page()


@blueprint.get("/calendar.ics")
@access.signed_in
def download() -> Any:
    congress, year = _place()
    plan = calls.ask(supervision.YEAR_PLAN, congress=congress, year=year)["plan"]
    if plan is None:
        raise NotFound("这一年的日历还没有生成。")
    place = named([congress])[congress]
    happenings = [
        icalendar.Happening(
            f"{plan['id']}-{entry['entry']}@jianyi", entry["what"], date.fromisoformat(entry["since"]), date.fromisoformat(entry["until"]),
            entry["because"], plan["version"],
        )
        for entry in plan["entries"]
        if not entry["removed"]
    ]  # fmt: skip
    answer = flask.make_response(icalendar.write(f"{place}{year}年度日历", happenings, access.now()))
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="calendar-{congress}-{year}.ics"'
    return answer


@blueprint.post("/calendar")
@access.signed_in
def draw() -> Any:
    data = forms.read(supervision.DRAW_UP_YEAR, request.form)
    try:
        calls.execute(supervision.DRAW_UP_YEAR, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _page(problem), problem.status
    flask.flash("年度日历已经生成，会随会议日期、放假安排和设置自动更新。")
    return _back()


@blueprint.post("/calendar/<uuid:id>/<command>")
@access.signed_in
def change(id: Any, command: str) -> Any:
    if command not in COMMANDS:
        raise NotFound("没有这项操作。")
    contract, posted = COMMANDS[command], request.form
    data = forms.read(contract, posted)
    try:
        calls.execute(contract, str(id), data, key=forms.key_of(posted), version=forms.version_of(posted))
    except Problem as problem:
        if problem.status == 404:
            raise
        return _page(problem, contract, data), problem.status
    flask.flash(f"“{contract.label}”已办好。")
    return _back()


def _back() -> Any:
    congress, year = _place()
    return flask.redirect(flask.url_for("year.calendar", congress=congress, year=year), 303)


def _place() -> tuple[str, int]:
    congress = request.values.get("congress") or next(iter(calendars_of_mine()), "")
    year = request.values.get("year", "").strip()
    return congress, int(year) if year.isdecimal() and 1949 <= int(year) <= 2100 else access.today().year


def _page(
    problem: Problem | None = None, tried: Command | None = None, filled: dict[str, Any] | None = None
) -> str:
    congress, year = _place()
    own = calendars_of_mine()
    found: dict[str, Any] = {"plan": None, "may_draw": False}
    if congress:
        found = calls.ask(supervision.YEAR_PLAN, congress=congress, year=year)
    plan = found["plan"]
    may = {one["command"] for one in plan["may"]} if plan else set()
    key = (filled or {}).get("entry") or request.args.get("entry", "")
    chosen = next((entry for entry in plan["entries"] if entry["entry"] == key), None) if plan else None
    return flask.render_template(
        "calendar.html", plan=plan, may_draw=found["may_draw"], congress=congress, year=year, congresses=named(own) if len(own) > 1 else {},
        place=named([congress])[congress] if congress else "", months=_months(plan["entries"]) if plan else {}, chosen=chosen, may=may,
        states=STATES, problem=problem, stale=isinstance(problem, Stale), key=forms.new_key(), today=access.today().isoformat(),
        forms_of=_forms(chosen, may, problem, tried, filled or {}),
    )  # fmt: skip


def _months(entries: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """{2023年1月: what begins in it}."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        found.setdefault(f"{entry['since'][:4]}年{int(entry['since'][5:7])}月", []).append(entry)
    return found


def _forms(chosen: dict[str, Any] | None, may: set[str], problem: Problem | None, tried: Command | None, filled: dict[str, Any]) -> list[dict[str, Any]]:  # fmt: skip
    """What may be done now: about the chosen entry, or the year as a whole."""
    wanted = [name for name in _possible(chosen) if name in may]
    shown = []
    for name in wanted:
        command = COMMANDS[name]
        own = problem if problem and tried is command else None
        values = {
            **(
                {"entry": chosen["entry"], "since": chosen["since"], "until": chosen["until"]}
                if chosen
                else {}
            ),
            **(filled if own else {}),
        }
        shown.append(forms.offered(command, values, own, fixed={"entry": ""}))
    return shown


def _possible(entry: dict[str, Any] | None) -> list[str]:
    if entry is None:
        return ["add_year_entry"]
    if entry["origin"] not in ("drawn", "added"):
        return []
    if entry["removed"]:
        return ["release_year_entry", "change_year_entry"]
    usual = ["change_year_entry", "remove_year_entry"] if not entry["done_on"] else []
    if entry["by_hand"] and entry["origin"] == "drawn":
        usual.append("release_year_entry")
    return ["finish_year_entry", *usual] if entry["state"] in ("running", "over") and entry["duty"] else usual
