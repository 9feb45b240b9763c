"""Hearings: a body hears the reports of units, its opinions come back as a report when they have been carried out."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk

from shared.aggregate import new_id
from shared.identity import SYSTEM
from shared.problems import Invalid, NotAllowed, NotFound

TAX, WATER = new_id(), new_id()
PLAN = {
    "congress": PROVINCE, "body": "standing_committee", "title": "关于代表建议办理情况的报告", "on": "2023-11-28",
    "reports_due_on": "2023-11-20",
}  # fmt: skip
OPINION = {"text": "对B类答复逐项销号。", "unit": TAX, "due_on": "2024-03-31"}
CLERK = unit_clerk(TAX)


@pytest.fixture
def hearing(network):
    for id, name in ((TAX, "省税务局"), (WATER, "省水利厅")):
        network.tell(
            "unit.recorded.v1",
            id,
            PROVINCE,
            1,
            name=name,
            short="",
            kind="government",
            parent="",
            congress_below="",
            closed=False,
        )
    dates = {"opens_on": "2023-01-13", "closes_on": "2023-01-19"}
    network.tell(
        "session.recorded.v1", new_id(), PROVINCE, 1, name="第十四届一次会议", term=14, ordinal=1, **dates
    )
    network.do(liaison(), "supervision", "draw_up_year", congress=PROVINCE, year=2023)
    network.on(date(2023, 10, 9))
    network.id = network.do(liaison(), "supervision", "plan_hearing", **PLAN, units=[TAX])["id"]
    return network


def do(network, who, command, id="", **data):
    return network.do(who, "supervision", command, id or network.id, **data)


def ask(network, who):
    return network.ask(who, "supervision", "hearing", id=network.id)


def waiting(network, who):
    return [(line["what"], line["due_on"], line["page"]) for line in network.ask(who, "supervision", "supervision_waiting") if line.get("page", "").startswith("/hearings")]  # fmt: skip


def in_the_year(network):
    plan = network.ask(liaison(), "supervision", "year_plan", congress=PROVINCE, year=2023)["plan"]
    return {entry["entry"]: (entry["since"], entry["state"]) for entry in plan["entries"]}.get(network.id)


def held(network, *opinions):
    network.on(date(2023, 11, 28), hour=18)
    return do(
        network,
        liaison(),
        "record_hearing",
        on="2023-11-28",
        minutes="会议审议了报告。",
        opinions=list(opinions),
    )


def test_from_the_plan_to_the_report_that_comes_back(hearing):
    page = f"/hearings/{hearing.id}"
    assert ("提交办理情况报告", "2023-11-20", page) in waiting(hearing, CLERK)
    do(hearing, CLERK, "submit_hearing_report", text="承办的12件建议已全部答复。")
    assert waiting(hearing, CLERK) == []
    (demand,) = held(hearing, OPINION)["demands"]
    assert ("答复：审议意见", "2024-03-31", page) in waiting(hearing, CLERK)
    with pytest.raises(Invalid) as refused:
        do(hearing, liaison(), "report_hearing", on="2023-11-28", outcome="……")
    assert "省税务局：对B类答复逐项销号。" in refused.value.errors["outcome"][0]
    hearing.on(date(2024, 3, 20))
    do(hearing, CLERK, "answer_demand", demand, text="已逐项销号。")
    do(hearing, liaison(), "settle_demand", demand)
    do(hearing, liaison(), "report_hearing", on="2024-03-20", outcome="审议意见已全部落实。")
    seen = ask(hearing, deputy("代表甲", new_id()))
    assert (seen["state_label"], seen["outcome"]) == ("已报告落实情况", "审议意见已全部落实。")
    told = [event["type"].removesuffix(".v1") for event in hearing.published("supervision", hearing.id)]
    assert told == [
        "hearing.planned", "hearing.informed", "hearing.held", "hearing.answered", "hearing.settled", "hearing.reported",
    ]  # fmt: skip


def test_it_stands_in_the_year_and_moves_there(hearing):
    assert in_the_year(hearing) == ("2023-11-28", "ahead")
    do(hearing, liaison(), "change_hearing", on="2023-12-05", reason="会期调整。")
    assert in_the_year(hearing) == ("2023-12-05", "ahead")
    do(hearing, liaison(), "cancel_hearing", reason="改为书面审议。")
    assert in_the_year(hearing) == ("2023-12-05", "removed")
    with pytest.raises(Invalid, match="跟着所登记的事项走"):
        plan = hearing.ask(liaison(), "supervision", "year_plan", congress=PROVINCE, year=2023)["plan"]
        do(
            hearing,
            liaison(),
            "change_year_entry",
            plan["id"],
            entry=hearing.id,
            since="2023-12-06",
            reason="……",
        )


def test_an_opinion_that_is_not_carried_out_stays_open_and_touches_no_suggestion(hearing):
    (demand,) = held(hearing, OPINION)["demands"]
    hearing.on(date(2024, 6, 1))
    hearing.do(SYSTEM, "supervision", "tick")
    (line,) = hearing.ask(liaison(), "supervision", "demands", state="overdue")
    assert (line["origin_label"], line["light"], line["suggestion"]) == ("审议意见", "red", "")
    do(hearing, CLERK, "answer_demand", demand, text="还在推进。")
    do(hearing, liaison(), "return_demand", demand, reason="没有写明进度。", due_on="2024-07-31")
    assert ask(hearing, CLERK)["opinions"][0]["returned"][0]["reason"] == "没有写明进度。"


def test_who_reads_what(hearing):
    do(hearing, CLERK, "submit_hearing_report", text="承办的12件建议已全部答复。")
    member = deputy("代表甲", new_id())
    assert ask(hearing, member)["reports"][0]["text"] == ""  # until it was heard
    with pytest.raises(NotAllowed):
        do(hearing, unit_clerk(WATER), "submit_hearing_report", text="……")
    with pytest.raises(NotFound):
        ask(hearing, liaison("44"))
    held(hearing, OPINION)
    shown = ask(hearing, member)
    assert shown["reports"][0]["text"] and (
        shown["opinions"][0]["text"],
        shown["opinions"][0]["answers"],
    ) == (OPINION["text"], [])
    inner = hearing.do(
        liaison(),
        "supervision",
        "plan_hearing",
        **PLAN | {"body": "party_committee", "on": "2023-12-20"},
        is_open=False,
    )["id"]
    hearing.id = inner
    with pytest.raises(NotFound):
        ask(hearing, member)
    assert in_the_year(hearing) is None


def test_opinions_have_a_date_to_come_and_the_meeting_is_over(hearing):
    with pytest.raises(Invalid):
        do(hearing, liaison(), "record_hearing", on="2023-11-28", minutes="……", opinions=[])
    with pytest.raises(Invalid) as refused:
        held(hearing, OPINION | {"due_on": "2023-11-01"})
    assert list(refused.value.errors) == ["opinions"]
    assert ask(hearing, liaison())["state"] == "planned"
