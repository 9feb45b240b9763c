"""省交通运输厅，2018: who talks with the deputy depends on what can be done."""

from __future__ import annotations

import pytest

from shared.problems import WrongState


@pytest.fixture
def office(place):
    """The phases are a story of their own, below."""
    place.switch_on("talk_by_class", place.tax, in_each_phase=False)
    return place


def drafted(office, id, reply_class):
    office.drafts(id, reply_class=reply_class)
    office.act("show_draft", id, office.tax)
    office.approves(id)


def test_for_what_is_solved_a_handlers_call_is_enough(office):
    id = office.signed()
    drafted(office, id, "A")
    office.talk(id, led_by="经办人甲", rank="handler")
    office.issues(id)


def test_what_cannot_be_done_now_the_head_says_himself_and_in_a_letter(office):
    id = office.signed()
    drafted(office, id, "C")
    office.talk(id, led_by="经办人甲", rank="handler")
    with pytest.raises(WrongState) as refusal:
        office.issues(id)
    assert "C类" in refusal.value.detail
    office.talk(id, led_by="厅长甲", rank="unit_head")
    with pytest.raises(WrongState) as refusal:
        office.issues(id)
    assert "写信" in refusal.value.detail
    office.talk(id, method="mail", led_by="厅长甲", rank="unit_head", notes="信的全文。")
    office.issues(id)


def test_the_deputy_sees_the_draft_before_it_goes_out(office):
    id = office.signed()
    office.talk(id, led_by="经办人甲", rank="handler")
    office.drafts(id)
    office.approves(id)
    with pytest.raises(WrongState) as refusal:
        office.issues(id)
    assert "答复稿送代表征求意见" in refusal.value.detail


def test_key_ones_a_leader_talks_over(office):
    id = office.signed(key=True)
    drafted(office, id, "A")
    office.talk(id, led_by="经办人甲", rank="handler")
    with pytest.raises(WrongState) as refusal:
        office.issues(id)
    assert "重点建议" in refusal.value.detail
    office.talk(id, led_by="副厅长甲", rank="deputy_head")
    office.issues(id)


def test_deputies_are_talked_with_before_during_and_after(place):
    """明确什么时候沟通：办理前期了解意图，办理中协商措施，办理后期告知意见。"""
    place.switch_on("talk_by_class", place.tax, draft_shown=False)
    id = place.signed()
    place.drafts(id)
    place.approves(id)
    place.talk(id, led_by="经办人甲", rank="handler")
    with pytest.raises(WrongState) as refusal:
        place.issues(id)
    assert "办理前期" in refusal.value.detail and "办理中" not in refusal.value.detail
    place.talk(id, phase="before")
    place.issues(id)
    assert "办理后期：告知办理意见" in place.steps(id)
    place.talk(id, phase="after")
    assert "办理后期：告知办理意见" not in place.steps(id)
