"""A form that gives a command about one thing: carried out, or shown again with what was typed and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask
from flask import request

from services.gateway.access import calls
from services.gateway.pages import forms
from shared.contracts import Command
from shared.problems import Problem


def give(
    command: Command, subject: str, data: dict[str, Any], again: Callable[[Problem], str], to: str, *, said: str = "",
    version: int | None = None,
) -> Any:  # fmt: skip
    """Carry out the command that the form of this request brought, say so and go on to another page; refused, show it `again`.

    Raises what says that the thing is not there: then there is no page to show again.
    """
    try:
        calls.execute(command, subject, data, key=forms.key_of(request.form), version=version)
    except Problem as problem:
        if problem.status == 404:
            raise
        return again(problem), problem.status
    flask.flash(said or f"“{command.label}”已办好。")
    return flask.redirect(to, 303)
