"""At which congress a person is at work: for the lists that start with one's own."""

from __future__ import annotations

from typing import Any

from services.gateway.access import calls, current_actor
from shared.contracts import directory
from shared.identity import Actor
from shared.problems import Problem
from shared.reply_classes import labels_in
from shared.terms import REPLY_CLASSES


def congresses_of(actor: Actor, *roles: str) -> list[str]:
    """The congresses at which the person has a role, or one of these, the highest first."""
    paths = {
        path
        for path in actor.congresses()
        if path and (not roles or any(actor.has(role, path) for role in roles))
    }
    return sorted(paths, key=lambda path: (len(path), path))


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


def reply_classes_at(congress: str) -> dict[str, str]:
    """{letter: what people read} of the classes of replies at a congress; the usual ones while the directory is away."""
    if not congress:
        return dict(REPLY_CLASSES)
    found = calls.gather({"held": (directory.PRACTICES, {"congress": congress})})["held"]
    held = [] if isinstance(found, Problem) else found
    own = next((practice["settings"] for practice in held if practice["name"] == "reply_classes"), None)
    return labels_in(own) if own else dict(REPLY_CLASSES)


def class_in_words(of: dict[str, Any]) -> str:
    """The class of a draft or reply as people read it: the place's words, which go with it since there are such."""
    letter = str(of["reply_class"])
    return str(of.get("class_words") or REPLY_CLASSES.get(letter, f"{letter}类"))
