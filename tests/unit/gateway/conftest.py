"""The gateway's application over the real directory and intake, without a broker."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from harness import PROVINCE, TestNetwork
from receiver import Receiver

from services.gateway import pages
from services.gateway.app import connect, create_app
from services.gateway.calls import Calls
from services.gateway.webhooks import secrets
from services.gateway.webhooks.dispatcher import Dispatcher
from shared.bus.rpc import _dumps
from shared.catching_up import events_after, newest_position
from shared.identity import SYSTEM, Actor
from shared.operations import operate
from shared.problems import Problem, Unavailable, from_problem
from shared.service import _followed
from shared.trace import new_trace


@pytest.fixture(autouse=True)
def _nobody_waits_for_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are brought by the tests themselves: see `TestNetwork.settle`."""
    monkeypatch.setattr(pages, "PAUSES", ())


SESSION = {"term": 14, "ordinal": 1, "opens_on": "2023-01-13", "closes_on": "2023-01-19"}
PASSWORD = "a-long-password"
HUNAN = {
    "path": "43",
    "code": "43",
    "name": "湖南省",
    "level": "province",
    "parent": "",
    "has_congress": True,
}


def as_json(value: Any) -> Any:
    return orjson.loads(_dumps(value))


class DirectTransport:
    """Brings calls straight to the runtimes, as JSON would: what does not fit in JSON fails here as it would there.

    `answers` stands in for services that are not part of the network: {(service, name): answer or exception}.
    """

    def __init__(self, network: TestNetwork) -> None:
        self.network = network
        self.answers: dict[tuple[str, str], Any] = {}
        self.calls: list[tuple[str, str, tuple[Any, ...]]] = []
        self.traceparents: list[str | None] = []

    def begin(
        self, service: str, method: str, *args: Any, token: str | None, traceparent: str | None = None
    ) -> Any:
        args = tuple(as_json(list(args)))
        self.calls.append((service, method, args))
        self.traceparents.append(traceparent)

        def wait(seconds: float) -> Any:
            try:
                answer = self._answer(service, method, args, token, traceparent)
            except Problem as problem:
                raise from_problem(as_json(problem.to_problem())) from None
            return as_json(answer)

        return wait

    def _answer(
        self, service: str, method: str, args: tuple[Any, ...], token: str | None, traceparent: str | None
    ) -> Any:
        name = args[0] if method in ("execute", "ask") else method
        if (service, name) in self.answers:
            answer = self.answers[service, name]
            if isinstance(answer, Exception):
                raise answer
            return answer
        runtime = self.network.runtimes.get(service)
        if runtime is None:
            if method == "followed":
                return {"published": [], "handled": [], "handles": []}
            if method == "events_after":
                return {"entries": [], "upto": args[0] or 0}
            if method == "newest_position":
                return 0
            raise Unavailable("系统的一部分暂时没有响应。")
        if method == "execute":
            command, subject, data, key, version = args
            return runtime.execute(
                command, subject, data, token=token, traceparent=traceparent, key=key, version=version
            )
        if method == "ask":
            return runtime.ask(*args, token=token, traceparent=traceparent)
        if method == "events_after":
            return events_after(runtime, token, *args)
        if method == "newest_position":
            return newest_position(runtime)
        if method == "operate":
            return operate(runtime, *args, token)
        return _followed(SimpleNamespace(runtime=runtime, token=token), *args)


_MADE: list[Flask] = []


def application(*of_one_gateway: Any) -> Flask:
    """One for all tests of this process, connected to each one's network: its routes take longer to make than a test."""
    if _MADE:
        connect(_MADE[0], *of_one_gateway)
    else:
        _MADE.append(create_app(*of_one_gateway))
    return _MADE[0]


