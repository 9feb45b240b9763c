"""What is derived comes out of the event logs the same as it was, while people go on."""

from __future__ import annotations

import multiprocessing
import os
import signal
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from harness import NetworkLogs, TestNetwork

from shared.events import read
from shared.identity import SYSTEM, Actor, Role
from shared.operations import operate
from shared.problems import Invalid, WrongState
from shared.rebuilding import Rebuilding
from shared.rebuilds import begin_rebuild

LEDGER = ("ledger", "ledger_deputies", "ledger_units", "ledger_parties", "timeline", "deadlines")
PROJECTIONS = {
    "ledger": ("supervision", LEDGER),
    "figures": (
        "evaluation",
        ("participants", "open_forms", "contributions", "outcomes", "outcome_sums", "figures"),
    ),
    "search": ("search", ("documents",)),
}
OPERATOR = Actor("yunwei", "运维甲", (Role("operator", ""),))


def told(network: TestNetwork) -> dict[str, int]:
    return {service: len(network.published(service)) for service in network.runtimes}


def differing(outcome: dict[str, int], *tables: str) -> dict[str, int]:
    return {table: outcome[table] for table in tables if outcome[table]}


def test_all_comes_out_equal_row_by_row(county):
    """The ledger, the figures, the dossiers, and each service's copies; and nothing is told a second time."""
    network, before_all = county.network, told(county.network)
    for what, (service, tables) in PROJECTIONS.items():
        before = network.rows(service, *tables)
        assert all(before.values()), what
        assert not differing(network.rebuild(service, what), *tables)
        assert network.rows(service, *tables) == before
    for service in ("intake", "assignment", "evaluation"):
        before = network.rows(service, "copies")
        assert before["copies"]
        assert not differing(network.rebuild(service, "copies"), "copies")
        assert network.rows(service, "copies") == before
    network.settle()
    assert told(network) == before_all


def test_all_that_a_year_tells_can_be_read_by_who_consumes_it(county):
    operator = {
        "login": "yunwei",
        "name": "运维甲",
        "password": "a-long-password",
        "roles": [{"role": "operator"}],
    }
    county.network.do(SYSTEM, "directory", "add_account", **operator)  # it belongs to no congress
    for service in county.network.runtimes:
        for event in county.network.published(service):
            assert read(orjson.dumps(event)) == event


def test_what_was_wrong_is_right_again(county):
    """Rows that got lost, or that an earlier version derived in another way."""
    network = county.network
    for what, (service, tables) in PROJECTIONS.items():
        runtime, first = network.runtimes[service], tables[-1]
        without_counters = {"but": ("version", "changes", "stale", "changed_on")}
        before = network.rows(service, *tables, **without_counters)
        spoil = {
            "ledger": "UPDATE deadlines SET due_on = '1999-01-01'",
            "figures": "UPDATE figures SET numerator = 7000 WHERE denominator > 0",
            "search": "UPDATE documents SET dossier = '{}'",
        }[what]
        with runtime.database.writing() as connection:
            connection.execute(sa.text(spoil))
            connection.execute(sa.delete(runtime.tables[tables[0]])) if what != "search" else None
        outcome = network.rebuild(service, what)
        assert outcome[first]
        assert network.rows(service, *tables, **without_counters) == before


class Meanwhile(NetworkLogs):
    """Lets something happen each time the rebuild reads a page."""

    def __init__(self, network: TestNetwork, happen: Any) -> None:
        super().__init__(network)
        self.happen, self.pages = happen, 0

    def page(self, source: str, after: int, types: list[str]) -> list[dict[str, Any]]:
        self.pages += 1
        self.happen(self.pages)
        return super().page(source, after, types)


def rebuild(network: TestNetwork, service: str, what: str, logs: NetworkLogs) -> dict[str, int]:
    runtime = network.runtimes[service]
    with Rebuilding(runtime, runtime.handlers.projections[what], logs) as rebuilding:
        return rebuilding.run()


def test_lives_go_on_and_the_old_ledger_is_read_meanwhile(county):
    network, read = county.network, []

    def lines() -> int:
        ledger = {"congress": county.stage.path, "limit": 100}
        return len(network.ask(county.stage.liaison(), "supervision", "ledger", **ledger)["lines"])

    def happen(page: int) -> None:
        read.append(lines())
        if page <= 6:  # what follows may be read while nobody else writes
            county.remind(county.live(100 + page))

    before = lines()
    rebuild(network, "supervision", "ledger", Meanwhile(network, happen))
    assert read[:6] == [before + new for new in range(6)] and set(read[6:]) == {before + 6}
    after = network.rows("supervision", *LEDGER, "reminders")
    assert lines() == before + 6
    assert not differing(network.rebuild("supervision", "ledger"), *LEDGER)
    assert network.rows("supervision", *LEDGER, "reminders") == after


def test_a_reminder_that_was_sent_meanwhile_is_not_sent_again(county):
    network, id = county.network, county.live(50)

    def happen(page: int) -> None:
        if page == 6:
            county.remind(id)

    rebuild(network, "supervision", "ledger", Meanwhile(network, happen))
    sent = len(network.rows("supervision", "reminders")["reminders"])
    network.do(SYSTEM, "supervision", "tick")
    assert len(network.rows("supervision", "reminders")["reminders"]) == sent


