"""Events of assignment. The subject is the suggestion's id; of a batch's events, the batch's."""

from typing import Any

from marshmallow import fields as m

from shared.events import Catalogue, Person, Unit

catalogue = Catalogue("assignment")
event = catalogue.event

_UNIT = {"id": "0190a1b2-0000-7000-8000-0000000000c1", "name": "国家税务总局湖南省税务局"}
_TASK = {"task": "0190a1b2-0000-7000-8000-0000000000d1", "unit": _UNIT, "role": "lead"}


def _task() -> dict[str, Any]:
    return {
        "task": m.String(required=True), "unit": m.Nested(Unit, required=True),
        "role": m.String(required=True),  # lead, joint or separate; part, of a task that was handed on within a system
        "parent": m.String(),  # of a part: the task of which it is one
    }  # fmt: skip


_FILE = {
    "attachment": "0190a1b2-0000-7000-8000-0000000000f9", "name": "管网改造计划.pdf", "type": "pdf", "size": 183204,
    "checksum": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "public": True,
}  # fmt: skip


def _file() -> dict[str, Any]:
    return {
        "attachment": m.String(required=True), "name": m.String(required=True), "type": m.String(required=True),
        "size": m.Integer(required=True), "checksum": m.String(required=True),  # SHA-256
        "public": m.Boolean(required=True),  # published where the reply is
    }  # fmt: skip


event(
    "batch.drawn",
    "A batch for an assignment meeting was drawn up.",
    {"name": "交办会", "meeting_on": "2023-02-20"},
    name=m.String(required=True),
    meeting_on=m.Date(required=True),
)
_LISTED = {
    "name": "交办会",
    "suggestion": "0190a1b2-0000-7000-8000-0000000000b1",
    "number": "第十四届一次会议第0123号",
    "title": "……",
}


def _listed() -> dict[str, Any]:
    return {name: m.String(required=True) for name in _LISTED}


