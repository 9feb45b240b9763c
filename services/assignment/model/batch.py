"""A batch: the suggestions that are assigned together at one assignment meeting (交办会)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from services.assignment.model.allotment import Allotment
from services.assignment.model.handling import Handling
from services.assignment.model.meeting import AgendaItem, Attendant, Meeting, Speech
from services.assignment.model.people import Unit
from services.assignment.model.rules import BATCH_RULES, STATES
from shared.aggregate import Governed, new_id
from shared.clock import legal_date
from shared.identity import Actor
from shared.problems import Invalid
from shared.rules import Rules


@dataclass
class Line:
    """One suggestion of a batch with the units it shall go to, and what the meeting arranges for it alone."""

    suggestion: str
    allotment: Allotment
    arrangement: str = ""


@dataclass(kw_only=True)
class Batch(Governed):
    """A batch is drawn up line by line, incomplete as it may be, and issued all at once or not at all."""

    rules: ClassVar[Rules] = BATCH_RULES

    state: str = "drawn"
    name: str
    meeting_on: date
    lines: list[Line] = field(default_factory=list)
    issued_on: date | None = None
    meeting: Meeting = field(default_factory=Meeting)

    def relations(self, actor: Actor) -> frozenset[str]:
        found = {role for role in ("liaison", "distributing") if actor.has(role, self.congress)}
        return frozenset(found | ({"system"} if actor.has("system") else set()))

    def called(self) -> str:
        return f"批次“{self.name}”"

    @property
    def unit_ids(self) -> list[str]:
        """All units that its lines name."""
        return [unit.id for line in self.lines for unit in line.allotment.units]

    @classmethod
    def draw_up(cls, congress: str, name: str, meeting_on: date, by: Actor, now: datetime) -> Batch:
        """A new batch without lines."""
        batch = cls(id=new_id(), congress=congress, name=name, meeting_on=meeting_on)
        batch.record("batch.drawn", now, by, name=name, meeting_on=meeting_on.isoformat())
        return batch

    def move(self, meeting_on: date, reason: str, by: Actor, now: datetime) -> None:
        """The meeting is held on another day."""
        if meeting_on == self.meeting_on:
            sentence = f"交办会本来就在{meeting_on}。"
            raise Invalid(sentence, {"meeting_on": [sentence]})
        before, self.meeting_on = self.meeting_on, meeting_on
        self.record(
            "batch.moved", now, by, name=self.name, meeting_on=meeting_on.isoformat(), before=before.isoformat(), reason=reason,
        )  # fmt: skip

    def discard(self, handlings: dict[str, Handling], reason: str, by: Actor, now: datetime) -> None:
        """No meeting is held with this batch: what it holds waits on the desk again."""
        for line in self.lines:
            handling = handlings.get(line.suggestion)
            if handling and handling.batch == self.id and not handling.tasks:
                handling.batch = handling.batch_name = ""
        self.state = "discarded"
        self.record(
            "batch.discarded", now, by, name=self.name, meeting_on=self.meeting_on.isoformat(), count=len(self.lines), reason=reason,
        )  # fmt: skip

    def put_in(self, handling: Handling, allotment: Allotment, by: Actor, now: datetime) -> Line:
        """Put in a suggestion that waits to be assigned, or change the units of one that is in already."""
        if handling.state != "waiting":
            reason = f"{handling.called()}现在是“{STATES[handling.state]}”，不能列入批次。"
            raise Invalid(reason, {"suggestion": [reason]})
        if faults := allotment.contradictions():
            raise Invalid("主办和分办只能选一种。", faults)
        line = next((line for line in self.lines if line.suggestion == handling.id), None)
        if line:
            line.allotment = allotment
        else:
            line = Line(handling.id, allotment)
            self.lines.append(line)
        if not handling.batch:
            handling.batch, handling.batch_name = self.id, self.name
        units = {name: [unit.as_data() for unit in chosen] for name, chosen in allotment.by_role().items()}
        self.record(
            "batch.listed", now, by, name=self.name, suggestion=handling.id, number=handling.number, title=handling.title, **units,
        )  # fmt: skip
        return line

    def take_out(self, suggestion: str, handling: Handling | None, by: Actor, now: datetime) -> None:
        """Take a suggestion out; if no unit has it yet it waits on the desk again."""
        before = len(self.lines)
        self.lines = [line for line in self.lines if line.suggestion != suggestion]
        if len(self.lines) == before:
            raise Invalid("这件建议不在批次里。", {"suggestion": ["这件建议不在批次里。"]})
        if handling and handling.batch == self.id and not handling.tasks:
            handling.batch = handling.batch_name = ""
        known = (
            {"number": handling.number, "title": handling.title} if handling else {"number": "", "title": ""}
        )
        self.record("batch.unlisted", now, by, name=self.name, suggestion=suggestion, **known)

    def objections(self, line: Line, handling: Handling | None, active: set[str]) -> list[str]:
        """What stands against issuing this line. `active`: units that this congress may assign to now."""
        if handling is None:
            return ["没有找到这件建议。"]
        found = []
        if handling.state == "merged":
            found.append("已经并入另一件建议。")
        elif handling.tasks:
            found.append("已经交办。")
        elif handling.state != "waiting":
            found.append(f"现在是“{STATES[handling.state]}”。")
        elif handling.batch and handling.batch != self.id:
            found.append(f"已经列入另一批次“{handling.batch_name}”。")
        for sentences in line.allotment.faults().values():
            found += sentences
        if gone := [unit.name for unit in line.allotment.units if unit.id not in active]:
            found.append(f"{'、'.join(gone)}没有登记或已经停用。")
        return found

    def place_units(self, known: dict[str, Unit]) -> None:
        """The tree of units may have changed since the lines were put in: what counts is how it is when they are issued."""
        for line in self.lines:
            line.allotment.place_units(known)

    def issue(self, handlings: dict[str, Handling], active: set[str], by: Actor, now: datetime) -> None:
        """Assign every line today. Raises Invalid with all objections, and then nothing has been assigned."""
        if not self.lines:
            raise Invalid("批次里还没有建议，不能交办。", {"lines": ["请先列入建议。"]})
        against = []
        for line in self.lines:
            handling = handlings.get(line.suggestion)
            name = f"{handling.number}{handling.called()}" if handling else line.suggestion
            against += [f"{name}：{objection}" for objection in self.objections(line, handling, active)]
        if against:
            raise Invalid(
                f"批次有{len(against)}处问题，解决之后才能集中交办：{''.join(against[:20])}",
                {"lines": against},
            )
        for line in self.lines:
            own = (self.meeting.requirements, line.arrangement)
            handlings[line.suggestion].requirements = "\n".join(asked for asked in own if asked)
            handlings[line.suggestion].assign(line.allotment, self.id, self.name, by, now)
        self.state, self.issued_on = "issued", legal_date(now)
        self.record(
            "batch.issued",
            now,
            by,
            name=self.name,
            count=len(self.lines),
            requirements=self.meeting.requirements,
        )

    # --- its meeting ------------------------------------------------------------------------------------------

    def set_agenda(self, agenda: list[dict[str, str]], requirements: str, by: Actor, now: datetime) -> None:
        """Lay down what the meeting takes up, and what it asks of the units: these go with the suggestions when they are
        issued, so later they stay as they are."""
        if self.state == "issued" and requirements != self.meeting.requirements:
            sentence = "已经交办，会议要求已随交办发给各单位，不能再改。"
            raise Invalid(sentence, {"requirements": [sentence]})
        self.meeting.agenda = [AgendaItem(**item) for item in agenda]
        self.meeting.requirements = requirements
        self.record(
            "meeting.prepared", now, by, name=self.name, meeting_on=self.meeting_on.isoformat(), agenda=agenda,
            requirements=requirements,
        )  # fmt: skip

    def arrange(
        self, suggestion: str, arrangement: str, handling: Handling | None, by: Actor, now: datetime
    ) -> None:
        """What the meeting arranges for one suggestion alone: a key one, or a delegation's (Hunan 2022). It goes to the
        units with the assignment; an empty text takes it back."""
        line = next((line for line in self.lines if line.suggestion == suggestion), None)
        if line is None or handling is None:
            raise Invalid("这件建议不在批次里。", {"suggestion": ["这件建议不在批次里，请先列入批次。"]})
        line.arrangement = arrangement
        self.record(
            "meeting.arranged", now, by, name=self.name, suggestion=suggestion, number=handling.number, title=handling.title,
            arrangement=arrangement,
        )  # fmt: skip

    def record_attendance(self, attendance: list[dict[str, Any]], by: Actor, now: datetime) -> None:
        """Who was invited and who came; what was recorded before is replaced."""
        self.meeting.attendance = [Attendant(**attendant) for attendant in attendance]
        self._tell_held(by, now)

    def record_minutes(self, minutes: str, speeches: list[dict[str, str]], by: Actor, now: datetime) -> None:
        """What was said and decided, and what units told of their work."""
        if legal_date(now) < self.meeting_on:
            sentence = f"交办会{self.meeting_on}才召开。"
            raise Invalid(sentence, {"minutes": [sentence]})
        self.meeting.minutes, self.meeting.speeches = minutes, [Speech(**speech) for speech in speeches]
        self._tell_held(by, now)

    def _tell_held(self, by: Actor, now: datetime) -> None:
        held = self.meeting
        self.record(
            "meeting.held", now, by, name=self.name, meeting_on=self.meeting_on.isoformat(), invited=len(held.attendance),
            came=held.came, minutes=held.minutes, speeches=[vars(speech) for speech in held.speeches],
        )  # fmt: skip
