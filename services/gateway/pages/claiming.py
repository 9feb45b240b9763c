"""A deputy claims the seat that the account was given, with the code that was handed over in person."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import forms
from shared.contracts import directory
from shared.problems import Problem

blueprint = flask.Blueprint("claiming", __name__)


@blueprint.get("/claim")
@access.signed_in
def ask() -> str:
    return _page({}, None)


@blueprint.post("/claim")
@access.signed_in
def claim() -> Any:
    """Carry it out, and have the deputy sign in anew: now the account is a deputy's, with a password of its own."""
    data = forms.read(directory.CLAIM_SEAT, request.form)
    try:
        calls.execute(directory.CLAIM_SEAT, current_actor.account, data, key=forms.key_of(request.form))
    except Problem as problem:
        return _page({"code": data.get("code", "")}, problem), problem.status
    response = flask.redirect(flask.url_for("pages.sign_in_form"), 303)
    access.forget(response)
    flask.flash("席位已认领。请用新密码登录。")
    return response


def _page(values: dict[str, Any], problem: Problem | None) -> str:
    errors = problem.errors if problem else {}
    fields = forms.fields_of(directory.CLAIM_SEAT, values, errors)
    for field in fields:
        if field.name == "password":
            field.widget, field.value = "password", ""
    return flask.render_template(
        "claim.html", fields=fields, problem=problem, key=forms.new_key(),
        elsewhere=forms.errors_elsewhere(directory.CLAIM_SEAT, errors),
    )  # fmt: skip