event(
    "batch.listed", "A suggestion was put into a batch with its units, or these were changed.",
    {**_LISTED, "lead": [_UNIT], "joint": [], "separate": []}, **_listed(),
    **{role: m.List(m.Nested(Unit), required=True) for role in ("lead", "joint", "separate")},
)  # fmt: skip
event("batch.unlisted", "A suggestion was taken out of a batch before it was issued.", _LISTED, **_listed())
event(
    "batch.moved", "The assignment meeting of a batch is held on another day.",
    {"name": "交办会", "meeting_on": "2023-02-27", "before": "2023-02-20", "reason": "与其他会议冲突。"},
    name=m.String(required=True), meeting_on=m.Date(required=True), before=m.Date(required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "batch.discarded", "No meeting is held with this batch; its suggestions wait to be assigned otherwise.",
    {"name": "交办会", "meeting_on": "2023-02-20", "count": 12, "reason": "并入下一次交办会。"},
    name=m.String(required=True), meeting_on=m.Date(required=True), count=m.Integer(required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "batch.issued",
    "A batch was issued at its meeting.",
    {"name": "交办会", "count": 120, "requirements": "三个月内答复，件件面商。"},
    name=m.String(required=True),
    count=m.Integer(required=True),
    requirements=m.String(),
)
event(
    "meeting.prepared",
    "The agenda of a batch's meeting was laid down or changed, with what is asked of the units.",
    {
        "name": "交办会", "meeting_on": "2023-02-20", "requirements": "三个月内答复，件件面商。",
        "agenda": [{"item": "通报代表建议提出和交办情况", "who": "联工委", "material": "情况报告"}],
    },
    name=m.String(required=True), meeting_on=m.Date(required=True), agenda=m.List(m.Dict(), required=True),
    requirements=m.String(required=True),
)  # fmt: skip
event(
    "meeting.arranged",
    "What a batch's meeting arranges for one suggestion alone was laid down, changed or, with an empty text, taken back.",
    {
        "name": "交办会", "suggestion": "0190a1b2-7c3d-7000-8000-000000000001", "number": "第十四届一次会议第0123号",
        "title": "关于建立联合运维工作机制的建议", "arrangement": "由常务副省长牵头，两个月内面商。",
    },
    name=m.String(required=True), suggestion=m.String(required=True), number=m.String(required=True), title=m.String(required=True),
    arrangement=m.String(required=True),
)  # fmt: skip
event(
    "meeting.held",
    "It was recorded who came to a batch's meeting and what was said; again when that was added to.",
    {
        "name": "交办会", "meeting_on": "2023-02-20", "invited": 120, "came": 118, "minutes": "……",
        "speeches": [{"unit": "国家税务总局湖南省税务局", "how": "spoken", "text": "……"}],
    },
    name=m.String(required=True), meeting_on=m.Date(required=True), invited=m.Integer(required=True),
    came=m.Integer(required=True), minutes=m.String(required=True), speeches=m.List(m.Dict(), required=True),
)  # fmt: skip
event(
    "unit.consulted",
    "A unit was asked in advance whether it will take a suggestion that waits to be assigned.",
    {"unit": _UNIT, "asked_on": "2023-02-10", "answer_by": "2023-02-15"},
    unit=m.Nested(Unit, required=True), asked_on=m.Date(required=True), answer_by=m.Date(required=True, allow_none=True),
    desk=m.String(),  # id of the unit's own office, which is asked with it
)  # fmt: skip
event(
    "consultation.answered",
    "A unit that was asked in advance answered, or answered otherwise than before.",
    {"unit": _UNIT, "agrees": False, "words": "属于省人社厅职责", "answered_on": "2023-02-13"},
    unit=m.Nested(Unit, required=True), agrees=m.Boolean(required=True), words=m.String(required=True),
    answered_on=m.Date(required=True),
)  # fmt: skip
event(
    "suggestion.assigned", "Units received the suggestion; clocks start. Again when the units changed after a return.",
    {
        "number": "第十四届一次会议第0123号", "title": "……", "category": "社会保障", "assigned_on": "2023-02-20", "batch": "",
        "deputies": [{"id": "0190a1b2-0000-7000-8000-0000000000a1", "name": "代表甲"}],
        "tasks": [{**_TASK, "assigned_on": "2023-02-20"}],
    },
    number=m.String(required=True), title=m.String(required=True), category=m.String(required=True),
    assigned_on=m.Date(required=True), batch=m.String(required=True), deputies=m.List(m.Nested(Person), required=True),
    # [{task, unit {id, name}, role, assigned_on}]: all that units have now, replied or not. One that was listed before
    # and is missing has been returned, or its joint unit has become the lead unit.
    # `desk`: the office that hands out what the unit is given, where that is not the unit itself; `offices`: those of its
    # system, which watch over it; `clock_from`: the first assignment, from which the reply's clock goes on after a return.
    # Each only where there is one.
    tasks=m.List(m.Dict(), required=True),
    # As the tasks, with parent and due_on: what units handed on within their systems, as in task.distributed.
    parts=m.List(m.Dict()),
)  # fmt: skip
event(
    "task.distributed",
    "An office handed on parts of its unit's task to units below it; again when these changed. No part is replied to.",
    {
        **_TASK, "note": "请提出意见", "tasks": [{**_TASK, "assigned_on": "2023-02-20"}],
        "parts": [
            {
                "task": "0190a1b2-0000-7000-8000-0000000000d3", "parent": _TASK["task"], "role": "part",
                "unit": {"id": "0190a1b2-0000-7000-8000-0000000000c3", "name": "市税务局"}, "assigned_on": "2023-02-23",
                "due_on": "2023-03-20", "offices": [_UNIT["id"]],
            }
        ],
    },
    **_task(), note=m.String(required=True),
    # All that the suggestion's units have now, as in suggestion.assigned: a part that was listed before and is missing is over.
    tasks=m.List(m.Dict(), required=True), parts=m.List(m.Dict()),
)  # fmt: skip
event(
    "part.submitted",
    "A part's unit handed in what it found or drafted, to the unit that had handed it on.",
    {**_TASK, "role": "part", "parent": "0190a1b2-0000-7000-8000-0000000000d2", "text": "……", "submitted_on": "2023-03-18"},
    **_task(), text=m.String(required=True), submitted_on=m.Date(required=True),
    rank=m.String(),  # of who wrote it, of shared.terms.RANKS; absent where nobody said so
)  # fmt: skip
event(
    "part.reopened",
    "What a part's unit had handed in was sent back: it is to be handed in anew.",
    {**_TASK, "role": "part", "parent": "0190a1b2-0000-7000-8000-0000000000d2", "reason": "请补充时限", "reopened_on": "2023-03-20"},
    **_task(), reason=m.String(required=True), reopened_on=m.Date(required=True),
)  # fmt: skip
event(
    "task.signed",
    "A unit signed for its task.",
    {**_TASK, "signed_on": "2023-02-22"},
    **_task(),
    signed_on=m.Date(required=True),
)
event(
    "return.requested", "A unit asked to return its task.",
    {**_TASK, "reason": "不属于我局职责", "proposed_unit": None, "requested_on": "2023-02-24"},
    **_task(), reason=m.String(required=True), proposed_unit=m.Nested(Unit, required=True, allow_none=True), requested_on=m.Date(required=True),
)  # fmt: skip
event(
    "return.approved", "The return was approved; suggestion.assigned tells the new units.",
    {**_TASK, "reason": "同意", "new_unit": _UNIT, "new_task": "0190a1b2-0000-7000-8000-0000000000d2", "days_spent": 9},
    **_task(), reason=m.String(required=True), new_unit=m.Nested(Unit, required=True, allow_none=True), new_task=m.String(required=True),
    days_spent=m.Integer(),  # by this unit and those before it, since the first assignment
)  # fmt: skip
event(
    "return.refused",
    "The return was refused: the unit keeps the task.",
    {**_TASK, "reason": "属于你单位职责"},
    **_task(),
    reason=m.String(required=True),
)
event(
    "plan.made", "A unit laid down handler, plan and dates (三定), or changed them.",
    {
        **_TASK, "handler": "经办人甲", "plan": "……", "reply_by": "2023-05-10", "leader": "副局长甲", "sections": "征管处、社保处",
        "expected_result": "建成联合运维中心", "quality": "群众不再跑两次",
        "steps": [{"what": "到现场调研", "due_on": "2023-03-20"}],
    },
    **_task(), handler=m.String(required=True), plan=m.String(required=True), reply_by=m.Date(required=True, allow_none=True),
    leader=m.String(), sections=m.String(), expected_result=m.String(), quality=m.String(), steps=m.List(m.Dict()),
)  # fmt: skip
event(
    "plan.agreed",
    "The lead deputy agrees with the unit's plan.",
    {**_TASK, "reason": ""},
    **_task(),
    reason=m.String(required=True),
)
event(
    "plan.declined",
    "The lead deputy does not agree with the unit's plan, and says why.",
    {**_TASK, "reason": "没有写明完成期限"},
    **_task(),
    reason=m.String(required=True),
)
event(
    "steps.fixed", "The steps that a task has to go through, all of them: when the unit signed for it, and when its plan changed. With `after_reply` a step is still to be done when the suggestion is closed.",
    {
        **_TASK, "fixed_on": "2023-02-22",
        "steps": [{"step": "0190a1b2-0000-7000-8000-0000000000f1", "name": "办前走访", "who": "unit", "due_on": "2023-03-04"}],
    },
    **_task(), fixed_on=m.Date(required=True), steps=m.List(m.Dict(), required=True),
)  # fmt: skip
event(
    "step.completed", "A step of a task was completed, by hand or because what it asks for came on record.",
    {**_TASK, "step": "0190a1b2-0000-7000-8000-0000000000f1", "name": "办前走访", "done_on": "2023-03-01", "note": ""},
    **_task(), step=m.String(required=True), name=m.String(required=True), done_on=m.Date(required=True), note=m.String(required=True),
)  # fmt: skip
event(
    "contact.logged", "A contact with deputies was logged. `rank` is of who led it for the unit.",
    {
        **_TASK, "phase": "during", "method": "visit", "face_to_face": True, "on": "2023-03-15", "deputies": [], "notes": "……",
        "contact": "0190a1b2-0000-7000-8000-0000000000f2", "led_by": "副局长甲", "rank": "deputy_head",
    },
    **_task(), phase=m.String(required=True), method=m.String(required=True), face_to_face=m.Boolean(required=True),
    on=m.Date(required=True), deputies=m.List(m.Nested(Person), required=True), notes=m.String(required=True),
    answering_unit=m.Nested(Unit),  # of a contact by a part's unit: who answers for the whole
    contact=m.String(), led_by=m.String(), rank=m.String(), helped_by=m.String(),
)  # fmt: skip
event(
    "contact.confirmed", "A deputy confirmed that a contact was as it is on record, or said what was not so.",
    {
        **_TASK, "contact": "0190a1b2-0000-7000-8000-0000000000f2", "agrees": True, "reason": "",
        "deputy": {"id": "0190a1b2-0000-7000-8000-0000000000a1", "name": "代表甲"},
    },
    **_task(), contact=m.String(required=True), agrees=m.Boolean(required=True), reason=m.String(required=True),
    deputy=m.Nested(Person, required=True),
)  # fmt: skip
event(
    "opinion.given",
    "A joint unit gave the lead unit its written opinion.",
    {**_TASK, "text": "……", "given_on": "2023-03-18"},
    **_task(),
    text=m.String(required=True),
    given_on=m.Date(required=True),
)
event(
    "reply.drafted",
    "A reply was drafted or changed; its text stays in the unit.",
    {**_TASK, "round": 1, "rank": "section_head"},
    **_task(),
    round=m.Integer(required=True),
    rank=m.String(),  # of who wrote it, where that was said
)
event(
    "file.attached", "A file was attached to the reply that a unit prepares; who may read the draft may read it.",
    {**_TASK, **_FILE}, **_task(), **_file(),
)  # fmt: skip
event(
    "file.removed", "A file was taken off again before the reply went out.", {**_TASK, **_FILE}, **_task(), **_file(),
)  # fmt: skip
event(
    "reply.approved", "A step of approval agreed to the draft: the unit's head, or as the place has laid down; `step` of `of`.",
    {**_TASK, "round": 1, "step": 1, "of": 1, "step_name": "负责人审核"},
    **_task(), round=m.Integer(required=True), step=m.Integer(), of=m.Integer(), step_name=m.String(),
)  # fmt: skip
event(
    "reply.countersigned", "A joint unit countersigned the lead unit's draft, or said what it does not agree with (会签).",
    {**_TASK, "role": "joint", "round": 1, "agrees": True, "reason": ""},
    **_task(), round=m.Integer(required=True), agrees=m.Boolean(required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "draft.shown", "A draft was shown to the deputies before it goes out.",
    {**_TASK, "round": 1, "deputies": [{"id": "0190a1b2-0000-7000-8000-0000000000a1", "name": "代表甲"}]},
    **_task(), round=m.Integer(required=True), deputies=m.List(m.Nested(Person), required=True),
)  # fmt: skip
event(
    "draft.commented", "A deputy said what he thinks of a draft that was shown.",
    {**_TASK, "round": 1, "deputy": {"id": "0190a1b2-0000-7000-8000-0000000000a1", "name": "代表甲"}, "text": "请写明期限"},
    **_task(), round=m.Integer(required=True), deputy=m.Nested(Person, required=True), text=m.String(required=True),
)  # fmt: skip
event(
    "remark.made", "A deputy added something while the suggestion is handled.",
    {
        "remark": "0190a1b2-0000-7000-8000-0000000000f3", "text": "汛期又有两处漏水",
        "deputy": {"id": "0190a1b2-0000-7000-8000-0000000000a1", "name": "代表甲"},
    },
    remark=m.String(required=True), deputy=m.Nested(Person, required=True), text=m.String(required=True),
)  # fmt: skip
event(
    "remark.answered", "A unit answered what a deputy had added.",
    {**_TASK, "remark": "0190a1b2-0000-7000-8000-0000000000f3", "text": "已列入本月抢修"},
    **_task(), remark=m.String(required=True), text=m.String(required=True),
)  # fmt: skip
event(
    "meeting.logged", "A meeting about the suggestion was logged: of a unit's leaders, or of several units.",
    {
        **_TASK, "meeting": "0190a1b2-0000-7000-8000-0000000000f4", "kind": "coordination", "on": "2023-03-20", "led_by": "副秘书长甲",
        "participants": "省税务局、省人社厅", "agreed": "四月底前统一口径", "due_on": "2023-04-30",
    },
    **_task(), meeting=m.String(required=True), kind=m.String(required=True), on=m.Date(required=True), led_by=m.String(required=True),
    participants=m.String(required=True), agreed=m.String(required=True), due_on=m.Date(required=True, allow_none=True),
)  # fmt: skip
event(
    "reply.supplemented", "A unit answered the deputies again; with `solved` all that the reply promised is done.",
    {
        **_TASK, "reply": "0190a1b2-0000-7000-8000-0000000000e1", "supplement": "0190a1b2-0000-7000-8000-0000000000f5",
        "text": "……", "solved": True, "supplemented_on": "2024-01-15",
        "deputies": [{"id": "0190a1b2-0000-7000-8000-0000000000a1", "name": "代表甲"}],
    },
    **_task(), reply=m.String(required=True), supplement=m.String(required=True), text=m.String(required=True),
    solved=m.Boolean(required=True), supplemented_on=m.Date(required=True), deputies=m.List(m.Nested(Person), required=True),
)  # fmt: skip
event(
    "reply.rejected",
    "The unit's head sent the draft back.",
    {**_TASK, "round": 1, "reason": "请补充时限"},
    **_task(),
    round=m.Integer(required=True),
    reason=m.String(required=True),
)
event(
    "reply.issued", "The reply went to every deputy. `round` 2 and up: after rehandling.",
    {
        **_TASK, "reply": "0190a1b2-0000-7000-8000-0000000000e1", "round": 1, "document_number": "湘税建〔2023〕12号",
        "reply_class": "B", "means": "promised", "class_words": "B类：正在解决或列入计划解决", "publicity": "public", "text": "……", "contact": "经办人甲", "phone": "0731-00000000",
        "issued_on": "2023-05-15", "deputies": [{"id": "0190a1b2-0000-7000-8000-0000000000a1", "name": "代表甲"}],
        "commitments": [{"text": "建成联合运维中心", "due_on": "2023-12-31", "done_when": "挂牌运行", "leader": ""}], "missing_opinions": [],
        "results": [{"kind": "project", "text": "管网改造", "document": "", "money": 300, "people": 20000}],
        "attachments": [_FILE], "copied_to": [],
    },
    **_task(), reply=m.String(required=True), round=m.Integer(required=True), document_number=m.String(required=True),
    reply_class=m.String(required=True), publicity=m.String(required=True), text=m.String(required=True),
    contact=m.String(required=True), phone=m.String(required=True), issued_on=m.Date(required=True),
    deputies=m.List(m.Nested(Person), required=True), commitments=m.List(m.Dict(), required=True),
    missing_opinions=m.List(m.String(), required=True),
    results=m.List(m.Dict()),  # what came of it: [{kind, text, document, money, people}]
    means=m.String(),  # what the class means: solved, promised, impossible, reference
    class_words=m.String(),  # the class as people read it at the place
    attachments=m.List(m.Dict()),  # [{attachment, name, type, size, checksum, public}]
    copied_to=m.List(m.Nested(Person)),  # members of the delegation whose suggestion it is, where they get it
)  # fmt: skip
event(
    "reply.forwarded",
    "A reply that had been issued already went to further deputies: those of a suggestion merged into this one since.",
    {
        **_TASK, "reply": "0190a1b2-0000-7000-8000-0000000000e1", "round": 1, "forwarded_on": "2023-05-18",
        "deputies": [{"id": "0190a1b2-0000-7000-8000-0000000000a3", "name": "代表丙"}],
    },
    **_task(), reply=m.String(required=True), round=m.Integer(required=True), forwarded_on=m.Date(required=True),
    deputies=m.List(m.Nested(Person), required=True),
)  # fmt: skip
event(
    "reply.reclassified", "The supervising office changed the class of a reply; also when an objection to that was upheld.",
    {
        **_TASK, "reply": "0190a1b2-0000-7000-8000-0000000000e1", "round": 1, "before": "A", "reply_class": "B", "reason": "尚未建成",
        "changed_on": "2023-06-01",
    },
    **_task(), reply=m.String(required=True), round=m.Integer(required=True), before=m.String(required=True),
    reply_class=m.String(required=True), reason=m.String(required=True), changed_on=m.Date(required=True),
    means=m.String(), class_words=m.String(),  # what the new class means, and as people read it
)  # fmt: skip
event(
    "objection.made", "A unit objects to the changed class of its reply.",
    {**_TASK, "reply": "0190a1b2-0000-7000-8000-0000000000e1", "reason": "已于五月建成"},
    **_task(), reply=m.String(required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "objection.decided", "The office decided on an objection; when it is upheld, reply.reclassified tells the restored class.",
    {**_TASK, "reply": "0190a1b2-0000-7000-8000-0000000000e1", "upheld": False, "reason": "尚未验收"},
    **_task(), reply=m.String(required=True), upheld=m.Boolean(required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "extension.requested",
    "A unit asked for more time.",
    {**_TASK, "reason": "涉及面广", "requested_on": "2023-05-10"},
    **_task(),
    reason=m.String(required=True),
    requested_on=m.Date(required=True),
)
event(
    "extension.granted",
    "The extension was granted: six months from assignment.",
    {**_TASK, "reason": ""},
    **_task(),
    reason=m.String(required=True),
)
event(
    "extension.refused",
    "The extension was refused.",
    {**_TASK, "reason": "请按期答复"},
    **_task(),
    reason=m.String(required=True),
)
event(
    "task.reopened", "A task was opened again by an ordered rehandling, or because a look-back found its reply not so.",
    {**_TASK, "round": 2, "reason": "请落实完成期限", "reopened_on": "2023-05-26"},
    **_task(), round=m.Integer(required=True), reason=m.String(required=True), reopened_on=m.Date(required=True),
    due_on=m.Date(),  # where a day was given with it
)  # fmt: skip

_BUNDLE = {
    "unit": _UNIT, "name": "山塘清淤", "problem": "山塘淤积、蓄水不足", "plan": "纳入三年规划，分批实施", "leader": "副厅长甲",
    "due_on": "2025-12-31", "suggestions": ["0190a1b2-0000-7000-8000-000000000001", "0190a1b2-0000-7000-8000-000000000002"],
    "works": [{"kind": "livelihood", "name": "2024年重点民生实事", "note": "", "reference": "2024-07"}],
}  # fmt: skip


def _bundle() -> dict[str, Any]:
    return {
        "unit": m.Nested(Unit, required=True), "name": m.String(required=True), "problem": m.String(required=True),
        "plan": m.String(required=True), "leader": m.String(required=True), "due_on": m.Date(required=True),
        "suggestions": m.List(m.String(), required=True), "works": m.List(m.Dict(), required=True),  # [{kind, name, note, reference}]
    }  # fmt: skip


event("bundle.made", "A unit bundled several suggestions under one plan (打捆办理).", _BUNDLE, **_bundle())
event(
    "bundle.changed", "Suggestions or linked work of a bundle changed; told as a whole.", _BUNDLE, **_bundle()
)
event(
    "bundle.ended", "A bundle's plan is carried out.", {**_BUNDLE, "summary": "……"}, **_bundle(),
    summary=m.String(required=True),
)  # fmt: skip

# What a unit looks into itself is declared in a module of its own; importing this one declares it too.
from services.assignment import check_events as check_events  # noqa: E402
