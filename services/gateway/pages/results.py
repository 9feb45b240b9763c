"""What came of suggestions (采纳转化): sums over the congress and its units, each with the list behind it."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls
from services.gateway.pages.figures import place_and_year, term_begins
from services.gateway.pages.places import own_congresses
from shared.contracts import directory, evaluation
from shared.problems import Invalid, Problem
from shared.terms import RESULT_KINDS

blueprint = flask.Blueprint("results", __name__)

MOST_LINES = 500


@blueprint.get("/results")
@access.signed_in
def results() -> Any:
    place, year = place_and_year("采纳转化")
    since = request.args.get("since", "").strip()
    ranged = {"congress": place, "year": year, **({"since": since} if since else {})}
    found = calls.gather(
        {
            "whole": (evaluation.RESULTS, ranged),
            "units": (evaluation.RESULTS, {**ranged, "by_unit": True}),
            "sessions": (directory.SESSIONS, {"congress": place}),
        }
    )
    whole = found["whole"]
    is_misfilled = isinstance(whole, Invalid) and whole.errors.keys() <= {"year", "since"}
    problem = whole if is_misfilled else None
    if isinstance(whole, Problem) and problem is None:
        raise whole
    rendered = flask.render_template(
        "results.html", whole=None if problem else whole[0], units=[] if isinstance(found["units"], Problem) else found["units"],
        wrong=problem.errors if problem else {}, congress=place, congresses=own_congresses(), year=year, since=since,
        term_since=term_begins(found["sessions"], year), here="results.results",
    )  # fmt: skip
    return rendered, 422 if problem else 200


@blueprint.get("/results/list")
@access.signed_in
def behind() -> str:
    """The results behind one number, each with its suggestion."""
    place, year = place_and_year("采纳转化")
    wanted = {name: request.args.get(name, "") for name in ("unit", "kind", "since")}
    asked = {name: value for name, value in wanted.items() if value}
    lines = calls.ask(evaluation.RESULT_LIST, congress=place, year=year, **asked, limit=MOST_LINES)
    unit = next((line["unit"]["name"] for line in lines if wanted["unit"]), "")
    totals = {name: sum(line[name] for line in lines) for name in ("money", "people")}
    return flask.render_template(
        "result_list.html", lines=lines, unit=unit, kinds=RESULT_KINDS, wanted=wanted, totals=totals, congress=place, year=year,
        is_cut=len(lines) == MOST_LINES,
    )  # fmt: skip
