"""Two wordings of one event are one event: whoever of a service's old and new programs gets which, it takes effect once."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from marshmallow import fields as m

from shared.aggregate import new_id
from shared.database import backbone_tables
from shared.events import BadEvent, Catalogue
from shared.handlers import Handlers
from shared.runtime import Runtime
from shared.settings import Settings
from shared.upcasting import Reader, upcasts

V1, V2, V3 = (f"reception.held.v{version}" for version in (1, 2, 3))
JUNE = datetime(2023, 6, 1, tzinfo=UTC)


def stations(versions: int, *retired: str) -> Catalogue:
    """v1 says {station}, v2 {station, town}, v3 {place: {station, town}}."""
    catalogue = Catalogue("stations")
    station, town = m.String(required=True), m.String(required=True)
    catalogue.event("reception.held", "…", {}, station=station)
    if versions > 1:
        catalogue.event("reception.held", "…", {}, 2, without_town, station=station, town=town)
    if versions > 2:
        catalogue.event("reception.held", "…", {}, 3, without_place, place=m.Dict(required=True))
    for type in retired:
        catalogue.retire(type)
    return catalogue


def without_town(data: dict) -> dict:
    return {"by": data["by"], "station": data["station"]}


def without_place(data: dict) -> dict:
    return {"by": data["by"], **data["place"]}


@pytest.fixture(autouse=True)
def steps(monkeypatch):
    monkeypatch.setattr("shared.upcasting.UPCASTERS", {})
    upcasts(V1)(lambda data: {**data, "town": "不详"})
    upcasts(V2)(lambda data: {"by": data["by"], "place": {"station": data["station"], "town": data["town"]}})


def told(catalogue: Catalogue, **data: object) -> list[dict]:
    """What the stations publish of one reception, as it travels."""
    return catalogue.envelopes(
        id=new_id(), name="reception.held", at=JUNE, subject=new_id(), jurisdiction="43", sequence=1,
        traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01", data={"by": {"account": "a", "name": "甲"}, **data},
    )  # fmt: skip


@pytest.fixture
def program(tmp_path):
    """A function that starts one of a service's programs, which handles these versions: all share one database."""
    started = []

    def start(*types: str) -> Runtime:
        metadata = sa.MetaData()
        backbone_tables(metadata)
        handlers = Handlers(Catalogue("visits"), metadata)
        seen: list = []
        handlers.on(*types)(lambda work, event: seen.append((event["type"], event["data"])))
        runtime = Runtime(handlers, Settings(home=tmp_path))
        runtime.seen = seen
        metadata.create_all(runtime.database.engine, checkfirst=True)
        started.append(runtime)
        return runtime

    yield start
    for runtime in started:
        runtime.database.close()


def types(runtime: Runtime) -> list[str]:
    return [type for type, _ in runtime.seen]


# --- what is published ------------------------------------------------------------------------------------------


def test_one_version_travels_alone_and_says_nothing_of_others():
    (event,) = told(stations(1), station="小河")
    assert event["type"] == V1
    assert "versions" not in event and "twinof" not in event


def test_both_versions_are_wordings_of_one_event():
    newest, older = told(stations(2), station="小河", town="小河乡")
    assert (newest["type"], older["type"]) == (V2, V1)
    assert older["twinof"] == newest["id"] != older["id"]
    assert newest["versions"] == older["versions"] == "v1 v2"
    assert [newest[same] for same in ("subject", "sequence", "time")] == [
        older[same] for same in ("subject", "sequence", "time")
    ]
    assert (newest["data"]["town"], older["data"].get("town")) == ("小河乡", None)


def test_three_versions_are_made_of_one_another_step_by_step():
    newest, *older = told(stations(3), place={"station": "小河", "town": "小河乡"})
    assert [event["type"] for event in (newest, *older)] == [V3, V2, V1]
    assert older[0]["data"]["town"] == "小河乡"
    assert older[1]["data"]["station"] == "小河"


def test_a_retired_version_is_not_published_and_those_before_it_still_are():
    events = told(stations(3, V2), place={"station": "小河", "town": "小河乡"})
    assert [event["type"] for event in events] == [V3, V1]
    (alone,) = told(stations(3, V1, V2), place={"station": "小河", "town": "小河乡"})
    assert "versions" not in alone


def test_a_downcast_that_does_not_fit_is_a_fault_of_the_service():
    catalogue = Catalogue("stations")
    catalogue.event("reception.held", "…", {}, station=m.String(required=True))
    catalogue.event("reception.held", "…", {}, 2, lambda data: data, place=m.Dict(required=True))
    with pytest.raises(BadEvent, match=r"reception\.held\.v1"):
        told(catalogue, place={})


# --- what is read -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wanted", [V1, V2, V3])
def test_each_consumer_gets_exactly_its_version(program, wanted):
    consumer = program(wanted)
    consumer.consume(told(stations(3), place={"station": "小河", "town": "小河乡"}))
    assert types(consumer) == [wanted]


def test_the_newest_wording_is_read_and_not_the_older_one_brought_up_to_it(program):
    consumer = program(V2)
    consumer.consume(told(stations(2), station="小河", town="小河乡"))
    assert [data["town"] for _, data in consumer.seen] == ["小河乡"]


def test_a_service_may_ask_for_two_versions_and_then_gets_both(program):
    consumer = program(V1, V2)
    consumer.consume(told(stations(2), station="小河", town="小河乡"))
    assert types(consumer) == [V2, V1]


def test_an_event_of_before_is_read_as_the_newest_by_all_steps(program):
    consumer = program(V3)
    consumer.consume(told(stations(1), station="小河"))
    ((type, data),) = consumer.seen
    assert (type, data["place"]) == (V3, {"station": "小河", "town": "不详"})


def test_a_handler_of_the_old_version_does_not_get_a_newer_one(program):
    consumer = program(V1)
    consumer.consume(told(stations(2, V1), station="小河", town="小河乡"))
    assert consumer.seen == []


def test_a_log_is_asked_for_all_that_can_be_read():
    assert sorted(Reader([V3]).types) == [V1, V2, V3]
    assert sorted(Reader([V1]).types) == [V1]


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))), ids=["newest first", "older first"])
@pytest.mark.parametrize("takers", list(itertools.product(["old", "new"], repeat=2)), ids="-".join)
@pytest.mark.parametrize("times", [1, 2], ids=["once", "delivered twice"])
def test_old_and_new_program_on_one_queue_take_an_event_in_once(program, order, takers, times):
    programs = {"old": program(V1), "new": program(V2)}
    events = told(stations(2), station="小河", town="小河乡")
    for _ in range(times):
        for index, taker in zip(order, takers, strict=True):
            programs[taker].consume([events[index]])
    assert len(programs["old"].seen + programs["new"].seen) == 1


def test_an_old_event_that_had_failed_before_the_upgrade_is_tried_as_the_new_version(program):
    old = program(V1)
    old.handlers.events[V1].insert(0, lambda work, event: 1 / 0)
    (event,) = told(stations(1), station="小河")
    old.consume([event])
    new = program(V2)
    assert new.failures.replay(event["id"])
    assert types(new) == [V2]


def test_a_step_is_declared_once():
    with pytest.raises(ValueError, match="has a step"):
        upcasts(V1)(lambda data: data)
