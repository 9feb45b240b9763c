"""Who asks: a person's account with roles, passed with every call in a short-lived signed token.

The gateway signs; every service verifies and decides for itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt

from shared.problems import NotSignedIn

TOKEN_SECONDS = 120  # long enough for one call with its retries, too short to be worth stealing

ROLE_LABELS = {
    "deputy": "人大代表",
    "liaison": "联工委",
    "distributing": "交办单位（办公厅/办公室）",
    "handler": "承办单位经办人",
    "unit_clerk": "专门联络员（处室）",
    "section_head": "处室负责人",
    "deputy_head": "承办单位分管负责人",
    "unit_head": "承办单位负责人",
    "supervisor": "督办领导",
    "standing_leader": "常委会领导",
    "government_leader": "政府领导",
    "committee": "专门委员会",
    "station": "代表联络站",
    "integrator": "对接系统",
    "judgements": "对接系统（可接收代表评价）",
    "operator": "运维人员",
    "system": "系统",
}

# What somebody is within a unit (职务), the lowest first. Each does what a handler does; what is counted by rank takes it from here.
WITHIN_UNIT = ("unit_clerk", "section_head", "deputy_head")

# Who supervises beside the offices; `supervisor` stands for all three of the others. A leader of the government does not
# hear what deputies say of its units before they do.
SUPERVISORS = ("supervisor", "standing_leader", "government_leader", "committee")
SUPERVISORS_OF_THE_CONGRESS = ("supervisor", "standing_leader", "committee")


@dataclass(frozen=True)
class Role:
    """One role of an account: at a congress (its division path) and, where it has one, at a unit or a deputy's seat."""

    role: str
    congress: str
    unit: str = ""  # unit id, for handler, unit_head and distributing
    seat: str = ""  # deputy id, for deputy

    def acts_as(self, *roles: str) -> bool:
        """Is it one of these roles? Who has a rank within a unit acts as a handler of it."""
        return self.role in roles or (self.role in WITHIN_UNIT and "handler" in roles)

    @property
    def is_of_congress(self) -> bool:
        """Does it hold at the congress? A distributing office with a unit is one system's (归口): it acts and sees within
        the tree of that unit, and is found by `Actor.units`; one without a unit distributes for the whole congress."""
        return not (self.role == "distributing" and self.unit)


@dataclass(frozen=True)
class Actor:
    """The person who asks. `now` is set only by callers that hold the signing key and tell a case of another time.

    `origin` stands for the network address from which the person asks, where the gateway knows one: a keyed hash that changes
    every day, never the address itself.
    """

    account: str
    name: str
    roles: tuple[Role, ...] = field(default=())
    now: datetime | None = None
    origin: str = ""

    def has(self, role: str, congress: str | None = None) -> bool:
        """Does the person have this role, at this congress if one is named? See `Role.is_of_congress`."""
        return any(
            r.acts_as(role) and r.is_of_congress and congress in (None, r.congress) for r in self.roles
        )

    @property
    def seats(self) -> frozenset[str]:
        """Deputy ids of this person: one at each congress where the person is a deputy."""
        return frozenset(r.seat for r in self.roles if r.role == "deputy" and r.seat)

    def units(self, *roles: str) -> frozenset[str]:
        """Unit ids at which the person has one of these roles; any role when none is named."""
        return frozenset(r.unit for r in self.roles if r.unit and (not roles or r.acts_as(*roles)))

    def congresses(self, *roles: str) -> frozenset[str]:
        """Congress paths at which the person has one of these roles; any role when none is named."""
        return frozenset(
            r.congress for r in self.roles if not roles or (r.acts_as(*roles) and r.is_of_congress)
        )

    def rank_at(self, units: Iterable[str]) -> str:
        """The highest rank (`shared.terms.RANKS`) that the account has at one of these units; empty for a mere handler."""
        held = {r.role for r in self.roles if r.unit in units}
        return next((rank for rank in ("unit_head", "deputy_head", "section_head") if rank in held), "")

    def as_by(self) -> dict[str, str]:
        """How events and histories name the person."""
        return {"account": self.account, "name": self.name}

    def to_claims(self) -> dict[str, Any]:
        return {
            "sub": self.account,
            "name": self.name,
            "roles": [[r.role, r.congress, r.unit, r.seat] for r in self.roles],
        }

    @classmethod
    def from_claims(cls, claims: dict[str, Any]) -> Actor:
        now = claims.get("now")
        return cls(
            account=claims["sub"],
            name=claims["name"],
            roles=tuple(Role(*role) for role in claims["roles"]),
            now=datetime.fromisoformat(now) if now else None,
            origin=claims.get("origin", ""),
        )


SYSTEM = Actor(account="system", name="系统", roles=(Role("system", ""),))
PUBLIC = Actor(account="public", name="公众")


def sign(actor: Actor, key: str, issued_at: datetime | None = None) -> str:
    """A token for one call. Its life is counted on the machine's clock, whatever time the case tells."""
    issued = int((issued_at or datetime.now(UTC)).timestamp())
    claims = actor.to_claims() | {"exp": issued + TOKEN_SECONDS}
    if actor.now is not None:
        claims["now"] = actor.now.isoformat()
    if actor.origin:
        claims["origin"] = actor.origin
    return jwt.encode(claims, key, algorithm="HS256")


def verify(token: str | None, key: str) -> Actor:
    """The actor whom a token names. Raises NotSignedIn when it is missing, expired or not signed with the key."""
    if not token:
        raise NotSignedIn("请先登录。")
    try:
        return Actor.from_claims(jwt.decode(token, key, algorithms=["HS256"]))
    except (jwt.InvalidTokenError, KeyError, TypeError, ValueError) as error:
        raise NotSignedIn("登录已失效，请重新登录。") from error