def test_an_event_that_is_on_its_way_takes_effect_when_it_arrives(county):
    """It is in the log, and the ledger has not heard of it: what follows from it is still to be told."""
    network, id = county.network, county.accepted(60)
    unit = next(iter(county.stage.units.values()))
    network.do(
        county.stage.liaison(), "assignment", "assign_suggestion", id, settle=False, lead=unit, joint=[]
    )
    network.rebuild("supervision", "ledger")
    assert not [e for e in network.published("supervision", id) if e["type"] == "deadline.set.v1"]
    network.settle()
    assert [e for e in network.published("supervision", id) if e["type"] == "deadline.set.v1"]


def test_what_should_have_been_delivered_long_ago_is_taken_in(county):
    """As an event of a type that is newly handled, or one that a lost queue held."""
    network = county.network
    supervision = network.runtimes["supervision"]
    before = network.rows("supervision", *LEDGER, but=("version",))
    lost = [e for e in network.published("assignment") if e["type"] == "reply.issued.v1"][-1]
    inbox = supervision.tables["inbox"]
    with supervision.database.writing() as connection:
        connection.execute(sa.delete(inbox).where(inbox.c.event_id == lost["id"]))
    network.rebuild("supervision", "ledger")
    after = network.rows("supervision", *LEDGER, but=("version",))
    assert {row["event_id"] for row in after["timeline"]} == {row["event_id"] for row in before["timeline"]}


def test_an_event_that_was_dropped_stays_dropped(county):
    network = county.network
    supervision = network.runtimes["supervision"]
    event = network.published("intake")[0]
    row = {"event_id": event["id"], "source": "intake", "type": event["type"], "subject": event["subject"], "attempts": 9,
           "failed_at": event["time"], "error": "", "traceback": "", "body": "{}", "reason": "测试", "dropped_by": "运维甲",
           "dropped_at": event["time"]}  # fmt: skip
    with supervision.database.writing() as connection:
        connection.execute(sa.insert(supervision.tables["dropped"]).values(row))
    network.rebuild("supervision", "ledger")
    assert event["id"] not in {
        line["event_id"] for line in network.rows("supervision", "timeline")["timeline"]
    }


def test_the_second_of_two_at_once_is_refused(county):
    runtime = county.network.runtimes["supervision"]
    logs = NetworkLogs(county.network)
    with (
        Rebuilding(runtime, runtime.handlers.projections["ledger"], logs),
        pytest.raises(WrongState, match="正在重建"),
    ):
        begin_rebuild(runtime, {"what": "ledger"}, OPERATOR, logs, lambda run: run())
    county.network.rebuild("supervision", "ledger")  # and goes when the first has ended


def test_it_tells_how_far_it_is_and_what_came_of_it(county):
    network = county.network
    runtime = network.runtimes["evaluation"]
    begin_rebuild(runtime, {"what": "figures"}, OPERATOR, NetworkLogs(network), lambda run: run())
    token = network.token(OPERATOR)
    status = operate(runtime, "rebuild_status", {"what": "figures"}, token)
    assert (status["state"], status["started_by"], status["outcome"]["figures"]) == ("done", "运维甲", 0)
    assert operate(runtime, "projections", {}, token) == ["copies", "told_figures", "account_uses", "figures"]
    with pytest.raises(Invalid, match="可以重建：copies、told_figures、account_uses、figures"):
        begin_rebuild(runtime, {"what": "ledger"}, OPERATOR, NetworkLogs(network), lambda run: run())


def test_a_handler_that_fails_leaves_the_old_state(county, monkeypatch):
    network, runtime = county.network, county.network.runtimes["search"]
    before = network.rows("search", "documents")
    monkeypatch.setitem(
        runtime.handlers.events, "suggestion.closed.v1", [*runtime.handlers.events["suggestion.closed.v1"]]
    )
    monkeypatch.setattr("services.search.handlers.take_in", lambda dossier, event: 1 / 0)
    begin_rebuild(runtime, {"what": "search"}, OPERATOR, NetworkLogs(network), lambda run: run())
    status = operate(runtime, "rebuild_status", {"what": "search"}, network.token(OPERATOR))
    assert status["state"] == "failed" and "ZeroDivisionError" in status["outcome"]["why"]
    assert network.rows("search", "documents") == before


def _die(home: Any, after: int) -> None:
    """In a process of its own: begin to rebuild the ledger, and be killed when so many pages have been read."""
    network = TestNetwork(home, ("intake", "assignment", "evaluation", "supervision", "directory"), new=False)

    def happen(page: int) -> None:
        if page == after:
            os.kill(os.getpid(), signal.SIGKILL)

    rebuild(network, "supervision", "ledger", Meanwhile(network, happen))


@pytest.mark.parametrize("after", [5, 20])  # while it reads; in the last transaction
def test_killed_in_the_middle_it_leaves_the_old_state(county, after):
    network = county.network
    before = network.rows("supervision", *LEDGER)
    spawn = multiprocessing.get_context("spawn")
    dying = spawn.Process(target=_die, args=(network.settings.home, after))
    dying.start()
    dying.join(60)
    assert dying.exitcode == -signal.SIGKILL
    assert network.rows("supervision", *LEDGER) == before
    assert not differing(network.rebuild("supervision", "ledger"), *LEDGER)
