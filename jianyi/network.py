"""Starts services: all of them in one process (embedded), or one alone (`jianyi serve`)."""

from __future__ import annotations

import importlib
import signal
from collections.abc import Callable
from typing import Any

import eventlet
from eventlet.event import Event
from nameko import config
from nameko.containers import ServiceContainer

from shared import telemetry
from shared.bus import embedded, rpc
from shared.clock import Clock
from shared.hub import watch
from shared.plugins import installed
from shared.service import listen
from shared.settings import SERVICES, Settings

FAREWELL_SECONDS = 3.0  # a collector of traces that is away is not waited for any longer


class RunningNetwork:
    """Some services, started in this process."""

    def __init__(
        self, settings: Settings, services: tuple[str, ...] = SERVICES, clock: Clock | None = None
    ) -> None:
        self.settings = settings
        embedded.install()
        rpc.configure(settings.broker)
        telemetry.configure(services)
        config["jianyi.settings"] = settings
        config["jianyi.clock"] = clock
        config["jianyi.services"] = services
        self.containers = {name: ServiceContainer(_service_class(name)) for name in services}

    def start(self) -> None:
        """Start all services side by side; returns when each takes calls. Raises what keeps one of them from starting."""
        self._require_free_ports()
        installed()  # plugins are loaded before anybody waits
        watch.start()
        if self.settings.embedded:
            rpc.declare_queues(self.settings.broker, tuple(self.containers))
        starts = [eventlet.spawn(container.start) for container in self.containers.values()]
        for start in starts:
            start.wait()

    def _require_free_ports(self) -> None:
        """Before anything has begun: inside a service that starts, it would be told in the midst of others' words."""
        ports = [self.settings.metrics_port_of(service) for service in self.containers]
        if "gateway" in self.containers:
            ports.insert(0, self.settings.port)
        for port in ports:
            listen(self.settings.host, port).close()

    def stop(self) -> None:
        """Stop gracefully, the way in first: work in hand is finished."""
        order = [name for name in ("gateway", *SERVICES) if name in self.containers]
        for name in dict.fromkeys(order):
            self.containers[name].stop()
        watch.stop()
        with eventlet.Timeout(FAREWELL_SECONDS, False):
            telemetry.shut_down()

    def backbone(self, service: str) -> Any:
        """The backbone of one of the services, with its runtime."""
        return next(d for d in self.containers[service].dependencies if d.attr_name == "backbone")

    def ready(self) -> dict[str, dict[str, str]]:
        """What keeps services from being ready, by service; empty when all are."""
        troubles = {name: self.backbone(name).trouble() for name in self.containers}
        return {name: trouble for name, trouble in troubles.items() if trouble}

    def run_until_stopped(self, also: Callable[[], None] | None = None) -> None:
        """Block until SIGTERM or Ctrl-C, or until a service dies, which is raised."""
        done = Event()

        def finish(*_: Any) -> None:
            if not done.ready():
                done.send()

        signal.signal(signal.SIGTERM, finish)
        signal.signal(signal.SIGINT, finish)
        for container in self.containers.values():
            eventlet.spawn(_watch, container, done)
        if also is not None:
            eventlet.spawn(also)
        try:
            while not done.ready():
                # A signal handler runs between bytecodes of the main greenlet only, so it must wake up now and then.
                with eventlet.Timeout(0.5, False):
                    done.wait()
            done.wait()
        finally:
            self.stop()


def _watch(container: ServiceContainer, done: Event) -> None:
    try:
        container.wait()
    except Exception as error:
        if not done.ready():
            done.send_exception(error)


def _service_class(name: str) -> type:
    module = importlib.import_module(f"services.{name}.service")
    return getattr(module, f"{name.capitalize()}Service")  # type: ignore[no-any-return]
