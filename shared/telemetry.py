"""Steps of a trace: each passes the trace on, and is exported by OpenTelemetry where an endpoint is set.

    with step("intake", "accept_suggestion", traceparent, tracestate) as this:
        ...                 # what is called or published meanwhile carries this.traceparent

Without OTEL_EXPORTER_OTLP_ENDPOINT, OpenTelemetry is not even loaded: a step is then sixteen random digits. With it, the
standard OTEL_* variables say the rest (headers, sampling, size of batches); see docs/operators.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Self

from shared import trace
from shared.problems import Problem

Kind = Literal["server", "consumer", "producer"]

_tracers: dict[str, Any] = {}  # by service; empty: nothing is exported
_processors: list[Any] = []  # one, shared by all services of this process


def endpoint(environment: Mapping[str, str] | None = None) -> str:
    """Where spans go to, as OpenTelemetry's own variables say it; empty: nowhere."""
    given = os.environ if environment is None else environment
    if given.get("OTEL_SDK_DISABLED", "").lower() == "true" or given.get("OTEL_TRACES_EXPORTER") == "none":
        return ""
    return given.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or given.get("OTEL_EXPORTER_OTLP_ENDPOINT") or ""


def configure(services: Iterable[str]) -> None:
    """Begin to export the spans of these services, if there is an endpoint. In a green process, after it was patched:
    the exporter's thread is then a greenlet among the others, and its HTTP stops nobody."""
    if not endpoint() or _tracers:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    processor = BatchSpanProcessor(OTLPSpanExporter())
    for service in services:
        resource = Resource.create({"service.name": f"jianyi.{service}", "service.namespace": "jianyi"})
        provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        provider.add_span_processor(processor)
        _tracers[service] = provider.get_tracer("jianyi")
    _processors.append(processor)


def shut_down() -> None:
    """Export what is left, and stop."""
    _tracers.clear()
    while _processors:
        _processors.pop().shutdown()


def is_exporting(service: str) -> bool:
    """Do steps of this service become spans? For what costs something to find out about them."""
    return service in _tracers


class Step:
    """One step: its own `traceparent`, to be given to all that follows from it."""

    def __init__(self, service: str, name: str, traceparent: str | None, tracestate: str | None = None, *,
                 kind: Kind = "server", about: Mapping[str, Any] | None = None,
                 follows: Iterable[str] = ()) -> None:  # fmt: skip
        """`traceparent`: of the step that caused this one. `tracestate`: what came with it; None: what is carried now.
        `about`: attributes. `follows`: of those that it serves, when it serves several."""
        self._before = trace.tracestate()
        state = self._before if tracestate is None else tracestate
        trace.carry(state if trace.is_trace(traceparent) else "")
        self._span: Any = None
        tracer = _tracers.get(service)
        if tracer is None:
            self.traceparent = trace.child(traceparent)
        else:
            self._begin_span(tracer, name, traceparent, kind, about, follows)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: Any, error: BaseException | None, __: Any) -> None:
        self.end(error)

    def note(self, name: str, value: Any) -> None:
        """Add what became known only on the way."""
        if self._span is not None:
            self._span.set_attribute(name, value)

    def end(self, error: BaseException | None = None) -> None:
        """The step is done. A refusal in the user's words is an answer, not a fault."""
        trace.carry(self._before)
        if self._span is None:
            return
        if isinstance(error, Problem):
            self._span.set_attribute("jianyi.refused", error.code)
        if error is not None and not (isinstance(error, Problem) and error.status < 500):
            self.failed(repr(error))
        self._span.end()

    def failed(self, why: str) -> None:
        """Mark the step as one that went wrong."""
        if self._span is not None:
            from opentelemetry.trace import Status, StatusCode

            self._span.set_status(Status(StatusCode.ERROR, why[:500]))

    def _begin_span(self, tracer: Any, name: str, traceparent: str | None, kind: Kind,
                    about: Mapping[str, Any] | None, follows: Iterable[str]) -> None:  # fmt: skip
        from opentelemetry.trace import Link, SpanKind, get_current_span
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        def context_of(parent: str | None, state: str) -> Any:
            carrier = {"traceparent": parent or "", "tracestate": state}
            return TraceContextTextMapPropagator().extract(carrier)

        causes = [get_current_span(context_of(one, "")).get_span_context() for one in follows]
        links = [Link(cause) for cause in causes if cause.is_valid]
        self._span = tracer.start_span(
            name,
            context_of(traceparent, trace.tracestate()),
            SpanKind[kind.upper()],
            dict(about or {}),
            links,
        )
        own = self._span.get_span_context()
        self.traceparent = f"00-{own.trace_id:032x}-{own.span_id:016x}-{own.trace_flags & 1:02x}"
        trace.carry(own.trace_state.to_header())
