"""Who is who: divisions and congresses, sessions, delegations, deputies' seats, units and accounts."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from shared.aggregate import Aggregate, Governed
from shared.clock import legal_date
from shared.identity import WITHIN_UNIT, Actor, Role
from shared.problems import Invalid
from shared.rules import Rule, Rules

REGISTER = Rules(
    "项登记",
    {"new": "尚未登记"},
    [
        Rule("register_divisions", "登记区划", ("operator", "system"), ("new",)),
        Rule("open_session", "设立会议", ("liaison", "operator", "system"), ("new",)),
        Rule("register_delegation", "登记代表团", ("liaison", "operator", "system"), ("new",)),
        Rule("register_deputy", "登记代表", ("liaison", "operator", "system"), ("new",)),
        Rule("register_unit", "登记承办单位", ("liaison", "operator", "system"), ("new",)),
        Rule("register_office", "登记职务", ("liaison", "operator", "system"), ("new",)),
        Rule("add_account", "开立账号", ("liaison", "operator", "system"), ("new",)),
    ],
)

_OFFICES = ("liaison", "operator", "system")

# Of what has been registered: a unit that is abolished (停用) or a seat that falls vacant stays on file and gets nothing new.
ENTRY_RULES = Rules(
    "项登记",
    {"active": "在册", "closed": "已停用"},
    [
        Rule("change_session", "变更会议", _OFFICES, ("active",)),
        Rule("change_delegation", "变更代表团", _OFFICES, ("active",)),
        Rule("name_delegation_head", "登记团长", _OFFICES, ("active",)),
        Rule("change_deputy", "变更代表", _OFFICES, ("active",)),
        Rule("vacate_seat", "登记代表资格终止", _OFFICES, ("active",)),
        Rule("change_unit", "变更承办单位", _OFFICES, ("active",)),
        Rule("move_unit", "调整上级单位", _OFFICES, ("active",)),
        Rule("close_unit", "停用承办单位", _OFFICES, ("active",)),
        Rule("reopen_unit", "恢复承办单位", _OFFICES, ("closed",)),
        Rule("change_office", "变更职务", _OFFICES, ("active",)),
        Rule("appoint", "登记任职", _OFFICES, ("active",)),
        Rule("relieve", "登记免职", _OFFICES, ("active",)),
        Rule("close_office", "撤销职务", _OFFICES, ("active",)),
    ],
)

ACCOUNT_RULES = Rules(
    "个账号",
    {"open": "正常", "closed": "已停用"},
    [
        Rule("change_roles", "变更角色", ("liaison", "operator", "system"), ("open",)),
        Rule("change_password", "修改密码", ("self",), ("open",)),
        Rule("claim_seat", "认领代表席位", ("self",), ("open",)),
    ],
)

# RFC 9106's second recommended option (64 MiB, 3 passes) would let a few sign-ins at once exceed a small pod's memory;
# these are OWASP's minimum for argon2id: 19 MiB, 2 passes, 1 lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _hasher.hash("nobody has this password")


CODE_LETTERS, CODE_LENGTH = "23456789ABCDEFGHJKMNPQRSTUVWXYZ", 10  # without what looks alike


def _hash_code(code: str) -> str:
    """A code is drawn by chance and long enough that no list of all of them can be tried: a plain hash is enough."""
    return hashlib.sha256(code.strip().upper().replace("-", "").encode()).hexdigest()


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher.hash(password)


def password_fits(kept: str | None, password: str) -> bool:
    """Does the password fit the hash? Takes the same time when there is no such account, so that none can be probed."""
    try:
        return _hasher.verify(kept or _NOBODY, password) and kept is not None
    except (VerifyMismatchError, VerificationError, InvalidHashError):
        return False


@dataclass(kw_only=True)
class Congress(Aggregate):
    """A people's congress. Its id is its division's path, as 43.01.81."""

    name: str
    short: str
    level: str
    parent: str

    def tell_congress(self, by: Actor, now: datetime) -> None:
        self.record(
            "congress.recorded", now, by, path=self.id, name=self.name, short=self.short, level=self.level, parent=self.parent
        )  # fmt: skip


class Entry(Governed):
    """What a congress has registered and may change: a session, a delegation, a deputy's seat, a unit."""

    rules: ClassVar[Rules] = ENTRY_RULES
    active = True

    @property
    def state(self) -> str:  # type: ignore[override]
        return "active" if self.active else "closed"

    def relations(self, actor: Actor) -> frozenset[str]:
        """The congress's office and operators; who else is at this congress looks on."""
        found = {r.role for r in actor.roles if r.role in ("operator", "system")}
        if actor.has("liaison", self.congress):
            found.add("liaison")
        if not found and self.congress in actor.congresses():
            found.add("public")
        return frozenset(found)


