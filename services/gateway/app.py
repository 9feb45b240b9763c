"""The web application: pages for people, REST for programs, on the same commands and queries."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

import flask
import orjson
from flask.json.provider import JSONProvider
from flask.sessions import SecureCookieSessionInterface
from werkzeug.middleware.proxy_fix import ProxyFix

from services.gateway import access, api_events, api_operations, api_own, refusals, watching
from services.gateway.access import Gateway, current_actor, gateway, is_api, is_signed_in
from services.gateway.api import add_api
from services.gateway.calls import Tokens, Transport
from services.gateway.feed import Lookout
from services.gateway.pages import add_pages, refused_page
from services.gateway.reading import MOST_IMPORT_BYTES
from services.gateway.sessions import Sessions
from services.gateway.throttle import Throttle
from shared.pace import give_way
from shared.runtime import Runtime


class Front(flask.Flask):
    """Hundreds of routes take a while to be read: meanwhile the other services of the process go on."""

    def add_url_rule(self, *args: Any, **options: Any) -> None:
        give_way()
        super().add_url_rule(*args, **options)


def create_app(
    runtime: Runtime, transport: Transport, seconds: Callable[[], float] = time.time
) -> flask.Flask:
    """The application of one gateway, on its runtime's data; `transport` is its way to the other services."""
    settings = runtime.settings
    app = Front("services.gateway")
    app.json = Json(app)
    if hops := settings.proxies:
        # The host stays what the proxy asks for: a header for it passes through many a proxy as the client wrote it.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    app.session_interface = FormSessions()
    app.config.update(
        SECRET_KEY=hashlib.sha256(b"jianyi forms " + settings.signing_key.encode()).hexdigest(),
        SESSION_COOKIE_NAME="jianyi_form",  # carries the CSRF token only; who is signed in is kept by the gateway
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MOST_IMPORT_BYTES,
        MAX_FORM_MEMORY_SIZE=2 * 2**20,
        WTF_CSRF_CHECK_DEFAULT=False,  # `access.identify` knows which requests need it
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: writing a suggestion takes a day
    )
    connect(app, runtime, transport, seconds)
    access.csrf.init_app(app)
    app.before_request(lambda: gateway().watch.begin())
    app.before_request(access.identify)
    app.after_request(lambda response: gateway().watch.end(response))
    app.register_error_handler(Exception, _refuse)
    app.jinja_env.globals.update(
        csp_nonce=watching.csp_nonce, current_actor=current_actor, is_signed_in=is_signed_in
    )
    app.add_url_rule("/healthz", "healthz", lambda: {"service": runtime.service, "ok": True})
    add_api(app, api_own.blueprint, api_operations.blueprint, api_events.blueprint)
    add_pages(app)
    return app


def connect(
    app: flask.Flask, runtime: Runtime, transport: Transport, seconds: Callable[[], float] = time.time
) -> None:
    """Have an application answer from one gateway's data."""
    settings = runtime.settings
    app.extensions["jianyi"] = Gateway(
        settings,
        transport,
        Tokens(settings.signing_key),
        Sessions(runtime.database, seconds),
        Throttle(runtime.database, seconds),
        Lookout(),
        watching.Watch(runtime.service, runtime.metrics.registry),
        runtime.database,
        runtime,
    )


def _refuse(error: Exception) -> Any:
    problem = refusals.as_problem(error)
    return refusals.as_json(problem) if is_api() else refused_page(problem)


class Json(JSONProvider):
    """orjson for whatever Flask itself writes and reads."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)


class FormSessions(SecureCookieSessionInterface):
    """Flask's signed cookie, sent over https only where https is spoken."""

    def get_cookie_secure(self, app: flask.Flask) -> bool:
        return flask.request.is_secure
