"""Accounts of other systems at the broker: each may read one queue, which is filled with what is meant for it.

    (jianyi.events) ──suggestion.*.43.01.#──▶ [sub.oa] ──▶ user sub.oa

The queue and its bindings are made here and not by the subscriber. Whoever may declare queues can make thousands, or
one that refuses when it is full, and then the relay's events are not confirmed to anybody; and whoever may bind can
bind to more than he should hear. So a subscriber may read its queue and nothing else.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote

import orjson
import urllib3
from kombu import Connection

from jianyi.documents import event_types
from shared.bus.topology import EXCHANGE
from shared.events import ROOT
from shared.problems import Invalid, NotFound, Problem, Unavailable
from shared.reach import JUDGEMENTS, matches
from shared.settings import Settings

PREFIX = "sub."  # of users and queues; no service's queue has it
NAME = r"[a-z][a-z0-9-]{0,39}"
JURISDICTION = rf"{ROOT}|\d{{2,3}}(\.\d{{2,3}})*"
POLICY = {
    "pattern": r"^sub\.",
    "apply-to": "queues",
    "priority": 1,
    "definition": {
        "max-length-bytes": 1_000_000_000,
        "message-ttl": 7 * 24 * 3600 * 1000,
        "overflow": "drop-head",  # what is oldest goes; never refuse what the relay sends
        "delivery-limit": 1_000_000,  # RabbitMQ 4 throws away what was handed out twenty times
    },
}
MOST_CONNECTIONS, MOST_CHANNELS = 10, 50
NOTHING = "^$"
SECONDS = 10.0


@dataclass(frozen=True)
class Subscriber:
    """One account, as the broker knows it."""

    name: str
    keys: tuple[str, ...]  # as suggestion.*.43.01.#
    waiting: int
    consumers: int


def binding_keys(jurisdiction: str, types: Iterable[str], judgements: bool = False) -> list[str]:
    """What a queue is bound with. Raises Invalid for what is no jurisdiction, and for types that no event has.

    Without the right to `judgements` a pattern that reaches how deputies judge is bound by what else it reaches.
    """
    if not re.fullmatch(JURISDICTION, jurisdiction):
        raise Invalid("区划代码应当像 43.01.81;cn 为全国。")
    names = {event.name for event in event_types()}
    keys = []
    for pattern in types or ["*.*"]:
        words = pattern.count(".") == 1 and re.fullmatch(r"[a-z*.]+", pattern)
        if not words or not any(fnmatchcase(name, pattern) for name in names):
            raise Invalid(
                f"没有“{pattern}”这样的事件。请写两段，可用 * 代替其中一段，如 suggestion.* 或 reply.issued；全部事件见 docs/events.md。"
            )
        wanted = [pattern] if judgements else _without_judgements(pattern, names)
        if not wanted:
            raise Invalid(f"“{pattern}”是代表评价，只交给有权知道的系统：加上 --judgements。")
        keys += [f"{part}.#" if jurisdiction == ROOT else f"{part}.{jurisdiction}.#" for part in wanted]
    return list(dict.fromkeys(keys))


def _without_judgements(pattern: str, names: set[str]) -> list[str]:
    """The pattern, or where it reaches judgements the subjects that it reaches without them, and single events of the
    others. (A topic binding can leave nothing out.)"""

    def is_secret(name: str) -> bool:
        return matches(f"{name}.v1", JUDGEMENTS)

    reached = sorted(name for name in names if fnmatchcase(name, pattern))
    if not any(is_secret(name) for name in reached):
        return [pattern]
    second = pattern.partition(".")[2]
    found = []
    for name in reached:
        subject = name.partition(".")[0]
        secret_subject = any(is_secret(other) for other in names if other.startswith(f"{subject}."))
        if not is_secret(name):
            found.append(name if secret_subject else f"{subject}.{second}")
    return list(dict.fromkeys(found))


class Subscribers:
    """The accounts of one network's broker, kept through RabbitMQ's management interface."""

    def __init__(self, settings: Settings) -> None:
        if settings.embedded:
            raise Problem(
                "内嵌方式没有消息队列，不能直接订阅。请让对方用 webhook 或 GET /api/events（见 docs/integrators.md）。"
            )
        if not settings.broker_management_url:
            raise Problem(
                "没有设置 JIANYI_BROKER_MANAGEMENT_URL：开立订阅账号要用 RabbitMQ 的管理接口，如 http://用户：密码@主机：15672。"
            )
        url = urllib3.util.parse_url(settings.broker_management_url)
        self._base = f"{url.scheme}://{url.netloc}{(url.path or '').rstrip('/')}/api"
        self._headers = urllib3.make_headers(basic_auth=url.auth) | {"Content-Type": "application/json"}
        self._pool = urllib3.PoolManager(retries=False, timeout=SECONDS)
        self._broker = urllib3.util.parse_url(settings.broker_url)
        self._vhost = quote(Connection(settings.broker_url).virtual_host or "/", safe="")

    def add(self, name: str, keys: Iterable[str]) -> str:
        """Open an account whose queue gets what these keys bind. Returns its address, with the password in it."""
        if not re.fullmatch(NAME, name):
            raise Invalid("名称用小写字母、数字和短横，以字母开头，最多 40 个字符，如 oa-changsha。")
        user = PREFIX + name
        if self._find(f"users/{user}") or self._find(f"queues/{self._vhost}/{user}"):
            raise Problem(f"已经有订阅账号 {name}。换密码：jianyi subscriber password {name}。")
        try:
            return self._make(user, keys)
        except BaseException:
            with contextlib.suppress(Problem):
                self._delete(user)
            raise

    def _make(self, user: str, keys: Iterable[str]) -> str:
        if not self._find(f"policies/{self._vhost}/subscribers"):
            self._call("PUT", f"policies/{self._vhost}/subscribers", POLICY)
        # Of several readers one gets the events and another takes over: run twice, they still come in order.
        arguments = {"x-queue-type": "quorum", "x-single-active-consumer": True}
        queue = {"durable": True, "arguments": arguments}
        self._call("PUT", f"queues/{self._vhost}/{user}", queue)
        for key in keys:
            self._call("POST", f"bindings/{self._vhost}/e/{EXCHANGE.name}/q/{user}", {"routing_key": key})
        address = self._new_password(user)
        for limit, most in (("max-connections", MOST_CONNECTIONS), ("max-channels", MOST_CHANNELS)):
            self._call("PUT", f"user-limits/{user}/{limit}", {"value": most})
        # Nothing can be bound or published without a right to write. Were it ever given by mistake, topics stay closed.
        topics = {"exchange": EXCHANGE.name, "write": NOTHING, "read": NOTHING}
        self._call("PUT", f"topic-permissions/{self._vhost}/{user}", topics)
        rights = {"configure": NOTHING, "write": NOTHING, "read": f"^{re.escape(user)}$"}
        self._call("PUT", f"permissions/{self._vhost}/{user}", rights)
        return address

    def all(self) -> list[Subscriber]:
        """All accounts, by name."""
        keys: dict[str, list[str]] = {}
        for binding in self._call("GET", f"bindings/{self._vhost}"):
            if binding["source"] == EXCHANGE.name:
                keys.setdefault(binding["destination"], []).append(binding["routing_key"])
        return [
            Subscriber(
                queue["name"].removeprefix(PREFIX),
                tuple(sorted(keys.get(queue["name"], []))),
                queue.get("messages", 0),
                queue.get("consumers", 0),
            )
            for queue in sorted(self._call("GET", f"queues/{self._vhost}"), key=lambda queue: queue["name"])
            if queue["name"].startswith(PREFIX)
        ]

    def password(self, name: str) -> str:
        """Give an account a new password and cut its connections. Returns its new address."""
        user = self._known(name)
        address = self._new_password(user)
        self._call("DELETE", f"connections/username/{user}")
        return address

    def remove(self, name: str) -> None:
        """Close an account: cut its connections, and throw away what waits for it."""
        self._delete(self._known(name))

    def _known(self, name: str) -> str:
        user = PREFIX + name
        if not re.fullmatch(NAME, name) or not self._find(f"queues/{self._vhost}/{user}"):
            raise NotFound(f"没有订阅账号“{name}”。查看：jianyi subscriber list。")
        return user

    def _delete(self, user: str) -> None:
        """The user first: if the queue then stays for whatever reason, it is still listed, and can be removed again."""
        for path in (f"users/{user}", f"queues/{self._vhost}/{user}"):
            if self._find(path):
                self._call("DELETE", path)

    def _new_password(self, user: str) -> str:
        password = secrets.token_urlsafe(24)
        self._call("PUT", f"users/{user}", {"password": password, "tags": ""})
        return f"{self._broker.scheme}://{user}:{password}@{self._broker.netloc}/{self._vhost}"

    def _find(self, path: str) -> Any:
        """What there is, or None."""
        try:
            return self._call("GET", path)
        except NotFound:
            return None

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        try:
            answer = self._pool.request(
                method,
                f"{self._base}/{path}",
                headers=self._headers,
                body=None if body is None else orjson.dumps(body),
            )
        except urllib3.exceptions.HTTPError as error:
            raise Unavailable(
                f"连不上 RabbitMQ 的管理接口 {self._base}。请检查 JIANYI_BROKER_MANAGEMENT_URL，以及插件 rabbitmq_management 是否启用。"
            ) from error
        if answer.status == 401:
            raise Problem(
                "RabbitMQ 不接受 JIANYI_BROKER_MANAGEMENT_URL 里的用户名、密码，或者这个用户不是管理员。"
            )
        if answer.status == 404:
            raise NotFound(
                f"RabbitMQ 上没有 {path}。请检查 JIANYI_BROKER_URL 里的虚拟主机，并先启动一次网络。"
            )
        if answer.status >= 400:
            told = answer.data.decode("utf-8", "replace")
            raise Problem(f"RabbitMQ 拒绝了 {method} {path}（{answer.status}）：{told}")
        return orjson.loads(answer.data) if answer.data else None
