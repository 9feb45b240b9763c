"""Whose deputies have not been talked with yet, and in which phase: for units their own tasks, for the office of a system those
of its units, for offices the congress's."""

from __future__ import annotations

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages.places import congress_of, own_congresses
from shared.contracts import assignment
from shared.terms import CONTACT_PHASES

blueprint = flask.Blueprint("contacts_pages", __name__)

OFFICES = ("liaison", "distributing")
MOST = 500


@blueprint.get("/contacts")
@access.signed_in
def contacts() -> str:
    is_office = any(current_actor.has(role) for role in OFFICES)
    congress = congress_of(current_actor, request.args.get("congress", "")) if is_office else ""
    lines = calls.ask(assignment.CONTACTS_DUE, congress=congress, limit=MOST)
    return flask.render_template(
        "contacts.html", lines=lines, congress=congress, congresses=own_congresses() if is_office else [], phases=CONTACT_PHASES,
        is_cut=len(lines) == MOST,
    )  # fmt: skip
