"""浏阳市，2022: each deputy receives voters one day a month and visits thirty people."""

from __future__ import annotations

from datetime import date

import pytest

from shared.contracts import voters as contracts
from shared.identity import SYSTEM
from shared.plugins import installed
from shared.practices import id_of
from tests.unit.intake.voters import COUNTY, KEEPER, PROVINCE, Voters


@pytest.fixture
def county(network_of):
    return Voters(network_of("intake", today=date(2022, 3, 15)))


def switch_on(county, **settings):
    practice = installed().practices["station_duties"]
    version = {
        "effective_on": "2022-01-01", "on": True, "settings": settings, "ended": False, "reason": "", "set_by": "联工委甲", "set_on": "2022-01-01",
    }  # fmt: skip
    county.network.tell(
        "practice.recorded.v1", id_of(COUNTY, "station_duties"), COUNTY, name="station_duties", label=practice.label, place=COUNTY,
        place_kind="congress", place_name="", reason="", versions=[version],
    )  # fmt: skip


def look(county, day):
    county.network.on(day)
    return county.do(SYSTEM, contracts.REMIND_OF_DUTIES.name)["reminded"]


def test_a_deputy_who_did_it_in_march_and_not_in_april_is_reminded_in_the_last_week(county):
    switch_on(county)
    station, mine = county.station(COUNTY, PROVINCE), county.seats[COUNTY]
    county.do(KEEPER, "log_reception", station, deputies=[mine], on="2022-03-15", people=9)
    county.do(
        county.deputy(), "log_visit", station, deputy=mine, on="2022-03-15", people=31, place="集里街道"
    )
    assert county.waiting(county.deputy()) == []
    assert [title for _, title, _ in county.waiting(county.deputy(PROVINCE))] == [
        "每月至少接待1天（3月1日至3月31日），已接待0天",
        "每年至少走访30人（1月1日至12月31日），已走访0人",
    ]
    assert look(county, date(2022, 4, 23)) == 0
    assert look(county, date(2022, 4, 24)) == 2 and look(county, date(2022, 4, 30)) == 0
    reminded = county.events(station, "duty.due.v1")
    assert [one["deputy"]["name"] for one in reminded] == ["代表43.01.81", "代表43"]
    assert reminded[0]["text"] == "每月至少接待1天（4月1日至4月30日），已接待0天"


def test_in_the_visiting_month_people_are_counted_apart(county):
    switch_on(
        county, reception_days_per_month=0, visited_people=0, visiting_month=[3], visiting_month_people=5
    )
    county.station(COUNTY)
    (line,) = county.waiting(county.deputy())
    assert line[1] == "代表走访月：每月至少走访5人（3月1日至3月31日），已走访0人"
    county.network.on(date(2022, 4, 1))
    assert county.waiting(county.deputy()) == []


def test_where_nothing_is_asked_nobody_is_reminded(county):
    county.station(COUNTY)
    assert county.waiting(county.deputy()) == [] and look(county, date(2022, 4, 30)) == 0
