"""A term's figures, the year before beside; and the figures of all below, summed up over the levels."""

from __future__ import annotations

import random

import pytest
from harness import CITY, COUNTY, PROVINCE, deputy, liaison
from hypothesis import given, settings
from hypothesis import strategies as st
from telling import NAMES, TAX, A

from services.evaluation.model.levels import by_place, place_below, summed, too_few
from shared.identity import SYSTEM, Actor, Role
from shared.problems import Invalid, NotAllowed

PLACES = [PROVINCE, CITY, "43.02", COUNTY, "43.01.02", "43.01.81.107", "43.01.81.108", "43.02.11.100"]


def below(network, congress=PROVINCE, who=None, **params):
    return network.ask(
        who or liaison(congress), "evaluation", "figures_below", congress=congress, **{"year": 2023, **params}
    )


def of(shares, name="on_time"):
    found = next(f for f in shares if f["figure"] == name)
    return found["numerator"], found["denominator"]


def tell(network, congress, sequence=1, year=2023, **figures):
    listed = [{"figure": name, "numerator": n, "denominator": d} for name, (n, d) in figures.items()]
    network.tell("figures.told.v1", f"{congress}/{year}", congress, sequence, year=year, figures=listed)


def figure(network, name, who=None, **params):
    asked = {"congress": PROVINCE, "year": 2023, **params}
    return next(
        f for f in network.ask(who or liaison(), "evaluation", "figures", **asked) if f["figure"] == name
    )


# --- a term, and the year before ----------------------------------------------------------------------


@pytest.fixture
def two_years(network, elsewhere):
    """One suggestion of 2022 that was not solved, two of 2023 of which one was."""
    for year, solved in ((2022, "C"), (2023, "A"), (2023, "C")):
        id = f"0190a1b2-0000-7000-8000-{year:08d}000{solved}".lower()
        elsewhere.accepts(id, year=year)
        elsewhere.assigns(id, lead=TAX)
        elsewhere.replies(id, TAX, solved)


def test_the_year_before_stands_beside(network, two_years):
    found = figure(network, "matters_solved")
    assert (found["numerator"], found["denominator"], found["percent"]) == (1, 2, 50.0)
    assert found["before"] == {"numerator": 0, "denominator": 1, "percent": 0.0}


def test_a_term_is_the_sum_of_its_years(network, two_years):
    found = figure(network, "matters_solved", since=2022)
    assert (found["numerator"], found["denominator"], found["before"]["percent"]) == (1, 3, None)
    listed = network.ask(
        liaison(),
        "evaluation",
        "figure_list",
        congress=PROVINCE,
        year=2023,
        since=2022,
        figure="matters_solved",
    )
    assert len(listed) == 3
    with pytest.raises(Invalid) as refusal:
        figure(network, "matters_solved", since=2024)
    assert refusal.value.errors.keys() == {"since"}


# --- over the levels ----------------------------------------------------------------------------------


def test_what_a_county_counts_comes_to_the_city_and_the_province(network, elsewhere, two_years):
    tell(network, COUNTY, on_time=(3, 4))
    tell(network, "43.01.81.107", on_time=(1, 1))
    tell(network, "43.02", on_time=(0, 2))
    network.do(SYSTEM, "evaluation", "tell_figures")
    found = below(network)
    assert [(p["congress"], of(p["figures"])) for p in found["places"]] == [(CITY, (4, 5)), ("43.02", (0, 2))]
    assert of(found["figures"]) == (4, 7)
    assert of(found["figures"], "matters_solved") == (1, 2)  # the province's own
    assert [(p["congress"], of(p["figures"])) for p in below(network, CITY)["places"]] == [(COUNTY, (4, 5))]


