"""REST: every command and query that has a path, described in OpenAPI, with refusals as problem details.

POST /api/suggestions/<id>/submit     a command of intake; answers {id, version, state, …}
GET  /api/suggestions/<id>            a query of intake
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask
from flask import request
from flask_smorest import Api, Blueprint  # type: ignore[import-untyped]
from marshmallow import Schema, fields
from werkzeug.routing import BaseConverter

from services.gateway import reading
from services.gateway.access import calls, require_signed_in
from shared.contracts import (
    Command,
    Contract,
    Contracts,
    Query,
    assignment,
    directory,
    evaluation,
    intake,
    messages,
    orders,
    search,
    supervision,
    webhooks,
)

SERVICES: dict[str, tuple[Contracts, str]] = {
    "directory": (directory.contracts, "名录：人大、会议、代表、承办单位、账号"),
    "intake": (intake.contracts, "提出与审查：起草、附议、提交、立案、并案、重点建议"),
    "assignment": (assignment.contracts, "交办与办理：批次、签收、退办、方案、沟通、答复、延期"),
    "supervision": (supervision.contracts, "督办：台账、期限、催办、现场督办、承诺"),
    "evaluation": (evaluation.contracts, "评价：征询意见、再次办理、办结、公开、指标、评分"),
    "search": (search.contracts, "检索：全文、相似建议、公开的建议"),
    "messages": (messages.contracts, "消息：告诉了您什么，在哪里接收"),
    "orders": (orders.contracts, "做法交办的事：本地做法让系统在事件之后办理的"),
    "webhooks": (webhooks.contracts, "推送：把事件推送到对接系统（Standard Webhooks）"),
}

# What everybody may ask without signing in; the services answer with what is public.
OPEN = {
    "api_directory.divisions", "api_directory.congress", "api_search.search", "api_search.published", "api_assignment.attachment", "api_supervision.columns",
}  # fmt: skip

CONTRACTS: dict[str, Contract] = {"api_gateway.sign_in": directory.AUTHENTICATE}  # by endpoint

REFUSALS = {
    400: "请求无法识别，例如不是正确的 JSON",
    401: "没有登录，或者登录已失效",
    403: "没有权限",
    404: "没有找到，或者没有权限知道",
    409: "现在的状态不能这样办理，或者内容已被他人更新",
    413: "内容过大",
    415: "请求内容不是 JSON",
    422: "填写的内容有误，errors 按项目说明",
    429: "登录失败次数过多",
    503: "系统的一部分暂时没有响应；用同一个 Idempotency-Key 重复是安全的",
}
COMMAND_REFUSALS = (400, 401, 403, 404, 409, 413, 415, 422, 503)
QUERY_REFUSALS = (401, 403, 404, 422, 503)


class ApiBlueprint(Blueprint):
    """Routes of one service, read by its contracts. Called api_…, so that pages may be called after services."""

    ARGUMENTS_PARSER = reading.ContractParser(CONTRACTS)

    def __init__(self, service: str, description: str) -> None:
        super().__init__(f"api_{service}", __name__, url_prefix="/api", description=description)
        self.tag = service

    def _store_endpoint_docs(
        self, endpoint: str, obj: Any, parameters: Any, tags: Any, **options: Any
    ) -> None:
        super()._store_endpoint_docs(endpoint, obj, parameters, [self.tag], **options)


class PlainApi(Api):
    """flask-smorest without its error format: the whole application answers with problem details."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        pass

    def _register_responses(self) -> None:
        pass

    def _register_pagination_header(self) -> None:
        pass

    def register_blueprint(self, blueprint: ApiBlueprint) -> None:
        self._app.register_blueprint(blueprint)
        blueprint.register_views_in_doc(self, self._app, self.spec, name=blueprint.name, parameters=None)
        self.spec.tag({"name": blueprint.tag, "description": blueprint.description})


class IdConverter(BaseConverter):
    """Ids and division paths: nothing else gets past the front door as part of a path."""

    regex = r"[0-9A-Za-z.\-]{1,64}"


