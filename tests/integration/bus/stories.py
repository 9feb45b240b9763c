"""What the bus promises, as stories: `python stories.py HOME PORT`, embedded, or on the servers that JIANYI_* name.

Leaves {story: how it went wrong, or ""}. `test_both_transports.py` runs it on each transport.
"""

from shared.green import patch

patch()

import json  # noqa: E402
import sys  # noqa: E402
import traceback  # noqa: E402
from collections.abc import Callable  # noqa: E402
from dataclasses import replace  # noqa: E402
from pathlib import Path  # noqa: E402

import eventlet  # noqa: E402
import kombu  # noqa: E402
import sqlalchemy as sa  # noqa: E402
from apart import leave  # noqa: E402
from made_up import BLOCKS, FAILS, LISTENER, TELLER, MadeUpNetwork, handlers  # noqa: E402

from shared import failures  # noqa: E402
from shared import settings as all_settings  # noqa: E402
from shared.aggregate import new_id  # noqa: E402
from shared.bus.topology import queue_of  # noqa: E402
from shared.hub import Block, watch  # noqa: E402
from shared.settings import SERVICES  # noqa: E402

FIRST, SECOND = list(range(1, 301)), list(range(301, 401))
FAILURES = handlers[LISTENER].metadata.tables["failures"].c


def what_is_told_is_heard_once_and_in_order(network: MadeUpNetwork) -> None:
    a, b = new_id(), new_id()
    for number in range(1, 31):
        network.tell(a, number)
        network.tell(b, number)
    wait_until(lambda: len(network.heard(a)) + len(network.heard(b)) >= 60)
    assert network.heard(a) == network.heard(b) == list(range(1, 31))


def what_comes_twice_takes_effect_once(network: MadeUpNetwork) -> None:
    subject, marker = new_id(), new_id()
    network.tell(subject, 1, 2, 3)
    wait_until(lambda: network.heard(subject) == [1, 2, 3])
    tables = network.backbone(TELLER).runtime.tables
    log, outbox = tables["event_log"], tables["outbox"]
    again = sa.select(log.c.position, log.c.logged_on).where(log.c.subject == subject)
    with network.backbone(TELLER).runtime.database.writing() as connection:
        connection.execute(sa.insert(outbox).from_select(["position", "logged_on"], again))
    network.tell(marker, 1)
    wait_until(lambda: network.heard(marker) == [1])
    assert network.heard(subject) == [1, 2, 3]


def a_failing_event_is_tried_again_and_what_follows_waits_behind_it(network: MadeUpNetwork) -> None:
    subject, neighbour = new_id(), new_id()
    FAILS[subject, 2] = 1000
    network.tell(subject, 1, 2, 3)
    network.tell(neighbour, 1, 2, 3)
    wait_until(lambda: network.heard(neighbour) == [1, 2, 3])
    assert network.heard(subject) == [1]
    network.tell(subject, 4)
    FAILS[subject, 2] = 0
    wait_until(lambda: len(network.heard(subject)) >= 4)
    assert network.heard(subject) == [1, 2, 3, 4]


def poison_is_parked_with_its_error_and_can_be_replayed(network: MadeUpNetwork) -> None:
    subject, neighbour = new_id(), new_id()
    FAILS[subject, 1] = 1000
    most, failures.MOST_ATTEMPTS = failures.MOST_ATTEMPTS, 2
    try:
        network.tell(subject, 1)
        network.tell(neighbour, 1)
        parked = sa.select(FAILURES.event_id).where(FAILURES.subject == subject, FAILURES.next_at.is_(None))
        wait_until(lambda: network.rows(LISTENER, parked))
    finally:
        failures.MOST_ATTEMPTS = most
    assert network.heard(neighbour) == [1] and network.heard(subject) == []
    [event_id] = network.rows(LISTENER, parked)
    letter = network.call(LISTENER, "operate", "dead_letter", {"event_id": event_id})
    assert "note 1 cannot be heard" in letter["error"] and "made_up.py" in letter["traceback"]
    FAILS[subject, 1] = 0
    network.call(LISTENER, "operate", "replay", {"event_id": event_id})
    assert network.heard(subject) == [1] and network.rows(LISTENER, parked) == []


