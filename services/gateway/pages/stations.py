"""Stations of deputies on the screen: where they are, who works there, receptions and visits, and each deputy's figures."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import asking, forms
from services.gateway.pages.forms import Option
from services.gateway.pages.giving import give
from services.gateway.pages.places import congresses_of, named
from shared.contracts import Command, directory, voices, voters
from shared.identity import SUPERVISORS_OF_THE_CONGRESS
from shared.problems import NotFound, Problem
from shared.terms import ENCOUNTER_KINDS

blueprint = flask.Blueprint("stations", __name__)

Data = dict[str, Any]
READERS = ("liaison", *SUPERVISORS_OF_THE_CONGRESS)
# What is done at a station, in the order of the page; each has a form there.
STEPS = {
    command.name: command
    for command in (
        voters.LOG_RECEPTION, voters.LOG_VISIT, voices.RECORD_VOICE, voters.PLAN_RECEPTION, voters.ASSIGN_TO_STATION, voters.TAKE_FROM_STATION,
        voters.CHECK_STATION, voters.CHANGE_STATION, voters.CLOSE_STATION,
    )
}  # fmt: skip
MOST_LINES = 200


@blueprint.get("/stations")
@access.signed_in
def overview() -> str:
    return _overview({}, None)


@blueprint.post("/stations")
@access.signed_in
def register() -> Any:
    data = forms.read(voters.REGISTER_STATION, request.form)
    try:
        answer = calls.execute(voters.REGISTER_STATION, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _overview(data, problem), problem.status
    flask.flash("联络站已登记，请编入代表。")
    return flask.redirect(flask.url_for("stations.station", id=answer["id"]), 303)


@blueprint.get("/stations/<uuid:id>")
@access.signed_in
def station(id: Any) -> str:
    return _station(str(id), "", {}, None)


@blueprint.post("/stations/<uuid:id>/<step>")
@access.signed_in
def act(id: Any, step: str) -> Any:
    if step not in STEPS:
        raise NotFound("没有这项操作。")
    command, posted = STEPS[step], request.form
    data = forms.read(command, posted)
    if command is voters.CHECK_STATION:  # boxes to tick, one for each point of the standard
        data["met"] = posted.getlist("met")
    return give(
        command, str(id), data, lambda problem: _station(str(id), step, data, problem),
        flask.url_for("stations.station", id=id), said=f"已{command.label}。", version=forms.version_of(posted),
    )  # fmt: skip


@blueprint.get("/stations/encounters")
@access.signed_in
def encounters() -> str:
    """The list behind each figure."""
    wanted = {
        name: request.args.get(name, "")
        for name in ("congress", "station", "deputy", "kind", "state", "year")
    }
    lines = calls.ask(
        voters.ENCOUNTERS, **{name: value for name, value in wanted.items() if value}, limit=MOST_LINES
    )
    held = [line for line in lines if line["state"] == "held"]
    return flask.render_template(
        "encounters.html", lines=lines, wanted=wanted, kinds=ENCOUNTER_KINDS, new_key=forms.new_key, people=sum(line["people"] for line in held),
        is_cut=len(lines) == MOST_LINES, back=request.full_path,
    )  # fmt: skip


@blueprint.post("/stations/encounters/<uuid:id>/cancel")
@access.signed_in
def cancel(id: Any) -> Any:
    data = forms.read(voters.CANCEL_ENCOUNTER, request.form)
    calls.execute(voters.CANCEL_ENCOUNTER, str(id), data, key=forms.key_of(request.form))
    flask.flash("已撤销，不再计入。")
    back = request.form.get("back", "")
    return flask.redirect(
        back if back.startswith("/stations/encounters?") else flask.url_for("stations.overview"), 303
    )


# --- the pages ------------------------------------------------------------------------------------------------------


def _overview(data: Data, problem: Problem | None) -> str:
    congress, own = _congress(), _own()
    reads_all = any(current_actor.has(role, congress) for role in READERS)
    questions: dict[str, Any] = {"stations": (voters.STATIONS, {})}
    if reads_all or current_actor.has("deputy", congress):
        year = request.args.get("year", "")
        questions["figures"] = (
            voters.DEPUTY_DUTIES,
            {"congress": congress, **({"year": year} if year else {})},
        )
    if reads_all:
        year = request.args.get("year", "")
        questions["said_of"] = (
            voices.VOTER_JUDGEMENTS_OF,
            {"congress": congress, **({"year": year} if year else {})},
        )
    found = calls.gather(questions)
    if isinstance(found["stations"], Problem):
        raise found["stations"]
    figures = found.get("figures")
    if isinstance(figures, Problem) and figures.status < 500:
        raise figures
    registers = current_actor.has("liaison", congress)
    errors = problem.errors if problem else {}
    fields = (
        forms.fields_of(
            voters.REGISTER_STATION, {**data, "congress": congress}, errors, {"keepers": _keepers(congress)}, {"congress": ""}
        ) if registers else []
    )  # fmt: skip
    lines = found["stations"]
    return flask.render_template(
        "stations.html", here=[line for line in lines if line["congress"] == congress], elsewhere=[line for line in lines if line["congress"] != congress],
        figures=None if isinstance(figures, Problem) else figures, congress=congress, congresses=named(own) if len(own) > 1 else {},
        fields=fields, problem=problem, is_open=bool(data or problem), key=forms.new_key(), reads_all=reads_all,
        unanswered=isinstance(figures, Problem), said_of=None if isinstance(found.get("said_of"), Problem) else found.get("said_of"),
    )  # fmt: skip


def _station(id: str, step: str, data: Data, problem: Problem | None) -> str:
    found = calls.ask(voters.STATION, id=id, **({"year": y} if (y := request.args.get("year", "")) else {}))
    answers = calls.gather(
        {
            "lines": (voters.ENCOUNTERS, {"station": id, "limit": 20}),
            "voices": (voices.VOICES, {"station": id, "limit": 10}),
            "said_of": (
                voices.VOTER_JUDGEMENTS_OF,
                {"congress": found["congress"], "station": id, "year": found["year"]},
            ),
        }
    )
    lines = [] if isinstance(answers["lines"], Problem) else answers["lines"]
    said_of = None if isinstance(answers["said_of"], Problem) else answers["said_of"]
    said = [] if isinstance(answers["voices"], Problem) else answers["voices"]
    allowed = {line["command"] for line in found["may"]}
    levels = named(sorted({seat["congress"] for seat in found["deputies"]} | {found["congress"]}))
    shown: list[Data] = [
        {
            "step": name, "label": command.label, "is_open": name in (step, request.args.get("do")),
            "fields": forms.fields_of(
                command, data if name == step else _beforehand(name, found), problem.errors if problem and name == step else {},
                _options(command, found), {},
            ),
        }
        for name, command in STEPS.items() if name in allowed
    ]  # fmt: skip
    for form in shown:
        for field in form["fields"]:
            field.scope = f"{form['step']}-"  # several forms on one page have fields of the same name
    return flask.render_template(
        "station.html", s=found, lines=lines, said=said, said_of=said_of, forms=shown, problem=problem, new_key=forms.new_key, levels=levels,
        places=_levels(found["congress"]) if voters.ASSIGN_TO_STATION.name in allowed else {}, of=_of(found["congress"]),
    )  # fmt: skip


def _beforehand(step: str, found: Data) -> Data:
    """What a form begins with: the station's own data, today, and the reception that was opened from the first page."""
    mine = [seat["id"] for seat in found["deputies"] if seat["id"] in current_actor.seats]
    on, deputy = request.args.get("on") or access.today().isoformat(), request.args.get("deputy", "")
    match step:
        case "change_station":
            return {name: found[name] for name in ("name", "address", "head", "phone", "hours", "keepers")}
        case "check_station":
            return {"met": [point["item"] for point in found["points"] if point["met"]]}
        case "log_reception":
            return {"on": on, "deputies": [deputy] if deputy else mine}
        case "log_visit":
            return {"on": access.today().isoformat(), "deputy": mine[0] if mine else ""}
        case "record_voice":
            return {"on": access.today().isoformat(), "deputy": mine[0] if mine else ""}
        case "plan_reception":
            return {"deputies": mine}
    return {}


