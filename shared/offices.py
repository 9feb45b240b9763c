"""Posts (职务) and who holds them: a duty belongs to the post, and passes with it to who holds it next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

OFFICE_KINDS = {"standing_committee": "常委会领导", "government": "政府领导", "committee": "专门委员会"}
# Whose account may hold a post of a kind; `supervisor` stands for all three.
ROLES_OF = {
    "standing_committee": ("standing_leader", "supervisor"), "government": ("government_leader", "supervisor"),
    "committee": ("committee", "supervisor"),
}  # fmt: skip
# What a key mark names, the party that it makes of them, and the kind of post that it is.
PARTY_OF = {"leading_supervisor": "leads", "sponsor": "sponsors", "committee": "oversees"}
KIND_OF = {"leading_supervisor": "standing_committee", "sponsor": "government", "committee": "committee"}

_BETWEEN = re.compile("[\\s\u3001\uff0c,;\uff1b]+")


def holders(office: Mapping[str, Any], day: date) -> list[Mapping[str, Any]]:
    """Who holds a post on a day: [{account, name, since, until}]; `until` is the first day without it."""
    on = day.isoformat()
    return [
        held
        for held in office["holders"]
        if held["since"] <= on and (not held["until"] or on < held["until"])
    ]


def is_held_by(office: Mapping[str, Any], account: str, day: date) -> bool:
    return any(held["account"] == account for held in holders(office, day))


def called(office: Mapping[str, Any], day: date) -> str:
    """How a key mark names it: a leader by post and name, a committee by its name."""
    if office["kind"] == "committee":
        return str(office["name"])
    names = "、".join(held["name"] for held in holders(office, day))
    return f"{office['name']}{names or '（空缺）'}"


def is_meant(name: str, person: str) -> bool:
    """Does a name on a key mark mean this person? Offices write it alone, after the post, or several in a row."""
    return bool(person) and any(one.endswith(person) for one in _BETWEEN.split(name))
