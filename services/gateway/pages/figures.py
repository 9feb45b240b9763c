"""Figures with the lists behind them."""

from __future__ import annotations

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages.places import congress_of, own_congresses
from shared.contracts import evaluation
from shared.problems import Problem

blueprint = flask.Blueprint("figures_pages", __name__)


@blueprint.get("/figures")
@access.signed_in
def figures() -> str:
    place, year = _place()
    wanted = {"congress": place, "year": year}
    found = calls.gather(
        {
            "totals": (evaluation.FIGURES, wanted),
            "units": (evaluation.FIGURES, {**wanted, "by_unit": True}),
            "scores": (evaluation.SCORES, wanted),
        }
    )
    if isinstance(found["totals"], Problem):
        raise found["totals"]
    units: dict[str, dict[str, object]] = {}
    for figure in [] if isinstance(found["units"], Problem) else found["units"]:
        owner = figure["owner"]
        units.setdefault(owner["id"], {"name": owner["name"], "figures": []})["figures"].append(figure)  # type: ignore[attr-defined]
    scores = [] if isinstance(found["scores"], Problem) else found["scores"]
    return flask.render_template(
        "figures.html", totals=found["totals"], units=units, scores=scores, congress=place, year=year,
        congresses=own_congresses(),
    )  # fmt: skip


@blueprint.get("/figures/list")
@access.signed_in
def behind() -> str:
    """The suggestions behind one figure: those that count, or those that fall short."""
    place, year = _place()
    part = request.args.get("part", "denominator")
    wanted = {
        "congress": place,
        "year": year,
        "figure": request.args.get("figure", ""),
        "unit": request.args.get("unit", ""),
    }
    lines = calls.ask(evaluation.FIGURE_LIST, **wanted, part=part, limit=500)
    totals = calls.ask(evaluation.FIGURES, congress=place, year=year)
    figure = next((f for f in totals if f["figure"] == wanted["figure"]), None)
    return flask.render_template(
        "figure_list.html", lines=lines, figure=figure, part=part, wanted=wanted, congress=place, year=year
    )


def _place() -> tuple[str, int]:
    year = request.args.get("year", "")
    return congress_of(current_actor, request.args.get("congress", "")), int(
        year
    ) if year.isdecimal() else access.today().year
