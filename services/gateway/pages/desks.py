"""The desks of the offices: reviewing what was submitted, and assigning what was accepted."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import asking, forms
from services.gateway.pages.places import congresses_of, named
from shared.contracts import assignment, intake, search, supervision
from shared.problems import Invalid, NotAllowed, NotFound, Problem
from shared.terms import LIFE

blueprint = flask.Blueprint("desks", __name__)

REVIEW_TABS = {
    "submitted": "待审查",
    "returned": "退回修改",
    "accepted": "已立案",
    "lettered": "来信",
    "handed_up": "转交上级",
}
# What was accepted is in many states of the ledger, which knows how far its handling is.
REVIEW_PAGE = 20  # lines with their likely doubles on one page
LEDGER_STATES = {
    "submitted": "submitted",
    "returned": "returned",
    "accepted": "",
    "lettered": "lettered",
    "handed_up": "handed_up",
}
DESK_PAGE = 20  # lines with their choices of units on one page
BATCH_COMMANDS = {
    "put": assignment.PUT_IN,
    "take-out": assignment.TAKE_OUT,
    "issue": assignment.ISSUE_BATCH,
    "move": assignment.MOVE_BATCH,
    "discard": assignment.DISCARD_BATCH,
}


# --- review -----------------------------------------------------------------------------------------------------


@blueprint.get("/review")
@access.signed_in
def review() -> str:
    congress = _congress("liaison")
    state = request.args.get("state", "submitted")
    if state not in REVIEW_TABS:
        raise NotFound("没有这一栏。")
    asked = {"congress": congress, "state": state, "limit": REVIEW_PAGE + 1}
    asked |= {name: request.args[name] for name in ("text", "after") if request.args.get(name)}
    found = calls.gather(
        {
            "lines": (intake.REVIEW_DESK, asked),
            "from_below": (intake.HANDED_UP, {"congress": congress}),
            "ledger": (
                supervision.LEDGER,
                {"congress": congress, "state": LEDGER_STATES[state], "limit": 1000},
            ),
        }
    )
    if isinstance(found["lines"], Problem):
        raise found["lines"]
    ledger = [] if isinstance(found["ledger"], Problem) else found["ledger"]["lines"]
    lines, more = found["lines"][:REVIEW_PAGE], len(found["lines"]) > REVIEW_PAGE
    doubles = _doubles(lines) if state == "submitted" else {}
    return flask.render_template(
        "review.html", lines=lines, state=state, tabs=REVIEW_TABS, ledger={line["id"]: line for line in ledger}, doubles=doubles,
        from_below=[] if isinstance(found["from_below"], Problem) else found["from_below"],
        next_page=lines[-1]["id"] if more else "", text=asked.get("text", ""), first_page="after" not in asked,
        congress=congress, congresses=_choices("liaison"), new_key=forms.new_key, states=LIFE,
        may_take_in=lambda hit: asking.may_take_in(hit, congress),
    )  # fmt: skip


def _doubles(lines: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Likely doubles of the lines of a page, by id; none where search is away."""
    if not lines:
        return {}
    ids = {"ids": [line["id"] for line in lines]}
    found = calls.gather({"doubles": (search.LIKELY_DOUBLES, ids)})["doubles"]
    return {} if isinstance(found, Problem) else found


# --- assignment -------------------------------------------------------------------------------------------------


@blueprint.get("/assignment")
@access.signed_in
def desk() -> str:
    return _desk(_congress("liaison", "distributing"), request.args.get("batch", ""))


