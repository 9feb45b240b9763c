"""Figures with the lists behind them."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages.places import congress_of, own_congresses
from shared.contracts import evaluation
from shared.problems import Invalid, NotAllowed, Problem

blueprint = flask.Blueprint("figures_pages", __name__)

PARTS = {"denominator": "全部", "numerator": "达到的", "rest": "未达到的"}
MOST_LINES = 500


@blueprint.get("/figures")
@access.signed_in
def figures() -> Any:
    place, year = _place()
    wanted = {"congress": place, "year": year}
    found = calls.gather(
        {
            "totals": (evaluation.FIGURES, wanted),
            "units": (evaluation.FIGURES, {**wanted, "by_unit": True}),
            "scores": (evaluation.SCORES, wanted),
        }
    )
    totals = found["totals"]
    problem = totals if isinstance(totals, Invalid) and totals.errors.keys() == {"year"} else None
    if isinstance(totals, Problem) and problem is None:
        raise totals
    units: dict[str, dict[str, object]] = {}
    for figure in [] if isinstance(found["units"], Problem) else found["units"]:
        owner = figure["owner"]
        units.setdefault(owner["id"], {"name": owner["name"], "figures": []})["figures"].append(figure)  # type: ignore[attr-defined]
    scores = [] if isinstance(found["scores"], Problem) else found["scores"]
    rendered = flask.render_template(
        "figures.html", totals=[] if problem else totals, wrong=problem.errors if problem else {}, units=units, scores=scores, congress=place, year=year,
        congresses=own_congresses(),
    )  # fmt: skip
    return rendered, 422 if problem else 200


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
    lines = calls.ask(evaluation.FIGURE_LIST, **wanted, part=part, limit=MOST_LINES)
    figures = calls.ask(evaluation.FIGURES, congress=place, year=year, by_unit=bool(wanted["unit"]))
    figure = next(
        (f for f in figures if f["figure"] == wanted["figure"] and wanted["unit"] in ("", f["owner"]["id"])),
        None,
    )
    return flask.render_template(
        "figure_list.html", lines=lines, figure=figure, part=part, parts=PARTS, wanted=wanted, congress=place, year=year,
        is_cut=len(lines) == MOST_LINES,
    )  # fmt: skip


def _place() -> tuple[str, str]:
    """The congress and the year that are meant. Raises NotAllowed for who has no congress and names none."""
    congress = congress_of(current_actor, request.args.get("congress", ""))
    if not congress:
        raise NotAllowed("指标按人大查看，您的账号不属于任何一级人大。")
    return congress, request.args.get("year", "").strip() or str(access.today().year)
