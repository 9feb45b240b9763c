"""Which units a congress may assign to: its own, and the governments one level down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from services.assignment.model import Allotment, Unit
from services.assignment.tables import CHUNK
from shared.events import ROOT
from shared.problems import Invalid
from shared.work import Work


@dataclass(frozen=True)
class Units:
    """The units that a congress may assign to, by id; `active`: those that are not closed."""

    known: dict[str, Unit]
    active: set[str]

    def inactive(self, data: dict[str, Any]) -> dict[str, list[str]]:
        """By field, the names of chosen units that are closed."""
        found = {}
        for field, ids in _chosen(data).items():
            if names := [self.known[id].name for id in ids if id not in self.active]:
                found[field] = names
        return found


def units_of(work: Work, congress: str, ids: Iterable[str]) -> Units:
    """Those of these units that the congress may assign to: its own, and governments (kind `government_below`) of the
    congresses directly below. Only what is asked for is read: below a province there are tens of thousands of units.
    """
    t, wanted = work.copies.table.c, list(dict.fromkeys(id for id in ids if id))
    known, active, missed = {}, set(), set(wanted)
    for start in range(0, len(wanted), CHUNK):
        where = (t.kind == "unit", t.id.in_(wanted[start : start + CHUNK]))
        for row in work.connection.execute(sa.select(t.id, t.congress, t.data).where(*where)):
            missed.discard(row.id)
            is_below = _parent(row.congress) == congress and row.data["kind"] == "government_below"
            if row.congress == congress or is_below:
                known[row.id] = Unit(row.id, row.data["name"])
                active |= {row.id} if row.data["active"] else set()
    work.copies.missed |= missed
    return Units(known, active)


def chosen_ids(data: dict[str, Any]) -> list[str]:
    """The ids of all units chosen in a form."""
    return [id for ids in _chosen(data).values() for id in ids]


def allotment_of(units: Units, data: dict[str, Any]) -> Allotment:
    """The units that were chosen. Raises Invalid beside the field for one that the congress cannot assign to."""
    chosen = _chosen(data)
    errors = {
        name: ["只能交办给本级登记的单位或者下一级政府，请重新选择。"]
        for name, ids in chosen.items()
        if any(id not in units.known for id in ids)
    }
    if errors:
        raise Invalid("有的单位不能由本级交办。", errors)
    lead, joint, separate = ([units.known[id] for id in ids] for ids in chosen.values())
    return Allotment(lead[0] if lead else None, joint, separate)


def chosen_unit(work: Work, congress: str, field: str, id: str) -> Unit | None:
    """The one unit that was chosen in a field, None for none. Raises Invalid for one that cannot be assigned to."""
    if not id:
        return None
    units = units_of(work, congress, [id])
    if id not in units.active:
        raise Invalid("不能选择这个单位。", {field: ["只能选择本级登记的、没有停用的单位或者下一级政府。"]})
    return units.known[id]


def _chosen(data: dict[str, Any]) -> dict[str, list[str]]:
    return {
        "lead": [data["lead"]] if data["lead"] else [], "joint": data["joint"], "separate": data.get("separate", []),
    }  # fmt: skip


def _parent(path: str) -> str:
    """The division above: 43.01 for 43.01.81, the nation for a province."""
    return path.rpartition(".")[0] or ROOT