def add_api(app: flask.Flask, *own: ApiBlueprint) -> None:
    """Add all REST routes, and `own`, those that the gateway answers by itself, to the application."""
    app.config.update(
        API_TITLE="建议（Jianyi）", API_VERSION="v1", OPENAPI_VERSION="3.0.3", OPENAPI_URL_PREFIX="/api",
        API_SPEC_OPTIONS={"info": {"description": INTRODUCTION}, "security": [{"bearer": []}]},
    )  # fmt: skip
    app.url_map.converters["id"] = IdConverter
    api = PlainApi(app)
    api.register_converter(
        IdConverter, lambda converter: {"type": "string", "pattern": f"^{converter.regex}$"}
    )
    _describe_what_is_common(api)
    for blueprint in (*own, *BLUEPRINTS):
        api.register_blueprint(blueprint)
    app.add_url_rule("/api/docs", "api_docs", lambda: _docs(api))


INTRODUCTION = (
    "代表建议办理网络的编程接口。先用 POST /api/sign-in 取得令牌，之后每次请求带上 Authorization: Bearer 令牌。"
    "命令可带 Idempotency-Key（重复提交不会重复办理）和 If-Match（所见的版本，已被他人更新时拒绝）；"
    "响应头 traceparent 是这次操作的轨迹，可用 GET /api/trace/{trace} 查询它引起的全部事件。"
)


# --- routes ---------------------------------------------------------------------------------------------------------


def _blueprint(service: str, contracts: Contracts, description: str) -> ApiBlueprint:
    blueprint = ApiBlueprint(service, description)
    blueprint.before_request(_require_signed_in_unless_open)
    for command in contracts.commands.values():
        if command.path:
            _add(blueprint, command, "POST", _command_view(command), command.schema, _command_docs(command))
    for query in contracts.queries.values():
        if query.path:
            _add(blueprint, query, "GET", _query_view(query), without(query.schema, "id"), _query_docs(query))
    return blueprint


def _add(blueprint: ApiBlueprint, contract: Contract, method: str, view: Callable[..., Any], schema: Schema,
         docs: dict[str, Any]) -> None:  # fmt: skip
    endpoint = f"{blueprint.name}.{contract.name}"
    CONTRACTS[endpoint] = contract
    view.__name__, view.__doc__ = contract.name, None
    location = "json" if method == "POST" else "query"
    needs_body = any(field.required for field in schema.fields.values())
    view = blueprint.arguments(schema, location=location, required=needs_body)(view)
    rule = contract.path.replace("<id>", "<id:id>")
    blueprint.add_url_rule(rule, contract.name, blueprint.doc(**docs)(view), methods=[method])


def _command_view(command: Command) -> Callable[..., flask.Response]:
    def view(data: dict[str, Any], id: str = "") -> flask.Response:
        return reading.answered(
            calls.execute(command, id, data, key=reading.key(), version=reading.version())
        )

    return view


def _query_view(query: Query) -> Callable[..., flask.Response]:
    def view(params: dict[str, Any], **path: str) -> flask.Response:
        return reading.answered(calls.ask(query, **params, **path))

    return view


def _require_signed_in_unless_open() -> None:
    if request.endpoint not in OPEN:
        require_signed_in()


# --- descriptions ---------------------------------------------------------------------------------------------------


def _command_docs(command: Command) -> dict[str, Any]:
    headers = ["IdempotencyKey", "IfMatch"] if "<id>" in command.path else ["IdempotencyKey"]
    return {
        "operationId": command.name, "summary": command.label, "description": command.summary, "parameters": headers,
        "responses": {200: "Done", **{status: f"Refused{status}" for status in COMMAND_REFUSALS}},
    }  # fmt: skip


def _query_docs(query: Query) -> dict[str, Any]:
    docs = {
        "operationId": query.name, "summary": query.label, "description": query.summary,
        "responses": {200: "Answer", **{status: f"Refused{status}" for status in QUERY_REFUSALS}},
    }  # fmt: skip
    if f"api_{query.service}.{query.name}" in OPEN:
        docs["security"] = [{}, {"bearer": []}]
    return docs


def without(schema: Schema, name: str) -> Schema:
    """The same without one field: the parameters of a query beside the one in its path."""
    return type(schema)(exclude=(name,) if name in schema.fields else (), unknown=schema.unknown)


