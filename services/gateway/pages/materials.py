"""What deputies and units work by: courseware, templates, handbooks, flow charts, rules; and publishing them."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import asking, forms, places
from services.gateway.pages.giving import give
from shared.contracts import directory as contracts
from shared.problems import NotAllowed, NotFound, Problem
from shared.terms import FINDINGS, MATERIAL_KINDS

blueprint = flask.Blueprint("materials", __name__)

Data = dict[str, Any]
PARTS = {"situation": "情况", "analysis": "分析", "proposals": "具体意见"}
OF_A_UNIT = ("kind", "title", "text", "link")  # what a unit's people fill in for a material of their own
STATES = {"published": "在用", "withdrawn": "已撤回"}


@blueprint.get("/materials")
@access.signed_in
def listed() -> str:
    return _list({}, None)


@blueprint.post("/materials")
@access.signed_in
def publish() -> Any:
    data, congress = forms.read(contracts.PUBLISH_MATERIAL, request.form), _congress()
    if not current_actor.has("liaison", congress) and (own := _own_units(congress)):
        data |= {"unit": data.get("unit") or own[0], "readers": "units"}
    data |= {"congress": congress}
    try:
        answer = calls.execute(contracts.PUBLISH_MATERIAL, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _list(data, problem), problem.status
    flask.flash(f"已发布《{data['title']}》。")
    return flask.redirect(flask.url_for("materials.material", id=answer["id"]), 303)


@blueprint.get("/materials/<uuid:id>")
@access.signed_in
def material(id: Any) -> str:
    return _one(str(id), {}, None)


@blueprint.post("/materials/<uuid:id>/withdraw")
@access.signed_in
def withdraw(id: Any) -> Any:
    data = forms.read(contracts.WITHDRAW_MATERIAL, request.form)
    return give(
        contracts.WITHDRAW_MATERIAL, str(id), data, lambda problem: _one(str(id), data, problem),
        flask.url_for("materials.material", id=id), said="已撤回，代表和承办单位不再看到。",
    )  # fmt: skip


def _list(values: Data, problem: Problem | None) -> str:
    congress = _congress()
    if not congress:
        raise NotAllowed("资料供代表、人大机关和承办单位使用。")
    kind, state = request.args.get("kind", ""), request.args.get("state", "published")
    if kind not in ("", *MATERIAL_KINDS) or state not in STATES:
        raise NotFound("没有这一类资料。")
    lines = calls.ask(contracts.MATERIALS, congress=congress, state=state)
    errors, is_office = problem.errors if problem else {}, current_actor.has("liaison", congress)
    may_publish = is_office or bool(_own_units(congress))
    return flask.render_template(
        "materials.html", congress=congress, own=places.own_congresses(), kind=kind, state=state, kinds=MATERIAL_KINDS, states=STATES,
        lines=[line for line in lines if kind in ("", line["kind"])], found={line["kind"] for line in lines}, problem=problem,
        may_publish=may_publish, is_office=is_office, is_filled=bool(values), key=forms.new_key(),
        fields=_fields(congress, values, errors, is_office) if may_publish else [], of_a_template=PARTS,
        elsewhere=forms.errors_elsewhere(contracts.PUBLISH_MATERIAL, errors),
    )  # fmt: skip


def _fields(congress: str, values: Data, errors: Data, is_office: bool) -> list[forms.Field]:
    """An office publishes for its congress; a unit's people for the unit: what they need not choose is not asked."""
    options = asking.choices_at(contracts.PUBLISH_MATERIAL.schema, congress)
    units = _own_units(congress)
    options["unit"] = [unit for unit in options["unit"] if unit[0] in units]
    found = forms.fields_of(contracts.PUBLISH_MATERIAL, values, errors, options, {"congress": ""})
    if is_office:
        return [field for field in found if field.name != "unit"]
    names = (*OF_A_UNIT, *(["unit"] if len(units) > 1 else []))
    for field in found:
        if field.name == "kind":
            field.options = [option for option in field.options if option[0] != "template"]
        field.required = field.required or field.name == "unit"
    return [field for field in found if field.name in names]


def _one(id: str, values: Data, problem: Problem | None) -> str:
    found = calls.ask(contracts.MATERIAL, id=id)
    errors = problem.errors if problem else {}
    return flask.render_template(
        "material.html", m=found, parts=PARTS, problem=problem, key=forms.new_key(), states=STATES,
        fields=forms.fields_of(contracts.WITHDRAW_MATERIAL, values, errors) if found["may"] else [],
        elsewhere=forms.errors_elsewhere(contracts.WITHDRAW_MATERIAL, errors), writes=current_actor.has("deputy"),
    )  # fmt: skip


def _own_units(congress: str) -> list[str]:
    """The person's units at a congress: those for which the person may publish."""
    roles = ("handler", "unit_head", "distributing")
    return sorted(
        {r.unit for r in current_actor.roles if r.unit and r.role in roles and r.congress == congress}
    )


def _congress() -> str:
    return places.congress_of(current_actor, request.args.get("congress", ""))


# --- beside what a deputy writes ---------------------------------------------------------------------------------


def while_writing(congress: str) -> tuple[list[Data], list[Data]]:
    """The templates to begin with, and the courseware to read; none while the directory is away."""
    found = _of(congress)
    return (
        [line for line in found if line["kind"] == "template"],
        [line for line in found if line["kind"] == "courseware"],
    )


def template(id: str) -> Data:
    """The three parts of a template. Raises NotFound for what is none."""
    found = calls.ask(contracts.MATERIAL, id=id)
    if found["kind"] != "template" or found["state"] != "published":
        raise NotFound("没有找到这个模板，可能已经撤回。")
    return {"title": found["title"], "category": found["category"], **{part: found[part] for part in PARTS}}


def helped_by(congress: str) -> dict[str, list[Data]]:
    """What a place has named to help with each finding, by the finding's code."""
    found: dict[str, list[Data]] = {}
    for line in _of(congress):
        for code in line["findings"]:
            found.setdefault(code, []).append(line)
    return {code: lines[:2] for code, lines in found.items() if code in FINDINGS}


def _of(congress: str) -> list[Data]:
    kept: dict[str, list[Data]] = flask.g.setdefault("materials", {})
    if congress not in kept:
        answer = calls.gather({"found": (contracts.MATERIALS, {"congress": congress})})["found"]
        kept[congress] = [] if isinstance(answer, Problem) else answer
    return kept[congress]
