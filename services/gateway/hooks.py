"""What plugins may answer in the gateway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shared.plugins import hookspec


@dataclass(frozen=True)
class Told:
    """One more message about a suggestion. `to`: deputies, lead (the deputy who leads), unit (that of the event) or office.

    `text` is what follows the suggestion's title; at most 200 characters are kept.
    """

    to: str
    text: str


@hookspec
def messages(type: str, data: dict[str, Any], settings: dict[str, Any]) -> list[Told]:
    """What else is told of an event, beside what everybody is told of it (`services/gateway/messages/occasions.py`).

    Called once for each event of `occasions.FOR_PLUGINS` and each that is told anyway, for the plugins that are on at the congress and
    the event's unit. `type` as `task.signed.v1`, `data` as docs/events.md says. Each answer is told once to each person.
    """
    raise NotImplementedError
