"""Another system has events posted to it, signed, until it has taken them."""

from __future__ import annotations

import time

import eventlet
import pytest
import sqlalchemy as sa
from harness import PROVINCE
from receiver import freed_address

from services.gateway import tables
from services.gateway.webhooks.dispatcher import LEASE_SECONDS
from services.gateway.webhooks.model import DELAYS
from shared.identity import SYSTEM

HOUR = 3600.0


def test_what_happens_from_now_on_is_posted_signed(platform):
    platform.register_unit("以前的厅")
    platform.subscribe()
    platform.register_unit("省水利厅")
    platform.work()
    (taken,) = platform.receiver.taken
    assert taken["event"]["data"]["name"] == "省水利厅"
    assert taken["id"] == taken["event"]["id"]
    assert taken["headers"]["content-type"].startswith("application/cloudevents+json")
    assert taken["headers"]["traceparent"] == taken["event"]["traceparent"]
    assert platform.receiver.forged == 0
    platform.work()
    assert len(platform.receiver.taken) == 1


def test_only_the_types_and_the_places_that_are_wanted(platform, draft):
    platform.web.add_stranger()
    city = {
        "path": "43.01",
        "code": "4301",
        "name": "长沙市",
        "level": "city",
        "parent": "43",
        "has_congress": True,
    }
    platform.web.network.do(SYSTEM, "directory", "register_divisions", divisions=[city])
    platform.subscribe(jurisdiction="43.01", types=["unit.*"])
    platform.register_unit("省水利厅")
    platform.register_unit("外省厅", "44")
    platform.register_unit("市水利局", "43.01")
    platform.web.network.do(SYSTEM, "directory", "register_delegation", congress="43.01", name="长沙代表团")
    platform.work()
    assert [taken["event"]["data"]["name"] for taken in platform.receiver.taken] == ["市水利局"]


def test_a_draft_is_nobodys_business(platform, draft):
    platform.subscribe()
    deputy = platform.web.program("deputy")
    id = deputy.post("/api/suggestions", json=draft).json["id"]
    deputy.post(f"/api/suggestions/{id}/submit", json={})
    platform.work()
    assert platform.receiver.types() == ["suggestion.submitted.v1"]


def test_what_is_not_taken_is_posted_again_under_the_same_id(platform):
    id = platform.subscribe()
    platform.receiver.answers = [(500, "出错了", {}), (302, "", {"Location": "http://127.0.0.1:1/"})]
    platform.register_unit("省水利厅")
    platform.work()
    platform.work()
    assert len(platform.receiver.taken) == 1  # not before its time
    for delay in DELAYS[:2]:
        platform.now += delay * 1.2
        platform.work()
    assert len({taken["id"] for taken in platform.receiver.taken}) == 1
    (delivery,) = platform.deliveries(id)
    assert delivery["state"] == "delivered"
    assert [attempt["status"] for attempt in delivery["attempts"]] == [500, 302, 204]
    assert delivery["attempts"][0]["answer"] == "出错了"
    assert "转址" in delivery["attempts"][1]["error"]


def test_a_long_answer_is_kept_in_part(platform):
    id = platform.subscribe()
    platform.receiver.answers = [(200, "x" * 5000, {})]
    platform.register_unit("省水利厅")
    platform.work()
    assert platform.deliveries(id)[0]["attempts"][0]["answer"] == "x" * 1024


def test_after_72_hours_it_is_stopped_and_everybody_concerned_is_told(platform):
    id = platform.subscribe(url=freed_address(), description="县平台")
    platform.register_unit("省水利厅")
    platform.work()
    began = platform.now
    for delay in DELAYS:
        assert platform.webhook(id)["state"] == "active"
        platform.now += delay * 1.2
        platform.work()
    assert sum(DELAYS) <= 72 * HOUR <= platform.now - began
    stopped = platform.webhook(id)
    assert stopped["state"] == "disabled"
    assert "72 小时" in stopped["reason"]
    assert len(platform.deliveries(id)[0]["attempts"]) == len(DELAYS) + 1
    (event,) = platform.web.network.published("gateway")
    assert (event["type"], event["subject"], event["jurisdiction"]) == ("webhook.disabled.v1", id, PROVINCE)
    assert event["data"]["reason"] == stopped["reason"]
    (listed,) = platform.web.program("operator").get("/api/webhooks?state=disabled").json
    assert listed["id"] == id


def test_gone_means_gone(platform):
    id = platform.subscribe()
    platform.receiver.answers = [(410, "", {})]
    platform.register_unit("省水利厅")
    platform.work()
    assert (platform.webhook(id)["state"], platform.webhook(id)["reason"]) == (
        "disabled",
        "接收方答复 410：这个地址不再接收推送。",
    )


