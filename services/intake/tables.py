"""Tables of intake."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.intake.model import KeyList, Suggestion
from services.intake.model.activity import Activity
from services.intake.model.encounter import Encounter
from services.intake.model.pick_list import PickList
from services.intake.model.station import Station
from services.intake.model.voice import Voice
from shared.database import backbone_tables
from shared.isolation import keep_apart
from shared.statements import insert_into
from shared.store import Store, state_columns

metadata = sa.MetaData()
backbone_tables(metadata)
keep_apart(metadata, "invitations", of="suggestions")
# What is handed up the office above reads, too.
keep_apart(metadata, "suggestions", by=("congress", "handed_to"))
keep_apart(metadata, "number_series", "key_lists", "pick_lists")
# A station is no secret: deputies of the levels above work there, too. What they do there is theirs and the station's.
keep_apart(metadata, "stations", shown="true")
keep_apart(metadata, "station_people", "encounters", by=("congress", "home"))
# Of the station's congress, of the congress whose deputy it was given to, and of the system that handed it in.
keep_apart(metadata, "activities")
keep_apart(metadata, "activity_sums", shown="true")  # a congress's totals are no secret
keep_apart(metadata, "voices", by=("congress", "home", "sender"))

suggestions = sa.Table(
    "suggestions",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("number", sa.String(64), nullable=False),
    sa.Column("title", sa.String(128), nullable=False),
    sa.Column("lead_id", sa.String(36), nullable=False),
    sa.Column("submitted_on", sa.String(10), nullable=False),
    sa.Column("key_state", sa.String(10), nullable=False, server_default=""),  # proposed or key
    sa.Column("asked_head", sa.String(36), nullable=False, server_default=""),  # whose word it waits for
    sa.Column(
        "handed_to", sa.String(32), nullable=False, server_default=""
    ),  # the congress above that has it
    sa.Column(
        "hand_up", sa.String(10), nullable=False, server_default=""
    ),  # waiting, taken, declined, answered
    sa.Column("needs_lead", sa.Boolean, nullable=False, server_default=sa.false()),
    # What the review desk says beside the title: {lead, cosigners, times, findings}.
    sa.Column("beside", sa.JSON, nullable=False, server_default="{}"),
    sa.Index("suggestions_desk", "congress", "state", "submitted_on"),
    sa.Index("suggestions_lead", "lead_id"),
    sa.Index("suggestions_without_lead", "congress", "needs_lead"),
    sa.Index("suggestions_asked_head", "asked_head"),
    sa.Index("suggestions_handed_to", "handed_to", "state"),
    sa.Index("suggestions_key", "congress", "key_state", "id"),
    sa.Index("suggestions_number", "congress", "number"),
)

# Who takes part in which suggestion beside its lead deputy: for the lists "my suggestions" and "waiting for me".
invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("suggestion_id", sa.String(36), primary_key=True),
    sa.Column("deputy_id", sa.String(36), primary_key=True),
    sa.Column("answer", sa.String(16), nullable=False),
    sa.Column("answer_by", sa.String(10), nullable=False, server_default=""),
    sa.Index("invitations_deputy", "deputy_id", "answer"),
)

key_lists = sa.Table(
    "key_lists",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("meeting_on", sa.String(10), nullable=False),
    sa.Index("key_lists_congress", "congress", "id"),
)

pick_lists = sa.Table(
    "pick_lists",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Index("pick_lists_congress", "congress", "state", "id"),
)

stations = sa.Table(
    "stations",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("reminded_for", sa.String(7), nullable=False),  # the month, as 2023-04
    sa.Index("stations_congress", "congress", "state", "name"),
    sa.Index("stations_reminded", "state", "reminded_for"),
)

# Who works at which station (deputies, by seat) and who keeps it (by account), for the lists; `home` is their congress.
station_people = sa.Table(
    "station_people",
    metadata,
    sa.Column("station_id", sa.String(36), primary_key=True),
    sa.Column("person_id", sa.String(64), primary_key=True),
    sa.Column("part", sa.String(10), nullable=False),  # deputy or keeper
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("home", sa.String(32), nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Index("station_people_person", "person_id", "part"),
    sa.Index("station_people_home", "home", "part", "name"),
)

encounters = sa.Table(
    "encounters",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("station_id", sa.String(36), nullable=False),
    sa.Column("deputy_id", sa.String(36), nullable=False),
    sa.Column("home", sa.String(32), nullable=False),  # the congress whose deputy it is
    sa.Column("on", sa.String(10), nullable=False),
    sa.Column("people", sa.Integer, nullable=False),
    sa.Index("encounters_deputy", "deputy_id", "on"),
    sa.Index("encounters_station", "station_id", "on"),
    sa.Index("encounters_congress", "congress", "on"),
    sa.Index("encounters_home", "home", "on"),
)

voices = sa.Table(
    "voices",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("station_id", sa.String(36)),
    sa.Column("deputy_id", sa.String(36)),
    sa.Column("home", sa.String(32)),  # the congress whose deputy has it
    sa.Column("suggestion_id", sa.String(36)),
    sa.Column(
        "sender", sa.String(64)
    ),  # the account of the system that handed it in, and its reference there
    sa.Column("reference", sa.String(128)),
    # The year in which the voter was told last, and what the voter thinks of it.
    sa.Column("told_in", sa.Integer, nullable=False, server_default="0"),
    sa.Column("judgement", sa.String(12), nullable=False, server_default=""),
    sa.Index("voices_told", "congress", "told_in", "station_id", "judgement"),
    sa.Index("voices_congress", "congress", "state", "id"),
    sa.Index("voices_station", "station_id", "state", "id"),
    sa.Index("voices_deputy", "deputy_id", "state"),
    sa.Index("voices_suggestion", "suggestion_id"),
    sa.Index("voices_sender", "sender", "reference", unique=True),
)

activities = sa.Table(
    "activities",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("on", sa.String(10), nullable=False),
    sa.Index("activities_congress", "congress", "on"),
)

# What activities of a year came to: those of the congress (`part` is itself), and those of each one directly below it.
activity_sums = sa.Table(
    "activity_sums",
    metadata,
    sa.Column("congress", sa.String(32), primary_key=True),
    sa.Column("part", sa.String(32), primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(20), primary_key=True),
    *(
        sa.Column(name, sa.BigInteger, nullable=False)
        for name in ("activities", "people", "problems", "help", "papers")
    ),
)

# The last number given in each series. A row is locked while its next number is given: no gaps, no doubles.
number_series = sa.Table(
    "number_series",
    metadata,
    sa.Column("congress", sa.String(32), primary_key=True),
    sa.Column("series", sa.String(64), primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)


def _columns(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "state": suggestion.state,
        "number": suggestion.number,
        "title": suggestion.title,
        "lead_id": suggestion.lead.id,
        "submitted_on": suggestion.submitted_on.isoformat() if suggestion.submitted_on else "",
        "key_state": "key" if suggestion.key else "proposed" if suggestion.is_key_candidate else "",
        "needs_lead": suggestion.needs_lead,
        "asked_head": suggestion.asked_head,
        "handed_to": suggestion.hand_up.to if suggestion.hand_up else "",
        "hand_up": suggestion.hand_up.answer if suggestion.hand_up else "",
        "beside": {
            "lead": suggestion.lead.name, "cosigners": len(suggestion.cosigners), "times": suggestion.times_submitted,
            "findings": suggestion.found, "delegation": suggestion.delegation, "hand_up": suggestion.hand_up.answer if suggestion.hand_up else "",
            **_of_letter(suggestion), **_as_returned(suggestion),
        },
    }  # fmt: skip


def _as_returned(suggestion: Suggestion) -> dict[str, Any]:
    """The title that the office returned: what its deputies make of it meanwhile is theirs."""
    is_back = suggestion.state == "returned" and suggestion.returned
    return {"title": suggestion.returned[-1].text["title"]} if is_back else {}


def _of_letter(suggestion: Suggestion) -> dict[str, Any]:
    letter = suggestion.letter
    if letter is None:
        return {}
    return {
        "receiver": letter.receiver,
        "answered_on": letter.answered_on.isoformat() if letter.answered_on else "",
    }


store = Store(suggestions, Suggestion, _columns)
key_list_store = Store(
    key_lists,
    KeyList,
    lambda kept: {"state": kept.state, "name": kept.name, "meeting_on": kept.meeting_on.isoformat()},
)

pick_list_store = Store(pick_lists, PickList, lambda kept: {"state": kept.state})

station_store = Store(
    stations,
    Station,
    lambda kept: {"state": kept.state, "name": kept.name, "reminded_for": kept.reminded_for},
)
encounter_store = Store(
    encounters,
    Encounter,
    lambda kept: {
        "state": kept.state, "kind": kept.kind, "station_id": kept.station.id, "deputy_id": kept.deputy.id,
        "home": kept.deputy.congress, "on": kept.on.isoformat(), "people": kept.people,
    },
)  # fmt: skip

voice_store = Store(
    voices,
    Voice,
    lambda kept: {
        "state": kept.state, "station_id": kept.station.id if kept.station else None,
        "deputy_id": kept.deputy.id if kept.deputy else None, "home": kept.deputy.congress if kept.deputy else None,
        "suggestion_id": kept.suggestion.id if kept.suggestion else None,
        "sender": kept.sender.account if kept.sender else None, "reference": kept.sender.reference if kept.sender else None,
        "told_in": kept.judged[0], "judgement": kept.judged[1],
    },
)  # fmt: skip

activity_store = Store(
    activities,
    Activity,
    lambda kept: {"state": kept.state, "kind": kept.kind, "on": kept.on.isoformat()},
)


def next_number(connection: sa.Connection, congress: str, series: str) -> int:
    """Take the next number of a series, within this transaction.

    One statement also for a series' first number, which two may ask for at the same moment.
    """
    of, last = number_series, number_series.c.last
    first = insert_into(of, connection.dialect.name).values(congress=congress, series=series, last=1)
    take = first.on_conflict_do_update(index_elements=[of.c.congress, of.c.series], set_={"last": last + 1})
    return int(connection.execute(take.returning(last)).scalar_one())


def go_on_after(connection: sa.Connection, congress: str, series: str, ordinal: int) -> None:
    """The next number of a series comes after this one, which was given elsewhere. Others wait for this transaction."""
    of, last = number_series, number_series.c.last
    first = insert_into(of, connection.dialect.name).values(congress=congress, series=series, last=ordinal)
    later = sa.case((first.excluded.last > last, first.excluded.last), else_=last)
    connection.execute(
        first.on_conflict_do_update(index_elements=[of.c.congress, of.c.series], set_={"last": later})
    )


def known_numbers(connection: sa.Connection, congress: str, numbers: list[str]) -> set[str]:
    """Those of the numbers that the congress has given already."""
    t, known = suggestions.c, set()
    for start in range(0, len(numbers), 500):  # SQLite takes a limited number of parameters
        part = numbers[start : start + 500]
        known |= set(
            connection.scalars(sa.select(t.number).where(t.congress == congress, t.number.in_(part)))
        )
    return known


def write_invitations(connection: sa.Connection, suggestion: Suggestion) -> None:
    """Bring the list of invited deputies up to date with the suggestion."""
    connection.execute(sa.delete(invitations).where(invitations.c.suggestion_id == suggestion.id))
    rows = [
        {
            "suggestion_id": suggestion.id,
            "deputy_id": i.deputy.id,
            "answer": i.answer,
            "answer_by": i.answer_by.isoformat() if i.answer_by else "",
        }
        for i in suggestion.invitations
    ]
    if rows:
        connection.execute(sa.insert(invitations), rows)


def write_station_people(connection: sa.Connection, station: Station) -> None:
    """Bring the lists of who works at a station and who keeps it up to date."""
    connection.execute(sa.delete(station_people).where(station_people.c.station_id == station.id))
    common = {"station_id": station.id, "congress": station.congress}
    rows = [
        {**common, "person_id": seat.id, "part": "deputy", "home": seat.congress, "name": seat.name}
        for seat in station.deputies
    ]
    rows += [
        {**common, "person_id": account, "part": "keeper", "home": station.congress, "name": ""}
        for account in station.keepers
    ]
    if rows:
        connection.execute(sa.insert(station_people), rows)