@dataclass(kw_only=True)
class Session(Entry):
    """A session (会议) of a congress: 第 term 届 ordinal 次会议."""

    term: int
    ordinal: int
    opens_on: date
    closes_on: date

    @property
    def name(self) -> str:
        return f"第{in_chinese(self.term)}届{in_chinese(self.ordinal)}次会议"

    def open(self, by: Actor, now: datetime) -> None:
        """Register it, or its changed dates. Raises Invalid where it would close before it opens."""
        if self.closes_on < self.opens_on:
            raise Invalid("闭幕日期不能早于开幕日期。", {"closes_on": ["不能早于开幕日期。"]})
        self.record(
            "session.recorded", now, by, name=self.name, term=self.term, ordinal=self.ordinal,
            opens_on=self.opens_on.isoformat(), closes_on=self.closes_on.isoformat(),
        )  # fmt: skip


@dataclass(kw_only=True)
class Delegation(Entry):
    """A delegation (代表团) of a congress. Its head (团长) confirms what is handed in as the whole delegation's."""

    name: str
    head: str = ""  # the deputy's seat
    head_name: str = ""

    def name_head(self, deputy: Deputy | None, by: Actor, now: datetime) -> None:
        """One of its own members, or nobody."""
        if deputy and (deputy.delegation != self.id or not deputy.active):
            raise Invalid("团长应当是本团代表。", {"deputy": ["请从本代表团在任的代表中选择。"]})
        self.head, self.head_name = (deputy.id, deputy.name) if deputy else ("", "")
        self.tell_delegation(by, now)

    def tell_delegation(self, by: Actor, now: datetime) -> None:
        self.record("delegation.recorded", now, by, name=self.name, head=self.head, head_name=self.head_name)


@dataclass(kw_only=True)
class Deputy(Entry):
    """A deputy's seat at one congress. A person who is a deputy at several levels has a seat at each."""

    name: str
    delegation: str = ""
    delegation_name: str = ""
    active: bool = True
    vacated_on: date | None = None

    def tell_deputy(self, by: Actor, now: datetime, reason: str = "") -> None:
        self.record(
            "deputy.recorded", now, by, name=self.name, delegation=self.delegation,
            delegation_name=self.delegation_name, active=self.active, reason=reason,
        )  # fmt: skip

    def vacate(self, on: date, reason: str, by: Actor, now: datetime) -> None:
        """The deputy resigned, was recalled, moved away or died (《代表法》第四十九条): the seat is vacant from this day on."""
        if on > legal_date(now):
            raise Invalid("日期还没有到。", {"on": ["终止日期不能晚于今天。"]})
        self.active, self.vacated_on = False, on
        self.tell_deputy(by, now, reason)


GOVERNMENT_BELOW = "government_below"


