"""审议办理情况报告、定期督办：lists, and one of them with what may be done about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import asking, forms
from services.gateway.pages.giving import give
from services.gateway.pages.places import congress_of, named
from services.gateway.pages.year import calendars_of_mine
from shared.contracts import Command, Query, supervision
from shared.identity import SUPERVISORS_OF_THE_CONGRESS
from shared.problems import NotFound, Problem, Stale

blueprint = flask.Blueprint("planned", __name__)

LISTS: dict[str, tuple[Query, Command]] = {
    "hearings": (supervision.HEARINGS, supervision.PLAN_HEARING),
    "sweeps": (supervision.SWEEPS, supervision.SCHEDULE_SWEEP),
}
ONE: dict[str, tuple[Query, tuple[Command, ...]]] = {
    "hearings": (
        supervision.HEARING,
        (
            supervision.SUBMIT_HEARING_REPORT, supervision.RECORD_HEARING, supervision.REPORT_HEARING, supervision.CHANGE_HEARING,
            supervision.CANCEL_HEARING,
        ),
    ),
    "sweeps": (supervision.SWEEP, (supervision.NOTE_SWEEP, supervision.END_SWEEP, supervision.CANCEL_SWEEP)),
}  # fmt: skip
OF_OPINIONS = (supervision.ANSWER_DEMAND, supervision.SETTLE_DEMAND, supervision.RETURN_DEMAND)
WHO_SWEEPS = ("liaison", *SUPERVISORS_OF_THE_CONGRESS)


@blueprint.get("/<any(hearings, sweeps):things>")
@access.signed_in
def several(things: str) -> str:
    return _list(things, {}, None)


@blueprint.get("/<any(hearings, sweeps):things>/<uuid:id>")
@access.signed_in
def one(things: str, id: Any) -> str:
    return _one(things, str(id), {}, None)


@blueprint.post("/<any(hearings, sweeps):things>")
@access.signed_in
def draw(things: str) -> Any:
    command = LISTS[things][1]
    data = forms.read(command, request.form)
    try:
        answer = calls.execute(command, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _list(things, data, problem), problem.status
    flask.flash(f"“{command.label}”已办好，日历里也有了。")
    return flask.redirect(flask.url_for("planned.one", things=things, id=answer["id"]), 303)


@blueprint.post("/<any(hearings, sweeps):things>/<uuid:id>/<command>")
@access.signed_in
def change(things: str, id: Any, command: str) -> Any:
    """One of the commands about one of them, or about an opinion of a hearing."""
    contract = next((c for c in (*ONE[things][1], *OF_OPINIONS) if c.name == command), None)
    if contract is None:
        raise NotFound("没有这项操作。")
    data, posted = forms.read(contract, request.form), request.form
    of_opinion = contract in OF_OPINIONS
    is_shared = contract in (supervision.NOTE_SWEEP, supervision.SUBMIT_HEARING_REPORT)  # several at once
    about = posted.get("about", "") if of_opinion else str(id)
    version = None if is_shared or of_opinion else forms.version_of(posted)
    return give(
        contract, about, data, lambda problem: _one(things, str(id), {f"{contract.name} {about}": data}, problem),
        flask.url_for("planned.one", things=things, id=id), version=version,
    )  # fmt: skip


def _list(things: str, filled: dict[str, Any], problem: Problem | None) -> str:
    query, command = LISTS[things]
    own = (
        calendars_of_mine()
        if things == "hearings"
        else sorted({path for role in WHO_SWEEPS for path in current_actor.congresses(role)})
    )
    congress = congress_of(current_actor, request.values.get("congress", "")) or next(iter(own), "")
    found = calls.ask(query, congress=congress)
    may_draw = found.get("may_plan") or found.get("may_schedule") or False
    today = access.today().isoformat()
    values = {
        "on": today,
        "since": today,
        "is_open": True,
        "led_by": "联工委",
        "title": "关于代表建议办理情况的报告",
        **filled,
        "congress": congress,
    }
    options = {"units": asking.units_of(congress)} if may_draw and things == "hearings" else {}
    return flask.render_template(
        f"{things}.html", found=found[things], may_draw=may_draw, congress=congress, congresses=named(own) if len(own) > 1 else {},
        fields=forms.fields_of(command, values, problem.errors if problem else {}, options, {"congress": ""}), problem=problem,
        command=command, key=forms.new_key(), is_drawing=bool(filled),
        elsewhere=forms.errors_elsewhere(command, problem.errors) if problem else [],
    )  # fmt: skip


def _one(things: str, id: str, filled: dict[str, dict[str, Any]], problem: Problem | None) -> str:
    query, commands = ONE[things]
    found = calls.ask(query, id=id)
    may = {one["command"] for one in found["may"]}
    options: dict[str, Any] = {
        "suggestion": [
            (line["suggestion"], f"{line['number']} {line['title']}") for line in found.get("left", ())
        ]
    }
    if "record_hearing" in may:
        options["unit"] = asking.units_of(found["congress"])
    usual = {
        "on": found.get("on") or access.today().isoformat(),
        "reports_due_on": found.get("reports_due_on"),
    }
    if things == "sweeps" or found["state"] == "held":
        usual["on"] = access.today().isoformat()
    opinions = {
        opinion["id"]: [
            _form(command, {}, options, filled, problem, opinion["id"])
            for command in OF_OPINIONS
            if command.name in {one["command"] for one in opinion["may"]}
        ]
        for opinion in found.get("opinions", ())
    }
    return flask.render_template(
        "hearing.html" if things == "hearings" else "sweep.html", it=found, problem=problem, stale=isinstance(problem, Stale), key=forms.new_key(),
        opinion_forms=opinions,
        forms_of=[_form(command, usual, options, filled, problem, id) for command in commands if command.name in may],
    )  # fmt: skip


def _form(command: Command, usual: dict[str, Any], options: dict[str, Any], filled: dict[str, dict[str, Any]],
          problem: Problem | None, about: str) -> dict[str, Any]:  # fmt: skip
    """A command with its fields, and what was wrong with them."""
    data = filled.get(f"{command.name} {about}")
    tried = problem if data is not None else None
    drawn = forms.offered(command, {**usual, **(data or {})}, tried, options)
    scope = f"{command.name}-{about[-12:]}-"
    return {**drawn, "fields": [replace(field, scope=scope) for field in drawn["fields"]]}
