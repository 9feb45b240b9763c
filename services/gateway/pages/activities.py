"""Activities of deputies on the screen: what they came to in a year, here and below, the list behind it, and the form."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import asking, forms
from services.gateway.pages.places import congresses_of, named
from shared.contracts import activities as contracts
from shared.identity import SUPERVISORS_OF_THE_CONGRESS
from shared.problems import NotAllowed, Problem
from shared.terms import ACTIVITY_KINDS

blueprint = flask.Blueprint("activities", __name__)

Data = dict[str, Any]
RECORDERS = ("liaison", "station")
READERS = ("deputy", *RECORDERS, *SUPERVISORS_OF_THE_CONGRESS)


@blueprint.get("/activities")
@access.signed_in
def overview() -> str:
    return _page({}, None)


@blueprint.post("/activities")
@access.signed_in
def log() -> Any:
    data = forms.read(contracts.LOG_ACTIVITY, request.form)
    try:
        calls.execute(contracts.LOG_ACTIVITY, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _page(data, problem), problem.status
    flask.flash("代表活动已登记；汇总数字稍后更新。")
    return flask.redirect(flask.url_for("activities.overview", congress=data.get("congress")), 303)


@blueprint.post("/activities/<uuid:id>/cancel")
@access.signed_in
def cancel(id: Any) -> Any:
    data = forms.read(contracts.CANCEL_ACTIVITY, request.form)
    calls.execute(contracts.CANCEL_ACTIVITY, str(id), data, key=forms.key_of(request.form))
    flask.flash("已撤销，不再计入汇总。")
    return flask.redirect(flask.url_for("activities.overview", congress=_congress()), 303)


def _page(data: Data, problem: Problem | None) -> str:
    congress, own = _congress(), congresses_of(current_actor, *READERS)
    year = {"year": request.args["year"]} if request.args.get("year") else {}
    kind = request.args.get("kind", "")
    found = calls.gather(
        {
            "sums": (contracts.ACTIVITY_SUMS, {"congress": congress, **year}),
            "lines": (
                contracts.ACTIVITIES,
                {"congress": congress, **year, **({"kind": kind} if kind else {})},
            ),
        }
    )
    for answer in found.values():
        if isinstance(answer, Problem):
            raise answer
    records = any(current_actor.has(role, congress) for role in RECORDERS)
    given = {"on": access.today().isoformat(), **data, "congress": congress}
    fields = (
        forms.fields_of(
            contracts.LOG_ACTIVITY, given, problem.errors if problem else {}, {"deputies": asking.deputies_of(congress)}, {"congress": ""}
        ) if records else []
    )  # fmt: skip
    return flask.render_template(
        "activities.html", sums=found["sums"], lines=found["lines"], kind=kind, kinds=ACTIVITY_KINDS, congress=congress,
        congresses=named(own) if len(own) > 1 else {}, fields=fields, problem=problem, is_open=bool(data), new_key=forms.new_key,
    )  # fmt: skip


def _congress() -> str:
    own = congresses_of(current_actor, *READERS)
    wanted = request.values.get("congress") or next(iter(own), "")
    if wanted not in own:
        raise NotAllowed("代表活动由本级人大的工作机构、联络站和代表查看。")
    return wanted
