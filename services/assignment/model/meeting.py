"""The assignment meeting (代表建议交办会): what is on its agenda, who came, what is asked of the units, what was said.

Source: the meetings of Hunan's standing committee in 2018 and 2022, whose agenda, attendance and speeches its bulletin printed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SPEECHES = {"spoken": "发言交流", "written": "书面交流"}


@dataclass
class AgendaItem:
    """One item, who is in charge of it, and what lies before the meeting."""

    item: str
    who: str
    material: str


@dataclass
class Attendant:
    """Somebody who was invited: of which body, and whether the person came."""

    body: str
    person: str
    came: bool


@dataclass
class Speech:
    """What a unit told of its work, by speech or in writing, for others to learn from."""

    unit: str
    how: str
    text: str


@dataclass
class Meeting:
    """The meeting of one batch. `requirements` go with the assignment: on procedure, quality and time."""

    agenda: list[AgendaItem] = field(default_factory=list)
    requirements: str = ""
    attendance: list[Attendant] = field(default_factory=list)
    minutes: str = ""
    speeches: list[Speech] = field(default_factory=list)

    @property
    def came(self) -> int:
        return sum(attendant.came for attendant in self.attendance)
