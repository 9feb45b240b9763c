"""省委宣传部：动态掌握办理进度，定期向部务会成员报告完成情况并向各处室通报，协调解决困难；答复全部公开。"""

from __future__ import annotations

from datetime import date

from facts import ROADS, line, made, task, titles

from plugins.progress_board import ProgressBoard, begins
from shared.identity import SYSTEM
from tests.unit.assignment.test_unit_board import given, ministry  # noqa: F401

LATE = line("s2", "关于网吧的建议", light="red", next_due_on="2023-05-01")
LATER = line("s3", "关于书店的建议", light="green", next_due_on="2023-08-01")
DONE = line("s4", "关于影院的建议", light="done", state="replied", replied_on="2023-05-04", next_due_on="")
LONG_DONE = line(
    "s5", "关于剧团的建议", light="done", state="replied", replied_on="2023-04-04", next_due_on=""
)
HINDERED = {
    "suggestion": "s2", "title": "关于网吧的建议", "text": "报告进展", "state": "answered",
    "answers": [{"hindered_by": "与公安部门意见不一致", "next_steps": "请协调"}],
}  # fmt: skip

AGREED = {
    "suggestion": "s2",
    "meetings": [{"kind": "coordination", "on": "2023-05-08", "led_by": "副部长甲", "agreed": "公安部门牵头，联合检查", "due_on": "2023-05-30"}],
}  # fmt: skip


def test_the_leaders_read_what_is_done_under_way_and_late_and_what_hinders():
    counts, late, near, hindered, going, done = made(
        ProgressBoard, "pages", ROADS, LATE, LATER, DONE, LONG_DONE, demands=[HINDERED], tasks=[task("s2", "文化处")], records=[AGREED],
    )  # fmt: skip
    assert counts.rows[0].cells == ("5", "2", "1", "1", "1")
    assert (titles(late), titles(near)) == (["关于网吧的建议"], ["关于修路的建议"])
    assert (titles(going), titles(done)) == (["关于书店的建议"], ["关于影院的建议"])
    assert late.rows[0].cells[2] == "文化处"
    assert hindered.rows[0].cells[2:] == (
        "与公安部门意见不一致", "请协调", "2023-05-08 副部长甲：公安部门牵头，联合检查，2023-05-30 前完成",
    )  # fmt: skip


def test_the_same_is_printed_for_all_sections_with_who_keeps_it():
    printed = made(ProgressBoard, "documents", LATE, settings={"clerk": "某干事"})
    assert "2023-05-01 至 2023-05-12" in printed.parts[0]
    assert printed.signed == ("某处", "经办：某干事", "2023-05-12")


def test_the_period_ends_today():
    today = date(2023, 5, 12)
    assert [begins(today, every).isoformat() for every in ("month", "two_weeks", "week")] == ["2023-05-01", "2023-04-29", "2023-05-06"]  # fmt: skip


def test_leaders_and_sections_are_told_once_in_each_month_where_the_unit_stands(ministry):  # noqa: F811
    place, network = ministry.place, ministry.place.network
    given(ministry, 1, ministry.budget)

    def told_on(*day):
        network.on(date(*day))
        network.do(SYSTEM, "assignment", "tell_progress")
        return [
            event["data"]
            for event in network.published("assignment", ministry.id)
            if event["type"] == "progress.told.v1"
        ]

    assert told_on(2023, 2, 21) == []  # nobody wants it
    place.switch_on("progress_board", ministry.id)
    assert told_on(2023, 2, 22) == []  # from the next month on
    (first,) = told_on(2023, 3, 2)
    assert (first["since"], first["until"], first["done"], first["open"], first["late"]) == ("2023-02-22", "2023-03-02", 0, 1, 0)  # fmt: skip
    assert set(first["units"]) == {ministry.id, ministry.desk, ministry.budget, ministry.tax}
    assert len(told_on(2023, 3, 31)) == 1
    assert [said["since"] for said in told_on(2023, 4, 1)] == ["2023-02-22", "2023-03-02"]
