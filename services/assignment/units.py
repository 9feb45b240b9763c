"""Which units a congress may assign to: its own, and the governments one level down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from services.assignment import tree
from services.assignment.model import OFFICES, Allotment, Handling, Task, Unit
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
    wanted = {id for id in ids if id}
    found = tree.places(work.connection, sorted(wanted))
    work.copies.missed |= wanted - found.keys()
    known, active = {}, set()
    for id, place in found.items():
        is_below = _parent(place.unit.congress) == congress and place.is_government_of_its_level
        if place.unit.congress == congress or is_below:
            known[id] = place.as_unit(congress)
            active |= {id} if place.unit.active else set()
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


def chosen_below(work: Work, task: Task, field: str, ids: list[str]) -> list[Unit]:
    """The units to which a task's office hands it on. Raises Invalid for one that does not hang directly below it."""
    below = tree.units_below(work.connection, task)
    if wrong := [id for id in ids if id not in below]:
        work.copies.missed |= set(wrong)
        sentence = f"只能分解给{task.unit.name}下面登记的、没有停用的单位。"
        raise Invalid("不能分解给这个单位。", {field: [sentence]})
    return [below[id] for id in ids]


def chosen_successor(work: Work, handling: Handling, task: Task | None, id: str) -> Unit | None:
    """The unit that takes over a task: of a part, one below who handed it on; if a system's office decides, one of its own."""
    upper = handling.task(task.parent) if task else None
    if upper:
        return chosen_below(work, upper, "unit", [id])[0] if id else None
    unit = chosen_unit(work, handling.congress, "unit", id)
    of_congress = handling.relations(work.actor) & set(OFFICES)
    if unit and not of_congress and not work.actor.units("distributing") & set(unit.offices):
        sentence = f"{unit.name}不归本单位管理，请选择本系统的单位，或者请联工委裁定。"
        raise Invalid(sentence, {"unit": [sentence]})
    return unit


def _chosen(data: dict[str, Any]) -> dict[str, list[str]]:
    return {
        "lead": [data["lead"]] if data["lead"] else [], "joint": data["joint"], "separate": data.get("separate", []),
    }  # fmt: skip


def _parent(path: str) -> str:
    """The division above: 43.01 for 43.01.81, the nation for a province."""
    return path.rpartition(".")[0] or ROOT
