"""Whatever is sent, the answer is a refusal in words, never a fault."""

from __future__ import annotations

import io
import string

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.gateway.api import SERVICES
from shared.contracts import Query

COMMANDS = [c for contracts, _ in SERVICES.values() for c in contracts.commands.values() if c.path]
QUERIES = [c for contracts, _ in SERVICES.values() for c in contracts.queries.values() if c.path]
HERE = {"directory", "intake"}  # the others' own tests send such things to their own handlers

NASTY = (
    "\x00", "43\x00", "' OR 1=1 --", "<script>", "../../etc/passwd", "9" * 5000, "é", "\u202e", "🙂" * 50, "NaN", "-0", "1e999",
)  # fmt: skip
LIKELY = ("0190a1b2-0000-7000-8000-000000000001", "43", "43.01.81", "cn", "2023-02-30", "2023-02-20", "true")
TYPES = (
    "application/json",
    "application/json; charset=gbk",
    "text/plain",
    "multipart/form-data; boundary=x",
    "",
)
HEADERS = (
    "Authorization", "Idempotency-Key", "If-Match", "traceparent", "Content-Type", "Cookie", "X-Jianyi-Time", "Accept",
    "User-Agent", "X-CSRFToken",
)  # fmt: skip

hostile_text = st.one_of(st.text(max_size=30), st.sampled_from(NASTY), st.sampled_from(LIKELY))
scalars = st.one_of(
    st.none(),
    st.booleans(),
    hostile_text,
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(hostile_text, inner, max_size=4),
    max_leaves=12,
)
unhurried = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def well_answered(answer):
    """No fault; and every refusal is problem details in Chinese."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.content_type == "application/problem+json"
        assert orjson.loads(answer.data)["detail"]


@pytest.fixture
def clients(web):
    return [web.program(login) for login in ("deputy", "liaison", "operator")]


def path_of(contract, id):
    return "/api" + contract.path.replace("<id>", id)


@st.composite
def bodies(draw, contract):
    """Some of the command's own fields and some others, with anything in them."""
    names = draw(
        st.lists(st.sampled_from([*contract.schema.fields, "id", "__proto__", ""]), max_size=8, unique=True)
    )
    return {name: draw(values) for name in names} | draw(st.dictionaries(hostile_text, values, max_size=2))


@unhurried
@given(data=st.data())
def test_any_json_in_any_command(clients, data):
    contract = data.draw(st.sampled_from([c for c in COMMANDS if c.service in HERE]))
    body = data.draw(st.one_of(bodies(contract), values))
    client = data.draw(st.sampled_from(clients))
    id = data.draw(st.sampled_from(["0190a1b2-0000-7000-8000-000000000001", "43", "x"]))
    well_answered(
        client.post(path_of(contract, id), data=orjson.dumps(body), content_type="application/json")
    )


GOOD = {
    "/api/suggestions": {
        "congress": "43", "title": "关于某件事情的建议", "situation": "一", "analysis": "二", "proposals": "三", "kind": "suggestion",
        "category": "教育", "delegation": "", "opinions": ["一"],
    },
    "/api/deputies": {"congress": "43", "name": "代表乙", "delegation": ""},
    "/api/units": {"congress": "43", "name": "省水利厅", "short": "水利厅", "kind": "government", "parent": ""},
    "/api/sessions": {"congress": "43", "term": 14, "ordinal": 2, "opens_on": "2024-01-20", "closes_on": "2024-01-25"},
    "/api/accounts": {"login": "a", "name": "甲", "password": "a-long-password", "roles": [{"role": "handler", "congress": "43"}]},
    "/api/divisions": {"divisions": [
        {"path": "44", "code": "44", "name": "广东省", "level": "province", "parent": "", "has_congress": True}
    ]},
}  # fmt: skip


@unhurried
@given(data=st.data())
def test_anything_in_one_field_of_a_good_command(clients, data):
    path = data.draw(st.sampled_from(sorted(GOOD)))
    body = orjson.loads(orjson.dumps(GOOD[path]))
    part = body
    while isinstance(part, dict):
        name = data.draw(st.sampled_from(sorted(part)))
        if (
            isinstance(part[name], list)
            and part[name]
            and isinstance(part[name][0], dict)
            and data.draw(st.booleans())
        ):
            part = part[name][0]
            continue
        part[name] = data.draw(values)
        break
    for client in clients:
        well_answered(client.post(path, json=body))


