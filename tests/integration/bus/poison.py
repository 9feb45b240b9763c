"""What comes into a service's queue and cannot be handled, and a rebuild over the network.

`python poison.py HOME PORT`, with JIANYI_BROKER_URL and JIANYI_DATABASE_URL or embedded. Prints what happened as JSON.
"""

from shared.green import patch

patch()

import json  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from dataclasses import replace  # noqa: E402
from datetime import date  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import eventlet  # noqa: E402
import kombu  # noqa: E402
from apart import leave  # noqa: E402
from lagging import PROVINCE, count, forget_queues, wait_for_copies, wait_until  # noqa: E402

from jianyi.insider import Insider  # noqa: E402
from jianyi.network import RunningNetwork  # noqa: E402
from shared import failures  # noqa: E402
from shared import settings as all_settings  # noqa: E402
from shared.aggregate import new_id  # noqa: E402
from shared.bus.topology import EXCHANGE  # noqa: E402
from shared.clock import CaseClock, at  # noqa: E402
from shared.contracts import directory as d  # noqa: E402
from shared.identity import SYSTEM  # noqa: E402
from shared.migrations import migrate  # noqa: E402
from shared.problems import Problem  # noqa: E402
from shared.settings import SERVICES  # noqa: E402

NEIGHBOURS = 100
ALL = ("directory", "intake", "assignment")


def main() -> None:
    failures.FIRST_DELAY_SECONDS, failures.LONGEST_DELAY_SECONDS = 0.02, 0.05
    settings = replace(all_settings.load(), home=Path(sys.argv[1]), port=int(sys.argv[2]), secret="s" * 40)
    forget_queues(settings)
    for service in SERVICES:
        migrate(service, settings)
    network = RunningNetwork(settings, ALL, CaseClock(at(date(2023, 1, 15))))
    network.start()
    try:
        leave(settings.home, story(network))
    finally:
        network.stop()
        forget_queues(settings)


def story(network: RunningNetwork) -> dict[str, Any]:
    insider = Insider(network.backbone("directory").network, network.settings)
    intake = network.backbone("intake").runtime
    insider.do(SYSTEM, d.REGISTER_DIVISIONS, data={"divisions": [PROVINCE]})
    wait_for_copies(network, "intake", 1)
    keep = intake.handlers.events["deputy.recorded.v1"]

    def poisoned(work: Any, event: dict[str, Any]) -> None:
        if event["data"]["name"].startswith("毒"):
            raise ValueError("cannot take this one in")

    intake.handlers.events["deputy.recorded.v1"] = [*keep, poisoned]
    for number in range(NEIGHBOURS // 2):
        register(insider, f"代表{number}")
    bad = register(insider, "毒一")
    for number in range(NEIGHBOURS // 2, NEIGHBOURS):
        register(insider, f"代表{number}")
    wait_for_copies(network, "intake", 1 + NEIGHBOURS)
    publish(network, b"\xff not an event")
    publish(network, json.dumps(stranger()).encode())
    wait_until(lambda: len(insider.operate("intake", "dead_letters")) == 3)
    letters = {row["type"]: row for row in insider.operate("intake", "dead_letters")}
    causes = insider.operate("intake", "causes")
    intake.handlers.events["deputy.recorded.v1"] = keep
    replayed = insider.operate("intake", "replay", event_id=letters["deputy.recorded.v1"]["event_id"])
    for type in ("unreadable", "deputy.praised.v1"):
        insider.operate("intake", "drop", event_id=letters[type]["event_id"], reason="测试用的消息")
    return {
        "parked": sorted(letters), "causes": len(causes), "attempts": letters["deputy.recorded.v1"]["attempts"],
        "of": letters["deputy.recorded.v1"]["subject"] == bad, "replayed": replayed["done"],
        "copies": count(network, "intake", "copies"), "left": count(network, "intake", "failures"),
        "dropped": [row["reason"] for row in insider.operate("intake", "dropped")], **rebuilt(insider),
    }  # fmt: skip


def rebuilt(insider: Insider) -> dict[str, Any]:
    """The copies anew over the network; a second rebuild at the same time is refused."""
    insider.operate("intake", "rebuild", what="copies")
    try:
        insider.operate("intake", "rebuild", what="copies")
        refusal = ""
    except Problem as problem:
        refusal = problem.detail
    ends = time.monotonic() + 30
    while (status := insider.operate("intake", "rebuild_status", what="copies"))[
        "state"
    ] == "running" and time.monotonic() < ends:
        eventlet.sleep(0.05)
    return {"refusal": refusal, "state": status["state"], "outcome": status["outcome"]}


def register(insider: Insider, name: str) -> str:
    return str(insider.do(SYSTEM, d.REGISTER_DEPUTY, data={"congress": "43", "name": name})["id"])


def stranger() -> dict[str, Any]:
    """An event of a kind that intake has never handled, which an old binding still brings."""
    return {
        "specversion": "1.0", "id": new_id(), "source": "/jianyi/elsewhere", "type": "deputy.praised.v1",
        "time": "2023-01-15T01:00:00Z", "subject": new_id(), "jurisdiction": "43", "sequence": 1,
        "traceparent": "00-" + "1" * 32 + "-" + "2" * 16 + "-01", "data": {},
    }  # fmt: skip


def publish(network: RunningNetwork, body: bytes) -> None:
    """Straight into the exchange, under a key that is bound to intake's queue."""
    with kombu.Connection(network.settings.broker) as connection:
        channel = connection.channel()
        EXCHANGE(channel).declare()
        message = channel.prepare_message(
            body.decode("latin-1") if network.settings.embedded else body, content_type="application/cloudevents+json",
            content_encoding="utf-8" if not network.settings.embedded else "latin-1", headers={"position": 1}, properties={"delivery_mode": 2},
        )  # fmt: skip
        channel.basic_publish(message, exchange=EXCHANGE.name, routing_key="deputy.recorded.43")


if __name__ == "__main__":
    main()
