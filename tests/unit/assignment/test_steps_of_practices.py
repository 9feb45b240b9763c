"""Practices ask for steps and talks when a unit signs; what they say later, and what makes no sense, changes nothing."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, TestNetwork, liaison, unit_clerk, unit_head
from hypothesis import given, settings
from hypothesis import strategies as st

from services.assignment.hooks import Blank, Evidence, TalkDuty, TrackStep
from shared.contracts import field as f
from shared.identity import SYSTEM
from shared.plugins import Plugin, collect, hookimpl
from shared.problems import Problem, WrongState
from tests.unit.assignment.conftest import DAY, PLAN, REPLY, Office


class Tracks(Plugin):
    """Criticism is investigated before it is replied to; an opinion gets a plan with which the deputy agrees."""

    name, label, summary = "tracks", "分类办理", "意见、建议、批评分类办理。"
    settings = {"investigation_days": f.number("调查天数", least=1, most=90, default=30)}

    @hookimpl
    def track_steps(self, kind, role, settings):
        if kind == "criticism":
            days = settings["investigation_days"]
            return [
                TrackStep("look", "问题调查", before=("draft_reply",), blanks=(Blank("调查结论"),), days=days)
            ]
        agreed = TrackStep("agree", "征得代表同意", "lead_deputy", evidence=Evidence("agreed_plan"))
        return [agreed, TrackStep("do", "落实措施", after=("agree",), before=("issue_reply",))]


class Talks(Plugin):
    """The head talks with the deputies of a reply of class C, and writes a letter."""

    name, label, summary = "talks", "谁来沟通", "C类由负责人沟通。"

    @hookimpl
    def talk_duties(self, role):
        return [
            TalkDuty("head", "负责人沟通", "during", rank="unit_head", classes=("C",), bars=True),
            TalkDuty("letter", "厅长写信", methods=("mail",), classes=("C",), bars=True),
            TalkDuty("after", "办后回访", "after", days=10),
        ]


class Broken(Plugin):
    """Raises, or asks for what nobody could ever do."""

    name, label, summary = "broken", "坏的", "坏的。"

    @hookimpl
    def track_steps(self, kind):
        return [
            TrackStep("who", "无人能办", "nobody"), TrackStep("what", "没有这个操作", before=("fly",)),
            TrackStep("late", "答复以后才能办", before=("issue_reply",), counted_from="replied"),
            TrackStep("proof", "没有这种凭据", evidence=Evidence("magic"), before=("draft_reply",)),
            TrackStep("word", "天数写成了字", before=("draft_reply",), days="三天"),
        ]  # fmt: skip


class Knotted(Plugin):
    """Steps that wait for each other, or hold up what they are shown by; between them one that can be done."""

    name, label, summary = "knotted", "互相等的", "互相等的。"

    @hookimpl
    def track_steps(self):
        return [
            TrackStep("hen", "先有蛋", after=("egg",), before=("draft_reply",)),
            TrackStep("egg", "先有鸡", after=("hen",), before=("issue_reply",)),
            TrackStep(
                "shown", "起草以前先送代表看", before=("draft_reply",), evidence=Evidence("shown_draft")
            ),
            TrackStep("office", "退办也要等", before=("adjudicate_return",)),
            TrackStep("fine", "可以办的", before=("draft_reply",)),
        ]


class AcrossTwo(Plugin):
    """Its step holds up the plan, which another practice's step waits for."""

    name, label, summary = "across", "先分析再计划", "先分析。"

    @hookimpl
    def track_steps(self):
        return [
            TrackStep("by_plan", "方案写明责任人", before=("issue_reply",), evidence=Evidence("plan")),
            TrackStep("analysis", "先分析", before=("make_plan",)),
        ]

    @hookimpl
    def talk_duties(self, kind):
        raise RuntimeError("broken")


@pytest.fixture
def place(network_of):
    plugins = collect([("test", lambda: [Tracks, Talks, Broken, Knotted, AcrossTwo])])
    network = network_of("directory", "assignment", today=DAY, plugins=plugins)
    divisions = [{"path": PROVINCE, "code": "43", "name": "湖南省", "level": "province", "parent": "", "has_congress": True}]  # fmt: skip
    network.do(SYSTEM, "directory", "register_divisions", divisions=divisions)
    return Office(network)


def on(place, name, effective_on="2023-02-20", **settings):
    place.network.do(
        liaison(), "directory", "set_practice", name=name, congress=PROVINCE, settings=settings, effective_on=effective_on,
    )  # fmt: skip


