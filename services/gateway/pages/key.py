"""Key suggestions: the board, the candidates, and the list that the chairpersons' meeting decides."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import asking, forms
from services.gateway.pages.places import congresses_of, named
from shared.contracts import intake, supervision
from shared.identity import SUPERVISORS, SUPERVISORS_OF_THE_CONGRESS
from shared.problems import Invalid, NotAllowed, NotFound, Problem

blueprint = flask.Blueprint("key", __name__)

WATCHING, PICKING = ("liaison", "distributing", *SUPERVISORS), ("liaison", *SUPERVISORS_OF_THE_CONGRESS)
LIST_COMMANDS = {
    "put": intake.PUT_IN_KEY_LIST, "take-out": intake.TAKE_OUT_OF_KEY_LIST, "decide": intake.DECIDE_KEY_LIST,
    "move": intake.MOVE_KEY_LIST, "discard": intake.DISCARD_KEY_LIST,
}  # fmt: skip
ROLES = ("leading_supervisor", "sponsor", "committee")


@blueprint.get("/key")
@access.signed_in
def board() -> str:
    return _page()


@blueprint.get("/key/theme")
@access.signed_in
def theme() -> str:
    """The key suggestions of one theme (专题), to be handed out at a meeting or to who leads its supervision."""
    congress, year = _congress(), request.args.get("year", "")
    board = calls.ask(supervision.KEY_BOARD, congress=congress, year=year or 0)
    wanted = request.args.get("theme", "")
    found = next((one for one in board["themes"] if one["theme"] == wanted), None)
    if found is None:
        raise NotFound("这一年没有这个主题的重点建议。")
    return flask.render_template(
        "key_theme.html", board=board, theme=wanted, lines=found["lines"], congress=congress, today=access.today().isoformat(),
        place=named([congress])[congress],
    )  # fmt: skip


@blueprint.post("/key/lists")
@access.signed_in
def draw_up() -> Any:
    data = forms.read(intake.DRAW_UP_KEY_LIST, request.form)
    try:
        answer = calls.execute(intake.DRAW_UP_KEY_LIST, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _page(problem=problem, drawing=data), problem.status
    flask.flash(f"名单“{data['name']}”已拟定，请列入建议。")
    return flask.redirect(flask.url_for("key.board", congress=data["congress"], list=answer["id"]), 303)


@blueprint.post("/key/lists/<uuid:id>/<any(put, 'take-out', decide, move, discard):step>")
@access.signed_in
def change(id: Any, step: str) -> Any:
    """Put a suggestion in or take it out, or record what the meeting decided."""
    command, posted = LIST_COMMANDS[step], request.form
    data = forms.read(command, posted)
    version = forms.version_of(posted) if step == "decide" else None  # lines are put in side by side
    try:
        answer = calls.execute(command, str(id), data, key=forms.key_of(posted), version=version)
    except Problem as problem:
        if problem.status == 404:
            raise
        putting = data if step == "put" else None
        return _page(str(id), problem=problem, putting=putting, step=step, given=data), problem.status
    if answer.get("objections"):
        flask.flash(f"已列入名单；确定以前还要补齐：{''.join(answer['objections'])}", "warning")
    else:
        done = {
            "put": "已列入名单。",
            "take-out": "已移出名单。",
            "move": "主任会议已改期。",
            "discard": "名单已撤销，推荐件仍然保留。",
            "decide": f"已确定重点建议 {answer.get('count', 0)} 件。",
        }
        flask.flash(done[step])
    return flask.redirect(flask.url_for("key.board", congress=_congress(), list=id), 303)


def _page(list_id: str = "", *, problem: Problem | None = None, drawing: dict[str, Any] | None = None,
          putting: dict[str, Any] | None = None, step: str = "", given: dict[str, Any] | None = None) -> str:  # fmt: skip
    congress, picks = _congress(), False
    picks = any(current_actor.has(role, congress) for role in PICKING)
    year = request.args.get("year", "")
    questions = {"board": (supervision.KEY_BOARD, {"congress": congress, "year": year or 0})}
    if picks:
        questions |= {
            "candidates": (intake.KEY_CANDIDATES, {"congress": congress}), "lists": (intake.KEY_LISTS, {"congress": congress}),
        }  # fmt: skip
        if list_id := list_id or request.args.get("list", ""):
            questions["opened"] = (intake.KEY_LIST, {"id": list_id})
    found = calls.gather(questions)
    for name in ("lists", "opened"):
        if isinstance(found.get(name), Problem):
            raise found[name]
    if isinstance(found["board"], Problem) and found["board"].status < 500:
        raise found["board"]
    shown = {name: answer for name, answer in found.items() if not isinstance(answer, Problem)}
    wrong = problem.errors if isinstance(problem, Invalid) else {}
    opened, drawing = shown.get("opened"), drawing or {}
    return flask.render_template(
        "key.html", **{"board": None, "candidates": [], "lists": [], "opened": None, **shown}, congress=congress, congresses=_choices(), picks=picks,
        draws=current_actor.has("liaison", congress), problem=problem, new_key=forms.new_key, is_drawing=bool(drawing), step=step, given=given or {}, wrong=wrong,
        drawing=forms.fields_of(intake.DRAW_UP_KEY_LIST, {**drawing, "congress": congress}, wrong if drawing else {}, fixed={"congress": ""}),
        putting=_putting(opened, shown, putting, wrong) if opened and opened["state"] == "drawn" else [],
    )  # fmt: skip


def _putting(
    opened: Any, shown: dict[str, Any], given: dict[str, Any] | None, wrong: dict[str, Any]
) -> list[forms.Field]:
    """The fields of a line: candidates to choose from, themes and people to be reminded of."""
    inside = {line["suggestion"] for line in opened["lines"]}
    values = given or {"suggestion": request.args.get("suggestion", "")}
    values |= (
        next((line for line in opened["lines"] if line["suggestion"] == values["suggestion"]), {})
        if not given
        else {}
    )
    offered = [(c["id"], f"{c['number']} {c['title']}") for c in shown.get("candidates") or []]
    offered += [
        (line["suggestion"], f"{line['number']} {line['title']}（已在名单）") for line in opened["lines"]
    ]
    offered = [option for option in offered if option[0] not in inside or "已在名单" in option[1]]
    posts = {f"{role}_id": asking.offices_of(opened["congress"], role) for role in ROLES}
    values = {**values, **{role: "" for role in ROLES if values.get(f"{role}_id")}}
    fields = forms.fields_of(
        intake.PUT_IN_KEY_LIST, values, wrong if given else {}, {"suggestion": offered, **posts}
    )
    fields = [field for field in fields if posts.get(field.name, True)]  # no posts registered: by name
    people = (shown.get("board") or {}).get("people", {})
    for field in fields:
        if field.name == "theme":
            field.options = [(theme, theme) for theme in opened["themes"]]
        elif field.name in ROLES:
            field.options = [(one["name"], one["name"]) for one in people.get(field.name, ())]
    return fields


def _choices() -> dict[str, str]:
    own = congresses_of(current_actor, *WATCHING)
    return named(own) if len(own) > 1 else {}


def _congress() -> str:
    own = congresses_of(current_actor, *WATCHING)
    wanted = request.values.get("congress") or next(iter(own), "")
    if wanted not in own:
        raise NotAllowed("重点建议看板由本级人大和政府的工作机构使用。")
    return wanted
