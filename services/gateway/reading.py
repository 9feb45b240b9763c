"""Reads requests of programs: bodies, query strings and headers that may hold anything."""

from __future__ import annotations

import re
from typing import Any

import flask
import orjson
from flask import request
from marshmallow import fields
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from services.gateway.calls import takes_much
from services.gateway.refusals import BadRequest
from shared.contracts import Contract
from shared.problems import Invalid, NotFound

MOST_BYTES = 2**20
MOST_IMPORT_BYTES = 32 * 2**20

KEY = re.compile(r"[\x21-\x7e]{1,128}")
VERSION = re.compile(r'(?:W/)?"?(\d{1,9})"?')


class ContractParser(FlaskParser):
    """flask-smorest's way in: checks by the contract what was sent, and hands it on as it came.

    The service reads it again and does not trust the gateway; refusing here only spares the call.
    """

    def __init__(self, contracts: dict[str, Contract]) -> None:
        super().__init__()
        self.contracts = contracts  # by endpoint

    def parse(self, argmap: Any, req: Any = None, **_: Any) -> dict[str, Any]:
        contract = self.contracts[request.endpoint or ""]
        if request.method == "POST":
            data = json_body(MOST_IMPORT_BYTES if takes_much(contract) else MOST_BYTES)
            contract.load(data)
        else:
            data = query_params(contract)
            _load_with_id(contract, data, request.view_args or {})
        return data


def json_body(most_bytes: int) -> dict[str, Any]:
    """The JSON object in the body; an empty one when there is no body. Raises BadRequest and others."""
    request.max_content_length = most_bytes
    raw = request.get_data(cache=False).removeprefix(b"\xef\xbb\xbf")
    if not raw:
        return {}
    if len(raw) >= most_bytes:  # werkzeug cuts off there what came in chunks
        raise RequestEntityTooLarge
    if not request.is_json:
        raise UnsupportedMediaType
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadRequest(
            f"请求内容不是正确的 JSON，应当用 UTF-8 编码（第 {error.lineno} 行第 {error.colno} 列）。"
        ) from None
    if not isinstance(data, dict):
        raise Invalid("请求内容应当是一个 JSON 对象。")
    return data


def query_params(contract: Contract) -> dict[str, Any]:
    """The query string by name: lists for what the contract calls a list, or for what is given more than once."""
    found: dict[str, Any] = {}
    for name, values in request.args.lists():
        given = [value for value in values if value != ""]  # a field left empty in a form
        is_list = isinstance(contract.schema.fields.get(name), fields.List)
        if given:
            found[name] = given if is_list or len(given) > 1 else given[0]
        elif name not in contract.schema.fields:
            found[name] = ""
    return found


def _load_with_id(contract: Contract, params: dict[str, Any], path: dict[str, Any]) -> None:
    if "id" in params and path:
        raise Invalid(f"{contract.label}：编号已在地址中，不必再填。", {"id": ["不认识的项目。"]})
    try:
        contract.load(params | path)
    except Invalid as refusal:
        if path and "id" in refusal.errors:
            raise NotFound(f"没有找到{contract.label}。") from refusal
        raise


def key() -> str | None:
    """The Idempotency-Key header: a repeat with the same key changes nothing."""
    given = request.headers.get("Idempotency-Key")
    if given is not None and not KEY.fullmatch(given):
        raise Invalid("操作编号（Idempotency-Key）应当是 1 到 128 个字母、数字或符号。")
    return given


def version() -> int | None:
    """The If-Match header: the version that the person saw."""
    given = request.headers.get("If-Match", "*").strip()
    if given == "*":
        return None
    if not (match := VERSION.fullmatch(given)):
        raise Invalid('If-Match 应当是内容的版本号，例如 "3"。')
    return int(match[1])


def answered(answer: Any, status: int = 200) -> flask.Response:
    """The answer as JSON, with its version as ETag for the If-Match of a later command."""
    response = flask.Response(
        orjson.dumps(answer, option=orjson.OPT_NON_STR_KEYS), status, mimetype="application/json"
    )
    if isinstance(answer, dict) and isinstance(answer.get("version"), int):
        response.set_etag(str(answer["version"]))
    return response
