"""年度考核：how a distributing office grades the units of its system; a unit reads its own, the congress what was announced."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import forms
from services.gateway.pages.giving import give
from services.gateway.pages.places import congress_of, own_congresses
from shared.contracts import evaluation
from shared.problems import NotAllowed, Problem

blueprint = flask.Blueprint("grades", __name__)

Data = dict[str, Any]
STEPS = {"unit": evaluation.GRADE_UNIT, "announce": evaluation.ANNOUNCE_GRADES}
OF_ONE = {"contest": evaluation.CONTEST_GRADE, "decide": evaluation.DECIDE_GRADE}


@blueprint.get("/grades")
@access.signed_in
def grades() -> str:
    return _page({}, None)


@blueprint.post("/grades/<any(unit, announce):step>")
@access.signed_in
def act(step: str) -> Any:
    contract, (place, year) = STEPS[step], _place()
    data = {**forms.read(contract, request.form), "congress": place, "year": year}
    try:
        answer = calls.execute(contract, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _page(data, problem), problem.status
    flask.flash(
        "已评定，公布以前承办单位看不到。" if step == "unit" else f"已公布{answer['announced']}个单位的等次。"
    )
    return flask.redirect(flask.url_for("grades.grades", congress=place, year=year), 303)


@blueprint.post("/grades/<uuid:id>/<any(contest, decide):step>")
@access.signed_in
def object_or_decide(id: Any, step: str) -> Any:
    contract, (place, year) = OF_ONE[step], _place()
    data = forms.read(contract, request.form)
    return give(
        contract, str(id), data, lambda problem: _page({**data, "id": str(id)}, problem),
        flask.url_for("grades.grades", congress=place, year=year),
    )  # fmt: skip


def _page(given: Data, problem: Problem | None) -> str:
    place, year = _place()
    found = calls.ask(evaluation.GRADES, congress=place, year=year)

    def sheet(line: Data, number: int) -> list[forms.Field]:
        """The form for one unit, with what it has; with what was filled in and refused, where it was this one."""
        is_it = given.get("unit") == line["unit"]["id"]
        values = {**{name: line[name] for name in ("grade", "reason", "follows")}, **(given if is_it else {})}
        fixed = {"congress": "", "year": "", "unit": line["unit"]["name"]}
        values |= {"congress": place, "year": year, "unit": line["unit"]["id"]}
        errors = problem.errors if problem and is_it else {}
        fields = forms.fields_of(evaluation.GRADE_UNIT, values, errors, {}, fixed)
        shown = [field for field in fields if field.name not in ("congress", "year")]
        return [replace(field, scope=f"{number}-") for field in shown]

    def answer(line: Data, step: str, number: int) -> list[forms.Field]:
        """The form with which the unit objects, or the office decides."""
        is_it = given.get("id") == line["id"]
        errors = problem.errors if problem and is_it else {}
        fields = forms.fields_of(OF_ONE[step], given if is_it else {}, errors)
        return [replace(field, scope=f"{step}-{number}-") for field in fields]

    return flask.render_template(
        "grades.html", found=found, congress=place, year=year, congresses=own_congresses(), problem=problem, key=forms.new_key, sheet=sheet, answer=answer,
        given=given.get("unit") or given.get("id", ""),
    )  # fmt: skip


def may_see_grades() -> bool:
    """For the tab beside the scores."""
    actor = current_actor
    return bool(actor.units()) or actor.has("distributing") or actor.has("liaison")


def _place() -> tuple[str, str]:
    congress = congress_of(current_actor, request.values.get("congress", ""))
    if not congress:
        raise NotAllowed("年度考核按人大查看，您的账号不属于任何一级人大。")
    return congress, request.values.get("year", "").strip() or str(access.today().year)
