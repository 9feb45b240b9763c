"""Deputies appraise units: each casts one ballot, and nobody can find out which."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from harness import PROVINCE, deputy, liaison, unit_clerk
from hypothesis import given, settings
from hypothesis import strategies as st
from telling import NAMES, STRANGER, TAX, WATER, A, B

from services.evaluation.model.appraisal import LEAST_BALLOTS, Tally
from services.evaluation.model.parts import Named
from shared.identity import Actor, Role
from shared.problems import Invalid, NotFound, WrongState
from shared.terms import BALLOT_MARKS

DAY = date(2023, 5, 20)
GOOD, BAD = ["satisfied", "satisfied"], ["unsatisfied", "unknown"]
SUPERVISOR = Actor("supervisor", "副主任甲", (Role("supervisor", PROVINCE),))


@pytest.fixture
def known(network):
    for seat in (A, B, STRANGER):
        network.tell(
            "deputy.recorded.v1", seat, name=NAMES[seat], congress=PROVINCE, active=True, delegation=""
        )
    for unit in (TAX, WATER):
        network.tell("unit.recorded.v1", unit, PROVINCE, 2, name=NAMES[unit], short=NAMES[unit], congress=PROVINCE, kind="government", parent="", active=True)  # fmt: skip


def draw_up(network, **changed):
    data = {
        "congress": PROVINCE, "name": "2023年度代表评议", "on": DAY.isoformat(), "units": [TAX, WATER], "deputies": [A, B, STRANGER],
        "questions": ["办理态度", "办理质量"], **changed,
    }  # fmt: skip
    return network.do(liaison(), "evaluation", "draw_up_appraisal", **data)["id"]


def cast(network, id, seat, tax=GOOD, water=GOOD, opinion="", key=None):
    marks = [
        {"unit": TAX, "marks": tax, "opinion": opinion},
        {"unit": WATER, "marks": water, "opinion": ""},
    ]
    return network.do(deputy(NAMES[seat], seat), "evaluation", "cast_ballot", id, marks=marks, key=key)


def act(network, command, id, who=None, **data):
    return network.do(who or liaison(), "evaluation", command, id, **data)


def seen(network, id, who=None):
    return network.ask(who or liaison(), "evaluation", "appraisal", id=id)


def waiting(network, who):
    return [line["command"] for line in network.ask(who, "evaluation", "evaluation_waiting")]


def test_invited_they_cast_it_is_closed_announced_and_put_right(network, known):
    id = draw_up(network)
    guest = deputy(NAMES[A], A)
    assert waiting(network, guest) == []
    with pytest.raises(WrongState, match="从那天起可以投票"):
        cast(network, id, A)
    network.on(DAY)
    assert waiting(network, guest) == ["cast_ballot"]
    cast(network, id, A, tax=BAD, opinion="数据仍不互通，群众多跑路。")
    cast(network, id, B)
    cast(network, id, STRANGER)
    assert waiting(network, guest) == []
    act(network, "close_appraisal", id)
    (tax,) = [r for r in seen(network, id)["results"] if r["unit"]["id"] == TAX]
    assert tax["marks"][0] == {"question": "办理态度", "counts": {"satisfied": 2, "basically": 0, "unsatisfied": 1, "unknown": 0}}  # fmt: skip
    assert tax["opinions"] == ["数据仍不互通，群众多跑路。"]

    with pytest.raises(NotFound):
        seen(network, id, unit_clerk(TAX))
    act(network, "announce_appraisal", id)
    told = seen(network, id, unit_clerk(TAX))
    assert ([r["unit"]["id"] for r in told["results"]], told["invited"], told["history"]) == ([TAX], [], [])
    act(network, "demand_rectification", id, unit=TAX, text="年底前打通数据。", due_on="2023-12-20")
    assert [e["type"] for e in network.published("evaluation", id)] == [
        "appraisal.drawn.v1", "ballot.cast.v1", "ballot.cast.v1", "ballot.cast.v1", "appraisal.closed.v1", "appraisal.announced.v1",
        "rectification.demanded.v1",
    ]  # fmt: skip


def everything(network):
    """All that evaluation keeps, but for what is drawn by lot; and nothing of it is left for the next world."""
    tables = [
        name for name in network.runtimes["evaluation"].tables if name not in ("inbox", "outbox", "copies")
    ]
    rows = network.rows("evaluation", *tables, but=("event_id", "trace", "body", "position"))
    events = [(e["type"], e["subject"], e["time"], e["data"]) for e in network.published("evaluation")]
    with network.runtimes["evaluation"].database.writing() as connection:
        for name in tables:
            connection.execute(sa.delete(network.runtimes["evaluation"].tables[name]))
    return str((rows, events))


@pytest.mark.parametrize("last", [GOOD, BAD])
def test_nothing_that_is_kept_tells_who_marked_what(network, known, monkeypatch, last):
    """Two worlds that differ in who marked what, and in nothing else, leave the very same rows and events behind."""
    monkeypatch.setattr("services.evaluation.model.appraisal.new_id", lambda: STRANGER)
    left = []
    for one, other in ((GOOD, BAD), (BAD, GOOD)):
        id = draw_up(network, on="2023-05-15")
        cast(network, id, A, one, other, opinion=f"说了{one}", key="key-a")
        cast(network, id, B, other, one, opinion=f"说了{other}", key="key-b")
        cast(network, id, STRANGER, last, last, key="key-c")
        left.append(everything(network))
    assert left[0] == left[1]


def test_each_casts_once_and_a_second_click_is_harmless(network, known):
    id = draw_up(network, on="2023-05-15")
    first = cast(network, id, A, key="the-form")
    assert cast(network, id, A, key="the-form") == first
    with pytest.raises(WrongState, match="只投一次"):
        cast(network, id, A, BAD)
    assert seen(network, id)["ballots"] == 1


def test_nobody_reads_the_sums_before_the_close_nor_of_fewer_than_three(network, known):
    id = draw_up(network, on="2023-05-15")
    cast(network, id, A, opinion="只有我说")
    cast(network, id, B)
    assert seen(network, id)["results"] == []
    act(network, "close_appraisal", id)
    act(network, "announce_appraisal", id)
    for who in (liaison(), unit_clerk(TAX)):
        for result in seen(network, id, who)["results"]:
            assert (result["ballots"], result["marks"], result["opinions"]) == (None, [], [])
    assert network.published("evaluation", id)[-1]["data"]["results"] == []


def test_a_ballot_marks_every_unit_by_every_question(network, known):
    id = draw_up(network, on="2023-05-15")
    for wrong in (["satisfied"], ["satisfied", "perfect"], [*GOOD, "satisfied"]):
        with pytest.raises(Invalid, match="省税务局"):
            cast(network, id, A, tax=wrong)
    with pytest.raises(Invalid):
        network.do(deputy(NAMES[A], A), "evaluation", "cast_ballot", id, marks=[])
    assert seen(network, id)["ballots"] == 0


def test_who_is_not_invited_does_not_know_of_it(network, known):
    id = draw_up(network, on="2023-05-15")
    for who in (liaison("44"), unit_clerk(TAX), deputy("代表丁", "0190a1b2-0000-7000-8000-0000000000a9")):
        with pytest.raises(NotFound):
            seen(network, id, who)
        assert network.ask(who, "evaluation", "appraisals", congress=PROVINCE) == []
    assert seen(network, id, SUPERVISOR)["invited"] != []


def test_deputies_of_another_congress_cannot_be_invited(network, known):
    network.tell("deputy.recorded.v1", B, "44", 2, name="代表乙", active=True, delegation="")
    with pytest.raises(Invalid) as refusal:
        draw_up(network)
    assert refusal.value.errors.keys() == {"deputies"}


def test_a_cancelled_one_keeps_no_ballots(network, known):
    id = draw_up(network, on="2023-05-15")
    cast(network, id, A)
    act(network, "cancel_appraisal", id, reason="改期举行。")
    assert network.rows("evaluation", "tallies")["tallies"] == []
    with pytest.raises(WrongState):
        cast(network, id, B)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(list(BALLOT_MARKS)), st.sampled_from(["", "甲", "乙"])), max_size=12)
)
def test_the_sums_are_those_of_the_ballots_in_whatever_order_they_came(ballots):
    def summed(order):
        tally = Tally(Named("u", "单位"), marks=[{}])
        for mark, opinion in order:
            tally.add([mark], opinion)
        return tally

    tally = summed(ballots)
    assert sum(tally.marks[0].values()) == tally.ballots == len(ballots)
    assert tally == summed(ballots[::-1])
    assert tally.may_be_shown == (len(ballots) >= LEAST_BALLOTS)
