"""Webhooks on the screen: for who connects another system, and for operators."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import flask
from flask import request

from services.gateway import access, api_events
from services.gateway.access import calls, current_actor
from services.gateway.pages import forms
from shared.contracts import webhooks as contracts
from shared.problems import NotFound, Problem
from shared.reach import jurisdictions_of, sees_all

blueprint = flask.Blueprint("webhooks", __name__)

LOG_LINES = 50
STEPS = {"pause": contracts.PAUSE, "delete": contracts.DELETE, "redeliver": contracts.REDELIVER}
DONE = {
    "pause": "已暂停。期间的事件会保留，恢复后推送。", "resume": "已恢复推送。", "delete": "已删除。", "redeliver": "已安排重新推送，稍后刷新查看结果。",
}  # fmt: skip


@blueprint.get("/webhooks")
@access.signed_in
def webhooks() -> str:
    return _list({"jurisdiction": _own_place()}, None)


@blueprint.post("/webhooks")
@access.signed_in
def create() -> Any:
    data = forms.read(contracts.CREATE, request.form)
    try:
        contracts.CREATE.load(data)
        answer = api_events.create(data, forms.key_of(request.form))
    except Problem as problem:
        return _list(data, problem, forms.key_of(request.form)), problem.status
    return _show(answer["id"], secret=answer["secret"])


@blueprint.get("/webhooks/<uuid:id>")
@access.signed_in
def webhook(id: Any) -> str:
    return _show(str(id))


@blueprint.post("/webhooks/<uuid:id>/<any(pause, resume, delete, redeliver, secret):step>")
@access.signed_in
def change(id: Any, step: str) -> Any:
    webhook, key, version = str(id), forms.key_of(request.form), forms.version_of(request.form)
    try:
        if step == "secret":
            data = forms.read(contracts.ROTATE, request.form)
            return _show(webhook, secret=api_events.rotate(webhook, data, key, version)["secret"])
        if step == "resume":
            api_events.resume(webhook, key, version)
        else:
            calls.execute(
                STEPS[step], webhook, forms.read(STEPS[step], request.form), key=key, version=version
            )
    except NotFound:
        raise
    except Problem as problem:
        return _show(webhook, problem=problem), problem.status
    flask.flash(DONE[step])
    where = (
        flask.url_for("webhooks.webhooks")
        if step == "delete"
        else flask.url_for("webhooks.webhook", id=webhook)
    )
    return flask.redirect(where, 303)


def stopped() -> list[dict[str, Any]]:
    """The person's webhooks that were stopped by the system; for operators all."""
    if not (current_actor.has("integrator") or current_actor.has("operator")):
        return []
    found = calls.gather({"stopped": (contracts.WEBHOOKS, {"state": "disabled"})})["stopped"]
    return [] if isinstance(found, Problem) else found


def _list(values: dict[str, Any], problem: Problem | None, key: str = "") -> str:
    errors = problem.errors if problem else {}
    drawn = forms.fields_of(contracts.CREATE, values, errors, fixed={"starts": ""})
    for field in drawn:
        if field.name == "jurisdiction":
            field.widget, field.hint = "text", _places()
    return flask.render_template(
        "webhooks.html", lines=calls.ask(contracts.WEBHOOKS), states=contracts.STATES, problem=problem, key=key or forms.new_key(),
        fields=[field for field in drawn if field.name != "starts"], elsewhere=forms.errors_elsewhere(contracts.CREATE, errors),
    )  # fmt: skip


def _show(id: str, *, secret: str = "", problem: Problem | None = None) -> str:
    state = request.args.get("state", "")
    asked: dict[str, Any] = {"id": id, "limit": LOG_LINES}
    if state in contracts.DELIVERY_STATES:
        asked["state"] = state
    found = calls.gather({"webhook": (contracts.WEBHOOK, {"id": id}), "log": (contracts.DELIVERIES, asked)})
    for answer in found.values():
        if isinstance(answer, Problem):
            raise answer
    errors = problem.errors if problem else {}
    return flask.render_template(
        "webhook.html", webhook=found["webhook"], log=found["log"], states=contracts.STATES, secret=secret, problem=problem,
        delivery_states=contracts.DELIVERY_STATES, state=state, may={rule["command"] for rule in found["webhook"]["may"]},
        new_key=forms.new_key, rotating=forms.fields_of(contracts.ROTATE, dict(request.form), errors), moment=_moment,
    )  # fmt: skip


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _own_place() -> str:
    return "" if sees_all(current_actor) else jurisdictions_of(current_actor)[0]


def _places() -> str:
    if sees_all(current_actor):
        return "区划代码，例如 43.01;cn 为全网。包括它的下级。"
    return f"区划代码，在 {'、'.join(jurisdictions_of(current_actor))} 之内。包括它的下级。"
