"""One trace, one measure and, when it matters, one line in the log for each request; and the headers of all answers."""

from __future__ import annotations

import secrets
import time

import flask
import structlog
from flask import g, request
from prometheus_client import CollectorRegistry, Counter, Histogram

from shared.metrics import SECONDS
from shared.telemetry import Step
from shared.trace import trace_id

log = structlog.get_logger()

SLOW_SECONDS = 1.0

FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
POLICY = (
    "default-src 'self'; script-src 'self'{nonce}; style-src 'self'{nonce}; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class Watch:
    """Hooks around each request of an application."""

    def __init__(self, service: str, registry: CollectorRegistry) -> None:
        self.service = service
        self._requests = Counter(
            "jianyi_http_requests", "HTTP requests", ("service", "route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "jianyi_http_seconds", "Time of an HTTP request", ("service",), buckets=SECONDS, registry=registry
        ).labels(service)

    def begin(self) -> None:
        """Before anything else: note the time, and join the caller's trace or begin one."""
        g.started = time.perf_counter()
        route = request.url_rule.rule if request.url_rule else "unknown"
        g.step = Step(
            self.service, f"{request.method} {route}", request.headers.get("traceparent"),
            request.headers.get("tracestate", ""), about={"http.request.method": request.method, "http.route": route},
        )  # fmt: skip
        g.traceparent = g.step.traceparent

    def end(self, response: flask.Response) -> flask.Response:
        """After all else: measure, log, and set the headers."""
        asked_to_wait = g.get("waited", 0.0)  # which is no slowness
        took = time.perf_counter() - g.started - asked_to_wait
        route = request.url_rule.rule if request.url_rule else "unknown"
        self._requests.labels(self.service, route, response.status_code).inc()
        self._seconds.observe(took)
        write = log.info if took > SLOW_SECONDS or response.status_code >= 500 else log.debug
        # Without the query string: it may name people.
        write(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            milliseconds=round(took * 1000, 1),
            trace=trace_id(g.traceparent),
        )
        _set_headers(response)
        g.step.note("http.response.status_code", response.status_code)
        if response.status_code >= 500:
            g.step.failed(response.status)
        g.step.end()
        return response


def csp_nonce() -> str:
    """For templates with a script or style of their own: `<script nonce="{{ csp_nonce() }}">`."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _set_headers(response: flask.Response) -> None:
    headers = response.headers
    headers["traceparent"] = g.traceparent
    headers.update(FIXED_HEADERS)
    headers["Content-Security-Policy"] = POLICY.format(nonce=f" 'nonce-{g.nonce}'" if "nonce" in g else "")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")  # office computers are shared
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
