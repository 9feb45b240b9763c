"""A whole delegation's suggestion: one of its members writes it, its head confirms it, then it is handed in."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison

from shared.identity import SYSTEM
from shared.problems import Invalid, NotAllowed, NotFound, WrongState

HUNAN = {
    "path": "43", "code": "43", "name": "湖南省", "level": "province", "parent": "", "has_congress": True,
}  # fmt: skip
TEXT = {
    "title": "关于修建环城公路的建议", "situation": "堵。", "analysis": "路少。", "proposals": "请交通运输厅修建。",
    "kind": "suggestion", "category": "交通运输",
}  # fmt: skip


class Story:
    def __init__(self, network) -> None:
        self.network = network
        self.directory("register_divisions", divisions=[HUNAN])
        session = {"term": 14, "ordinal": 1, "opens_on": "2023-01-13", "closes_on": "2023-01-19"}
        self.directory("open_session", congress=PROVINCE, **session)
        self.delegation = self.directory("register_delegation", congress=PROVINCE, name="长沙代表团")
        self.seats = {
            name: self.directory("register_deputy", congress=PROVINCE, name=name, delegation=of)
            for name, of in (("代表甲", self.delegation), ("团长乙", self.delegation), ("外团丙", ""))
        }
        self.writer, self.head, self.other = (deputy(name, seat) for name, seat in self.seats.items())

    def directory(self, command: str, id: str = "", **data) -> str:
        return str(self.network.do(SYSTEM, "directory", command, id, **data)["id"])

    def name_head(self, name: str = "团长乙") -> None:
        seat = self.seats[name] if name else ""
        self.network.do(liaison(), "directory", "name_delegation_head", self.delegation, deputy=seat)

    def draft(self, who=None) -> str:
        data = {"congress": PROVINCE, "delegation": self.delegation, **TEXT}
        return str(self.network.do(who or self.writer, "intake", "draft_suggestion", **data)["id"])

    def act(self, who, command: str, id: str, **data):
        return self.network.do(who, "intake", command, id, **data)

    def waits(self, who) -> list[str]:
        return [line["command"] for line in self.network.ask(who, "intake", "intake_waiting")]


@pytest.fixture
def story(network_of):
    story = Story(network_of("directory", "intake", "supervision", today=date(2023, 1, 15)))
    story.name_head()
    return story


def test_it_is_submitted_only_after_the_head_has_confirmed_it(story):
    id = story.draft()
    with pytest.raises(WrongState, match="请先提请代表团确认"):
        story.act(story.writer, "submit_suggestion", id)
    assert story.waits(story.head) == []
    story.act(story.writer, "ask_delegation", id)
    with pytest.raises(WrongState, match="请等团长团长乙确认"):
        story.act(story.writer, "submit_suggestion", id)
    assert story.waits(story.head) == ["confirm_for_delegation"]
    story.act(story.head, "confirm_for_delegation", id, agrees=True)
    assert story.waits(story.head) == []
    story.act(story.writer, "submit_suggestion", id)
    submitted = story.network.published("intake", id)[-1]
    assert submitted["data"]["delegation_id"] == story.delegation


def test_a_draft_is_its_deputy_s_alone_until_the_head_is_asked_and_then_the_head_s(story):
    id = story.draft()
    with pytest.raises(NotFound):
        story.network.ask(story.head, "intake", "suggestion", id=id)
    story.act(story.writer, "ask_delegation", id)
    assert story.network.ask(story.head, "intake", "suggestion", id=id)["title"] == TEXT["title"]
    for who in (story.other, liaison()):
        with pytest.raises(NotFound):
            story.act(who, "confirm_for_delegation", id, agrees=True)
    with pytest.raises(NotAllowed):
        story.act(story.writer, "confirm_for_delegation", id, agrees=True)


def test_the_head_who_does_not_agree_says_why_and_is_asked_again(story):
    id = story.draft()
    story.act(story.writer, "ask_delegation", id)
    with pytest.raises(Invalid):
        story.act(story.head, "confirm_for_delegation", id, agrees=False)
    story.act(story.head, "confirm_for_delegation", id, agrees=False, reason="请补充里程。")
    confirmation = story.network.ask(story.writer, "intake", "suggestion", id=id)["confirmation"]
    assert (confirmation["answer"], confirmation["reason"]) == ("declined", "请补充里程。")
    story.act(story.writer, "revise_suggestion", id, **{**TEXT, "proposals": "请交通运输厅修建四十公里。"})
    story.act(story.writer, "ask_delegation", id)
    story.act(story.head, "confirm_for_delegation", id, agrees=True)
    story.act(story.writer, "submit_suggestion", id)


def test_when_what_shall_be_done_changes_the_confirmation_is_void(story):
    id = story.draft()
    story.act(story.writer, "ask_delegation", id)
    story.act(story.head, "confirm_for_delegation", id, agrees=True)
    story.act(story.writer, "revise_suggestion", id, **{**TEXT, "analysis": "路网稀疏。"})
    story.act(story.writer, "revise_suggestion", id, **{**TEXT, "proposals": "请全部收回重修。"})
    with pytest.raises(WrongState):
        story.act(story.writer, "submit_suggestion", id)


def test_nobody_writes_in_the_name_of_a_delegation_of_others(story):
    with pytest.raises(Invalid) as refusal:
        story.draft(story.other)
    assert list(refusal.value.errors) == ["delegation"]


def test_without_a_head_the_office_is_to_register_one(story):
    story.name_head("")
    id = story.draft()
    with pytest.raises(Invalid, match="还没有登记团长"):
        story.act(story.writer, "ask_delegation", id)


def test_the_head_is_a_member_and_goes_with_the_seat(story):
    with pytest.raises(Invalid):
        story.name_head("外团丙")

    def head():
        return story.network.ask(liaison(), "directory", "delegations", congress=PROVINCE)[0]["head_name"]

    assert head() == "团长乙"
    story.network.do(
        liaison(), "directory", "vacate_seat", story.seats["团长乙"], on="2023-01-10", reason="辞职"
    )
    assert head() == ""


def test_the_office_finds_it_marked_on_its_desk_and_by_its_delegation_in_the_ledger(story):
    id = story.draft()
    story.act(story.writer, "ask_delegation", id)
    story.act(story.head, "confirm_for_delegation", id, agrees=True)
    story.act(story.writer, "submit_suggestion", id)
    assert (
        story.network.ask(liaison(), "intake", "review_desk", congress=PROVINCE)[0]["delegation"]
        == "长沙代表团"
    )

    def found(name):
        return [
            line["id"]
            for line in story.network.ask(liaison(), "supervision", "ledger", delegation=name)["lines"]
        ]

    assert (found("长沙代表团"), found("湘潭代表团")) == ([id], [])