class Web:
    """A network with its gateway, and clients that come in by it."""

    def __init__(self, network: TestNetwork) -> None:
        self.network, self.transport = network, DirectTransport(network)
        self.seconds = 1_700_000_000.0
        self.runtime = network.runtimes["gateway"]
        self.app = application(self.runtime, self.transport, lambda: self.seconds)
        self.accounts: dict[str, str] = {}

    def add_stranger(self) -> None:
        """The liaison office of another province: login stranger."""
        other = {**HUNAN, "path": "44", "code": "44", "name": "广东省"}
        self.network.do(SYSTEM, "directory", "register_divisions", divisions=[other])
        self.add_account("stranger", "外省人", {"role": "liaison", "congress": "44"})

    def add_account(self, login: str, name: str, *roles: dict[str, str]) -> str:
        first = f"{PASSWORD}-handed-out" if any(role.get("seat") for role in roles) else PASSWORD
        answer = self.network.do(
            SYSTEM, "directory", "add_account", login=login, name=name, password=first, roles=list(roles)
        )
        self.accounts[login] = answer["id"]
        for told in answer.get("codes", ()):
            claim = {"code": told["code"], "password": PASSWORD}
            self.network.do(Actor(answer["id"], name), "directory", "claim_seat", answer["id"], **claim)
        return str(answer["id"])

    def browser(self, **options: Any) -> FlaskClient:
        return self.app.test_client(**options)

    def token(self, login: str) -> str:
        answer = self.browser().post("/api/sign-in", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return str(answer.json["token"])

    def program(self, login: str) -> Program:
        return Program(self, self.token(login))

    def events(self) -> list[dict[str, Any]]:
        return self.network.published("intake")


class Program:
    """A client that knows its bearer token."""

    def __init__(self, web: Web, token: str) -> None:
        self.web, self.token = web, token
        self.client = web.app.test_client(use_cookies=False)

    def __getattr__(self, method: str) -> Callable[..., Any]:
        send = getattr(self.client, method)

        def request(path: str, headers: dict[str, str] | None = None, **options: Any) -> Any:
            return send(path, headers={"Authorization": f"Bearer {self.token}", **(headers or {})}, **options)

        return request


@pytest.fixture
def web(network_of) -> Web:
    """Directory and intake with 代表甲 (login deputy), the liaison office (liaison) and an operator (operator)."""
    return peopled(network_of("directory", "intake", "gateway"))


@pytest.fixture
def web_with(network_of) -> Callable[..., Web]:
    """The same with more services: `web_with("evaluation")`."""
    return lambda *services: peopled(network_of("directory", "intake", "gateway", *services))


def peopled(network: TestNetwork) -> Web:
    """The network with its first people, and its doors."""
    network.do(SYSTEM, "directory", "register_divisions", divisions=[HUNAN])
    network.do(SYSTEM, "directory", "open_session", congress=PROVINCE, **SESSION)
    seat = network.do(SYSTEM, "directory", "register_deputy", congress=PROVINCE, name="代表甲")["id"]
    web = Web(network)
    web.add_account("deputy", "代表甲", {"role": "deputy", "congress": PROVINCE, "seat": seat})
    web.add_account("liaison", "联工委甲", {"role": "liaison", "congress": PROVINCE})
    web.add_account("operator", "运维甲", {"role": "operator"})
    return web


DRAFT = {
    "congress": PROVINCE, "title": "关于建立联合运维工作机制的建议", "situation": "三部门系统各自运维。", "analysis": "责任不清。",
    "proposals": "建立联合运维中心。", "kind": "suggestion", "category": "社会保障",
}  # fmt: skip


@pytest.fixture
def draft() -> dict[str, str]:
    return dict(DRAFT)


class Platform:
    """The other system: its program here, and its receiver."""

    def __init__(self, web):
        self.web, self.receiver = web, Receiver()
        self.program = web.program("platform")
        self.now = 1_700_000_000.0
        self.dispatcher = self.another_replica()

    def another_replica(self):
        gateway = self.web.app.extensions["jianyi"]
        calls = Calls(self.web.transport, gateway.tokens, SYSTEM, new_trace())
        return Dispatcher(self.web.runtime, calls, gateway.lookout, lambda: self.now)

    def subscribe(self, **more):
        wanted = {"url": self.receiver.url, "jurisdiction": PROVINCE, "types": [], **more}
        answer = self.program.post("/api/webhooks", json=wanted)
        assert answer.status_code == 200, answer.text
        self.receiver.secrets.append(answer.json["secret"])
        return answer.json["id"]

    def register_unit(self, name, congress=PROVINCE):
        self.web.network.do(SYSTEM, "directory", "register_unit", congress=congress, name=name)

    def work(self, dispatcher=None):
        """What the dispatcher does in one round, to its end."""
        dispatcher = dispatcher or self.dispatcher
        dispatcher.lookout._looked_at = 0.0
        dispatcher.fan_out()
        dispatcher.post_due()
        dispatcher._pool.waitall()

    def deliveries(self, id):
        return self.program.get(f"/api/webhooks/{id}/deliveries").json

    def webhook(self, id):
        return self.program.get(f"/api/webhooks/{id}").json


@pytest.fixture
def platform(web, monkeypatch):
    web.add_account("platform", "智慧人大平台", {"role": "integrator", "congress": PROVINCE})
    settings = replace(web.network.settings, webhook_networks="127.0.0.0/8")
    monkeypatch.setattr(web.runtime, "settings", settings)
    gateway = web.app.extensions["jianyi"]
    web.app.extensions["jianyi"] = replace(gateway, settings=settings)
    # Receivers refuse what was signed long ago: the dispatcher signs with the machine's time.
    signed = secrets.headers
    monkeypatch.setattr(secrets, "headers", lambda kept, id, at, body: signed(kept, id, time.time(), body))
    platform = Platform(web)
    yield platform
    platform.receiver.close()