def test_begun_again_it_goes_on_from_then_and_what_was_missed_can_be_posted_on_demand(platform):
    id = platform.subscribe()
    platform.receiver.answers = [(410, "", {})]
    platform.register_unit("第一厅")
    platform.work()
    platform.register_unit("第二厅")
    platform.work()
    assert platform.program.post(f"/api/webhooks/{id}/resume", json={}).json["state"] == "active"
    platform.register_unit("第三厅")
    platform.work()
    again = platform.program.post(f"/api/webhooks/{id}/redeliver", json={})
    assert again.json["count"] == 1
    platform.work()
    names = [taken["event"]["data"]["name"] for taken in platform.receiver.taken]
    assert names == ["第一厅", "第三厅", "第一厅"]


def test_while_it_is_paused_events_wait(platform):
    id = platform.subscribe()
    assert platform.program.post(f"/api/webhooks/{id}/pause", json={}).json["state"] == "paused"
    platform.register_unit("省水利厅")
    platform.work()
    assert platform.receiver.taken == []
    platform.program.post(f"/api/webhooks/{id}/resume", json={})
    platform.work()
    assert platform.receiver.types() == ["unit.recorded.v1"]


def test_one_delivery_can_be_asked_for_again(platform):
    id = platform.subscribe()
    platform.register_unit("省水利厅")
    platform.work()
    (delivery,) = platform.deliveries(id)
    answer = platform.program.post(f"/api/webhooks/{id}/redeliver", json={"delivery": delivery["id"]})
    assert answer.json["count"] == 1
    platform.work()
    first, second = platform.receiver.taken
    assert first["id"] == second["id"]


def test_deleted_it_is_gone_and_nothing_more_is_posted(platform):
    id = platform.subscribe()
    platform.register_unit("省水利厅")
    platform.dispatcher.lookout._looked_at = 0.0
    platform.dispatcher.fan_out()
    assert platform.program.post(f"/api/webhooks/{id}/delete", json={}).status_code == 200
    platform.work()
    assert platform.receiver.taken == []
    assert platform.program.get(f"/api/webhooks/{id}").status_code == 404
    assert platform.program.get("/api/webhooks").json == []


def test_a_new_secret_overlaps_with_the_old_one(platform):
    id = platform.subscribe()
    answer = platform.program.post(f"/api/webhooks/{id}/secret", json={"overlap_hours": 1})
    assert answer.json["secret"] != platform.receiver.secrets[0]
    platform.register_unit("第一厅")
    platform.now = time.time()
    platform.work()
    (taken,) = platform.receiver.taken  # who knows only the old one can still check
    assert len(taken["headers"]["webhook-signature"].split()) == 2
    platform.now += 2 * HOUR
    platform.register_unit("第二厅")
    platform.work()
    assert platform.receiver.forged == 1
    platform.receiver.secrets = [answer.json["secret"]]
    platform.register_unit("第三厅")
    platform.work()
    assert platform.receiver.taken[-1]["event"]["data"]["name"] == "第三厅"


def test_a_compromised_secret_can_be_replaced_at_once(platform):
    id = platform.subscribe()
    platform.program.post(f"/api/webhooks/{id}/secret", json={"overlap_hours": 0})
    platform.register_unit("第一厅")
    platform.work()
    assert (platform.receiver.taken, platform.receiver.forged) == ([], 1)


def test_the_secret_is_shown_once_and_kept_nowhere(platform):
    id = platform.subscribe()
    secret = platform.receiver.secrets[0]
    assert secret.startswith("whsec_")
    assert secret not in platform.program.get(f"/api/webhooks/{id}").text
    assert secret not in platform.program.get("/api/webhooks").text
    with platform.web.runtime.database.reading() as connection:
        for table in tables.metadata.sorted_tables:
            for row in connection.execute(sa.select(table)):
                assert secret.removeprefix("whsec_") not in str(row)


def test_two_replicas_post_each_event_once(platform):
    platform.subscribe()
    other = platform.another_replica()
    for number in range(20):
        platform.register_unit(f"第{number}厅")
    for _ in range(6):
        for replica in (platform.dispatcher, other):
            replica.lookout._looked_at = 0.0
            replica.fan_out()
            replica.post_due()
        platform.dispatcher._pool.waitall()
        other._pool.waitall()
    ids = [taken["id"] for taken in platform.receiver.taken]
    assert (len(ids), len(set(ids))) == (20, 20)