def signed(place, number=1, kind="suggestion"):
    id = place.accepted(number, kind=kind)
    place.do(place.office, "assign_suggestion", id, lead=place.tax)
    place.act("sign_for", id, place.tax)
    return id


def names(place, id):
    return [step["name"] for step in place.task(id, place.tax)["steps"]]


def test_without_a_practice_there_are_no_steps(place):
    assert names(place, signed(place)) == []


def test_each_kind_has_its_track(place):
    on(place, "tracks", investigation_days=20)
    criticism, opinion = signed(place, 1, "criticism"), signed(place, 2, "opinion")
    assert names(place, criticism) == ["问题调查"]
    assert place.task(criticism, place.tax)["steps"][0]["due_on"] == "2023-03-12"
    assert names(place, opinion) == ["征得代表同意", "落实措施"]
    with pytest.raises(WrongState, match="问题调查"):
        place.act("draft_reply", criticism, place.tax, **REPLY)


def test_what_was_begun_goes_on_as_it_began(place):
    before = signed(place)
    on(place, "tracks", effective_on="2023-03-01")
    assert names(place, signed(place, 2)) == []
    place.network.on(date(2023, 3, 2))
    assert names(place, signed(place, 3)) == ["征得代表同意", "落实措施"]
    assert names(place, before) == []
    place.act("make_plan", before, place.tax, **PLAN)
    assert place.replied(before, place.tax)["reply"]


def test_the_head_has_to_talk_and_to_write_before_a_c_goes_out(place):
    on(place, "talks")
    id = signed(place)
    place.act("draft_reply", id, place.tax, **{**REPLY, "reply_class": "C"})
    place.act("approve_reply", id, place.tax, head=True)
    with pytest.raises(WrongState, match="负责人沟通、厅长写信"):
        place.act("issue_reply", id, place.tax, document_number="一号")
    talk = {"phase": "during", "on": "2023-02-20", "notes": "……", "led_by": "局长甲", "rank": "unit_head"}
    place.act("log_contact", id, place.tax, **talk, method="phone")
    place.act("log_contact", id, place.tax, **talk, method="mail")
    place.act("issue_reply", id, place.tax, document_number="一号")
    assert [s["due_on"] for s in place.task(id, place.tax)["steps"] if not s["done_on"]] == ["2023-03-02"]


def test_an_a_needs_no_talk_of_the_head(place):
    on(place, "talks")
    assert place.replied(signed(place), place.tax)["reply"]


def test_a_broken_practice_stops_nobody(place):
    on(place, "broken")
    id = signed(place)
    assert names(place, id) == []
    assert place.replied(id, place.tax)["reply"]


def test_steps_that_nobody_could_ever_do_are_left_out(place):
    """Else the reply would wait for ever, and nobody could do anything about it."""
    on(place, "knotted")
    assert names(place, signed(place)) == ["可以办的"]


def test_steps_that_come_one_after_the_other_all_stay(place):
    on(place, "across")
    on(place, "knotted")
    assert names(place, signed(place)) == ["方案写明责任人", "先分析", "可以办的"]


# --- between the signature and the steps --------------------------------------------------------------------------


def just_signed(place, number=1):
    """Signed for a moment ago: the event that brings the steps is still under way."""
    id = place.accepted(number)
    place.do(place.office, "assign_suggestion", id, lead=place.tax)
    clerk, task = unit_clerk(place.tax), place.task(id, place.tax)["task"]
    answer = place.network.do(clerk, "assignment", "sign_for", id, task=task, settle=False)
    return id, task, answer


def test_who_signs_is_told_that_steps_are_still_to_come(place):
    on(place, "tracks")
    id, _, answer = just_signed(place)
    assert answer["steps_to_come"]
    assert (place.task(id, place.tax)["steps_to_come"], names(place, id)) == (True, [])
    place.network.settle()
    assert not place.task(id, place.tax)["steps_to_come"]
    assert names(place, id) == ["征得代表同意", "落实措施"]


def test_where_no_practice_asks_for_steps_none_are_to_come(place):
    on(place, "tracks", effective_on="2023-03-01")
    id, _, answer = just_signed(place)
    assert not answer["steps_to_come"]
    place.network.settle()
    assert [e["type"] for e in place.network.published("assignment", id)][-1] == "task.signed.v1"


