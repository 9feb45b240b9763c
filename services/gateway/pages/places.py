"""At which congress a person is at work: for the lists that start with one's own."""

from __future__ import annotations

from services.gateway.access import calls, current_actor
from shared.contracts import directory
from shared.identity import Actor
from shared.problems import Problem


def congresses_of(actor: Actor) -> list[str]:
    """The congresses at which the person has a role, the highest first."""
    return sorted({path for path in actor.congresses() if path}, key=lambda path: (len(path), path))


def congress_of(actor: Actor, wanted: str) -> str:
    """The congress that was asked for, else the person's first; empty where the person has none."""
    return wanted or next(iter(congresses_of(actor)), "")


def own_congresses() -> dict[str, str]:
    """{path: name} of the congresses at which the person in this request has a role."""
    paths = congresses_of(current_actor)
    return named(paths) if len(paths) > 1 else dict.fromkeys(paths, "")  # one alone is not asked for


def named(paths: list[str]) -> dict[str, str]:
    """{path: name}; by its path while the directory is away."""
    found = calls.gather({path: (directory.CONGRESS, {"id": path}) for path in paths})
    return {path: path if isinstance(answer, Problem) else answer["name"] for path, answer in found.items()}
