"""A province lays down a practice; its cities and units have it too, unless they lay down otherwise."""

from __future__ import annotations

from datetime import date

import pytest
from harness import CITY, COUNTY, PROVINCE, liaison, unit_clerk, unit_head
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import field as f
from shared.identity import SYSTEM, Actor, Role
from shared.plugins import Plugin, collect
from shared.practices import Practices, congresses_above, laid_down
from shared.problems import Invalid, NotAllowed

OPERATOR = Actor("op", "运维甲", (Role("operator", ""),))
PLACES = [
    {"path": path, "code": path, "name": name, "level": level, "parent": parent, "has_congress": True}
    for path, name, level, parent in (
        (PROVINCE, "湖南省", "province", ""), (CITY, "长沙市", "city", PROVINCE), (COUNTY, "浏阳市", "county", CITY),
    )
]  # fmt: skip


class Visits(Plugin):
    """Three visits (三访)."""

    name, label, source = "visits", "三访", "浏阳市"
    summary = "办前、办中、办后各走访一次。"
    places = ("congress", "unit")
    settings = {"times": f.number("次数", least=1, most=9, default=3)}


@pytest.fixture
def network(network_of):
    network = network_of("directory", "assignment", plugins=collect([("test", lambda: Visits)]))
    network.do(OPERATOR, "directory", "register_divisions", divisions=PLACES)
    return network


def set_visits(network, who, congress, unit="", **more):
    return network.do(who, "directory", "set_practice", name="visits", congress=congress, unit=unit, **more)


def held(network, congress, unit="", on=None):
    """What the other services make of it: {name: settings} of what is on."""
    runtime = network.runtimes["assignment"]
    with runtime.database.reading() as connection:
        work = runtime._work(connection, SYSTEM, "")
        return {p.name: p.settings for p in work.practices.active(congress, unit, on)}


def told(network, congress, **params):
    listed = network.ask(liaison(congress), "directory", "practices", congress=congress, **params)
    return next(line for line in listed if line["name"] == "visits")


def test_nothing_is_on_where_nobody_has_switched_it_on(network):
    assert held(network, COUNTY) == {}
    assert not told(network, COUNTY)["on"]


def test_a_county_has_what_its_province_laid_down(network):
    set_visits(network, liaison(), PROVINCE, settings={"times": 2}, effective_on="2023-01-15")
    assert held(network, COUNTY) == {"visits": {"times": 2}}
    line = told(network, COUNTY)
    assert (line["on"], line["from_name"], line["is_own"]) == (True, "湖南省人民代表大会", False)


def test_the_nearest_place_counts_as_a_whole(network):
    set_visits(network, liaison(), PROVINCE, settings={"times": 2}, effective_on="2023-01-15")
    set_visits(network, liaison(CITY), CITY, on=False, effective_on="2023-01-15")
    assert held(network, COUNTY) == {}
    assert held(network, PROVINCE) == {"visits": {"times": 2}}


def test_a_unit_has_its_own_and_the_bureaus_below_it_have_it_too(network):
    above = network.do(liaison(), "directory", "register_unit", congress=PROVINCE, name="省政府办公厅")["id"]
    below = network.do(
        liaison(), "directory", "register_unit", congress=PROVINCE, name="省民政厅", parent=above
    )["id"]
    other = network.do(liaison(), "directory", "register_unit", congress=PROVINCE, name="省税务局")["id"]
    set_visits(network, unit_head(above), PROVINCE, above, effective_on="2023-01-15")
    assert held(network, PROVINCE, below) == {"visits": {"times": 3}}
    assert held(network, PROVINCE, other) == {}
    assert held(network, PROVINCE) == {}


def test_a_change_takes_effect_tomorrow_unless_a_day_is_named(network):
    set_visits(network, liaison(), PROVINCE)
    assert held(network, PROVINCE) == {}
    assert told(network, PROVINCE)["coming"][0]["effective_on"] == "2023-01-16"
    network.on(date(2023, 1, 16))
    assert "visits" in held(network, PROVINCE)


def test_what_began_goes_on_under_the_practice_of_then(network):
    set_visits(network, liaison(), PROVINCE, settings={"times": 2}, effective_on="2023-02-01")
    network.on(date(2023, 3, 1))
    set_visits(network, liaison(), PROVINCE, settings={"times": 4}, effective_on="2023-03-10")
    network.on(date(2023, 4, 1))
    assert held(network, PROVINCE, on=date(2023, 2, 20)) == {"visits": {"times": 2}}
    assert held(network, PROVINCE) == {"visits": {"times": 4}}
    assert held(network, PROVINCE, on=date(2023, 1, 31)) == {}


def test_nothing_is_laid_down_for_days_that_have_passed(network):
    with pytest.raises(Invalid) as refusal:
        set_visits(network, liaison(), PROVINCE, effective_on="2023-01-14")
    assert "不能早于今天" in refusal.value.errors["effective_on"][0]


