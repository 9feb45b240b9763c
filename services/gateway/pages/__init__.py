"""Pages for people. So far: signing in and out, the first page, and what is shown when something is refused."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access, work
from services.gateway.access import calls, is_signed_in
from services.gateway.pages import figures, ledger, search
from services.gateway.pages.menu import menu
from shared.identity import ROLE_LABELS
from shared.problems import NotSignedIn, Problem

blueprint = flask.Blueprint("pages", __name__)


def add_pages(app: flask.Flask) -> None:
    """Add all pages to the application."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["menu"] = menu
    for page in (ledger.blueprint, figures.blueprint, search.blueprint):
        app.register_blueprint(page)


@blueprint.get("/")
@access.signed_in
def home() -> str:
    return flask.render_template("home.html", role_labels=ROLE_LABELS, **work.my_work(calls))


@blueprint.get("/sign-in")
def sign_in_form() -> Any:
    if is_signed_in():
        return flask.redirect(_next())
    return flask.render_template("sign_in.html", next=_next(), login="", problem=None)


@blueprint.post("/sign-in")
def sign_in() -> Any:
    login = request.form.get("login", "")
    try:
        token, _ = access.sign_in(login, request.form.get("password", ""))
    except Problem as problem:
        page = flask.render_template("sign_in.html", next=_next(), login=login, problem=problem)
        return page, problem.status
    response = flask.redirect(_next(), 303)
    access.remember(response, token)
    return response


@blueprint.post("/sign-out")
def sign_out() -> Any:
    response = flask.redirect(flask.url_for("pages.sign_in_form"), 303)
    access.forget(response)
    return response


def refused_page(problem: Problem) -> Any:
    """The page for a refusal; for who is not signed in, the way to sign in and back."""
    if isinstance(problem, NotSignedIn):
        back = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return flask.redirect(flask.url_for("pages.sign_in_form", next=back), 303)
    return flask.render_template("problem.html", problem=problem), problem.status


def _next() -> str:
    """Where to go after signing in: a page of ours, never another site's."""
    wanted = request.values.get("next", "")
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_ours else "/"
