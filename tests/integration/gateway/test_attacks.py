"""What a spiteful program sends to a running network: each is refused in words, and changes nothing."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
import requests
from running import PASSWORD, Running

from shared.identity import SYSTEM

pytestmark = pytest.mark.embedded

KEY = "s" * 40
NOBODY = "0190a1b2-0000-7000-8000-000000000001"
DRAFT = {
    "congress": "43", "title": "关于修复老旧供水管网的建议", "situation": "一", "analysis": "二", "proposals": "三", "kind": "suggestion",
    "category": "水利",
}  # fmt: skip
SCRIPT = "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>{{7*7}}"


def call(
    network: Running, method: str, path: str, login: str = "deputy", headers: Any = None, **options: Any
) -> requests.Response:
    bearer = {"Authorization": f"Bearer {network.tokens[login]}"}
    return requests.request(
        method, network.base + path, headers={**bearer, **(headers or {})}, timeout=30, **options
    )


def refused(answer: requests.Response, *statuses: int) -> dict[str, Any]:
    assert answer.status_code in statuses, (answer.status_code, answer.text[:300])
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code and re.search("[\u4e00-\u9fff]", problem["detail"])
    return dict(problem)


def drafted(network: Running, **options: Any) -> dict[str, Any]:
    answer = call(network, "POST", "/api/suggestions", **{"json": DRAFT, **options})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def mine(network: Running) -> list[dict[str, Any]]:
    return list(call(network, "GET", "/api/my/suggestions").json())


BODIES = {
    "nothing but zeros": (b"\0" * 100, 400),
    "a zero in a text": (json.dumps({**DRAFT, "title": "关于\0供水管网的建议"}).encode(), 422),
    "half a surrogate": (json.dumps(DRAFT).replace("\\u4e00", "\\ud800").encode(), 400),
    "another encoding": (json.dumps(DRAFT, ensure_ascii=False).encode("gbk"), 400),
    "UTF-16": (json.dumps(DRAFT).encode("utf-16"), 400),
    "ten megabytes": (json.dumps({**DRAFT, "analysis": "长" * 4_000_000}, ensure_ascii=False).encode(), 413),
    "deep nesting": (b'{"title":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    "no number": (b'{"limit": NaN}', 400),
    "infinity": (b'{"limit": 1e999}', 400),
    "a huge integer": (json.dumps({**DRAFT, "kind": 10**400}).encode(), 400),
    "packed": (gzip.compress(b" " * 50_000_000), 400),
    "a list": (b"[]", 422),
    "only what cannot be seen": (json.dumps({**DRAFT, "title": "\u200b\u202e" * 10}).encode(), 422),
}  # fmt: skip


@pytest.mark.parametrize("what", BODIES)
def test_a_body_that_cannot_be_read_or_kept_is_refused(network: Running, what: str) -> None:
    body, status = BODIES[what]
    before = mine(network)
    headers = {
        "Content-Type": "application/json",
        **({"Content-Encoding": "gzip"} if what == "packed" else {}),
    }
    refused(call(network, "POST", "/api/suggestions", data=body, headers=headers), status, 422)
    assert mine(network) == before


@pytest.mark.parametrize(
    "day",
    [
        "0001-01-01",
        "9999-12-31",
        "2026-02-30",
        "2026-13-01",
        "2026-2-1",
        "",
        "今天",
        "٢٠٢٦-٠١-٠١",
        20260101,
        None,
        [],
    ],
)
def test_an_impossible_date_is_refused_beside_its_field(network: Running, day: Any) -> None:
    data = {"congress": "43", "name": "交办会", "meeting_on": day}
    assert "meeting_on" in refused(call(network, "POST", "/api/batches", "liaison", json=data), 422)["errors"]


@pytest.mark.parametrize(("query", "status"), [
    ("limit=-1", 422), ("limit=99999999999999999999", 422), ("limit=1e3", 422), ("limit=1&limit=2", 422), ("offset=-1", 422), ("colour=red", 422),
    ("text=%00", 422), ("text=" + "x" * 5000, 422), ("congress=43'%20OR%201=1--", 422), ("unit=../../etc/passwd", 422),
])  # fmt: skip
def test_odd_parameters_are_refused(network: Running, query: str, status: int) -> None:
    refused(call(network, "GET", f"/api/search?{query}", "liaison"), status)


@pytest.mark.parametrize(
    "text",
    ["' OR '1'='1", "%", "_", "\\", "*:*", "a AND (", '"', "[[", "~10", "title:x^9", "🙂", "NULL", "\u202e"],
)
def test_whatever_is_searched_for_is_only_searched_for(network: Running, text: str) -> None:
    for path in ("/api/search", "/api/ledger"):
        found = call(
            network, "GET", path, "operator", params={"text": text}
        ).json()  # who sees nothing, whatever is there
        assert not found.get("total") and found.get("hits", found.get("lines")) == []
        assert call(network, "GET", path, params={"text": text}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/suggestions/..%2f..%2fetc%2fpasswd",
        "/api/suggestions/%00",
        "/static/..%2f..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/api/" + "x" * 5000,
    ],
)
def test_a_path_leads_nowhere_else(network: Running, path: str) -> None:
    answer = call(network, "GET", path)
    assert answer.status_code in (404, 414) and "import" not in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "GET", "TRACE", "PROPFIND"])
def test_another_method_is_refused_with_those_that_are_taken(network: Running, method: str) -> None:
    answer = call(network, method, "/api/suggestions")
    refused(answer, 405)
    assert "POST" in answer.headers["Allow"]


def forged(algorithm: str = "HS256", key: str = KEY, minutes: float = 1, **claims: Any) -> str:
    body = {**SYSTEM.to_claims(), "exp": datetime.now(UTC) + timedelta(minutes=minutes), **claims}
    return jwt.encode(body, key, algorithm=algorithm)


FORGED = {
    "another key": forged(key="x" * 40),
    "expired": forged(minutes=-1),
    "no algorithm": forged("none", ""),
    "another algorithm": forged("HS512"),
    "no roles": jwt.encode({"sub": "x", "exp": 2**33}, KEY, algorithm="HS256"),
    "roles of another form": forged(roles=[["system"]]),
    "roles that are numbers": forged(roles=7),
    "a time that is none": forged(now="yesterday"),
    "hardly one": "a.b.c",
    "zeros": "..",
}  # fmt: skip


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_token_opens_nothing(network: Running, what: str) -> None:
    headers = {"Authorization": f"Bearer {FORGED[what]}"}
    refused(requests.get(f"{network.base}/api/my/account", headers=headers, timeout=30), 401)


@pytest.mark.parametrize("version", ['"x"', "-1", "1.5", '"1","2"', "9" * 30, "W/", "\x7f"])
def test_a_version_that_is_none_is_refused(network: Running, version: str) -> None:
    path = f"/api/suggestions/{NOBODY}/submit"
    refused(call(network, "POST", path, headers={"If-Match": version}), 422)


def test_a_key_is_good_for_one_command_with_one_content(network: Running) -> None:
    once = {"Idempotency-Key": "one-of-a-kind"}
    first = drafted(network, headers=once)
    count = len(mine(network))
    assert drafted(network, headers=once) == first
    refused(
        call(
            network, "POST", "/api/suggestions", json={**DRAFT, "title": "关于另一件事的建议"}, headers=once
        ),
        422,
    )
    refused(call(network, "POST", f"/api/suggestions/{first['id']}/submit", headers=once), 422)
    theirs = {"congress": "43", "rows": []}
    refused(call(network, "POST", "/api/imports/suggestions", "liaison", json=theirs, headers=once), 422)
    assert len(mine(network)) == count


def test_nobody_says_what_time_it_is_where_the_clock_is_the_machines(network: Running) -> None:
    past = {"X-Jianyi-Time": "2001-01-01T00:00:00"}
    id = drafted(network, headers=past)["id"]
    history = call(network, "GET", f"/api/suggestions/{id}").json()["history"]
    assert not history[0]["at"].startswith("2001")


def test_script_in_every_text_is_shown_as_text(network: Running) -> None:
    texts = dict.fromkeys(("situation", "analysis", "proposals"), SCRIPT * 2)
    id = drafted(network, json={**DRAFT, **texts, "title": SCRIPT[:80]})["id"]
    browser = requests.Session()
    page = browser.get(f"{network.base}/sign-in", timeout=30).text
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert csrf
    form = {"csrf_token": csrf[1], "login": "deputy", "password": PASSWORD, "next": "/work"}
    assert browser.post(f"{network.base}/sign-in", data=form, timeout=30).status_code == 200
    for path in ("/work", f"/suggestions/{id}", f"/search?text={SCRIPT}", f"/ledger?text={SCRIPT}"):
        shown = browser.get(network.base + path, timeout=30)
        assert shown.status_code == 200, path
        assert (
            "<script>alert" not in shown.text and "<img src=x" not in shown.text and "49</" not in shown.text
        ), path
        assert "script-src 'self'" in shown.headers["Content-Security-Policy"]
    assert "&lt;script&gt;alert(1)" in browser.get(f"{network.base}/suggestions/{id}", timeout=30).text


def test_a_session_that_somebody_else_chose_is_not_taken_over(network: Running) -> None:
    browser = requests.Session()
    browser.cookies.set("jianyi_session", "chosen-by-an-attacker", domain="127.0.0.1", path="/")
    page = browser.get(f"{network.base}/sign-in", timeout=30).text
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert csrf
    form = {"csrf_token": csrf[1], "login": "liaison", "password": PASSWORD}
    browser.post(f"{network.base}/sign-in", data=form, timeout=30, allow_redirects=False)
    assert "chosen-by-an-attacker" not in browser.cookies.get_dict().values()
    thief = requests.get(
        f"{network.base}/work",
        cookies={"jianyi_session": "chosen-by-an-attacker"},
        timeout=30,
        allow_redirects=False,
    )
    assert thief.status_code == 303
