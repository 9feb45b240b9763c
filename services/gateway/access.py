"""Who asks: finds the person behind each request, and signs people in and out.

A browser is known by a cookie and has to prove with a CSRF token that a form is ours; a program is known by a bearer
token, which no other site can make a browser send.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import wraps
from typing import Any, cast

import flask
from flask import g, request
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response

from services.gateway.calls import Calls, Tokens, Transport
from services.gateway.feed import Lookout
from services.gateway.sessions import LONGEST_SECONDS, Session, Sessions, actor_of
from services.gateway.throttle import Throttle
from services.gateway.watching import Watch
from shared.clock import CHINA, legal_date
from shared.contracts import directory
from shared.database import Database
from shared.identity import PUBLIC, Actor, verify
from shared.problems import Invalid, NotSignedIn
from shared.runtime import Runtime
from shared.settings import Settings

COOKIE = "jianyi_session"
CASE_TIME = "X-Jianyi-Time"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

csrf = CSRFProtect()


@dataclass(frozen=True)
class Gateway:
    """What the views of one gateway share; at `current_app.extensions["jianyi"]`."""

    settings: Settings
    transport: Transport
    tokens: Tokens
    sessions: Sessions
    throttle: Throttle
    lookout: Lookout
    watch: Watch
    database: Database
    runtime: Runtime


def gateway() -> Gateway:
    return cast(Gateway, flask.current_app.extensions["jianyi"])


def _calls() -> Calls:
    if "calls" not in g:
        own = gateway()
        g.calls = Calls(own.transport, own.tokens, g.actor, g.traceparent)
    return cast(Calls, g.calls)


current_actor = cast(Actor, LocalProxy(lambda: g.actor))
"""The person who asks in this request; PUBLIC when nobody is signed in."""

calls = cast(Calls, LocalProxy(_calls))
"""The way to the services for this request's person."""


def is_signed_in() -> bool:
    return g.actor is not PUBLIC


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    """For views that nobody sees without signing in: raises NotSignedIn, which pages turn into the sign-in page."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        require_signed_in()
        return view(*args, **kwargs)

    return guarded


def require_signed_in() -> None:
    if not is_signed_in():
        raise NotSignedIn("请先登录。")


# --- for each request -----------------------------------------------------------------------------------------------


def identify() -> None:
    """Before each request: find out who asks, and refuse what another site may have made a browser send."""
    g.actor, g.by_cookie = PUBLIC, False
    if request.endpoint in ("static", "healthz"):
        return
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    by_bearer = kind.lower() == "bearer"
    if by_bearer and token.count(".") == 2:
        # A token signed with the network's own key: the command line on the machine where the network runs.
        g.actor = _at_case_time(verify(token.strip(), gateway().settings.signing_key))
        return
    if by_bearer:
        session = gateway().sessions.find(token.strip())
        if session is None:
            raise NotSignedIn("登录已失效，请重新登录。")
    else:
        session = _of_cookie()
        g.by_cookie = session is not None
    if session is not None:
        actor = _at_case_time(session.actor)
        g.actor = replace(actor, origin=_origin(actor)) if request.method not in SAFE_METHODS else actor
    if (
        request.method not in SAFE_METHODS
        and request.endpoint
        and not by_bearer
        and (g.by_cookie or not is_api())
    ):
        csrf.protect()


def is_api() -> bool:
    """Does a program ask, to be answered in JSON?"""
    return request.path == "/api" or request.path.startswith("/api/")


def _of_cookie() -> Session | None:
    token = request.cookies.get(COOKIE)
    return gateway().sessions.find(token) if token else None


def _at_case_time(actor: Actor) -> Actor:
    """The actor at the time that the case tells, where the network was started to tell cases."""
    given = request.headers.get(CASE_TIME)
    if not given or gateway().settings.clock != "case":
        return actor
    try:
        told = datetime.fromisoformat(given)
        if not 1949 <= told.year <= 2100:
            raise ValueError(given)
    except ValueError:
        raise Invalid(f"{CASE_TIME} 应当像 2023-02-20T09:00:00+08:00。") from None
    return replace(actor, now=(told if told.tzinfo else told.replace(tzinfo=CHINA)).astimezone(UTC))


def _origin(actor: Actor) -> str:
    """What stands for the address of this request, for one day: the same for the same address, and not to be turned back."""
    day = legal_date(actor.now or datetime.now(UTC)).isoformat()
    told = f"origin/{day}/{request.remote_addr or ''}".encode()
    return hmac.new(gateway().settings.signing_key.encode(), told, hashlib.sha256).hexdigest()[:24]


def today() -> date:
    """The date in Asia/Shanghai, of the case where one is told."""
    return legal_date(now())


def now() -> datetime:
    """The time, of the case where one is told."""
    return g.actor.now or datetime.now(UTC)


# --- signing in and out ---------------------------------------------------------------------------------------------


def sign_in(login: str, password: str) -> tuple[str, Session]:
    """Check login and password with the directory and open a session.

    Raises NotSignedIn when they do not fit, TooManyTries after too many of those, Invalid when something is missing.
    """
    own, address = gateway(), (request.remote_addr or "")[:64]
    given = directory.AUTHENTICATE.load({"login": login, "password": password})
    own.throttle.enter(given["login"], address)
    found = calls.as_system().ask(directory.AUTHENTICATE, login=login, password=password)
    if not found:
        raise NotSignedIn("账号或密码不对，请重新填写。")
    own.throttle.passed(given["login"], address)
    return own.sessions.open(actor_of(found), request.user_agent.string)


def remember(response: Response, token: str) -> None:
    """Give the browser its cookie: a new one, and a new CSRF token, at each sign-in."""
    _end_cookie_session()
    flask.session.clear()
    response.set_cookie(
        COOKIE, token, max_age=int(LONGEST_SECONDS), httponly=True, samesite="Lax", secure=request.is_secure
    )


def forget(response: Response) -> None:
    """Sign the browser out."""
    _end_cookie_session()
    flask.session.clear()
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)


def end_bearer_session() -> None:
    """Sign a program out: its token is worth nothing from now on."""
    gateway().sessions.end(request.headers["Authorization"].partition(" ")[2].strip())


def _end_cookie_session() -> None:
    if token := request.cookies.get(COOKIE):
        gateway().sessions.end(token)
