"""优秀建议：the award of a year, from the first nomination to what the authors tell; for deputies and the congress's offices."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access, ledger_desk, workbook
from services.gateway.access import calls, current_actor
from services.gateway.pages import forms
from services.gateway.pages.giving import give
from services.gateway.pages.places import congress_of, own_congresses
from shared.contracts import evaluation
from shared.pace import aside
from shared.problems import NotFound, Problem

blueprint = flask.Blueprint("awards", __name__)

Data = dict[str, Any]
OPEN = evaluation.OPEN_AWARD
OF_ONE = {
    c.name: c
    for c in (
        evaluation.VOTE_AWARD, evaluation.NOMINATE, evaluation.DECIDE_AWARD, evaluation.ANNOUNCE_AWARD, evaluation.SHARE_EXPERIENCE,
    )
}  # fmt: skip
AT_THE_SAME_TIME = ("vote_award", "nominate_suggestion")  # many do these at once: no version goes with them
COLUMNS = (
    ("序号", 5),
    ("建议编号", 25),
    ("标题", 36),
    ("领衔代表", 10),
    ("推荐人", 10),
    ("推荐理由", 40),
    ("得票", 6),
    ("评为优秀建议", 12),
)


@blueprint.get("/awards")
@access.signed_in
def awards() -> str:
    return _list({}, None)


@blueprint.post("/awards")
@access.signed_in
def begin() -> Any:
    data = forms.read(OPEN, request.form)
    try:
        answer = calls.execute(OPEN, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _list(data, problem), problem.status
    flask.flash("已开始评选。本级启用了“优秀建议评选”做法的，件数和评定办法按做法规定。")
    return flask.redirect(flask.url_for("awards.award", id=answer["id"]), 303)


@blueprint.get("/awards/<uuid:id>")
@access.signed_in
def award(id: Any) -> str:
    return _one(str(id), "", {}, None)


@blueprint.post("/awards/<uuid:id>/<command>")
@access.signed_in
def change(id: Any, command: str) -> Any:
    if command not in OF_ONE:
        raise NotFound("没有这项操作。")
    contract, posted = OF_ONE[command], request.form
    data = forms.read(contract, posted)
    version = None if command in AT_THE_SAME_TIME else forms.version_of(posted)
    return give(
        contract, str(id), data, lambda problem: _one(str(id), command, data, problem),
        flask.url_for("awards.award", id=id), version=version,
    )  # fmt: skip


@blueprint.get("/awards/<uuid:id>/export")
@access.signed_in
def export(id: Any) -> Any:
    """All nominees in a table, the chosen ones first."""
    found = calls.ask(evaluation.AWARD, id=str(id))
    rows = [
        [n + 1, one["number"], one["title"], one["lead"]["name"], one["by"], one["reason"], one["votes"] or "", "是" if one["is_chosen"] else ""]
        for n, one in enumerate(found["nominees"])
    ]  # fmt: skip
    sheet = workbook.Sheet("优秀建议", found["name"], COLUMNS, rows, frozenset((2, 5)))
    return ledger_desk.as_workbook(aside(workbook.write, sheet), f"{found['name']}.xlsx")


def _list(given: Data, problem: Problem | None) -> str:
    congress = congress_of(current_actor, request.values.get("congress", ""))
    found = calls.ask(evaluation.AWARDS, congress=congress)
    may_draw = current_actor.has("liaison", congress)
    values = {"year": str(access.today().year), **given, "congress": congress}
    fields = (
        forms.fields_of(OPEN, values, problem.errors if problem else {}, {}, {"congress": ""})
        if may_draw
        else []
    )
    return flask.render_template(
        "awards.html", found=found, may_draw=may_draw, fields=fields, problem=problem, command=OPEN, congress=congress,
        congresses=own_congresses(), key=forms.new_key(), is_drawing=bool(given),
        elsewhere=forms.errors_elsewhere(OPEN, problem.errors) if problem else [],
    )  # fmt: skip


def _one(id: str, command: str, given: Data, problem: Problem | None) -> str:
    """`command`, `given`: what was refused, and what was filled in."""
    found = calls.ask(evaluation.AWARD, id=id)
    may = {line["command"] for line in found["may"]}
    shown = []
    for name, contract in OF_ONE.items():
        if name in may:
            refused = problem if name == command else None
            values = {**_beforehand(name, found), **(given if refused else {})}
            shown.append(forms.offered(contract, values, refused, _options(name, found)))
    return flask.render_template(
        "award.html", it=found, forms_of=shown, key=forms.new_key(), here=flask.url_for("awards.award", id=id)
    )


def _options(name: str, found: Data) -> dict[str, list[forms.Option]]:
    if name == "nominate_suggestion":
        return {"suggestion": [(one["id"], f"{one['number']} {one['title']}") for one in found["candidates"]]}
    if name == "share_experience":
        own = [one for one in found["nominees"] if one["is_own"] and one["is_chosen"]]
        return {"suggestion": [(one["suggestion"], one["title"]) for one in own]}
    votes = {one["suggestion"]: f"（{one['votes']}票）" for one in found["nominees"] if one["votes"]}
    return {
        "suggestions": [
            (one["suggestion"], f"{one['number']} {one['title']}{votes.get(one['suggestion'], '')}") for one in found["nominees"]
        ]
    }  # fmt: skip


def _beforehand(name: str, found: Data) -> Data:
    """What was decided so far; the one suggestion that there is to choose; the author's words."""
    if name == "decide_award":
        chosen = [one["suggestion"] for one in found["nominees"] if one["is_chosen"]]
        return {"suggestions": chosen, "on": access.today().isoformat()}
    own = [one for one in found["nominees"] if one["is_own"] and one["is_chosen"]]
    if name == "share_experience" and len(own) == 1:
        return {"suggestion": own[0]["suggestion"], "text": own[0]["experience"]}
    return {}
