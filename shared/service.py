"""What makes a runtime a service on the network: nameko entrypoints, relay, consumer, metrics port."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import eventlet
import eventlet.wsgi
import orjson
import sqlalchemy as sa
import structlog
from eventlet.event import Event
from nameko import config
from nameko.extensions import DependencyProvider
from prometheus_client import generate_latest

from shared.bus.consumer import EventConsumer
from shared.bus.relay import Relay
from shared.bus.rpc import Network, packed, rpc
from shared.catching_up import events_after, newest_position
from shared.clock import Clock
from shared.contracts import Command
from shared.event_log import open_months, page
from shared.handlers import Handlers
from shared.hub import watch
from shared.identity import SYSTEM, sign
from shared.operations import operate
from shared.problems import NotFound, Problem, Unavailable, system_words
from shared.rebuilding import Logs
from shared.rebuilds import begin_rebuild
from shared.runtime import Runtime
from shared.settings import SERVICES, BadSettings, Settings
from shared.trace import carry

log = structlog.get_logger()

MONTHS_SECONDS = 6 * 3600.0  # between two looks whether the event log has its next months
FOLLOW_UP_SECONDS = 0.4  # between two follow-ups: how long a change may take to be found by search


def listen(host: str, port: int, backlog: int = 50) -> Any:
    """A socket that listens. Raises BadSettings where it may not, or somebody else does."""
    try:
        return eventlet.listen((host, port), backlog=backlog, reuse_port=False)
    except OSError as error:
        raise BadSettings(
            f"不能在 {host}:{port} 提供服务：{system_words(error)}。请换一个 JIANYI_PORT（它和后面 {len(SERVICES)} 个端口都要空闲）。"
        ) from error


class Backbone(DependencyProvider):
    """Gives a nameko service its runtime, and runs its relay, its consumer and its metrics port beside it."""

    network = Network()

    def __init__(self, handlers: Handlers) -> None:
        super().__init__()
        self.handlers = handlers

    def setup(self) -> None:
        settings: Settings = config["jianyi.settings"]
        clock: Clock | None = config.get("jianyi.clock")
        self.runtime = Runtime(self.handlers, settings, clock)
        self.relay = Relay(self.runtime)
        self.consumer = EventConsumer(self.runtime)
        self.runtime.on_commit = self.relay.wake
        self._consumed = Event()
        self.runtime.on_consumed = self._wake_follow_up
        self.runtime.ask_directory = self._ask_directory
        self.consumer.declare_patiently()

    def start(self) -> None:
        self._port = listen(self.runtime.settings.host, self.metrics_port)
        self.container.spawn_managed_thread(self._serve_metrics, identifier="metrics")
        self.container.spawn_managed_thread(self.relay.run, identifier="relay")
        self.container.spawn_managed_thread(self._catch_up_and_consume, identifier="consumer")
        self.container.spawn_managed_thread(self._keep_months_open, identifier="months")
        if self.handlers.after_commit:
            self.container.spawn_managed_thread(self._follow_up, identifier="follow-up")
        if self.runtime.settings.clock == "system":  # a case that is told has no passing time
            for seconds, contract in self.handlers.regular:
                self.container.spawn_managed_thread(
                    partial(self._give_regularly, seconds, contract), identifier=contract.name
                )

    def stop(self) -> None:
        """Graceful: the batch in hand is finished, the outbox is sent as far as the broker takes it."""
        self.consumer.stop()
        with eventlet.Timeout(10, False):
            self.consumer.finished.wait()
        self.relay.stop()
        self.runtime.database.close()

    def get_dependency(self, worker_ctx: Any) -> Call:
        carry(worker_ctx.data.get("tracestate"))
        return Call(self, worker_ctx.data.get("token"), worker_ctx.data.get("traceparent"))

    @property
    def metrics_port(self) -> int:
        return self.runtime.settings.metrics_port_of(self.runtime.service)

    # --- catching up ------------------------------------------------------------------------------------------

    def _catch_up_and_consume(self) -> None:
        if self.runtime.settings.embedded:
            self._catch_up()
        self.consumer.run()

    def _catch_up(self) -> None:
        """In memory, messages die with the process; the logs do not: read on where the last commit ended."""
        positions = self.runtime.tables["positions"]
        with self.runtime.database.reading() as connection:
            seen = {row.source: row.position for row in connection.execute(sa.select(positions))}
        for source in config["jianyi.services"] if self.runtime.settings.embedded else SERVICES:
            after = seen.get(source, 0)
            while page := self._replay_page(source, after):
                after = page[-1]["position"]
                self.runtime.consume([entry["event"] for entry in page], {source: after})

    def _replay_page(self, source: str, after: int) -> list[dict[str, Any]]:
        while True:
            try:
                types = self.runtime.reader.types
                return list(
                    self.network.call(source, "replay", after, types, token=self.system_token(), seconds=3)
                )
            except Problem as problem:
                log.info(
                    "waits to catch up", service=self.runtime.service, source=source, problem=problem.detail
                )
                eventlet.sleep(0.2)

    def _wake_follow_up(self) -> None:
        if not self._consumed.ready():
            self._consumed.send()

    def _follow_up(self) -> None:
        """Beside the consumer and not after each of its commits: an index takes fifty changes as fast as one."""
        while True:
            self._consumed.wait()
            self._consumed = Event()
            try:
                self.runtime.follow_up()
            except Unavailable as problem:  # the consumer wakes this again when it looks for what to retry
                log.warning("follow-up waits", service=self.runtime.service, problem=problem.detail)
            except Exception:  # so it does after this; the service must not end for it
                log.exception("follow-up failed", service=self.runtime.service)
            eventlet.sleep(FOLLOW_UP_SECONDS)

    def _ask_directory(self, subjects: list[str], types: list[str]) -> list[dict[str, Any]]:
        """What the directory has told about these; nothing when it does not answer: then the refusal stands."""
        try:
            args = (subjects, types)
            return list(self.network.call("directory", "told", *args, token=self.system_token(), seconds=3))
        except Problem as problem:
            log.info("cannot ask the directory", service=self.runtime.service, problem=problem.detail)
            return []

    def system_token(self) -> str:
        """A token with which this service speaks for itself."""
        return sign(SYSTEM, self.runtime.settings.signing_key)

    def rebuild(self, token: str | None, params: dict[str, Any]) -> dict[str, Any]:
        """Begin to derive a projection anew; `shared.rebuilds` tells how far it is. Raises WrongState if one is going on."""
        actor = self.runtime.require_operator(token)
        return begin_rebuild(self.runtime, params, actor, NetworkLogs(self), self._spawn)

    def _spawn(self, function: Any) -> None:
        self.container.spawn_managed_thread(function, identifier="rebuild")

    def _keep_months_open(self) -> None:
        while True:
            try:
                open_months(self.runtime.database)
            except Exception as error:  # without its partition a month's events go to the one for all others
                log.warning("cannot open months", service=self.runtime.service, error=repr(error))
            eventlet.sleep(MONTHS_SECONDS)

    def _give_regularly(self, seconds: int, contract: Command) -> None:
        while True:
            try:
                # One key for each stretch of time: of several replicas, and of a restart, one has an effect.
                key = f"{contract.name}-{int(time.time()) // seconds}"
                self.runtime.execute(contract.name, "", {}, token=self.system_token(), key=key)
            except Exception as error:  # the next time comes; the service must not end for it
                log.warning("regular command failed", command=contract.name, error=repr(error))
            eventlet.sleep(seconds)

    # --- health and metrics -----------------------------------------------------------------------------------

    def _serve_metrics(self) -> None:
        eventlet.wsgi.server(self._port, self._metrics_app, log_output=False)

    def _metrics_app(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            self._measure()
            start_response("200 OK", [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")])
            return [generate_latest(self.runtime.metrics.registry)]
        if path in ("/healthz", "/readyz"):
            trouble = self.trouble() if path == "/readyz" else {}
            start_response("503 Not Ready" if trouble else "200 OK", [("Content-Type", "application/json")])
            return [orjson.dumps({"service": self.runtime.service, "ok": not trouble, "trouble": trouble})]
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"/metrics /healthz /readyz\n"]

    def trouble(self) -> dict[str, str]:
        """What keeps this service from doing its work now, by part; empty when it is ready."""
        found = {}
        try:
            self.runtime.database.ping()
        except Exception as error:
            found["database"] = repr(error)
        if not self.relay.healthy:
            found["relay"] = "cannot send the outbox"
        if not self.consumer.healthy:
            found["consumer"] = "does not consume"
        return found

    def _measure(self) -> None:
        self.runtime.metrics.hub_delay.set(watch.worst_since_last(self.runtime.service))
        try:
            self.relay.measure()
            failures = self.runtime.tables["failures"]
            parked = sa.select(sa.func.count()).select_from(failures).where(failures.c.next_at.is_(None))
            with self.runtime.database.reading() as connection:
                self.runtime.metrics.dead_letters.set(connection.scalar(parked) or 0)
                for gauge in self.handlers.gauges:
                    for name, labels, value in gauge(connection):
                        self.runtime.metrics.set(name, labels, value)
        except Problem as problem:
            log.warning("cannot measure", service=self.runtime.service, problem=problem.detail)


class NetworkLogs(Logs):
    """The services' logs, asked for over the network by one of them."""

    def __init__(self, backbone: Backbone) -> None:
        self._call = partial(backbone.network.call, seconds=3)
        self._token = backbone.system_token

    def page(self, source: str, after: int, types: list[str]) -> list[dict[str, Any]]:
        return list(self._call(source, "replay", after, types, token=self._token()))

    def end(self, source: str) -> int:
        return int(self._call(source, "operate", "status", {}, token=self._token())["position"])


