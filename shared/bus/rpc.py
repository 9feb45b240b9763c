"""Calls between services, on nameko's RPC. With `shared/service.py` the only place that knows nameko."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import eventlet
import kombu
import kombu.serialization
import orjson
import structlog
from nameko import config
from nameko.amqp.publish import Publisher
from nameko.constants import NON_PERSISTENT
from nameko.exceptions import serialize
from nameko.extensions import Extension
from nameko.rpc import (
    RPC_QUEUE_TEMPLATE,
    Client,
    ReplyListener,
    Rpc,
    RpcConsumer,
    get_rpc_exchange,
)  # fmt: skip

from shared.bus.sender import sender
from shared.problems import Problem, Unavailable, from_problem

log = structlog.get_logger()

CALL_SECONDS = 10.0
CONTENT_TYPE = "application/x-orjson"


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


class FastRpcConsumer(RpcConsumer):
    """nameko's consumer of calls, answering without waiting for the broker's confirm."""

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> Any:
        error = serialize(exc_info[1]) if exc_info else None
        try:
            FastPublisher(self.amqp_uri).publish(
                {"result": result, "error": error}, exchange=get_rpc_exchange(),
                routing_key=message.properties["reply_to"], correlation_id=message.properties.get("correlation_id"),
            )  # fmt: skip
        except Unavailable as problem:  # the caller's timeout tells them
            log.warning("answer not sent", problem=problem.detail)
        self.consumer.ack_message(message)
        return result, exc_info


class FastRpc(Rpc):
    rpc_consumer = FastRpcConsumer()


rpc = FastRpc.decorator


class FastReplyListener(ReplyListener):
    """nameko's listener for answers, without telling the broker of each that it came."""

    class ReplyConsumer(ReplyListener.ReplyConsumer):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, no_ack=True, **options)

        def ack_message(self, message: Any) -> None:
            """Nothing to acknowledge."""

    consumer_cls = ReplyConsumer


class Network(Extension):
    """The way from one service to the others. Calls end after CALL_SECONDS, here and in the queue."""

    reply_listener = FastReplyListener()

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
        context = {"token": token, "traceparent": traceparent}
        client = Client(self._publish, self.reply_listener.register_for_reply, context, service, method)
        unavailable = Unavailable("系统的一部分暂时没有响应,请稍后再试;重复提交不会重复办理。")
        pending = client.call_async(*args)

        def wait(seconds: float = CALL_SECONDS) -> Any:
            with eventlet.Timeout(seconds, unavailable):
                try:
                    answer = pending.result()
                except Unavailable:
                    self.reply_listener.pending.pop(pending.correlation_id, None)
                    raise
            if "problem" in answer:
                raise from_problem(answer["problem"])
            return answer["answer"]

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
    config["HEARTBEAT"] = 60


def declare_queues(broker: str, services: tuple[str, ...]) -> None:
    """In memory a call to a service that is still starting would be lost: make its queue wait for it."""
    with kombu.Connection(broker) as connection:
        channel = connection.channel()
        for service in services:
            kombu.Queue(
                RPC_QUEUE_TEMPLATE.format(service),
                exchange=get_rpc_exchange(),
                routing_key=f"{service}.*",
                durable=True,
            )(channel).declare()
