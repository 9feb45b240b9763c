"""The calendar of the year: drawn from the session, the periods and the settings, it follows them, and is the same for all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from harness import CITY, PROVINCE, deputy, liaison, unit_clerk
from hypothesis import given
from hypothesis import strategies as st

from services.supervision.model.calendar import WorkCalendar
from services.supervision.model.deadlines import RULES
from services.supervision.model.year import Facts, Session, YearPlan, draw
from shared.aggregate import new_id
from shared.groups import GROUPS
from shared.identity import SYSTEM, Actor, Role
from shared.problems import Invalid, NotAllowed, NotFound

SESSION = new_id()


def tell_session(network, opens="2023-01-13", closes="2023-01-19", sequence=1):
    dates = {"opens_on": opens, "closes_on": closes}
    network.tell(
        "session.recorded.v1",
        SESSION,
        PROVINCE,
        sequence,
        name="第十四届一次会议",
        term=14,
        ordinal=1,
        **dates,
    )


@pytest.fixture
def drawn(network):
    tell_session(network)
    network.id = network.do(liaison(), "supervision", "draw_up_year", congress=PROVINCE, year=2023)["id"]
    return network


def entries(network, who=None, year=2023, congress=PROVINCE):
    plan = network.ask(who or liaison(), "supervision", "year_plan", congress=congress, year=year)["plan"]
    return {entry["entry"]: entry for entry in plan["entries"]} if plan else {}


def do(network, command, by=None, **data):
    return network.do(by or liaison(), "supervision", command, network.id, **data)


def changes(network):
    """[(what changed, how, since when, before)] of the newest word about the year."""
    told = network.published("supervision", network.id)
    last = [event for event in told if event["type"] == "year.changed.v1"][-1]
    return [(e["entry"], e["change"], e["since"], e.get("before_since", "")) for e in last["data"]["entries"]]


def test_everybody_reads_the_same_year_and_how_each_date_came_about(drawn):
    read = entries(drawn, deputy("代表甲", new_id()))
    assert read == {key: entry | {"is_mine": entry["is_mine"]} for key, entry in read.items()}
    assert list(read) == list(entries(drawn, unit_clerk(new_id())))
    assert (read["meeting"]["since"], read["reply"]["since"], read["feedback"]["until"]) == (
        "2023-02-20",
        "2023-05-22",
        "2023-06-01",
    )
    assert read["reply"]["because"].startswith("自2023年2月20日交办之日起3个月")
    assert read["meeting"]["because"].startswith("自2023年1月19日会议闭幕之日起30日")
    assert (read["hearing"]["since"], read["hearing"]["until"]) == ("2023-11-01", "2023-11-30")
    assert "visiting" not in read


def test_without_a_session_there_is_no_year_and_what_to_do_is_said(network):
    with pytest.raises(Invalid, match="请先到“名册”登记会议的日期"):
        network.do(liaison(), "supervision", "draw_up_year", congress=PROVINCE, year=2023)
    assert entries(network) == {}


def test_a_session_that_is_put_off_takes_the_year_with_it_but_for_what_was_fixed(drawn):
    do(
        drawn,
        "change_year_entry",
        entry="review",
        since="2023-02-01",
        until="2023-02-10",
        reason="春节后集中审查。",
    )
    tell_session(drawn, "2023-02-10", "2023-02-16", sequence=2)
    after = entries(drawn)
    assert (after[f"session-{SESSION}"]["since"], after["meeting"]["since"]) == ("2023-02-10", "2023-03-20")
    assert (after["review"]["since"], after["review"]["by_hand"]) == ("2023-02-01", True)
    assert after["review"]["because"] == "联工委调整：春节后集中审查。原定2023年1月19日至2023年2月3日。"
    moved = changes(drawn)
    assert ("meeting", "moved", "2023-03-20", "2023-02-20") in moved
    assert "review" not in {entry for entry, *_ in moved}
    do(drawn, "release_year_entry", entry="review")
    assert entries(drawn)["review"]["until"] == "2023-03-03"


def test_the_periods_count_from_the_meeting_once_its_day_is_fixed(drawn):
    drawn.tell("batch.drawn.v1", new_id(), PROVINCE, 1, name="交办会", meeting_on="2023-02-23")
    after = entries(drawn)
    assert (after["meeting"]["since"], after["reply"]["since"]) == ("2023-02-23", "2023-05-23")
    assert after["meeting"]["because"] == "交办批次定于2023年2月23日。"
    batch = {"name": "交办会", "reason": "……"}
    drawn.tell("batch.moved.v1", new_id(), PROVINCE, 1, **batch, meeting_on="2023-02-27", before="2023-02-23")
    assert entries(drawn)["meeting"]["since"] == "2023-02-27"
    drawn.tell("batch.discarded.v1", new_id(), PROVINCE, 1, **batch, meeting_on="2023-02-27", count=0)
    assert entries(drawn)["meeting"]["because"].startswith("自2023年1月19日会议闭幕之日起30日")


def test_holidays_that_are_announced_late_move_what_ends_on_them(drawn):
    days = {"holidays": [{"on": "2023-05-22", "name": "某节"}], "workdays": []}
    drawn.do(SYSTEM, "supervision", "announce_arrangement", year=2023, source="国办发明电〔2023〕9号", **days)
    drawn.do(SYSTEM, "supervision", "tick")
    assert entries(drawn)["reply"]["since"] == "2023-05-23"
    assert ("reply", "moved", "2023-05-23", "2023-05-22") in changes(drawn)
    told = len(drawn.published("supervision", drawn.id))
    drawn.do(SYSTEM, "supervision", "tick")
    assert len(drawn.published("supervision", drawn.id)) == told  # nothing has changed: nothing is told


def test_the_office_adds_takes_out_and_puts_back(drawn):
    mine = {
        "what": "代表走访月",
        "kind": "people",
        "since": "2023-04-01",
        "until": "2023-04-30",
        "who": ["deputy"],
        "duty": True,
    }
    key = do(drawn, "add_year_entry", **mine, reason="联系群众实施意见。")["entry"]
    do(drawn, "remove_year_entry", entry="look_back", reason="今年与评议合并开展。")
    seen = entries(drawn, deputy("代表甲", new_id()))
    assert seen[key]["because"] == "联工委安排：联系群众实施意见。"
    assert "look_back" not in seen and entries(drawn)["look_back"]["reason"] == "今年与评议合并开展。"
    do(drawn, "release_year_entry", entry="look_back")
    assert entries(drawn)["look_back"]["since"] == "2023-10-01"
    with pytest.raises(NotFound):
        do(drawn, "remove_year_entry", entry="nothing", reason="……")


def test_only_the_office_of_the_congress_lays_it_down_and_neighbours_see_nothing(drawn):
    with pytest.raises(NotAllowed):
        do(drawn, "remove_year_entry", unit_clerk(new_id()), entry="look_back", reason="……")
    with pytest.raises(NotFound):
        do(drawn, "remove_year_entry", liaison("44"), entry="look_back", reason="……")
    assert entries(drawn, liaison("44")) == {}
    # The province assigns to the city's government: its units live by the province's year, the city's deputies do not.
    bureau = Actor(new_id(), "市局经办人", (Role("handler", CITY, unit=new_id()),))
    assert entries(drawn, bureau) and not entries(drawn, deputy("市代表", new_id(), CITY))


def waiting(network, who):
    found = network.ask(who, "supervision", "supervision_waiting")
    return [(line["title"], line["due_on"], line["light"]) for line in found]


def test_a_duty_stands_among_the_work_of_whom_it_concerns_until_it_is_done(drawn):
    clerk = unit_clerk(new_id())
    drawn.on(date(2023, 1, 20))
    assert waiting(drawn, liaison()) == [("审查立案", "2023-02-03", "green")]
    assert waiting(drawn, clerk) == []
    drawn.on(date(2023, 2, 6))
    assert ("审查立案", "2023-02-03", "red") in waiting(drawn, liaison())  # the office's stays
    do(drawn, "finish_year_entry", entry="review", note="全部审查完毕。")
    assert waiting(drawn, liaison()) == []
    drawn.on(date(2023, 2, 14))
    assert waiting(drawn, clerk) == [("代表建议交办会", "2023-02-20", "yellow")]
    drawn.on(date(2023, 2, 21))
    assert waiting(drawn, clerk) == []
    tell_session(drawn, "2023-02-10", "2023-02-16", sequence=2)
    assert entries(drawn)["review"]["state"] == "done"  # what is done stays where it was done


def reminded(network):
    told = network.published("supervision", network.id)
    return [
        (e["data"]["entry"], e["data"]["since"], e["data"]["who"])
        for e in told
        if e["type"] == "year.reminded.v1"
    ]


def test_whom_a_duty_concerns_is_told_once_three_days_before_and_again_when_it_moves(drawn):
    drawn.on(date(2023, 11, 5))
    mine = {"kind": "hear", "what": "听取汇报", "until": "2023-11-12", "who": ["unit"], "duty": True}
    key = do(drawn, "add_year_entry", since="2023-11-10", **mine, reason="……")["entry"]
    for day, expected in ((6, []), (7, ["2023-11-10"]), (8, ["2023-11-10"])):
        drawn.on(date(2023, 11, day))
        drawn.do(SYSTEM, "supervision", "tick")
        assert [
            since for entry, since, who in reminded(drawn) if entry == key and who == ["unit"]
        ] == expected
    do(drawn, "change_year_entry", entry=key, what="", since="2023-11-11", until="2023-11-12", reason="……")
    drawn.on(date(2023, 11, 9))
    drawn.do(SYSTEM, "supervision", "tick")
    assert [since for entry, since, _ in reminded(drawn) if entry == key] == ["2023-11-10", "2023-11-11"]


def test_what_was_over_before_the_year_was_drawn_waits_for_nobody(network):
    tell_session(network)
    network.on(date(2023, 8, 1))
    network.do(liaison(), "supervision", "draw_up_year", congress=PROVINCE, year=2023)
    assert waiting(network, liaison()) == []


DAYS = st.dates(date(2023, 1, 1), date(2023, 6, 30))


def facts(opens: date, length: int, **settings: int) -> Facts:
    session = Session("s", "第十四届一次会议", opens, opens + timedelta(days=length))
    laid_down = GROUPS["year_calendar"].defaults | settings
    return Facts(2023, (session,), None, laid_down, lambda day: RULES, WorkCalendar.official())


@given(DAYS, DAYS, st.integers(0, 12), st.sets(st.sampled_from(["review", "meeting", "reply", "hearing"])))
def test_following_gives_what_drawing_anew_would_and_leaves_what_was_fixed(first, second, month, fixed):
    """In whatever order: what is not by hand is always as if it had just been drawn."""
    plan = YearPlan(id="p", congress=PROVINCE, year=2023, drawn_on=first)
    plan.follow(draw(facts(first, 5)))
    for key in fixed:
        plan.change(key, "", first, first, "……")
    wanted = draw(facts(second, 5, hearing_month=month))
    plan.follow(wanted)
    kept = {entry.key: entry for entry in plan.entries}
    assert all(kept[entry.key] == entry for entry in wanted if entry.key not in fixed)
    assert all((kept[key].since, kept[key].by_hand) == (first, True) for key in fixed)
    assert kept.keys() == {entry.key for entry in wanted} | fixed
    assert plan.follow(wanted) == []
