"""The tree of units: from a system's office down to its units, and through the governments one level down to theirs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa

from services.assignment.model import Task, Unit
from services.assignment.stores import CHUNK
from services.assignment.tables import task_offices, unit_tree
from shared.handlers import Event
from shared.statements import insert_into
from shared.work import Work

OFFICE = "distributing"
GOVERNMENT_BELOW = "government_below"
DEEPEST = (
    20  # five levels of government with their offices, and room; against rings, should there ever be one
)

u = unit_tree.c


def watched_by(offices: Iterable[str]) -> sa.Select[tuple[str]]:
    """The ids of the tasks that these offices watch over."""
    return sa.select(task_offices.c.task_id).where(task_offices.c.office_id.in_(sorted(offices)))


@dataclass
class Place:
    """A unit with what is above it, the nearest first, and the offices that hang directly below it."""

    unit: Any
    above: list[Any] = field(default_factory=list)
    own_offices: list[str] = field(default_factory=list)

    @property
    def is_government_of_its_level(self) -> bool:
        """Registered by its own congress, as the directory's `Unit.is_government_of_its_level` has it."""
        hangs_at_home = bool(self.above) and self.above[0].congress == self.unit.congress
        return self.unit.kind == GOVERNMENT_BELOW and not hangs_at_home

    def as_unit(self, congress: str) -> Unit:
        """The unit as a congress assigns to it: watched over by that congress's own systems, not by those of levels above."""
        own = self.unit.id if self.unit.kind == OFFICE else min(self.own_offices, default="")
        offices = tuple(row.id for row in self.above if row.kind == OFFICE and row.congress == congress)
        return Unit(self.unit.id, self.unit.name, own, offices)


def keep(work: Work, event: Event) -> None:
    """Take over what the directory tells of a unit, unless something later is known already."""
    said = event["data"]
    row = {
        "id": event["subject"], "congress": event["jurisdiction"], "sequence": event["sequence"],
        **{name: said[name] for name in ("name", "kind", "parent", "active")},
    }  # fmt: skip
    work.connection.execute(_keep(work.connection.dialect.name), row)


@cache
def _keep(dialect: str) -> Any:
    insert = insert_into(unit_tree, dialect)
    new = {column.name: insert.excluded[column.name] for column in u if column.name != "id"}
    later = insert.excluded.sequence > u.sequence
    return insert.on_conflict_do_update(index_elements=["id"], set_=new, where=later)


def places(connection: sa.Connection, ids: Iterable[str]) -> dict[str, Place]:
    """The units with these ids in the tree, by id, for those that are known."""
    found: dict[str, Place] = {}
    wanted = list(dict.fromkeys(id for id in ids if id))
    for start in range(0, len(wanted), CHUNK):
        for row in connection.execute(_UP, {"ids": wanted[start : start + CHUNK]}):
            if row.depth == 0:
                found[row.start] = Place(row)
            elif row.depth > 0:
                found[row.start].above.append(row)
            elif row.start in found and row.active:
                found[row.start].own_offices.append(row.id)
    return found


def whole(place: Place) -> tuple[Unit, list[str]]:
    """The unit with its office, whichever of the two is meant: what hangs directly below a unit as its office acts for it."""
    above = place.above[0] if place.above else None
    if place.unit.kind == OFFICE and above is not None and above.kind != OFFICE:
        return Unit(above.id, above.name), [above.id, place.unit.id]
    return Unit(place.unit.id, place.unit.name), [place.unit.id, *place.own_offices]


def units_below(connection: sa.Connection, task: Task) -> dict[str, Unit]:
    """To whom a unit's office can hand on what the unit was given: the units that hang directly below the two."""
    directly = sa.and_(u.parent.in_(sorted(task.desks)), u.id != task.desk, u.active)
    ids = list(connection.scalars(sa.select(u.id).where(directly).order_by(u.name)))
    found = places(connection, ids)
    return {id: found[id].as_unit("") for id in ids}


def _up() -> Any:
    """The units asked for (depth 0), those above them (1, 2, …), and below them offices (-1); nearest first."""
    ids: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
    columns = (u.id, u.parent, u.kind, u.congress, u.name, u.active)
    base = sa.select(u.id.label("start"), sa.literal(0).label("depth"), *columns).where(u.id.in_(ids))
    climbing = base.cte("climbing", recursive=True)
    upper = unit_tree.alias()
    step = sa.select(
        climbing.c.start, climbing.c.depth + 1, *(upper.c[column.name] for column in columns)
    ).where(upper.c.id == climbing.c.parent, climbing.c.depth < DEEPEST)
    climbing = climbing.union_all(step)
    own = sa.select(u.parent.label("start"), sa.literal(-1).label("depth"), *columns).where(
        u.parent.in_(ids), u.kind == OFFICE
    )
    both = sa.union_all(sa.select(climbing), own).subquery()
    # Each unit before what belongs to it.
    return sa.select(both).order_by(sa.case((both.c.depth < 0, DEEPEST + 1), else_=both.c.depth))


_UP = _up()
