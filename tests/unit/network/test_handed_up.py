"""What is beyond a county's powers goes up to the city: it answers or says why not, and the deputy hears both."""

from __future__ import annotations

from datetime import date

import pytest
from harness import CITY, COUNTY, PROVINCE, deputy, liaison

from shared.identity import SYSTEM
from shared.problems import Invalid, NotAllowed, NotFound, WrongState

SERVICES = ("directory", "intake", "supervision", "search")
TEXT = {
    "title": "关于开通市域快线的建议", "situation": "通勤难。", "analysis": "没有快线。", "proposals": "请市交通局开通。",
    "kind": "suggestion", "category": "交通运输",
}  # fmt: skip
UP = {"explanation": "市域快线由市里统一规划。"}


class Story:
    def __init__(self, network) -> None:
        self.network = network
        divisions = [
            {"path": path, "code": path, "name": f"某地{path}", "level": "city", "parent": path.rpartition(".")[0], "has_congress": True}
            for path in (PROVINCE, CITY, COUNTY)
        ]  # fmt: skip
        network.do(SYSTEM, "directory", "register_divisions", divisions=divisions)
        session = {"term": 14, "ordinal": 1, "opens_on": "2023-01-13", "closes_on": "2023-01-19"}
        self.writers = {}
        for path in (PROVINCE, CITY, COUNTY):
            network.do(SYSTEM, "directory", "open_session", congress=path, **session)
            seat = network.do(SYSTEM, "directory", "register_deputy", congress=path, name="代表甲")["id"]
            self.writers[path] = deputy("代表甲", seat, path)

    def submitted(self, congress: str = COUNTY) -> str:
        writer = self.writers[congress]
        id = self.network.do(writer, "intake", "draft_suggestion", congress=congress, **TEXT)["id"]
        self.network.do(writer, "intake", "submit_suggestion", id)
        return str(id)

    def act(self, who, command: str, id: str, **data):
        return self.network.do(who, "intake", command, id, **data)

    def reads(self, who, id: str) -> dict:
        return dict(self.network.ask(who, "intake", "suggestion", id=id))

    def waits(self, who) -> list[str]:
        return [line["command"] for line in self.network.ask(who, "intake", "intake_waiting")]

    def state(self, id: str) -> str:
        """In the ledger of the county."""
        return str(self.network.ask(liaison(COUNTY), "supervision", "ledger_line", id=id)["line"]["state"])


@pytest.fixture
def story(network_of):
    return Story(network_of(*SERVICES, today=date(2023, 1, 15)))


def test_it_is_taken_over_and_the_answer_comes_back_to_the_deputy_and_the_office_below(story):
    id, writer = story.submitted(), story.writers[COUNTY]
    story.act(liaison(COUNTY), "hand_up", id, **UP)
    assert (story.state(id), story.reads(writer, id)["hand_up"]["explanation"]) == (
        "handed_up",
        UP["explanation"],
    )
    assert story.waits(liaison(CITY)) == ["take_over"] and story.waits(liaison(COUNTY)) == []
    story.act(liaison(CITY), "take_over", id)
    assert story.waits(liaison(CITY)) == ["answer_hand_up"]
    story.act(liaison(CITY), "answer_hand_up", id, answer="已列入明年计划。")
    assert story.waits(liaison(CITY)) == []
    for who in (writer, liaison(COUNTY)):
        assert story.reads(who, id)["hand_up"]["words"] == "已列入明年计划。"
    page = story.network.ask(writer, "supervision", "ledger_line", id=id)
    assert page["timeline"][-1]["reason"] == "已列入明年计划。"
    with pytest.raises(WrongState):
        story.act(liaison(CITY), "answer_hand_up", id, answer="又一次")


def test_what_the_level_above_declines_is_on_the_desk_below_again_with_the_reason(story):
    id = story.submitted()
    story.act(liaison(COUNTY), "hand_up", id, **UP)
    story.act(liaison(CITY), "decline_hand_up", id, reason="属于县级职权。")
    assert (story.state(id), story.waits(liaison(COUNTY))) == ("submitted", ["accept_suggestion"])
    assert "属于县级职权" in story.reads(story.writers[COUNTY], id)["history"][-1]["reason"]
    with pytest.raises(NotFound):
        story.reads(liaison(CITY), id)
    story.act(liaison(COUNTY), "accept_suggestion", id)
    assert story.state(id) == "accepted"


def test_the_office_above_sees_this_one_only_and_nobody_else_there_does(story):
    up, other = story.submitted(), story.submitted()
    story.act(liaison(COUNTY), "hand_up", up, **UP)
    told = story.reads(liaison(CITY), up)
    assert told["title"] == TEXT["title"] and told["history"] == []
    assert [
        line["id"] for line in story.network.ask(liaison(CITY), "intake", "handed_up", congress=CITY)
    ] == [up]
    with pytest.raises(NotFound):
        story.reads(liaison(CITY), other)
    for who in (liaison(PROVINCE), liaison("43.02"), story.writers[CITY]):
        with pytest.raises(NotFound):
            story.reads(who, up)
        with pytest.raises(NotFound):
            story.act(who, "take_over", up)
    with pytest.raises(NotAllowed):
        story.network.ask(liaison(COUNTY), "intake", "handed_up", congress=CITY)
    assert story.network.ask(liaison(CITY), "supervision", "ledger")["lines"] == []
    with pytest.raises(NotAllowed):  # deciding on it below is not the city's
        story.act(liaison(CITY), "hand_up", up, **UP)


def test_where_there_is_nothing_above_it_is_not_handed_up(story):
    id = story.submitted(PROVINCE)
    with pytest.raises(Invalid, match="没有登记上级人大"):
        story.act(liaison(PROVINCE), "hand_up", id, **UP)
    assert story.waits(liaison(PROVINCE)) == ["accept_suggestion"]
