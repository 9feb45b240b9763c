"""The ledger as a page: filters, lights, the next page, and the workbook to print or to hand in."""

from __future__ import annotations

import base64
from typing import Any

import flask
from flask import request

from services.gateway import access, ledger_desk, one_list
from services.gateway.access import calls, current_actor
from services.gateway.pages.places import congress_of, own_congresses, reply_classes_at
from shared.contracts import directory, intake, supervision
from shared.problems import Invalid, Problem
from shared.terms import CATEGORIES, LIFE

blueprint = flask.Blueprint("ledger_pages", __name__)

FILTERS = (
    "congress",
    "year",
    "state",
    "light",
    "unit",
    "category",
    "reply_class",
    "delegation",
    "key",
    "text",
)


@blueprint.get("/ledger")
@access.signed_in
def ledger() -> Any:
    return _page(_filters())


@blueprint.get("/ledger/export")
@access.signed_in
def export() -> Any:
    name, content = ledger_desk.export(calls, _filters())
    return ledger_desk.as_workbook(content, name)


@blueprint.get("/exports/one-list")
@access.signed_in
def one_list_workbook() -> Any:
    """一单四制：five sheets in one workbook."""
    wanted = _filters()
    congress, year = wanted["congress"], str(wanted.get("year", "0"))
    place = calls.ask(directory.CONGRESS, id=congress)["name"] if congress else ""
    content = one_list.export(calls, congress, place, int(year) if year.isdecimal() else 0)
    return ledger_desk.as_workbook(content, f"{place}一单四制.xlsx")


@blueprint.post("/ledger/import")
@access.signed_in
def import_ledger() -> Any:
    congress = request.form.get("congress", "")
    try:
        outcome = ledger_desk.take_in(calls, congress, request.files.get("file"))
    except Invalid as problem:
        return _page({"congress": congress}, import_problem=problem)
    if outcome.problems:
        return _page({"congress": congress}, outcome=outcome)
    flask.flash(f"已导入 {outcome.added} 件，原有 {outcome.known} 件未变。各服务稍后会显示出来。")
    return flask.redirect(flask.url_for("ledger_pages.ledger", congress=congress), 303)


def _page(
    wanted: dict[str, Any],
    import_problem: Invalid | None = None,
    outcome: ledger_desk.Outcome | None = None,
) -> Any:
    """The lines that the filters let through; a filter that is none is told beside it, an import's faults beside the file."""
    found = calls.gather(
        {
            "page": (supervision.LEDGER, {**wanted, "cursor": request.args.get("cursor", "")}),
            "counts": (
                supervision.LEDGER_COUNTS,
                {k: v for k, v in wanted.items() if k in ("congress", "year")},
            ),
            "units": (directory.UNITS, {"congress": wanted.get("congress", "")}),
            "delegations": (directory.DELEGATIONS, {"congress": wanted.get("congress", "")}),
            "lists": (
                intake.REVIEW_LISTS,
                {"congresses": [wanted["congress"]] if wanted["congress"] else []},
            ),
        }
    )
    page = found["page"]
    problem = page if isinstance(page, Invalid) and page.errors.keys() <= set(FILTERS) else None
    if isinstance(page, Problem) and problem is None:
        raise page
    counts = {} if isinstance(found["counts"], Problem) else found["counts"]
    units = [] if isinstance(found["units"], Problem) else found["units"]
    rendered = flask.render_template(
        "ledger.html", lines=[] if problem else page["lines"], cursor="" if problem else page.get("cursor", ""), counts=counts,
        units=units, delegations=[] if isinstance(found["delegations"], Problem) else found["delegations"], wanted=wanted, congresses=own_congresses(), states=LIFE, lights=supervision.LIGHTS, categories=_categories(found["lists"], wanted),
        reply_classes=reply_classes_at(wanted["congress"]), may_import=current_actor.has("liaison", wanted.get("congress")),
        wrong=problem.errors if problem else {}, import_problem=import_problem, outcome=outcome,
        workbook=base64.b64encode(outcome.problems).decode() if outcome else "", media_type=ledger_desk.XLSX,
    )  # fmt: skip
    return rendered, 422 if problem or import_problem or outcome else 200


def _categories(lists: Any, wanted: dict[str, Any]) -> dict[str, str]:
    """To filter by: what the congress chooses from today, and what is asked for although it is not chosen any more."""
    names = CATEGORIES if isinstance(lists, Problem) else lists["categories"]
    return {name: name for name in (*names, wanted.get("category", "")) if name}


def _filters() -> dict[str, Any]:
    """What the address asks for; the person's own congress where it names none."""
    wanted = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    wanted["congress"] = congress_of(current_actor, wanted.get("congress", ""))
    return wanted
