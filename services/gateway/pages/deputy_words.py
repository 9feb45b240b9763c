"""What deputies say of the handling itself: remarks with their answers, and words on the process, for the congress and its offices."""

from __future__ import annotations

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages.places import congress_of, own_congresses
from shared.contracts import supervision
from shared.identity import SUPERVISORS_OF_THE_CONGRESS
from shared.problems import NotAllowed
from shared.terms import DEPUTY_WORDS

blueprint = flask.Blueprint("deputy_words", __name__)

READERS = ("liaison", "distributing", *SUPERVISORS_OF_THE_CONGRESS)
MOST = 500
TABS = {"": "全部", **DEPUTY_WORDS, "unanswered": "没有回应的补充意见"}


def may_read_words() -> bool:
    """For the tabs."""
    return any(current_actor.has(role) for role in READERS)


@blueprint.get("/deputy-words")
@access.signed_in
def listed() -> str:
    place = congress_of(current_actor, request.args.get("congress", ""))
    if not place:
        raise NotAllowed("代表意见按人大查看，您的账号不属于任何一级人大。")
    year, kind = (
        request.args.get("year", "").strip() or str(access.today().year),
        request.args.get("kind", ""),
    )
    wanted = {"unanswered": True} if kind == "unanswered" else {"kind": kind}
    lines = calls.ask(supervision.DEPUTY_WORDS_OF, congress=place, year=year, **wanted, limit=MOST)
    return flask.render_template(
        "deputy_words.html", lines=lines, congress=place, congresses=own_congresses(), year=year, kind=kind, tabs=TABS,
        is_cut=len(lines) == MOST,
    )  # fmt: skip
