"""Who sees which lines, and what of them: decided here for all questions."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.model.clocks import Deadline
from services.supervision.model.deadlines import OF_PARTS
from services.supervision.model.facts import Task
from services.supervision.model.ledger import HEARING, OVERSEERS, UNIT_PEOPLE, Line
from shared.identity import Actor

Condition = sa.ColumnElement[bool]


class Sight:
    """What one person may see. Offices see their own congress's ledger whole, and nothing of a neighbour's."""

    def __init__(self, actor: Actor) -> None:
        self.account = actor.account
        self.offices = sorted(actor.congresses(*OVERSEERS))
        self.hearing = sorted(actor.congresses(*HEARING))
        self.units = sorted(actor.units(*UNIT_PEOPLE))
        self.seats = sorted(actor.seats)
        self.deputy_at = sorted(actor.congresses("deputy"))

    def lines(self) -> Condition:
        """On the ledger's columns: the lines that exist for the person. Drafts and what is hardly known yet are no lines."""
        c = t.ledger.c
        ways: list[Condition] = []
        if self.offices:
            ways.append(within(c.congress, self.offices))
        if self.units:
            ways.append(c.id.in_(self._of_units()))
        if self.seats:
            ways.append(c.id.in_(self._of_seats()))
        if self.deputy_at:
            ways.append(sa.and_(within(c.congress, self.deputy_at), c.state == "published"))
        return sa.and_(c.state != "", sa.or_(*ways)) if ways else sa.false()

    def commitments(self) -> Condition:
        """On the commitments' columns: of the person's congresses, units, or own suggestions."""
        return self._of_what_was_asked(t.commitments.c)

    def demands(self) -> Condition:
        """On the demands' columns: of the person's congresses, units, or own suggestions."""
        return self._of_what_was_asked(t.demands.c)

    def measures(self) -> Condition:
        """On the measures' columns: the same, but what is only proposed, or was declined, is the affair of those who
        hear how deputies judge, for of that it may have come, and of the office that proposed it."""
        m = t.measures.c
        ways = [sa.and_(m.state.not_in(("proposed", "declined")), self._of_what_was_asked(m))]
        if self.hearing:
            ways.append(within(m.congress, self.hearing))
        if self.offices:
            ways.append(sa.and_(within(m.congress, self.offices), m.proposed_by_account == self.account))
        return sa.or_(*ways)

    def _of_what_was_asked(self, columns: Any) -> Condition:
        ways = self._of_office_or_unit(columns)
        if self.seats:
            ways.append(columns.suggestion_id.in_(self._of_seats()))
        return sa.or_(*ways) if ways else sa.false()

    def reminders(self) -> Condition:
        """On the reminders' columns: of the person's congresses, or to the person's units or the deputy in person. Those to
        deputies say who has not judged: for who hears judgements."""
        c = t.reminders.c
        to_units = self._of_office_or_unit(c)
        ways = [sa.and_(c.deputy_id == "", sa.or_(*to_units))] if to_units else []
        if self.hearing:
            ways.append(within(c.congress, self.hearing))
        if self.seats:
            ways.append(within(c.deputy_id, self.seats))
        return sa.or_(*ways) if ways else sa.false()

    def sees_reminder(self, row: Any) -> bool:
        """The same as `reminders`, of a row in hand."""
        if row.deputy_id:
            return row.congress in self.hearing or row.deputy_id in self.seats
        return row.congress in self.offices or row.unit_id in self.units

    def deadlines(self) -> Condition:
        """On the deadlines' columns: of feedback only one's own, for who has answered is the offices' to know (背靠背); of
        parts those of one's own chain."""
        d = t.deadlines.c
        ways = [sa.and_(d.deputy_id == "", d.kind.not_in(OF_PARTS))]
        if self.seats:
            ways.append(within(d.deputy_id, self.seats))
            ways.append(sa.and_(d.kind.in_(OF_PARTS), d.suggestion_id.in_(self._of_seats())))
        if self.offices:
            of_parts = sa.and_(d.kind.in_(OF_PARTS), within(d.congress, self.offices))
            ways.append(of_parts)
        if self.hearing:
            ways.append(within(d.congress, self.hearing))
        if self.units:
            read = t.part_readers.c
            ways.append(d.task_id.in_(sa.select(read.task_id).where(within(read.unit_id, self.units))))
        return sa.or_(*ways)

    def sees_deadline(self, deadline: Deadline, line: Line) -> bool:
        """The same as `deadlines`, of one in hand."""
        of = deadline.deputy
        if deadline.congress in self.hearing or (of and of.id in self.seats):
            return True
        return of is None and (
            deadline.kind not in OF_PARTS or self.sees_part(line.parts[deadline.task], line)
        )

    def sees_part(self, task: Task, line: Line, upwards: bool = False) -> bool:
        """Does a part of a task (归口管理) exist for the person, or, `upwards`, what its unit handed on? To the congress's
        offices and the suggestion's deputies, and up and down its chain."""
        if line.congress in self.offices or set(self.seats) & line.deputies().keys():
            return True
        return not set(self.units).isdisjoint(line.seen_upwards(task) if upwards else line.who_sees(task))

    def is_own(self) -> sa.ColumnElement[Any]:
        """On the ledger's columns: whether it is a line of the person's units, or the person's own suggestion."""
        ways: list[Condition] = []
        if self.units:
            ways.append(t.ledger.c.id.in_(self._of_units()))
        if self.seats:
            ways.append(t.ledger.c.id.in_(self._of_seats()))
        return (sa.or_(*ways) if ways else sa.false()).label("is_own")

    def knows_judgement(self, row: Any, today: date) -> bool:
        """May the person know how each deputy judged the suggestion of this row, selected with `is_own`?

        Who hears them always; its units and deputies, and the other offices, from the day on which the place lets units
        know, others when it was published with it; all of these only where the place tells names.
        """
        if row.congress in self.hearing:
            return True
        known_from = row.more.get("known_from", row.closed_on)
        if row.state not in ("closed", "published") or not row.more.get("named", True) or not known_from:
            return False
        return bool(
            ((row.is_own or row.congress in self.offices) and known_from <= today.isoformat())
            or (row.state == "published" and row.shows_judgement)
        )

    @property
    def keeps_secrets(self) -> bool:
        """Is there something of deputies' judgements that the person must not know? Of units, and of a government's leaders."""
        return bool(self.units or set(self.offices) - set(self.hearing))

    def stage(self) -> sa.ColumnElement[Any]:
        """On the ledger's columns: the state as the person may know it.

        That all deputies have answered is known to the offices and to the suggestion's deputies; for its units it waits
        for the deputies until it is closed (背靠背).
        """
        c = t.ledger.c
        ways = [within(c.congress, self.hearing)] if self.hearing else []
        ways += [c.id.in_(self._of_seats())] if self.seats else []
        if not self.keeps_secrets:
            return c.state
        told = sa.and_(c.state == "assessed", sa.not_(sa.or_(*ways))) if ways else c.state == "assessed"
        return sa.case((told, "replied"), else_=c.state).label("state")

    def _of_office_or_unit(self, columns: Any) -> list[Condition]:
        ways = [within(columns.congress, self.offices)] if self.offices else []
        return [*ways, within(columns.unit_id, self.units)] if self.units else ways

    def _of_units(self) -> Any:
        own = t.ledger_units.c
        return sa.select(own.suggestion_id).where(within(own.unit_id, self.units))

    def _of_seats(self) -> Any:
        own = t.ledger_deputies.c
        return sa.select(own.suggestion_id).where(within(own.deputy_id, self.seats))


def within(column: Any, values: list[str]) -> Condition:
    """One value by equality: then an index also gives the order of what follows in it."""
    found: Condition = column == values[0] if len(values) == 1 else column.in_(values)
    return found
