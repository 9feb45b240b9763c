"""What the others tell."""

from __future__ import annotations

from datetime import date

from services.intake.tables import store
from shared.handlers import Event
from shared.in_hand import people_of
from shared.work import Work


def suggestion_assigned(work: Work, event: Event) -> None:
    """The units that have it now, or a part of it, may read it. Each of these events names them all: the latest counts."""
    suggestion = store.get(work.connection, event["subject"], lock=True)
    if suggestion and event["sequence"] > suggestion.units_told:
        suggestion.units, suggestion.units_told = people_of(event["data"]), event["sequence"]
        work.save(store, suggestion)


def suggestion_closed(work: Work, event: Event) -> None:
    """What is closed is merged no more."""
    suggestion = store.get(work.connection, event["subject"], lock=True)
    if suggestion:
        suggestion.closed_on = date.fromisoformat(event["data"]["closed_on"])
        work.save(store, suggestion)
