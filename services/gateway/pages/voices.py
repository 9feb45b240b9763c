"""What voters said, on the screen: the list, and each opinion with what became of it and what can be done."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import asking, forms
from services.gateway.pages.forms import Option
from services.gateway.pages.giving import give
from shared.contracts import Command, intake, voices, voters
from shared.problems import NotFound, Problem
from shared.terms import TOLD_BY, VOTER_JUDGEMENTS

blueprint = flask.Blueprint("voices", __name__)

Data = dict[str, Any]
STATES = {
    "recorded": "待处理", "passed_on": "已转交", "used": "已写入建议", "answered": "已答复，待回告", "concluded": "建议有了结果，待回告",
    "closed": "已办结",
}  # fmt: skip
STEPS = {
    command.name: command
    for command in (
        voices.USE_VOICE,
        voices.ANSWER_VOICE,
        voices.TELL_VOTER,
        voices.PASS_ON_VOICE,
        voices.GIVE_VOICE,
    )
}
MOST_LINES = 50
DRAFTING = ("draft", "returned")


@blueprint.get("/stations/voices")
@access.signed_in
def listed() -> str:
    wanted = {name: request.args.get(name, "") for name in ("station", "state", "judgement", "year", "after")}
    lines = calls.ask(
        voices.VOICES, **{name: value for name, value in wanted.items() if value}, limit=MOST_LINES
    )
    return flask.render_template(
        "voices.html",
        lines=lines,
        wanted=wanted,
        states=STATES,
        judgements={**VOTER_JUDGEMENTS, "none": "没有评价"},
        last=lines[-1]["id"] if len(lines) == MOST_LINES else "",
    )


@blueprint.get("/stations/voices/<uuid:id>")
@access.signed_in
def voice(id: Any) -> str:
    return _page(str(id), "", {}, None)


@blueprint.post("/stations/voices/<uuid:id>/<step>")
@access.signed_in
def act(id: Any, step: str) -> Any:
    if step not in STEPS:
        raise NotFound("没有这项操作。")
    command, posted = STEPS[step], request.form
    data = forms.read(command, posted)
    return give(
        command, str(id), data, lambda problem: _page(str(id), step, data, problem),
        flask.url_for("voices.voice", id=id), said=f"已{command.label}。", version=forms.version_of(posted),
    )  # fmt: skip


def _page(id: str, step: str, data: Data, problem: Problem | None) -> str:
    found = calls.ask(voices.VOICE, id=id)
    allowed = {line["command"] for line in found["may"]}
    drafts = _drafts(found) if voices.USE_VOICE.name in allowed else []
    shown: list[Data] = [
        {
            "step": name, "label": command.label, "is_open": name == step,
            "fields": forms.fields_of(
                command, data if name == step else _beforehand(name, found), problem.errors if problem and name == step else {},
                _options(command, found, drafts),
            ),
        }
        for name, command in STEPS.items() if name in allowed and (name != voices.USE_VOICE.name or drafts)
    ]  # fmt: skip
    for form in shown:
        for field in form["fields"]:
            field.scope = f"{form['step']}-"
    return flask.render_template(
        "voice.html", v=found, forms=shown, problem=problem, new_key=forms.new_key, told_by=TOLD_BY, writes=voices.USE_VOICE.name in allowed,
    )  # fmt: skip


def _drafts(found: Data) -> list[Option]:
    """The person's own drafts at the congress whose deputy has the opinion."""
    answer = calls.gather({"mine": (intake.MY_SUGGESTIONS, {})})["mine"]
    mine = [] if isinstance(answer, Problem) else answer
    return [
        (line["id"], line["title"])
        for line in mine
        if line["state"] in DRAFTING and line["congress"] == found["deputy"]["congress"]
    ]


def _beforehand(step: str, found: Data) -> Data:
    if step == voices.TELL_VOTER.name:
        return {"on": access.today().isoformat(), "words": found["answer"]}
    if step == voices.GIVE_VOICE.name and found["station"]:
        return {"station": found["station"]["id"]}
    return {}


def _options(command: Command, found: Data, drafts: list[Option]) -> dict[str, list[Option]]:
    if command is voices.USE_VOICE:
        return {"suggestion": drafts}
    if command is voices.PASS_ON_VOICE:
        return {"to": [(name, name) for _, name in asking.units_of(found["congress"])]}
    if command is not voices.GIVE_VOICE:
        return {}
    answer = calls.gather({"stations": (voters.STATIONS, {"congress": found["congress"]})})["stations"]
    stations = [] if isinstance(answer, Problem) else [one for one in answer if one["state"] == "open"]
    open_ones = calls.gather(
        {one["id"]: (voters.STATION, {"id": one["id"]}) for one in stations[:MOST_LINES]}
    )
    deputies = {
        seat["id"]: f"{seat['name']}（{one['name']}）"
        for one in open_ones.values() if not isinstance(one, Problem)
        for seat in one["deputies"]
    }  # fmt: skip
    return {"station": [(one["id"], one["name"]) for one in stations], "deputy": list(deputies.items())}


def opinion_for(id: str) -> Data | None:
    """An opinion that the person may put into a draft; None where there is none such, or intake is away."""
    answer = calls.gather({"voice": (voices.VOICE, {"id": id})})["voice"]
    if isinstance(answer, Problem) or voices.USE_VOICE.name not in {
        line["command"] for line in answer["may"]
    }:
        return None
    return dict(answer)


def waits_for_me() -> list[Data]:
    """Opinions that were given to this deputy and are in no draft yet."""
    if not current_actor.seats:
        return []
    answer = calls.gather({"voices": (voices.VOICES, {"limit": MOST_LINES})})["voices"]
    lines = [] if isinstance(answer, Problem) else answer
    return [line for line in lines if voices.USE_VOICE.name in {one["command"] for one in line["may"]}]
