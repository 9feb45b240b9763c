"""A unit's own office looks into how its sections handle what they have, and what it found is put right."""

from __future__ import annotations

from datetime import date

import pytest
from harness import liaison, unit_clerk, unit_head

from shared.aggregate import new_id
from shared.problems import Invalid, NotAllowed, NotFound, WrongState
from shared.reach import WITHHELD, matches
from tests.unit.assignment.test_unit_board import given, ministry  # noqa: F401


def log(ministry, sections, who=None, unit="", **changed):  # noqa: F811
    """The ministry's office looked at a suggestion's part in each of these sections."""
    id = given(ministry, 1, *sections)
    tasks = [ministry.place.task(id, section, unit_clerk(section))["task"] for section in sections]
    about = {
        "unit": unit or ministry.desk, "on": "2023-02-20", "scope": "第一季度专项督查", "tasks": tasks, "found": "还没有与代表沟通。",
        "responsible": "预算处", "put_right_by": "2023-03-06", **changed,
    }  # fmt: skip
    return ministry.place.do(who or ministry.officer, "log_check", **about)["id"]


def seen(ministry, who):  # noqa: F811
    return ministry.place.ask(who, "checks")["checks"]


def test_what_was_found_is_put_right_with_more_time_for_a_reason(ministry):  # noqa: F811
    place, id = ministry.place, log(ministry, [ministry.budget])
    (check,) = seen(ministry, ministry.officer)
    assert (check["state"], check["is_overdue"]) == ("open", False)
    assert check["computed"] == "2023-02-20 督查时由厅办公室甲限定为 2023-03-06"
    place.network.on(date(2023, 3, 7))
    assert place.ask(ministry.officer, "checks")["overdue"] == 1
    with pytest.raises(Invalid, match="新的整改期限"):
        place.do(
            ministry.officer,
            "settle_check",
            id,
            outcome="extended",
            text="等数据。",
            put_right_by="2023-03-06",
        )
    place.do(
        ministry.officer, "settle_check", id, outcome="extended", text="等数据。", put_right_by="2023-03-20"
    )
    (check,) = seen(ministry, ministry.officer)
    assert (
        not check["is_overdue"] and "2023-03-07 由厅办公室甲延至 2023-03-20（等数据。）" in check["computed"]
    )
    place.do(unit_head(ministry.id), "settle_check", id, outcome="put_right", text="已经面谈。")
    (check,) = seen(ministry, ministry.officer)
    assert [one["outcome"] for one in check["outcomes"]] == ["extended", "put_right"] and check[
        "state"
    ] == "settled"
    with pytest.raises(WrongState):
        place.do(ministry.officer, "settle_check", id, outcome="put_right", text="又一次。")


def test_the_unit_reads_it_and_a_section_what_concerns_it_and_nobody_else(ministry):  # noqa: F811
    place, id = ministry.place, log(ministry, [ministry.budget, ministry.tax])
    law = new_id()
    place.network.tell("unit.recorded.v1", law, "43", name="法规处", short="法规处", kind="government", parent=ministry.desk, active=True)  # fmt: skip
    for who in (ministry.officer, unit_head(ministry.id), unit_clerk(ministry.id)):
        assert [len(check["tasks"]) for check in seen(ministry, who)] == [2]
    assert [[one["unit"]["name"] for one in check["tasks"]] for check in seen(ministry, unit_clerk(ministry.tax))] == [["税政处"]]  # fmt: skip
    settling = {"outcome": "put_right", "text": "已经面谈。"}
    for who in (unit_clerk(ministry.tax), unit_clerk(ministry.id)):
        with pytest.raises(NotAllowed):
            place.do(who, "settle_check", id, **settling)
    for who in (unit_clerk(law), unit_head(place.hr), place.office, place.distributing, liaison("44")):
        assert seen(ministry, who) == []
        with pytest.raises(NotFound):
            place.do(who, "settle_check", id, **settling)


def test_its_events_leave_the_network_by_no_way(ministry):  # noqa: F811
    id = log(ministry, [ministry.budget])
    ministry.place.do(ministry.officer, "settle_check", id, outcome="put_right", text="已经面谈。")
    told = [event["type"] for event in ministry.place.network.published("assignment", id)]
    assert told == ["check.logged.v1", "check.settled.v1"]
    assert all(matches(type, WITHHELD) for type in told)


def test_only_the_units_own_office_logs_and_only_what_is_the_units(ministry):  # noqa: F811
    place = ministry.place
    for who in (unit_clerk(ministry.desk), unit_head(place.hr), place.office, place.distributing):
        with pytest.raises(NotAllowed):
            log(ministry, [ministry.budget], who)
    foreign = place.task(place.assigned(9, lead=place.tax), place.tax)["task"]
    with pytest.raises(Invalid, match="没有找到其中一项任务"):
        log(ministry, [ministry.budget], tasks=[foreign])


@pytest.mark.parametrize(("field", "changed"), [
    ("on", {"on": "2023-02-21", "put_right_by": "2023-03-06"}), ("put_right_by", {"put_right_by": None}),
    ("put_right_by", {"put_right_by": "2023-02-20"}), ("found", {"found": ""}),
])  # fmt: skip
def test_what_was_found_has_its_day(ministry, field, changed):  # noqa: F811
    with pytest.raises(Invalid) as refused:
        log(ministry, [ministry.budget], **changed)
    assert field in refused.value.errors


def test_where_nothing_was_found_nothing_waits(ministry):  # noqa: F811
    log(ministry, [ministry.budget], found="", put_right_by=None)
    assert [check["state"] for check in seen(ministry, ministry.officer)] == ["clear"]
