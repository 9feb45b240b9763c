"""Who leads a suggestion, after its lead deputy's seat fell vacant and a cosigner took it over, perhaps more than once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar


class HasId(Protocol):
    @property
    def id(self) -> str: ...


P = TypeVar("P", bound=HasId)


@dataclass
class Succession:
    """What `lead.replaced` has told so far: the newest one's sequence and lead, and all who led before.

    It makes the same people of the same events, whichever arrives first.
    """

    told: int = 0
    lead: dict[str, str] | None = None
    former: list[str] = field(default_factory=list)

    def hear(self, told: int, before: dict[str, str], lead: dict[str, str]) -> None:
        """Take in an event: `told` is its sequence."""
        self.former = sorted({*self.former, before["id"]})
        if told > self.told:
            self.told, self.lead = told, lead

    def after(self, deputies: Iterable[P], new: P | None) -> list[P]:
        """The deputies, the lead one first, as they are now; `new` is who leads after the newest event."""
        gone: Collection[str] = self.former
        if new is None:
            return list(deputies)
        return [new, *(deputy for deputy in deputies if deputy.id != new.id and deputy.id not in gone)]
