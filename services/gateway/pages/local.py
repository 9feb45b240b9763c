"""本地做法：the pages, workbooks and documents that a place's practices bring."""

from __future__ import annotations

from typing import Any

import flask
from flask import g, request

from services.gateway import access, ledger_desk, local, workbook
from services.gateway.access import calls, current_actor, gateway, is_signed_in
from services.gateway.hooks import Document, Row, Table
from services.gateway.local import Offer, Place
from services.gateway.pages import places
from shared.contracts import directory, supervision
from shared.pace import aside
from shared.problems import NotFound, Unavailable
from shared.terms import CATEGORIES, REPLY_CLASSES

blueprint = flask.Blueprint("local", __name__)

CHOICES = {
    "category": ("类别", CATEGORIES), "reply_class": ("办理结果", REPLY_CLASSES), "light": ("亮灯", supervision.LIGHTS),
}  # fmt: skip
LEAST_WIDTH, MOST_WIDTH = 10, 42  # of a workbook's column, in half-width signs
FORBIDDEN = str.maketrans("", "", "[]:*?/\\'")  # in the name of a sheet


def has_local() -> bool:
    """Does any practice bring something to the person in this request? For the menu."""
    if not is_signed_in():
        return False
    if "has_local" not in g:
        g.has_local = any(_offers(place) for place in local.places_of(current_actor))
    return bool(g.has_local)


def of_suggestion(suggestion: str, congress: str) -> list[dict[str, str]]:
    """[{label, practice, url}]: the documents that can be printed of one suggestion, for its page."""
    if not is_signed_in():
        return []
    found = [
        {
            "label": one.what.label,
            "practice": one.practice,
            "url": flask.url_for("local.suggestion_document", id=suggestion, plugin=one.plugin, key=one.what.key, congress=place.congress, unit=place.unit),
        }
        for place in local.places_of(current_actor) if place.unit or place.congress == congress
        for one in _offers(place) if isinstance(one.what, Document) and one.what.of == "suggestion"
    ]  # fmt: skip
    return list({(one["label"], one["practice"]): one for one in found}.values())


@blueprint.get("/local")
@access.signed_in
def overview() -> str:
    """What the practices bring, place by place."""
    found = [(place, _name(place), _listed(place)) for place in local.places_of(current_actor)]
    return flask.render_template("local.html", found=[one for one in found if one[2]])


@blueprint.get("/local/<plugin>/pages/<key>")
@access.signed_in
def page(plugin: str, key: str) -> str:
    place, one = _asked("pages", plugin, key)
    narrowed = _narrowed(one)
    facts = local.facts_for(calls, place, _name(place), access.today(), one.what, narrowed)
    failed = ""
    tables: list[Table] = []
    try:
        tables = local.tables_of(gateway().runtime, one, facts)
    except Unavailable as problem:
        failed = problem.detail
    return flask.render_template(
        "local_page.html", offer=one, place=place, name=facts.place, tables=tables, failed=failed, facts=facts,
        narrowed=narrowed, choices=CHOICES, beside=_listed(place), as_cells=_as_cells,
    )  # fmt: skip


@blueprint.get("/local/<plugin>/exports/<key>")
@access.signed_in
def export(plugin: str, key: str) -> Any:
    place, one = _asked("exports", plugin, key)
    facts = local.facts_for(calls, place, _name(place), access.today(), one.what, _narrowed(one))
    tables = local.tables_of(gateway().runtime, one, facts)
    if not tables:
        raise NotFound(f"“{one.what.label}”没有内容。")
    content = aside(workbook.write, *(_sheet(number, table) for number, table in enumerate(tables, 1)))
    return ledger_desk.as_workbook(content, f"{facts.place}{one.what.label}.xlsx")


@blueprint.get("/local/<plugin>/documents/<key>")
@access.signed_in
def document(plugin: str, key: str) -> str:
    place, one = _asked("documents", plugin, key)
    _require_document(one, "list")
    facts = local.facts_for(calls, place, _name(place), access.today(), one.what, _narrowed(one))
    made = local.printed(gateway().runtime, one, facts)
    back = flask.url_for("local.overview")
    return flask.render_template("local_document.html", made=made, back=back, back_label="本地做法")


@blueprint.get("/suggestions/<uuid:id>/local/<plugin>/<key>")
@access.signed_in
def suggestion_document(id: Any, plugin: str, key: str) -> str:
    place, one = _asked("documents", plugin, key)
    _require_document(one, "suggestion")
    facts = local.facts_of_one(calls, place, _name(place), access.today(), one.what, str(id))
    made = local.printed(gateway().runtime, one, facts)
    back = flask.url_for("suggestions.suggestion", id=id)
    return flask.render_template("local_document.html", made=made, back=back, back_label="返回建议")


def _require_document(one: Offer, of: str) -> None:
    if not isinstance(one.what, Document) or one.what.of != of:
        raise NotFound("没有这份文书。")


def _offers(place: Place) -> list[Offer]:
    kept = g.setdefault("offers", {})
    if place not in kept:
        kept[place] = local.offers_at(gateway().runtime, current_actor, place, access.today())
    return list(kept[place])


def _listed(place: Place) -> list[Offer]:
    """Those that are opened from a list; documents of one suggestion are on its page."""
    return [
        one for one in _offers(place) if not (isinstance(one.what, Document) and one.what.of == "suggestion")
    ]


def _asked(hook: str, plugin: str, key: str) -> tuple[Place, Offer]:
    """The place and the offer that the address names; without a place, the first at which it is."""
    wanted = Place(request.args.get("congress", ""), request.args.get("unit", ""))
    own = local.places_of(current_actor)
    for place in [wanted] if wanted.congress else own:
        for one in _offers(place):
            if (one.hook, one.plugin, one.what.key) == (hook, plugin, key):
                return place, one
    raise NotFound("没有这一项：这里没有启用这种做法，或者它不是给您的职务用的。")


def _narrowed(one: Offer) -> dict[str, str]:
    """What of its offers the address asks for."""
    return {
        name: request.args[name].strip() for name in one.what.offers if request.args.get(name, "").strip()
    }


def _name(place: Place) -> str:
    if not place.unit:
        return places.named([place.congress])[place.congress]
    units = calls.ask(directory.UNITS, congress=place.congress)
    return next((str(unit["name"]) for unit in units if unit["id"] == place.unit), "本单位")


def _as_cells(table: Table, row: Row) -> list[tuple[str, str]]:
    """[(heading, text)] of a row: a phone shows each with its heading."""
    return list(zip(table.columns, row.cells, strict=True))


def _sheet(number: int, table: Table) -> workbook.Sheet:
    columns = [("序号", 5), *((heading, _width(table, at)) for at, heading in enumerate(table.columns))]
    wide = frozenset(at + 1 for at, (_, width) in enumerate(columns[1:]) if width > 16)
    name = f"{number}{table.title.translate(FORBIDDEN)}"[:31]
    rows = [list(row.cells) for row in table.rows]
    return workbook.Sheet(name, table.title, columns, rows, wide, table.note)


def _width(table: Table, at: int) -> int:
    longest = max((2 * len(row.cells[at]) for row in table.rows), default=0)
    return max(LEAST_WIDTH, min(MOST_WIDTH, max(longest, 2 * len(table.columns[at])) + 2))
