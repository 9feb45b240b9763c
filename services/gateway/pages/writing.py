"""Writing a suggestion, with earlier similar ones beside it."""

from __future__ import annotations

import re
from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import asking, forms, materials, places, voices
from services.gateway.pages.places import congresses_of, named
from shared.contracts import intake
from shared.contracts import voices as voices_of
from shared.problems import NotAllowed, Problem
from shared.terms import LIFE

blueprint = flask.Blueprint("writing", __name__)

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@blueprint.get("/write")
@access.signed_in
def write() -> str:
    wanted = request.args.get("congress", "")
    seats = _own_congresses()
    values: dict[str, Any] = {"congress": wanted if wanted in seats else seats[0]}
    if voice := _voice(request.args):
        values |= {"opinions": [voice["words"]], "category": voice["category"]}
    return _page(_filled(values, request.args.get("template", "")), None)


@blueprint.post("/write/template")
@access.signed_in
def use_template() -> str:
    """What a template says goes into the parts that are still empty; nothing that was typed is lost."""
    typed = forms.read(intake.DRAFT, request.form)
    return _page(_filled(typed, request.form.get("template", "")), None, key=forms.key_of(request.form))


def _filled(values: dict[str, Any], template: str) -> dict[str, Any]:
    if not template:
        return values
    found = materials.template(template)
    kept = [label for part, label in materials.PARTS.items() if values.get(part) and found[part]]
    flask.flash(
        f"已填入模板“{found['title']}”，请把【】里的内容改成您调研的情况。"
        + (f"{'、'.join(kept)}您已经写了，没有改动。" if kept else "")
    )
    return {**{name: found[name] for name in ("category", *materials.PARTS)}, **values}


@blueprint.post("/write")
@access.signed_in
def draft() -> Any:
    data = forms.read(intake.DRAFT, request.form)
    try:
        answer = calls.execute(intake.DRAFT, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _page(data, problem, key=forms.key_of(request.form)), problem.status
    flask.flash("草稿已保存。可以邀请其他代表附议，然后提交。")
    if voice := _voice(request.form):
        try:
            calls.execute(
                voices_of.USE_VOICE, voice["id"], {"suggestion": answer["id"]}, key=f"use-{answer['id']}"
            )
        except Problem as problem:
            flask.flash(f"草稿没有和选民意见连起来：{problem.detail}", "warning")
    return flask.redirect(flask.url_for("suggestions.suggestion", id=answer["id"]), 303)


@blueprint.post("/similar")
@access.signed_in
def similar() -> str:
    """Earlier suggestions like what is being written, to be put beside it; empty where search is away."""
    hits = asking.similar_to(request.form, request.form.get("exclude", ""))
    return flask.render_template(
        "_similar.html",
        hits=hits,
        states=LIFE,
        reply_classes=places.reply_classes_at(request.form.get("congress", "")),
    )


@blueprint.post("/write/findings")
@access.signed_in
def findings() -> str:
    """What the office would object to in what is being written, to be put beside it; empty where intake is away."""
    text = {"congress": _own_congresses()[0], **forms.read(intake.FINDINGS, request.form)}
    answer = calls.gather({"checks": (intake.FINDINGS, text)})["checks"]
    checks = None if isinstance(answer, Problem) else answer
    return flask.render_template(
        "_findings.html", checks=checks, while_writing=True, congress=text["congress"]
    )


def _voice(given: Any) -> dict[str, Any] | None:
    """The voter's opinion of which this suggestion is to be made."""
    id = given.get("voice", "")
    return voices.opinion_for(id) if UUID.fullmatch(id) else None


def _page(values: dict[str, Any], problem: Problem | None, key: str = "") -> str:
    errors = problem.errors if problem else {}
    congress = values.get("congress", "")
    places = list(named(_own_congresses()).items())
    fixed = {"congress": places[0][1]} if len(places) == 1 else {}
    options = {
        "congress": places,
        "category": asking.categories_of(congress),
        "delegation": asking.own_delegations(congress),
        "proposed_units": asking.units_of(congress),
    }
    templates, courseware = materials.while_writing(congress)
    return flask.render_template(
        "write.html", d=None, voice=request.values.get("voice", ""), voices=voices.waits_for_me(), templates=templates, courseware=courseware, contract=intake.DRAFT, fields=forms.fields_of(intake.DRAFT, values, errors, options, fixed),
        problem=problem, stale=False, about={}, elsewhere=forms.errors_elsewhere(intake.DRAFT, errors),
        key=key or forms.new_key(), version=None, action=flask.url_for("writing.draft"),
    )  # fmt: skip


def _own_congresses() -> list[str]:
    """Where the person is a deputy. Raises NotAllowed when nowhere."""
    own = congresses_of(current_actor, "deputy")
    if not own:
        raise NotAllowed("只有人大代表可以写建议。")
    return own
