"""Who sees which lines, and what of them: decided here for all questions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.model.ledger import OVERSEERS
from shared.identity import Actor

Condition = sa.ColumnElement[bool]


class Sight:
    """What one person may see. Offices see their own congress's ledger whole, and nothing of a neighbour's."""

    def __init__(self, actor: Actor) -> None:
        self.offices = sorted(actor.congresses(*OVERSEERS))
        self.units = sorted(actor.units("handler", "unit_head"))
        self.seats = sorted(actor.seats)
        self.deputy_at = sorted(actor.congresses("deputy"))

    def lines(self) -> Condition:
        """On the ledger's columns: the lines that exist for the person. Drafts and what is hardly known yet are no lines."""
        c = t.ledger.c
        ways: list[Condition] = []
        if self.offices:
            ways.append(_within(c.congress, self.offices))
        if self.units:
            ways.append(c.id.in_(self._of_units()))
        if self.seats:
            ways.append(c.id.in_(self._of_seats()))
        if self.deputy_at:
            ways.append(sa.and_(_within(c.congress, self.deputy_at), c.state == "published"))
        return sa.and_(c.state != "", sa.or_(*ways)) if ways else sa.false()

    def of_suggestions(self, congress: Any, unit: Any, suggestion: Any) -> Condition:
        """On another table's columns: what belongs to the person's congresses, units, or own suggestions."""
        ways: list[Condition] = []
        if self.offices:
            ways.append(_within(congress, self.offices))
        if self.units:
            ways.append(_within(unit, self.units))
        if self.seats and suggestion is not None:
            ways.append(suggestion.in_(self._of_seats()))
        return sa.or_(*ways) if ways else sa.false()

    def deadlines(self) -> Condition:
        """On the deadlines' columns: deputies' own feedback only, for who has answered is the offices' to know (背靠背)."""
        d = t.deadlines.c
        return sa.or_(d.deputy_id == "", d.deputy_id.in_(self.seats), d.congress.in_(self.offices))

    def knows_judgement(self, congress: str, state: str, shows_judgement: bool) -> bool:
        """May the person know how deputies judged? The others hear it when all is closed, or made public."""
        return congress in self.offices or state == "closed" or (state == "published" and shows_judgement)

    def _of_units(self) -> Any:
        own = t.ledger_units.c
        return sa.select(own.suggestion_id).where(_within(own.unit_id, self.units))

    def _of_seats(self) -> Any:
        own = t.ledger_deputies.c
        return sa.select(own.suggestion_id).where(_within(own.deputy_id, self.seats))


def _within(column: Any, values: list[str]) -> Condition:
    """One value by equality: then an index also gives the order of what follows in it."""
    found: Condition = column == values[0] if len(values) == 1 else column.in_(values)
    return found
