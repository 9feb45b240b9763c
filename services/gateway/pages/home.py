"""Signing in and out, and the first page: what waits for the person."""

from __future__ import annotations

import re
from typing import Any

import flask
from flask import request

from services.gateway import access, work
from services.gateway.access import calls, current_actor, gateway, is_signed_in
from services.gateway.pages import forms, suggestions, webhooks
from services.gateway.pages.places import named
from shared.contracts import directory, intake, supervision
from shared.identity import ROLE_LABELS, WITHIN_UNIT
from shared.problems import NotSignedIn, Problem

blueprint = flask.Blueprint("pages", __name__)

# The demo's accounts, all with one password that `jianyi run` tells.
DEMO_LOGIN = re.compile(r"(hunan|changsha|liuyang|town\d+)-|operator$")
DEMO_PLACES = ("hunan", "changsha", "liuyang")  # then the towns, then who belongs to no congress
DEMO_PASSWORD = "jianyi-demo"

KEPT = "kept."  # before the names of fields that wait for somebody to sign in again
MOST_OWN = 50  # suggestions on a deputy's first page

# What somebody who comes for the first time has to know, by role.
HINTS = {
    "deputy": "点“写建议”开始起草；可以从模板写起，怎样写好在“资料”的课件里。提交以后，在这里查看办理进度，收到答复后填写征询意见表。",
    "liaison": "先到“审查台”受理代表提交的建议，再到“交办”确定承办单位；逾期的事项会出现在这里。",
    "distributing": "到“交办”确定承办单位；单位申请退办、延期时，会出现在这里等您决定。",
    "system_office": "交办给本系统的建议会出现在这里：先签收，再分解交办给下面的单位，收齐报送的情况以后答复；到“归口办理”查看本系统的进度。",
    "handler": "交办给本单位的建议会出现在这里：先签收，再制定三定方案、与代表沟通、起草答复。办理手册、流程图和制度在“资料”里。",
    "unit_head": "经办人起草的答复会出现在这里，由您审核；审核同意后才能印发。本单位的制度和流程图可以发布到“资料”。",
    **dict.fromkeys(
        WITHIN_UNIT,
        "交办给本单位、本处室的建议会出现在这里：先签收，再与代表沟通、起草或者报送；本单位的进度在“本单位”。",
    ),
    "supervisor": "到“我的督办”查看由您督办的建议，打开建议可以安排和登记督办、提出要求、催办承办单位。",
    "standing_leader": "到“我的督办”查看由您牵头督办的重点建议，打开建议可以安排和登记督办、提出要求、登记批示。",
    "government_leader": "到“我的督办”查看由您领办的重点建议，打开建议可以要求承办单位报告进展、登记批示。",
    "committee": "到“我的督办”查看由你们对口督办的重点建议，打开建议可以安排和登记督办、提出要求。",
    "operator": "到“运维”查看没有办成的事件（死信），重放或丢弃；检查各部分使用命令行 jianyi doctor。",
    "integrator": "对接说明见接口文档：/api/docs。需要把事件推送到您的系统，请点“推送”。",
    "judgements": "您的系统可以接收代表评价。代表评价在办结之前不得让承办单位知道。",
    "station": "到“联络站”安排接待日，登记代表接待选民、走访群众的情况。",
}


@blueprint.get("/")
@access.signed_in
def first() -> Any:
    return flask.redirect("/work", 303)


@blueprint.get("/work")
@access.signed_in
def home() -> str:
    found = work.my_work(calls)
    roles = list(dict.fromkeys(role.role for role in current_actor.roles))
    hinted = list(
        dict.fromkeys(role.role if role.is_of_congress else "system_office" for role in current_actor.roles)
    )
    return flask.render_template(
        "home.html", own=_own_suggestions(), lines=[{**line, "href": _where(line)} for line in found["work"]], unanswered=found["unanswered"],
        red=sum(line["light"] == "red" for line in found["work"]), roles=[ROLE_LABELS.get(role, role) for role in roles], hints=[HINTS[role] for role in hinted if role in HINTS],
        lights=supervision.LIGHTS, today=access.today().isoformat(), stopped=webhooks.stopped(),
    )  # fmt: skip


def _own_suggestions() -> list[dict[str, Any]]:
    """A deputy's own suggestions, the newest first, each with where it stands in the ledger's words."""
    if not current_actor.seats:
        return []
    found = calls.gather(
        {
            "mine": (intake.MY_SUGGESTIONS, {"limit": MOST_OWN}),
            **{
                f"ledger {seat}": (supervision.LEDGER, {"deputy": seat, "limit": 1000})
                for seat in current_actor.seats
            },
        }
    )
    mine = found.pop("mine")
    ledger = {
        line["id"]: line for page in found.values() if not isinstance(page, Problem) for line in page["lines"]
    }
    return (
        [] if isinstance(mine, Problem) else [{**line, "ledger": ledger.get(line["id"], {})} for line in mine]
    )