def _options(command: Command, found: Data) -> dict[str, list[Option]]:
    """Deputies of the station (a deputy chooses the own seat alone), or those who may still be assigned."""
    assigned = {seat["id"] for seat in found["deputies"]}
    if command is voters.ASSIGN_TO_STATION:
        return {
            "deputies": [one for one in asking.deputies_of(_of(found["congress"])) if one[0] not in assigned]
        }
    offered: dict[str, list[Option]] = {}
    if command is voices.RECORD_VOICE:
        offered["category"] = asking.categories_of(found["congress"])
    if command is voters.CHANGE_STATION:
        return {"keepers": _keepers(found["congress"])}
    acts_for_all = voters.CHECK_STATION.name in {line["command"] for line in found["may"]}
    seats = [seat for seat in found["deputies"] if acts_for_all or seat["id"] in current_actor.seats]
    levels = named(sorted({seat["congress"] for seat in seats} - {found["congress"]}))
    own = [
        (
            seat["id"],
            f"{seat['name']}（{levels[seat['congress']]}）" if seat["congress"] in levels else seat["name"],
        )
        for seat in seats
    ]
    return {**offered, "deputies": own, "deputy": own}


def _keepers(congress: str) -> list[Option]:
    """Accounts of the congress with the role `station`."""
    answer = calls.gather({"accounts": (directory.ACCOUNTS, {"congress": congress, "limit": 200})})[
        "accounts"
    ]
    accounts = [] if isinstance(answer, Problem) else answer
    return [
        (account["id"], f"{account['name']}（{account['login']}）")
        for account in accounts
        if any(role["role"] == "station" and role["congress"] == congress for role in account["roles"])
    ]


def _levels(congress: str) -> dict[str, str]:
    """The congresses whose deputies may be assigned: this one, those above it, and those directly below."""
    parts = congress.split(".")
    line = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    answer = calls.gather({"below": (directory.DIVISIONS, {"parent": congress})})["below"]
    below = [] if isinstance(answer, Problem) else [d for d in answer if d["has_congress"]]
    return named(line) | {division["path"]: division["name"] for division in below}


def _of(congress: str) -> str:
    """Whose deputies are offered to be assigned."""
    return request.values.get("of") or congress


def _own() -> list[str]:
    mine = ("deputy", "station", *READERS)
    return congresses_of(current_actor, *mine)


def _congress() -> str:
    own = _own()
    wanted = request.values.get("congress", "")
    return wanted if wanted in own else next(iter(own), "")
