"""Every kind of message can be said of the very events that services publish; and none leaves at night."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianyi.documents import event_types
from services.gateway.messages.occasions import OCCASIONS, Matter, notes, places, sentence
from services.gateway.messages.timing import Hours, leaves
from shared.clock import CHINA
from shared.contracts.messages import KINDS
from shared.groups import NAMED
from shared.identity import SYSTEM

TYPES = {declared.type: declared for declared in event_types()}
MATTER = Matter("关于校园周边管理的建议", "lead", ("lead", "second"))


@pytest.mark.parametrize(
    ("kind", "type"), [(kind, type) for kind, o in OCCASIONS.items() for type in o.types]
)
def test_it_can_be_said_of_the_event_as_it_is_published(kind, type):
    data = {"by": SYSTEM.as_by(), **TYPES[type].example}
    event = {"id": "e", "type": type, "subject": "s", "jurisdiction": "43", "data": {**data, "parent": ""}}
    said = [note for note in notes(event, MATTER) if note.kind == kind]
    assert said and all(note.places for note in said)
    for note in said:
        text = sentence(kind, note.facts, MATTER)
        assert "{" not in text and "None" not in text and text.endswith(("。", "……"))
        assert set(note.facts) <= NAMED  # so that a place's own words can name them


def test_each_kind_has_a_name():
    assert set(OCCASIONS) == set(KINDS)


def test_what_a_deputy_judged_is_told_nobody():
    assert not any(type.startswith("feedback.given") for o in OCCASIONS.values() for type in o.types)


def test_of_a_part_the_congress_hears_nothing():
    data = {"by": SYSTEM.as_by(), **TYPES["return.requested.v1"].example, "parent": "of another unit"}
    event = {"id": "e", "type": "return.requested.v1", "subject": "s", "jurisdiction": "43", "data": data}
    assert list(notes(event, MATTER)) == []


def test_who_has_no_place_is_told_nothing():
    nowhere = [
        {"role": role, "congress": "43", "unit": "", "seat": ""} for role in ("deputy", "handler", "operator")
    ]
    assert places(nowhere) == set()


MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2024, 1, 1), timezones=st.just(UTC))
TIMES = st.times().map(lambda at: time(at.hour, at.minute))
HOURS = st.builds(Hours, TIMES, TIMES, TIMES)


@given(MOMENTS, HOURS, st.booleans())
def test_it_leaves_within_two_days_and_never_in_the_quiet(now, hours, daily):
    moment = leaves(now, hours, daily=daily)
    assert now <= moment < now + timedelta(days=2)
    assert not hours.is_quiet(moment)
    assert leaves(moment, hours, daily=False) == moment


@given(MOMENTS, st.builds(Hours, st.just(time(21)), st.just(time(8)), st.just(time(8, 30))))
def test_the_letter_of_the_day_leaves_at_half_past_eight(now, hours):
    moment = leaves(now, hours, daily=True).astimezone(CHINA)
    assert (moment.hour, moment.minute) == (8, 30)
