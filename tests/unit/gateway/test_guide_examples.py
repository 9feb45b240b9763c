"""The examples of docs/integrators.md do what it says."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from standardwebhooks import WebhookVerificationError

from services.gateway.webhooks import secrets

GUIDE = (Path(__file__).parents[3] / "docs" / "integrators.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"<!-- executed by [^>]+-->\n```python\n(.*?)```", GUIDE, re.DOTALL)


def example(name):
    """The function of this name out of the guide, as it stands there."""
    (text,) = [text for text in EXAMPLES if f"def {name}(" in text]
    found: dict = {}
    exec(text, found)
    return found


def test_catching_up(platform, monkeypatch):
    guide, taken = example("catch_up"), []

    def get(url, params, headers, timeout):
        answer = platform.web.app.test_client().get(
            url.removeprefix("http://here"), query_string=params, headers=headers
        )
        return SimpleNamespace(
            raise_for_status=lambda: None, json=lambda: answer.json, headers=answer.headers
        )

    monkeypatch.setattr(guide["requests"], "get", get)
    cursor = guide["catch_up"]("http://here", platform.program.token, "now", taken.append)
    platform.register_unit("省水利厅")
    platform.register_unit("省教育厅")
    cursor = guide["catch_up"]("http://here", platform.program.token, cursor, taken.append)
    assert [event["data"]["name"] for event in taken] == ["省水利厅", "省教育厅"]
    assert guide["catch_up"]("http://here", platform.program.token, cursor, taken.append) == cursor


def test_handing_in(platform, monkeypatch):
    guide = example("hand_in")
    client = platform.web.app.test_client()

    def call(method):
        def send(url, headers, timeout, json=None, params=None):
            answer = method(
                url.removeprefix("http://here"),
                headers=headers,
                **({"json": json} if json else {"query_string": params}),
            )
            assert answer.status_code == 200, answer.text
            return SimpleNamespace(raise_for_status=lambda: None, json=lambda: answer.json)

        return send

    monkeypatch.setattr(guide["requests"], "post", call(client.post))
    monkeypatch.setattr(guide["requests"], "get", call(client.get))
    item = {"congress": "43", "reference": "2022-000123", "system": "12345热线", "words": "路口没有信号灯。"}
    first, again = (guide["hand_in"]("http://here", platform.program.token, item) for _ in range(2))
    assert (first["known"], again["known"], first["id"]) == (False, True, again["id"])
    assert (
        guide["where_it_stands"]("http://here", platform.program.token, "2022-000123")["state"] == "recorded"
    )


def test_receiving(platform):
    receive, taken, seen = example("receive")["receive"], [], set()
    secret = secrets.secret_of("s" * 40, "webhook", 1)
    headers = secrets.headers([secret], "event", 0, '{"type": "unit.recorded.v1"}')
    for _ in range(2):
        assert receive(secret, headers, '{"type": "unit.recorded.v1"}', seen, taken.append) == 204
    assert taken == [{"type": "unit.recorded.v1"}]
    with pytest.raises(WebhookVerificationError):
        receive(secret, headers, '{"type": "unit.forged.v1"}', seen, taken.append)
