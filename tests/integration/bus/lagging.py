"""Three services on one broker, of which two do not get to their events: what a person registers is used at once.

`python lagging.py HOME PORT`, with JIANYI_BROKER_URL and JIANYI_DATABASE_URL or embedded. Prints what happened as JSON.
"""

from shared.green import patch

patch()

import sys  # noqa: E402
from dataclasses import replace  # noqa: E402
from datetime import date  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import eventlet  # noqa: E402
import kombu  # noqa: E402
import sqlalchemy as sa  # noqa: E402
from apart import leave  # noqa: E402

from jianyi.insider import Insider  # noqa: E402
from jianyi.network import RunningNetwork  # noqa: E402
from shared import settings as all_settings  # noqa: E402
from shared.aggregate import new_id  # noqa: E402
from shared.bus.topology import queue_of  # noqa: E402
from shared.clock import CaseClock, at  # noqa: E402
from shared.contracts.assignment import DESK  # noqa: E402
from shared.identity import SYSTEM, Actor, Role, sign  # noqa: E402
from shared.migrations import migrate  # noqa: E402
from shared.problems import Problem  # noqa: E402

SERVICES = ("directory", "intake", "assignment")
PROVINCE = {
    "path": "43",
    "code": "43",
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}
OFFICE = Actor("office", "联工委甲", (Role("liaison", "43"),))
TEXT = {
    "congress": "43", "title": "关于建立联合运维工作机制的建议", "situation": "各自运维。", "analysis": "责任不清。", "proposals": "建立中心。",
    "kind": "suggestion", "category": "社会保障",
}  # fmt: skip


def main() -> None:
    settings = replace(all_settings.load(), home=Path(sys.argv[1]), port=int(sys.argv[2]), secret="s" * 40)
    forget_queues(settings)
    for service in SERVICES:
        migrate(service, settings)
    network = RunningNetwork(settings, SERVICES, CaseClock(at(date(2023, 1, 15))))
    network.start()
    try:
        leave(settings.home, story(network))
    finally:
        network.stop()
        forget_queues(settings)


def story(network: RunningNetwork) -> dict[str, Any]:
    insider = Insider(network.backbone("directory").network, network.settings)

    def once(who: Actor, service: str, command: str, subject: str = "", **data: Any) -> dict[str, Any]:
        token = sign(who, network.settings.signing_key)
        call = (command, subject, data, None, None)
        return dict(insider.network.call(service, "execute", *call, token=token))

    once(SYSTEM, "directory", "register_divisions", divisions=[PROVINCE])
    session = {"term": 14, "ordinal": 1, "opens_on": "2023-01-13", "closes_on": "2023-01-19"}
    once(SYSTEM, "directory", "open_session", congress="43", **session)
    wait_for_copies(network, "intake", 2)
    consumers = [network.backbone(service).consumer for service in ("intake", "assignment")]
    consumers[0].pause()
    seat = once(OFFICE, "directory", "register_deputy", congress="43", name="代表甲")["id"]
    deputy = Actor("deputy", "代表甲", (Role("deputy", "43", seat=seat),))
    id = once(deputy, "intake", "draft_suggestion", **TEXT)["id"]
    once(deputy, "intake", "submit_suggestion", id)
    once(OFFICE, "intake", "accept_suggestion", id)
    wait_until(lambda: insider.ask(OFFICE, DESK, congress="43"))
    consumers[1].pause()
    unit = once(OFFICE, "directory", "register_unit", congress="43", name="省税务局", kind="government")["id"]
    try:
        once(OFFICE, "assignment", "assign_suggestion", id, lead=new_id())
        refusal = ""
    except Problem as problem:
        refusal = problem.detail
    tasks = once(OFFICE, "assignment", "assign_suggestion", id, lead=unit)["tasks"]
    for consumer in consumers:
        consumer.go_on()
    wait_for_copies(network, "intake", 4)
    wait_for_copies(network, "assignment", 3)
    return {
        "assigned_to": [task["unit"]["name"] for task in tasks],
        "refusal": refusal,
        "failures": {service: count(network, service, "failures") for service in SERVICES},
        "copies": {service: count(network, service, "copies") for service in ("intake", "assignment")},
    }


def count(network: RunningNetwork, service: str, table: str) -> int:
    runtime = network.backbone(service).runtime
    with runtime.database.reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(runtime.tables[table])) or 0)


def wait_for_copies(network: RunningNetwork, service: str, wanted: int) -> None:
    wait_until(lambda: count(network, service, "copies") >= wanted)


def wait_until(condition: Any) -> None:
    with eventlet.Timeout(30):
        while not condition():
            eventlet.sleep(0.02)


def forget_queues(settings: Any) -> None:
    """A broker that other tests use too: nothing of theirs comes here, nothing of this stays."""
    if settings.broker_url:
        with kombu.Connection(settings.broker) as connection:
            for service in SERVICES:
                queue_of(service, ())(connection.channel()).delete()


if __name__ == "__main__":
    main()
