"""代表活动：what deputies do together, and what came of it, summed over the levels (Hunan 2021)."""

from __future__ import annotations

from datetime import date

import pytest
from harness import liaison
from hypothesis import given
from hypothesis import strategies as st

from services.intake.model.activity import sums_of
from shared.problems import Invalid, NotAllowed
from tests.unit.intake.voters import COUNTY, NEIGHBOUR, PROVINCE, TOWN, Voters

MONTH = {
    "kind": "visiting_month",
    "title": "三月代表走访月",
    "on": "2022-03-10",
    "problems": 3,
    "help": 120000,
    "papers": 1,
}


@pytest.fixture
def county(network_of):
    found = Voters(network_of("intake", today=date(2022, 3, 15)))
    for path, above in (
        (PROVINCE, ""),
        ("43.01", "43"),
        (COUNTY, "43.01"),
        (NEIGHBOUR, "43.01"),
        (TOWN, COUNTY),
    ):
        found.network.tell(
            "congress.recorded.v1",
            path,
            path,
            path=path,
            name=f"某地{path}",
            short=path,
            level="county",
            parent=above,
        )
    return found


def log(county, congress, **more):
    return county.do(liaison(congress), "log_activity", congress=congress, **{**MONTH, **more})["id"]


def sums(county, congress):
    return county.ask(liaison(congress), "activity_sums", congress=congress)


def test_what_towns_and_counties_did_is_summed_up_to_the_province(county):
    log(county, COUNTY, deputies=[county.seats[COUNTY], county.seats[PROVINCE]])
    log(county, TOWN, kind="research", problems=1, help=0)
    log(county, NEIGHBOUR, problems=2, help=80000)
    own = sums(county, COUNTY)
    assert [(line["label"], line["people"], line["help"]) for line in own["own"]] == [
        ("代表走访月", 2, 120000)
    ]
    assert [(line["congress"], line["problems"]) for line in own["below"]] == [(TOWN, 1)]
    province = sums(county, PROVINCE)
    assert [(line["congress"], line["activities"], line["problems"]) for line in province["below"]] == [
        ("43.01", 3, 6)
    ]
    assert province["total"]["help"] == 200000 and province["own"] == []


def test_what_was_recorded_by_mistake_is_taken_out_of_all_sums(county):
    activity = log(county, COUNTY)
    county.do(county.office, "cancel_activity", activity, reason="登记重复。")
    assert sums(county, PROVINCE)["total"]["activities"] == sums(county, COUNTY)["total"]["problems"] == 0
    (line,) = county.ask(county.office, "activities", congress=COUNTY)
    assert (line["state"], line["reason"]) == ("cancelled", "登记重复。")


def test_the_sums_can_be_derived_anew(county):
    log(county, COUNTY)
    county.do(county.office, "cancel_activity", log(county, COUNTY), reason="登记重复。")
    before = county.network.rows("intake", "activity_sums")
    county.network.rebuild("intake", "activity_sums")
    assert county.network.rows("intake", "activity_sums") == before


def test_the_list_behind_the_sums_is_for_the_congress_itself(county):
    log(county, COUNTY)
    assert len(county.ask(county.deputy(), "activities", congress=COUNTY)) == 1
    for stranger in (county.stranger, liaison(PROVINCE), county.deputy(TOWN)):
        with pytest.raises(NotAllowed):
            county.ask(stranger, "activities", congress=COUNTY)
    with pytest.raises(NotAllowed):
        county.do(county.deputy(), "log_activity", congress=COUNTY, **MONTH)


def test_a_day_to_come_and_deputies_of_a_neighbour_are_refused(county):
    with pytest.raises(Invalid):
        log(county, COUNTY, on="2022-03-16")
    with pytest.raises(Invalid) as refusal:
        log(county, COUNTY, deputies=[county.seats[NEIGHBOUR]])
    assert "上下级" in refusal.value.errors["deputies"][0]


@given(st.lists(st.integers(1, 99).map("{:02}".format), min_size=1, max_size=3))
def test_an_activity_counts_once_at_each_level_above_it(parts):
    path = ".".join(parts)
    counted = sums_of(path)
    assert [above for above, _ in counted] == ["cn", *(".".join(parts[: n + 1]) for n in range(len(parts)))]
    assert counted[-1] == (path, path) and all(below.startswith(above) for above, below in counted[1:])