def test_what_a_killed_replica_had_in_hand_comes_due_again(platform):
    id = platform.subscribe()
    platform.register_unit("省水利厅")
    platform.dispatcher.lookout._looked_at = 0.0
    platform.dispatcher.fan_out()
    with platform.web.runtime.database.reading() as connection:
        webhook = tables.webhook_store.get(connection, id)
    assert len(platform.dispatcher._take(webhook, 5)) == 1  # and here it is killed
    other = platform.another_replica()
    platform.work(other)
    assert platform.receiver.taken == []
    platform.now += LEASE_SECONDS + 1
    platform.work(other)
    assert platform.receiver.types() == ["unit.recorded.v1"]


def test_without_a_webhook_nobody_is_asked_anything(platform):
    platform.web.transport.calls.clear()
    assert not platform.dispatcher.is_wanted()
    runner = eventlet.spawn(platform.dispatcher.run)
    eventlet.sleep(0)
    platform.dispatcher.stopped = True
    runner.wait()
    assert platform.web.transport.calls == []


def test_who_loses_the_place_loses_the_webhook(platform):
    id = platform.subscribe()
    account = platform.web.accounts["platform"]
    platform.register_unit("省水利厅")
    network = platform.web.network
    network.do(SYSTEM, "directory", "change_roles", account, roles=[{"role": "integrator", "congress": "43"}])
    assert platform.web.program("operator").get(f"/api/webhooks/{id}").json["state"] == "active"
    network.do(SYSTEM, "directory", "change_roles", account, roles=[{"role": "liaison", "congress": "43"}])
    stopped = platform.web.program("operator").get(f"/api/webhooks/{id}").json
    assert (stopped["state"], stopped["reason"]) == ("disabled", "账号的职务已变更，不再包括这个辖区。")
    platform.work()
    assert platform.receiver.taken == []


# --- who may, and what is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"jurisdiction": "44"}, 403, None),
        ({"jurisdiction": "cn"}, 403, None),
        ({"jurisdiction": "湖南"}, 422, "jurisdiction"),
        ({"url": "https://127.0.0.1.evil.invalid/"}, 422, "url"),
        ({"url": "https://10.0.0.1/"}, 422, "url"),
        ({"url": "https://169.254.169.254/latest/meta-data"}, 422, "url"),
        ({"url": "http://[::1]:8000/"}, 422, "url"),
        ({"url": "file:///etc/passwd"}, 422, "url"),
        ({"url": "http://user:password@127.0.0.1/"}, 422, "url"),
        ({"url": "http://127.0.0.1:22/"}, 422, "url"),
        ({"url": "h" * 501}, 422, "url"),
        ({"url": 5}, 422, "url"),
        ({"types": ["suggestion"]}, 422, "types"),
        ({"types": "suggestion.*"}, 422, "types"),
        ({"types": ["suggestion.*"] * 51}, 422, "types"),
        ({"starts": {"intake": "x"}}, 422, "starts"),
        ({"colour": "red"}, 422, "colour"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(platform, wrong, status, field):
    wanted = {"url": platform.receiver.url, "jurisdiction": PROVINCE, "types": ["suggestion.*"]}
    answer = platform.program.post("/api/webhooks", json={**wanted, **wrong})
    assert answer.status_code == status, answer.text
    assert field is None or field in answer.json["errors"]
    assert platform.program.get("/api/webhooks").json == []


def test_the_same_request_twice_makes_one(platform):
    wanted = {"url": platform.receiver.url, "jurisdiction": PROVINCE}
    answers = [
        platform.program.post("/api/webhooks", json=wanted, headers={"Idempotency-Key": "once"}).json
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert len(platform.program.get("/api/webhooks").json) == 1


def test_people_without_the_role_can_do_nothing(platform):
    id = platform.subscribe()
    for login in ("deputy", "liaison"):
        other = platform.web.program(login)
        wanted = {"url": platform.receiver.url, "jurisdiction": PROVINCE}
        assert other.post("/api/webhooks", json=wanted).status_code == 403
        assert other.get("/api/webhooks").status_code == 403
        assert other.get(f"/api/webhooks/{id}").status_code == 404
        for step in ("pause", "resume", "delete", "secret", "redeliver"):
            assert other.post(f"/api/webhooks/{id}/{step}", json={}).status_code == 404, step


def test_another_integrator_does_not_see_it_and_an_operator_does(platform):
    id = platform.subscribe()
    platform.web.add_account("neighbour", "另一平台", {"role": "integrator", "congress": PROVINCE})
    neighbour = platform.web.program("neighbour")
    assert neighbour.get("/api/webhooks").json == []
    assert neighbour.get(f"/api/webhooks/{id}/deliveries").status_code == 404
    assert neighbour.post(f"/api/webhooks/{id}/secret", json={}).status_code == 404
    operator = platform.web.program("operator")
    assert operator.post(f"/api/webhooks/{id}/pause", json={}).status_code == 200
