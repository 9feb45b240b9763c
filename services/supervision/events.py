"""Events of supervision. The subject is the suggestion's id; of an arrangement, circular, look-back or year, its own."""

from typing import Any

from marshmallow import fields as m

from shared.events import Catalogue, Person, Unit

catalogue = Catalogue("supervision")
event = catalogue.event

_UNIT = {"id": "0190a1b2-0000-7000-8000-0000000000c1", "name": "国家税务总局湖南省税务局"}
_PERSON = {"id": "0190a1b2-0000-7000-8000-0000000000d1", "name": "代表甲"}
_DEMAND = {
    "demand": "0190a1b2-0000-7000-8000-0000000000f3",
    "unit": _UNIT,
    "text": "打通系统接口",
    "due_on": "2023-06-30",
}
_MEASURE = {"measure": "0190a1b2-0000-7000-8000-0000000000f5", "unit": _UNIT, "rung": "notice"}
_DEADLINE = {
    "deadline": "0190a1b2-0000-7000-8000-0000000000f1",
    "kind": "reply",
    "unit": _UNIT,
    "deputy": None,
    "due_on": "2023-05-22",
}


def _deadline() -> dict[str, Any]:
    return {
        "deadline": m.String(required=True), "kind": m.String(required=True),
        "unit": m.Nested(Unit, required=True, allow_none=True),  # none for deputies' feedback
        "deputy": m.Nested(Person, required=True, allow_none=True),  # of a reminder to judge a reply; else none
        "due_on": m.Date(required=True),
    }  # fmt: skip


def _of_demand() -> dict[str, Any]:
    return {"demand": m.String(required=True), "unit": m.Nested(Unit, required=True)}


def _of_measure() -> dict[str, Any]:
    return {
        "measure": m.String(required=True),
        "unit": m.Nested(Unit, required=True),
        "rung": m.String(required=True),
    }


