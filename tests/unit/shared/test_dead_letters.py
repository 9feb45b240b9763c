"""What cannot be handled is tried again, then parked, then replayed or dropped; nobody else waits for it."""

from __future__ import annotations

import itertools
from datetime import timedelta

import orjson
import pytest
import sqlalchemy as sa
from harness import envelope, liaison

from shared import failures as module
from shared.identity import Actor, Role
from shared.operations import operate
from shared.problems import Invalid, NotAllowed, NotFound
from shared.upcasting import Reader

TYPE = "congress.recorded.v1"
OPERATOR = Actor("yunwei", "运维甲", (Role("operator", ""),))


@pytest.fixture
def broken() -> set[str]:
    """The subjects, or `subject sequence`, for which intake's handler fails now."""
    return set()


@pytest.fixture
def network(network_of, broken, monkeypatch):
    network = network_of("intake")
    network.handled = []

    def handle(work, event) -> None:
        if broken & {event["subject"], f"{event['subject']} {event['sequence']}"}:
            raise KeyError("deputy")
        network.handled.append((event["subject"], event["sequence"]))

    events = network.runtimes["intake"].handlers.events
    monkeypatch.setitem(events, TYPE, [*events[TYPE], handle])
    return network


@pytest.fixture
def intake(network):
    return network.runtimes["intake"]


def events(network, *subjects: str):
    """One event about each subject named, counted up for each; a minute apart."""
    counted: dict[str, int] = {}
    found = []
    for number, subject in enumerate(subjects):
        counted[subject] = counted.get(subject, 0) + 1
        at = network.clock.now() + timedelta(minutes=number)
        found.append(envelope(TYPE, subject, "43", counted[subject], at, {"name": "湖南省"}))
    return found


def ask(network, action: str, who: Actor = OPERATOR, **params):
    return operate(network.runtimes["intake"], action, params, network.token(who))


def make_due(intake) -> None:
    """Let the time of everything that waits have come."""
    f = intake.tables["failures"]
    with intake.database.writing() as connection:
        connection.execute(sa.update(f).where(f.c.next_at.is_not(None)).values(next_at=0.0))
    intake.failures.next_look = 0.0


def park(intake) -> None:
    """Let it fail until nothing is tried any more."""
    for _ in range(module.MOST_ATTEMPTS + 1):
        make_due(intake)
        intake.failures.retry_due()


def test_one_that_fails_does_not_take_a_hundred_neighbours_with_it(network, intake, broken):
    broken.add("bad")
    subjects = [f"good {number}" for number in range(50)]
    intake.consume(events(network, *subjects, "bad", *(f"{subject}+" for subject in subjects)))
    assert len(set(network.handled)) == 100
    [waiting] = ask(network, "dead_letters", waiting=True)
    assert (waiting["subject"], waiting["attempts"], waiting["error"]) == ("bad", 1, "KeyError('deputy')")
    assert ask(network, "dead_letters") == []


def test_what_follows_it_waits_and_then_goes_in_order(network, intake, broken):
    broken.add("bad")
    told = events(network, *["bad"] * 5, "good")
    intake.consume(told[:2] + told[5:])
    intake.consume(told[2:5])
    make_due(intake)
    intake.failures.retry_due()
    assert network.handled == [("good", 1)]  # none has overtaken the first
    broken.clear()
    make_due(intake)
    assert intake.failures.retry_due() == 5
    assert network.handled[1:] == [("bad", number) for number in range(1, 6)]


def test_the_delay_grows_with_some_chance_in_it(monkeypatch):
    monkeypatch.setattr(module.time, "time", lambda: 0.0)
    delays = [[module._next_at(attempts) for _ in range(30)] for attempts in range(1, module.MOST_ATTEMPTS)]
    assert [max(d) < min(e) for d, e in itertools.pairwise(delays[:7])] == [True] * 6
    assert all(len(set(d)) > 1 for d in delays) and max(delays[-1]) <= module.LONGEST_DELAY_SECONDS * 1.2
    assert module._next_at(module.MOST_ATTEMPTS) is None


def test_it_is_parked_after_nine_attempts_and_lets_the_others_go_on(network, intake, broken):
    broken.add("bad 1")
    first, second, third = events(network, "bad", "bad", "bad")
    intake.consume([first, second])
    for _ in range(module.MOST_ATTEMPTS - 1):
        assert ask(network, "dead_letters") == [] and network.handled == []
        make_due(intake)
        intake.failures.retry_due()
    [parked] = ask(network, "dead_letters")
    assert (parked["event_id"], parked["attempts"]) == (first["id"], module.MOST_ATTEMPTS)
    intake.consume([third])
    assert network.handled == [("bad", 2), ("bad", 3)]


def test_it_is_shown_whole_and_replayed_when_the_fault_is_repaired(network, intake, broken):
    broken.add("bad")
    [event] = events(network, "bad")
    intake.consume([event])
    park(intake)
    shown = ask(network, "dead_letter", event_id=event["id"])
    assert shown["body"] == event and "KeyError: 'deputy'" in shown["traceback"]
    assert ask(network, "replay", event_id=event["id"]) == {"done": False}
    assert ask(network, "dead_letters")[0]["attempts"] == module.MOST_ATTEMPTS + 1
    broken.clear()
    assert ask(network, "replay", event_id=event["id"]) == {"done": True}
    assert network.handled == [("bad", 1)] and ask(network, "dead_letters", waiting=True) == []
    intake.consume([event])
    assert network.handled == [("bad", 1)]  # it took effect once


