"""The events of the whole network after a point: the services' logs, merged.

The point is opaque to who keeps it: a position in each service's log. So a service that is away, slow or was restored
holds nobody else up, and its events are not missed but come later. Within a service the order is that of its log,
always; between services it goes by the time of the events.
"""

from __future__ import annotations

import base64
import binascii
import heapq
import time
from dataclasses import dataclass
from typing import Any

import orjson

from services.gateway.calls import Calls
from shared.problems import Invalid, Problem, Unavailable
from shared.settings import SERVICES

NOW = "now"
LOOK_SECONDS = 0.4  # between two looks at how far the logs have come, however many wait
MOST_POSITION = 2**62

Positions = dict[str, int]


@dataclass(frozen=True)
class Page:
    """Some events, where to go on, and the services that did not answer."""

    events: list[dict[str, Any]]
    cursor: Positions
    unanswered: list[str]


def read(calls: Calls, cursor: Positions, wanted: dict[str, Any], limit: int) -> Page:
    """The next events after a point. Raises the Problem with which the services refused; Unavailable if none answers."""
    answers = calls.read_logs({service: cursor.get(service, 0) for service in SERVICES}, wanted, limit)
    unanswered = _unanswered(answers)
    pages = {service: answer for service, answer in answers.items() if service not in unanswered}
    lines = [
        [(entry["event"]["time"], service, entry) for entry in page["entries"]]
        for service, page in pages.items()
    ]
    merged = list(heapq.merge(*lines, key=lambda line: line[0]))
    given, left = merged[:limit], {service for _, service, _ in merged[limit:]}
    following = dict(cursor)
    for service, page in pages.items():
        if service not in left:
            following[service] = page["upto"]
    for _, service, entry in given:
        if service in left:
            following[service] = entry["position"]
    return Page([entry["event"] for _, _, entry in given], following, unanswered)


def newest(calls: Calls) -> Positions:
    """The point that is now: nothing committed from here on is before it. Raises Unavailable unless all answer."""
    answers = calls.read_logs(dict.fromkeys(SERVICES), {}, 1)
    for answer in answers.values():
        if isinstance(answer, Problem):
            raise answer
    return {service: answer["upto"] for service, answer in answers.items()}


def _unanswered(answers: dict[str, Any]) -> list[str]:
    problems = {service: answer for service, answer in answers.items() if isinstance(answer, Problem)}
    for problem in problems.values():
        if problem.status < 500 or len(problems) == len(answers):
            raise problem
    return sorted(problems)


def packed(cursor: Positions) -> str:
    """The point as text for who keeps it."""
    return base64.urlsafe_b64encode(orjson.dumps([1, cursor])).decode().rstrip("=")


def unpacked(text: str) -> Positions:
    """The point from its text; the beginning for an empty one. Raises Invalid."""
    if not text:
        return {}
    try:
        version, cursor = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        is_usable = version == 1 and all(
            service in SERVICES and type(position) is int and 0 <= position < MOST_POSITION
            for service, position in cursor.items()
        )
    except (binascii.Error, UnicodeError, ValueError, TypeError, AttributeError):
        is_usable = False
    if not is_usable:
        raise Invalid(
            "读取事件：起点不对。", {"after": ["应当是上一次回答里的 Next-Cursor，或者 now，或者不填。"]}
        )
    return dict(cursor)


class Lookout:
    """Tells whether the logs have gone on. However many wait in this process, the services are asked once for all."""

    def __init__(self) -> None:
        self._newest: Positions = {}
        self._looked_at = 0.0
        self._looking = False

    def ahead(self, calls: Calls, cursor: Positions) -> bool:
        """Is there something after this point? As of a moment ago."""
        if not self._looking and time.monotonic() - self._looked_at >= LOOK_SECONDS:
            self._looking = True
            try:
                answers = calls.as_system().each(SERVICES, "newest_position")
                self._newest |= {s: a for s, a in answers.items() if not isinstance(a, Problem)}
            except Unavailable:
                pass  # the broker is away: nothing new until it is back
            finally:
                self._looking, self._looked_at = False, time.monotonic()
        return any(position > cursor.get(service, 0) for service, position in self._newest.items())
