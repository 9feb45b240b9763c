"""浏阳市三级承办网络：市长亲自抓、常务副市长牵头抓、副市长具体抓；政府办协调，部门承办。"""

from __future__ import annotations

import pytest
from facts import line, made

from plugins.three_level_network import NOBODY, ThreeLevelNetwork
from services.gateway import hooks
from shared.hooks import Hooks
from shared.plugins import collect
from shared.practices import InForce
from shared.problems import Invalid

SETTINGS = {
    "mayor": "市长甲", "executive": "常务副市长乙",
    "field_of": [{"leader": "副市长丙", "units": "水利局、农业农村局"}, {"leader": "副市长丁", "units": "教育局"}],
}  # fmt: skip
CANAL = line("s1", "关于水渠的建议", lead_unit="水利局")
SCHOOL = line("s2", "关于校车的建议", lead_unit="教育局", light="red")
ROAD = line("s3", "关于公路的建议", lead_unit="交通局")


def hindered(at):
    answers = [{"at": f"{at}T02:00:00+00:00", "hindered_by": "资金没有着落", "next_steps": "请协调"}]
    return {"suggestion": "s1", "title": "关于水渠的建议", "unit": {"id": "u1", "name": "水利局"}, "state": "answered", "answers": answers}  # fmt: skip


def page(*lines, demands=()):
    return made(ThreeLevelNetwork, "pages", *lines, settings=SETTINGS, demands=list(demands))


def test_a_suggestion_has_its_leaders_by_its_unit_without_anybody_filling_it_in():
    leaders, _, each, _ = page(CANAL, SCHOOL, ROAD)
    assert [row.cells[3:6] for row in each.rows] == [
        ("副市长丙", "常务副市长乙", "市长甲"), ("副市长丁", "常务副市长乙", "市长甲"), (NOBODY, "常务副市长乙", "市长甲"),
    ]  # fmt: skip
    assert [row.cells for row in leaders.rows] == [
        ("副市长丙", "1", "0", "0"), ("副市长丁", "1", "0", "1"), (NOBODY, "1", "0", "0"),
    ]  # fmt: skip


def test_a_unit_whose_name_is_missing_or_written_otherwise_stands_on_a_list():
    renamed = line("s4", "关于灌区的建议", lead_unit="水务局")
    *_, nobody = page(CANAL, renamed, ROAD)
    assert [row.cells for row in nobody.rows] == [("交通局", "1"), ("水务局", "1")]
    assert len(page(CANAL)) == 3, "where each has its vice-mayor there is no such list"


@pytest.mark.parametrize(("since", "who"), [
    ("2023-05-10", "副市长丙"), ("2023-04-28", "副市长丙"), ("2023-04-27", "常务副市长乙"), ("2023-04-12", "市长甲"), ("2022-12-01", "市长甲"),
])  # fmt: skip
def test_a_difficulty_goes_to_the_vice_mayor_first_and_then_up(since, who):
    _, difficulties, _ = page(CANAL, demands=[hindered(since)])
    assert [row.cells[-1] for row in difficulties.rows] == [who]


def test_the_unit_learns_when_it_signs_whom_it_turns_to():
    found = collect([("x", lambda: ThreeLevelNetwork)])
    asked = Hooks(hooks, found, lambda *what: None)
    held = InForce("three_level_network", True, found.practices["three_level_network"].load(SETTINGS))
    told = [
        (answer.to, answer.text)
        for unit in ("水利局", "交通局")
        for _, answer in asked.call(
            "messages", [held], {"type": "task.signed.v1", "data": {"unit": {"name": unit}}}
        )
    ]
    assert not asked.failures
    assert told == [
        (
            "unit",
            "副市长丙具体抓，常务副市长乙牵头抓，市长甲亲自抓，由政府办公室协调。需要协调的，先报副市长丙。",
        )
    ]


def test_the_vice_mayor_studies_a_key_one_before_it_is_drafted(place):
    place.switch_on(
        "three_level_network", **{**SETTINGS, "field_of": [{"leader": "副市长丙", "units": "省税务局"}]}
    )
    assert place.steps(place.signed(1)) == []
    assert place.steps(place.signed(2, key=True)) == ["副市长丙研究办理方案（具体抓）"]


def test_one_unit_has_one_vice_mayor():
    twice = [{"leader": "副市长丙", "units": "水利局"}, {"leader": "副市长丁", "units": "教育局，水利局"}]
    practice = ThreeLevelNetwork().practice()
    with pytest.raises(Invalid, match="水利局"):
        practice.load({"field_of": twice})
