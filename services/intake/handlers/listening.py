"""What the others tell."""

from __future__ import annotations

from datetime import date

from services.intake.handlers import voices
from services.intake.tables import store, suggestions
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
        voices.follow(work, suggestion, event["data"].get("reply_class", ""))
        work.save(store, suggestion)


def suggestion_reopened(work: Work, event: Event) -> None:
    """It is handled again, so it may be corrected again."""
    suggestion = store.get(work.connection, event["subject"], lock=True)
    if suggestion:
        suggestion.closed_on = None
        voices.follow(work, suggestion)
        work.save(store, suggestion)


def seat_vacated(work: Work, event: Event) -> None:
    """What a deputy leads whose seat fell vacant needs another lead; runs after the copy was kept, which is the newest."""
    seat = work.copies.get("deputy", event["subject"])
    if seat is None:
        return
    is_vacant = not seat.get("active", True)
    for suggestion in store.find(work.connection, suggestions.c.lead_id == event["subject"], limit=1000):
        if suggestion.lead_is_vacant != is_vacant:
            suggestion.lead_is_vacant = is_vacant
            work.save(store, suggestion)


def unit_consulted(work: Work, event: Event) -> None:
    """A unit that is asked in advance whether it will take the suggestion has to read it."""
    suggestion, said = store.get(work.connection, event["subject"], lock=True), event["data"]
    asked = [id for id in (said["unit"]["id"], said.get("desk", "")) if id]
    if suggestion and (new := [id for id in asked if id not in suggestion.consulted]):
        suggestion.consulted += new
        work.save(store, suggestion)
