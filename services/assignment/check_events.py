"""Events of internal checks (内部督查), whose subject is the check's id, and of a unit's progress, whose subject is the unit's. They stay within the unit (`shared.reach.WITHHELD`)."""

from typing import Any

from marshmallow import fields as m

from services.assignment.events import event
from shared.events import Unit

_CHECK = {
    "unit": {"id": "0190a1b2-0000-7000-8000-0000000000c1", "name": "省财政厅"}, "on": "2018-06-29", "scope": "第二季度专项督查",
    "tasks": [
        {
            "task": "0190a1b2-0000-7000-8000-0000000000d1", "suggestion": "0190a1b2-0000-7000-8000-0000000000b1",
            "unit": {"id": "0190a1b2-0000-7000-8000-0000000000c2", "name": "预算处"},
        },
    ],
    "found": "还没有与代表沟通。", "responsible": "预算处经办人甲", "put_right_by": "2018-07-13",
}  # fmt: skip


def _check() -> dict[str, Any]:
    return {
        "unit": m.Nested(Unit, required=True), "on": m.Date(required=True), "scope": m.String(required=True),
        "tasks": m.List(m.Dict(), required=True),  # [{task, suggestion, unit}]
        "found": m.String(required=True),  # empty where nothing was found
        "responsible": m.String(required=True), "put_right_by": m.Date(required=True, allow_none=True),
    }  # fmt: skip


event("check.logged", "A unit's own office looked into how the unit handles what it has.", _CHECK, **_check())
event(
    "check.extended", "What a check found gets more time.", {**_CHECK, "put_right_by": "2018-07-31", "text": "等市里的数据。"},
    **_check(), text=m.String(required=True),
)  # fmt: skip
event(
    "check.settled", "What a check found is put right.", {**_CHECK, "text": "7月10日已与代表面谈。"}, **_check(), text=m.String(required=True),
)  # fmt: skip
event(
    "progress.told", "A unit's leaders and sections are told where the unit stands, as its practice wants it. The subject is the unit.",
    {
        "unit": _CHECK["unit"], "since": "2018-06-01", "until": "2018-07-02", "done": 4, "open": 9, "late": 1, "near": 2,
        "units": ["0190a1b2-0000-7000-8000-0000000000c1", "0190a1b2-0000-7000-8000-0000000000c2"],
    },
    unit=m.Nested(Unit, required=True), since=m.Date(required=True), until=m.Date(required=True), done=m.Integer(required=True),
    open=m.Integer(required=True), late=m.Integer(required=True), near=m.Integer(required=True),
    units=m.List(m.String(), required=True),  # whose people are told
)  # fmt: skip
