"""Which events a system outside may have: those of its jurisdiction, except what is nobody's business but an office's.

The same for every way out: catching up over REST, and webhooks; the broker's queues are bound by it (`jianyi/subscribers.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from shared.events import ROOT
from shared.identity import Actor
from shared.problems import NotAllowed

PATTERN = re.compile(r"\*|[a-z]+\.(\*|[a-z]+\.(\*|v\d+))", re.ASCII)
"""`*`, all of a subject (`suggestion.*`), all versions of an event (`suggestion.submitted.*`), or one version."""

# Accounts; what deputies write and agree on before they submit it; what a unit writes before it has issued it, and looks into
# within itself; what the offices only think of doing about a unit.
WITHHELD = (
    "account.*", "seat.*", "suggestion.drafted.*", "suggestion.discarded.*", "cosigner.*", "delegation.asked.*", "delegation.confirmed.*", "delegation.declined.*",
    "reply.drafted.*", "reply.approved.*", "reply.rejected.*", "nomination.made.*", "vote.cast.*", "award.decided.*",
    "measure.proposed.*", "measure.declined.*", "circular.drawn.*", "lookback.drawn.*",
    "check.*", "progress.told.*", "unit.graded.*",
    "batch.listed.*", "batch.unlisted.*", "keylist.listed.*", "keylist.unlisted.*",
)  # fmt: skip

# How deputies judge (背靠背): a unit's office system is a system outside, too. For accounts with the right to judgements;
# the others hear what becomes public with `suggestion.published`.
JUDGEMENTS = (
    "feedback.given.*",
    "feedback.awaited.*",
    "feedback.flagged.*",
    "flag.settled.*",
    "dissatisfaction.*",
    "supplement.judged.*",
    "doubt.*",
    "ballot.*",
    "figures.told.*",
)
REMINDERS = (
    "reminder.sent.*"  # in logs from before `feedback.awaited`: those to deputies say who has not judged yet
)


def covers(root: str, path: str) -> bool:
    """Does a jurisdiction contain a congress: is it the same, or above it?"""
    return root in (ROOT, path) or path.startswith(f"{root}.")


def matches(type: str, patterns: Iterable[str]) -> bool:
    """Does an event's type fit one of the patterns?"""
    return any(p in ("*", type) or (p.endswith(".*") and type.startswith(p[:-1])) for p in patterns)


def sees_all(actor: Actor) -> bool:
    """Operators and the services themselves: events of all places and kinds, judgements apart."""
    return actor.has("operator") or actor.has("system")


def tells_judgements(event: dict[str, Any]) -> bool:
    """Does the event say how a deputy judged, or that one has not yet?"""
    type = event["type"]
    return matches(type, JUDGEMENTS) or (matches(type, (REMINDERS,)) and bool(event["data"].get("deputy")))


def may_have_judgements(actor: Actor, jurisdiction: str) -> bool:
    """May the person's system hear how deputies of this place judge? A right of its own, beside the jurisdiction: who runs the
    network has it as little as others until it is given, which is on file (`account.changed`)."""
    return actor.has("system") or any(
        path and covers(path, jurisdiction) for path in actor.congresses("judgements")
    )


def jurisdictions_of(actor: Actor) -> list[str]:
    """Where the person's system may hear of events. Raises NotAllowed where nowhere.

    An integrator's role always names its place: one without would otherwise reach the whole network.
    """
    if sees_all(actor):
        return [ROOT]
    found = sorted(path for path in actor.congresses("integrator") if path)
    if not found:
        raise NotAllowed("只有对接系统（在登记的辖区内）和运维人员可以读取事件。")
    return found


def require_within(actor: Actor, jurisdiction: str) -> None:
    """Raise NotAllowed unless the jurisdiction lies within the person's own."""
    own = jurisdictions_of(actor)
    if not any(covers(root, jurisdiction) for root in own):
        raise NotAllowed(f"您的对接范围是 {'、'.join(own)} 及其下级，不包括 {jurisdiction}。")
