"""The ways out of the network: mail by SMTP, short messages by an HTTP gateway.

    POST {JIANYI_SMS_URL}   Authorization: Bearer {JIANYI_SMS_KEY}
    {"id": "0190…", "phone": "13800000000", "text": "…"}

The gateway answers 2xx when it has taken the message, and sends what comes again under the same id once. It is what an office
puts between this and its operator's interface, which differs from operator to operator.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import unquote, urlsplit

import orjson
import urllib3

from shared.settings import Settings

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


def opened(settings: Settings) -> Mapping[str, Channel]:
    """The channels that this network has."""
    found: dict[str, Channel] = {}
    if settings.smtp_url:
        found[MAIL] = Mail(settings.smtp_url, settings.mail_from)
    if settings.sms_url:
        found[SMS] = Sms(settings.sms_url, settings.sms_key)
    return found
