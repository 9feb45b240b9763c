"""Calls between services, on nameko's RPC. With `shared/service.py` the only place that knows nameko."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any

import eventlet
import kombu
import kombu.serialization
import orjson
import structlog
from nameko import config
from nameko.amqp.consume import Consumer
from nameko.amqp.publish import Publisher
from nameko.constants import NON_PERSISTENT
from nameko.exceptions import deserialize, serialize
from nameko.extensions import Extension
from nameko.messaging import encode_to_headers
from nameko.rpc import (
    RPC_QUEUE_TEMPLATE,
    ReplyListener,
    Rpc,
    RpcConsumer,
    get_rpc_exchange,
)  # fmt: skip

from shared.bus.sender import sender
from shared.bus.topology import HEARTBEAT_SECONDS, NO_BROKER, connected
from shared.problems import Problem, Unavailable, from_problem
from shared.trace import tracestate

log = structlog.get_logger()

CALL_SECONDS = 10.0
CONTENT_TYPE = "application/x-orjson"
FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 0.1, 2.0  # before the next look for the broker
NO_ANSWER = "系统的一部分暂时没有响应，请稍后再试；重复提交不会重复办理。"


def _dumps(value: Any) -> str:
    """JSON. Keys may be a row's column names, which SQLAlchemy makes of a kind of its own, or places in a list."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


kombu.serialization.register("orjson", _dumps, orjson.loads, CONTENT_TYPE, "utf-8")


class FastPublisher(Publisher):
    """nameko's publisher, on the one connection of the process."""

    def publish(self, payload: Any, **options: Any) -> None:
        options = {**self.publish_kwargs, **options}
        properties = {"delivery_mode": NON_PERSISTENT}
        for name in ("correlation_id", "reply_to"):
            if name in options:
                properties[name] = options[name]
        if self.expiration is not None:
            properties["expiration"] = str(int(self.expiration * 1000))
        sender(self.amqp_uri).send(
            _dumps(payload), exchange=options["exchange"].name, routing_key=options["routing_key"],
            content_type=CONTENT_TYPE, headers=options.get("extra_headers", {}), properties=properties,
        )  # fmt: skip


class SoonBack:
    """A consumer that is back within seconds of the broker, however long that was away (kombu's waits up to 30 s).

    It also beats while it is busy: kombu's beats only after a second without a message.
    """

    _beats_at = 0.0  # on the monotonic clock
    _delay = FIRST_DELAY_SECONDS

    @contextmanager
    def establish_connection(self: Any) -> Iterator[Any]:
        with connected(self.amqp_uri, heartbeat=self.heartbeat) as connection:
            self._delay, self._held = FIRST_DELAY_SECONDS, connection
            yield connection

    def run(self: Any) -> None:
        """Consume until stopped, through every outage of the broker."""
        while not self.should_stop:
            try:
                for _ in self.consume(limit=None):
                    pass
            except NO_BROKER as error:
                log.warning("waits for the broker", error=repr(error), seconds=self._delay)
                eventlet.sleep(self._delay)
                self._delay = min(self._delay * 2, LONGEST_DELAY_SECONDS)

    def on_iteration(self: Any) -> None:
        now = time.monotonic()
        if now > self._beats_at:
            self._beats_at = now + 1.0
            self._held.heartbeat_check()


class CallConsumer(SoonBack, Consumer):
    """Takes calls from the queue."""


class FastRpcConsumer(RpcConsumer):
    """nameko's consumer of calls, answering without waiting for the broker's confirm.

    When the broker goes away, so does the answer, and the caller's time runs out; nameko's would end the process.
    """

    consumer_cls = CallConsumer

    def setup(self) -> None:
        super().setup()
        # nameko's durable queue would be away with the node of a cluster that it lives on. This one ends with the node,
        # and is made anew on another by the first who connects there: calls do not outlive their callers' patience.
        self.queue.durable = False

    def handle_message(self, body: Any, message: Any) -> None:
        if message.delivery_info.get("redelivered") and _may_not_be_repeated(message, body):
            self.handle_result(message, packed(_refuse_to_repeat), None)
            return
        super().handle_message(body, message)

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> Any:
        try:
            FastPublisher(self.amqp_uri).publish(
                {"result": result, "error": serialize(exc_info[1]) if exc_info else None},
                exchange=get_rpc_exchange(),
                routing_key=message.properties["reply_to"],
                correlation_id=message.properties.get("correlation_id"),
            )
        except Unavailable as problem:
            log.warning("answer lost", problem=problem.detail)
        with suppress(
            *NO_BROKER
        ):  # not acknowledged, the call comes again, and its key tells what became of it
            self.consumer.ack_message(message)
        return result, exc_info