def _describe_what_is_common(api: Api) -> None:
    api.ma_plugin.converter.add_attribute_function(_labelled)
    api.ma_plugin.converter.schema_name_resolver = _component_name
    parts = api.spec.components
    parts.security_scheme(
        "bearer", {"type": "http", "scheme": "bearer", "description": "POST /api/sign-in 给出的令牌"}
    )
    parts.parameter(
        "IdempotencyKey", "header",
        {"name": "Idempotency-Key", "description": "操作编号；同一编号重复提交只办理一次", "schema": {"type": "string", "maxLength": 128}},
    )  # fmt: skip
    parts.parameter(
        "IfMatch", "header",
        {"name": "If-Match", "description": "所见内容的版本号；已有更新的版本时拒绝（409）", "schema": {"type": "string"}},
    )  # fmt: skip
    parts.header(
        "Traceparent", {"description": "这次操作的轨迹（W3C trace context）", "schema": {"type": "string"}}
    )
    parts.schema("Problem", PROBLEM_SCHEMA)
    parts.schema("CommandAnswer", COMMAND_ANSWER_SCHEMA)
    parts.response(
        "Done",
        _in_json("已办理", {"$ref": "#/components/schemas/CommandAnswer"})
        | {"headers": {"traceparent": "Traceparent"}},
    )
    parts.response("Answer", _in_json("所询问的内容", {}))
    for status, description in REFUSALS.items():
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        parts.response(f"Refused{status}", {"description": description, "content": content})


PROBLEM_SCHEMA = {
    "description": "没有办成的原因（RFC 9457）",
    "properties": {
        "type": {"type": "string", "description": "种类，如 urn:jianyi:problem:wrong-state"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "给用户看的一句话"},
        "instance": {"type": "string"},
        "errors": {"type": "object", "description": "按项目列出的说明", "additionalProperties": True},
    },
    "required": ["type", "title", "status", "detail"],
}
COMMAND_ANSWER_SCHEMA = {
    "properties": {
        "id": {"type": "string", "description": "编号"},
        "version": {"type": "integer", "description": "版本，用于 If-Match"},
        "state": {"type": "string", "description": "状态"},
    },
    "additionalProperties": True,
}


def _in_json(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _labelled(self: Any, field: fields.Field, **_: Any) -> dict[str, Any]:
    """What a field is called in Chinese, with the meaning of its values."""
    text = "。".join(filter(None, (field.metadata.get("label"), field.metadata.get("hint"))))
    if choices := {v: label for v, label in field.metadata.get("choices", {}).items() if v != label}:
        text += "：" + "、".join(f"{value}={label}" for value, label in choices.items())
    return {"description": text} if text else {}


def _component_name(schema: Any) -> str | None:
    """Commands' bodies are named after the command; parts of them are written out where they are used."""
    name = (schema if isinstance(schema, type) else type(schema)).__name__
    return None if name == "GeneratedSchema" else name


def _docs(api: Api) -> str:
    """A readable list of all routes: closed networks reach no viewer's scripts."""
    described = api.spec.to_dict()
    operations = [
        {"method": method.upper(), "path": path, **operation}
        for path, item in described["paths"].items()
        for method, operation in item.items()
        if method in ("get", "post")
    ]
    tags = [(tag, [o for o in operations if tag["name"] in o["tags"]]) for tag in described["tags"]]
    schemas = described["components"]["schemas"]
    return flask.render_template(
        "api_docs.html",
        tags=tags,
        introduction=INTRODUCTION,
        fields_of=lambda operation: _fields(operation, schemas),
    )


def _fields(operation: dict[str, Any], schemas: dict[str, Any]) -> list[dict[str, Any]]:
    """{name, text, required} of what an operation takes in its body or query string."""
    if "requestBody" in operation:
        schema = schemas[
            operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        ]
        required = schema.get("required", ())
        properties = schema.get("properties", {}).items()
        return [
            {"name": n, "text": p.get("description", ""), "required": n in required} for n, p in properties
        ]
    taken = [p for p in operation.get("parameters", ()) if p.get("in") == "query"]
    return [{"name": p["name"], "text": p.get("description", ""), "required": p["required"]} for p in taken]


BLUEPRINTS = [_blueprint(service, contracts, text) for service, (contracts, text) in SERVICES.items()]
