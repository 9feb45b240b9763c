"""What practices have the system do after an event: once, by the owner's rules, and what is refused is shown to the operator."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from harness import PROVINCE

from services.gateway import orders
from services.gateway.calls import Calls
from services.gateway.hooks import Order
from services.gateway.orders import ALLOWED, Errands
from shared.identity import SYSTEM
from shared.plugins import Plugin, collect, hookimpl
from shared.problems import Unavailable
from shared.trace import new_trace
from tests.unit.gateway.conftest import HUNAN, SESSION, Web
from tests.unit.gateway.test_pages_local import switch_on
from tests.unit.gateway.test_pages_supervision import OTHERS, WAITING, Browser
from tests.unit.supervision.conftest import Life

ASKED = {"text": "请报告落实情况。", "due_on": date(2023, 9, 1)}


class Follows(Plugin):
    """Asks the unit of a reply for its progress; and, as it should not, for what the system may not do."""

    name, label, summary = "own", "答复以后要报告", "报告"

    @hookimpl
    def on_event(self, type, data):
        if type == "reply.issued.v1":
            return [Order("ask_progress", {**ASKED, "units": [data["unit"]["id"]]}, "答复以后要报告")]
        if type == "task.signed.v1":
            return [
                Order("accept_suggestion", {}, "想办就办"),
                Order("ask_progress", {}, " "),
            ]
        if type == "suggestion.closed.v1":
            return [Order("remind_unit", {"text": "催一催"}, "办结以后还要催")]
        return None


class Office:
    """The province's gateway with supervision; `gives` is what the gateway does beside its requests."""

    def __init__(self, web):
        self.web, self.network = web, web.network
        tokens = web.app.extensions["jianyi"].tokens
        self.errands = Errands(web.runtime, lambda who: Calls(web.transport, tokens, who, new_trace()))
        self.life = Life(web.network)

    def gives(self):
        self.errands.give_due()
        self.network.settle()

    def later(self, **more):
        self.network.clock.set(self.network.clock.now() + timedelta(**more))

    def kept(self):
        return self.network.rows("gateway", "plugin_orders")["plugin_orders"]

    def demands(self):
        return list(self.network.rows("supervision", "demands")["demands"])


@pytest.fixture
def office(network_of):
    plugins = collect([("a", lambda: Follows)])
    network = network_of("directory", "supervision", "gateway", today=date(2023, 1, 13), plugins=plugins)
    network.do(SYSTEM, "directory", "register_divisions", divisions=[HUNAN])
    network.do(SYSTEM, "directory", "open_session", congress=PROVINCE, **SESSION)
    web = Web(network)
    web.transport.answers |= {key: {} for key in OTHERS} | {key: [] for key in WAITING}
    web.add_account("operator", "运维甲", {"role": "operator"})
    office = Office(web)
    switch_on(web)
    office.life.up_to_assignment()
    return office


def replied(office):
    office.life.replied(date(2023, 5, 15))
    return office.life.told[-1]


def test_it_is_done_once_however_often_the_event_comes_and_says_for_which_practice(office):
    event = replied(office)
    office.network.deliver([event])
    office.gives()
    office.gives()
    assert len(office.demands()) == 1
    (kept,) = office.kept()
    assert (kept["state"], kept["reason"], kept["congress"]) == ("done", "答复以后要报告", PROVINCE)
    (told,) = [
        e for e in office.network.published("supervision", office.life.id) if e["type"] == "progress.asked.v1"
    ]
    assert told["data"]["by"] == {"account": "system", "name": "系统（按“答复以后要报告”）"}


def test_who_dies_after_it_was_carried_out_does_it_no_second_time(office):
    replied(office)
    (row,) = office.errands._take()
    office.errands._calls_of(SYSTEM).execute(
        ALLOWED["ask_progress"], row.suggestion, row.data, key=f"order-{row.id}"
    )
    office.gives()
    assert office.kept()[0]["state"] == "waiting", "another one has the lease yet"
    office.later(seconds=orders.LEASE_SECONDS + 1)
    office.gives()
    assert office.kept()[0]["state"] == "done"
    assert len(office.demands()) == 1


def test_while_a_service_is_away_it_waits(office):
    replied(office)
    office.web.transport.answers["supervision", "ask_progress"] = Unavailable("暂时没有响应。")
    for _ in range(10):
        office.gives()
        office.later(seconds=orders.AWAY_SECONDS + 1)
    assert office.kept()[0]["state"] == "waiting" and not office.demands()
    del office.web.transport.answers["supervision", "ask_progress"]
    office.gives()
    assert len(office.demands()) == 1


def test_what_is_refused_for_good_stands_before_the_operator_who_has_it_tried_again(office):
    replied(office)
    office.gives()
    office.life.closed(date(2023, 7, 3))
    for _ in range(6):
        office.gives()
        office.later(hours=1)
    (refused,) = [kept for kept in office.kept() if kept["state"] == "refused"]
    assert refused["command"] == "remind_unit" and "已办结" in refused["error"]
    operator = Browser(office.web, "operator")
    page = operator.reads("/operations")
    assert "答复以后要报告" in page and "催办" in page and "已办结" in page
    operator.fills_in("/operations", orders=[refused["id"]])
    again = next(kept for kept in office.kept() if kept["id"] == refused["id"])
    assert (again["state"], again["tries"]) == ("waiting", 0)


def test_what_the_system_may_not_do_or_gives_no_reason_for_is_not_even_tried(office):
    office.life.signed(date(2023, 2, 22))
    assert sorted(kept["error"] for kept in office.kept()) == [
        "没有写明理由。",
        "系统不能代人办理“accept_suggestion”。",
    ]
    office.web.transport.calls.clear()
    office.gives()
    assert not office.web.transport.calls


def test_where_the_practice_is_not_on_nothing_is_done(office):
    elsewhere = Life(office.network, "44")
    elsewhere.accepted(date(2023, 1, 20))
    elsewhere.assigned(date(2023, 2, 20))
    elsewhere.replied(date(2023, 5, 15))
    assert not office.kept()


def test_nobody_but_operators_reads_or_repeats_them(office):
    office.web.add_account("liaison", "联工委甲", {"role": "liaison", "congress": PROVINCE})
    for login, status in (("liaison", 403), ("operator", 200)):
        program = office.web.program(login)
        assert program.get("/api/plugin-orders").status_code == status
        assert program.post("/api/plugin-orders/repeat", json={}).status_code == status