def test_nobody_is_fast_enough_to_get_round_the_steps(place):
    on(place, "across")
    id, task, _ = just_signed(place)
    with pytest.raises(WrongState, match="先分析"):
        place.network.do(
            unit_clerk(place.tax), "assignment", "make_plan", id, task=task, **PLAN, settle=False
        )
    assert place.task(id, place.tax)["steps_to_come"], "the refused command changed something"


def test_who_is_faster_than_the_event_has_the_same_steps_and_they_are_told_once(place):
    on(place, "talks")
    id, task, _ = just_signed(place)
    talk = {"phase": "after", "method": "visit", "on": "2023-02-20", "notes": "……"}
    clerk = unit_clerk(place.tax)
    place.network.do(clerk, "assignment", "log_contact", id, task=task, **talk, deputies=[place.lead["id"]], settle=False)  # fmt: skip
    before = place.task(id, place.tax)["steps"]
    assert [(step["name"], step["done_on"]) for step in before] == [
        ("负责人沟通", None), ("厅长写信", None), ("办后回访", "2023-02-20"),
    ]  # fmt: skip
    place.network.settle()
    assert place.task(id, place.tax)["steps"] == before
    assert len(place.events(id, "steps.fixed")) == 1


def test_what_held_when_the_unit_signed_counts_however_late_its_steps_come(place):
    on(place, "tracks", investigation_days=20)
    id, _, _ = just_signed(place)
    place.network.on(date(2023, 2, 22))
    on(place, "talks", effective_on="2023-02-22")
    assert names(place, id) == ["征得代表同意", "落实措施"]


def test_steps_that_come_after_a_return_was_asked_for_change_nothing_else(place):
    on(place, "tracks")
    id, task, _ = just_signed(place)
    clerk, asked = unit_clerk(place.tax), {"reason": "不属于本单位职责。", "proposed_unit": place.finance}
    place.network.do(clerk, "assignment", "ask_to_return", id, task=task, **asked, settle=False)
    place.network.settle()
    assert place.task(id, place.tax)["state"] == "return_asked"
    assert len(place.events(id, "steps.fixed")) == 1


TALKED = {"method": "visit", "on": "2023-02-20", "notes": "……", "led_by": "局长甲", "rank": "unit_head"}
ACTS = {
    "plan": ("make_plan", PLAN), "talk before": ("log_contact", TALKED | {"phase": "before"}),
    "talk during": ("log_contact", TALKED | {"phase": "during"}), "draft": ("draft_reply", {**REPLY, "reply_class": "C"}),
    "approve": ("approve_reply", {}), "issue": ("issue_reply", {"document_number": "一号"}), "return": ("ask_to_return", {"reason": "……"}),
    "ask for time": ("ask_extension", {"reason": "……"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    plugins = collect([("test", lambda: [Tracks, Talks, AcrossTwo])])
    network = TestNetwork(
        tmp_path_factory.mktemp("steps"), ("directory", "assignment"), today=DAY, plugins=plugins
    )
    divisions = [{"path": PROVINCE, "code": "43", "name": "湖南省", "level": "province", "parent": "", "has_congress": True}]  # fmt: skip
    network.do(SYSTEM, "directory", "register_divisions", divisions=divisions)
    office = Office(network)
    for name in ("tracks", "talks", "across"):
        on(office, name)
    yield office
    network.close()


def lived(office, acts, is_at_once):
    """What came of these acts, each as answered or refused, and of the steps; `is_at_once`: events never wait."""
    id, task, _ = just_signed(office)
    said = []
    for name in acts:
        if is_at_once:
            office.network.settle()
        command, data = ACTS[name]
        who = unit_head(office.tax) if name == "approve" else unit_clerk(office.tax)
        deputies = {"deputies": [office.lead["id"]]} if command == "log_contact" else {}
        try:
            office.network.do(who, "assignment", command, id, task=task, **data, **deputies, settle=False)
            said.append("done")
        except Problem as refusal:
            said.append(refusal.detail)
    office.network.settle()
    found = office.task(id, office.tax)
    return said, found["state"], [(step["name"], step["done_on"], step["due_on"]) for step in found["steps"]]


@settings(max_examples=40, deadline=None)
@given(acts=st.lists(st.sampled_from(sorted(ACTS)), max_size=7))
def test_whether_the_event_or_a_command_lays_the_steps_down_makes_no_difference(office, acts):
    assert lived(office, acts, is_at_once=False) == lived(office, acts, is_at_once=True)
