"""The year's scores of units: drawn up, looked at, announced; contested by the unit, decided; a table for the appraisal."""

from __future__ import annotations

import itertools
from dataclasses import replace
from io import BytesIO
from typing import Any

import flask
from flask import request
from openpyxl import Workbook

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import asking, forms
from services.gateway.pages.giving import give
from services.gateway.pages.places import congress_of, own_congresses
from shared.contracts import Command, evaluation
from shared.problems import NotAllowed, NotFound, Problem

blueprint = flask.Blueprint("scores", __name__)

Data = dict[str, Any]

OF_YEAR = {"all": evaluation.SCORE_ALL, "announce": evaluation.ANNOUNCE, "unit": evaluation.SCORE}
OF_ONE = {c.name: c for c in (evaluation.CONTEST, evaluation.DECIDE_CONTEST, evaluation.COMMEND)}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/scores")
@access.signed_in
def scores() -> str:
    return _page(*_place(), {}, None)


@blueprint.post("/scores/<any(all, announce, unit):step>")
@access.signed_in
def of_year(step: str) -> Any:
    contract, (place, year) = OF_YEAR[step], _place()
    data = {**forms.read(contract, request.form), "congress": place, "year": year}
    try:
        answer = calls.execute(contract, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _page(place, year, {contract.name: data}, problem), problem.status
    flask.flash(_said(step, answer))
    return flask.redirect(flask.url_for("scores.scores", congress=place, year=year), 303)


@blueprint.post("/scores/<uuid:id>/<command>")
@access.signed_in
def of_one(id: Any, command: str) -> Any:
    contract, (place, year) = _command(command), _place()
    data = forms.read(contract, request.form)
    return give(
        contract, str(id), data, lambda problem: _page(place, year, {f"{command}/{id}/{data.get('part', '')}": data}, problem),
        flask.url_for("scores.scores", congress=place, year=year),
    )  # fmt: skip


@blueprint.get("/scores/export")
@access.signed_in
def export() -> flask.Response:
    """A workbook for the appraisal office: a line for each part, with what the unit said and what was decided."""
    place, year = _place()
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = f"{year}年评分"
    sheet.append(["类别", "名次", "单位", "总分", "项目", "得分", "满分", "依据", "申诉", "裁定", "裁定理由"])
    for score in calls.ask(evaluation.SCORES, congress=place, year=year):
        head = [score["kind_label"], score["rank"], score["unit"]["name"], score["points"]]
        bonus = {"name": "附加分", "points": score["bonus"], "most": "", "because": score["reason"], "contest": score["bonus_contest"]}  # fmt: skip
        for part in (*score["parts"], *([bonus] if score["bonus"] or score["bonus_contest"] else ())):
            contest = part["contest"] or {}
            decided = {"upheld": "成立", "refused": "不成立"}.get(contest.get("decision", ""), "")
            sheet.append(
                [*head, part["name"], part["points"], part["most"], part["because"], contest.get("reason", ""), decided, contest.get("decision_reason", "")]
            )  # fmt: skip
    out = BytesIO()
    book.save(out)
    response = flask.Response(out.getvalue(), content_type=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename=scores-{year}.xlsx"
    return response


def _page(place: str, year: str, given: dict[str, Data], problem: Problem | None) -> str:
    """`given`: by command (and score and part), what was filled in and refused."""
    found = calls.ask(evaluation.SCORES, congress=place, year=year)
    is_office = current_actor.has("liaison", place)
    errors = problem.errors if problem else {}
    numbers = itertools.count(1)

    def sheet(command: str, id: str = "", part: str = "", **fixed: str) -> list[forms.Field]:
        contract = OF_ONE.get(command, evaluation.SCORE)
        data = given.get(f"{command}/{id}/{part}" if id else command, {})
        options = {"unit": asking.units_of(place)} if command == evaluation.SCORE.name else {}
        shown = {**fixed, **({"part": part} if part else {})}
        hidden = {"congress": "", "year": ""} if not id else dict(shown)
        values = {**data, **shown, **({} if id else {"congress": place, "year": year})}
        fields = forms.fields_of(contract, values, errors if data else {}, options, hidden)
        number = next(numbers)
        return [replace(field, scope=f"{number}-") for field in fields]

    return flask.render_template(
        "scores.html", scores=found, congress=place, year=year, congresses=own_congresses(), is_office=is_office, problem=problem,
        drafted=sum(score["state"] == "drafted" for score in found), sheet=sheet, key=forms.new_key, SCORE=evaluation.SCORE.name,
    )  # fmt: skip


def _said(step: str, answer: Data) -> str:
    if step == "all":
        left = f"没有评分的：{'、'.join(answer['left'])}。" if answer["left"] else ""
        return f"已拟定{answer['scored']}个单位的评分，公布之前只有本级人大看到。{left}"
    return (
        f"已公布{answer['announced']}个单位的评分。"
        if step == "announce"
        else f"已评分：{answer['points']}分。"
    )


def _command(name: str) -> Command:
    if name not in OF_ONE:
        raise NotFound("没有这项操作。")
    return OF_ONE[name]


def _place() -> tuple[str, str]:
    congress = congress_of(current_actor, request.values.get("congress", ""))
    if not congress:
        raise NotAllowed("评分按人大查看，您的账号不属于任何一级人大。")
    return congress, request.values.get("year", "").strip() or str(access.today().year)
