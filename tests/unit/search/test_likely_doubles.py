"""Which of two suggestions the review desk calls likely doubles, and to whom."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison

from services.search.likeness import LIKELY, likeness
from shared.aggregate import new_id

PIPES = {
    "title": "关于改造老城区供水管网的建议", "situation": "老城区供水管网建于1985年，去年爆管46次。", "analysis": "管网超过使用年限。",
    "proposals": "三年内更换42公里管网。", "kind": "suggestion", "category": "水利",
}  # fmt: skip
BUSES = {**PIPES, "title": "关于增加夜间公交班次的建议", "situation": "晚上十点以后没有公交车。", "analysis": "客流没有统计。", "proposals": "增开两条夜间线路。"}  # fmt: skip


def test_the_same_matter_in_other_words_is_like_and_another_one_is_not():
    same = likeness(PIPES["title"], PIPES["situation"], "关于加快老城区供水管网改造的建议", "爆管多。")
    other = likeness(PIPES["title"], PIPES["situation"], BUSES["title"], BUSES["situation"])
    assert same >= LIKELY > other
    assert likeness("关于甲的建议", "", "关于甲的建议", "") == 0  # one sign has no pairs: nothing is claimed
    assert likeness(PIPES["title"], "", PIPES["title"], "") == 100


@pytest.fixture
def network(network_of):
    network = network_of("search", today=date(2023, 1, 15))
    network.on(date(2023, 1, 15))
    return network


def submitted(network, text, congress=PROVINCE, lead="甲"):
    id = new_id()
    person = {"id": new_id(), "name": f"代表{lead}"}
    network.tell(
        "suggestion.submitted.v1", id, congress, 1, **text, lead=person, cosigners=[], delegation="",
        session="第十四届一次会议", during_session=True, submitted_on="2023-01-15", times=1,
    )  # fmt: skip
    network.runtimes["search"].on_consumed()
    return id, deputy(person["name"], person["id"], congress)


def test_the_desk_asks_once_for_a_whole_page(network):
    (one, _), (two, _), (bus, _) = (
        submitted(network, text) for text in (PIPES, {**PIPES, "situation": "水压不足。"}, BUSES)
    )
    found = network.ask(liaison(), "search", "likely_doubles", ids=[one, two, bus])
    assert {id: [double["id"] for double in doubles] for id, doubles in found.items()} == {
        one: [two],
        two: [one],
    }
    assert found[one][0]["likeness"] == 100 and found[one][0]["title"] == PIPES["title"]


def test_nobody_learns_of_doubles_that_they_may_not_see(network):
    (one, writer), (two, _) = submitted(network, PIPES), submitted(network, PIPES, lead="乙")
    assert network.ask(writer, "search", "likely_doubles", ids=[one, two]) == {}
    assert network.ask(liaison("44"), "search", "likely_doubles", ids=[one, two]) == {}
