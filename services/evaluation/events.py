"""Events of evaluation. The subject is the suggestion's id; of a score's event, the score's own."""

from marshmallow import fields as m

from shared.events import Catalogue, Person, Unit

catalogue = Catalogue("evaluation")
event = catalogue.event

_UNIT = {"id": "0190a1b2-0000-7000-8000-0000000000c1", "name": "国家税务总局湖南省税务局"}
_REPLY = {
    "reply": "0190a1b2-0000-7000-8000-0000000000e1",
    "task": "0190a1b2-0000-7000-8000-0000000000d1",
    "unit": _UNIT,
    "round": 1,
}


def _reply() -> dict:
    return {
        "reply": m.String(required=True),
        "task": m.String(required=True),
        "unit": m.Nested(Unit, required=True),
        "round": m.Integer(required=True),
    }


event(
    "feedback.opened",
    "A reply has reached the deputies: each may judge it now.",
    {
        **_REPLY,
        "deputies": [{"id": "0190a1b2-0000-7000-8000-0000000000a1", "name": "代表甲"}],
        "opened_on": "2023-05-15",
    },
    **_reply(),
    deputies=m.List(m.Nested(Person), required=True),
    opened_on=m.Date(required=True),
)
event(
    "feedback.given",
    "A deputy judged process and result of a reply.",
    {
        **_REPLY,
        "deputy": {"id": "0190a1b2-0000-7000-8000-0000000000a1", "name": "代表甲"},
        "process": "satisfied",
        "result": "unsatisfied",
        "process_comment": "",
        "result_comment": "",
        "given_on": "2023-05-20",
        "complete": True,
    },
    **_reply(),
    deputy=m.Nested(Person, required=True),
    process=m.String(required=True),
    result=m.String(required=True),
    process_comment=m.String(required=True),
    result_comment=m.String(required=True),
    given_on=m.Date(required=True),
    complete=m.Boolean(required=True),  # every deputy who got this reply has now judged it
    late=m.Boolean(load_default=False),  # after the last day: counts in no figure of satisfaction
)
event(
    "dissatisfaction.repeated",
    "A later reply, after rehandling, does not satisfy either. For the congress alone.",
    {**_REPLY, "round": 2, "times": 2, "since": "2023-07-05"},
    **_reply(),
    times=m.Integer(required=True),  # how many replies of this unit did not satisfy somebody
    since=m.Date(required=True),
)
event(
    "rehandling.ordered",
    "The unit has to handle the suggestion again and reply within a month.",
    {**_REPLY, "reason": "……", "ordered_on": "2023-05-26"},
    **_reply(),
    reason=m.String(required=True),
    ordered_on=m.Date(required=True),
)
event(
    "reply.refused",
    "A reply was sent back for being off the point, before anybody judged it: the unit replies anew by a new date.",
    {**_REPLY, "role": "lead", "reason": "答非所问", "refused_on": "2023-05-17", "due_on": "2023-06-15"},
    **_reply(),
    role=m.String(required=True),
    reason=m.String(required=True),
    refused_on=m.Date(required=True),
    due_on=m.Date(required=True),
)
event(
    "suggestion.closed",
    "The suggestion's handling is closed.",
    {
        "closed_on": "2023-07-01",
        "reply_class": "A",
        "note": "",
        "measure": "",
        "names": "named",
        "known_from": "2023-07-01",
    },
    closed_on=m.Date(required=True),
    reply_class=m.String(required=True),
    note=m.String(required=True),
    measure=m.String(load_default=""),  # decided because it did not satisfy again
    names=m.String(load_default="named"),  # may units read who judged how: named, without
    known_from=m.Date(allow_none=True),  # from when on they may know how it was judged; null: never
)
event(
    "suggestion.reopened",
    "A look-back found that what a reply says is not so: the suggestion, though closed, is handled again by its unit. "
    "`round` is the reply's; the next one is to come.",
    {
        **_REPLY, "reason": "窗口没有开设", "reopened_on": "2024-03-01", "due_on": "2024-04-30",
        "lookback": "0190a1b2-0000-7000-8000-0000000000f6",
    },
    **_reply(), reason=m.String(required=True), reopened_on=m.Date(required=True), due_on=m.Date(required=True),
    lookback=m.String(required=True),
)  # fmt: skip
event(
    "suggestion.published",
    "Text, replies and feedback are public, as their publicity allows.",
    {
        "published_on": "2023-07-05",
        "with_feedback": True,
        "judgements": [
            {
                "reply": "0190a1b2-0000-7000-8000-0000000000e1",
                "deputy": "代表甲",
                "process": "satisfied",
                "result": "satisfied",
            }
        ],
    },
    published_on=m.Date(required=True),
    with_feedback=m.Boolean(required=True),
    judgements=m.List(m.Dict()),  # what is public of them; without names where the place says so
)
event(
    "unit.scored",
    "A unit's handling in a year was scored.",
    {
        "unit": _UNIT,
        "year": 2023,
        "points": 96.5,
        "parts": [{"name": "按期答复", "points": 30.0, "most": 30, "because": "3/3"}],
    },
    unit=m.Nested(Unit, required=True),
    year=m.Integer(required=True),
    points=m.Float(required=True),
    parts=m.List(m.Dict(), required=True),
)
event(
    "score.announced",
    "A unit's score of a year was announced: the unit reads it from now on.",
    {"unit": _UNIT, "year": 2023, "points": 96.5, "announced_on": "2023-12-20"},
    unit=m.Nested(Unit, required=True),
    year=m.Integer(required=True),
    points=m.Float(required=True),
    announced_on=m.Date(required=True),
)
event(
    "score.contested",
    "A unit objects to one part of its score.",
    {"unit": _UNIT, "year": 2023, "part": "按期办复", "reason": "……"},
    unit=m.Nested(Unit, required=True),
    year=m.Integer(required=True),
    part=m.String(required=True),
    reason=m.String(required=True),
)
event(
    "contest.decided",
    "The office decided on an objection; `points` are the unit's in all, now.",
    {"unit": _UNIT, "year": 2023, "part": "按期办复", "upheld": True, "points": 99.0, "reason": "……"},
    unit=m.Nested(Unit, required=True),
    year=m.Integer(required=True),
    part=m.String(required=True),
    upheld=m.Boolean(required=True),
    points=m.Float(required=True),
    reason=m.String(required=True),
)
event(
    "unit.commended",
    "A unit was commended for its year.",
    {"unit": _UNIT, "year": 2023, "reason": "……"},
    unit=m.Nested(Unit, required=True),
    year=m.Integer(required=True),
    reason=m.String(required=True),
)
