"""Events of intake. The subject is the suggestion's id."""

from typing import Any

from marshmallow import fields as m

from shared.events import Catalogue, Person, Unit

catalogue = Catalogue("intake")
event = catalogue.event

_TEXT = {
    "title": "关于建立社保费信息系统联合运维工作机制的建议", "situation": "……", "analysis": "……", "proposals": "……",
    "kind": "suggestion", "category": "社会保障",
}  # fmt: skip
_PEOPLE = {
    "lead": {"id": "0190a1b2-0000-7000-8000-0000000000a1", "name": "代表甲"},
    "cosigners": [{"id": "0190a1b2-0000-7000-8000-0000000000a2", "name": "代表乙"}], "delegation": "",
}  # fmt: skip


_MARK = {
    "theme": "优化金融财税支持政策", "leading_supervisor": "副主任甲", "sponsor": "副省长甲", "committee": "财政经济委员会",
    "decided_on": "2023-02-10",
}  # fmt: skip


def _mark() -> dict[str, Any]:
    """A key suggestion's mark."""
    return {
        "theme": m.String(required=True), "leading_supervisor": m.String(required=True), "sponsor": m.String(required=True),
        "committee": m.String(required=True), "decided_on": m.Date(required=True),
        # Ids of the posts (职务) that these are, where they were chosen.
        "leading_supervisor_id": m.String(), "sponsor_id": m.String(), "committee_id": m.String(),
    }  # fmt: skip


def _content() -> dict[str, Any]:
    return {
        "title": m.String(required=True), "situation": m.String(required=True), "analysis": m.String(required=True),
        "proposals": m.String(required=True), "kind": m.String(required=True), "category": m.String(required=True),
        "lead": m.Nested(Person, required=True), "cosigners": m.List(m.Nested(Person), required=True),
        "delegation": m.String(required=True),  # its name for a delegation's own suggestion, else empty
        "delegation_id": m.String(),
        "basis": m.String(),  # the research it rests on (调研情况)
        "proposed_units": m.List(m.Nested(Unit)),  # whose business it is, as its deputy sees it
        "several_years": m.Boolean(),  # to be done over several years
        "opinions": m.List(m.String()),  # of voters, that it grew from
    }  # fmt: skip


