"""What every entity of the models has in common. Plain Python: no database, no broker."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

import uuid_utils

from shared.identity import Actor
from shared.rules import Rules


def new_id() -> str:
    """A new UUIDv7: unique, and sorted by the time it was made."""
    return str(uuid_utils.uuid7())


@dataclass(frozen=True)
class Recorded:
    """An event that a model recorded and that leaves with the transaction that saves it."""

    name: str
    data: dict[str, Any]
    at: datetime


@dataclass(kw_only=True)
class Aggregate:
    """An entity that is loaded, changed by one command and saved as a whole.

    `congress` is the division path of the congress it belongs to; `version` rises with every save, so that a form
    filled in for an older version is noticed; `sequence` counts the events published about it.
    """

    id: str
    congress: str
    version: int = 0
    sequence: int = 0
    recorded: list[Recorded] = field(default_factory=list, repr=False, compare=False)
    # By the transaction that loaded it: nobody else can have saved it since.
    is_locked: bool = field(default=False, init=False, repr=False, compare=False)

    def record(self, name: str, at: datetime, by: Actor, /, **data: Any) -> None:
        """Record an event: its name (`suggestion.submitted`), when, by whom, and what the schema asks for."""
        self.recorded.append(Recorded(name, {"by": by.as_by(), **data}, at))


class Governed(Aggregate):
    """An aggregate whose commands are governed by a table of rules."""

    rules: ClassVar[Rules]
    state: str

    def relations(self, actor: Actor) -> frozenset[str]:
        """How the person stands to this thing, in the terms of `shared.rules.RELATION_LABELS`."""
        raise NotImplementedError

    def called(self) -> str:
        """How a refusal calls this thing, as 《title》."""
        return ""

    def check(self, command: str, actor: Actor) -> None:
        """Raise unless the person may give this command now: see `Rules.check`."""
        self.rules.check(command, self.state, self.relations(actor), self.called())

    def may(self, actor: Actor) -> list[dict[str, str]]:
        """What the person may do now: [{command, label}], for pages and programs."""
        return [
            {"command": r.command, "label": r.label}
            for r in self.rules.allowed(self.state, self.relations(actor))
        ]
