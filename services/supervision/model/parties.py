"""The parties of the grand supervision (大督办, Hunan 2023) that are persons: who of them is meant by a key mark.

Standing-committee leaders lead (牵头督办), government leaders sponsor (领办), special committees oversee their field
(对口督办). The others are known by their roles: the liaison office, deputies, units.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.supervision.model.facts import KeyMark
from shared.identity import Actor
from shared.offices import PARTY_OF, is_held_by, is_meant

PARTIES = {"leads": "牵头督办", "sponsors": "领办", "oversees": "对口督办"}
OF_ROLE = {
    "standing_leader": ("leads",),
    "government_leader": ("sponsors",),
    "committee": ("oversees",),
    "supervisor": tuple(PARTIES),  # stands for all three
}


def parties_of(key: KeyMark | None) -> dict[str, tuple[str, str]]:
    """{party: (name, id of the post or empty)} on a key mark, of those that are named."""
    named = {
        party: (getattr(key, role, ""), getattr(key, f"{role}_id", "")) for role, party in PARTY_OF.items()
    }
    return {party: (name, office) for party, (name, office) in named.items() if name}


def parties_at(actor: Actor, congress: str) -> set[str]:
    """As which parties the person may be meant at a congress."""
    return {party for role, parties in OF_ROLE.items() if actor.has(role, congress) for party in parties}


def means(name: str, office: Mapping[str, Any] | None, actor: Actor, day: date) -> bool:
    """Is the person meant by a key mark: as who holds its post, or, where it names none, by name?"""
    return is_held_by(office, actor.account, day) if office else is_meant(name, actor.name)
