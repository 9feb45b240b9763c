"""What the directory does: one function per command and query."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.directory import accounts, appointing, practising, publishing
from services.directory import tables as t
from services.directory.events import catalogue
from services.directory.model.register import (
    GOVERNMENT_BELOW,
    REGISTER,
    Congress,
    Delegation,
    Deputy,
    Session,
    Unit,
)  # fmt: skip
from shared.aggregate import new_id
from shared.contracts import directory as contracts
from shared.handlers import Handlers
from shared.problems import Invalid, NotAllowed, NotFound
from shared.store import Store
from shared.work import Work

handlers = Handlers(catalogue, t.metadata)

DEEPEST_TREE = 20  # units above one another: five levels of government with their offices, and room

# --- registering ----------------------------------------------------------------------------------------------


@handlers.creates(contracts.REGISTER_DIVISIONS)
def register_divisions(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    """Divisions that are known already stay as they are, so that registering twice adds nothing."""
    work.authorize(REGISTER, "register_divisions", "")
    known = set(work.connection.scalars(sa.select(t.divisions.c.path)))
    new = [division for division in data["divisions"] if division["path"] not in known]
    if new:
        work.connection.execute(sa.insert(t.divisions), new)
    for division in new:
        if division["has_congress"]:
            path, short = division["path"], division["name"]
            congress = Congress(
                id=path, congress=path, name=f"{short}人民代表大会", short=short, level=division["level"], parent=division["parent"]
            )  # fmt: skip
            congress.tell_congress(work.actor, work.now)
            work.save(t.congress_store, congress)
    return {"id": "", "added": len(new), "known": len(data["divisions"]) - len(new)}


@handlers.creates(contracts.OPEN_SESSION)
def open_session(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    work.authorize(REGISTER, "open_session", data["congress"])
    _require_congress(work, data["congress"])
    session = Session(id=new_id(), **data)
    taken = sa.select(t.sessions.c.id).where(
        t.sessions.c.congress == session.congress, t.sessions.c.name == session.name
    )
    if work.connection.scalar(taken):
        raise Invalid(f"{session.name}已经登记。", {"ordinal": ["这次会议已经登记。"]})
    session.open(work.actor, work.now)
    work.save(t.session_store, session)
    return {"id": session.id, "version": session.version, "name": session.name}


@handlers.creates(contracts.REGISTER_DELEGATION)
def register_delegation(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    work.authorize(REGISTER, "register_delegation", data["congress"])
    _require_congress(work, data["congress"])
    _require_new_name(work, t.delegations, data)
    delegation = Delegation(id=new_id(), **data)
    delegation.tell_delegation(work.actor, work.now)
    work.save(t.delegation_store, delegation)
    return {"id": delegation.id, "version": delegation.version}


@handlers.creates(contracts.REGISTER_DEPUTY)
def register_deputy(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    """Two deputies of one congress may have the same name: seats are told apart by id."""
    work.authorize(REGISTER, "register_deputy", data["congress"])
    _require_congress(work, data["congress"])
    deputy = Deputy(id=new_id(), **data)
    _name_delegation(work, deputy)
    deputy.tell_deputy(work.actor, work.now)
    work.save(t.deputy_store, deputy)
    return {"id": deputy.id, "version": deputy.version}


@handlers.creates(contracts.REGISTER_UNIT)
def register_unit(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    work.authorize(REGISTER, "register_unit", data["congress"])
    _require_congress(work, data["congress"])
    _require_new_name(work, t.units, data)
    unit = Unit(id=new_id(), **data)
    unit.require_place(_above(work, data["parent"]), work.actor)
    unit.tell_unit(work.actor, work.now)
    work.save(t.unit_store, unit)
    return {"id": unit.id, "version": unit.version}


@handlers.changes(contracts.MOVE_UNIT, t.unit_store, "项登记")
def move_unit(work: Work, unit: Unit, data: dict[str, Any]) -> None:
    unit.move_below(_above(work, data["parent"]), work.actor, work.now)


def _above(work: Work, parent: str) -> list[Unit]:
    """The unit that was chosen as the upper one, and all above it, the nearest first. Raises Invalid if there is none."""
    found: list[Unit] = []
    while parent and len(found) < DEEPEST_TREE:
        unit = t.unit_store.get(work.connection, parent)
        if unit is None:
            raise Invalid("没有找到上级单位。", {"parent": ["没有找到这个单位，请重新选择。"]})
        found.append(unit)
        parent = unit.parent
    return found


@handlers.changes(contracts.CHANGE_SESSION, t.session_store, "项登记")
def change_session(work: Work, session: Session, data: dict[str, Any]) -> None:
    session.opens_on, session.closes_on = data["opens_on"], data["closes_on"]
    session.open(work.actor, work.now)


@handlers.changes(contracts.CHANGE_DELEGATION, t.delegation_store, "项登记")
def change_delegation(work: Work, delegation: Delegation, data: dict[str, Any]) -> None:
    if data["name"] != delegation.name:
        _require_new_name(work, t.delegations, {"congress": delegation.congress, **data})
    delegation.name = data["name"]
    delegation.tell_delegation(work.actor, work.now)


@handlers.changes(contracts.NAME_DELEGATION_HEAD, t.delegation_store, "项登记")
def name_delegation_head(work: Work, delegation: Delegation, data: dict[str, Any]) -> None:
    deputy = (
        _own(work, t.deputy_store, data["deputy"], delegation.congress, "deputy", "代表")
        if data["deputy"]
        else None
    )
    delegation.name_head(deputy, work.actor, work.now)


@handlers.changes(contracts.CHANGE_DEPUTY, t.deputy_store, "项登记")
def change_deputy(work: Work, deputy: Deputy, data: dict[str, Any]) -> None:
    if data["delegation"] != deputy.delegation:
        _leave_delegation(work, deputy)
    deputy.name, deputy.delegation, deputy.delegation_name = data["name"], data["delegation"], ""
    _name_delegation(work, deputy)
    deputy.tell_deputy(work.actor, work.now)


@handlers.changes(contracts.VACATE, t.deputy_store, "项登记")
def vacate_seat(work: Work, deputy: Deputy, data: dict[str, Any]) -> None:
    deputy.vacate(data["on"], data["reason"], work.actor, work.now)
    _leave_delegation(work, deputy)


@handlers.changes(contracts.CHANGE_UNIT, t.unit_store, "项登记")
def change_unit(work: Work, unit: Unit, data: dict[str, Any]) -> None:
    if data["name"] != unit.name:
        _require_new_name(work, t.units, {"congress": unit.congress, **data})
    unit.name, unit.short, unit.kind = data["name"], data["short"], data["kind"]
    unit.tell_unit(work.actor, work.now)


@handlers.changes(contracts.CLOSE_UNIT, t.unit_store, "项登记")
def close_unit(work: Work, unit: Unit, data: dict[str, Any]) -> None:
    unit.close(data["reason"], work.actor, work.now)


@handlers.changes(contracts.REOPEN_UNIT, t.unit_store, "项登记")
def reopen_unit(work: Work, unit: Unit, data: dict[str, Any]) -> None:
    unit.reopen(data["reason"], work.actor, work.now)


# --- accounts -------------------------------------------------------------------------------------------------


ACCOUNT = "个账号"
handlers.creates(contracts.ADD_ACCOUNT)(accounts.add_account)
handlers.changes(contracts.CHANGE_ROLES, t.account_store, ACCOUNT)(accounts.change_roles)
handlers.changes(contracts.CLAIM_SEAT, t.account_store, ACCOUNT)(accounts.claim_seat)
handlers.changes(contracts.CHANGE_PASSWORD, t.account_store, ACCOUNT)(accounts.change_password)
handlers.query(contracts.AUTHENTICATE)(accounts.authenticate)
handlers.query(contracts.ACCOUNTS)(accounts.accounts)

# --- practices, posts, materials --------------------------------------------------------------------------------

handlers.creates(contracts.SET_PRACTICE)(practising.set_practice)
handlers.changes(contracts.END_PRACTICE, t.practice_store, "项做法")(practising.end_practice)
handlers.query(contracts.PRACTICES)(practising.practices)
handlers.query(contracts.PRACTICE)(practising.practice)
handlers.creates(contracts.REGISTER_OFFICE)(appointing.register)
handlers.changes(contracts.CHANGE_OFFICE, t.office_store, "项登记")(appointing.change)
handlers.changes(contracts.APPOINT, t.office_store, "项登记")(appointing.appoint)
handlers.changes(contracts.RELIEVE, t.office_store, "项登记")(appointing.relieve)
handlers.changes(contracts.CLOSE_OFFICE, t.office_store, "项登记")(appointing.close)
handlers.query(contracts.OFFICES)(appointing.offices)
handlers.creates(contracts.PUBLISH_MATERIAL)(publishing.publish)
handlers.changes(contracts.WITHDRAW_MATERIAL, t.material_store, "份资料")(publishing.withdraw)
handlers.query(contracts.MATERIALS)(publishing.materials)
handlers.query(contracts.MATERIAL)(publishing.material)


# --- questions ------------------------------------------------------------------------------------------------


@handlers.query(contracts.DIVISIONS)
def divisions(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    query = (
        sa.select(t.divisions).where(t.divisions.c.parent == params["parent"]).order_by(t.divisions.c.path)
    )
    return [dict(row._mapping) for row in work.connection.execute(query)]


@handlers.query(contracts.CONGRESS)
def congress(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    found = t.congress_store.get(work.connection, params["id"])
    if found is None:
        raise NotFound("没有登记这一级人大。")
    return {
        "path": found.id, "name": found.name, "short": found.short, "level": found.level, "parent": found.parent,
        "sessions": sessions(work, {"congress": found.id}),
    }  # fmt: skip


@handlers.query(contracts.SESSIONS)
def sessions(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    found = t.session_store.find(work.connection, t.sessions.c.congress == params["congress"])
    newest_first = sorted(found, key=lambda session: session.opens_on, reverse=True)
    return [
        {
            "id": s.id, "name": s.name, "term": s.term, "ordinal": s.ordinal, "opens_on": s.opens_on.isoformat(),
            "closes_on": s.closes_on.isoformat(),
        }
        for s in newest_first
    ]  # fmt: skip


@handlers.query(contracts.DELEGATIONS)
def delegations(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    _require_signed_in(work)
    found = t.delegation_store.find(
        work.connection, t.delegations.c.congress == params["congress"], limit=1000
    )
    return [{"id": d.id, "name": d.name, "head": d.head, "head_name": d.head_name} for d in found]


@handlers.query(contracts.DEPUTIES)
def deputies(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    _require_signed_in(work)
    found = t.deputy_store.find(work.connection, t.deputies.c.congress == params["congress"], limit=5000)
    return [
        {"id": d.id, "name": d.name, "delegation": d.delegation_name, "delegation_id": d.delegation, "active": d.active}
        for d in found
    ]  # fmt: skip


@handlers.query(contracts.UNITS)
def units(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    _require_signed_in(work)
    c, congress = t.units.c, params["congress"]
    found = t.unit_store.find(work.connection, c.congress == congress, limit=5000)
    at_home = {unit.id for unit in found}
    is_below = sa.and_(c.kind == GOVERNMENT_BELOW, c.congress.in_(_congresses_below(work, congress)))
    found += [
        u for u in t.unit_store.find(work.connection, is_below, limit=5000) if u.is_government_of_its_level
    ]
    return [
        {"id": u.id, "name": u.name, "short": u.short, "kind": u.kind, "parent": u.parent, "active": u.active, "below": u.id not in at_home}
        for u in found
    ]  # fmt: skip


def _congresses_below(work: Work, congress: str) -> list[str]:
    d = t.divisions.c
    return list(work.connection.scalars(sa.select(d.path).where(d.parent == congress, d.has_congress)))


@handlers.query(contracts.COUNTS)
def counts(work: Work, params: dict[str, Any]) -> dict[str, int]:
    tables = {
        "divisions": t.divisions,
        "congresses": t.congresses,
        "deputies": t.deputies,
        "units": t.units,
        "accounts": t.accounts,
    }
    return {
        name: work.connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for name, table in tables.items()
    }


# --- inside ---------------------------------------------------------------------------------------------------


def _require_signed_in(work: Work) -> None:
    if not work.actor.roles:
        raise NotAllowed("请先登录。")


def _require_congress(work: Work, path: str) -> None:
    if t.congress_store.get(work.connection, path) is None:
        raise Invalid("没有登记这一级人大。", {"congress": ["没有登记这一级人大，请核对区划代码。"]})


def _require_new_name(work: Work, table: sa.Table, data: dict[str, Any]) -> None:
    query = sa.select(table.c.id).where(table.c.congress == data["congress"], table.c.name == data["name"])
    if work.connection.scalar(query):
        raise Invalid(f"“{data['name']}”已经登记。", {"name": ["本级已有同名登记。"]})


def _leave_delegation(work: Work, deputy: Deputy) -> None:
    """Who is no member any more heads the delegation no more."""
    delegation = (
        t.delegation_store.get(work.connection, deputy.delegation, lock=True) if deputy.delegation else None
    )
    if delegation and delegation.head == deputy.id:
        delegation.name_head(None, work.actor, work.now)
        work.save(t.delegation_store, delegation)


def _name_delegation(work: Work, deputy: Deputy) -> None:
    if deputy.delegation:
        delegation = _own(
            work, t.delegation_store, deputy.delegation, deputy.congress, "delegation", "代表团"
        )
        deputy.delegation_name = delegation.name


def _own(work: Work, store: Store[Any], id: str, congress: str, field: str, noun: str) -> Any:
    found = store.get(work.connection, id)
    if found is None or found.congress != congress:
        raise Invalid(f"没有找到这个{noun}。", {field: [f"没有找到这个{noun}，请重新选择。"]})
    return found
