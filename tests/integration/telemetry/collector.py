"""A collector of traces, as OpenTelemetry's own: takes OTLP over HTTP and keeps what it is told."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Span:
    service: str
    name: str
    trace: str
    id: str
    parent: str
    state: str
    links: tuple[str, ...]
    failed: bool


class Collector:
    """Listens on a free port from the start on."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        collector = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    import gzip

                    body = gzip.decompress(body)
                collector.spans += _read(ExportTraceServiceRequest.FromString(body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Not into the tests' output."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def of(self, trace: str) -> list[Span]:
        return [span for span in list(self.spans) if span.trace == trace]

    def await_span(self, trace: str, service: str, name: str) -> Span:
        """The span once it has come. Fails after twenty seconds with what there is instead."""
        ends = time.monotonic() + 20
        while time.monotonic() < ends:
            for span in self.of(trace):
                if (span.service, span.name) == (service, name):
                    return span
            time.sleep(0.05)
        raise AssertionError(
            f"no span {service} {name}; there are {[(s.service, s.name) for s in self.of(trace)]}"
        )

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _read(request: ExportTraceServiceRequest) -> list[Span]:
    found = []
    for of_service in request.resource_spans:
        attributes = {a.key: a.value.string_value for a in of_service.resource.attributes}
        for scope in of_service.scope_spans:
            for span in scope.spans:
                links = tuple(f"{link.trace_id.hex()}/{link.span_id.hex()}" for link in span.links)
                ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
                service = attributes["service.name"].removeprefix("jianyi.")
                found.append(Span(service, span.name, *ids, span.trace_state, links, span.status.code == 2))
    return found
