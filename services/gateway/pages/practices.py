"""Practices and settings on the screen: what holds at a congress or a unit, where it comes from, and the form to change it."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import asking, forms, places
from services.gateway.pages.dossier import Dossier
from shared.contracts import Command, directory
from shared.plugins import installed
from shared.practices import UNIT, Practice
from shared.problems import NotFound, Problem

blueprint = flask.Blueprint("practices", __name__)

Data = dict[str, Any]
MOST_UNITS = 5  # of one suggestion, whose practices its page names
SCHEDULE = ("effective_on", "reason")  # of the command itself, beside the practice's own settings


@blueprint.get("/practices")
@access.signed_in
def overview() -> str:
    """All that can be laid down at a place, as it holds there."""
    congress, unit = _place()
    lines = calls.ask(directory.PRACTICES, congress=congress, unit=unit)
    kind = UNIT if unit else "congress"
    units = calls.ask(directory.UNITS, congress=congress)
    return flask.render_template(
        "practices.html", congress=congress, unit=unit, own=places.own_congresses(), place_name=_name(congress, unit, units),
        units=_own_units(units), core=[line for line in lines if line["is_core"] and kind in line["places"]],
        local=[line for line in lines if not line["is_core"] and kind in line["places"]],
    )  # fmt: skip


def held_for(dossier: Dossier) -> Data | None:
    """{since, is_renewed, units: [{name, practices}]}: by which local practices a suggestion goes on, unit by unit; None before
    it was assigned."""
    began = str(dossier.handling.get("assigned_on") or "")
    if not began:
        return None
    renewed = str(dossier.handling.get("practices_on") or "")
    units = {task["unit"]["id"]: task["unit"]["name"] for task in dossier.tasks if not task.get("depth")}
    of = {"congress": dossier.congress, "on": renewed or began}
    found = calls.gather({id: (directory.PRACTICES, {**of, "unit": id}) for id in list(units)[:MOST_UNITS]})
    told: list[Data] = []
    for id, lines in found.items():
        if isinstance(lines, Problem):
            continue
        practices = [line for line in lines if line["on"] and not line["is_core"]]
        alike = next((one for one in told if _shown(one["practices"]) == _shown(practices)), None)
        if alike:  # units that go on by the same are named together
            alike["name"] += f"、{units[id]}"
        else:
            told.append({"name": units[id], "practices": practices})
    return {"since": renewed or began, "is_renewed": bool(renewed), "units": told}


def _shown(practices: list[Data]) -> list[tuple[str, str, str]]:
    return [(line["label"], line["from_name"], line["since"]) for line in practices]


@blueprint.get("/practices/<name>")
@access.signed_in
def practice(name: str) -> str:
    return _page(name, {}, None)


@blueprint.post("/practices/<name>")
@access.signed_in
def lay_down(name: str) -> Any:
    found, (congress, unit) = _known(name), _place()
    settings = forms.read(_contract(found), request.form)
    schedule = {key: value for key, value in forms.read(directory.SET_PRACTICE, request.form).items() if key in SCHEDULE}  # fmt: skip
    given = {"name": name, "congress": congress, "unit": unit, "on": found.is_core or "on" in request.form}
    try:
        calls.execute(
            directory.SET_PRACTICE, "", {**given, **schedule, "settings": settings}, key=forms.key_of(request.form),
        )  # fmt: skip
    except Problem as problem:
        return _page(name, {**settings, **schedule, "on": given["on"]}, problem), problem.status
    flask.flash("已保存。到生效日期起，新开始办理的建议按此办理。")
    return flask.redirect(flask.url_for("practices.practice", name=name, congress=congress, unit=unit), 303)


@blueprint.post("/practices/<name>/end")
@access.signed_in
def end(name: str) -> Any:
    congress, unit = _place()
    schedule = {key: value for key, value in forms.read(directory.END_PRACTICE, request.form).items() if key in SCHEDULE}  # fmt: skip
    line = _line(name, congress, unit)
    try:
        calls.execute(directory.END_PRACTICE, line["id"], schedule, key=forms.key_of(request.form))
    except Problem as problem:
        return _page(name, schedule, problem), problem.status
    flask.flash("已恢复沿用上级，从生效日期起。")
    return flask.redirect(flask.url_for("practices.practice", name=name, congress=congress, unit=unit), 303)


def _page(name: str, given: Data, problem: Problem | None) -> str:
    found, (congress, unit) = _known(name), _place()
    line = _line(name, congress, unit)
    contract, errors = _contract(found), problem.errors if problem else {}
    values = given if problem else {**found.defaults, **line["settings"]}
    history = calls.ask(directory.PRACTICE, id=line["id"]) if line["id"] else None
    return flask.render_template(
        "practice.html", line=line, practice=found, congress=congress, unit=unit, problem=problem, key=forms.new_key(),
        place_name=_name(congress, unit, calls.ask(directory.UNITS, congress=congress)), history=history,
        fields=forms.fields_of(contract, values, errors, asking.choices_at(found.schema, congress)),
        schedule=[field for field in forms.fields_of(directory.SET_PRACTICE, given, errors) if field.name in SCHEDULE],
        elsewhere=[text for text in forms.errors_elsewhere(contract, errors) if not set(errors) & set(SCHEDULE)],
        is_on=given["on"] if problem and "on" in given else line["on"], may_set=line["may_set"], in_words=forms.in_words,
        held={**found.defaults, **line["settings"]},
    )  # fmt: skip


def _known(name: str) -> Practice:
    found = installed().practices.get(name)
    if found is None:
        raise NotFound("没有安装这种做法。")
    return found


def _contract(practice: Practice) -> Command:
    """The practice's settings as a form is made from."""
    return Command(practice.name, "directory", "", practice.label, practice.summary, practice.schema)


def _line(name: str, congress: str, unit: str) -> Data:
    lines = calls.ask(directory.PRACTICES, congress=congress, unit=unit)
    return next(line for line in lines if line["name"] == name)


def _place() -> tuple[str, str]:
    """The congress and unit that were asked for; without, a head's own unit, or the person's first congress."""
    congress = places.congress_of(current_actor, request.args.get("congress", ""))
    unit = request.args.get("unit", "")
    if not unit and "congress" not in request.args:
        unit = next(iter(sorted(current_actor.units("unit_head"))), "")
    return congress, unit


def _own_units(units: list[Data]) -> list[Data]:
    """The units whose practices the person may look at with a purpose: the office's all, a head's own."""
    if current_actor.has("liaison") or current_actor.has("operator"):
        return units
    return [unit for unit in units if unit["id"] in current_actor.units("unit_head")]


def _name(congress: str, unit: str, units: list[Data]) -> str:
    if unit:
        return next((str(found["name"]) for found in units if found["id"] == unit), "")
    return places.named([congress])[congress]
