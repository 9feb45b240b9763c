"""Events of intake about stations and how deputies meet voters. The subject is the station's, the reception's or the visit's id."""

from typing import Any

from marshmallow import fields as m

from services.intake.events import event
from shared.events import Person, Unit

_STATION = {"id": "0190a1b2-0000-7000-8000-0000000000f1", "name": "集里街道人大代表联络站"}
_DEPUTY = {"id": "0190a1b2-0000-7000-8000-0000000000a1", "name": "代表甲"}
_DAY = {"station": _STATION, "deputy": _DEPUTY, "on": "2022-03-15"}


def _day() -> dict[str, Any]:
    return {
        "station": m.Nested(Unit, required=True), "deputy": m.Nested(Person, required=True), "on": m.Date(required=True),
    }  # fmt: skip


event(
    "station.recorded", "A station of deputies was registered, changed, checked or closed, or other deputies work there.",
    {
        "name": _STATION["name"], "address": "集里街道某路1号", "head": "站长甲", "phone": "0731-0", "hours": "每月15日上午",
        "open": True, "standard_met": 5, "standard_points": 6, "deputies": [_DEPUTY], "reason": "编入代表。代表甲",
    },
    name=m.String(required=True), address=m.String(required=True), head=m.String(required=True), phone=m.String(required=True),
    hours=m.String(required=True), open=m.Boolean(required=True), standard_met=m.Integer(required=True),
    standard_points=m.Integer(required=True), deputies=m.List(m.Nested(Person), required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "reception.planned", "A day was planned on which a deputy receives voters at a station.", {**_DAY, "hours": "上午9时至11时"},
    **_day(), hours=m.String(required=True),
)  # fmt: skip
event(
    "reception.logged", "A deputy received voters at a station.", {**_DAY, "people": 12}, **_day(), people=m.Integer(required=True),
)  # fmt: skip
event(
    "visit.logged", "A deputy of a station visited people.", {**_DAY, "people": 31}, **_day(), people=m.Integer(required=True),
)  # fmt: skip
for _name, _what in (("reception", "A reception day was given up, or its record was wrong."), ("visit", "The record of a visit was wrong.")):  # fmt: skip
    event(
        f"{_name}.cancelled", _what, {**_DAY, "people": 0, "held": False, "reason": "代表出差。"},
        **_day(), people=m.Integer(required=True), held=m.Boolean(required=True), reason=m.String(required=True),
    )  # fmt: skip
event(
    "duty.due", "A deputy of a station has not yet done what the place asks for in this month or year. The subject is the station.",
    {
        "station": _STATION, "deputy": _DEPUTY, "period": "2022-04", "due_on": "2022-04-30",
        "text": "每月至少接待1天（4月1日至4月30日），已接待0天",
    },
    station=m.Nested(Unit, required=True), deputy=m.Nested(Person, required=True), period=m.String(required=True),
    due_on=m.Date(required=True), text=m.String(required=True),
)  # fmt: skip
