"""评价异常：what looks strange about deputies' feedback, and what came of it. For the congress's own people."""

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
from shared.identity import SUPERVISORS_OF_THE_CONGRESS
from shared.problems import Problem

blueprint = flask.Blueprint("flags", __name__)

TABS = {"open": "待核实", "settled": "已核实"}


def may_see_flags(congress: str) -> bool:
    """Does the person in this request belong to the congress's own offices?"""
    return any(current_actor.has(role, congress) for role in ("liaison", *SUPERVISORS_OF_THE_CONGRESS))


@blueprint.get("/figures/flags")
@access.signed_in
def flags() -> str:
    return _page("", {}, None)


@blueprint.post("/figures/flags/<uuid:id>/settle_flag")
@access.signed_in
def settle(id: Any) -> Any:
    data = forms.read(evaluation.SETTLE_FLAG, request.form)
    return give(
        evaluation.SETTLE_FLAG, str(id), data, lambda problem: _page(str(id), data, problem),
        flask.url_for("flags.flags", congress=request.form.get("congress", "")), said="已登记核实情况。评价和指标没有改变。", version=forms.version_of(request.form),
    )  # fmt: skip


def _page(id: str, given: dict[str, Any], problem: Problem | None) -> str:
    """`id`, `given`: the one whose settlement was refused, and what was filled in."""
    congress = congress_of(current_actor, request.values.get("congress", ""))
    state = request.args.get("state", "open")
    state = state if state in TABS else "open"
    found = calls.ask(evaluation.FLAGS, congress=congress, state=state)
    for number, flag in enumerate(found):
        is_it = flag["id"] == id
        errors = problem.errors if problem and is_it else {}
        fields = forms.fields_of(evaluation.SETTLE_FLAG, given if is_it else {}, errors)
        flag["fields"] = [replace(field, scope=f"{number}-") for field in fields]
        flag["problem"] = problem if is_it else None
    return flask.render_template(
        "flags.html", flags=found, state=state, tabs=TABS, congress=congress, congresses=own_congresses(), key=forms.new_key,
    )  # fmt: skip
