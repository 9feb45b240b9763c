"""Events of the directory. Each carries the whole present state of its subject, so that a late reader misses nothing."""

from marshmallow import Schema
from marshmallow import fields as m

from shared.events import Catalogue


class PracticeVersion(Schema):
    """What holds from a day on. `ended`: nothing of the place's own, what is above holds again."""

    effective_on = m.Date(required=True)
    on = m.Boolean(required=True)
    settings = m.Dict(required=True)
    ended = m.Boolean(required=True)
    reason = m.String(required=True)
    set_by = m.String(required=True)
    set_on = m.Date(required=True)


catalogue = Catalogue("directory")
event = catalogue.event

event(
    "congress.recorded", "A congress was registered or its data changed. Subject: the division path.",
    {"path": "43.01.81", "name": "浏阳市人民代表大会", "short": "浏阳市", "level": "county", "parent": "43.01"},
    path=m.String(required=True), name=m.String(required=True), short=m.String(required=True),
    level=m.String(required=True), parent=m.String(required=True),
)  # fmt: skip
event(
    "session.recorded", "A session was registered or its dates changed.",
    {"name": "第十三届五次会议", "term": 13, "ordinal": 5, "opens_on": "2022-01-17", "closes_on": "2022-01-21"},
    name=m.String(required=True), term=m.Integer(required=True), ordinal=m.Integer(required=True),
    opens_on=m.Date(required=True), closes_on=m.Date(required=True),
)  # fmt: skip
event(
    "seat.claimed",
    "A deputy claimed the seat that an account was given, with the code that was handed over: the account is the deputy's now.",
    {"login": "hunan-deputy1", "seat": "0190a1b2-0000-7000-8000-0000000000a1"},
    login=m.String(required=True),
    seat=m.String(required=True),
)
event(
    "delegation.recorded",
    "A delegation was registered or changed, or has another head.",
    {"name": "长沙代表团", "head": "0190a1b2-0000-7000-8000-0000000000a1", "head_name": "代表甲"},
    name=m.String(required=True),
    head=m.String(),  # the seat of its head (团长), empty while there is none
    head_name=m.String(),
)
event(
    "deputy.recorded", "A deputy's seat was registered or changed.",
    {"name": "代表甲", "delegation": "0190a1b2-0000-7000-8000-00000000000d", "delegation_name": "长沙代表团", "active": True},
    name=m.String(required=True), delegation=m.String(required=True), delegation_name=m.String(required=True),
    active=m.Boolean(required=True), reason=m.String(),
)  # fmt: skip
event(
    "unit.recorded", "A handling unit was registered or changed.",
    {"name": "省水利厅", "short": "省水利厅", "kind": "government", "parent": "", "active": True},
    name=m.String(required=True), short=m.String(required=True), kind=m.String(required=True),
    parent=m.String(required=True), active=m.Boolean(required=True), reason=m.String(),
)  # fmt: skip
event(
    "office.recorded", "A post of who supervises was registered, or who holds it changed. Carries all who hold or held it.",
    {
        "name": "常委会副主任（分管财经）", "kind": "standing_committee", "active": True, "reason": "第一次会议选举。",
        "holders": [{"account": "0190a1b2-0000-7000-8000-0000000000e1", "name": "主任甲", "since": "2023-01-19", "until": ""}],
    },
    name=m.String(required=True), kind=m.String(required=True), active=m.Boolean(required=True),
    holders=m.List(m.Dict(), required=True), reason=m.String(required=True),
)  # fmt: skip
event(
    "account.changed", "An account was added, its roles were changed, or it was closed: its sessions end.",
    {"login": "liaison", "roles": [{"role": "liaison", "congress": "43", "unit": "", "seat": ""}]},
    login=m.String(required=True), roles=m.List(m.Dict(), required=True),
)  # fmt: skip
event(
    "practice.recorded",
    "A place has laid down a practice or a group of settings from a day on, or gone back to what is above it. Carries all "
    "its versions; what began before a version's day goes on by the one before.",
    {
        "name": "three_tracks", "label": "意见、建议、批评分类办理", "place": "0190a1b2-0000-7000-8000-0000000000b1",
        "place_kind": "unit", "place_name": "省民政厅", "reason": "2018年代表建议办理方案",
        "versions": [
            {
                "effective_on": "2018-04-10", "on": True, "settings": {}, "ended": False, "reason": "2018年代表建议办理方案",
                "set_by": "联工委甲", "set_on": "2018-04-09",
            }
        ],
    },
    name=m.String(required=True), label=m.String(required=True), place=m.String(required=True),
    place_kind=m.String(required=True), place_name=m.String(required=True), reason=m.String(required=True),
    versions=m.List(m.Nested(PracticeVersion), required=True),
)  # fmt: skip
event(
    "material.published",
    "A congress's office or a unit published something to work by: courseware, a template, a handbook, a flow chart, rules. Its text is not told.",
    {
        "title": "如何提出高质量的代表建议", "kind": "courseware", "readers": "deputies", "unit": "", "unit_name": "",
        "link": "https://www.example.gov.cn/courseware.pdf", "category": "", "findings": ["not_concrete"],
    },
    title=m.String(required=True), kind=m.String(required=True), readers=m.String(required=True), unit=m.String(required=True),
    unit_name=m.String(required=True), link=m.String(required=True), category=m.String(required=True),
    findings=m.List(m.String(), required=True),
)  # fmt: skip
event(
    "material.withdrawn", "Something that was published to work by was withdrawn.",
    {"title": "如何提出高质量的代表建议", "unit": "", "reason": "已有新版。"},
    title=m.String(required=True), unit=m.String(required=True), reason=m.String(required=True),
)  # fmt: skip
