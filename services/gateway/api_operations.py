"""REST routes for offices' workbooks and for operators."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access, ledger_desk, reading
from services.gateway.access import calls, current_actor
from services.gateway.api import ApiBlueprint
from services.gateway.pages.places import congress_of
from shared.problems import NotAllowed, NotFound
from shared.settings import SERVICES

SECONDS = 15.0

blueprint = ApiBlueprint("operations", "台账工作簿、运维")


@blueprint.route("/ledger/import", methods=["POST"])
@blueprint.doc(
    operationId="import_ledger", summary="导入台账工作簿",
    description="multipart/form-data with `file` (.xlsx) and `congress`. Answers {added, known}; or, where rows are wrong, "
    "the workbook with a column that says what, header X-Bad-Rows, and nothing taken in.",
    responses={200: "Answer", 401: "Refused401", 403: "Refused403", 422: "Refused422"},
)  # fmt: skip
@access.signed_in
def import_ledger() -> flask.Response:
    outcome = ledger_desk.take_in(calls, request.form.get("congress", ""), request.files.get("file"))
    if outcome.problems:
        refused = ledger_desk.as_workbook(outcome.problems, "台账-有误.xlsx", status=422)
        refused.headers["X-Bad-Rows"] = str(len(outcome.wrong))
        return refused
    return reading.answered({"added": outcome.added, "known": outcome.known})


@blueprint.route("/ledger/export")
@blueprint.doc(
    operationId="export_ledger", summary="导出台账工作簿", description="The ledger as .xlsx; filters as for GET /api/ledger.",
    responses={200: {"description": "工作簿"}, 401: "Refused401", 422: "Refused422"},
)  # fmt: skip
@access.signed_in
def export_ledger() -> flask.Response:
    wanted: dict[str, Any] = {
        **request.args,
        "congress": congress_of(current_actor, request.args.get("congress", "")),
    }
    name, content = ledger_desk.export(calls, wanted)
    return ledger_desk.as_workbook(content, name)


@blueprint.route("/operate/<service>/<action>", methods=["POST"])
@blueprint.doc(
    operationId="operate", summary="运维", description="An operator's action at one service: causes, dead_letters, "
    "dead_letter, replay, replay_cause, drop, dropped, tail, status, projections, rebuild, rebuild_status. Answers {answer}.",
    responses={200: "Answer", 401: "Refused401", 403: "Refused403", 404: "Refused404", 422: "Refused422"},
)  # fmt: skip
@access.signed_in
def operate(service: str, action: str) -> flask.Response:
    if not (current_actor.has("operator") or current_actor.has("system")):
        raise NotAllowed("只有运维人员可以这样做。")
    if service not in SERVICES:
        raise NotFound(f"没有“{service}”这个服务。")
    params = reading.json_body(reading.MOST_BYTES)
    answer = calls.operate(service, action, params, SECONDS)
    return reading.answered({"answer": answer})
