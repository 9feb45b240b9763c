"""Speaks REST to a running network, as the command line and the walk do."""

from __future__ import annotations

import getpass
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import urllib3

from shared.identity import SYSTEM, Actor, Role, sign
from shared.problems import NotSignedIn, Problem, Unavailable, from_problem
from shared.settings import Settings

SECONDS = 30.0
LONG_SECONDS = 3600.0  # a workbook of many years
POLL_SECONDS = 1.0


@dataclass
class Imported:
    """What became of an imported ledger: all of it, or a workbook that says what is wrong."""

    added: int = 0
    known: int = 0
    bad_rows: int = 0
    errors_file: Path | None = None


class Client:
    """One caller of the API at `base`, as http://127.0.0.1:8000."""

    def __init__(
        self, base: str, token: str = "", settings: Settings | None = None, actor: Actor = SYSTEM
    ) -> None:
        self.base, self.token, self.settings, self.actor = base, token, settings, actor
        # Knows of no proxy: none must come between programs on one machine. Who asks again decides by itself.
        self.pool = urllib3.PoolManager(retries=False, timeout=SECONDS, maxsize=8)
        self.heard: Callable[[urllib3.BaseHTTPResponse], None] = lambda answer: None  # is told every answer
        self.traceparent = ""  # of the last answer

    @classmethod
    def as_system(cls, settings: Settings) -> Client:
        """A client that holds the network's signing key: for operators, on the machine where the network runs."""
        return cls(f"http://{settings.host}:{settings.port}", settings=settings)

    @classmethod
    def as_operator(cls, settings: Settings) -> Client:
        """The same, speaking for whoever works on that machine: what is dropped or rebuilt bears the name."""
        operator = Actor("command-line", f"命令行（{getpass.getuser()}）", (Role("operator", ""),))
        return cls(f"http://{settings.host}:{settings.port}", settings=settings, actor=operator)

    @classmethod
    def as_office(cls, settings: Settings, congress: str) -> Client:
        """The same, speaking for the liaison office of a congress."""
        office = Actor("command-line", "命令行", (Role("liaison", congress),))
        return cls(f"http://{settings.host}:{settings.port}", settings=settings, actor=office)

    @classmethod
    def signed_in(cls, base: str, login: str, password: str) -> Client:
        """A client signed in as somebody."""
        client = cls(base)
        client.token = client.post("/sign-in", {"login": login, "password": password})["token"]
        return client

    @classmethod
    def of_new_account(
        cls, system: Client, login: str, name: str, password: str, *roles: dict[str, str]
    ) -> Client:
        """Open an account and sign in with it; a deputy claims the seat with the code, as a person would."""
        first = f"{password}-handed-out" if any(role.get("seat") for role in roles) else password
        opened = system.command("/accounts", login=login, name=name, password=first, roles=list(roles))
        client = cls.signed_in(system.base, login, first)
        for told in opened.get("codes", ()):
            client.command(f"/accounts/{opened['id']}/claim", code=told["code"], password=password)
            client = cls.signed_in(system.base, login, password)
        return client

    def get(self, path: str, **params: Any) -> Any:
        return self._answer("GET", path, fields={name: str(value) for name, value in params.items()})

    def post(self, path: str, data: Any, *, now: datetime | None = None, key: str | None = None) -> Any:
        headers = {}
        if now is not None:
            headers["X-Jianyi-Time"] = now.isoformat()
        if key:
            headers["Idempotency-Key"] = key
        return self._answer("POST", path, json=data, headers=headers)

    def command(self, path: str, **data: Any) -> dict[str, Any]:
        """Give a command by its REST path."""
        return dict(self.post(path, data))

    def operate(self, service: str, action: str, **params: Any) -> Any:
        """An operator's action at one service: see `shared.operations`."""
        return self._answer("POST", f"/operate/{service}/{action}", json=params)["answer"]

    def tail(self, services: list[str], limit: int, follow: bool) -> Iterator[dict[str, Any]]:
        """The last events of some services, by time; then, if wanted, each new one as it comes."""
        after: dict[str, int] = {}
        first = True
        while True:
            found = []
            for service in services:
                position = {} if first else {"after": after.get(service, 0)}
                page = self.operate(service, "tail", limit=limit if first else 500, **position)
                after[service] = max([entry["position"] for entry in page], default=after.get(service, 0))
                found += [entry["event"] for entry in page]
            yield from sorted(found, key=lambda event: str(event["time"]))[-limit if first else 0 :]
            if not follow:
                return
            first = False
            time.sleep(POLL_SECONDS)

    def import_ledger(self, file: Path, congress: str) -> Imported:
        """Hand in a workbook. When it is refused, writes the same workbook with what is wrong beside it."""
        handed_in = {"file": (file.name, file.read_bytes()), "congress": congress}
        response = self._send("POST", "/ledger/import", fields=handed_in, timeout=LONG_SECONDS)
        if response.headers.get("Content-Type", "").startswith("application/vnd.openxmlformats"):
            errors_file = file.with_name(f"{file.stem}-有误.xlsx")
            errors_file.write_bytes(response.data)
            return Imported(bad_rows=int(response.headers["X-Bad-Rows"]), errors_file=errors_file)
        answer = self._read(response)
        return Imported(added=answer["added"], known=answer["known"])

    def export_ledger(self, file: Path, congress: str, year: int) -> int:
        """Write the ledger as a workbook. Returns its size in bytes."""
        params = {"congress": congress, "year": str(year)}
        response = self._send("GET", "/ledger/export", fields=params, timeout=LONG_SECONDS)
        if response.status != 200:
            self._read(response)
        return file.write_bytes(response.data)

    def _answer(self, method: str, path: str, **options: Any) -> Any:
        return self._read(self._send(method, path, **options))

    def _send(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        *,
        timeout: float = SECONDS,
        **options: Any,
    ) -> urllib3.BaseHTTPResponse:
        token = self._own_token() if self.settings else self.token
        headers = {**(headers or {}), "Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            response = self.pool.request(
                method, f"{self.base}/api{path}", headers=headers, timeout=timeout, **options
            )
        except urllib3.exceptions.ReadTimeoutError as error:
            raise Unavailable(
                f"{self.base} 在 {timeout:.0f} 秒内没有回答，不知道办成没有；请看日志，稍后再试。"
            ) from error
        except urllib3.exceptions.HTTPError as error:
            raise self._not_running() from error
        self.heard(response)
        if response.status == 401 and self.settings:
            raise NotSignedIn(
                f"{self.base} 的网络用的是另一个签名密钥。请把 JIANYI_HOME（现在是 {self.settings.home}）"
                "或 JIANYI_SECRET 设成与它相同。"
            )
        self.traceparent = response.headers.get("traceparent", "")
        return response

    def _own_token(self) -> str:
        assert self.settings
        if not self.settings.secret and self.settings.embedded and not self.settings.key_file.exists():
            raise self._not_running()  # its first start makes the key: a caller must not
        return sign(self.actor, self.settings.signing_key)

    def _not_running(self) -> Unavailable:
        data = f"，数据目录 {self.settings.home}" if self.settings and self.settings.embedded else ""
        return Unavailable(
            f"网络没有在 {self.base} 运行{data}。请先启动：make run（或 jianyi run）；"
            "用了别的 JIANYI_HOME 或 JIANYI_PORT 时，这里也要一样。"
        )

    def _read(self, response: urllib3.BaseHTTPResponse) -> Any:
        try:
            body = orjson.loads(response.data)
        except ValueError as error:
            raise Problem(
                f"{self.base} 回答了 {response.status}，不是建议网络的回答：那个端口上可能是别的程序，请检查 JIANYI_PORT。"
            ) from error
        if response.status >= 400:
            raise from_problem(body)
        return body
