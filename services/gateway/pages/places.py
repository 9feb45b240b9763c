"""At which congress a person is at work: for the lists that start with one's own."""

from __future__ import annotations

from shared.identity import Actor


def congresses_of(actor: Actor) -> list[str]:
    """The congresses at which the person has a role, the highest first."""
    return sorted({path for path in actor.congresses() if path}, key=lambda path: (len(path), path))


def congress_of(actor: Actor, wanted: str) -> str:
    """The congress that was asked for, else the person's first; empty where the person has none."""
    return wanted or next(iter(congresses_of(actor)), "")