event(
    "suggestion.drafted",
    "A deputy began a draft. Its text stays private.",
    {"lead": _PEOPLE["lead"]},
    lead=m.Nested(Person, required=True),
)
event(
    "suggestion.discarded", "A draft was given up before it was ever submitted. Names who had been asked to cosign, or had cosigned.",
    {"deputies": [_PEOPLE["lead"]]}, deputies=m.List(m.Nested(Person), required=True),
)  # fmt: skip
event(
    "cosigner.invited",
    "The lead deputy invited a deputy to cosign, or the text changed and who had cosigned is asked again.",
    {"deputy": _PEOPLE["lead"], "answer_by": "2023-01-13", "again": False},
    deputy=m.Nested(Person, required=True),
    answer_by=m.Date(allow_none=True),  # after this day the invitation has lapsed
    again=m.Boolean(),
)
event(
    "cosigner.removed",
    "The lead deputy goes on without a deputy who was invited or had cosigned.",
    {"deputy": _PEOPLE["lead"]},
    deputy=m.Nested(Person, required=True),
)
event(
    "cosigner.accepted",
    "An invited deputy cosigned.",
    {"deputy": _PEOPLE["lead"]},
    deputy=m.Nested(Person, required=True),
)
event(
    "cosigner.declined", "An invited deputy declined.", {"deputy": _PEOPLE["lead"], "reason": ""},
    deputy=m.Nested(Person, required=True), reason=m.String(required=True),
)  # fmt: skip
_HEAD: dict[str, Any] = {
    "delegation_id": "0190a1b2-0000-7000-8000-00000000000d", "head": _PEOPLE["lead"],
}  # fmt: skip
event(
    "delegation.asked", "The lead deputy asked the delegation's head to confirm that it is the whole delegation's suggestion.",
    _HEAD, delegation_id=m.String(required=True), head=m.Nested(Person, required=True),
)  # fmt: skip
event(
    "delegation.confirmed", "The delegation's head confirmed that it is the whole delegation's suggestion.",
    {**_HEAD, "reason": ""}, delegation_id=m.String(required=True), head=m.Nested(Person, required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "delegation.declined", "The delegation's head did not agree that it is the whole delegation's suggestion.",
    {**_HEAD, "reason": "请补充数据。"}, delegation_id=m.String(required=True), head=m.Nested(Person, required=True),
    reason=m.String(required=True),
)  # fmt: skip
event(
    "suggestion.submitted", "The lead deputy submitted the suggestion, for the first time or again after a return.",
    {**_TEXT, **_PEOPLE, "session": "第十四届一次会议", "during_session": True, "submitted_on": "2023-01-14", "times": 1, "findings": ["no_unit"]},
    **_content(), session=m.String(required=True), during_session=m.Boolean(required=True),
    submitted_on=m.Date(required=True), times=m.Integer(required=True),
    split_from=m.String(),  # the suggestion of which it is a part, where the office split one
    findings=m.List(m.String()),  # codes of what was found in the text: shared.terms.FINDINGS, of a plugin `plugin.key`
)  # fmt: skip
event(
    "suggestion.accepted", "The liaison office accepted and numbered it. Carries the whole content again.",
    {
        **_TEXT, **_PEOPLE, "number": "第十四届一次会议第0123号", "ordinal": 123, "session": "第十四届一次会议", "year": 2023,
        "during_session": True, "submitted_on": "2023-01-14", "accepted_on": "2023-01-20",
    },
    **_content(), number=m.String(required=True), ordinal=m.Integer(required=True), session=m.String(required=True),
    year=m.Integer(required=True), during_session=m.Boolean(required=True), submitted_on=m.Date(required=True),
    accepted_on=m.Date(required=True),
)  # fmt: skip
event(
    "suggestion.returned", "The liaison office returned it to its deputy with a reason.",
    {"reason_code": "several_matters", "reason_codes": ["several_matters", "unclear"], "reason": "请一事一案，分别提出，并写明路段。"},
    reason_code=m.String(required=True), reason=m.String(required=True),
    reason_codes=m.List(m.String()),  # all of them; the first is `reason_code`
)  # fmt: skip
event(
    "suggestion.lettered", "The liaison office treats it as a letter (转作来信).",
    {"reason_code": "court_case", "reason_codes": ["court_case"], "reason": "涉及具体案件，转有关部门参阅。", "receiver": "省信访局"},
    reason_code=m.String(required=True), reason=m.String(required=True), reason_codes=m.List(m.String()),
    receiver=m.String(),  # who got the letter
)  # fmt: skip
event(
    "letter.answered", "What came of a suggestion that was treated as a letter was told to its deputies.",
    {"receiver": "省信访局", "answer": "已与本人联系，按程序办理。"}, receiver=m.String(required=True), answer=m.String(required=True),
)  # fmt: skip
_HANDED = {"to": "43.01", "to_name": "长沙市人民代表大会"}
_TO: dict[str, Any] = {"to": m.String(required=True), "to_name": m.String(required=True)}
event(
    "handup.made", "The liaison office handed it up to the congress above (转交上级): it is beyond the level's powers.",
    {**_HANDED, "reason": "属于市级职权。"}, **_TO, reason=m.String(required=True),
)  # fmt: skip
event(
    "handup.taken", "The office above took it over.", {**_HANDED, "reason": ""}, **_TO, reason=m.String(required=True),
)  # fmt: skip
event(
    "handup.declined", "The office above did not take it over: the office below decides anew.",
    {**_HANDED, "reason": "属于县级职权。"}, **_TO, reason=m.String(required=True),
)  # fmt: skip
event(
    "handup.answered", "What came of it at the level above was told to its deputies and the office below.",
    {**_HANDED, "answer": "已列入明年计划。"}, **_TO, answer=m.String(required=True),
)  # fmt: skip
event(
    "suggestion.merged", "It was merged into another of the same content; its deputies are answered with that one.",
    {"into": "0190a1b2-0000-7000-8000-0000000000b1", "into_number": "第十四届一次会议第0007号", "deputies": [_PEOPLE["lead"]], "reason": ""},
    into=m.String(required=True), into_number=m.String(required=True), deputies=m.List(m.Nested(Person), required=True),
    reason=m.String(required=True),
)  # fmt: skip
event(
    "suggestion.split", "It was split into several suggestions, which go on in its place.",
    {"parts": ["0190a1b2-0000-7000-8000-0000000000b2"], "reason": "两件事分别办理"},
    parts=m.List(m.String(), required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "suggestion.designated", "The chairpersons' meeting made it a key suggestion (重点处理建议).",
    _MARK, **_mark(),
)  # fmt: skip
event(
    "suggestion.corrected", "The liaison office corrected title, kind or category; carries all three as they are now.",
    {
        "title": _TEXT["title"], "kind": "opinion", "category": "财政金融", "before": {"kind": "suggestion"}, "reason": "内容属于意见。",
    },
    title=m.String(required=True), kind=m.String(required=True), category=m.String(required=True),
    before=m.Dict(keys=m.String(), values=m.String(), required=True),  # what was changed, as it was
    reason=m.String(required=True),
)  # fmt: skip
event(
    "practices.renewed", "It goes on by the practices and settings that held on this day, in place of those under which it began.",
    {"held_on": "2023-04-10", "reason": "主任会议决定本年在办的建议一律按新的办法办理。"},
    held_on=m.Date(required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "lead.replaced", "A cosigner leads it from now on, for the lead deputy's seat fell vacant.",
    {"lead": {"id": "0190a1b2-0000-7000-8000-0000000000a2", "name": "代表乙"}, "before": _PEOPLE["lead"], "reason": "调离本省。"},
    lead=m.Nested(Person, required=True), before=m.Nested(Person, required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "key.proposed", "Somebody proposed it as a key suggestion.", {"reason": "涉及面广，群众反映强烈。"}, reason=m.String(required=True),
)  # fmt: skip
event(
    "key.changed", "The theme of a key suggestion, or who supervises or sponsors it, was changed.",
    {**_MARK, "before": {**_MARK, "sponsor": "副省长乙"}, "reason": "分工调整。"},
    **_mark(), before=m.Dict(keys=m.String(), values=m.String(), required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "key.released", "It is a key suggestion no more.", {"theme": _MARK["theme"], "reason": "与另一件合并督办。"},
    theme=m.String(required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "keylist.drawn", "A list of key suggestions was begun, to be put before the chairpersons' meeting. The subject is the list's id.",
    {"name": "2023年重点处理建议", "meeting_on": "2023-02-10", "themes": ["优化金融财税支持政策"]},
    name=m.String(required=True), meeting_on=m.Date(required=True), themes=m.List(m.String(), required=True),
)  # fmt: skip
event(
    "keylist.listed", "A suggestion was put into a list of key suggestions, or its line was changed. Who is not named yet is empty.",
    {
        "name": "2023年重点处理建议", "suggestion": "0190a1b2-0000-7000-8000-0000000000b1",
        **{name: value for name, value in _MARK.items() if name != "decided_on"},
    },
    name=m.String(required=True), suggestion=m.String(required=True),
    **{name: field for name, field in _mark().items() if name != "decided_on"},
)  # fmt: skip
event(
    "keylist.unlisted", "A suggestion was taken out of a list of key suggestions.",
    {"name": "2023年重点处理建议", "suggestion": "0190a1b2-0000-7000-8000-0000000000b1"},
    name=m.String(required=True), suggestion=m.String(required=True),
)  # fmt: skip
event(
    "keylist.moved", "The chairpersons' meeting takes the list up on another day.",
    {"name": "2023年重点处理建议", "meeting_on": "2023-02-17", "before": "2023-02-10", "reason": "会议改期。"},
    name=m.String(required=True), meeting_on=m.Date(required=True), before=m.Date(required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "keylist.discarded", "The list is not put before the chairpersons' meeting.",
    {"name": "2023年重点处理建议", "reason": "与另一份名单合并。"}, name=m.String(required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "keylist.decided", "The chairpersons' meeting decided on the list: each of its suggestions tells suggestion.designated.",
    {"name": "2023年重点处理建议", "meeting_on": "2023-02-10", "note": "", "suggestions": ["0190a1b2-0000-7000-8000-0000000000b1"]},
    name=m.String(required=True), meeting_on=m.Date(required=True), note=m.String(required=True),
    suggestions=m.List(m.String(), required=True),
)  # fmt: skip
_PICKS = {
    "office": "0190a1b2-0000-7000-8000-0000000000d1", "leader": "副市长吴刚", "suggestions": ["0190a1b2-0000-7000-8000-0000000000b1"],
}  # fmt: skip


def _picks() -> dict[str, Any]:
    """A list of recommended ones: for which post, how it was called, and what is on the list."""
    return {
        "office": m.String(required=True), "leader": m.String(required=True), "suggestions": m.List(m.String(), required=True),
    }  # fmt: skip


event(
    "picklist.offered", "The government's office recommended suggestions to a leader, who picks those to sponsor. The subject is the list's id.",
    {**_PICKS, "pick_by": "2023-03-15", "why": "群众反映集中，牵涉部门多。", "holders": ["0190a1b2-0000-7000-8000-0000000000e1"]},
    **_picks(), pick_by=m.Date(required=True), why=m.String(required=True),
    holders=m.List(m.String()),  # accounts of who holds the post that day
)  # fmt: skip
event(
    "picklist.picked", "The leader picked from the list: of key suggestions key.changed is told, of others key.proposed.",
    {**_PICKS, "picked": _PICKS["suggestions"], "note": ""}, **_picks(), picked=m.List(m.String(), required=True), note=m.String(required=True),
)  # fmt: skip
event(
    "picklist.withdrawn", "The office took the list back before the leader had picked.", {**_PICKS, "reason": "分工调整。"},
    **_picks(), reason=m.String(required=True),
)  # fmt: skip
event(
    "ledger.imported", "A line of an office's old ledger was taken in; says how far its handling had come. Follows suggestion.accepted.",
    {
        "number": "第十三届五次会议第0123号", "title": "……", "category": "交通运输", "deputies": [_PEOPLE["lead"]],
        "lead_unit": {"id": "0190a1b2-0000-7000-8000-0000000000c1", "name": "省交通运输厅"}, "joint_units": [],
        "assigned_on": "2022-02-23", "replied_on": "2022-05-10", "reply_class": "A", "result": "satisfied",
    },
    number=m.String(required=True), title=m.String(required=True), category=m.String(required=True),
    deputies=m.List(m.Nested(Person), required=True),
    lead_unit=m.Nested(Unit, required=True, allow_none=True), joint_units=m.List(m.Nested(Unit), required=True),
    assigned_on=m.Date(required=True, allow_none=True), replied_on=m.Date(required=True, allow_none=True),
    reply_class=m.String(required=True), result=m.String(required=True),  # empty while there is none
    means=m.String(),  # what the class means: solved, promised, impossible, reference
)  # fmt: skip

# What voters and stations tell is declared in a module of its own; importing this one declares it too.
from services.intake import voter_events as voter_events  # noqa: E402
