"""Turns events into messages, each once for each person, and into a delivery for each way on which somebody wants it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from services.gateway import tables as t
from services.gateway.messages import channels, timing
from services.gateway.messages.occasions import (
    ACCOUNT,
    BY_TYPE,
    FOR_PLUGINS,
    Matter,
    Note,
    notes,
    places,
    told_by,
)
from shared.aggregate import new_id
from shared.handlers import Handlers, Projection
from shared.statements import insert_into
from shared.work import Work

Event = dict[str, Any]
AT_ONCE = 500  # people to whom one statement says something

# Events that say what a suggestion is called and whose it is.
NAMING = (
    "suggestion.drafted.v1",
    "suggestion.submitted.v1",
    "suggestion.accepted.v1",
    "suggestion.assigned.v1",
)
RENEWED = "practices.renewed.v1"


def declare(handlers: Handlers) -> None:
    handlers.on("account.changed.v1")(keep_recipients)
    handlers.on(*NAMING)(keep_matter)  # before what is told of the same event
    handlers.on(RENEWED)(renew_matter)
    handlers.on(*BY_TYPE, *FOR_PLUGINS)(tell)
    handlers.projects(
        Projection(
            "addressees",
            (t.recipients, t.matters),
            lambda: [
                ("account.changed.v1", keep_recipients),
                *((type, keep_matter) for type in NAMING),
                (RENEWED, renew_matter),
            ],
            sources=("directory", "intake", "assignment"),
        )
    )


def keep_recipients(work: Work, event: Event) -> None:
    """Where the account is told things from now on, unless a later event has said so already."""
    account, sequence, c = event["subject"], event["sequence"], t.recipients.c
    mine = c.account == account
    known = work.connection.scalar(sa.select(c.sequence).where(mine, c.place == ""))
    if known is not None and known >= sequence:
        return
    work.connection.execute(sa.delete(t.recipients).where(mine))
    rows = [
        {"account": account, "place": place, "sequence": sequence}
        for place in ("", *sorted(places(event["data"]["roles"])))
    ]
    work.connection.execute(sa.insert(t.recipients), rows)


def keep_matter(work: Work, event: Event) -> None:
    data, c = event["data"], t.matters.c
    before = work.connection.execute(sa.select(t.matters).where(c.id == event["subject"])).first()
    began_on = _first(data.get("assigned_on", ""), before.began_on if before else "")
    if before and before.told_at > event["time"]:
        work.connection.execute(
            sa.update(t.matters).where(c.id == event["subject"]).values(began_on=began_on)
        )
        return
    of_the_text = [data["lead"], *data.get("cosigners", ())] if "lead" in data else []
    told = {
        "told_at": event["time"],
        "title": data.get("title", ""),
        "lead": data["lead"]["id"] if "lead" in data else "",
        "deputies": [person["id"] for person in data.get("deputies", of_the_text)],
        "began_on": began_on,
    }
    if before is None:
        new = {"id": event["subject"], "congress": event["jurisdiction"], **told}
        work.connection.execute(sa.insert(t.matters), new)
        return
    kept = {name: value for name, value in told.items() if value}
    work.connection.execute(sa.update(t.matters).where(c.id == event["subject"]).values(**kept))


def _first(*days: str) -> str:
    """What began once goes on as it began when it is assigned again."""
    return min((day for day in days if day), default="")


def renew_matter(work: Work, event: Event) -> None:
    """It goes on by the practices of this day: see intake."""
    mine = t.matters.c.id == event["subject"]
    work.connection.execute(sa.update(t.matters).where(mine).values(began_on=event["data"]["held_on"]))


def held_on(connection: sa.Connection, suggestion: str) -> date | None:
    """The day whose practices hold for a suggestion; None, for today, before it was assigned and for what is none."""
    told = connection.scalar(sa.select(t.matters.c.began_on).where(t.matters.c.id == suggestion))
    return date.fromisoformat(told) if told else None


def tell(work: Work, event: Event) -> None:
    """Put by what the event is worth telling, to everybody but whoever brought it about."""
    matter = matter_of(work.connection, event["subject"])
    for note in (*notes(event, matter), *_by_plugins(work, event, matter)):
        _put_by(work, event, note)


def _by_plugins(work: Work, event: Event, matter: Matter) -> Iterator[Note]:
    """What local practices want to have told, each answer for itself: one that cannot be told leaves out no other."""
    data = event["data"]
    if not work.is_answered("messages"):
        return
    unit, day = (data.get("unit") or {}).get("id", ""), held_on(work.connection, event["subject"])
    for number, (plugin, more) in enumerate(
        work.ask_plugins("messages", event["jurisdiction"], unit, day, type=event["type"], data=data)
    ):
        if more.to in ("deputies", "lead", "unit", "office") and (
            note := told_by(plugin, number, more.to, more.text, event, matter)
        ):
            yield note


def matter_of(connection: sa.Connection, suggestion: str) -> Matter:
    row = connection.execute(sa.select(t.matters).where(t.matters.c.id == suggestion)).first()
    return Matter(row.title, row.lead, tuple(row.deputies)) if row else Matter()


def hours_of(settings: dict[str, Any]) -> timing.Hours:
    return timing.Hours(
        *(time.fromisoformat(settings[name]) for name in ("quiet_from", "quiet_to", "digest_at"))
    )


def _put_by(work: Work, event: Event, note: Note) -> None:
    c = t.recipients.c
    accounts = [place.removeprefix(ACCOUNT) for place in note.places if place.startswith(ACCOUNT)]
    where: sa.ColumnElement[bool] = c.place.in_(note.places)
    if accounts:
        where = sa.or_(where, sa.and_(c.place == "", c.account.in_(accounts)))
    found = sa.select(c.account, sa.func.min(c.place).label("place")).where(
        where, c.account != event["data"]["by"]["account"]
    )
    people = work.connection.execute(found.group_by(c.account)).all()
    if not people:
        return
    rows = [
        {
            "id": new_id(), "account": person.account, "place": person.place, "once": note.once,
            "kind": note.kind, "congress": event["jurisdiction"], "suggestion": event["subject"], "facts": note.facts,
            "at": event["time"], "read": False,
        }
        for person in people
    ]  # fmt: skip
    for start in range(0, len(rows), AT_ONCE):
        some = insert_into(t.messages, work.connection.dialect.name).values(rows[start : start + AT_ONCE])
        insert = some.on_conflict_do_nothing().returning(t.messages.c.id, t.messages.c.account)
        _send_out(work, event, {row.account: row.id for row in work.connection.execute(insert).all()})


def _send_out(work: Work, event: Event, made: dict[str, str]) -> None:
    """A delivery on each way for those who have given an address."""
    available = channels.opened(work.settings)
    if not made or not available:
        return
    cards = sa.select(t.contact_cards).where(t.contact_cards.c.account.in_(made))
    hours = hours_of(work.practices.settings("channels", event["jurisdiction"]))
    rows = [
        {
            "id": new_id(), "message": made[card.account], "account": card.account, "channel": channel, "state": "waiting",
            "daily": daily, "due_at": _leaves(work.now, hours, daily), "tries": 0, "changed_at": work.now.timestamp(), "error": "",
        }
        for card in work.connection.execute(cards)
        for channel, address, daily in ((channels.MAIL, card.mail, card.daily), (channels.SMS, card.phone, False))
        if address and channel in available
    ]  # fmt: skip
    if rows:
        work.connection.execute(sa.insert(t.message_deliveries), rows)


def _leaves(now: datetime, hours: timing.Hours, daily: bool) -> float:
    return timing.leaves(now, hours, daily=daily).timestamp()