@blueprint.post("/assignment/batches")
@access.signed_in
def draw_up() -> Any:
    """A new batch for an assignment meeting."""
    data = forms.read(assignment.DRAW_UP, request.form)
    try:
        answer = calls.execute(assignment.DRAW_UP, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _desk(_congress("liaison", "distributing"), "", problem=problem, drawing=data), problem.status
    flask.flash(f"批次“{data['name']}”已拟定，请逐件列入建议。")
    return flask.redirect(flask.url_for("desks.desk", congress=data["congress"], batch=answer["id"]), 303)


@blueprint.post("/assignment/batches/<uuid:id>/<any(put, 'take-out', issue, move, discard):step>")
@access.signed_in
def change(id: Any, step: str) -> Any:
    """Put a suggestion into a batch or take it out, or issue the whole batch."""
    command, batch, congress = BATCH_COMMANDS[step], str(id), _congress("liaison", "distributing")
    data, posted = forms.read(command, request.form), request.form
    version = forms.version_of(posted) if step == "issue" else None  # lines are put in side by side
    try:
        answer = calls.execute(command, batch, data, key=forms.key_of(posted), version=version)
    except Problem as problem:
        if problem.status == 404:
            raise
        return _desk(congress, batch, problem=problem, choosing=data, step=step), problem.status
    if answer.get("objections"):
        flask.flash(f"已列入批次，但还不能交办：{''.join(answer['objections'])}", "warning")
    else:
        flask.flash(
            {
                "put": "已列入批次。",
                "take-out": "已移出批次。",
                "move": "交办会已改期。",
                "discard": "批次已撤销，其中的建议回到待交办。",
                "issue": f"已集中交办 {answer.get('count', 0)} 件。",
            }[step]
        )
    return flask.redirect(flask.url_for("desks.desk", congress=congress, batch=batch), 303)


def _desk(congress: str, batch_id: str, *, problem: Problem | None = None, choosing: dict[str, Any] | None = None,
          drawing: dict[str, Any] | None = None, step: str = "") -> str:  # fmt: skip
    """The desk: what waits, the batches, and one of them opened. `choosing` is what was just filled in for a line, or for
    another step of the batch."""
    found = calls.gather(
        {
            "waiting": (assignment.DESK, {"congress": congress, "limit": 500}),
            "batches": (assignment.BATCHES, {"congress": congress}),
        }
    )
    for answer in found.values():
        if isinstance(answer, Problem):
            raise answer
    batches = found["batches"]
    drawn = [batch for batch in batches if batch["state"] == "drawn"]
    batch_id = batch_id or (drawn[0]["id"] if drawn else "")
    batch = calls.ask(assignment.BATCH, id=batch_id) if batch_id else None
    if batch and batch["congress"] != congress:
        raise NotFound("没有找到这个批次。")
    waiting = [line for line in found["waiting"] if not line["batch"]]
    errors = problem.errors if problem else {}
    wrong = errors if isinstance(problem, Invalid) else {}
    drawing = drawing or {}
    return flask.render_template(
        "assignment.html", waiting=waiting[:DESK_PAGE], waiting_count=len(waiting), batches=batches, batch=batch,
        units=asking.units_of(congress), congress=congress, congresses=_choices("liaison", "distributing"), problem=problem,
        choosing=choosing or {}, wrong=wrong, new_key=forms.new_key,
        drawing=forms.fields_of(assignment.DRAW_UP, {**drawing, "congress": congress}, wrong if drawing else {}, fixed={"congress": ""}),
        is_drawing=bool(drawing), step=step,
    )  # fmt: skip


# --- inside -----------------------------------------------------------------------------------------------------


def _choices(*roles: str) -> dict[str, str]:
    """{path: name} of the desks to choose from; none where there is one only."""
    own = congresses_of(current_actor, *roles)
    return named(own) if len(own) > 1 else {}


def _congress(*roles: str) -> str:
    """The congress whose desk is meant. Raises NotAllowed for who has no desk there."""
    own = congresses_of(current_actor, *roles)
    wanted = request.values.get("congress") or next(iter(own), "")
    if wanted not in own:
        raise NotAllowed(
            "这个工作台由本级联工委" + ("和交办单位" if "distributing" in roles else "") + "使用。"
        )
    return wanted
