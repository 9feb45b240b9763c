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

_VOICE = {
    "station": _STATION, "deputy": None, "on": "2022-03-15", "category": "城乡建设", "state": "recorded", "system": "12345热线",
    "reference": "2022-000123",
}  # fmt: skip


def _voice() -> dict[str, Any]:
    """Where an opinion stands; never who the voter is. `system` and `reference` are those of the system that handed it in."""
    return {
        "station": m.Nested(Unit, required=True, allow_none=True), "deputy": m.Nested(Person, required=True, allow_none=True),
        "on": m.Date(required=True), "category": m.String(required=True), "state": m.String(required=True),
        "system": m.String(required=True), "reference": m.String(required=True),
    }  # fmt: skip


for _name, _when, _state in (
    ("voice.recorded", "A voter's opinion was recorded at a station, or handed in by another system. The subject is the opinion's id.", "recorded"),
    ("voice.given", "It was given to a station, or to a deputy of one.", "recorded"),
    ("voice.answered", "It was answered.", "answered"),
    ("voice.used", "A deputy used it in a draft.", "used"),
    ("voice.released", "The draft in which it was used was discarded: it waits again.", "recorded"),
):  # fmt: skip
    event(_name, _when, {**_VOICE, "state": _state}, **_voice())
event(
    "voice.told", "The voter was told what became of it, or could not be reached; and said what came of it is worth. Never in whose words.",
    {**_VOICE, "state": "closed", "judgement": "satisfied"}, **_voice(),
    judgement=m.String(load_default=""),  # satisfied, basically, unsatisfied, unreached; empty: not asked
)  # fmt: skip
event(
    "voice.forwarded", "It was passed on to a body of its own level.", {**_VOICE, "state": "passed_on", "to": "市城市管理局"},
    **_voice(), to=m.String(required=True),
)  # fmt: skip
event(
    "voice.concluded", "The suggestion that it went into is closed, or was treated as a letter: the voter is to be told.",
    {**_VOICE, "state": "concluded", "number": "第十七届一次会议第0012号", "reply_class": "A"},
    **_voice(), number=m.String(required=True), reply_class=m.String(required=True),
)  # fmt: skip

_ACTIVITY = {
    "kind": "visiting_month", "title": "三月代表走访月", "on": "2022-03-20", "place": "集里街道", "deputies": [_DEPUTY], "problems": 3,
    "help": 120000, "papers": 1,
}  # fmt: skip


def _activity() -> dict[str, Any]:
    """What came of it; `help` is in yuan."""
    return {
        "kind": m.String(required=True), "title": m.String(required=True), "on": m.Date(required=True), "place": m.String(required=True),
        "deputies": m.List(m.Nested(Person), required=True), "problems": m.Integer(required=True), "help": m.Integer(required=True),
        "papers": m.Integer(required=True),
    }  # fmt: skip


event(
    "activity.logged",
    "An activity of deputies was recorded. The subject is the activity's id.",
    _ACTIVITY,
    **_activity(),
)
event(
    "activity.cancelled", "It was recorded by mistake, and counts no more.", {**_ACTIVITY, "reason": "登记重复。"},
    **_activity(), reason=m.String(required=True),
)  # fmt: skip
