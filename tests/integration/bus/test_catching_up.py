"""Who reads on from a position misses nothing, though transactions commit in another order than they drew positions."""

from __future__ import annotations

import os
import random
import threading
import time

import pytest
import sqlalchemy as sa
from harness import PROVINCE, TestNetwork

from jianyi.processes import new_database
from shared.catching_up import events_after
from shared.identity import SYSTEM, sign

pytestmark = pytest.mark.real


@pytest.fixture
def intake(network_of, monkeypatch):
    monkeypatch.setenv("JIANYI_TEST_DATABASE_URL", new_database(os.environ["JIANYI_DATABASE_URL"]))
    network: TestNetwork = network_of("intake")
    return network.runtimes["intake"]


def write(connection, intake, number):
    """One event into the log; returns its position."""
    row = {
        "event_id": f"event-{number}", "type": "suggestion.submitted.v1", "subject": "s", "jurisdiction": PROVINCE,
        "time": "2023-01-15T01:00:00Z", "trace": "1" * 32, "body": f'{{"id": "event-{number}"}}',
    }  # fmt: skip
    log = intake.tables["event_log"]
    return connection.execute(sa.insert(log).returning(log.c.position), row).scalar()


def read(intake, after, limit=500):
    page = events_after(intake, sign(SYSTEM, intake.settings.signing_key), after, {}, limit)
    return [entry["event"]["id"] for entry in page["entries"]], page["upto"]


def test_a_lower_position_that_commits_later_is_waited_for(intake):
    slow = intake.database.engine.connect()
    begun = slow.begin()
    first = write(slow, intake, 1)
    with intake.database.writing() as connection:
        assert write(connection, intake, 2) == first + 1
    answers = []
    reader = threading.Thread(target=lambda: answers.append(read(intake, 0)))
    reader.start()
    reader.join(0.3)
    assert answers == []  # the second event is there, but what came before it may still come
    begun.commit()
    reader.join(10)
    assert answers == [(["event-1", "event-2"], first + 1)]
    slow.close()


def test_what_a_writer_takes_back_is_not_waited_for_forever(intake):
    slow = intake.database.engine.connect()
    begun = slow.begin()
    write(slow, intake, 1)
    with intake.database.writing() as connection:
        write(connection, intake, 2)
    assert read(intake, 0) == ([], 0)  # not settled within the time: the reader is told to come again
    begun.rollback()
    slow.close()
    assert read(intake, 0)[0] == ["event-2"]


def test_many_writers_in_any_order_and_a_reader_close_behind(intake):
    most, done, threads = 600, threading.Event(), []

    def keep_writing(numbers):
        chance = random.Random(numbers[0])
        for number in numbers:
            with intake.database.writing() as connection:
                write(connection, intake, number)
                time.sleep(chance.choice((0, 0, 0.001, 0.02)))  # commit later than one's neighbours
                if number % 10 == 0:
                    connection.rollback()

    for lane in range(12):
        threads.append(threading.Thread(target=keep_writing, args=(list(range(lane, most, 12)),)))
    seen, cursor = [], 0
    for thread in threads:
        thread.start()
    watcher = threading.Thread(target=lambda: ([t.join() for t in threads], done.set()))
    watcher.start()
    while True:
        was_done = done.is_set()
        found, cursor = read(intake, cursor)
        seen += found
        if was_done and not found:
            break
    assert sorted(seen) == sorted(f"event-{n}" for n in range(most) if n % 10)