@pytest.mark.parametrize(
    "nasty",
    ["\x00", "9" * 6000, "🙂" * 6000, "\u202e\ufeff", "43\n", "٤٣", -(2**63), 1e300, [], {}, [[]], None],
)
def test_the_nastiest_in_every_field_of_a_good_command(clients, nasty):
    for path, good in GOOD.items():
        for name, value in good.items():
            well_answered(clients[2].post(path, json={**good, name: nasty}))
            well_answered(clients[1].post(path, json={**good, name: nasty}))
            if isinstance(value, list) and isinstance(value[0], dict):
                for part in value[0]:
                    well_answered(clients[2].post(path, json={**good, name: [{**value[0], part: nasty}]}))


@unhurried
@given(data=st.data())
def test_any_bytes_in_any_command(clients, data):
    contract = data.draw(st.sampled_from([c for c in COMMANDS if c.service in HERE]))
    like_json = st.text(alphabet='{}[]",:0123456789eE.\\u', max_size=200).map(str.encode)
    raw = data.draw(st.one_of(st.binary(max_size=200), like_json))
    type = data.draw(st.sampled_from(TYPES))
    well_answered(clients[1].post(path_of(contract, "x"), data=raw, content_type=type))


@unhurried
@given(data=st.data())
def test_any_parameters_in_any_question(clients, data):
    contract = data.draw(st.sampled_from([c for c in QUERIES if c.service in HERE]))
    names = st.one_of(st.sampled_from([*contract.schema.fields, "x"]), hostile_text)
    params = data.draw(
        st.lists(st.tuples(names, hostile_text.map(lambda t: t.encode("utf-8", "replace"))), max_size=5)
    )
    client = data.draw(st.sampled_from(clients))
    well_answered(client.get(path_of(contract, "43"), query_string=params))


@unhurried
@given(query=st.text(alphabet=string.printable.replace("\n", "").replace("\r", ""), max_size=60))
def test_any_query_string(clients, query):
    well_answered(clients[1].get(f"/api/review?{query}"))


@unhurried
@given(
    name=st.sampled_from(HEADERS),
    value=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60),
)
def test_any_headers(web, clients, name, value):
    object.__setattr__(web.network.settings, "clock", "case")
    well_answered(clients[0].post("/api/suggestions", json={}, headers={name: value}))


@unhurried
@given(path=st.text(max_size=40))
def test_any_address(web, clients, path):
    from urllib.parse import quote

    web.transport.calls.clear()
    answer = clients[0].get("/api/" + quote(path.encode("utf-8", "replace")))
    if answer.status_code == 503:  # by chance the address of something of a service that is not here
        assert {service for service, *_ in web.transport.calls} - set(web.network.runtimes)
    else:
        well_answered(answer)


@unhurried
@given(body=st.dictionaries(st.sampled_from(["login", "password", "next", "x"]), scalars, max_size=4))
def test_any_sign_in(web, body):
    web.seconds += 3600  # tries of long ago count no more
    well_answered(web.browser().post("/api/sign-in", json=body))


def test_every_route_of_every_service_checks_before_it_calls(web, clients):
    """Also of services that are not here: what the contract refuses never reaches them."""
    for contract in (*COMMANDS, *QUERIES):
        web.transport.calls.clear()
        if isinstance(contract, Query):
            answer = clients[1].get(path_of(contract, "43"), query_string={"colour": "red"})
        else:
            answer = clients[1].post(path_of(contract, "43"), json={"colour": "red"})
        assert answer.status_code in (404, 422), contract.name
        assert web.transport.calls == []


@pytest.mark.parametrize(
    "body", [b"[]", b"[1]", b'"x"', b"1", b"{", b'{"limit": "x"}', b'{"after": {}, "event_id": []}', b"\xff"]
)
def test_any_operation(clients, body):
    for action in ("dead_letters", "dead_letter", "replay", "tail", "status", "nonsense", "%00"):
        well_answered(
            clients[2].post(f"/api/operate/intake/{action}", data=body, content_type="application/json")
        )


@pytest.mark.parametrize("options", [
    {"data": {"congress": "43", "file": (io.BytesIO(b"nonsense"), "a.xlsx")}}, {"data": {"congress": "x"}}, {"json": []}, {},
    {"data": b"--x", "content_type": "multipart/form-data; boundary=x"}, {"data": {"file": "x", "congress": "\x00"}},
])  # fmt: skip
def test_any_workbook(clients, options):
    well_answered(clients[1].post("/api/ledger/import", **options))
