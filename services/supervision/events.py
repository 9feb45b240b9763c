"""Events of supervision. The subject is the suggestion's id; of an arrangement's event, the arrangement's."""

from typing import Any

from marshmallow import fields as m

from shared.events import Catalogue, Person, Unit

catalogue = Catalogue("supervision")
event = catalogue.event

_UNIT = {"id": "0190a1b2-0000-7000-8000-0000000000c1", "name": "国家税务总局湖南省税务局"}
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
    "A reminder went out: before a deadline, or because it has passed, or by hand.",
    {**_DEADLINE, "days_left": 7, "text": "……"},
    **_deadline(),
    days_left=m.Integer(required=True),
    text=m.String(required=True),
)
event(
    "supervision.logged", "On-site supervision, a symposium or a hearing took place.",
    {"on": "2023-05-12", "method": "on_site", "place": "省税务局", "led_by": "副主任甲", "participants": "", "findings": "……"},
    on=m.Date(required=True), method=m.String(required=True), place=m.String(required=True), led_by=m.String(required=True),
    participants=m.String(required=True), findings=m.String(required=True),
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