event(
    "deadline.set",
    "A clock started; says how it was computed.",
    {**_DEADLINE, "explanation": "自2023年2月20日交办之日起3个月……"},
    **_deadline(),
    explanation=m.String(required=True),
)
event(
    "deadline.moved",
    "A running deadline moved: a holiday was announced late, or an extension was granted.",
    {**_DEADLINE, "before": "2023-05-20", "reason": "……"},
    **_deadline(),
    before=m.Date(required=True),
    reason=m.String(required=True),
)
event(
    "deadline.met",
    "What was due has been done.",
    {**_DEADLINE, "done_on": "2023-05-15", "late": False},
    **_deadline(),
    done_on=m.Date(required=True),
    late=m.Boolean(required=True),
)
event(
    "reminder.sent",
    "A reminder went out to a unit: before a deadline, or because it has passed, or by hand. Those to deputies were told by this "
    "name, too, until there was feedback.awaited.",
    {**_DEADLINE, "days_left": 7, "text": "……"},
    **_deadline(),
    days_left=m.Integer(required=True),
    text=m.String(required=True),
)
event(
    "feedback.awaited",
    "A deputy who has not judged a reply yet was reminded, before the last day. For the congress alone.",
    {**_DEADLINE, "kind": "feedback", "unit": None, "deputy": _PERSON, "days_left": 3, "text": "……"},
    **_deadline(),
    days_left=m.Integer(required=True),
    text=m.String(required=True),
)
event(
    "supervision.logged", "On-site supervision, a symposium, a hearing or the like took place; with what deputies said and what units have to do.",
    {
        "on": "2023-05-12", "method": "on_site", "place": "省税务局", "led_by": "副主任甲", "participants": "", "findings": "……",
        "deputies": [_PERSON], "said": "……", "demands": [_DEMAND], "visit": "",
    },
    on=m.Date(required=True), method=m.String(required=True), place=m.String(required=True), led_by=m.String(required=True),
    participants=m.String(required=True), findings=m.String(required=True), deputies=m.List(m.Nested(Person)), said=m.String(),
    demands=m.List(m.Dict()), visit=m.String(),
)  # fmt: skip
event(
    "commitment.recorded", "A promise of a reply is tracked from now on.",
    {"commitment": "0190a1b2-0000-7000-8000-0000000000f2", "unit": _UNIT, "text": "建成联合运维中心", "due_on": "2023-12-31"},
    commitment=m.String(required=True), unit=m.Nested(Unit, required=True), text=m.String(required=True), due_on=m.Date(required=True),
    done_when=m.String(), leader=m.String(),
)  # fmt: skip
event(
    "commitment.kept", "A promise was kept, and the congress has confirmed it (销号).",
    {"commitment": "0190a1b2-0000-7000-8000-0000000000f2", "unit": _UNIT, "evidence": "……", "kept_on": "2023-05-12", "late": False},
    commitment=m.String(required=True), unit=m.Nested(Unit, required=True), evidence=m.String(required=True), kept_on=m.Date(required=True),
    late=m.Boolean(required=True),
)  # fmt: skip
event(
    "commitment.slipped", "A promise got a new date, with an explanation that the congress accepts.",
    {"commitment": "0190a1b2-0000-7000-8000-0000000000f2", "unit": _UNIT, "explanation": "……", "before": "2023-12-31", "due_on": "2024-06-30"},
    commitment=m.String(required=True), unit=m.Nested(Unit, required=True), explanation=m.String(required=True), before=m.Date(required=True),
    due_on=m.Date(required=True),
)  # fmt: skip
event(
    "commitment.withdrawn", "A promise does not stand any more: its reply was sent back, or the congress says why.",
    {"commitment": "0190a1b2-0000-7000-8000-0000000000f2", "unit": _UNIT, "reason": "……"},
    commitment=m.String(required=True), unit=m.Nested(Unit, required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "commitment.progressed", "A unit told how far it has come with a promise.",
    {"commitment": "0190a1b2-0000-7000-8000-0000000000f2", "unit": _UNIT, "text": "已完成招标。"},
    commitment=m.String(required=True), unit=m.Nested(Unit, required=True), text=m.String(required=True),
)  # fmt: skip
event(
    "commitment.reported", "A unit reported a promise as done; the congress has still to confirm it.",
    {"commitment": "0190a1b2-0000-7000-8000-0000000000f2", "unit": _UNIT, "evidence": "……", "kept_on": "2023-05-12"},
    commitment=m.String(required=True), unit=m.Nested(Unit, required=True), evidence=m.String(required=True), kept_on=m.Date(required=True),
)  # fmt: skip
event(
    "keeping.refused", "The congress did not take a promise for done: it runs on.",
    {"commitment": "0190a1b2-0000-7000-8000-0000000000f2", "unit": _UNIT, "reason": "……"},
    commitment=m.String(required=True), unit=m.Nested(Unit, required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "slip.asked", "A unit asked for a later date for a promise; until the congress has decided the old one holds.",
    {"commitment": "0190a1b2-0000-7000-8000-0000000000f2", "unit": _UNIT, "explanation": "……", "before": "2023-12-31", "due_on": "2024-06-30"},
    commitment=m.String(required=True), unit=m.Nested(Unit, required=True), explanation=m.String(required=True), before=m.Date(required=True),
    due_on=m.Date(required=True),
)  # fmt: skip
event(
    "slip.refused", "The congress holds to the date of a promise.",
    {"commitment": "0190a1b2-0000-7000-8000-0000000000f2", "unit": _UNIT, "reason": "……", "due_on": "2023-12-31"},
    commitment=m.String(required=True), unit=m.Nested(Unit, required=True), reason=m.String(required=True), due_on=m.Date(required=True),
)  # fmt: skip
event(
    "arrangement.announced", "A holiday arrangement of the State Council was recorded; running deadlines were recomputed.",
    {"year": 2027, "source": "国办发明电〔2026〕7号", "moved": 12}, year=m.Integer(required=True), source=m.String(required=True), moved=m.Integer(required=True),
)  # fmt: skip
event(
    "supervision.planned", "A day was fixed on which somebody supervises; these deputies are invited to come along.",
    {
        "visit": "0190a1b2-0000-7000-8000-0000000000f4", "on": "2023-05-12", "method": "on_site", "place": "省税务局", "led_by": "副主任甲",
        "deputies": [_PERSON], "units": [_UNIT], "note": "",
    },
    visit=m.String(required=True), on=m.Date(required=True), method=m.String(required=True), place=m.String(required=True),
    led_by=m.String(required=True), deputies=m.List(m.Nested(Person), required=True), units=m.List(m.Nested(Unit), required=True),
    note=m.String(required=True),
)  # fmt: skip
event(
    "supervision.answered", "An invited deputy said whether they come.",
    {"visit": "0190a1b2-0000-7000-8000-0000000000f4", "deputy": _PERSON, "comes": True, "words": ""},
    visit=m.String(required=True), deputy=m.Nested(Person, required=True), comes=m.Boolean(required=True), words=m.String(required=True),
)  # fmt: skip
event(
    "supervision.cancelled", "A planned supervision does not take place.",
    {"visit": "0190a1b2-0000-7000-8000-0000000000f4", "on": "2023-05-12", "reason": "……"},
    visit=m.String(required=True), on=m.Date(required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "instruction.recorded", "A leader wrote an instruction (批示) on it; its units have to carry it out.",
    {"on": "2023-05-13", "leader": "副省长甲", "words": "请抓紧落实。", "demands": [_DEMAND]},
    on=m.Date(required=True), leader=m.String(required=True), words=m.String(required=True), demands=m.List(m.Dict(), required=True),
)  # fmt: skip
event(
    "progress.asked", "Units were asked to report how far they have come.",
    {"text": "请报告系统联调进展。", "demands": [_DEMAND]}, text=m.String(required=True), demands=m.List(m.Dict(), required=True),
)  # fmt: skip
event(
    "progress.reported", "A unit reported how far it has come, asked or of its own accord.",
    {"demand": _DEMAND["demand"], "unit": _UNIT, "text": "接口已打通。", "hindered_by": "", "next_steps": "培训。"},
    **_of_demand(), text=m.String(required=True), hindered_by=m.String(required=True), next_steps=m.String(required=True),
)  # fmt: skip
event(
    "demand.answered", "A unit answered what was demanded of it.",
    {"demand": _DEMAND["demand"], "unit": _UNIT, "text": "已整改。"}, **_of_demand(), text=m.String(required=True),
)  # fmt: skip
event(
    "demand.returned", "An answer was not enough: the unit has a new date.",
    {"demand": _DEMAND["demand"], "unit": _UNIT, "reason": "……", "due_on": "2023-07-31"},
    **_of_demand(), reason=m.String(required=True), due_on=m.Date(required=True),
)  # fmt: skip
event(
    "demand.settled", "What was demanded is done, or not needed any more.",
    {"demand": _DEMAND["demand"], "unit": _UNIT, "note": ""}, **_of_demand(), note=m.String(required=True),
)  # fmt: skip
event(
    "measure.proposed",
    "Somebody, or the system by the ladder, proposed a measure; people decide.",
    _MEASURE,
    **_of_measure(),
)
event(
    "measure.taken", "A measure was taken; the unit has to answer.",
    {**_MEASURE, "text": "……", "document_number": "湘人督〔2023〕1号", "due_on": "2023-06-10"},
    **_of_measure(), text=m.String(required=True), document_number=m.String(required=True), due_on=m.Date(required=True),
)  # fmt: skip
event("measure.declined", "A proposed measure was not taken.", _MEASURE, **_of_measure())
event(
    "measure.answered",
    "The unit answered a measure.",
    {**_MEASURE, "text": "……"},
    **_of_measure(),
    text=m.String(required=True),
)
event(
    "measure.ended",
    "A measure holds no more.",
    {**_MEASURE, "outcome": "……"},
    **_of_measure(),
    outcome=m.String(required=True),
)
event(
    "circular.drawn", "A circular was drawn up; the subject is the circular.", {"title": "关于一季度办理情况的通报", "entries": 12},
    title=m.String(required=True), entries=m.Integer(required=True),
)  # fmt: skip
event(
    "circular.issued", "A circular on the situation of a period went out; the subject is the circular.",
    {
        "title": "关于一季度办理情况的通报", "document_number": "湘人联通报〔2023〕1号", "since": "2023-01-01", "until": "2023-03-31",
        "addressed_to": "各承办单位", "text": "……", "entries": 12,
    },
    title=m.String(required=True), document_number=m.String(required=True), since=m.Date(required=True), until=m.Date(required=True),
    addressed_to=m.String(required=True), text=m.String(required=True), entries=m.Integer(required=True),
)  # fmt: skip
event(
    "coordination.logged", "A party logged what was coordinated with others, and who does what by when; the subject is the coordination.",
    {
        "on": "2023-04-06", "title": "社保费信息系统联合运维", "parties": ["sponsors", "distributing"], "units": [_UNIT],
        "suggestions": ["0190a1b2-0000-7000-8000-0000000000b1"], "agreed": "三家单位派人集中办公。",
        "shares": [{"who": "省税务局", "what": "牵头成立联合运维中心", "due_on": "2023-05-12"}],
    },
    on=m.Date(required=True), title=m.String(required=True), parties=m.List(m.String(), required=True),
    units=m.List(m.Nested(Unit), required=True), suggestions=m.List(m.String(), required=True), agreed=m.String(required=True),
    shares=m.List(m.Dict(), required=True),
)  # fmt: skip
event(
    "share.finished", "What one took over in a coordination is done; the subject is the coordination. `share`: which of them, from 1.",
    {
        "title": "社保费信息系统联合运维", "share": 1, "who": "省税务局", "what": "牵头成立联合运维中心", "due_on": "2023-05-12",
        "done_on": "2023-05-10", "came_of_it": "中心已挂牌运行。",
    },
    title=m.String(required=True), share=m.Integer(required=True), who=m.String(required=True), what=m.String(required=True),
    due_on=m.Date(required=True, allow_none=True), done_on=m.Date(required=True), came_of_it=m.String(required=True),
)  # fmt: skip
event(
    "column.released", "The congress released an issue of the media's column: how some suggestions stand that day; the subject is the issue.",
    {
        "title": "代表建议办理进行时", "note": "", "released_on": "2023-04-20",
        "items": [
            {
                "suggestion": "0190a1b2-0000-7000-8000-0000000000b1", "title": "关于联合运维的建议", "unit": "省税务局", "category": "社会保障",
                "assigned_on": "2023-02-20", "stage": "办理中", "is_public": False,
            }
        ],
    },
    title=m.String(required=True), note=m.String(required=True), released_on=m.Date(required=True), items=m.List(m.Dict(), required=True),
)  # fmt: skip
event(
    "column.withdrawn", "An issue of the media's column is shown no more.", {"title": "代表建议办理进行时", "reason": "有误。"},
    title=m.String(required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "lookback.drawn", "A sample was drawn to look back at (回头看); the subject is the look-back.",
    {"name": "2022年回头看", "seed": "0190a1b2-0000-7000-8000-0000000000f6", "of": 120, "drawn": 14},
    name=m.String(required=True), seed=m.String(required=True), of=m.Integer(required=True), drawn=m.Integer(required=True),
)  # fmt: skip
event(
    "lookback.found", "A suggestion that was called solved was looked at again.",
    {
        "lookback": "0190a1b2-0000-7000-8000-0000000000f6", "unit": _UNIT, "finding": "not_true", "words": "窗口没有开设。", "on": "2023-09-05",
        "demand": _DEMAND["demand"], "due_on": "2023-10-31",
    },
    lookback=m.String(required=True), unit=m.Nested(Unit, required=True), finding=m.String(required=True), words=m.String(required=True),
    on=m.Date(required=True), demand=m.String(required=True), due_on=m.String(required=True),
)  # fmt: skip
event(
    "lookback.ended", "A look-back has ended; how many were found so, partly so and not so.",
    {"summary": "……", "found": {"true": 12, "partly": 1, "not_true": 1}},
    summary=m.String(required=True), found=m.Dict(required=True),
)  # fmt: skip

_ENTRY = {
    "entry": "meeting", "what": "代表建议交办会", "change": "moved", "since": "2023-02-23", "until": "2023-02-23", "before_since": "2023-02-20",
    "before_until": "2023-02-20",
}  # fmt: skip
event(
    "year.drawn", "The calendar of a congress's year was drawn up; the subject is the calendar.",
    {"year": 2023, "entries": [{**_ENTRY, "change": "added"}]}, year=m.Integer(required=True), entries=m.List(m.Dict(), required=True),
)  # fmt: skip
event(
    "year.changed",
    "Entries of the year changed: the office changed them (added, moved, removed, released, finished), or they followed the session, "
    "the holidays, the meeting or the settings (moved, changed, added, dropped).",
    {"year": 2023, "reason": "会议日期有变动", "entries": [_ENTRY]},
    year=m.Integer(required=True), reason=m.String(required=True), entries=m.List(m.Dict(), required=True),
)  # fmt: skip

event(
    "year.reminded", "A duty of the year begins in some days; told once. `who`: whom of the congress it concerns.",
    {"year": 2023, "entry": "hearing", "what": "听取办理情况报告", "since": "2023-11-01", "until": "2023-11-30", "who": ["liaison", "unit"]},
    year=m.Integer(required=True), entry=m.String(required=True), what=m.String(required=True), since=m.Date(required=True),
    until=m.Date(required=True), who=m.List(m.String(), required=True),
)  # fmt: skip

_HEARING = {"title": "听取和审议代表建议办理情况的报告", "body": "standing_committee", "on": "2023-11-28"}
_OPINION = {"demand": _DEMAND["demand"], "unit": _UNIT}


def _of_hearing() -> dict[str, Any]:
    return {"title": m.String(required=True), "body": m.String(required=True), "on": m.Date(required=True)}


event(
    "hearing.planned", "A body is to hear how suggestions were handled; the subject is the hearing.",
    {**_HEARING, "units": [_UNIT], "reports_due_on": "2023-11-20"}, **_of_hearing(), units=m.List(m.Nested(Unit), required=True),
    reports_due_on=m.String(required=True),
)  # fmt: skip
event(
    "hearing.changed", "A hearing got another day.", {**_HEARING, "before": "2023-11-21", "reason": "……"}, **_of_hearing(),
    before=m.Date(required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "hearing.cancelled",
    "A planned hearing does not take place.",
    {**_HEARING, "reason": "……"},
    **_of_hearing(),
    reason=m.String(required=True),
)
event(
    "hearing.informed",
    "A unit handed in its report for a hearing.",
    {"unit": _UNIT},
    unit=m.Nested(Unit, required=True),
)
event(
    "hearing.held", "A body heard and deliberated; its opinions are demands to units.", {**_HEARING, "minutes": "……", "opinions": [_DEMAND]},
    **_of_hearing(), minutes=m.String(required=True), opinions=m.List(m.Dict(), required=True),
)  # fmt: skip
event(
    "hearing.answered",
    "A unit told how it carried out an opinion of a hearing.",
    {**_OPINION, "text": "……"},
    **_of_demand(),
    text=m.String(required=True),
)
event(
    "hearing.returned", "A unit has to carry out an opinion anew, by a new date.", {**_OPINION, "reason": "……", "due_on": "2024-03-31"},
    **_of_demand(), reason=m.String(required=True), due_on=m.Date(required=True),
)  # fmt: skip
event(
    "hearing.settled",
    "An opinion of a hearing was carried out, or is not needed any more.",
    {**_OPINION, "note": ""},
    **_of_demand(),
    note=m.String(required=True),
)
event(
    "hearing.reported", "How the opinions of a hearing were carried out was reported to the body.",
    {**_HEARING, "outcome": "……", "reported_on": "2024-03-28"}, **_of_hearing(), outcome=m.String(required=True), reported_on=m.Date(required=True),
)  # fmt: skip
event(
    "sweep.scheduled", "A round of regular supervision was laid down; the subject is the round.",
    {
        "name": "三季度定期督办", "form": "sweep", "scope": "waiting", "every": "quarter", "led_by": "联工委", "since": "2023-09-01",
        "until": "2023-09-30",
    },
    name=m.String(required=True), form=m.String(required=True), scope=m.String(required=True), every=m.String(required=True),
    led_by=m.String(required=True), since=m.Date(required=True), until=m.Date(required=True),
)  # fmt: skip
event(
    "sweep.noted", "A suggestion was looked at in a round; `supervision.logged` of the suggestion says the same.",
    {"suggestion": "0190a1b2-0000-7000-8000-0000000000a1", "words": "……", "demands": [_DEMAND["demand"]]},
    suggestion=m.String(required=True), words=m.String(required=True), demands=m.List(m.String(), required=True),
)  # fmt: skip
event(
    "sweep.ended",
    "A round has ended.",
    {"summary": "……", "looked_at": 12},
    summary=m.String(required=True),
    looked_at=m.Integer(required=True),
)
event("sweep.cancelled", "A round does not take place.", {"reason": "……"}, reason=m.String(required=True))
