"""One attempt to post a message: to the very address that was checked, for so long and no longer."""

from __future__ import annotations

import ssl
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import eventlet
import urllib3

from services.gateway.webhooks.addresses import NotUsable, Target, parse, resolve

SECONDS = 10.0  # for all of it: name, connection, answer
CONNECT_SECONDS = 5.0
MOST_ANSWER = 1024  # bytes that are kept


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: the receiver's answer, or why there was none (status 0)."""

    status: int
    error: str
    answer: str
    seconds: float

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


def post(url: str, headers: dict[str, str], body: str, networks: str) -> Outcome:
    """Post once. Never raises for what the receiver or the net does; follows no redirect, asks no proxy."""
    began = time.monotonic()
    status, error, answer = 0, "", ""
    try:
        with eventlet.Timeout(SECONDS):
            target = parse(url)
            status, answer = _post_to_first(target, resolve(target, networks), headers, body)
            if 300 <= status < 400:
                error = "接收方要求转到别处，推送不跟随转址。"
    except eventlet.Timeout:
        error = f"接收方 {SECONDS:.0f} 秒内没有答复完。"
    except NotUsable as reason:
        error = str(reason)
    except urllib3.exceptions.SSLError as reason:
        error = f"加密连接没有建立：{str(reason)[:200]}"
    except urllib3.exceptions.TimeoutError:
        error = "接收方没有按时答复。"
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as reason:
        error = f"连接失败：{str(reason)[:200]}"
    return Outcome(status, _printable(error), answer, time.monotonic() - began)


def _post_to_first(
    target: Target, addresses: list[str], headers: dict[str, str], body: str
) -> tuple[int, str]:
    """To the first of the addresses that can be connected to."""
    for address in addresses[:-1]:
        try:
            return _post_to(target, address, headers, body)
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError):
            continue
    return _post_to(target, addresses[-1], headers, body)


def _post_to(target: Target, address: str, headers: dict[str, str], body: str) -> tuple[int, str]:
    options: dict[str, Any] = {
        "timeout": urllib3.Timeout(connect=CONNECT_SECONDS, read=SECONDS),
        "retries": False,
    }
    if target.scheme == "https":
        named: dict[str, Any] = {"server_hostname": target.host, "assert_hostname": target.host}
        pool: Any = urllib3.HTTPSConnectionPool(
            address, target.port, ssl_context=_trust(), **named, **options
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, target.port, **options)
    with pool:
        response = pool.urlopen(
            "POST", target.path, body=body.encode(), headers={**headers, "Host": target.named}, redirect=False,
            preload_content=False, assert_same_host=False,
        )  # fmt: skip
        try:
            raw = response.read(MOST_ANSWER, decode_content=False)
        finally:
            response.close()
    return response.status, _printable(raw[:MOST_ANSWER].decode("utf-8", "replace"))


@cache
def _trust() -> ssl.SSLContext:
    """The machine's own certificates: closed networks have theirs."""
    return ssl.create_default_context()


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text)