def who_was_away_catches_up(network: MadeUpNetwork) -> None:
    subject = new_id()
    network.stop(LISTENER)
    network.tell(subject, *FIRST)
    network.start(LISTENER)
    wait_until(lambda: len(network.heard(subject)) >= len(FIRST))
    assert network.heard(subject) == FIRST


def killed_in_the_middle_nothing_is_lost_or_doubled(network: MadeUpNetwork) -> None:
    subject = new_id()
    network.tell(subject, *FIRST)
    wait_until(lambda: network.heard(subject))
    network.tell(subject, *SECOND)
    network.kill()
    network.start(*SERVICES)
    wait_until(lambda: len(network.heard(subject)) >= len(FIRST + SECOND))
    assert network.heard(subject) == FIRST + SECOND


def what_is_derived_is_rebuilt_from_the_logs(network: MadeUpNetwork) -> None:
    log = handlers[TELLER].metadata.tables["event_log"].c
    told: dict[str, list[int]] = {}
    for body in network.rows(TELLER, sa.select(log.body).order_by(log.position)):
        event = json.loads(body)
        told.setdefault(event["subject"], []).append(event["data"]["number"])
    wait_until(lambda: all(len(network.heard(subject)) == len(numbers) for subject, numbers in told.items()))
    with network.backbone(LISTENER).runtime.database.writing() as connection:
        connection.exec_driver_sql("UPDATE heard SET number = 0")
    network.call(LISTENER, "operate", "rebuild", {"what": "heard"})
    asked = (LISTENER, "operate", "rebuild_status", {"what": "heard"})
    wait_until(lambda: network.call(*asked)["state"] == "done")
    assert {subject: network.heard(subject) for subject in told} == told, "in the order of the log"


def a_handler_that_blocks_the_hub_is_named(network: MadeUpNetwork) -> None:
    subject, blocks = new_id(), list[Block]()
    watch.on_block = blocks.append
    BLOCKS.add(subject)
    network.tell(subject, 1)
    wait_until(lambda: any("block_on_purpose" in block.stack for block in blocks))
    [block] = [block for block in blocks if "block_on_purpose" in block.stack]
    assert block.seconds > 0.25
    assert watch.worst_since_last("any") > 0.25


STORIES: tuple[Callable[[MadeUpNetwork], None], ...] = (
    what_is_told_is_heard_once_and_in_order,
    what_comes_twice_takes_effect_once,
    a_failing_event_is_tried_again_and_what_follows_waits_behind_it,
    poison_is_parked_with_its_error_and_can_be_replayed,
    who_was_away_catches_up,
    killed_in_the_middle_nothing_is_lost_or_doubled,
    what_is_derived_is_rebuilt_from_the_logs,
    a_handler_that_blocks_the_hub_is_named,
)


def main() -> None:
    settings = replace(all_settings.load(), home=Path(sys.argv[1]), port=int(sys.argv[2]), secret="s" * 40)
    forget_queues(settings)
    network = MadeUpNetwork(settings)
    watch.start()
    watch.worst_since_last("any")
    network.start(*SERVICES)
    outcome = {}
    for story in STORIES:
        try:
            story(network)
            outcome[story.__name__] = ""
        except BaseException:
            outcome[story.__name__] = traceback.format_exc()
    network.stop(*SERVICES)
    forget_queues(settings)
    leave(settings.home, outcome)


def wait_until(condition: Callable[[], object]) -> None:
    with eventlet.Timeout(30):
        while not condition():
            eventlet.sleep(0.02)


def forget_queues(settings: all_settings.Settings) -> None:
    """A broker that other tests use too: nothing of theirs comes here, nothing of this stays."""
    if settings.broker_url:
        with kombu.Connection(settings.broker) as connection:
            for service in SERVICES:
                queue_of(service, ())(connection.channel()).delete()


if __name__ == "__main__":
    main()
