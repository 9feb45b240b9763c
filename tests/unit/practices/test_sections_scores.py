"""省财政厅：处室按五定百分制考评，纳入年度考核。长沙市：抓难点热点，确保重点研办。"""

from __future__ import annotations

from facts import line, made
from harness import unit_clerk, unit_head

from plugins.hundred_points import HundredPoints
from plugins.ten_grasps import HARD, TenGrasps
from tests.unit.assignment.test_unit_board import given, ministry  # noqa: F401


def test_a_sections_late_part_costs_its_points_and_names_the_suggestion(ministry):  # noqa: F811
    place, clerk = ministry.place, unit_clerk(ministry.budget)
    for number in (1, 2):
        id = given(ministry, number, ministry.budget, ministry.tax)
        task = place.task(id, ministry.budget, clerk)["task"]
        place.do(clerk, "sign_for", id, task=task)
        place.do(clerk, "make_plan", id, task=task, handler="甲", leader="处长甲", plan="先核对。")
        if number == 1:
            place.do(clerk, "hand_in_part", id, task=task, text="已列入预算。")
    records = place.ask(unit_head(ministry.id), "task_records", year=2023)
    # The stories' day is 12 May, and the parts were due on 20 April.
    scores, lost = made(HundredPoints, "pages", key="sections", records=records)
    assert [(row.cells[0], row.cells[2:]) for row in scores.rows] == [
        ("预算处", ("20", "20", "10", "20", "20", "0", "90")), ("税政处", ("0", "0", "0", "20", "0", "0", "20")),
    ]  # fmt: skip
    assert ("关于第2件事的建议", "预算处", "定时间") in [(row.cells[0], *row.cells[2:]) for row in lost.rows]


def test_a_section_that_does_its_part_of_a_key_suggestion_in_time_has_a_bonus_up_to_the_limit():
    """百分制+附加分."""
    part = {
        "parent": "t", "suggestion": "s1", "title": "……", "number": "", "unit": {"id": "b", "name": "预算处"}, "state": "handed_in", "steps": [],
        "plan": {"handler": "甲", "leader": "处长甲"}, "drafted_rank": "", "is_key": True, "sent_back": 0, "handed_in_on": "2023-04-19", "hand_in_by": "2023-04-20",
    }  # fmt: skip
    late = part | {"unit": {"id": "c", "name": "税政处"}, "handed_in_on": "2023-04-21"}
    settings = {"bonus_for_key": 2, "bonus_most": 3}
    scores, _ = made(HundredPoints, "pages", key="sections", records=[part, part, late], settings=settings)
    assert [(row.cells[0], row.cells[-2:]) for row in scores.rows] == [("预算处", ("3", "103")), ("税政处", ("0", "80"))]  # fmt: skip


def test_hard_ones_are_a_list_and_a_unit_that_named_too_few_is_told(place):
    place.switch_on("ten_grasps", place.tax)
    first, second = place.signed(1), place.signed(2)
    for id, hard in ((first, "跨部门数据没有打通"), (second, "无")):
        place.complete(
            id, "办前分析", **{"代表要解决的问题": "往返多次", HARD: hard, "总的办法和配合单位": "联合运维"}
        )
    for who, congress in ((unit_clerk(place.tax), ""), (place.office, "43")):
        records = place.ask(who, "task_records", year=2023, congress=congress)
        lines = [line(id, "关于社保的建议") for id in (first, second)]
        marked, units = made(
            TenGrasps, "pages", *lines, key="hard", records=records, settings={"hard_ones": 2}
        )
        assert [(row.cells[3], row.suggestion) for row in marked.rows] == [("跨部门数据没有打通", first)]
        assert units.rows[0].cells[1:] == ("2", "1", "1")