class Call:
    """One call to a service: its runtime, and who asks in which trace."""

    def __init__(self, backbone: Backbone, token: str | None, traceparent: str | None) -> None:
        self.backbone, self.runtime = backbone, backbone.runtime
        self.token, self.traceparent = token, traceparent


class Service:
    """The entrypoints that every service has. A service adds its name and its backbone."""

    backbone: Any

    @rpc
    def execute(
        self, command: str, subject: str, data: Any, key: str | None, version: int | None
    ) -> dict[str, Any]:
        """Carry out a command: see `Runtime.execute`."""
        call: Call = self.backbone
        return packed(
            lambda: call.runtime.execute(
                command,
                subject,
                data,
                token=call.token,
                traceparent=call.traceparent,
                key=key,
                version=version,
            )
        )

    @rpc
    def ask(self, query: str, params: Any) -> dict[str, Any]:
        """Answer a question: see `Runtime.ask`."""
        call: Call = self.backbone
        return packed(lambda: call.runtime.ask(query, params, token=call.token, traceparent=call.traceparent))

    @rpc
    def replay(self, after: int, types: list[str]) -> dict[str, Any]:
        """A page of this service's event log: [{position, event}] of these types after a position."""
        return packed(lambda: _replay(self.backbone, after, types))

    @rpc
    def told(self, subjects: list[str], types: list[str]) -> dict[str, Any]:
        """This service's events of these types about these subjects, oldest first."""
        return packed(lambda: _told(self.backbone, subjects, types))

    @rpc
    def events_after(self, after: int | None, wanted: dict[str, Any], limit: int) -> dict[str, Any]:
        """For systems outside, a complete page of this service's log: see `shared.catching_up`."""
        call: Call = self.backbone
        return packed(lambda: events_after(call.runtime, call.token, after, wanted, limit))

    @rpc
    def newest_position(self) -> dict[str, Any]:
        """Where this service's log ends now."""
        call: Call = self.backbone
        return packed(lambda: newest_position(call.runtime))

    @rpc
    def followed(self, trace: str) -> dict[str, Any]:
        """What one command set off here: {published: [{id, type, time}], handled: [{id, type, at}], handles: [types]}."""
        return packed(lambda: _followed(self.backbone, trace))

    @rpc
    def operate(self, action: str, params: dict[str, Any]) -> dict[str, Any]:
        """For operators: see `shared.operations`."""
        call: Call = self.backbone
        if action == "rebuild":
            return packed(lambda: call.backbone.rebuild(call.token, params))
        return packed(lambda: operate(call.runtime, action, params, call.token))


