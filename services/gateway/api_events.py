"""REST routes for systems outside: events after a point, and those parts of webhooks that the gateway itself adds to."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

import flask
import orjson
from flask import request

from services.gateway import access, feed, reading
from services.gateway.access import calls, current_actor, gateway
from services.gateway.api import COMMAND_REFUSALS, CONTRACTS, QUERY_REFUSALS, ApiBlueprint, without
from services.gateway.webhooks import secrets
from services.gateway.webhooks.addresses import require_usable
from shared.contracts import Command
from shared.contracts import webhooks as contracts
from shared.reach import jurisdictions_of, require_within

BATCH_TYPE = "application/cloudevents-batch+json"
MOST_WAITING = 50  # requests of one process that wait for events; more are answered at once
WAIT_STEP_SECONDS = 0.1

blueprint = ApiBlueprint("events", "事件：从任意一点读取")
CONTRACTS["api_events.events"] = contracts.EVENTS
_waiting = 0


@blueprint.route("/events")
@blueprint.doc(
    operationId="events", summary=contracts.EVENTS.label, description=contracts.EVENTS.summary,
    responses={
        200: {
            "description": "事件（CloudEvents 1.0 batch）",
            "content": {BATCH_TYPE: {"schema": {"type": "array", "items": {"type": "object"}}}},
            "headers": {
                "Next-Cursor": {"description": "下一次的 after", "schema": {"type": "string"}},
                "Link": {"description": "下一页，rel=next", "schema": {"type": "string"}},
                "Unanswered": {"description": "暂时没有响应的服务；它们的事件以后再来，不会遗漏", "schema": {"type": "string"}},
            },
        },
        **{status: f"Refused{status}" for status in QUERY_REFUSALS},
    },
)  # fmt: skip
@blueprint.arguments(contracts.EVENTS.schema, location="query")
@access.signed_in
def events(params: dict[str, Any]) -> flask.Response:
    asked = contracts.EVENTS.load(params)
    wanted = {"jurisdiction": asked["jurisdiction"], "types": asked["types"]}
    jurisdictions_of(current_actor)
    if asked["jurisdiction"]:
        require_within(current_actor, asked["jurisdiction"])
    if asked["after"] == feed.NOW:
        page = feed.Page([], feed.newest(calls), [])
    else:
        page = _read_or_wait(feed.unpacked(asked["after"]), wanted, asked["limit"], asked["wait"])
    response = flask.Response(orjson.dumps(page.events), content_type=BATCH_TYPE)
    cursor = feed.packed(page.cursor)
    following = [(name, value) for name, value in request.args.items(multi=True) if name != "after"]
    response.headers["Next-Cursor"] = cursor
    response.headers["Link"] = f'</api/events?{urlencode([*following, ("after", cursor)])}>; rel="next"'
    if page.unanswered:
        response.headers["Unanswered"] = ", ".join(page.unanswered)
    return response


def _read_or_wait(cursor: feed.Positions, wanted: dict[str, Any], limit: int, seconds: int) -> feed.Page:
    """The next events; where there are none yet, those that come within so many seconds."""
    global _waiting
    page = feed.read(calls, cursor, wanted, limit)
    began = time.monotonic()
    ends = began + seconds
    if page.events or not seconds or _waiting >= MOST_WAITING:
        return page
    _waiting += 1
    try:
        while not page.events and time.monotonic() < ends:
            if gateway().lookout.ahead(calls, page.cursor):
                page = feed.read(calls, page.cursor, wanted, limit)
            if not page.events:
                time.sleep(WAIT_STEP_SECONDS)
    finally:
        _waiting -= 1
        flask.g.waited = time.monotonic() - began
    return page


# --- webhooks -------------------------------------------------------------------------------------------------------


def _command(command: Command, rule: str) -> Any:
    """Declare a route for a command, as those that follow from contracts alone."""
    headers = ["IdempotencyKey", "IfMatch"] if "<id" in rule else ["IdempotencyKey"]
    CONTRACTS[f"api_events.{command.name}"] = command
    docs = {
        "operationId": command.name, "summary": command.label, "description": command.summary, "parameters": headers,
        "responses": {200: "Done", **{status: f"Refused{status}" for status in COMMAND_REFUSALS}},
    }  # fmt: skip

    def declare(view: Any) -> Any:
        required = any(field.required for field in command.schema.fields.values())
        schema = without(command.schema, "starts")
        guarded = access.signed_in(blueprint.arguments(schema, location="json", required=required)(view))
        blueprint.add_url_rule(rule, command.name, blueprint.doc(**docs)(guarded), methods=["POST"])
        return view

    return declare


@_command(contracts.CREATE, "/webhooks")
def create_webhook(data: dict[str, Any]) -> flask.Response:
    return reading.answered(create(data, reading.key()))


@_command(contracts.RESUME, "/webhooks/<id:id>/resume")
def resume_webhook(data: dict[str, Any], id: str) -> flask.Response:
    return reading.answered(resume(id, reading.key(), reading.version()))


@_command(contracts.ROTATE, "/webhooks/<id:id>/secret")
def rotate_webhook_secret(data: dict[str, Any], id: str) -> flask.Response:
    return reading.answered(rotate(id, data, reading.key(), reading.version()))


def create(data: dict[str, Any], key: str | None) -> dict[str, Any]:
    """Create a webhook that begins now; the answer has its secret."""
    require_within(current_actor, contracts.CREATE.load(data)["jurisdiction"])
    require_usable(str(data["url"]).strip(), gateway().settings.webhook_networks)
    starts = feed.newest(calls.as_system())
    return _with_secret(calls.execute(contracts.CREATE, "", {**data, "starts": starts}, key=key))


def resume(id: str, key: str | None, version: int | None) -> dict[str, Any]:
    """Go on with a webhook, from now."""
    data = {"starts": feed.newest(calls.as_system())}
    return calls.execute(contracts.RESUME, id, data, key=key, version=version)


def rotate(id: str, data: dict[str, Any], key: str | None, version: int | None) -> dict[str, Any]:
    """Give a webhook a new secret; the answer has it."""
    return _with_secret(calls.execute(contracts.ROTATE, id, data, key=key, version=version))


def _with_secret(answer: dict[str, Any]) -> dict[str, Any]:
    secret = secrets.secret_of(gateway().settings.signing_key, answer["id"], answer["generation"])
    return {**answer, "secret": secret}
