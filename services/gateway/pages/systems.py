"""归口办理：what the units of an office's system have, with lights, as a tree."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.work import nearest_deadline
from shared.contracts import assignment, supervision
from shared.problems import NotAllowed, Problem

blueprint = flask.Blueprint("systems", __name__)

MOST = 500


@blueprint.get("/system")
@access.signed_in
def system() -> str:
    if not current_actor.units("distributing"):
        raise NotAllowed("这个页面由归口管理的交办单位使用。")
    over = request.args.get("over") == "yes"
    lines = calls.ask(assignment.SYSTEM_TASKS, over=over, limit=MOST)
    dated, silent = with_lights(lines)
    return flask.render_template(
        "system.html", lines=dated, over=over, silent=silent, lights=supervision.LIGHTS, most=MOST,
        red=sum(line["light"] == "red" for line in dated),
    )  # fmt: skip


def with_lights(lines: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
    """Tasks with their nearest deadline and its light, the most urgent first; and whether supervision could not be asked."""
    suggestions = list(dict.fromkeys(line["suggestion"] for line in lines))
    due = calls.gather({"due": (supervision.DUE, {"suggestions": suggestions})})["due"] if lines else {}
    known = {} if isinstance(due, Problem) else due
    dated = [{**line, **_light(line, known)} for line in lines]
    return sorted(dated, key=most_urgent), isinstance(due, Problem)


def most_urgent(line: dict[str, Any]) -> tuple[Any, ...]:
    """What is still to be done comes first, in the order in which it is due, if only to be signed for."""
    return bool(line.get("is_done")), line["due_on"] or "9999", line["number"]


def _light(line: dict[str, Any], due: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """The deadline of this task that comes first, with its light; its bare date while supervision is away."""
    own = [deadline for deadline in due.get(line["suggestion"], ()) if deadline["task"] == line["task"]]
    return nearest_deadline(own) or {"light": "", "deadline": "", "due_on": line["due_on"]}
