"""代表联络站，as in Liuyang 2022: deputies of all levels receive voters at stations and visit people."""

from __future__ import annotations

from datetime import date

import pytest
from harness import liaison
from hypothesis import given
from hypothesis import strategies as st

from services.intake.model.duties import Duty, Held, progress
from shared.problems import Invalid, NotAllowed, NotFound, WrongState
from tests.unit.intake.voters import COUNTY, KEEPER, NEIGHBOUR, OTHER_KEEPER, PROVINCE, TOWN, Voters

DAY = date(2022, 3, 15)


@pytest.fixture
def county(network_of):
    return Voters(network_of("intake", today=DAY))


def test_deputies_of_all_levels_have_their_station_and_neighbours_do_not(county):
    station = county.station(PROVINCE, COUNTY, TOWN)
    shown = county.ask(county.office, "station", id=station)
    assert [seat["congress"] for seat in shown["deputies"]] == [PROVINCE, COUNTY, TOWN]
    with pytest.raises(Invalid) as refusal:
        county.do(county.office, "assign_to_station", station, deputies=[county.seats[NEIGHBOUR]])
    assert "本级或者上下级" in refusal.value.errors["deputies"][0]
    for stranger in (county.stranger, county.deputy(NEIGHBOUR)):
        assert county.ask(stranger, "stations") == []
        with pytest.raises(NotFound):
            county.ask(stranger, "station", id=station)


def test_a_station_is_measured_by_the_standard_point_by_point(county):
    station = county.station()
    standard = county.ask(KEEPER, "station", id=station)["standard"]
    county.do(KEEPER, "check_station", station, met=standard[:5])
    (line,) = county.ask(county.office, "stations")
    assert (line["met"], line["points"]) == (5, 6)
    with pytest.raises(Invalid):
        county.do(KEEPER, "check_station", station, met=["有会客厅"])


def test_a_reception_is_planned_held_and_counted_once(county):
    station = county.station(COUNTY)
    who = county.deputy()
    county.do(
        KEEPER, "plan_reception", station, deputies=[county.seats[COUNTY]], on="2022-03-20", hours="上午"
    )
    assert [what for what, *_ in county.waiting(who)] == ["查看"] and county.waiting(KEEPER) == []
    county.network.on(date(2022, 3, 20))
    assert [what for what, *_ in county.waiting(KEEPER)] == ["登记接待"]
    held = {"deputies": [county.seats[COUNTY]], "on": "2022-03-20", "people": 12}
    county.do(who, "log_reception", station, **held)
    with pytest.raises(WrongState) as refusal:
        county.do(KEEPER, "log_reception", station, **held)
    assert "已经登记过" in refusal.value.detail
    figures = county.ask(county.office, "deputy_duties", congress=COUNTY)
    assert figures["totals"] == {"receptions": 1, "received": 12, "visits": 0, "visited": 0}
    (line,) = county.ask(county.office, "encounters", deputy=county.seats[COUNTY], year=2022)
    assert (line["state"], line["people"]) == ("held", 12)


def test_what_a_deputy_of_the_province_does_in_a_county_is_the_provinces_to_know_too(county):
    station = county.station(PROVINCE, COUNTY)
    county.do(
        county.deputy(PROVINCE),
        "log_visit",
        station,
        deputy=county.seats[PROVINCE],
        on="2022-03-14",
        people=31,
        place="集里街道",
    )
    figures = county.ask(liaison(PROVINCE), "deputy_duties", congress=PROVINCE)
    assert [(line["name"], line["visited"]) for line in figures["lines"]] == [("代表43", 31)]
    assert len(county.ask(liaison(PROVINCE), "encounters", congress=PROVINCE)) == 1
    assert county.ask(county.deputy(), "encounters") == county.ask(county.stranger, "encounters") == []


def test_a_deputy_records_the_own_days_and_nobody_elses(county):
    station = county.station(COUNTY, TOWN)
    visit = {"on": "2022-03-14", "people": 3, "place": "某村"}
    with pytest.raises(Invalid) as refusal:
        county.do(county.deputy(TOWN), "log_visit", station, deputy=county.seats[COUNTY], **visit)
    assert "自己" in refusal.value.errors["deputy"][0]
    with pytest.raises(Invalid):
        county.do(KEEPER, "log_visit", station, deputy=county.seats[TOWN], **{**visit, "on": "2022-03-16"})


def test_a_keeper_keeps_the_own_station_and_not_the_next_one(county):
    station = county.station(COUNTY)
    county.station(TOWN, name="淮川街道人大代表联络站", keepers=[OTHER_KEEPER.account])
    made = county.do(
        KEEPER, "log_visit", station, deputy=county.seats[COUNTY], on="2022-03-14", people=3, place="某村"
    )
    with pytest.raises(NotFound):
        county.ask(OTHER_KEEPER, "station", id=station)
    with pytest.raises(NotFound):
        county.do(OTHER_KEEPER, "cancel_encounter", made["id"], reason="误登")
    county.do(KEEPER, "cancel_encounter", made["id"], reason="误登")
    assert county.ask(county.office, "deputy_duties", congress=COUNTY)["totals"]["visited"] == 0
    assert county.events(made["id"], "visit.cancelled.v1")[0]["held"] is True


def test_only_the_office_registers_stations_and_says_who_works_there(county):
    with pytest.raises(NotAllowed):
        county.do(county.deputy(), "register_station", congress=COUNTY, name="某站", address="某路")
    station = county.station(COUNTY)
    with pytest.raises(NotAllowed):
        county.do(KEEPER, "assign_to_station", station, deputies=[county.seats[TOWN]])
    county.do(county.office, "take_from_station", station, deputies=[county.seats[COUNTY]])
    with pytest.raises(NotFound):
        county.ask(county.deputy(), "station", id=station)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("reception", "visit")),
            st.dates(date(2022, 2, 1), date(2022, 4, 30)),
            st.integers(0, 40),
        )
    )
)
def test_receptions_count_by_days_and_visits_by_people_within_the_period(days):
    held = [Held(*day) for day in days]
    by_month, by_year = progress([Duty("reception", 1), Duty("visit", 30, "year")], held, date(2022, 3, 31))
    in_march = {on for kind, on, _ in days if kind == "reception" and on.month == 3}
    assert by_month.done == len(in_march) and by_month.is_done == bool(in_march)
    assert by_year.done == sum(people for kind, _, people in days if kind == "visit")
