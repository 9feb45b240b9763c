"""Look-back: a sample that anybody can draw again, and what is not so is put right."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk
from hypothesis import given
from hypothesis import strategies as st

from services.supervision.model.look_back import Candidate, draw
from shared.aggregate import new_id
from shared.identity import SYSTEM
from shared.practices import id_of
from shared.problems import Invalid, NotFound

WANTED = {
    "congress": PROVINCE, "name": "2023年回头看", "from_year": 2023, "to_year": 2023, "classes": "AB", "share": 10,
    "least_of_each_unit": 1,
}  # fmt: skip
FOUND = {"finding": "true", "words": "中心已运行。", "on": "2023-09-05"}


@pytest.fixture
def closed(life):
    """A suggestion whose handling is over."""
    life.up_to_assignment()
    life.replied(date(2023, 4, 3))
    life.judged(date(2023, 4, 5), life.lead, "satisfied")
    life.judged(date(2023, 4, 6), life.cosigner, "satisfied", complete=True)
    life.closed(date(2023, 6, 1))
    life.network.on(date(2023, 9, 5))
    return life


def do(life, who, command, id="", **data):
    return life.network.do(who, "supervision", command, id, **data)


def ask(life, who, query, **params):
    return life.network.ask(who, "supervision", query, **params)


def test_what_is_so_is_said_on_the_timeline(closed):
    drawn = do(closed, liaison(), "draw_look_back", **WANTED)
    assert (drawn["of"], drawn["drawn"]) == (1, 1)
    do(closed, liaison(), "record_finding", drawn["id"], suggestion=closed.id, **FOUND)
    page = ask(closed, deputy("代表甲", closed.lead["id"]), "ledger_line", id=closed.id)
    assert (page["timeline"][-1]["text"], page["demands"]) == ("回头看（2023-09-05）：属实", [])
    do(closed, liaison(), "end_look_back", drawn["id"], summary="全部属实。")
    ended = ask(closed, liaison(), "look_back", id=drawn["id"])
    assert (ended["state_label"], ended["found"], ended["left"]) == (
        "已结束", {"属实": 1, "部分落实": 0, "不属实": 0}, 0,
    )  # fmt: skip


def laid_down(network, **settings):
    version = {"effective_on": "2023-01-01", "on": True, "settings": settings, "ended": False}
    place = {
        "name": "year_calendar",
        "label": "年度日历",
        "place": PROVINCE,
        "kind": "congress",
        "congress": PROVINCE,
    }
    network.tell("practice.recorded.v1", id_of(PROVINCE, "year_calendar"), **place, versions=[version])


@pytest.mark.parametrize(("share", "drawn"), [(10, 1), (0, 0)])
def test_in_its_month_it_is_drawn_by_itself_once_where_the_place_wants_so(closed, share, drawn):
    network = closed.network
    dates = {"opens_on": "2023-01-13", "closes_on": "2023-01-19"}
    network.tell(
        "session.recorded.v1", new_id(), PROVINCE, 1, name="第十四届一次会议", term=14, ordinal=1, **dates
    )
    laid_down(network, look_back_share=share)
    do(closed, liaison(), "draw_up_year", congress=PROVINCE, year=2023)
    for day in (date(2023, 9, 30), date(2023, 10, 1), date(2023, 10, 2)):
        network.on(day)
        network.do(SYSTEM, "supervision", "tick")
        found = ask(closed, liaison(), "look_backs", congress=PROVINCE)["look_backs"]
        assert len(found) == (drawn if day.month == 10 else 0)
    waits = [
        one for one in ask(closed, liaison(), "supervision_waiting") if one["page"].startswith("/look-backs/")
    ]
    assert [(one["what"], one["due_on"]) for one in waits] == [("逐件检查，还有1件", "2023-10-31")] * drawn


def test_what_is_not_so_is_put_right_by_a_date(closed):
    id = do(closed, liaison(), "draw_look_back", **WANTED)["id"]
    wrong = {"suggestion": closed.id, "finding": "not_true", "words": "窗口没有开设。", "on": "2023-09-05"}
    with pytest.raises(Invalid) as refused:
        do(closed, liaison(), "record_finding", id, **wrong)
    assert list(refused.value.errors) == ["due_on"]
    do(closed, liaison(), "record_finding", id, **wrong, due_on="2023-10-31")
    clerk = unit_clerk(closed.tax["id"])
    (waiting,) = ask(closed, clerk, "supervision_waiting")
    assert (waiting["what"], waiting["due_on"]) == ("答复：回头看整改", "2023-10-31")
    do(closed, clerk, "answer_demand", waiting["demand"], text="已开设。")
    do(closed, liaison(), "settle_demand", waiting["demand"])
    assert ask(closed, liaison(), "demands", state="left") == []


def test_it_ends_when_all_of_the_sample_was_looked_at(closed):
    id = do(closed, liaison(), "draw_look_back", **WANTED)["id"]
    with pytest.raises(Invalid, match="还有建议没有检查"):
        do(closed, liaison(), "end_look_back", id, summary="……")
    with pytest.raises(Invalid) as refused:
        do(closed, liaison(), "record_finding", id, suggestion=new_id(), **FOUND)
    assert list(refused.value.errors) == ["suggestion"]


def test_only_what_was_closed_in_those_years_with_those_classes_is_drawn(closed, another_life):
    another_life(title="关于供水的建议").up_to_assignment()
    assert do(closed, liaison(), "draw_look_back", **WANTED)["of"] == 1
    for wrong, field in (
        ({"classes": "C"}, "from_year"), ({"from_year": 2022, "to_year": 2022}, "from_year"), ({"classes": "甲"}, "classes"),
        ({"from_year": 2024}, "to_year"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            do(closed, liaison(), "draw_look_back", **{**WANTED, **wrong})
        assert list(refused.value.errors) == [field]


def test_one_of_several_separate_units_is_drawn_by_its_own_name(network, life):
    for unit in (life.tax, life.water):
        about = {"short": unit["name"], "kind": "government", "parent": "", "active": True}
        network.tell("unit.recorded.v1", unit["id"], name=unit["name"], **about)
    life.drafted(date(2023, 1, 13))
    life.submitted(date(2023, 1, 14))
    life.accepted(date(2023, 1, 20))
    separate = [{**task, "role": "separate"} for task in (life.of_task(), life.of_joint())]
    life.assigned(date(2023, 2, 20), separate)
    life.replied(date(2023, 4, 3))
    life.closed(date(2023, 6, 1))
    network.on(date(2023, 9, 5))
    for unit in (life.tax, life.water):
        drawn = do(life, liaison(), "draw_look_back", **WANTED, unit=unit["id"])
        (one,) = ask(life, liaison(), "look_back", id=drawn["id"])["sample"]
        assert (one["suggestion"], one["unit_name"]) == (life.id, unit["name"])
        not_so = {"finding": "not_true", "words": "没有落实。", "on": "2023-09-05", "due_on": "2023-12-01"}
        do(life, liaison(), "record_finding", drawn["id"], suggestion=life.id, **not_so)
        assert ask(life, unit_clerk(unit["id"]), "demands")[0]["unit"]["name"] == unit["name"]


def test_units_and_neighbours_do_not_see_what_was_drawn(closed):
    id = do(closed, liaison(), "draw_look_back", **WANTED)["id"]
    for stranger in (unit_clerk(closed.tax["id"]), liaison("44"), deputy("代表甲", closed.lead["id"])):
        assert ask(closed, stranger, "look_backs")["look_backs"] == []
        with pytest.raises(NotFound):
            ask(closed, stranger, "look_back", id=id)


CANDIDATES = st.lists(
    st.builds(
        Candidate, suggestion=st.uuids().map(str), number=st.just(""), title=st.just("……"), unit=st.sampled_from("甲乙丙"),
        unit_name=st.just("某局"), reply_class=st.just("A"),
    ),
    unique_by=lambda one: one.suggestion, max_size=40,
)  # fmt: skip


@given(CANDIDATES, st.text(max_size=8), st.integers(1, 100), st.integers(0, 3), st.randoms())
def test_the_same_seed_draws_the_same_and_enough_of_each_unit(candidates, seed, share, least, shuffle):
    sample = draw(candidates, seed, share, least)
    shuffled = list(candidates)
    shuffle.shuffle(shuffled)
    assert draw(shuffled, seed, share, least) == sample
    assert len({one.suggestion for one in sample}) == len(sample)
    for unit in "甲乙丙":
        own = [one for one in candidates if one.unit == unit]
        drawn = [one for one in sample if one.unit == unit]
        assert len(drawn) >= min(len(own), least)
        assert len(drawn) * 100 >= len(own) * share
        assert len(drawn) <= max(least, len(own) * share / 100 + 1)
