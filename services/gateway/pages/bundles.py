"""Bundles (打捆办理): several suggestions about one problem under one plan, and what came of them together."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import forms
from services.gateway.pages.forms import Option
from services.gateway.pages.giving import give
from shared.contracts import Command, assignment
from shared.identity import SUPERVISORS_OF_THE_CONGRESS
from shared.problems import NotFound, Problem, Stale
from shared.terms import RESULT_KINDS

blueprint = flask.Blueprint("bundles", __name__)

COMMANDS = (
    assignment.PUT_IN_BUNDLE, assignment.LINK_WORK, assignment.TAKE_OUT_OF_BUNDLE, assignment.END_BUNDLE,
)  # fmt: skip
OVER = ("returned", "ended")
ACTING = ("handler", "unit_head", "distributing")
MOST_TASKS = 200


def may_see_bundles() -> bool:
    """For the tabs: units make them, the congress's offices and supervisors read them."""
    return any(current_actor.has(role) for role in (*ACTING, "liaison", *SUPERVISORS_OF_THE_CONGRESS))


@blueprint.get("/bundles")
@access.signed_in
def bundles() -> str:
    return _list({}, None)


@blueprint.post("/bundles")
@access.signed_in
def make() -> Any:
    data = forms.read(assignment.MAKE_BUNDLE, request.form)
    try:
        answer = calls.execute(assignment.MAKE_BUNDLE, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _list(data, problem), problem.status
    flask.flash(f"已打捆办理 {len(data['suggestions'])} 件建议。")
    return flask.redirect(flask.url_for("bundles.bundle", id=answer["id"]), 303)


@blueprint.get("/bundles/<uuid:id>")
@access.signed_in
def bundle(id: Any) -> str:
    return _one(str(id), {}, None)


@blueprint.get("/bundles/<uuid:id>/works/<int:at>")
@access.signed_in
def linked(id: Any, at: int) -> str:
    """A project or other work, with all bundles and suggestions that are tied to it."""
    found = calls.ask(assignment.LINKED_WORK, id=str(id), at=at)
    return flask.render_template(
        "linked_work.html",
        it=found,
        id=id,
        here=flask.url_for("bundles.linked", id=id, at=at),
        **_results(found),
    )


def _results(found: dict[str, Any]) -> dict[str, Any]:
    """Of one kind where the reader has chosen one."""
    kind = request.args.get("kind", "")
    shown = [line for line in found["results"] if not kind or line["kind"] == kind]
    return {"results": shown, "kind": kind, "kinds": RESULT_KINDS}


@blueprint.post("/bundles/<uuid:id>/<command>")
@access.signed_in
def change(id: Any, command: str) -> Any:
    contract = next((one for one in COMMANDS if one.name == command), None)
    if contract is None:
        raise NotFound("没有这项操作。")
    data, posted = forms.read(contract, request.form), request.form
    return give(
        contract, str(id), data, lambda problem: _one(str(id), {contract.name: data}, problem),
        flask.url_for("bundles.bundle", id=id), version=forms.version_of(posted),
    )  # fmt: skip


def _list(filled: dict[str, Any], problem: Problem | None) -> str:
    found = calls.ask(assignment.BUNDLES)
    tasks = _tasks() if found["units"] else []
    units = {task["unit"]["id"]: task["unit"]["name"] for task in tasks}
    command, fixed = assignment.MAKE_BUNDLE, {}
    values = dict(filled)
    if len(units) == 1:  # nobody is asked which of one
        ((values["unit"], fixed["unit"]),) = units.items()
    options = {"unit": list(units.items()), "suggestions": _suggestions(tasks)}
    fields = forms.fields_of(command, values, problem.errors if problem else {}, options, fixed)
    return flask.render_template(
        "bundles.html", found=found["bundles"], may_make=len(options["suggestions"]) > 1, is_unit=bool(found["units"]), fields=fields,
        problem=problem, command=command, key=forms.new_key(), is_making=bool(filled),
        elsewhere=forms.errors_elsewhere(command, problem.errors) if problem else [],
    )  # fmt: skip


def _one(id: str, filled: dict[str, dict[str, Any]], problem: Problem | None) -> str:
    found = calls.ask(assignment.BUNDLE, id=id)
    may = {one["command"] for one in found["may"]}
    return flask.render_template(
        "bundle.html", it=found, **_results(found), problem=problem, stale=isinstance(problem, Stale),
        key=forms.new_key(), forms_of=[_form(command, found, filled, problem) for command in COMMANDS if command.name in may],
    )  # fmt: skip


def _form(
    command: Command, found: dict[str, Any], filled: dict[str, dict[str, Any]], problem: Problem | None
) -> dict[str, Any]:
    tried = problem if problem and command.name in filled else None
    options: dict[str, list[Option]] = {}
    if command is assignment.PUT_IN_BUNDLE:
        tasks = [task for task in _tasks() if task["unit"]["id"] == found["unit"]["id"]]
        inside = set(found["suggestions"])
        options["suggestion"] = [option for option in _suggestions(tasks) if option[0] not in inside]
    elif command is assignment.TAKE_OUT_OF_BUNDLE:
        options["suggestion"] = [
            (line["suggestion"], f"{line['number']} {line['title']}") for line in found["lines"]
        ]
    return forms.offered(command, filled.get(command.name, {}), tried, options)


def _tasks() -> list[dict[str, Any]]:
    """What the person's units have to handle for a congress; parts are somebody else's."""
    if not current_actor.units(*ACTING):
        return []
    tasks = calls.ask(assignment.UNIT_TASKS, limit=MOST_TASKS)
    return [task for task in tasks if task["state"] not in OVER and task["role"] != "part"]


def _suggestions(tasks: list[dict[str, Any]]) -> list[Option]:
    return [(task["suggestion"], f"{task['number']} {task['title']}") for task in tasks]
