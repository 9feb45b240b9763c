"""评议：deputies appraise units on the spot. For the office to draw up and close, for deputies to cast, for units to read."""

from __future__ import annotations

from typing import Any

import flask
from flask import request
from werkzeug.datastructures import MultiDict

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import asking, forms
from services.gateway.pages.giving import give
from services.gateway.pages.places import congress_of, own_congresses
from shared.contracts import evaluation
from shared.problems import NotFound, Problem

blueprint = flask.Blueprint("appraisals", __name__)

Data = dict[str, Any]
CAST, DRAW = evaluation.CAST_BALLOT, evaluation.DRAW_UP_APPRAISAL
OF_ONE = {
    c.name: c
    for c in (
        evaluation.CLOSE_APPRAISAL, evaluation.ANNOUNCE_APPRAISAL, evaluation.DEMAND_RECTIFICATION, evaluation.CANCEL_APPRAISAL,
    )
}  # fmt: skip
USUAL_QUESTIONS = ["办理态度", "办理质量", "落实效果"]


@blueprint.get("/appraisals")
@access.signed_in
def appraisals() -> str:
    return _list({}, None)


@blueprint.post("/appraisals")
@access.signed_in
def draw_up() -> Any:
    data = forms.read(DRAW, request.form)
    try:
        answer = calls.execute(DRAW, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _list(data, problem), problem.status
    flask.flash("已组织评议。受邀代表从评议日起可以在“我的工作”里投票。")
    return flask.redirect(flask.url_for("appraisals.appraisal", id=answer["id"]), 303)


@blueprint.get("/appraisals/<uuid:id>")
@access.signed_in
def appraisal(id: Any) -> str:
    return _one(str(id), "", {}, None)


@blueprint.post("/appraisals/<uuid:id>/cast_ballot")
@access.signed_in
def cast(id: Any) -> Any:
    """No version goes with a ballot: others cast theirs meanwhile."""
    data = _ballot(request.form)
    return give(
        CAST, str(id), data, lambda problem: _one(str(id), CAST.name, data, problem),
        flask.url_for("appraisals.appraisal", id=id), said="您已投票。系统只记下您投过票，不记下您怎样评价。",
    )  # fmt: skip


@blueprint.post("/appraisals/<uuid:id>/<command>")
@access.signed_in
def change(id: Any, command: str) -> Any:
    if command not in OF_ONE:
        raise NotFound("没有这项操作。")
    contract, posted = OF_ONE[command], request.form
    data = forms.read(contract, posted)
    return give(
        contract, str(id), data, lambda problem: _one(str(id), command, data, problem),
        flask.url_for("appraisals.appraisal", id=id), version=forms.version_of(posted),
    )  # fmt: skip


def _ballot(form: MultiDict[str, str]) -> Data:
    """What was marked: `mark.<unit>.<question>` and `opinion.<unit>`; a mark that is missing is an empty one."""
    count = min(int(form.get("questions", "0")), 8) if form.get("questions", "0").isdecimal() else 0
    return {
        "marks": [
            {
                "unit": unit,
                "marks": [form.get(f"mark.{unit}.{n}", "") for n in range(count)],
                "opinion": form.get(f"opinion.{unit}", ""),
            }
            for unit in form.getlist("unit")
        ]
    }


def _list(given: Data, problem: Problem | None) -> str:
    congress = congress_of(current_actor, request.values.get("congress", ""))
    found = calls.ask(evaluation.APPRAISALS, congress=congress) if congress else []
    may_draw = bool(congress) and current_actor.has("liaison", congress)
    fields = []
    if may_draw:
        values = {"questions": USUAL_QUESTIONS, **given, "congress": congress}
        options = {"units": asking.units_of(congress), "deputies": asking.deputies_of(congress)}
        fields = forms.fields_of(DRAW, values, problem.errors if problem else {}, options, {"congress": ""})
    return flask.render_template(
        "appraisals.html", found=found, may_draw=may_draw, fields=fields, problem=problem, command=DRAW, congress=congress,
        congresses=own_congresses(), key=forms.new_key(), is_drawing=bool(given),
        elsewhere=forms.errors_elsewhere(DRAW, problem.errors) if problem else [],
    )  # fmt: skip


def _one(id: str, command: str, given: Data, problem: Problem | None) -> str:
    """`command`, `given`: what was refused, and what was filled in."""
    found = calls.ask(evaluation.APPRAISAL, id=id)
    may = {line["command"] for line in found["may"]}
    options = {"unit": [(unit["id"], unit["name"]) for unit in found["units"]]}
    shown = []
    for name, contract in OF_ONE.items():
        if name in may:
            refused = problem if name == command else None
            shown.append(forms.offered(contract, given if refused else {}, refused, options))
    return flask.render_template(
        "appraisal.html", it=found, forms_of=shown, key=forms.new_key(), here=flask.url_for("appraisals.appraisal", id=id),
        may_cast=CAST.name in may, problem=problem if command == CAST.name else None,
        cast={one["unit"]: one for one in given.get("marks", ())} if command == CAST.name else {},
    )  # fmt: skip
