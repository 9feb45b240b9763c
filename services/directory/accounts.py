"""Accounts: who may sign in, as whom, and how a deputy comes into the own seat."""

from __future__ import annotations

from functools import partial
from typing import Any

import sqlalchemy as sa

from services.directory import tables as t
from services.directory.model.register import (
    REGISTER,
    Account,
    hash_password,
    password_fits,
    require_may_grant,
    require_whole,
    role_data,
)
from shared.aggregate import new_id
from shared.identity import Role
from shared.problems import Invalid, NotAllowed, NotFound
from shared.work import Work


def add_account(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    roles = [Role(**role) for role in data["roles"]]
    home = next((role.congress for role in roles if role.congress), "")
    work.authorize(REGISTER, "add_account", home)
    require_may_grant(work.actor, roles)
    for role in roles:
        _require_known(work, role)
    require_whole(roles, partial(_home_of, work))
    account = Account(
        id=new_id(), congress=home, login=data["login"], name=data["name"], password_hash=hash_password(data["password"]),
        roles=roles,
    )  # fmt: skip
    _require_free_seats(work, roles, account.id)
    codes = account.open(work.actor, work.now)
    try:
        with work.connection.begin_nested():  # the one who has it may be out of sight
            work.save(t.account_store, account)
    except sa.exc.IntegrityError as error:
        taken = {"login": ["已有人使用，请换一个。"]}
        raise Invalid(f"账号“{data['login']}”已有人使用。", taken) from error
    return {"id": account.id, "version": account.version, **_told(work, codes)}


def change_roles(work: Work, account: Account, data: dict[str, Any]) -> dict[str, Any]:
    roles = [Role(**role) for role in data["roles"]]
    codes = account.change_roles(roles, work.actor, work.now)
    for role in roles:
        _require_known(work, role)
    require_whole(roles, partial(_home_of, work))
    _require_free_seats(work, roles, account.id)
    return _told(work, codes)


def claim_seat(work: Work, account: Account, data: dict[str, Any]) -> dict[str, Any]:
    return {"seat": account.claim_seat(data["code"], data["password"], work.actor, work.now)}


def change_password(work: Work, account: Account, data: dict[str, Any]) -> None:
    account.change_password(data["old"], data["new"])


def authenticate(work: Work, params: dict[str, Any]) -> dict[str, Any] | None:
    """{account, name, roles}, or None when login and password do not fit. Only the gateway (as the system) may ask."""
    if not work.actor.has("system"):
        raise NotFound("没有“authenticate”这项查询。")
    found = t.account_store.find(work.connection, t.accounts.c.login == params["login"], limit=1)
    account = found[0] if found and found[0].state == "open" else None
    if not password_fits(account.password_hash if account else None, params["password"]) or account is None:
        return None
    return {
        "account": account.id,
        "name": account.name,
        "roles": [role_data(role) for role in account.held_roles],
    }


def accounts(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    congress = params["congress"]
    if not (
        work.actor.has("operator")
        or work.actor.has("system")
        or (congress and work.actor.has("liaison", congress))
    ):
        raise NotAllowed("只有运维人员和本级联工委可以查看账号。")
    conditions = [t.accounts.c.congress == congress] if congress else []
    return [
        {
            "id": a.id,
            "login": a.login,
            "name": a.name,
            "state": a.state,
            "roles": [role_data(r) for r in a.roles],
            "unclaimed": sorted(a.unclaimed),
        }
        for a in t.account_store.find(work.connection, *conditions, limit=params["limit"])
    ]


# --- inside ---------------------------------------------------------------------------------------------------


def _told(work: Work, codes: dict[str, str]) -> dict[str, Any]:
    """The codes for a deputy's seats as who gave them reads them, this once."""
    names = {id: deputy.name for id, deputy in t.deputy_store.get_many(work.connection, list(codes)).items()}
    return (
        {"codes": [{"seat": seat, "name": names[seat], "code": code} for seat, code in codes.items()]}
        if codes
        else {}
    )


def _require_free_seats(work: Work, roles: list[Role], account: str) -> None:
    """One account speaks for a deputy: another one that was given the seat has to lose it first."""
    for role in roles:
        if not role.seat:
            continue
        a = t.accounts.c
        named = sa.cast(a.state_json, sa.Text).contains(role.seat, autoescape=True)
        others = t.account_store.find(
            work.connection, a.congress == role.congress, named, a.id != account, limit=20
        )
        if taken := [other.login for other in others if any(r.seat == role.seat for r in other.roles)]:
            wrong = f"这位代表的席位已由账号“{taken[0]}”使用，请先变更那个账号的角色。"
            raise Invalid(wrong, {"roles": [wrong]})


def _home_of(work: Work, id: str) -> str | None:
    """The congress at which a unit or a deputy's seat is registered."""
    found = t.unit_store.get(work.connection, id) or t.deputy_store.get(work.connection, id)
    return found.congress if found else None


def _require_known(work: Work, role: Role) -> None:
    """An account at a place that there is not could sign in and would find nothing."""
    for store, id, what in (
        (t.congress_store, role.congress, "人大"),
        (t.unit_store, role.unit, "承办单位"),
        (t.deputy_store, role.seat, "代表"),
    ):
        if id and store.get(work.connection, id) is None:
            raise Invalid(f"没有登记“{id}”这个{what}。", {"roles": [f"没有登记这个{what}，请核对。"]})
