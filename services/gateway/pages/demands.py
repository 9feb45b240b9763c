"""What is about no suggestion: a demand that came of an appraisal, a measure that came of a rank; and what may be done now."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls
from services.gateway.pages import forms
from services.gateway.pages.giving import give
from services.gateway.pages.places import named
from shared.contracts import Command, supervision
from shared.problems import NotFound, Problem

blueprint = flask.Blueprint("demands", __name__)

COMMANDS = {
    c.name: c for c in (supervision.ANSWER_DEMAND, supervision.SETTLE_DEMAND, supervision.RETURN_DEMAND)
}


@blueprint.get("/demands/<uuid:id>")
@access.signed_in
def demand(id: Any) -> str:
    return _page(str(id), "", {}, None)


@blueprint.post("/demands/<uuid:id>/<command>")
@access.signed_in
def change(id: Any, command: str) -> Any:
    if command not in COMMANDS:
        raise NotFound("没有这项操作。")
    contract, posted = COMMANDS[command], request.form
    data = forms.read(contract, posted)
    return give(
        contract, str(id), data, lambda problem: _page(str(id), command, data, problem),
        flask.url_for("demands.demand", id=id), version=forms.version_of(posted),
    )  # fmt: skip


OF_MEASURE = {
    c.name: c for c in (supervision.DECIDE_MEASURE, supervision.ANSWER_MEASURE, supervision.END_MEASURE)
}


@blueprint.get("/measures/<uuid:id>")
@access.signed_in
def measure(id: Any) -> str:
    """The document of a measure, to print; of one about no suggestion with what may be done."""
    return _measure_page(str(id), "", {}, None)


@blueprint.post("/measures/<uuid:id>/<command>")
@access.signed_in
def change_measure(id: Any, command: str) -> Any:
    if command not in OF_MEASURE:
        raise NotFound("没有这项操作。")
    contract, posted = OF_MEASURE[command], request.form
    data = forms.read(contract, posted)
    return give(
        contract, str(id), data, lambda problem: _measure_page(str(id), command, data, problem),
        flask.url_for("demands.measure", id=id), version=forms.version_of(posted),
    )  # fmt: skip


def _measure_page(id: str, command: str, given: dict[str, Any], problem: Problem | None) -> str:
    found = calls.ask(supervision.MEASURE, id=id)
    place = named([found["congress"]])[found["congress"]]
    doing = [] if found["suggestion"] else _forms(found, OF_MEASURE, command, given, problem)
    here = flask.url_for("demands.measure", id=id)
    return flask.render_template(
        "measure.html", m=found, it=found, place=place, forms_of=doing, key=forms.new_key(), here=here
    )


def _page(id: str, command: str, given: dict[str, Any], problem: Problem | None) -> str:
    found = calls.ask(supervision.DEMANDS, demand=id)
    if not found:
        raise NotFound("没有找到这项要求。")
    shown = _forms(found[0], COMMANDS, command, given, problem)
    return flask.render_template(
        "demand.html",
        it=found[0],
        forms_of=shown,
        key=forms.new_key(),
        here=flask.url_for("demands.demand", id=id),
    )


def _forms(
    found: dict[str, Any],
    commands: dict[str, Command],
    command: str,
    given: dict[str, Any],
    problem: Problem | None,
) -> list[dict[str, Any]]:
    """The forms of what may be done; `command`, `given`: what was refused, and what was filled in."""
    shown = []
    for line in found["may"]:
        is_it = line["command"] == command
        contract = commands[line["command"]]
        shown.append(forms.offered(contract, given if is_it else {}, problem if is_it else None))
    return shown
