"""媒体专栏：what the congress releases of the handling, and the page that everybody reads."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import forms
from services.gateway.pages.giving import give
from services.gateway.pages.places import named
from services.gateway.pages.supervising import in_hand_at
from shared.contracts import directory, supervision
from shared.problems import NotAllowed, NotFound, Problem

blueprint = flask.Blueprint("columns", __name__)


def may_release_columns() -> bool:
    """Is the person in this request of a congress's own office?"""
    return current_actor.has("liaison")


@blueprint.get("/public/columns")
def public() -> str:
    """Everybody reads it: what a congress has released, the newest issue first."""
    congress = request.args.get("congress", "")
    if not congress:
        raise NotFound("请写明是哪一级人大的专栏，例如 /public/columns?congress=43。")
    place = calls.gather({"place": (directory.CONGRESS, {"id": congress})})["place"]
    if isinstance(place, Problem):
        raise place if place.status >= 500 else NotFound("没有这一级人大。")
    found = calls.ask(supervision.COLUMNS, congress=congress)
    shown = [issue for issue in found["columns"] if issue["state"] == "released"]
    return flask.render_template("public_columns.html", columns=shown, place=place["name"], congress=congress)


@blueprint.get("/columns")
@access.signed_in
def office() -> str:
    return _page()


@blueprint.post("/columns")
@access.signed_in
def release() -> Any:
    data = forms.read(supervision.RELEASE_COLUMN, request.form)
    try:
        calls.execute(supervision.RELEASE_COLUMN, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _page(data, problem), problem.status
    flask.flash("专栏已发布，任何人都可以看到。")
    return flask.redirect(flask.url_for("columns.office", congress=data["congress"]), 303)


@blueprint.post("/columns/<uuid:id>/withdraw")
@access.signed_in
def withdraw(id: Any) -> Any:
    data = forms.read(supervision.WITHDRAW_COLUMN, request.form)
    return give(
        supervision.WITHDRAW_COLUMN, str(id), data, lambda problem: _page(None, problem),
        flask.url_for("columns.office", congress=_congress()), said="专栏已撤下。",
    )  # fmt: skip


def _page(filled: dict[str, Any] | None = None, problem: Problem | None = None) -> str:
    congress = _congress()
    found = calls.ask(supervision.COLUMNS, congress=congress)
    values = {"title": "代表建议办理进行时", **(filled or {}), "congress": congress}
    tried = problem if filled is not None else None
    options = {"suggestions": in_hand_at(congress, "published")}
    own = sorted(current_actor.congresses("liaison"))
    return flask.render_template(
        "columns.html", columns=found["columns"], congress=congress, congresses=named(own) if len(own) > 1 else {}, problem=problem,
        releasing=forms.offered(supervision.RELEASE_COLUMN, values, tried, options, {"congress": ""}), key=forms.new_key,
    )  # fmt: skip


def _congress() -> str:
    own = sorted(current_actor.congresses("liaison"))
    wanted = request.values.get("congress") or next(iter(own), "")
    if wanted not in own:
        raise NotAllowed("媒体专栏由本级联工委发布。")
    return wanted
