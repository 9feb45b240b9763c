"""What the suggestions of a year are about, beside the two years before: of what one may see."""

from __future__ import annotations

from datetime import date

from harness import PROVINCE, deputy, liaison, unit_clerk

from shared.aggregate import new_id


def counts(network, who=None, **asked):
    found = network.ask(who or liaison(), "supervision", "analysis", congress=PROVINCE, year=2023, **asked)
    return {row["label"]: [year["total"] for year in row["years"]] for row in found["rows"]}, [
        one["total"] for one in found["total"]
    ]


def test_each_year_is_counted_by_what_it_is_about(life, another_life):
    life.up_to_assignment()
    life.replied(date(2023, 4, 3))
    earlier = another_life(title="关于去年的事的建议")
    earlier.accepted(date(2022, 1, 20))
    network = life.network
    assert counts(network) == ({"社会保障": [1, 1, 0]}, [1, 1, 0])
    assert counts(network, by="unit") == ({"省税务局": [1, 0, 0], "未交办": [0, 1, 0]}, [1, 1, 0])
    assert counts(network, by="kind")[0] == {"建议": [1, 1, 0]}
    found = network.ask(liaison(), "supervision", "analysis", congress=PROVINCE, year=2023)
    assert (found["rows"][0]["years"][0]["A"], found["years"]) == (1, [2023, 2022, 2021])


def test_who_sees_less_counts_less(life, another_life):
    life.up_to_assignment()
    another_life(title="关于另一件事的建议").up_to_assignment()
    network = life.network
    assert counts(network)[1] == [2, 0, 0]
    assert counts(network, unit_clerk(life.tax["id"]))[1] == [1, 0, 0]
    assert counts(network, deputy("路人", new_id())) == ({}, [0, 0, 0])
    assert counts(network, liaison("44")) == ({}, [0, 0, 0])
