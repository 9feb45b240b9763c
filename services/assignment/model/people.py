"""Who is named in a handling: deputies and units, by id and name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Person:
    """A deputy, by seat."""

    id: str
    name: str


@dataclass(frozen=True)
class Unit:
    """A handling unit. While it is being chosen, with its place in the tree of units: see `Task.desk` and `Task.offices`."""

    id: str
    name: str
    desk: str = field(default="", compare=False)
    offices: tuple[str, ...] = field(default=(), compare=False)

    def as_data(self) -> dict[str, str]:
        return {"id": self.id, "name": self.name}


def named(people: Iterable[Person]) -> list[dict[str, str]]:
    """People as events name them."""
    return [{"id": person.id, "name": person.name} for person in people]
