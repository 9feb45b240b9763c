"""What came of suggestions (采纳转化): summed over units and the congress, each number with its list."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk
from telling import NAMES, STRANGER, TAX, WATER, A, B

from shared.problems import Invalid, NotAllowed

PIPES = {"kind": "project", "text": "更换管网", "document": "", "money": 300, "people": 20000}
RULES = {"kind": "policy", "text": "出台用水办法", "document": "湘水发〔2023〕5号", "money": 0, "people": 0}
FUND = {"kind": "money", "text": "安排专项资金", "document": "", "money": 80, "people": 0}
OFFICE = liaison()


@pytest.fixture
def year_2023(elsewhere):
    """The water office changes pipes and lays down rules, the tax office gives money. (the first suggestion, its reply)."""
    id, reply = answered(elsewhere, WATER, PIPES, RULES)
    answered(elsewhere, TAX, FUND)
    return id, reply


def answered(elsewhere, unit, *results, **more):
    id, _ = elsewhere.handled(unit)
    return id, elsewhere.replies(id, unit, round=2, results=results, **more)


def sums(network, who=OFFICE, by_unit=False, **params):
    """{owner: {kind: (number, money, people)}}, without what is nought."""
    found = network.ask(
        who, "evaluation", "results", congress=PROVINCE, **{"year": 2023, "by_unit": by_unit, **params}
    )
    return {
        one["owner"]["name"]: {
            kind["kind"]: (kind["number"], kind["money"], kind["people"]) for kind in one["kinds"] if kind["number"]
        }
        for one in found
    }  # fmt: skip


def listed(network, who=OFFICE, **params):
    lines = network.ask(
        who, "evaluation", "result_list", congress=PROVINCE, **{"year": 2023, "limit": 50, **params}
    )
    return sorted(line["text"] for line in lines)


def published(network, elsewhere, id, reply):
    for seat in (A, B):
        elsewhere.judges(id, reply, seat)
    network.do(OFFICE, "evaluation", "close_suggestion", id)
    network.do(OFFICE, "evaluation", "publish_suggestion", id)


def test_the_congress_reads_its_sums_and_those_of_each_unit(network, year_2023):
    assert sums(network) == {
        "湖南省人民代表大会": {"project": (1, 300, 20000), "policy": (1, 0, 0), "money": (1, 80, 0)}
    }
    assert sums(network, by_unit=True) == {
        "省税务局": {"money": (1, 80, 0)},
        "省水利厅": {"project": (1, 300, 20000), "policy": (1, 0, 0)},
    }


def test_each_number_opens_to_its_list(network, year_2023):
    assert listed(network) == ["出台用水办法", "安排专项资金", "更换管网"]
    assert listed(network, unit=WATER, kind="project") == ["更换管网"]
    (line,) = network.ask(OFFICE, "evaluation", "result_list", congress=PROVINCE, year=2023, kind="policy")
    assert (line["suggestion"], line["unit"]["name"]) == (year_2023[0], "省水利厅")
    assert line["document"] == "湘水发〔2023〕5号"


def test_a_later_reply_takes_the_place_of_the_earlier(network, elsewhere, year_2023):
    id, _ = year_2023
    elsewhere.replies(id, WATER, round=3, results=({**PIPES, "money": 250},))
    assert sums(network, by_unit=True)["省水利厅"] == {"project": (1, 250, 20000)}
    assert listed(network, unit=WATER) == ["更换管网"]


def test_what_goes_on_within_another_counts_there_alone(network, elsewhere, year_2023):
    merged = {"into": year_2023[0], "into_number": "", "deputies": [], "reason": ""}
    id, _ = answered(elsewhere, TAX, FUND)
    assert sums(network, by_unit=True)["省税务局"]["money"] == (2, 160, 0)
    elsewhere.tell("suggestion.merged.v1", id, **merged)
    assert sums(network, by_unit=True)["省税务局"]["money"] == (1, 80, 0)


def test_years_are_added_up_from_the_kept_sums(network, elsewhere, year_2023):
    assert sums(network, year=2024) == {"湖南省人民代表大会": {}}
    assert sums(network, year=2024, since=2022)["湖南省人民代表大会"]["money"] == (1, 80, 0)
    with pytest.raises(Invalid):
        sums(network, year=2023, since=2024)


def test_a_unit_reads_its_own_and_a_deputy_what_is_public(network, elsewhere, year_2023):
    clerk, someone = unit_clerk(WATER), deputy(NAMES[STRANGER], STRANGER)
    assert sums(network, clerk, by_unit=True) == {"省水利厅": {"project": (1, 300, 20000), "policy": (1, 0, 0)}}  # fmt: skip
    assert (listed(network, clerk, unit=WATER), listed(network, clerk, unit=TAX)) == (
        ["出台用水办法", "更换管网"],
        [],
    )
    assert sums(network, someone) == {"湖南省人民代表大会": {}}
    assert listed(network, someone) == []
    published(network, elsewhere, *year_2023)
    assert sums(network, someone) == {"湖南省人民代表大会": {"project": (1, 300, 20000), "policy": (1, 0, 0)}}
    assert listed(network, someone) == listed(network, someone, unit=WATER) == ["出台用水办法", "更换管网"]


def test_what_a_reply_keeps_from_the_public_stays_out_of_the_public_sums(network, elsewhere):
    someone = deputy(NAMES[STRANGER], STRANGER)
    id, reply = answered(elsewhere, TAX, FUND, publicity="on_request")
    published(network, elsewhere, id, reply)
    assert sums(network, someone) == {"湖南省人民代表大会": {}} and listed(network, someone) == []
    assert listed(network) == ["安排专项资金"]


def test_a_neighbour_reads_nothing(network, year_2023):
    with pytest.raises(NotAllowed):
        sums(network, liaison("44"))
    assert listed(network, liaison("44")) == []


def test_what_a_look_back_found_not_so_counts_no_more(network, elsewhere, year_2023):
    id, reply = year_2023
    published(network, elsewhere, id, reply)
    found = {
        "lookback": "l",
        "unit": {"id": WATER, "name": "省水利厅"},
        "finding": "not_true",
        "words": "没有更换",
    }
    elsewhere.tell("lookback.found.v1", id, **found, on=date(2023, 5, 15).isoformat())
    network.do(
        OFFICE, "evaluation", "reopen_suggestion", id, reply=reply, reason="请更换到位", due_on="2023-07-15"
    )
    assert sums(network, by_unit=True).keys() == {"省税务局"}
