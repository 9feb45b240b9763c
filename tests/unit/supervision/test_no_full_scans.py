"""Every question, and the daily look, finds its rows by an index: the ledger grows, its pages stay fast."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from harness import PROVINCE, deputy, liaison, unit_clerk

from services.supervision import tables
from shared.aggregate import new_id
from shared.identity import SYSTEM, Actor, Role

pytestmark = pytest.mark.embedded  # reads SQLite's query plans

ID = new_id()
SEVERAL_ROLES = Actor(
    "x",
    "某",
    (Role("liaison", PROVINCE), Role("deputy", PROVINCE, seat=ID), Role("handler", PROVINCE, unit=ID)),
)
SMALL = {"arrangements", "marks"}  # a few rows, read whole


@pytest.fixture
def network(network_of, monkeypatch):
    """Always on SQLite, which tells its plans in words; the statements are the same on both."""
    monkeypatch.delenv("JIANYI_TEST_DATABASE_URL", raising=False)
    return network_of("supervision", today=date(2023, 1, 13))


def scanned(network, act):
    """Our own tables that SQLite would read from one end to the other."""
    database = network.runtimes["supervision"].database
    heard = []

    def listen(connection, cursor, statement, parameters, context, many):
        if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE")) and not many:
            heard.append((statement, parameters))

    sa.event.listen(database.engine, "before_cursor_execute", listen)
    act()
    sa.event.remove(database.engine, "before_cursor_execute", listen)
    names = set(tables.metadata.tables) - SMALL
    found = set()
    with database.reading() as connection:
        for statement, parameters in heard:
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
                words = step.detail.split()
                if words[0] == "SCAN" and words[1] in names:
                    found.add(step.detail)
    return found


@pytest.mark.parametrize("who", (liaison(), unit_clerk(ID), deputy("代表甲", ID), SEVERAL_ROLES))
@pytest.mark.parametrize(
    ("query", "params"),
    [
        ("ledger", {}),
        ("ledger", {"congress": PROVINCE, "light": "red", "year": 2023}),
        ("ledger", {"unit": ID, "light": "yellow"}),
        ("ledger", {"deputy": ID, "state": "handling", "text": "水"}),
        ("ledger_counts", {"congress": PROVINCE}),
        ("due_dates", {"suggestions": [new_id() for _ in range(300)]}),
        ("commitments", {}),
        ("commitments", {"congress": PROVINCE, "state": "left", "term": "第十四届"}),
        ("commitment_counts", {"congress": PROVINCE}),
        ("reminders", {}),
        ("supervision_waiting", {}),
    ],
)
def test_questions_use_indexes(network, who, query, params):
    assert scanned(network, lambda: network.ask(who, "supervision", query, **params)) == set()


def test_the_daily_look_and_a_page_use_indexes(network, life):
    life.up_to_assignment()
    everything = scanned(network, lambda: network.published("supervision"))
    assert everything == {"SCAN event_log"}  # it would be noticed
    network.on(date(2023, 2, 26))
    assert scanned(network, lambda: network.do(SYSTEM, "supervision", "tick", settle=False)) == set()
    assert scanned(network, lambda: network.ask(liaison(), "supervision", "ledger_line", id=life.id)) == set()
