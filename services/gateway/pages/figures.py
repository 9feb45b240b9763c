"""Figures with the lists behind them."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages.places import congress_of, own_congresses
from shared.contracts import directory, evaluation
from shared.problems import Invalid, NotAllowed, Problem

blueprint = flask.Blueprint("figures_pages", __name__)

PARTS = {"denominator": "全部", "numerator": "达到的", "rest": "未达到的"}
MOST_LINES = 500


@blueprint.get("/figures")
@access.signed_in
def figures() -> Any:
    place, year = place_and_year()
    since = request.args.get("since", "").strip()
    wanted = {"congress": place, "year": year}
    ranged = {**wanted, **({"since": since} if since else {})}
    found = calls.gather(
        {
            "totals": (evaluation.FIGURES, ranged),
            "units": (evaluation.FIGURES, {**ranged, "by_unit": True}),
            "below": (evaluation.FIGURES_BELOW, ranged),
            "scores": (evaluation.SCORES, wanted),
            "sessions": (directory.SESSIONS, {"congress": place}),
        }
    )
    totals = found["totals"]
    is_misfilled = isinstance(totals, Invalid) and totals.errors.keys() <= {"year", "since"}
    problem = totals if is_misfilled else None
    if isinstance(totals, Problem) and problem is None:
        raise totals
    units: dict[str, dict[str, object]] = {}
    for figure in [] if isinstance(found["units"], Problem) else found["units"]:
        owner = figure["owner"]
        units.setdefault(owner["id"], {"name": owner["name"], "figures": []})["figures"].append(figure)  # type: ignore[attr-defined]
    scores = [] if since or isinstance(found["scores"], Problem) else found["scores"]
    below = None if isinstance(found["below"], Problem) or not found["below"]["places"] else found["below"]
    rendered = flask.render_template(
        "figures.html", totals=[] if problem else totals, wrong=problem.errors if problem else {}, units=units, scores=scores, congress=place, year=year,
        congresses=own_congresses(), since=since, below=below, term_since=term_begins(found["sessions"], year),
        here="figures_pages.figures",
    )  # fmt: skip
    return rendered, 422 if problem else 200


def term_begins(sessions: Any, year: str) -> int:
    """The year in which the term began that a year belongs to; 0 where nobody knows."""
    if isinstance(sessions, Problem) or not year.isdecimal():
        return 0
    held = [(int(s["opens_on"][:4]), s["term"]) for s in sessions if int(s["opens_on"][:4]) <= int(year)]
    term = max(held, default=(0, 0))[1]
    return min((opened for opened, of in held if of == term), default=0)


@blueprint.get("/figures/list")
@access.signed_in
def behind() -> str:
    """The suggestions behind one figure: those that count, or those that fall short."""
    place, year = place_and_year()
    part = request.args.get("part", "denominator")
    wanted = {
        "congress": place,
        "year": year,
        "figure": request.args.get("figure", ""),
        "unit": request.args.get("unit", ""),
    }
    if since := request.args.get("since", "").strip():
        wanted["since"] = since
    lines = calls.ask(evaluation.FIGURE_LIST, **wanted, part=part, limit=MOST_LINES)
    ranged = {"congress": place, "year": year, **({"since": since} if since else {})}
    figures = calls.ask(evaluation.FIGURES, **ranged, by_unit=bool(wanted["unit"]))
    figure = next(
        (f for f in figures if f["figure"] == wanted["figure"] and wanted["unit"] in ("", f["owner"]["id"])),
        None,
    )
    return flask.render_template(
        "figure_list.html", lines=lines, figure=figure, part=part, parts=PARTS, wanted=wanted, congress=place, year=year,
        is_cut=len(lines) == MOST_LINES,
    )  # fmt: skip


def place_and_year(what: str = "指标") -> tuple[str, str]:
    """The congress and the year that are meant. Raises NotAllowed for who has no congress and names none."""
    congress = congress_of(current_actor, request.args.get("congress", ""))
    if not congress:
        raise NotAllowed(f"{what}按人大查看，您的账号不属于任何一级人大。")
    return congress, request.args.get("year", "").strip() or str(access.today().year)
