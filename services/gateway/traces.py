"""What one command set off in the whole network: which events, handled where, and which are still on their way."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from services.gateway.calls import Calls
from shared.problems import Problem

SERVICES = ("directory", "intake", "assignment", "supervision", "evaluation", "search", "gateway")


def follow(calls: Calls, trace: str) -> dict[str, Any]:
    """{published: [{service, type, id}], handled: [{service, type, id, at}], pending: [{service, type, id}]}.

    Pending are events that a service which handles their type has not handled yet: once there are none, everything
    that the command caused has happened. Raises Unavailable when a service does not answer: then nobody can tell.
    """
    answers = calls.as_system().each(SERVICES, "followed", trace)
    for answer in answers.values():
        if isinstance(answer, Problem):
            raise answer
    published = [
        {"service": s, "type": e["type"], "id": e["id"]} for s, a in answers.items() for e in a["published"]
    ]
    handled = [{"service": s, **event} for s, a in answers.items() for event in a["handled"]]
    done = {(event["service"], event["id"]) for event in handled}
    pending = [
        {"service": service, "type": event["type"], "id": event["id"]}
        for event in published
        for service, answer in answers.items()
        if event["type"] in answer["handles"] and (service, event["id"]) not in done
    ]
    return {"published": published, "handled": handled, "pending": pending}


def wait_until_followed(calls: Calls, trace: str, pauses: Iterable[float]) -> None:
    """Return when nothing of the trace is pending, or nobody can tell: looked for after each of these pauses, in seconds."""
    for pause in pauses:
        time.sleep(pause)
        try:
            if not follow(calls, trace)["pending"]:
                return
        except Problem:
            return
