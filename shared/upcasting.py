"""Older versions of events, read as the newer ones that the handlers are written for.

A handler is written for the newest version alone. What a service finds in an older one — in a log that is older than
the new version, or from a publisher that does not know it yet — is brought up to it by the steps declared here, one
for each version that followed another. They are here and not with the publisher, since every consumer needs them.

A publisher that still serves an older version publishes the event twice, as two wordings (`shared.events.Catalogue`).
They are one event: whichever of them a service can read and sees first takes effect, and the inbox remembers the names
of both. So it also holds while a service's old program, which handles the old version, and its new one share a queue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from shared.events import twin_id

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: dict[str, Upcaster] = {}
"""By the older type: how the data of the version that followed it is made of its own."""


def upcasts(type: str) -> Callable[[Upcaster], Upcaster]:
    """Declare the step from one version (`suggestion.submitted.v1`) to the next: `f(data) -> data`."""

    def declare(function: Upcaster) -> Upcaster:
        if type in UPCASTERS:
            raise ValueError(f"{type} has a step to the next version already")
        UPCASTERS[type] = function
        return function

    return declare


def next_version(type: str) -> str:
    """`suggestion.submitted.v2` for `suggestion.submitted.v1`."""
    name, _, version = type.rpartition(".v")
    return f"{name}.v{int(version) + 1}"


class Reader:
    """Which events one service reads, and as which version."""

    def __init__(self, handled: Iterable[str]) -> None:
        self.version_of = {
            type: type for type in handled
        }  # the type that is handled, by the type that is read
        for older in UPCASTERS:
            newer = older
            while newer not in self.version_of and newer in UPCASTERS:
                newer = next_version(newer)
            if newer in self.version_of:
                self.version_of[older] = self.version_of[newer]

    @property
    def types(self) -> list[str]:
        """All types that are worth bringing: those that are handled, and the older ones that can be read as such."""
        return list(self.version_of)

    def read(self, event: dict[str, Any]) -> dict[str, Any]:
        """The event in the version that is handled; its id and all that is around its data stay."""
        type = event["type"]
        wanted = self.version_of.get(type, type)
        if type == wanted:
            return event
        data = event["data"]
        while type != wanted:
            data, type = UPCASTERS[type](data), next_version(type)
        return event | {"type": type, "data": data}

    def names(self, event: dict[str, Any]) -> list[str]:
        """The ids under which this service may have seen the event: its own, and those of wordings it reads alike."""
        if "versions" not in event:
            return [event["id"]]
        name, _, _ = event["type"].rpartition(".v")
        versions = [int(version.removeprefix("v")) for version in event["versions"].split()]
        newest, as_read = event.get("twinof", event["id"]), self.version_of.get(event["type"])
        ids = {version: twin_id(newest, version) for version in versions[:-1]} | {versions[-1]: newest}
        return [id for version, id in ids.items() if self.version_of.get(f"{name}.v{version}") == as_read]