def _replay(call: Call, after: int, types: list[str]) -> list[dict[str, Any]]:
    call.runtime.require_operator(call.token)
    return page(call.runtime.database, call.runtime.tables["event_log"], after, types)


def _told(call: Call, subjects: list[str], types: list[str]) -> list[dict[str, Any]]:
    call.runtime.require_operator(call.token)
    table = call.runtime.tables["event_log"].c
    query = sa.select(table.body).where(table.subject.in_(subjects), table.type.in_(types))
    with call.runtime.database.reading() as connection:
        return [orjson.loads(body) for body in connection.scalars(query.order_by(table.position))]


def _followed(call: Call, trace: str) -> dict[str, Any]:
    call.runtime.require_operator(call.token)
    if len(trace) != 32:
        raise NotFound("没有这条轨迹。")
    log_table, inbox = call.runtime.tables["event_log"].c, call.runtime.tables["inbox"].c
    without_effect = [sa.select(call.runtime.tables[name].c.event_id) for name in ("failures", "dropped")]
    with call.runtime.database.reading() as connection:
        # In this order: what an event set off is committed with it, so whoever sees it handled sees that too.
        handled = connection.execute(
            sa.select(inbox.event_id, inbox.type, inbox.handled_at).where(
                inbox.trace == trace, *(inbox.event_id.not_in(ids) for ids in without_effect)
            )
        ).all()
        published = connection.execute(
            sa.select(log_table.event_id, log_table.type)
            .where(log_table.trace == trace)
            .order_by(log_table.position)
        ).all()
    return {
        "published": [{"id": row.event_id, "type": row.type} for row in published],
        "handled": [{"id": row.event_id, "type": row.type, "at": row.handled_at} for row in handled],
        "handles": sorted(call.runtime.reader.types),
    }
