"""领办推荐件：what the government's office recommends to its leaders, and what they pick to sponsor."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import asking, forms
from services.gateway.pages.giving import give
from services.gateway.pages.places import congresses_of, named
from shared.contracts import Command, intake, supervision
from shared.problems import NotAllowed, Problem

blueprint = flask.Blueprint("recommended", __name__)

WHO = ("liaison", "distributing", "government_leader", "supervisor")
COMMANDS: dict[str, Command] = {"pick": intake.PICK_RECOMMENDED, "withdraw": intake.WITHDRAW_PICK_LIST}
DONE = {"pick": "领办件已选定。", "withdraw": "目录已撤回。"}
OPEN_STATES = ("accepted", "assigned", "handling")  # what a leader can still sponsor
MOST_OFFERED = 500


def may_recommend() -> bool:
    """Does the person in this request have to do with such lists?"""
    return any(current_actor.has(role) for role in WHO) or bool(current_actor.units("distributing"))


@blueprint.get("/key/recommended")
@access.signed_in
def lists() -> str:
    return _page()


@blueprint.post("/key/recommended")
@access.signed_in
def recommend() -> Any:
    data = forms.read(intake.RECOMMEND, request.form)
    try:
        answer = calls.execute(intake.RECOMMEND, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _page(problem=problem, about="", data=data), problem.status
    flask.flash(f"目录已报送，请领导在 {answer['pick_by']} 以前选定。")
    return flask.redirect(flask.url_for("recommended.lists", congress=data["congress"]), 303)


@blueprint.post("/key/recommended/<uuid:id>/<any(pick, withdraw):step>")
@access.signed_in
def change(id: Any, step: str) -> Any:
    command, posted = COMMANDS[step], request.form
    data = forms.read(command, posted)
    return give(
        command, str(id), data, lambda problem: _page(problem=problem, about=f"{id} {step}", data=data),
        flask.url_for("recommended.lists", congress=_congress()) + f"#{id}", said=DONE[step], version=forms.version_of(posted),
    )  # fmt: skip


def _page(*, problem: Problem | None = None, about: str = "", data: dict[str, Any] | None = None) -> str:
    congress = _congress()
    found = calls.ask(intake.PICK_LISTS, congress=congress)
    drawing = None
    if found["may_recommend"]:
        tried = problem if data and about == "" else None
        options = {
            "sponsor_id": asking.offices_of(congress, "sponsor"),
            "suggestions": _suggestions(congress),
        }
        values = {**(data or {} if tried else {}), "congress": congress}
        drawing = forms.offered(intake.RECOMMEND, values, tried, options, {"congress": ""})
    for one in found["lists"]:
        one["forms"] = _forms(one, problem, about, data or {})
    return flask.render_template(
        "recommended.html", found=found, congress=congress, congresses=_choices(), drawing=drawing, problem=problem,
        is_drawing=bool(data) and about == "", key=forms.new_key, of_system=not congresses_of(current_actor, *WHO),
    )  # fmt: skip


def _forms(
    one: dict[str, Any], problem: Problem | None, about: str, data: dict[str, Any]
) -> list[dict[str, Any]]:
    """What may be done about a list, each with its form."""
    may = {line["command"] for line in one["may"]}
    options = {
        "suggestions": [(line["suggestion"], f"{line['number']} {line['title']}") for line in one["lines"]]
    }
    shown = []
    for step, command in COMMANDS.items():
        if command.name in may:
            is_tried = about == f"{one['id']} {step}"
            offered = forms.offered(command, data if is_tried else {}, problem if is_tried else None, options)
            for field in offered["fields"]:
                field.scope = f"{one['id'][-6:]}-{step}-"
            shown.append({**offered, "step": step, "is_open": is_tried or step == "pick"})
    return shown


def _suggestions(congress: str) -> list[forms.Option]:
    """What is accepted and still under way, key ones first; the ledger gives the newest year first."""
    found = calls.gather(
        {
            state: (supervision.LEDGER, {"congress": congress, "state": state, "limit": MOST_OFFERED})
            for state in OPEN_STATES
        }
    )
    lines = [line for answer in found.values() if not isinstance(answer, Problem) for line in answer["lines"]]
    lines.sort(key=lambda line: (not line["key"], line["number"]))
    return [
        (line["id"], f"{'【重点】' if line['key'] else ''}{line['number']} {line['title']}") for line in lines
    ]


def _choices() -> dict[str, str]:
    own = _own()
    return named(own) if len(own) > 1 else {}


def _own() -> list[str]:
    """Where the person has to do with such lists; also as the office of one system, within its own tree."""
    of_systems = {r.congress for r in current_actor.roles if r.role == "distributing" and r.unit}
    return list(dict.fromkeys([*congresses_of(current_actor, *WHO), *sorted(of_systems)]))


def _congress() -> str:
    own = _own()
    wanted = request.values.get("congress") or next(iter(own), "")
    if wanted not in own:
        raise NotAllowed("领办推荐件由政府办公厅、联工委和领办领导使用。")
    return wanted
