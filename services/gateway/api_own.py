"""REST routes that the gateway answers by itself: signing in and out, what waits for you, traces."""

from __future__ import annotations

import re
from typing import Any

import flask

from services.gateway import access, reading, traces, work
from services.gateway.access import calls, current_actor, gateway
from services.gateway.api import CONTRACTS, ApiBlueprint
from shared.contracts import directory, intake
from shared.problems import NotAllowed, NotFound

TRACE = re.compile(r"[0-9a-f]{32}")

blueprint = ApiBlueprint("gateway", "登录、待办、轨迹")


def _refused(*statuses: int) -> dict[int, str]:
    return {status: f"Refused{status}" for status in statuses}


@blueprint.route("/sign-in", methods=["POST"])
@blueprint.doc(
    operationId="sign_in", summary="登录", security=[{}], responses={200: "Answer", **_refused(400, 401, 413, 415, 422, 429, 503)},
    description="Answers {token, expires_at, account, name, roles}; the token ends earlier after 8 hours without use.",
)  # fmt: skip
@blueprint.arguments(directory.AUTHENTICATE.schema)
def sign_in(data: dict[str, Any]) -> flask.Response:
    token, session = access.sign_in(data["login"], data["password"])
    return reading.answered(
        {"token": token, "expires_at": session.expires.isoformat(), **_described(session.actor)}
    )


@blueprint.route("/sign-out", methods=["POST"])
@blueprint.doc(
    operationId="sign_out", summary="退出登录", description="The token of this request is worth nothing from now on.",
    responses={204: {"description": "已退出"}, **_refused(400, 401, 503)},
)  # fmt: skip
@access.signed_in
def sign_out() -> flask.Response:
    response = flask.Response(status=204)
    if flask.g.by_cookie:
        access.forget(response)
    else:
        access.end_bearer_session()
    return response


@blueprint.route("/my/account")
@blueprint.doc(
    operationId="my_account", summary="我的账号", description="Who you are: {account, name, roles}.",
    responses={200: "Answer", **_refused(401, 503)},
)  # fmt: skip
@access.signed_in
def my_account() -> flask.Response:
    return reading.answered(_described(current_actor))


@blueprint.route("/findings", methods=["POST"])
@blueprint.doc(
    operationId="findings", summary="提交前检查", description=intake.FINDINGS.summary + " Nothing is kept of it.",
    responses={200: "Answer", **_refused(400, 401, 413, 415, 422, 503)},
)  # fmt: skip
@access.signed_in
@blueprint.arguments(intake.FINDINGS.schema)
def findings(data: dict[str, Any]) -> flask.Response:
    return reading.answered(calls.ask(intake.FINDINGS, **data))


CONTRACTS["api_gateway.findings"] = (
    intake.FINDINGS
)  # a question, posted because texts are longer than addresses may be


@blueprint.route("/my/work")
@blueprint.doc(
    operationId="my_work", summary="我的待办",
    description="What waits for you in all services, most urgent first: {work: [{suggestion, title, number, command, what, "
    "due_on, light, since}], unanswered: [services that did not answer]}.",
    responses={200: "Answer", **_refused(401, 503)},
)  # fmt: skip
@access.signed_in
def my_work() -> flask.Response:
    return reading.answered(work.my_work(calls))


@blueprint.route("/trace/<id:id>")
@blueprint.doc(
    operationId="trace", summary="轨迹",
    description="What a command set off, by the trace id in its `traceparent` header (32 hexadecimal digits): "
    "{published, handled, pending}. For operators.",
    responses={200: "Answer", **_refused(401, 403, 404, 503)},
)  # fmt: skip
@access.signed_in
def trace(id: str) -> flask.Response:
    # Where cases are told, whoever walks through one may wait for what a step causes.
    may = current_actor.has("operator") or current_actor.has("system") or gateway().settings.clock == "case"
    if not may:
        raise NotAllowed("只有运维人员可以查看轨迹。")
    if not TRACE.fullmatch(id):
        raise NotFound("没有这条轨迹。")
    return reading.answered(traces.follow(calls, id))


def _described(actor: Any) -> dict[str, Any]:
    roles = [{"role": r.role, "congress": r.congress, "unit": r.unit, "seat": r.seat} for r in actor.roles]
    return {"account": actor.account, "name": actor.name, "roles": roles}
