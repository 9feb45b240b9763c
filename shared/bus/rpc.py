"""Calls between services, on nameko's RPC. With `shared/service.py` the only place that knows nameko."""

from __future__ import annotations

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
from nameko.extensions import Extension
from nameko.rpc import (
    RPC_QUEUE_TEMPLATE,
    Client,
    ReplyListener,
    Responder,
    Rpc,
    RpcConsumer,
    get_rpc_exchange,
)  # fmt: skip

from shared.bus.topology import NO_BROKER
from shared.problems import Problem, Unavailable, from_problem

CALL_SECONDS = 10.0

log = structlog.get_logger()


def _dumps(value: Any) -> str:
    """JSON. Keys may be a row's column names, which SQLAlchemy makes of a kind of its own, or places in a list."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


kombu.serialization.register("orjson", _dumps, orjson.loads, "application/x-orjson", "utf-8")


class FastPublisher(Publisher):
    """A lost call or answer ends in the caller's timeout, and a repeat is safe: no need to wait for confirms."""

    use_confirms = False
    delivery_mode = NON_PERSISTENT


class FastResponder(Responder):
    publisher_cls = FastPublisher


class SoonBack:
    """A consumer that is back within seconds of the broker, however long that was away (kombu's waits up to 30 s)."""

    @contextmanager
    def establish_connection(self: Any) -> Iterator[Any]:
        with self.create_connection() as connection:
            connection.ensure_connection(
                self.on_connection_error, interval_start=0.1, interval_step=0.2, interval_max=2.0
            )
            yield connection


class CallConsumer(SoonBack, Consumer):
    """Takes calls from the queue."""


class FastRpcConsumer(RpcConsumer):
    """nameko's consumer of calls, answering without waiting for the broker's confirm.

    When the broker goes away, so does the answer, and the caller's time runs out; nameko's would end the process.
    """

    consumer_cls = CallConsumer

    def handle_message(self, body: Any, message: Any) -> None:
        if message.delivery_info.get("redelivered") and _may_not_be_repeated(message, body):
            self.handle_result(message, packed(_refuse_to_repeat), None)
            return
        super().handle_message(body, message)

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> Any:
        responder = FastResponder(self.amqp_uri, get_rpc_exchange(), message)
        try:
            result, exc_info = responder.send_response(result, exc_info)
        except NO_BROKER as error:
            log.warning("answer lost", error=repr(error))
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
    raise Unavailable("系统刚才中断,不能确定这项操作是否已经办成。请先查看,没有办成的请稍后再试。")


class FastRpc(Rpc):
    rpc_consumer = FastRpcConsumer()


rpc = FastRpc.decorator


class AnswerListener(ReplyListener):
    """Waits for answers. If the broker lost the queue with them, the callers' time runs out; nameko's would end the process."""

    class AnswerConsumer(SoonBack, ReplyListener.ReplyConsumer):
        """Takes answers from the queue."""

    consumer_cls = AnswerConsumer

    def check_for_lost_replies(self) -> None:
        """Nothing to do: see above."""


class Network(Extension):
    """The way from one service to the others. Calls end after CALL_SECONDS, here and in the queue."""

    reply_listener = AnswerListener()

    @cached_property
    def _publish(self) -> Any:
        queue = self.reply_listener.queue
        return FastPublisher(
            config["AMQP_URI"],
            exchange=get_rpc_exchange(),
            serializer=config["serializer"],
            declare=[queue],
            reply_to=queue.routing_key,
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
        try:
            with eventlet.Timeout(
                CALL_SECONDS, unavailable
            ):  # a broker that hangs does not refuse, it says nothing
                pending = client.call_async(*args)
        except NO_BROKER as error:
            raise unavailable from error

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
