"""The register on the screen: sessions, delegations, deputies, units and accounts of a congress, for its office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import flask
from flask import request

from services.gateway import access
from services.gateway.access import calls, current_actor
from services.gateway.pages import asking, forms, places
from shared.contracts import Command, Query
from shared.contracts import directory as contracts
from shared.problems import NotAllowed, NotFound, Problem
from shared.terms import UNIT_KINDS

blueprint = flask.Blueprint("register", __name__)

Data = dict[str, Any]
MOST = 300  # lines of a list on one page; more are found by name


@dataclass(frozen=True)
class Kind:
    """One list of the register: what it is called, how it is asked for, and the commands for it."""

    label: str
    query: Query
    new: Command
    changes: tuple[Command, ...] = ()


KINDS = {
    "units": Kind("承办单位", contracts.UNITS, contracts.REGISTER_UNIT, (contracts.CHANGE_UNIT, contracts.MOVE_UNIT, contracts.CLOSE_UNIT, contracts.REOPEN_UNIT)),
    "deputies": Kind("代表", contracts.DEPUTIES, contracts.REGISTER_DEPUTY, (contracts.CHANGE_DEPUTY, contracts.VACATE)),
    "delegations": Kind("代表团", contracts.DELEGATIONS, contracts.REGISTER_DELEGATION, (contracts.NAME_DELEGATION_HEAD, contracts.CHANGE_DELEGATION)),
    "offices": Kind("职务", contracts.OFFICES, contracts.REGISTER_OFFICE, (contracts.APPOINT, contracts.RELIEVE, contracts.CHANGE_OFFICE, contracts.CLOSE_OFFICE)),
    "sessions": Kind("会议", contracts.SESSIONS, contracts.OPEN_SESSION, (contracts.CHANGE_SESSION,)),
    "accounts": Kind("账号", contracts.ACCOUNTS, contracts.ADD_ACCOUNT, (contracts.CHANGE_ROLES,)),
}  # fmt: skip
# What each list shows of a line, by the name of the column.
COLUMNS = {
    "units": {
        "名称": "name",
        "简称": "short",
        "类别": "kind_label",
        "上级单位": "parent_name",
        "状态": "state_label",
    },
    "deputies": {"姓名": "name", "代表团": "delegation", "状态": "state_label"},
    "delegations": {"名称": "name", "团长": "head_name"},
    "offices": {
        "名称": "name",
        "类别": "kind_label",
        "现任": "holders_label",
        "历任": "past_label",
        "状态": "state_label",
    },
    "sessions": {"会议": "name", "开幕": "opens_on", "闭幕": "closes_on"},
    "accounts": {"账号": "login", "姓名": "name", "角色": "roles_label", "状态": "state_label"},
}


@blueprint.before_request
def for_those_who_register() -> None:
    if access.is_signed_in() and not (current_actor.has("liaison") or current_actor.has("operator")):
        raise NotAllowed("名册由联工委和运维人员维护。")


@blueprint.get("/directory")
@access.signed_in
def overview() -> Any:
    return flask.redirect(flask.url_for("register.listed", kind="units", congress=_congress()), 303)


@blueprint.get("/directory/<kind>")
@access.signed_in
def listed(kind: str) -> str:
    return _list(_known(kind), kind, {}, None)


@blueprint.post("/directory/<kind>")
@access.signed_in
def register(kind: str) -> Any:
    found = _known(kind)
    data = forms.read(found.new, request.form)
    if "congress" in found.new.schema.fields:
        data["congress"] = _congress()
    try:
        answer = calls.execute(found.new, "", data, key=forms.key_of(request.form))
    except Problem as problem:
        return _list(found, kind, data, problem), problem.status
    flask.flash(f"已{found.new.label}。{_codes(answer)}")
    return flask.redirect(flask.url_for("register.listed", kind=kind, congress=_congress()), 303)


@blueprint.get("/directory/<kind>/<id>")
@access.signed_in
def entry(kind: str, id: str) -> str:
    return _entry(_known(kind), kind, id, "", {}, None)


@blueprint.post("/directory/<kind>/<id>/<command>")
@access.signed_in
def change(kind: str, id: str, command: str) -> Any:
    found = _known(kind)
    contract = next((known for known in found.changes if known.name == command), None)
    if contract is None:
        raise NotFound("没有这项操作。")
    data = forms.read(contract, request.form)
    try:
        answer = calls.execute(contract, id, data, key=forms.key_of(request.form))
    except Problem as problem:
        return _entry(found, kind, id, command, data, problem), problem.status
    flask.flash(f"已{contract.label}。{_codes(answer)}")
    return flask.redirect(flask.url_for("register.listed", kind=kind, congress=_congress()), 303)


def _list(found: Kind, kind: str, values: Data, problem: Problem | None) -> str:
    congress, text = _congress(), request.args.get("text", "").strip()
    errors = problem.errors if problem else {}
    shown = COLUMNS[kind].values()
    lines = [line for line in _lines(found, kind, congress) if any(text in str(line[name]) for name in shown)]
    return flask.render_template(
        "register.html", kind=kind, found=found, kinds=KINDS, columns=COLUMNS[kind], congress=congress, text=text,
        lines=lines[:MOST], left=len(lines) - MOST, own=places.own_congresses(), key=forms.new_key(), problem=problem,
        fields=forms.fields_of(found.new, values, errors, asking.choices_at(found.new.schema, congress), {"congress": ""}),
        elsewhere=forms.errors_elsewhere(found.new, errors),
    )  # fmt: skip


def _entry(found: Kind, kind: str, id: str, command: str, given: Data, problem: Problem | None) -> str:
    congress = _congress()
    line = next((line for line in _lines(found, kind, congress) if line["id"] == id), None)
    if line is None:
        raise NotFound("名册里没有找到。")
    errors = problem.errors if problem else {}
    sheets = [
        (
            contract,
            forms.fields_of(
                contract, given if contract.name == command else _held(kind, line), errors if contract.name == command else {},
                asking.choices_at(contract.schema, congress),
            ),
        )
        for contract in found.changes
        if _is_possible(contract, line)
    ]  # fmt: skip
    return flask.render_template(
        "register_entry.html", kind=kind, found=found, line=line, columns=COLUMNS[kind], congress=congress, sheets=sheets,
        key=forms.new_key(), problem=problem,
    )  # fmt: skip


def _codes(answer: Data) -> str:
    """What to hand to deputies who were given a seat: told this once."""
    told = [
        f"{told['name']}的认领码是 {told['code']}，只显示这一次，请当面交给代表本人。"
        for told in answer.get("codes", ())
    ]
    return "".join(told)


def _is_possible(contract: Command, line: Data) -> bool:
    return line.get("active", True) != (contract is contracts.REOPEN_UNIT)


def _held(kind: str, line: Data) -> Data:
    if kind == "delegations":
        return line | {"deputy": line["head"]}
    return line | {"delegation": line["delegation_id"]} if kind == "deputies" else line


def _lines(found: Kind, kind: str, congress: str) -> list[Data]:
    if not congress:
        return []  # an operator belongs to none, and says which first
    params = {"congress": congress} | ({"limit": 200} if kind == "accounts" else {})
    lines = calls.ask(found.query, **params)
    if kind == "units":
        names = {line["id"]: line["name"] for line in lines}
        for line in lines:
            line |= {
                "kind_label": UNIT_KINDS.get(line["kind"], ""),
                "parent_name": names.get(line["parent"], ""),
            }
    for line in lines:
        line["state_label"] = _state(line)
        if kind == "offices":
            line |= _holders(line["holders"])
        if kind == "accounts":
            line["roles_label"] = "、".join(_roles(line["roles"]))
    return list(lines)


def _holders(held: list[Data]) -> Data:
    """Who holds a post and since when, and who did before."""
    current = [f"{one['name']}（{one['since']}起）" for one in held if not one["until"]]
    past = [f"{one['name']}（{one['since']}至{one['until']}）" for one in held if one["until"]]
    return {"holders_label": "、".join(current) or "空缺", "past_label": "、".join(past)}


def _roles(roles: Iterable[Data]) -> list[str]:
    return [
        f"{contracts.ROLES.get(role['role'], role['role'])}（{role['congress'] or '全网'}）" for role in roles
    ]


def _state(line: Data) -> str:
    return {"open": "正常", "closed": "已停用"}.get(
        line.get("state", ""), "在册" if line.get("active", True) else "已停用"
    )


def _known(kind: str) -> Kind:
    if kind not in KINDS:
        raise NotFound("名册里没有这一类。")
    return KINDS[kind]


def _congress() -> str:
    return places.congress_of(current_actor, request.args.get("congress", ""))
