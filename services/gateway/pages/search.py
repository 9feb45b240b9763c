"""Search, and the public page of a published suggestion."""

from __future__ import annotations

from typing import Any

import flask
from flask import request
from markupsafe import Markup

from services.gateway.access import calls, current_actor, is_signed_in
from services.gateway.pages import asking
from services.gateway.pages.places import congresses_of, reply_classes_at
from shared.contracts import search as contracts
from shared.problems import Invalid
from shared.terms import KINDS, LIFE

blueprint = flask.Blueprint("search_pages", __name__)

PAGE = 20
FILTERS = ("text", "congress", "year", "kind", "category", "unit", "reply_class")


@blueprint.get("/search")
def search() -> Any:
    """Everybody may search; each finds what they may see."""
    wanted = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    start = request.args.get("offset", "0")
    offset = int(start) if start.isdecimal() else 0
    wrong: dict[str, Any] = {}
    try:
        found = calls.ask(contracts.SEARCH, **wanted, offset=offset, limit=PAGE)
    except Invalid as problem:
        if not problem.errors.keys() <= {"text", "year"}:
            raise
        found, wrong = {"total": 0, "hits": [], "facets": {}}, problem.errors
    for hit in found["hits"]:
        for name in ("title_highlight", "body_highlight", "reply_highlight"):
            hit[name] = Markup(hit[name])  # escaped by the engine, with nothing but <mark> added
    rendered = flask.render_template(
        "search.html", found=found, wrong=wrong, wanted=wanted, offset=offset, page=PAGE, categories=_categories(wanted), kinds=KINDS, states=LIFE,
        reply_classes=reply_classes_at(wanted.get("congress", "") if is_signed_in() else ""), signed_in=is_signed_in(),
    )  # fmt: skip
    return rendered, 422 if wrong else 200


def _categories(wanted: dict[str, Any]) -> list[str]:
    """To filter by: what the place chooses from, or the person's own places, and what is asked for beside."""
    congresses = (
        [wanted["congress"]]
        if wanted.get("congress")
        else congresses_of(current_actor)
        if is_signed_in()
        else []
    )
    names = asking.review_lists(*congresses)["categories"]
    return list(dict.fromkeys([*names, *filter(None, [wanted.get("category")])]))


@blueprint.get("/public/<uuid:id>")
def public(id: object) -> str:
    """A published suggestion, for everybody."""
    page = calls.ask(contracts.PUBLISHED, id=str(id))
    return flask.render_template("public.html", page=page, kinds=KINDS)
