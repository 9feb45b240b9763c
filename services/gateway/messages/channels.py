"""The ways out of the network, which are plugins: mail by SMTP and short messages by an HTTP gateway come with the product.

A package that speaks an operator's own interface brings its channel by the entry point `jianyi.channels`, under the name
`mail` or `sms`, and takes the bundled one's place: a function of the settings that gives a `Channel`, or None where it has
nothing to send with.

    POST {JIANYI_SMS_URL}   Authorization: Bearer {JIANYI_SMS_KEY}
    {"id": "0190…", "phone": "13800000000", "text": "…"}

The gateway answers 2xx when it has taken the message, and sends what comes again under the same id once. It is what an office
puts between this and its operator's interface, which differs from operator to operator.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from functools import cache
from importlib.metadata import entry_points
from typing import Protocol
from urllib.parse import unquote, urlsplit

import orjson
import structlog
import urllib3

from shared.settings import Settings

log = structlog.get_logger()

ENTRY_POINT = "jianyi.channels"
SECONDS = 20.0
MOST_SMS = 200  # characters
MAIL, SMS = "mail", "sms"


class Refused(Exception):
    """It will not be taken later either."""


class Unknown(Exception):
    """Nobody can say whether it was taken."""


class Channel(Protocol):
    """One way out. `send` returns when the message has been taken; any other error than these two: try again later."""

    repeats: bool
    """May the same message be handed over again under the same key, without arriving twice?"""

    def send(self, address: str, subject: str, text: str, key: str) -> None: ...


class Mail:
    repeats = False

    def __init__(self, url: str, sender: str) -> None:
        self._server, self._sender = urlsplit(url), sender

    def send(self, address: str, subject: str, text: str, key: str) -> None:
        letter = EmailMessage()
        letter["Subject"], letter["From"], letter["To"] = subject, self._sender, address
        letter["Message-ID"] = f"<{key}@{self._sender.rpartition('@')[2].rstrip('>')}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(text, cte="base64")
        with self._signed_in() as server:
            try:
                server.ehlo_or_helo_if_needed()
                _taken(*server.mail(self._sender))
                _taken(*server.rcpt(address))
            except smtplib.SMTPServerDisconnected as error:
                raise OSError("连接中断") from error
            try:
                _taken(*server.data(letter.as_bytes()))
            except smtplib.SMTPDataError as error:
                _taken(error.smtp_code, error.smtp_error)
                raise
            except (smtplib.SMTPServerDisconnected, OSError) as error:
                raise Unknown("邮件服务器没有说是否收下。") from error

    def _signed_in(self) -> smtplib.SMTP:
        at = self._server
        host, encrypted = at.hostname or "", at.scheme == "smtps"
        server: smtplib.SMTP
        if encrypted:
            server = smtplib.SMTP_SSL(
                host, at.port or 465, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, at.port or 25, timeout=SECONDS)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
        if at.username:
            server.login(unquote(at.username), unquote(at.password or ""))
        return server


def _taken(code: int, answer: bytes | str) -> None:
    said = answer if isinstance(answer, str) else answer.decode("utf-8", "replace")
    if code >= 500:
        raise Refused(f"邮件服务器拒收：{code} {said[:200]}")
    if code >= 400:
        raise OSError(f"{code} {said[:200]}")


class Sms:
    repeats = True

    def __init__(self, url: str, key: str) -> None:
        self._url, self._key = url, key
        self._pool = urllib3.PoolManager(retries=False, timeout=SECONDS)

    def send(self, address: str, subject: str, text: str, key: str) -> None:
        text = text if len(text) <= MOST_SMS else f"{text[: MOST_SMS - 1]}…"
        answer = self._pool.request(
            "POST", self._url, body=orjson.dumps({"id": key, "phone": address, "text": text}), redirect=False,
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"},
        )  # fmt: skip
        if 200 <= answer.status < 300:
            return
        if answer.status in (400, 404, 410, 422):
            raise Refused(f"短信网关拒收：{answer.status}")
        raise OSError(f"短信网关答复 {answer.status}")


def _mail(settings: Settings) -> Channel | None:
    return Mail(settings.smtp_url, settings.mail_from) if settings.smtp_url else None


def _sms(settings: Settings) -> Channel | None:
    return Sms(settings.sms_url, settings.sms_key) if settings.sms_url else None


Maker = Callable[[Settings], Channel | None]
BUNDLED: Mapping[str, Maker] = {MAIL: _mail, SMS: _sms}


@cache
def makers() -> Mapping[str, Maker]:
    """What opens each channel: what an installed package brings under its name (`jianyi.channels`), else the bundled one."""
    found = dict(BUNDLED)
    for point in entry_points(group=ENTRY_POINT):
        if point.name not in BUNDLED:
            log.error("channel left out", channel=point.name, reason=f"known are {', '.join(BUNDLED)}")
            continue
        try:
            found[point.name] = point.load()
        except Exception as error:
            log.error("channel left out", channel=point.name, reason=f"{type(error).__name__}: {error}")
    return found


def opened(settings: Settings) -> Mapping[str, Channel]:
    """The channels that this network has: those whose makers give one."""
    found: dict[str, Channel] = {}
    for name, make in makers().items():
        try:
            channel = make(settings)
        except Exception as error:
            log.error("channel left out", channel=name, reason=f"{type(error).__name__}: {error}")
            continue
        if channel is not None:
            found[name] = channel
    return found
