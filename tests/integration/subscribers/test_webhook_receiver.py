"""The receiver takes what is signed with its secret, once, and nothing else. The requests are signed by the specification's library."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3
from standardwebhooks import Webhook

from jianyi.processes import free_ports
from subscribers.reading import EXAMPLES, eventually

EVENT = {
    "specversion": "1.0", "id": "0190a1b2-0000-7000-8000-0000000000e1", "source": "/jianyi/intake",
    "type": "suggestion.submitted.v1", "time": "2026-01-15T01:00:00Z", "subject": "0190a1b2-0000-7000-8000-0000000000a1",
    "jurisdiction": "43.01", "sequence": 2, "data": {"by": {"account": "a", "name": "代表甲"}, "title": "关于整治急弯的建议"},
}  # fmt: skip


class Receiver:
    """The example as a program of its own, and a sender that has its secret."""

    def __init__(self, folder: Path) -> None:
        self.secret = "whsec_" + b64encode(secrets.token_bytes(32)).decode()
        self.file, port = folder / "events.db", free_ports(1)
        self.url = f"http://127.0.0.1:{port}/"
        self.process = subprocess.Popen(
            [sys.executable, str(EXAMPLES / "webhook-receiver-python/receiver.py"), str(self.file), str(port)],
            env={**os.environ, "WEBHOOK_SECRET": self.secret}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def answers(self) -> bool:
        try:
            return self.post(b"", {}) > 0
        except urllib3.exceptions.HTTPError:
            return False

    def post(self, body: bytes, headers: dict[str, str]) -> int:
        return urllib3.request("POST", self.url, body=body, headers=headers, timeout=10, retries=False).status

    def send(self, event: dict[str, Any], *, secret: str = "", age: timedelta = timedelta(0)) -> int:
        body = json.dumps(event, ensure_ascii=False)
        return self.post(body.encode(), self.signed(body, secret=secret, age=age))

    def signed(self, body: str, *, secret: str = "", age: timedelta = timedelta(0)) -> dict[str, str]:
        at = datetime.now(UTC) - age
        return {
            "webhook-id": EVENT["id"],  # type: ignore[dict-item]
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret or self.secret).sign(EVENT["id"], at, body),  # type: ignore[arg-type]
        }

    def kept(self) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(self.file)) as database:
            return [json.loads(event) for (event,) in database.execute("SELECT event FROM news")]


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    receiver = Receiver(tmp_path)
    try:
        eventually(receiver.answers)
        yield receiver
    finally:
        receiver.process.kill()
        receiver.process.wait()


def test_a_signed_event_is_taken_once_however_often_it_is_sent(receiver: Receiver) -> None:
    assert [receiver.send(EVENT), receiver.send(EVENT), receiver.send(EVENT, age=timedelta(minutes=4))] == [
        204
    ] * 3
    assert receiver.kept() == [EVENT]


def test_the_old_secret_is_taken_while_the_sender_signs_with_both(receiver: Receiver) -> None:
    body = json.dumps(EVENT)
    new = receiver.signed(body, secret="whsec_" + b64encode(b"the next secret of 32 bytes.....").decode())
    both = {
        **new,
        "webhook-signature": f"{new['webhook-signature']} {receiver.signed(body)['webhook-signature']}",
    }
    assert receiver.post(body.encode(), both) == 204


def test_what_is_not_signed_with_the_secret_now_is_refused(receiver: Receiver) -> None:
    body = json.dumps(EVENT)
    good = receiver.signed(body)
    stranger = "whsec_" + b64encode(b"somebody else's secret of 32 bytes").decode()
    assert receiver.send(EVENT, secret=stranger) == 401
    assert receiver.send(EVENT, age=timedelta(minutes=6)) == 401
    assert receiver.post(body.replace("43.01", "43.02").encode(), good) == 401
    assert receiver.post(body.encode(), {}) == 401
    for broken in ("v1", "v1,!", "v1,a,b", "v1a,", "\xff"):
        assert receiver.post(body.encode(), {**good, "webhook-signature": broken}) == 401
    assert receiver.post(b"\xff\xfe", good) == 401
    assert receiver.kept() == []
    assert receiver.send(EVENT) == 204


def test_too_large_it_is_refused_unread(receiver: Receiver) -> None:
    assert receiver.post(b"", {"Content-Length": "99999999999"}) == 413
