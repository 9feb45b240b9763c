"""浏阳市，2022: 三定，then three visits to the deputy."""

from __future__ import annotations

from datetime import date

import pytest
from harness import unit_clerk

from plugins.three_fixes_three_visits import ThreeFixesThreeVisits
from services.gateway import hooks
from shared.hooks import Hooks
from shared.plugins import collect
from shared.practices import InForce
from shared.problems import WrongState


@pytest.fixture
def office(place):
    place.switch_on("three_fixes_three_visits")
    return place


def test_without_handler_plan_and_dates_no_reply_is_drafted(office):
    id = office.signed()
    with pytest.raises(WrongState) as refusal:
        office.drafts(id)
    assert "三定" in refusal.value.detail
    office.plans(id)
    office.drafts(id)


def test_the_reply_waits_for_the_visit_before_and_the_talk_face_to_face(office):
    id = office.signed()
    office.plans(id)
    office.drafts(id)
    office.approves(id)
    office.talk(id, phase="before")
    office.talk(id, phase="during", method="phone")
    with pytest.raises(WrongState) as refusal:
        office.issues(id)
    assert "办中走访、面商" in refusal.value.detail
    office.talk(id, phase="during", method="visit")
    office.issues(id)


def test_the_visit_after_is_asked_for_until_it_is_made(office):
    id = office.signed()
    office.plans(id)
    for phase in ("before", "during"):
        office.talk(id, phase=phase, method="visit")
    office.drafts(id)
    office.approves(id)
    office.issues(id)
    assert office.steps(id) == ["办后回访"]
    waiting = [line["what"] for line in office.ask(unit_clerk(office.tax), "assignment_waiting")]
    assert "完成环节：办后回访" in waiting
    office.network.on(date(2023, 2, 24))
    office.talk(id, phase="after", on="2023-02-24")
    assert office.steps(id) == []


def test_where_all_deputies_are_visited_one_is_not_enough(place):
    place.switch_on("three_fixes_three_visits", all_deputies=True)
    id = place.signed()
    place.talk(id, phase="before")
    assert "办前拜访" in place.steps(id)
    place.talk(id, phase="before", deputies=[place.cosigner["id"]])
    assert "办前拜访" not in place.steps(id)


def test_what_was_signed_for_before_goes_on_as_it_began(place):
    id = place.signed()
    place.switch_on("three_fixes_three_visits")
    place.drafts(id)


def test_the_deputy_is_told_before_and_after():
    plugins = collect([("x", lambda: ThreeFixesThreeVisits)])
    asked = Hooks(hooks, plugins, lambda *what: None)
    held = InForce("three_fixes_three_visits", True, plugins.practices["three_fixes_three_visits"].defaults)
    told = {
        type: [answer for _, answer in asked.call("messages", [held], {"type": type, "data": {}})]
        for type in ("task.signed.v1", "reply.issued.v1", "return.requested.v1")
    }
    assert not asked.failures, asked.failures
    assert [answer.to for answer in told["task.signed.v1"]] == ["deputies"]
    assert "回访" in told["reply.issued.v1"][0].text
    assert told["return.requested.v1"] == []


def test_where_the_place_asks_for_it_somebody_has_been_there_and_says_what_can_be_done(place):
    place.switch_on("three_fixes_three_visits", on_site_first=True)
    id = place.signed()
    place.plans(id)
    assert "提出可行性方案" in place.steps(id)
    with pytest.raises(WrongState) as refusal:
        place.complete(id, "提出可行性方案", **{"现场的情况": "淤积一米", "可行性方案": "分段清淤"})
    assert "深入现场了解" in refusal.value.detail
    place.talk(id, method="joint_inspection", helped_by="浏阳市水利局")
    place.complete(id, "提出可行性方案", **{"现场的情况": "淤积一米", "可行性方案": "分段清淤"})
    place.drafts(id)
    assert place.task(id, place.tax)["contacts"][0]["helped_by"] == "浏阳市水利局"
    assert place.events(id, "contact.logged")[0]["helped_by"] == "浏阳市水利局"
