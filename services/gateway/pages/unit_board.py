"""本单位：the unit's own board, by section, state and light; every number opens to the list behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages.systems import with_lights
from services.gateway.pages.unit_checks import open_checks
from shared.contracts import assignment, supervision
from shared.problems import NotAllowed, Problem
from shared.terms import RANKS

blueprint = flask.Blueprint("unit_board", __name__)

Line = dict[str, Any]
MOST = 500
HEADS = tuple(rank for rank in RANKS if rank != "handler")  # section heads and above

# What the board counts, by the word in the address: heading, and which tasks.
COUNTS: dict[str, tuple[str, Callable[[Line], bool]]] = {
    "all": ("全部", lambda line: True),
    "unsigned": ("待签收", lambda line: line["state"] == "unsigned" and not line["is_done"]),
    "handling": ("办理中", lambda line: line["state"] != "unsigned" and not line["is_done"]),
    "done": ("已完成", lambda line: bool(line["is_done"])),
    "yellow": ("临近期限", lambda line: line["light"] == "yellow"),
    "red": ("已逾期", lambda line: line["light"] == "red"),
    "heads": ("负责人执笔", lambda line: line["drafted_rank"] in HEADS),
}


@blueprint.get("/unit")
@access.signed_in
def board() -> str:
    if not current_actor.units("handler", "unit_head", "distributing"):
        raise NotAllowed("这个页面由承办单位使用。")
    year = _year()
    lines, silent = with_lights(calls.ask(assignment.UNIT_BOARD, year=year, limit=MOST))
    lines = [{**line, "light": ""} if line["is_done"] else line for line in lines]
    unit, count = request.args.get("unit", ""), request.args.get("count", "")
    count = count if count in COUNTS else "all"
    shown = [line for line in lines if unit in ("", line["unit"]["id"]) and COUNTS[count][1](line)]
    return flask.render_template(
        "unit.html", rows=_by_unit(lines), counts=COUNTS, lines=shown, unit=unit, count=count, year=year, years=_years(), silent=silent,
        names={line["unit"]["id"]: line["unit"]["name"] for line in lines}, lights=supervision.LIGHTS, ranks=RANKS,
        most=MOST if sum(line["is_own"] for line in lines) == MOST else 0, checks=open_checks(), sections=_sections(year),
    )  # fmt: skip


def _sections(year: int) -> list[Line]:
    """What the practice asks of the unit's sections, where it asks anything; none while that cannot be asked now."""
    found = calls.gather({"sections": (assignment.UNIT_SECTIONS, {"year": year})})["sections"]
    if isinstance(found, Problem):
        return []
    return [one for one in found if one["rule"]["clerk"] or one["rule"]["own_replies_least"]]


def _by_unit(lines: list[Line]) -> list[Line]:
    """A row for each unit with its numbers: one's own units first, then the sections by name."""
    units: dict[str, list[Line]] = {}
    for line in lines:
        units.setdefault(line["unit"]["id"], []).append(line)
    rows = [
        {
            "unit": own[0]["unit"],
            "is_own": own[0]["is_own"],
            "numbers": {name: sum(map(wanted, own)) for name, (_, wanted) in COUNTS.items()},
        }
        for own in units.values()
    ]
    return sorted(rows, key=lambda row: (not row["is_own"], row["unit"]["name"]))


def _year() -> int:
    year = request.args.get("year", "")
    return int(year) if year.isdecimal() and 1954 <= int(year) <= 2100 else access.today().year


def _years() -> list[int]:
    return [access.today().year - back for back in range(3)]