def test_what_has_not_begun_can_be_laid_down_otherwise(network):
    set_visits(network, liaison(), PROVINCE, settings={"times": 2}, effective_on="2023-02-01")
    set_visits(network, liaison(), PROVINCE, settings={"times": 5}, effective_on="2023-01-20")
    network.on(date(2023, 2, 2))
    assert held(network, PROVINCE) == {"visits": {"times": 5}}


def test_a_city_goes_back_to_what_is_above_it(network):
    set_visits(network, liaison(), PROVINCE, settings={"times": 2}, effective_on="2023-01-15")
    own = set_visits(network, liaison(CITY), CITY, on=False, effective_on="2023-01-15")["id"]
    network.do(
        liaison(CITY), "directory", "end_practice", own, effective_on="2023-01-20", reason="按省里的做法"
    )
    assert held(network, CITY) == {}
    network.on(date(2023, 1, 20))
    assert held(network, CITY) == {"visits": {"times": 2}}


def test_settings_that_do_not_fit_are_refused_beside_their_field(network):
    with pytest.raises(Invalid) as refusal:
        set_visits(network, liaison(), PROVINCE, settings={"times": 0})
    assert refusal.value.errors == {"times": ["应当在 1 到 9 之间。"]}
    assert network.published("directory", PROVINCE)[-1]["type"] != "practice.recorded.v1"


@pytest.mark.parametrize("who", [liaison(CITY), liaison("44"), unit_clerk("u"), unit_head("u")])
def test_a_congress_is_set_by_its_own_office_alone(network, who):
    with pytest.raises(NotAllowed):
        set_visits(network, who, PROVINCE)


def test_a_units_head_sets_his_own_unit_alone(network):
    unit = network.do(liaison(), "directory", "register_unit", congress=PROVINCE, name="省水利厅")["id"]
    other = network.do(liaison(), "directory", "register_unit", congress=PROVINCE, name="省财政厅")["id"]
    set_visits(network, unit_head(unit), PROVINCE, unit)
    with pytest.raises(NotAllowed):
        set_visits(network, unit_head(unit), PROVINCE, other)


def test_the_laws_months_can_be_shortened_and_not_lengthened(network):
    def periods(amount):
        return {"periods": [{"key": "reply", "amount": amount, "unit": "months"}]}

    with pytest.raises(Invalid) as refusal:
        network.do(
            liaison(), "directory", "set_practice", name="deadlines", congress=PROVINCE, settings=periods(4)
        )
    assert refusal.value.errors == {"periods": ["“答复”期限不能长于法律规定的3个月。"]}
    network.do(
        liaison(), "directory", "set_practice", name="deadlines", congress=PROVINCE, settings=periods(2)
    )


def test_every_change_is_an_event_with_who_when_and_why(network):
    id = set_visits(network, liaison(), PROVINCE, reason="办法第九条")["id"]
    told = network.published("directory", id)[-1]
    assert told["type"] == "practice.recorded.v1"
    assert told["data"]["by"]["name"] == "联工委甲"
    assert told["data"]["versions"][0] | {"settings": {}} == {
        "effective_on": "2023-01-16", "on": True, "settings": {}, "ended": False, "reason": "办法第九条", "set_by": "联工委甲",
        "set_on": "2023-01-15",
    }  # fmt: skip


# --- the same, for any tree and any dates -----------------------------------------------------------------------

PATHS = ["cn", "43", "43.01", "43.01.81", "43.02", "44"]
DAYS = [date(2023, 1, day) for day in range(1, 10)]
changes = st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(DAYS), st.sampled_from([True, False, None]), st.integers(1, 9)), max_size=12)  # fmt: skip


@given(changes, st.sampled_from(PATHS), st.sampled_from(DAYS))
def test_a_place_has_the_newest_version_of_the_nearest_place_above_that_has_one(made, place, day):
    """Against the plainest way to say it: walk up, and take the last change that had begun and was no end."""
    kept: dict[str, dict] = {}
    for path, on_day, on, times in sorted(made, key=lambda change: change[1]):
        said = kept.setdefault(path, {"name": "visits", "place": path, "versions": []})
        said["versions"] = [v for v in said["versions"] if v["effective_on"] < on_day.isoformat()]
        said["versions"].append({"effective_on": on_day.isoformat(), "on": bool(on), "settings": {"times": times}, "ended": on is None})  # fmt: skip
    known = collect([("test", lambda: Visits)]).practices
    practices = Practices(
        known, lambda paths: laid_down(s for p, s in kept.items() if p in paths), lambda unit: None, day
    )

    expected = None
    for path in reversed(congresses_above(place)):  # from the top down, the nearest last
        last = [
            v for v in kept.get(path, {"versions": []})["versions"] if v["effective_on"] <= day.isoformat()
        ][-1:]
        expected = last[0] if last and not last[0]["ended"] else expected
    found = {p.name: p.settings["times"] for p in practices.active(place)}
    assert found == ({"visits": expected["settings"]["times"]} if expected and expected["on"] else {})