def _where(line: dict[str, Any]) -> str:
    """The page on which a piece of work is done; what is about no suggestion names its own."""
    if line.get("page"):
        return str(line["page"])
    if line["command"] == "submit_suggestion":
        return flask.url_for("suggestions.suggestion", id=line["suggestion"])
    about = {name: line[name] for name in suggestions.ABOUT if line.get(name)}
    return flask.url_for("suggestions.ask", id=line["suggestion"], command=line["command"], **about)


# --- signing in and out -----------------------------------------------------------------------------------------


@blueprint.get("/sign-in")
def sign_in_form() -> Any:
    if is_signed_in():
        return flask.redirect(_next())
    return _sign_in_page("", None)


@blueprint.post("/sign-in")
def sign_in() -> Any:
    login = request.form.get("login", "")
    try:
        token, session = access.sign_in(login, request.form.get("password", ""))
    except Problem as problem:
        return _sign_in_page(login, problem, _kept()), problem.status
    if not (kept := _kept()):
        response = flask.redirect(_next(), 303)
        access.remember(response, token)
        return response
    response = flask.make_response()
    access.remember(response, token)
    flask.g.actor = session.actor
    response.set_data(
        flask.render_template("resume.html", path=_next(), kept=kept, texts=forms.texts_of(kept))
    )
    return response


def sign_in_again() -> Any:
    """For a form that was sent after the session had ended: sign in, and what was filled in goes on from there."""
    kept = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return _sign_in_page(
        "", NotSignedIn("登录已失效。请重新登录，您填的内容都还在。"), kept, request.path
    ), 401


def _kept() -> list[tuple[str, str]]:
    """What a form held that was sent after the session had ended, carried through the sign-in page."""
    return [
        (name.removeprefix(KEPT), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(KEPT)
    ]


@blueprint.post("/sign-out")
def sign_out() -> Any:
    response = flask.redirect(flask.url_for("pages.sign_in_form"), 303)
    access.forget(response)
    return response


def _sign_in_page(
    login: str, problem: Problem | None, kept: list[tuple[str, str]] | None = None, next: str = ""
) -> str:
    return flask.render_template(
        "sign_in.html", next=next or _next(), login=login, problem=problem, wrong=problem.errors if problem else {},
        kept=[(KEPT + name, value) for name, value in kept or ()], demo={} if kept else _demo_accounts(), demo_password=DEMO_PASSWORD,
    )  # fmt: skip


def _demo_accounts() -> dict[str, list[dict[str, str]]]:
    """The demo's accounts by place, on the one computer where it is tried out; none where there is no demo."""
    if not gateway().settings.has_demo:
        return {}
    found = calls.as_system().gather({"accounts": (directory.ACCOUNTS, {"limit": 200})})["accounts"]
    accounts = [] if isinstance(found, Problem) else [a for a in found if DEMO_LOGIN.match(a["login"])]
    if not any("-" in account["login"] for account in accounts):
        return {}
    paths = sorted({role["congress"] for account in accounts for role in account["roles"]} - {""})
    answers = calls.as_system().gather({path: (directory.UNITS, {"congress": path}) for path in paths})
    units = {unit["id"]: unit["short"] or unit["name"] for units in answers.values() if not isinstance(units, Problem) for unit in units}  # fmt: skip
    places = named(paths)
    by_place: dict[str, list[dict[str, str]]] = {}
    for account in sorted(accounts, key=_in_order_of_places):
        first = account["roles"][0]
        whose = units.get(first.get("unit", ""), "")
        entry = {
            "login": account["login"],
            "name": account["name"],
            "what": "、".join(dict.fromkeys(ROLE_LABELS.get(r["role"], r["role"]) for r in account["roles"])),
            "unit": whose,
        }
        by_place.setdefault(places.get(first["congress"], "运行维护"), []).append(entry)
    return by_place


def _in_order_of_places(account: dict[str, Any]) -> tuple[int, str, int, str]:
    """By place, the higher first, and within it in the order of the work: deputies, offices, units, leaders."""
    place, roles = account["login"].partition("-")[0], list(ROLE_LABELS)
    known = (
        DEMO_PLACES.index(place)
        if place in DEMO_PLACES
        else len(DEMO_PLACES) + (not place.startswith("town"))
    )
    return known, place, roles.index(account["roles"][0]["role"]), account["login"]


def _next() -> str:
    """Where to go after signing in: a page of ours, never another site's."""
    wanted = request.values.get("next", "")
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_ours else "/"
