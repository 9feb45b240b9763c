"""The books tell when something was lost, doubled or contradicts something else: what fault tests prove rests on that."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from harness import PROVINCE, TestNetwork, deputy

from jianyi.lives import TEXT
from shared.identity import SYSTEM
from shared.settings import SERVICES
from soak.counting import Counting, Unsettled

pytestmark = pytest.mark.embedded

HUNAN = {
    "path": PROVINCE,
    "code": PROVINCE,
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}


@pytest.fixture
def network(network_of: Callable[..., TestNetwork]) -> TestNetwork:
    """All services, and in them one suggestion that was submitted."""
    network = network_of(*SERVICES)
    network.do(SYSTEM, "directory", "register_divisions", divisions=[HUNAN])
    day = network.clock.now().date().isoformat()
    network.do(
        SYSTEM,
        "directory",
        "open_session",
        congress=PROVINCE,
        term=14,
        ordinal=1,
        opens_on=day,
        closes_on=day,
    )
    seat = network.do(SYSTEM, "directory", "register_deputy", congress=PROVINCE, name="代表甲")["id"]
    person = deputy("代表甲", seat)
    id = network.do(person, "intake", "draft_suggestion", congress=PROVINCE, **TEXT)["id"]
    network.do(person, "intake", "submit_suggestion", id, key="submit")
    return network


@pytest.fixture
def counting(network: TestNetwork) -> Iterator[Counting]:
    counting = Counting(network.settings)
    yield counting
    counting.close()


def test_all_is_well(counting):
    counting.settle()
    assert counting.discrepancies() == []
    assert counting.carried_out() == {"submit": 1}


def test_an_event_that_was_lost(network, counting):
    change(network, "supervision", "DELETE FROM inbox WHERE type = 'suggestion.submitted.v1'")
    with pytest.raises(Unsettled, match="supervision: has taken in"):
        counting.settle(0)
    (found,) = counting.discrepancies()
    assert found.startswith("supervision lost: 1: suggestion.submitted.v1")


def test_an_event_that_was_not_sent(network, counting):
    change(network, "intake", "INSERT INTO outbox (position) VALUES (1)")
    with pytest.raises(Unsettled, match="intake: 1 in outbox"):
        counting.settle(0)


def test_an_event_that_was_told_twice(network, counting):
    columns = "event_id, type, subject, jurisdiction, time, trace, body"
    change(
        network,
        "intake",
        f"INSERT INTO event_log ({columns}) SELECT {columns} FROM event_log WHERE type = 'suggestion.submitted.v1'",
    )
    assert [line.split(":")[0] for line in counting.doubled_events()] == ["intake miscounted", "doubled"]


def test_a_ledger_that_knows_another_number(network, counting):
    change(network, "supervision", "UPDATE ledger SET number = '999'")
    (found,) = counting.discrepancies()
    assert found.startswith("ledger differs from intake: 1")


def test_a_suggestion_that_search_does_not_know(network, counting):
    change(network, "search", "DELETE FROM documents")
    (found,) = counting.discrepancies()
    assert found.startswith("search differs from intake: 1")


def change(network: TestNetwork, service: str, statement: str) -> None:
    with network.runtimes[service].database.writing() as connection:
        connection.execute(sa.text(statement))
