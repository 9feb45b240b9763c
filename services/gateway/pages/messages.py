"""我的消息：what somebody was told, and where else than on the screen; for operators, what did not leave."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import flask
from flask import g, request

from services.gateway import access
from services.gateway.access import calls, current_actor, gateway, is_signed_in
from services.gateway.messages import commands
from services.gateway.pages import forms
from shared.contracts import messages as contracts
from shared.isolation import sight_of
from shared.problems import Problem

blueprint = flask.Blueprint("messages", __name__)

# Where a message leads that is about no suggestion.
LISTS = {"scores": "scores.scores", "grades": "grades.grades"}
PAGES = {"station": "stations.station", "appraisal": "appraisals.appraisal", "award": "awards.award"}


def unread() -> int:
    """How many messages the person in this request has not read, for the bell on every page; at most MOST_COUNTED."""
    if not is_signed_in():
        return 0
    if "unread" not in g:
        with gateway().database.reading(sight_of(current_actor)) as connection:
            g.unread = commands.unread(connection, current_actor)
    return int(g.unread)


@blueprint.get("/messages")
@access.signed_in
def messages() -> str:
    return _page()


@blueprint.get("/messages/<uuid:id>/<uuid:about>")
@access.signed_in
def message(id: Any, about: Any) -> Any:
    """On to what a message is about; it has been read now."""
    calls.execute(contracts.READ, "", {"messages": [str(id)]})
    if request.args.get("at") == "year":
        return flask.redirect(flask.url_for("year.calendar"), 303)
    if request.args.get("at") == "unit":
        return flask.redirect(flask.url_for("unit_board.board"), 303)
    if request.args.get("at") == "picks":
        return flask.redirect(flask.url_for("recommended.lists") + f"#{about}", 303)
    if request.args.get("at") in LISTS:
        return flask.redirect(flask.url_for(LISTS[request.args["at"]]), 303)
    page = PAGES.get(request.args.get("at", ""), "suggestions.suggestion")
    return flask.redirect(flask.url_for(page, id=about), 303)


@blueprint.post("/messages/read")
@access.signed_in
def read() -> Any:
    calls.execute(contracts.READ, "", {}, key=forms.key_of(request.form))
    flask.flash("已全部标为已读。")
    return flask.redirect(flask.url_for("messages.messages"), 303)


@blueprint.post("/messages/channels")
@access.signed_in
def choose() -> Any:
    data = forms.read(contracts.CHOOSE_CHANNELS, request.form)
    try:
        calls.execute(contracts.CHOOSE_CHANNELS, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _page(data, problem), problem.status
    flask.flash("接收方式已保存。")
    return flask.redirect(flask.url_for("messages.messages"), 303)


def undelivered() -> list[dict[str, Any]]:
    """What did not leave, for the page of operations."""
    found = calls.gather({"undelivered": (contracts.UNDELIVERED, {})})["undelivered"]
    if isinstance(found, Problem):
        return []
    return [
        {
            **line, "at": moment(line["at"]), "label": contracts.KINDS[line["kind"]],
            "channel_label": contracts.CHANNELS[line["channel"]], "state_label": contracts.STATES[line["state"]],
        }
        for line in found
    ]  # fmt: skip


@blueprint.post("/operations/messages/resend")
@access.signed_in
def resend() -> Any:
    answer = calls.execute(contracts.RESEND, "", {"deliveries": request.form.getlist("deliveries")})
    flask.flash(f"已安排重新发送 {answer['count']} 条。")
    return flask.redirect("/operations", 303)


def _page(values: dict[str, Any] | None = None, problem: Problem | None = None) -> str:
    asked = {"before": request.args["before"]} if request.args.get("before") else {}
    only_unread = request.args.get("unread") == "yes"
    found = calls.gather(
        {
            "told": (contracts.MESSAGES, {"unread": only_unread, **asked}),
            "channels": (contracts.MY_CHANNELS, {}),
        }
    )
    for answer in found.values():
        if isinstance(answer, Problem):
            raise answer
    g.unread = found["told"]["unread"]
    errors = problem.errors if problem else {}
    return flask.render_template(
        "messages.html", told=found["told"], available=found["channels"]["available"], only_unread=only_unread, problem=problem,
        fields=_fields(values or found["channels"], errors, found["channels"]["available"]), channels=contracts.CHANNELS,
        states=contracts.STATES, moment=moment, new_key=forms.new_key, elsewhere=forms.errors_elsewhere(contracts.CHOOSE_CHANNELS, errors),
    )  # fmt: skip


def _fields(values: dict[str, Any], errors: dict[str, Any], available: list[str]) -> list[forms.Field]:
    """Those of the channels that this network has."""
    shown = {"mail": "mail", "phone": "sms", "daily": "mail"}
    drawn = forms.fields_of(contracts.CHOOSE_CHANNELS, values, errors)
    return [field for field in drawn if shown[field.name] in available]


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