@dataclass(kw_only=True)
class Unit(Entry):
    """A unit that handles suggestions; units form a tree, from a system's office (办公厅) to the units below it.

    A government one level down is registered either by the congress above, below one of its offices, or by its own
    congress; its own office hangs below it, and links the two levels' trees.
    """

    name: str
    short: str
    kind: str
    parent: str = ""
    parent_congress: str = ""
    active: bool = True

    def called(self) -> str:
        return f"单位“{self.name}”"

    @property
    def is_government_of_its_level(self) -> bool:
        """Registered by its own congress as the government to which the congress above assigns: it hangs below no unit of
        its own level, as the governments that its congress assigns to do."""
        hangs_at_home = bool(self.parent) and self.parent_congress in (
            "",
            self.congress,
        )  # empty in older records
        return self.kind == GOVERNMENT_BELOW and not hangs_at_home

    def require_place(self, above: list[Unit], by: Actor) -> None:
        """See to it that it may hang below the first of these, each below the next; nowhere if there are none.

        Whoever hangs below another congress's unit takes part in what that unit is given: only who speaks for both levels
        may say so. Raises Invalid beside the field.
        """
        if any(unit.id == self.id for unit in above):
            raise Invalid("单位不能是自己的上级。", {"parent": ["不能选择本单位或者它下面的单位。"]})
        if above and above[0].congress != self.congress and not (
            by.has("operator") or by.has("system") or by.has("liaison", above[0].congress)
        ):  # fmt: skip
            raise Invalid(
                "不能挂在其他人大的单位下面。",
                {"parent": ["上级单位属于其他人大，应当由运维人员登记或者调整。"]},
            )
        self.parent, self.parent_congress = (above[0].id, above[0].congress) if above else ("", "")

    def move_below(self, above: list[Unit], by: Actor, now: datetime) -> None:
        """Hang it below another unit, with all below it. What was assigned before stays with who has it."""
        self.require_place(above, by)
        self.tell_unit(by, now)

    def tell_unit(self, by: Actor, now: datetime, reason: str = "") -> None:
        self.record(
            "unit.recorded", now, by, name=self.name, short=self.short or self.name, kind=self.kind, parent=self.parent,
            active=self.active, reason=reason,
        )  # fmt: skip

    def close(self, reason: str, by: Actor, now: datetime) -> None:
        """It is abolished or merged: what it has in hand it brings to its end or returns; it gets nothing new."""
        self.active = False
        self.tell_unit(by, now, reason)

    def reopen(self, reason: str, by: Actor, now: datetime) -> None:
        self.active = True
        self.tell_unit(by, now, reason)


