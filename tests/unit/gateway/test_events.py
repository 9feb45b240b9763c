"""Another system reads on from where it was, and gets what lies in its jurisdiction."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from harness import PROVINCE

from shared.identity import SYSTEM

COUNTY = {
    "path": "43.01.81", "code": "430181", "name": "浏阳市", "level": "county", "parent": "43", "has_congress": True,
}  # fmt: skip


@pytest.fixture
def platform(web):
    web.add_account("platform", "智慧人大平台", {"role": "integrator", "congress": PROVINCE})
    return web.program("platform")


def happened(answer):
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/cloudevents-batch+json"
    return [event["type"] for event in answer.json]


def submit(web, draft):
    deputy = web.program("deputy")
    id = deputy.post("/api/suggestions", json=draft).json["id"]
    deputy.post(f"/api/suggestions/{id}/submit", json={})
    return id


def test_from_now_on(web, platform, draft):
    now = platform.get("/api/events?after=now")
    assert happened(now) == []
    id = submit(web, draft)
    found = platform.get("/api/events", query_string={"after": now.headers["Next-Cursor"]})
    assert happened(found) == ["suggestion.submitted.v1"]  # the draft was nobody's business
    assert found.json[0]["subject"] == id
    again = platform.get("/api/events", query_string={"after": found.headers["Next-Cursor"]})
    assert happened(again) == []


def test_page_by_page_it_is_the_same_as_at_once(web, platform, draft):
    for _ in range(3):
        submit(web, draft)
    at_once = platform.get("/api/events").json
    assert len(at_once) > 5
    paged, link = [], "/api/events?limit=2"
    while found := (answer := platform.get(link)).json:
        paged += found
        link = answer.headers["Link"].partition(">")[0].strip("<")
        assert urlsplit(link).path == "/api/events"
    assert paged == at_once


def test_only_the_types_that_are_asked_for(web, platform, draft):
    submit(web, draft)
    assert happened(platform.get("/api/events?types=suggestion.*")) == ["suggestion.submitted.v1"]
    recorded = happened(platform.get("/api/events?types=session.recorded.v1&types=deputy.*"))
    assert recorded == ["session.recorded.v1", "deputy.recorded.v1"]
    assert happened(platform.get("/api/events?types=reply.issued.v1")) == []


def test_a_neighbours_events_are_not_there(web, platform, draft):
    web.add_stranger()
    web.network.do(SYSTEM, "directory", "register_unit", congress="44", name="广东省水利厅")
    web.network.do(SYSTEM, "directory", "register_divisions", divisions=[COUNTY])
    web.add_account("county", "县级平台", {"role": "integrator", "congress": "43.01.81"})
    assert {event["jurisdiction"] for event in platform.get("/api/events").json} == {PROVINCE, "43.01.81"}
    submit(web, draft)
    assert happened(web.program("county").get("/api/events")) == ["congress.recorded.v1"]


@pytest.mark.parametrize("elsewhere", ["44", "cn", "4"])
def test_asking_for_another_jurisdiction_is_refused(platform, elsewhere):
    answer = platform.get(f"/api/events?jurisdiction={elsewhere}")
    assert answer.status_code in (403, 422)
    assert answer.json["detail"]


def test_a_part_of_ones_own_jurisdiction_may_be_asked_for(platform):
    assert happened(platform.get("/api/events?jurisdiction=43.01.81")) == []


@pytest.mark.parametrize("login", ["deputy", "liaison"])
def test_people_without_the_role_are_refused(web, login):
    answer = web.program(login).get("/api/events")
    assert (answer.status_code, answer.json["detail"]) == (
        403,
        "只有对接系统（在登记的辖区内）和运维人员可以读取事件。",
    )


def test_an_integrator_without_a_place_is_refused(web):
    web.add_account("nowhere", "无处", {"role": "integrator"})
    assert web.program("nowhere").get("/api/events").status_code == 403


def test_nobody_reads_without_signing_in(web):
    assert web.browser().get("/api/events").status_code == 401


def test_operators_see_everything(web, draft):
    submit(web, draft)
    types = happened(web.program("operator").get("/api/events"))
    assert {"account.changed.v1", "suggestion.drafted.v1", "suggestion.submitted.v1"} <= set(types)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("after=nonsense", "after"),
        ("after=%00%ff", "after"),
        ("after=WzEseyJpbnRha2UiOi0xfV0", "after"),  # [1,{"intake":-1}]
        ("after=WzEsNV0", "after"),  # [1,5]
        ("after=bnVsbA", "after"),  # null
        ("types=suggestion", "types"),
        ("types=%25", "types"),
        ("types=suggestion.%27--", "types"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("wait=21", "wait"),
        ("jurisdiction=43%25", "jurisdiction"),
        ("colour=red", "colour"),
    ],
)
def test_what_is_asked_wrongly_is_told(platform, asked, field):
    answer = platform.get(f"/api/events?{asked}")
    assert answer.status_code == 422, answer.text
    assert field in answer.json["errors"]


def test_while_a_service_is_away_the_others_are_read_and_its_own_come_later(web, platform, draft):
    from shared.problems import Unavailable

    now = platform.get("/api/events?after=now").headers["Next-Cursor"]
    submit(web, draft)
    web.network.do(SYSTEM, "directory", "register_unit", congress=PROVINCE, name="省水利厅")
    web.transport.answers["intake", "events_after"] = Unavailable("系统的一部分暂时没有响应。")
    found = platform.get("/api/events", query_string={"after": now})
    assert (happened(found), found.headers["Unanswered"]) == (["unit.recorded.v1"], "intake")
    del web.transport.answers["intake", "events_after"]
    later = platform.get("/api/events", query_string={"after": found.headers["Next-Cursor"]})
    assert happened(later) == ["suggestion.submitted.v1"]


def test_who_waits_is_answered_when_something_happens(web, platform, monkeypatch):
    import time

    now = platform.get("/api/events?after=now").headers["Next-Cursor"]
    naps = []

    def nap(seconds):
        naps.append(seconds)
        if len(naps) == 3:
            web.network.do(SYSTEM, "directory", "register_unit", congress=PROVINCE, name="省水利厅")
        web.app.extensions["jianyi"].lookout._looked_at = 0.0

    monkeypatch.setattr(time, "sleep", nap)
    found = platform.get("/api/events", query_string={"after": now, "wait": 20})
    assert happened(found) == ["unit.recorded.v1"]
    assert len(naps) < 10
