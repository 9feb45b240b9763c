"""Pages for people, rendered here and usable without a script; one module for each thing that somebody comes to do."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import flask
from flask import g, request
from werkzeug.exceptions import HTTPException

from services.gateway.pages import (
    activities,
    analysis,
    appraisals,
    attachments,
    awards,
    bundles,
    claiming,
    columns,
    contacts,
    demands,
    deputy_words,
    desks,
    figures,
    flags,
    forms,
    grades,
    home,
    key,
    ledger,
    local,
    materials,
    meetings,
    messages,
    operations,
    places,
    planned,
    practices,
    promises,
    recommended,
    register,
    reports,
    results,
    scores,
    search,
    stations,
    suggestions,
    supervising,
    systems,
    unit_board,
    unit_checks,
    voices,
    webhooks,
    writing,
    year,
)
from services.gateway.pages.menu import entry_of, honours, menu, year_pages
from services.gateway.traces import wait_until_followed
from shared.clock import CHINA
from shared.problems import NotSignedIn, Problem
from shared.trace import trace_id

PAUSES = (0.07, 0.05, 0.05, 0.08)
"""Seconds between which a form's answer looks whether what it caused has come to all services; mostly the first look is enough,
and none before it would be. After a quarter of a second the page comes all the same."""
LONG_TEXT = 10  # signs: shorter is typed again soon
OWN = (
    "csrf_token",
    "key",
    "version",
    "suggestion",
    "next",
    "password",
)  # fields that nobody typed, or nobody should see


def add_pages(app: flask.Flask) -> None:
    """Add all pages to the application."""
    app.jinja_env.globals |= {
        "menu": menu,
        "honours": honours,
        "unread": messages.unread,
        "menu_entry": entry_of,
        "helped_by": materials.helped_by,
        "may_look_back": supervising.may_look_back,
        "may_see_bundles": bundles.may_see_bundles,
        "may_release_columns": columns.may_release_columns,
        "may_recommend": recommended.may_recommend,
        "may_see_flags": flags.may_see_flags,
        "may_read_words": deputy_words.may_read_words,
        "may_see_grades": grades.may_see_grades,
        "year_pages": year_pages,
    }
    app.jinja_env.filters |= {
        "china": china,
        "size": attachments.size_in_words,
        "class_words": places.class_in_words,
    }
    app.after_request(_show_what_was_caused)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for page in (
        home,
        claiming,
        suggestions,
        attachments,
        bundles,
        writing,
        desks,
        key,
        recommended,
        ledger,
        local,
        supervising,
        columns,
        meetings,
        promises,
        contacts,
        stations,
        voices,
        activities,
        figures,
        flags,
        appraisals,
        awards,
        demands,
        deputy_words,
        scores,
        grades,
        search,
        materials,
        webhooks,
        messages,
        operations,
        practices,
        systems,
        unit_board,
        unit_checks,
        register,
        year,
        planned,
        reports,
        results,
        analysis,
    ):
        app.register_blueprint(page.blueprint)


def _show_what_was_caused(response: flask.Response) -> flask.Response:
    """Who has given a command by a form reads a page next, made of what several services know: it shall be true by then."""
    if request.method == "POST" and response.status_code == 303 and "calls" in g and g.calls.gave_a_command:
        began = time.monotonic()
        wait_until_followed(g.calls, trace_id(g.traceparent), PAUSES)
        g.waited = time.monotonic() - began
    return response


def refused_page(problem: Problem) -> Any:
    """The page for a refusal; for who is not signed in, the way to sign in and back, with what was filled in."""
    if isinstance(problem, NotSignedIn):
        if request.method == "POST":
            return home.sign_in_again()
        return flask.redirect(flask.url_for("pages.sign_in_form", next=request.full_path.rstrip("?")), 303)
    return flask.render_template("problem.html", problem=problem, typed=_typed()), problem.status


def _typed() -> list[str]:
    """The texts of a form that could not be taken: nobody has to write them again."""
    if request.method != "POST":
        return []
    try:
        return forms.texts_of(request.form.items(multi=True))
    except HTTPException:  # what was sent cannot be read at all
        return []


def china(at: str) -> str:
    """A time of an event (ISO 8601, UTC) as people here read it: 2023-02-20 09:00."""
    return datetime.fromisoformat(at).astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