def test_of_two_replicas_that_replay_at_once_one_has_an_effect(network, intake, broken):
    broken.add("bad")
    [event] = events(network, "bad")
    intake.consume([event])
    row = intake.failures.find(event["id"])
    broken.clear()
    assert intake.failures._try(row) and intake.failures._try(row)
    assert network.handled == [("bad", 1)]


def test_they_are_grouped_by_cause_and_replayed_in_order(network, intake, broken):
    broken |= {"a", "b", "c"}
    intake.consume(events(network, "a", "b", "c", "a", "b"))
    park(intake)
    park(intake)
    [cause] = ask(network, "causes")
    assert (cause["count"], cause["type"], cause["error"]) == (5, TYPE, "KeyError('deputy')")
    assert cause["first"] <= cause["last"]
    broken -= {"a", "c"}
    answer = ask(network, "replay_cause", cause=cause["cause"])
    assert answer == {"done": 3, "failed": [("elsewhere", "b")], "left": 0}
    assert network.handled == [("a", 1), ("a", 2), ("c", 1)]
    assert [row["subject"] for row in ask(network, "dead_letters")] == ["b", "b"]


def test_what_is_not_done_in_time_is_left_for_the_next_call(network, intake, broken, monkeypatch):
    broken.add("a")
    intake.consume(events(network, "a", "a"))
    park(intake)
    park(intake)
    broken.clear()
    monkeypatch.setattr("shared.dead_letters.AT_ONCE_SECONDS", -1.0)
    [cause] = ask(network, "causes")
    assert ask(network, "replay_cause", cause=cause["cause"]) == {"done": 0, "failed": [], "left": 2}


def test_dropping_keeps_event_reason_person_and_time_and_frees_what_waits(network, intake, broken):
    broken.add("bad")
    first, second = events(network, "bad", "bad")
    intake.consume([first, second])
    for reason in ("", "  ", "x", "长" * 501, None):
        with pytest.raises(Invalid, match="请写明丢弃的原因"):
            ask(network, "drop", event_id=first["id"], reason=reason)
    assert ask(network, "dead_letter", event_id=first["id"])["behind"] == 1
    broken.clear()
    assert ask(network, "drop", event_id=first["id"], reason="测试数据") == {"dropped": 1}
    intake.failures.retry_due()
    assert network.handled == [("bad", 2)]
    [kept] = ask(network, "dropped")
    assert (kept["reason"], kept["dropped_by"], kept["body"]) == ("测试数据", "运维甲", first)
    assert kept["dropped_at"] == network.clock.now().isoformat()
    with pytest.raises(NotFound, match="没有这封死信"):
        ask(network, "drop", event_id=first["id"], reason="再来一次")


def test_all_of_a_cause_are_dropped(network, intake, broken):
    broken |= {"a", "b"}
    intake.consume(events(network, "a", "b"))
    park(intake)
    [cause] = ask(network, "causes")
    assert ask(network, "drop", cause=cause["cause"], reason="测试数据") == {"dropped": 2}
    assert len(ask(network, "dropped")) == 2 and ask(network, "causes") == []
    with pytest.raises(NotFound, match="没有这种原因"):
        ask(network, "drop", cause=cause["cause"], reason="测试数据")


def test_a_message_that_is_no_event_is_kept_until_it_can_be_read(network, intake, monkeypatch):
    [event] = events(network, "good")
    for body in (b"\xff\xfe", b"[]", b"{}", orjson.dumps({**event, "id": "not a uuid"})):
        intake.failures.park_unreadable([body, body])
    parked = ask(network, "dead_letters")
    assert [row["type"] for row in parked] == ["unreadable"] * 4
    [cause] = ask(network, "causes")
    assert (cause["count"], cause["error"]) == (4, module.NO_EVENT)
    assert ask(network, "replay", event_id=parked[0]["event_id"]) == {"done": False}
    monkeypatch.setattr("shared.events.read", lambda message: event)
    assert ask(network, "replay", event_id=parked[0]["event_id"]) == {"done": True}
    assert network.handled == [("good", 1)]


def test_an_event_without_a_handler_is_kept_until_there_is_one(network, intake, monkeypatch):
    [event] = events(network, "good")
    stranger = event | {"type": "mascot.chosen.v1"}
    intake.failures.park_unhandled([stranger])
    [row] = ask(network, "dead_letters")
    assert row["error"] == module.NO_HANDLER
    assert ask(network, "replay", event_id=row["event_id"]) == {"done": False}
    monkeypatch.setitem(intake.handlers.events, "mascot.chosen.v1", intake.handlers.events[TYPE][-1:])
    monkeypatch.setattr(intake, "reader", Reader(intake.handlers.events))
    assert ask(network, "replay", event_id=row["event_id"]) == {"done": True}
    assert network.handled == [("good", 1)]


def test_operators_alone_may(network):
    for action in ("causes", "dead_letters", "dropped", "replay_cause", "drop"):
        with pytest.raises(NotAllowed):
            ask(network, action, liaison())
