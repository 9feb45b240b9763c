"""For operators: what could not be handled, by service and cause; try it again, or give it up with a reason."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor, is_signed_in
from services.gateway.calls import SECONDS
from services.gateway.orders import ALLOWED
from services.gateway.pages import messages
from shared.contracts import orders
from shared.plugins import installed
from shared.problems import Invalid, NotAllowed, NotFound, Problem
from shared.settings import SERVICES

blueprint = flask.Blueprint("operations_pages", __name__)

# The services as people who look after the network call them.
NAMES = {
    "directory": "名册", "intake": "受理", "assignment": "交办", "supervision": "督办", "evaluation": "评价", "search": "检索",
    "gateway": "门户",
}  # fmt: skip


@blueprint.before_request
def for_operators_alone() -> None:
    if is_signed_in() and not current_actor.has("operator"):
        raise NotAllowed("只有运维人员可以查看和处理。")


@blueprint.get("/operations")
@access.signed_in
def overview() -> str:
    """What has been set aside for good, by service and cause, and what was given up."""
    answers = {name: calls.each(SERVICES, "operate", name, {}) for name in ("causes", "dropped", "plugins")}
    found = {
        name: [row for rows in answers[name].values() if not isinstance(rows, Problem) for row in rows]
        for name in ("causes", "dropped")
    }
    told = {service: rows for service, rows in answers["plugins"].items() if not isinstance(rows, Problem)}
    failing = [{"service": service, **row} for service, rows in told.items() for row in rows["failures"]]
    plugins: dict[str, Any] = next(iter(told.values()), {"plugins": [], "broken": {}})  # the same everywhere
    silent = [service for service, rows in answers["causes"].items() if isinstance(rows, Problem)]
    return flask.render_template(
        "operations.html",
        **found,
        failing=failing,
        installed=plugins["plugins"],
        broken=plugins["broken"],
        silent=[NAMES[s] for s in silent],
        names=NAMES,
        undelivered=messages.undelivered(),
        **_orders(),
    )


def _orders() -> dict[str, Any]:
    """What practices had the system do, and what was refused or still waits."""
    found = calls.gather({"orders": (orders.ORDERS, {})})["orders"]
    rows = [] if isinstance(found, Problem) else found
    labels = {name: practice.label for name, practice in installed().practices.items()}
    commands = {name: command.label for name, command in ALLOWED.items()}
    return {
        "orders": rows,
        "practices": labels,
        "commands": commands,
        "order_states": orders.STATES,
        "moment": messages.moment,
    }


@blueprint.post("/operations/orders/repeat")
@access.signed_in
def repeat_orders() -> Any:
    answer = calls.execute(orders.REPEAT, "", {"orders": request.form.getlist("orders")})
    flask.flash(f"已安排重新办理 {answer['count']} 件。")
    return flask.redirect("/operations", 303)


@blueprint.get("/operations/<service>/causes/<cause>")
@access.signed_in
def cause(service: str, cause: str) -> str:
    return _cause_page(service, cause, None)


@blueprint.get("/operations/<service>/<event_id>")
@access.signed_in
def dead_letter(service: str, event_id: str) -> str:
    return _letter_page(service, event_id, None)


@blueprint.post("/operations/<service>/causes/<cause>")
@access.signed_in
def act_on_cause(service: str, cause: str) -> Any:
    """Replay or drop all of a cause."""
    if request.form.get("act") == "drop":
        return _drop(
            service, {"cause": cause}, lambda problem: _cause_page(service, cause, problem), "/operations"
        )
    answer = _operate(service, "replay_cause", cause=cause)
    told = f"已重放 {answer['done']} 封。"
    if answer["failed"]:
        told += f"{len(answer['failed'])} 个事项仍然失败，死信保留。"
    if answer["left"]:
        told += f"还有 {answer['left']} 封没有来得及，请再按一次。"
    flask.flash(told, "warning" if answer["failed"] or answer["left"] else "message")
    remains = answer["left"] or any(row["cause"] == cause for row in _operate(service, "causes"))
    return flask.redirect(request.path if remains else "/operations", 303)


@blueprint.post("/operations/<service>/<event_id>")
@access.signed_in
def act_on_one(service: str, event_id: str) -> Any:
    """Replay or drop one."""
    if request.form.get("act") == "drop":
        return _drop(
            service, {"event_id": event_id}, lambda problem: _letter_page(service, event_id, problem), "/operations"
        )  # fmt: skip
    if _operate(service, "replay", event_id=event_id)["done"]:
        flask.flash("已重放，死信已消除。")
        return flask.redirect("/operations", 303)
    flask.flash("重放仍然失败，死信保留。请先排除下面的原因。", "warning")
    return flask.redirect(request.path, 303)


def _drop(service: str, which: dict[str, str], page: Any, back: str) -> Any:
    reason = request.form.get("reason", "")
    try:
        dropped = _operate(service, "drop", reason=reason, **which)["dropped"]
    except Invalid as problem:
        return page(problem), problem.status
    flask.flash(f"已丢弃 {dropped} 封，原因已经记录。")
    return flask.redirect(back, 303)


def _cause_page(service: str, cause: str, problem: Problem | None) -> str:
    rows = _operate(service, "dead_letters", cause=cause)
    summary = next((row for row in _operate(service, "causes") if row["cause"] == cause), None)
    if summary is None:
        raise NotFound("没有这种原因的死信了：可能已经重放或丢弃。")
    return flask.render_template(
        "dead_letters.html", rows=rows, summary=summary, service=service, names=NAMES, **_refused(problem)
    )


def _letter_page(service: str, event_id: str, problem: Problem | None) -> str:
    row = _operate(service, "dead_letter", event_id=event_id)
    return flask.render_template(
        "dead_letter.html", row=row, service=service, names=NAMES, **_refused(problem)
    )


def _refused(problem: Problem | None) -> dict[str, Any]:
    """What was typed stays, with what is wrong beside it."""
    return {"wrong": problem.errors if problem else {}, "reason": request.form.get("reason", "")}


def _operate(service: str, action: str, **params: Any) -> Any:
    if service not in SERVICES:
        raise NotFound("没有这个服务。")
    return calls.operate(service, action, params, SECONDS)
