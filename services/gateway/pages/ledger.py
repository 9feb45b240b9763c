"""The ledger as a page: filters, lights, the next page, and the workbook to print or to hand in."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access, ledger_desk
from services.gateway.access import calls, current_actor
from services.gateway.pages.places import congress_of, congresses_of
from shared.contracts import directory, supervision
from shared.problems import Problem
from shared.terms import CATEGORIES, LIFE, REPLY_CLASSES

blueprint = flask.Blueprint("ledger_pages", __name__)

FILTERS = ("congress", "year", "state", "light", "unit", "category", "reply_class", "key", "text")


@blueprint.get("/ledger")
@access.signed_in
def ledger() -> str:
    wanted = _filters()
    found = calls.gather(
        {
            "page": (supervision.LEDGER, {**wanted, "cursor": request.args.get("cursor", "")}),
            "counts": (
                supervision.LEDGER_COUNTS,
                {k: v for k, v in wanted.items() if k in ("congress", "year")},
            ),
            "units": (directory.UNITS, {"congress": wanted.get("congress", "")}),
        }
    )
    if isinstance(found["page"], Problem):
        raise found["page"]
    counts = {} if isinstance(found["counts"], Problem) else found["counts"]
    units = [] if isinstance(found["units"], Problem) else found["units"]
    return flask.render_template(
        "ledger.html", lines=found["page"]["lines"], cursor=found["page"].get("cursor", ""), counts=counts, units=units,
        wanted=wanted, congresses=congresses_of(current_actor), states=LIFE, lights=supervision.LIGHTS,
        categories=CATEGORIES, reply_classes=REPLY_CLASSES, may_import=current_actor.has("liaison", wanted.get("congress")),
    )  # fmt: skip


@blueprint.get("/ledger/export")
@access.signed_in
def export() -> Any:
    name, content = ledger_desk.export(calls, _filters())
    return ledger_desk.as_workbook(content, name)


@blueprint.post("/ledger/import")
@access.signed_in
def import_ledger() -> Any:
    outcome = ledger_desk.take_in(calls, request.form.get("congress", ""), request.files.get("file"))
    if outcome.problems:
        return ledger_desk.as_workbook(outcome.problems, "台账-有误.xlsx")
    flask.flash(f"已导入 {outcome.added} 件,原有 {outcome.known} 件未变。各服务稍后会显示出来。")
    return flask.redirect(
        flask.url_for("ledger_pages.ledger", congress=request.form.get("congress", "")), 303
    )


def _filters() -> dict[str, Any]:
    """What the address asks for; the person's own congress where it names none."""
    wanted = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    wanted["congress"] = congress_of(current_actor, wanted.get("congress", ""))
    return wanted
