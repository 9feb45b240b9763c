"""Key marks by post (职务) in place of names: whom a post means today, and what passes on with it."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.intake.model import KeyMark
from services.intake.tables import store, suggestions
from shared.handlers import Event
from shared.offices import KIND_OF, OFFICE_KINDS, called
from shared.problems import Invalid
from shared.work import Work

MOST = 500  # key suggestions of one congress in hand: tens


def named(work: Work, congress: str, data: dict[str, Any], required: bool = True) -> dict[str, Any]:
    """The same with the names of the posts that are chosen. Raises Invalid for a post of another kind or congress, and,
    where it is required, for a role with neither post nor name."""
    errors: dict[str, list[str]] = {}
    data = dict(data)
    for role, kind in KIND_OF.items():
        if id := data[f"{role}_id"]:
            office = next((o for o in work.copies.of_congress("office", congress) if o["id"] == id), None)
            if office is None:
                work.copies.missed.add(id)
                errors[f"{role}_id"] = ["没有找到这个职务，请重新选择。"]
            elif office["kind"] != kind or not office["active"]:
                errors[f"{role}_id"] = [f"请选择在用的、属于“{OFFICE_KINDS[kind]}”的职务。"]
            else:
                data[role] = called(office, work.today)
        elif required and not data[role]:
            errors[role] = ["请填写这一项，或者选择职务。"]
    if errors:
        raise Invalid("请写明由谁督办、由谁领办。", errors)
    return data


def mark(work: Work, congress: str, data: dict[str, Any], decided_on: date) -> KeyMark:
    return KeyMark(decided_on=decided_on, **named(work, congress, data))


def office_changed(work: Work, event: Event) -> None:
    """Somebody else holds the post, or it is called otherwise: its key suggestions in hand go with it, and say so."""
    office = work.copies.get("office", event["subject"])
    if office is None or work.rebuilding:
        return
    of = suggestions.c
    for suggestion in store.find(
        work.connection, of.congress == event["jurisdiction"], of.key_state == "key", limit=MOST
    ):
        if suggestion.follow_office(
            event["subject"], called(office, work.today), event["data"]["reason"], work.actor, work.now
        ):
            work.save(store, suggestion)