def test_what_did_not_change_is_not_told_again(network, elsewhere, two_years):
    assert network.do(SYSTEM, "evaluation", "tell_figures")["told"] == 2
    assert network.do(SYSTEM, "evaluation", "tell_figures")["told"] == 0
    elsewhere.handled()
    assert network.do(SYSTEM, "evaluation", "tell_figures")["told"] == 1
    told = [e for e in network.published("evaluation") if e["type"] == "figures.told.v1"]
    assert [(e["data"]["year"], e["sequence"]) for e in told] == [(2022, 1), (2023, 1), (2023, 2)]


def test_what_was_counted_long_ago_is_told_too(network, elsewhere, two_years):
    elsewhere.tomorrow(30)
    assert network.do(SYSTEM, "evaluation", "tell_figures")["told"] == 2


def test_few_judgements_of_a_place_are_in_the_sum_alone(network):
    tell(network, CITY, satisfied_result=(1, 1), on_time=(1, 1))
    tell(network, "43.02", satisfied_result=(9, 9))
    tell(network, "43.03", satisfied_result=(5, 20))
    found = below(network)
    shown = {
        p["congress"]: next(f for f in p["figures"] if f["figure"] == "satisfied_result")
        for p in found["places"]
    }
    assert {place: f["is_hidden"] for place, f in shown.items()} == {
        CITY: True,
        "43.02": True,
        "43.03": False,
    }
    assert (of([shown[CITY]], "satisfied_result"), of(found["figures"], "satisfied_result")) == (
        (0, 0),
        (15, 30),
    )
    assert of(found["places"][0]["figures"]) == (1, 1)  # what is no judgement is no secret


def test_it_is_for_the_offices_of_the_congress_and_of_those_above(network):
    tell(network, COUNTY, on_time=(3, 4))
    below(network, CITY, liaison(PROVINCE))
    government = Actor("clerk", "经办人甲", (Role("handler", CITY, unit=TAX),))
    for who in (deputy(NAMES[A], A), liaison(COUNTY), liaison("44"), government):
        with pytest.raises(NotAllowed):
            below(network, CITY, who)


shares = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda both: (min(both), max(both)))


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(PLACES[1:]), shares), shares)
def test_nothing_is_counted_twice_and_nothing_left_out(told, own):
    """Level by level, what the places have with all below them, and the congress's own, is the sum of what all told."""

    def whole(congress: str) -> tuple[int, int]:
        under = {path: share for path, share in told.items() if path.startswith(f"{congress}.")}
        here = own if congress == PROVINCE else told.get(congress, (0, 0))
        places = by_place(congress, under)
        assert all(share == whole(place) for place, share in places.items())
        return summed([here, *places.values()])

    assert whole(PROVINCE) == summed([own, *told.values()])


@settings(deadline=None)
@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 12)), st.integers(2, 6))
def test_what_is_hidden_cannot_be_worked_out_from_the_sum(counts, least):
    hidden = too_few(counts, least)
    assert all(counts[place] > 0 for place in hidden)
    assert all(place in hidden for place, count in counts.items() if 0 < count < least)
    seen = [place for place, count in counts.items() if count and place not in hidden]
    together = sum(counts[place] for place in hidden)
    if hidden and seen:
        assert len(hidden) > 1 and together >= least


def test_places_below_are_told_by_their_paths():
    assert [place_below("cn", "43.01"), place_below("43", "43.01.81.107"), place_below("43.01.81", "43.01.81.107")] == [
        "43", "43.01", "43.01.81.107",
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_told_in_any_order_and_more_than_once_it_is_the_newest(network, seed):
    """As instances that are linked bring it: late, doubled, the older after the newer."""
    chance = random.Random(seed)
    told = [
        (congress, sequence, (sequence, sequence + 1)) for congress in PLACES[1:] for sequence in (1, 2, 3)
    ] * 2
    chance.shuffle(told)
    for congress, sequence, share in told:
        tell(network, congress, sequence, on_time=share)
    assert of(below(network)["figures"]) == (3 * len(PLACES[1:]), 4 * len(PLACES[1:]))
