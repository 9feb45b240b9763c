"""Which units shall handle a suggestion: one lead unit with joint units, or several separate units, never both."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.assignment.model.people import Unit


@dataclass
class Allotment:
    """The units chosen for one suggestion, complete or not yet."""

    lead: Unit | None = None
    joint: list[Unit] = field(default_factory=list)
    separate: list[Unit] = field(default_factory=list)

    @property
    def units(self) -> list[Unit]:
        return [*([self.lead] if self.lead else []), *self.joint, *self.separate]

    def by_role(self) -> dict[str, list[Unit]]:
        return {"lead": [self.lead] if self.lead else [], "joint": self.joint, "separate": self.separate}

    def place_units(self, known: dict[str, Unit]) -> None:
        """Take over how these units stand in the tree now; one that is not among them stays as it was."""
        self.lead = known.get(self.lead.id, self.lead) if self.lead else None
        self.joint, self.separate = (
            [known.get(unit.id, unit) for unit in units] for units in (self.joint, self.separate)
        )

    def contradictions(self) -> dict[str, list[str]]:
        """What can never be meant, by field: lead or joint units together with separate ones."""
        if self.lead and self.separate:
            return {"separate": ["主办和分办只能选一种：已经有主办单位，就不能再有分办单位。"]}
        if self.joint and self.separate:
            return {"joint": ["会办单位只配合主办单位；分办的建议没有会办单位。"]}
        return {}

    def faults(self) -> dict[str, list[str]]:
        """Everything that stands against assigning to these units, by field."""
        if found := self.contradictions():
            return found
        if not self.lead and not self.separate:
            return {"lead": ["请选择主办单位，或者选择两个以上分办单位。"]}
        if self.lead in self.joint:
            return {"joint": ["主办单位不能同时是会办单位。"]}
        if len(self.separate) == 1:
            return {"separate": ["分办至少要有两个单位；只有一个单位时，请作为主办单位。"]}
        return {}