@dataclass(kw_only=True)
class Account(Governed):
    """A person's account. `congress` is where the person belongs; roles may be at several congresses and units."""

    rules: ClassVar[Rules] = ACCOUNT_RULES

    login: str
    name: str
    password_hash: str
    state: str = "open"
    roles: list[Role] = field(default_factory=list)
    has_own_password: bool = False  # the person chose it; before that whoever opened the account knows it
    unclaimed: dict[str, str] = field(
        default_factory=dict
    )  # seats given and not claimed yet: seat → hash of the code

    @property
    def held_roles(self) -> list[Role]:
        """The roles that count: a deputy's seat only from when its deputy has claimed it."""
        return [role for role in self.roles if role.seat not in self.unclaimed]

    def relations(self, actor: Actor) -> frozenset[str]:
        found = {r.role for r in actor.roles if r.role in ("operator", "system")}
        if actor.has("liaison", self.congress):
            found.add("liaison")
        if actor.account == self.id:
            found.add("self")
        return frozenset(found)

    def called(self) -> str:
        return f"账号 {self.login}"

    def open(self, by: Actor, now: datetime) -> dict[str, str]:
        """Open it. Returns the codes for its seats: see `_hand_out`."""
        codes = self._hand_out([])
        self._changed(by, now)
        return codes

    def change_roles(self, roles: list[Role], by: Actor, now: datetime) -> dict[str, str]:
        """Replace the roles: whoever is signed in with this account signs in anew. Returns the codes for its new seats."""
        require_may_grant(by, [*self.roles, *roles])  # what one could not give one does not take away either
        held = [role.seat for role in self.held_roles if role.seat]
        self.roles = roles
        codes = self._hand_out(held)
        self._changed(by, now)
        return codes

    def _hand_out(self, held: list[str]) -> dict[str, str]:
        """A code for each seat that the account did not hold: {seat: code}, told this once and kept nowhere.

        Who opens the account hands it to the deputy in person. Until the deputy has claimed the seat with it the
        account is no deputy's, so that nobody speaks for a deputy by giving an account a role.
        """
        new = dict.fromkeys(role.seat for role in self.roles if role.seat and role.seat not in held)
        codes = {seat: "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)) for seat in new}
        self.unclaimed = {seat: _hash_code(code) for seat, code in codes.items()}
        return codes

    def claim_seat(self, code: str, password: str, by: Actor, now: datetime) -> str:
        """The deputy claims the seat with the code that was handed over, and a password that nobody else knows.

        Returns the seat. Raises Invalid for a code that fits none of the account's seats, and where the password is the
        one with which the account was opened: who opened it knows that one.
        """
        fitting = [
            seat for seat, kept in self.unclaimed.items() if secrets.compare_digest(kept, _hash_code(code))
        ]
        if not fitting:
            wrong = "认领码不对。认领码由开立账号的人当面交给代表本人；遗失的，请联系他重新设置角色。"
            raise Invalid(wrong, {"code": [wrong]})
        if not self.has_own_password and password_fits(self.password_hash, password):
            wrong = "请换一个只有您自己知道的新密码。"
            raise Invalid(wrong, {"password": [wrong]})
        seat = fitting[0]
        del self.unclaimed[seat]
        self.password_hash, self.has_own_password = hash_password(password), True
        self._changed(by, now)
        self.record("seat.claimed", now, by, login=self.login, seat=seat)
        return seat

    def change_password(self, old: str, new: str) -> None:
        """Change one's own password, knowing the old one."""
        if not password_fits(self.password_hash, old):
            raise Invalid("原密码不对。", {"old": ["原密码不对，请重新填写。"]})
        self.password_hash, self.has_own_password = hash_password(new), True

    def _changed(self, by: Actor, now: datetime) -> None:
        self.record(
            "account.changed", now, by, login=self.login, roles=[role_data(role) for role in self.held_roles]
        )


def require_may_grant(by: Actor, roles: list[Role]) -> None:
    """An operator gives any role; a liaison office gives roles at its own congress only, and never an operator's."""
    if by.has("operator") or by.has("system"):
        return
    for role in roles:
        if role.role in ("operator", "integrator", "judgements") or not by.has("liaison", role.congress):
            raise Invalid(
                "只能授予本级人大的角色。",
                {"roles": ["联工委只能授予本级人大的角色，其他角色请联系运维人员。"]},
            )


NEEDS_UNIT, EVERYWHERE = ("handler", *WITHIN_UNIT, "unit_head"), ("operator", "integrator")


def require_whole(roles: list[Role], home_of: Callable[[str], str | None]) -> None:
    """Each role at its place: at a congress, a deputy's with a seat and a unit's people's with a unit of that congress.

    `home_of` gives the congress of a seat or unit. Without this a role given here would be good elsewhere: whoever has a
    neighbour's seat reads the neighbour's drafts, and an office of no congress would be one of all.
    """
    wrong = []
    for role in roles:
        if not role.congress and role.role not in EVERYWHERE:
            wrong.append("请填写角色所在的人大。")
        if role.role == "deputy" and not role.seat:
            wrong.append("代表的角色应当填写代表。")
        if role.role in NEEDS_UNIT and not role.unit:
            wrong.append("承办单位的角色应当填写单位。")
        if any(home_of(id) != role.congress for id in (role.unit, role.seat) if id):
            wrong.append("没有找到这个单位或代表：应当是角色所在人大登记的。")
    if wrong:
        raise Invalid("角色填写有误。", {"roles": list(dict.fromkeys(wrong))})


def role_data(role: Role) -> dict[str, Any]:
    return {"role": role.role, "congress": role.congress, "unit": role.unit, "seat": role.seat}


def in_chinese(number: int) -> str:
    """A number from 1 to 99 as sessions are counted: 13 → 十三, 20 → 二十, 21 → 二十一."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if tens == 0:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
