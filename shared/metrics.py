"""What Prometheus sees of one service. Each service has a registry of its own, also when several share a process."""

from __future__ import annotations

import time
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from shared.problems import Problem

log = structlog.get_logger()

MOST_THREADS = 20_000
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)


class ServiceMetrics:
    """The counters of one service; `docs/operators.md` explains each."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.registry = CollectorRegistry()
        label, registry = ("service",), self.registry
        self._commands = Counter(
            "jianyi_commands", "Commands", (*label, "command", "outcome"), registry=registry
        )
        self._command_seconds = Histogram(
            "jianyi_command_seconds", "Time of a command", label, buckets=SECONDS, registry=registry
        )
        self._published = Counter(
            "jianyi_events_published", "Events published", (*label, "type"), registry=registry
        )
        self._consumed = Counter(
            "jianyi_events_consumed", "Events consumed", (*label, "type", "outcome"), registry=registry
        )
        self._retries = Counter(
            "jianyi_event_retries", "Tries that failed", (*label, "type"), registry=registry
        )
        self._lag = Histogram(
            "jianyi_event_lag_seconds",
            "From an event to its effect",
            label,
            buckets=SECONDS,
            registry=registry,
        )
        self.dead_letters = Gauge("jianyi_dead_letters", "Events parked", label, registry=registry).labels(
            service
        )
        self.outbox_pending = Gauge(
            "jianyi_outbox_pending", "Events to send", label, registry=registry
        ).labels(service)
        self.outbox_oldest = Gauge(
            "jianyi_outbox_oldest_seconds", "Age of the oldest event to send", label, registry=registry
        ).labels(service)
        self.broker_blocked = Gauge(
            "jianyi_broker_blocked", "1 while the broker takes no events", label, registry=registry
        ).labels(service)
        self.unrouted = Counter(
            "jianyi_events_unrouted", "Events that nobody is bound to", label, registry=registry
        ).labels(service)
        self._late = Counter(
            "jianyi_events_late",
            "Events that came after a later one about the same",
            label,
            registry=registry,
        ).labels(service)
        self._plugins = Counter(
            "jianyi_plugin_errors", "Answers of plugins left out", (*label, "plugin", "hook", "kind"), registry=registry
        )  # fmt: skip
        self._newest: dict[tuple[str, str], int] = {}  # (source, subject): the highest sequence that has come
        self.hub_delay = Gauge(
            "jianyi_hub_delay_seconds",
            "Longest time since the last look in which nothing else could run",
            label,
            registry=registry,
        ).labels(service)
        self.gauges: dict[str, Gauge] = {}

    @contextmanager
    def command(self, name: str) -> Iterator[None]:
        """Times a command and counts its outcome: done, refused, or failed."""
        started, outcome = time.perf_counter(), "failed"
        try:
            yield
            outcome = "done"
        except Problem as problem:
            outcome = "unavailable" if problem.status >= 500 else "refused"
            raise
        finally:
            self._commands.labels(self.service, name, outcome).inc()
            self._command_seconds.labels(self.service).observe(time.perf_counter() - started)

    def published(self, events: list[dict[str, Any]]) -> None:
        for type, count in Tally(event["type"] for event in events).items():
            self._published.labels(self.service, type).inc(count)

    def consumed(self, events: list[dict[str, Any]]) -> None:
        now = datetime.now(UTC)
        for type, count in Tally(event["type"] for event in events).items():
            self._consumed.labels(self.service, type, "done").inc(count)
        for event in events:
            lag = (now - datetime.fromisoformat(event["time"])).total_seconds()
            if lag < 86_400:  # a case of another time says nothing about the network's speed
                self._lag.labels(self.service).observe(max(lag, 0.0))

    def arrived(self, events: list[dict[str, Any]]) -> None:
        """Notice what came out of order: handlers cope, but it should not happen."""
        if len(self._newest) > MOST_THREADS:
            self._newest.clear()
        for event in events:
            thread, sequence = (event["source"], event["subject"]), event["sequence"]
            newest = self._newest.get(thread, 0)
            if sequence < newest:
                self._late.inc()
                log.warning("event came late", service=self.service, type=event["type"], event_id=event["id"],
                            sequence=sequence, newest=newest)  # fmt: skip
            else:
                self._newest[thread] = sequence

    def failed(self, event: dict[str, Any]) -> None:
        self._consumed.labels(self.service, event["type"], "failed").inc()
        self._retries.labels(self.service, event["type"]).inc()

    def plugin_failed(self, plugin: str, hook: str, kind: str) -> None:
        self._plugins.labels(self.service, plugin, hook, kind).inc()

    def set(self, name: str, labels: dict[str, str], value: float) -> None:
        """Set a gauge that a service measures itself, such as its deadlines by light."""
        if name not in self.gauges:
            self.gauges[name] = Gauge(name, name, ("service", *labels), registry=self.registry)
        self.gauges[name].labels(self.service, *labels.values()).set(value)
