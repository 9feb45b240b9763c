"""Events of evaluation. The subject is the suggestion's id; of a score's event, the score's own."""

from marshmallow import fields as m

from shared.events import Catalogue, Person, Unit

catalogue = Catalogue("evaluation")
event = catalogue.event

_UNIT = {"id": "0190a1b2-0000-7000-8000-0000000000c1", "name": "国家税务总局湖南省税务局"}
_DEPUTY = {"id": "0190a1b2-0000-7000-8000-0000000000a1", "name": "代表甲"}
_SUGGESTION = "0190a1b2-0000-7000-8000-000000000001"
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
    # The first word against this reply: how many replies of the unit did not satisfy somebody, with this one. Else 0.
    unsatisfied_rounds=m.Integer(load_default=0),
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
    "supplement.judged",
    "A deputy said whether all that a reply promised is done, as its unit had answered. For the congress alone.",
    {
        **_REPLY, "supplement": "0190a1b2-0000-7000-8000-0000000000f5", "deputy": _DEPUTY, "kept": "not_kept", "words": "中心还没有挂牌。",
        "judged_on": "2024-01-20",
    },
    **_reply(), supplement=m.String(required=True), deputy=m.Nested(Person, required=True),
    kept=m.String(required=True),  # kept, partly, not_kept
    words=m.String(required=True), judged_on=m.Date(required=True),
)  # fmt: skip
event(
    "doubt.answered",
    "The office answered a deputy who had said that a promise called kept is not. For the congress and that deputy.",
    {
        **_REPLY, "supplement": "0190a1b2-0000-7000-8000-0000000000f5", "deputy": _DEPUTY, "text": "已实地核实，中心三月挂牌。",
        "answered_on": "2024-01-25",
    },
    **_reply(), supplement=m.String(required=True), deputy=m.Nested(Person, required=True), text=m.String(required=True),
    answered_on=m.Date(required=True),
)  # fmt: skip
event(
    "feedback.flagged",
    "Something looks strange about forms that deputies gave. The subject is the flag's id; again for each further form. "
    "Changes no judgement. For the congress alone.",
    {
        "kind": "same_words",
        "because": "3 位代表写的意见一字不差",
        "forms": [
            {
                "suggestion": "0190a1b2-0000-7000-8000-000000000001",
                "reply": _REPLY["reply"],
                "deputy": "0190a1b2-0000-7000-8000-0000000000a1",
            }
        ],
    },
    kind=m.String(required=True),
    because=m.String(required=True),
    forms=m.List(m.Dict(), required=True),
)
event(
    "flag.settled",
    "Somebody of the congress looked into a strange pattern, and says what came of it. For the congress alone.",
    {"kind": "same_words", "outcome": "normal", "reason": "同一代表小组一起讨论过。"},
    kind=m.String(required=True),
    outcome=m.String(required=True),
    reason=m.String(required=True),
)
event(
    "appraisal.drawn",
    "Deputies were invited to appraise units on a day. The subject is the appraisal's id.",
    {
        "name": "2023年度代表评议", "on": "2023-11-20", "units": [_UNIT], "deputies": [_DEPUTY], "questions": ["办理态度"],
    },
    name=m.String(required=True), on=m.Date(required=True), units=m.List(m.Nested(Unit), required=True),
    deputies=m.List(m.Nested(Person), required=True), questions=m.List(m.String(), required=True),
)  # fmt: skip
event(
    "ballot.cast",
    "An invited deputy cast the ballot, one of `of`. Who, and never what. For the congress alone.",
    {"deputy": _DEPUTY, "of": 60}, deputy=m.Nested(Person, required=True), of=m.Integer(required=True),
)  # fmt: skip
event(
    "appraisal.closed", "No more ballots are taken.", {"ballots": 58, "of": 60},
    ballots=m.Integer(required=True), of=m.Integer(required=True),
)  # fmt: skip
event(
    "appraisal.cancelled",
    "The appraisal does not take place.",
    {"reason": "……"},
    reason=m.String(required=True),
)
event(
    "appraisal.announced",
    "Units read their results. `marks`: by question, how many marked it how. Of fewer than three ballots nothing is told.",
    {
        "name": "2023年度代表评议", "questions": ["办理态度"],
        "results": [{"unit": _UNIT, "ballots": 58, "marks": [{"satisfied": 50, "basically": 8}]}],
    },
    name=m.String(required=True), questions=m.List(m.String(), required=True), results=m.List(m.Dict(), required=True),
)  # fmt: skip
event(
    "rectification.demanded",
    "A unit has to put right what deputies said in an appraisal. `demand` is the id under which supervision follows it.",
    {
        "demand": "0190a1b2-0000-7000-8000-0000000000f3", "appraisal": "2023年度代表评议", "unit": _UNIT, "text": "……",
        "due_on": "2023-12-20",
    },
    demand=m.String(required=True), appraisal=m.String(required=True), unit=m.Nested(Unit, required=True),
    text=m.String(required=True), due_on=m.Date(required=True),
)  # fmt: skip
event(
    "award.opened",
    "A congress began to choose the excellent suggestions of a year. The subject is the award's id.",
    {"year": 2023, "number": 10, "decided_by": "meeting"},
    year=m.Integer(required=True), number=m.Integer(required=True), decided_by=m.String(required=True),
)  # fmt: skip
event(
    "nomination.made",
    "A suggestion was nominated as an excellent one.",
    {"year": 2023, "suggestion": _SUGGESTION, "title": "……", "reason": "……"},
    year=m.Integer(required=True), suggestion=m.String(required=True), title=m.String(required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "vote.cast", "A deputy voted on the excellent suggestions. Who, and not what.", {"deputy": _DEPUTY},
    deputy=m.Nested(Person, required=True),
)  # fmt: skip
event(
    "award.decided",
    "It is on record which suggestions were chosen.",
    {"year": 2023, "on": "2023-12-20", "chosen": [_SUGGESTION]},
    year=m.Integer(required=True), on=m.Date(required=True), chosen=m.List(m.String(), required=True),
)  # fmt: skip
event(
    "award.announced",
    "The excellent suggestions of a year were announced; each tells suggestion.honoured.",
    {"year": 2023, "name": "2023年度优秀建议", "suggestions": [{"suggestion": _SUGGESTION, "title": "……", "lead": _DEPUTY}]},
    year=m.Integer(required=True), name=m.String(required=True), suggestions=m.List(m.Dict(), required=True),
)  # fmt: skip
event(
    "suggestion.honoured", "It is one of the excellent suggestions of a year.", {"name": "2023年度优秀建议", "year": 2023},
    name=m.String(required=True), year=m.Integer(required=True),
)  # fmt: skip
event(
    "experience.shared",
    "The author told how an excellent suggestion was written. The newest text counts.",
    {"name": "2023年度优秀建议", "year": 2023, "text": "……"},
    name=m.String(required=True), year=m.Integer(required=True), text=m.String(required=True),
)  # fmt: skip
event(
    "figures.told",
    "A congress's own figures of a year as they are now, without those below it: the congresses above sum them up. The newest "
    "counts; the subject stands for congress and year.",
    {"year": 2023, "figures": [{"figure": "on_time", "numerator": 30, "denominator": 31}]},
    year=m.Integer(required=True), figures=m.List(m.Dict(), required=True),
)  # fmt: skip
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
    means=m.String(),  # what the class means: solved, promised, impossible, reference
    measure=m.String(load_default=""),  # decided because it did not satisfy
    measures=m.List(
        m.String(), load_default=list
    ),  # ids of the measures that were taken because it did not satisfy
    names=m.String(load_default="named"),  # may units read who judged how: named, without
    known_from=m.Date(allow_none=True),  # from when on they may know how it was judged; null: never
)
event(
    "suggestion.reopened",
    "A look-back found, or a deputy said of a promise, that what a reply says is not so: the suggestion, though closed, is handled "
    "again by its unit. `round` is the reply's; the next one is to come. `lookback` is empty where none was the reason.",
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
    {
        "unit": _UNIT,
        "year": 2023,
        "points": 96.5,
        "announced_on": "2023-12-20",
        "kind": "government",
        "rank": 2,
        "ranked": 9,
        "is_last": False,
    },
    unit=m.Nested(Unit, required=True),
    year=m.Integer(required=True),
    points=m.Float(required=True),
    announced_on=m.Date(required=True),
    kind=m.String(),  # among which units it was ranked, its rank, and of how many
    rank=m.Integer(),
    ranked=m.Integer(),
    is_last=m.Boolean(),
)
for _name, _when in (
    ("unit.graded", "A distributing office graded a unit of its system for a year; nobody else knows yet. The subject is the grade's id."),
    ("grade.announced", "A distributing office announced its grade of a unit: the unit reads it from now on."),
):  # fmt: skip
    event(
        _name, _when,
        {"office": _UNIT, "unit": _UNIT, "year": 2023, "grade": "excellent", "reason": "……", "follows": "通报表扬"},
        office=m.Nested(Unit, required=True),  # without id where it distributes for the whole congress
        unit=m.Nested(Unit, required=True), year=m.Integer(required=True), grade=m.String(required=True), reason=m.String(required=True),
        follows=m.String(required=True),
    )  # fmt: skip
for _name, _when, _more in (
    ("grade.contested", "The head of a unit objects to its grade; `because` says why.", {}),
    ("grade.decided", "The office decided on an objection to a grade; `grade` is the one that holds now, `because` says why.", {"upheld": True}),
):  # fmt: skip
    event(
        _name, _when,
        {"office": _UNIT, "unit": _UNIT, "year": 2023, "grade": "good", "reason": "……", "follows": "", "because": "……", **_more},
        office=m.Nested(Unit, required=True), unit=m.Nested(Unit, required=True), year=m.Integer(required=True),
        grade=m.String(required=True), reason=m.String(required=True), follows=m.String(required=True), because=m.String(required=True),
        **({"upheld": m.Boolean(required=True)} if _more else {}),
    )  # fmt: skip
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
