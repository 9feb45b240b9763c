"""Posts: registering them, and who holds them."""

from __future__ import annotations

from typing import Any

from services.directory import tables as t
from services.directory.model.office import Office
from services.directory.model.register import REGISTER, Account
from shared.aggregate import new_id
from shared.offices import OFFICE_KINDS, ROLES_OF
from shared.practices import Data
from shared.problems import Invalid, NotAllowed
from shared.work import Work


def register(work: Work, data: Data) -> Data:
    work.authorize(REGISTER, "register_office", data["congress"])
    if t.congress_store.get(work.connection, data["congress"]) is None:
        raise Invalid("没有登记这一级人大。", {"congress": ["没有登记这一级人大，请核对区划代码。"]})
    _require_new_name(work, data["congress"], data["name"])
    office = Office(id=new_id(), **data)
    office.tell_office(work.actor, work.now)
    work.save(t.office_store, office)
    return {"id": office.id, "version": office.version}


def change(work: Work, office: Office, data: Data) -> None:
    if data["name"] != office.name:
        _require_new_name(work, office.congress, data["name"])
    office.name = data["name"]
    office.tell_office(work.actor, work.now)


def appoint(work: Work, office: Office, data: Data) -> None:
    account = _leader(work, office, data["account"])
    office.appoint(account.id, account.name, data["since"], data["reason"], work.actor, work.now)


def relieve(work: Work, office: Office, data: Data) -> None:
    office.relieve(data["account"], data["on"], data["reason"], work.actor, work.now)


def close(work: Work, office: Office, data: Data) -> None:
    office.close(data["reason"], work.actor, work.now)


def offices(work: Work, params: Data) -> list[Data]:
    if not work.actor.roles:
        raise NotAllowed("请先登录。")
    found = t.office_store.find(work.connection, t.offices.c.congress == params["congress"], limit=500)
    return [
        {
            "id": office.id, "name": office.name, "kind": office.kind, "kind_label": OFFICE_KINDS[office.kind],
            "active": office.active, "holders": office.as_data(),
        }
        for office in found
    ]  # fmt: skip


def _leader(work: Work, office: Office, id: str) -> Account:
    """The account of somebody who may hold the post: with its role, at its congress."""
    account = t.account_store.get(work.connection, id)
    if account is None or not any(
        role.role in ROLES_OF[office.kind] and role.congress == office.congress for role in account.roles
    ):
        kind = OFFICE_KINDS[office.kind]
        raise Invalid(
            "这个账号不能担任这一职务。", {"account": [f"请选择本级有“{kind}”或“督办领导”角色的账号。"]}
        )
    return account


def _require_new_name(work: Work, congress: str, name: str) -> Any:
    known = t.office_store.find(
        work.connection, t.offices.c.congress == congress, t.offices.c.name == name, limit=1
    )
    if known:
        raise Invalid(f"“{name}”已经登记。", {"name": ["本级已有同名登记。"]})
