"""内部督查：what a unit's own office looked into, what it found, and whether it is put right. Nobody outside of the unit sees it."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import forms
from services.gateway.pages.giving import give
from shared.contracts import Command, assignment, checks, supervision
from shared.problems import NotAllowed, Problem, Stale

blueprint = flask.Blueprint("unit_checks", __name__)

UNIT = ("handler", "unit_head", "distributing")
MOST_TASKS = 200

Data = dict[str, Any]


@blueprint.get("/unit/checks")
@access.signed_in
def listed() -> str:
    return _page(None, {}, None)


@blueprint.post("/unit/checks")
@access.signed_in
def log() -> Any:
    return _carry_out(checks.LOG_CHECK, "")


@blueprint.post("/unit/checks/<uuid:id>")
@access.signed_in
def settle(id: Any) -> Any:
    return _carry_out(checks.SETTLE_CHECK, str(id))


def _carry_out(command: Command, id: str) -> Any:
    data, posted = forms.read(command, request.form), request.form
    version = forms.version_of(posted) if id else None
    return give(
        command, id, data, lambda problem: _page(id, data, problem),
        flask.url_for("unit_checks.listed"), version=version,
    )  # fmt: skip


def open_checks() -> Data:
    """For the unit's board: what waits to be put right; {} where that cannot be asked now."""
    found = calls.gather({"checks": (checks.CHECKS, {})})["checks"]
    if isinstance(found, Problem):
        return {}
    return {**found, "open": [check for check in found["checks"] if check["state"] == "open"]}


def _page(tried: str | None, data: Data, problem: Problem | None) -> str:
    """`tried`: the check whose form was refused, empty for a new one."""
    if not current_actor.units(*UNIT):
        raise NotAllowed("这个页面由承办单位使用。")
    found = calls.ask(checks.CHECKS)
    shown = [
        {**check, "form": _settling(check, data if tried == check["id"] else {}, problem if tried == check["id"] else None)}
        for check in found["checks"]
    ]  # fmt: skip
    return flask.render_template(
        "unit_checks.html", checks=shown, overdue=found["overdue"], key=forms.new_key(), stale=isinstance(problem, Stale),
        logging=_logging(found["units"], data if tried == "" else {}, problem if tried == "" else None), lights=supervision.LIGHTS,
    )  # fmt: skip


def _settling(check: Data, data: Data, problem: Problem | None) -> Data | None:
    if not any(one["command"] == "settle_check" for one in check["may"]):
        return None
    form = forms.offered(checks.SETTLE_CHECK, data, problem)
    for field in form["fields"]:
        field.scope = f"{check['id']}-"
    return form


def _logging(units: list[Data], data: Data, problem: Problem | None) -> Data | None:
    """The form for a new one, for who may log it: with what the unit has and what was handed on of it."""
    if not units:
        return None
    tasks = calls.ask(assignment.UNIT_BOARD, year=access.today().year, limit=MOST_TASKS)
    values, fixed = {"on": access.today().isoformat(), **data}, {}
    if len(units) == 1:  # nobody is asked which of one
        values["unit"], fixed["unit"] = units[0]["id"], units[0]["name"]
    sections_first = sorted(tasks, key=lambda task: (task["is_own"], task["unit"]["name"]))
    options = {
        "unit": [(unit["id"], unit["name"]) for unit in units],
        "tasks": [
            (task["task"], f"{task['unit']['name']}：{task['title']}（{task['state_label']}）")
            for task in sections_first
        ],
    }
    return forms.offered(checks.LOG_CHECK, values, problem, options, fixed)
