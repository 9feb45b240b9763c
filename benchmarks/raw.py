"""The libraries alone, in one process: `python -m benchmarks.raw kombu|nameko BROKER COUNT` prints events a second."""

from __future__ import annotations

import sys
import time
from typing import Any

BODY = {
    "specversion": "1.0",
    "type": "delegation.recorded.v1",
    "data": {"name": "代表团" * 20, "padding": "x" * 300},
}


def kombu(broker: str, count: int) -> float:
    """A publisher with pipelined confirms, then a consumer that acknowledges in batches of 200."""
    from kombu import Connection, Consumer, Exchange, Queue

    exchange = Exchange("raw.kombu", type="topic", durable=True)
    queue = Queue(
        "raw.kombu", exchange, routing_key="#", durable=True, queue_arguments={"x-queue-type": "quorum"}
    )
    with Connection(broker) as sending, Connection(broker) as receiving:
        channel, taking = sending.channel(), receiving.channel()
        queue(taking).declare()
        channel.confirm_select()
        unconfirmed: set[int] = set()

        def confirm(tag: int, multiple: bool) -> None:
            for sent in [t for t in unconfirmed if t <= tag] if multiple else [tag]:
                unconfirmed.discard(sent)

        channel.events["basic_ack"].add(confirm)
        producer = sending.Producer(channel)
        taken: list[Any] = []
        began = time.perf_counter()
        with Consumer(taking, queues=[queue], on_message=taken.append, prefetch_count=400):
            sent = received = 0
            while received < count:
                for _ in range(min(500, count - sent)):
                    unconfirmed.add(sent + 1)
                    producer.publish(
                        BODY, exchange=exchange, routing_key="delegation.recorded.43", delivery_mode=2
                    )
                    sent += 1
                while unconfirmed:
                    sending.drain_events(timeout=30)
                while received < sent:
                    receiving.drain_events(timeout=30)
                    if len(taken) >= 200 or received + len(taken) == sent:
                        received += len(taken)
                        taken[-1].ack(multiple=True)
                        taken.clear()
        return count / (time.perf_counter() - began)


def nameko(broker: str, count: int) -> float:
    """nameko's dispatcher and its event handler in one process, as its documentation shows them."""
    import eventlet
    from nameko import config
    from nameko.containers import ServiceContainer
    from nameko.events import event_handler
    from nameko.standalone.events import event_dispatcher

    handled = eventlet.event.Event()
    seen = [0]

    class Listener:
        name = "raw_listener"

        @event_handler("raw_source", "recorded")
        def handle(self, payload: Any) -> None:
            seen[0] += 1
            if seen[0] == count:
                handled.send()

    config["AMQP_URI"] = broker
    config["max_workers"], config["PREFETCH_COUNT"] = 64, 64
    container = ServiceContainer(Listener)
    container.start()
    dispatch = event_dispatcher()
    began = time.perf_counter()
    for _ in range(count):
        dispatch("raw_source", "recorded", BODY)
    handled.wait()
    took = time.perf_counter() - began
    container.stop()
    return count / took


if __name__ == "__main__":
    which, address, number = sys.argv[1:]
    if which == "nameko":
        import eventlet

        eventlet.monkey_patch()
    print({"kombu": kombu, "nameko": nameko}[which](address, int(number)))