def _may_not_be_repeated(message: Any, body: Any) -> bool:
    """Was this a command without a key? It may have been carried out before the service or the connection died."""
    if not message.delivery_info["routing_key"].endswith(".execute"):
        return False
    *_, key, _version = body["args"]
    return key is None


def _refuse_to_repeat() -> None:
    raise Unavailable("系统刚才中断，不能确定这项操作是否已经办成。请先查看，没有办成的请稍后再试。")


class FastRpc(Rpc):
    rpc_consumer = FastRpcConsumer()


rpc = FastRpc.decorator


class AnswerListener(ReplyListener):
    """Waits for answers, and does not tell the broker of each that it came.

    If the broker lost the queue with them, the callers' time runs out; nameko's would end the process.
    """

    class AnswerConsumer(SoonBack, ReplyListener.ReplyConsumer):
        """Takes answers from the queue."""

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, no_ack=True, **options)

        def ack_message(self, message: Any) -> None:
            """Nothing to acknowledge."""

    consumer_cls = AnswerConsumer

    def setup(self) -> None:
        super().setup()
        # Gone with the node of a cluster that it lives on, and made anew on the next: a durable one would be away.
        self.queue.durable = False

    def check_for_lost_replies(self) -> None:
        """Nothing to do: see above."""


class Network(Extension):
    """The way from one service to the others. Calls end after CALL_SECONDS, here and in the queue."""

    reply_listener = AnswerListener()

    @cached_property
    def _publish(self) -> Any:
        return FastPublisher(
            config["AMQP_URI"],
            exchange=get_rpc_exchange(),
            reply_to=self.reply_listener.queue.routing_key,
            expiration=CALL_SECONDS,
        ).publish

    def call(self, service: str, method: str, *args: Any, token: str | None, traceparent: str | None = None,
             seconds: float = CALL_SECONDS) -> Any:  # fmt: skip
        """The answer of a service, or the Problem with which it refused. Raises Unavailable when none comes."""
        return self.begin(service, method, *args, token=token, traceparent=traceparent)(seconds)

    def begin(self, service: str, method: str, *args: Any, token: str | None,
              traceparent: str | None = None) -> Callable[[float], Any]:  # fmt: skip
        """Send a call and return a function that waits for its answer, so that several can run side by side."""
        pending, id = self.reply_listener.pending, str(uuid.uuid4())
        about = {"token": token, "traceparent": traceparent, "tracestate": tracestate() or None}
        answered = self.reply_listener.register_for_reply(id)
        try:
            self._publish(
                {"args": args, "kwargs": {}}, routing_key=f"{service}.{method}", correlation_id=id,
                extra_headers=encode_to_headers(about),
            )  # fmt: skip
        except Unavailable:
            pending.pop(id, None)
            raise

        def wait(seconds: float = CALL_SECONDS) -> Any:
            with eventlet.Timeout(seconds, Unavailable(NO_ANSWER)):
                try:
                    answer = answered()
                except Unavailable:
                    pending.pop(id, None)
                    raise
            if answer["error"]:
                raise deserialize(answer["error"])
            if "problem" in answer["result"]:
                raise from_problem(answer["result"]["problem"])
            return answer["result"]["answer"]

        return wait


def packed(carry_out: Callable[[], Any]) -> dict[str, Any]:
    """The answer of a call, or the problem with which it was refused, fit to travel."""
    try:
        return {"answer": carry_out()}
    except Problem as problem:
        return {"problem": problem.to_problem()}


def configure(broker: str) -> None:
    """Set nameko's configuration, which is global to the process."""
    config["AMQP_URI"] = broker
    config["serializer"] = "orjson"
    config["ACCEPT"] = ["orjson"]
    config["max_workers"] = 64
    config["PREFETCH_COUNT"] = 64
    config["HEARTBEAT"] = HEARTBEAT_SECONDS


def declare_queues(broker: str, services: tuple[str, ...]) -> None:
    """In memory a call to a service that is still starting would be lost: make its queue wait for it."""
    with kombu.Connection(broker) as connection:
        channel = connection.channel()
        for service in services:
            kombu.Queue(
                RPC_QUEUE_TEMPLATE.format(service),
                exchange=get_rpc_exchange(),
                routing_key=f"{service}.*",
                durable=False,
            )(channel).declare()
