"""评价异常 on the page: what looks strange, looked into by the congress's own office."""

from __future__ import annotations

import re

import pytest
from harness import PROVINCE, envelope

from shared.aggregate import new_id
from shared.identity import SYSTEM
from shared.practices import id_of
from tests.unit.gateway.test_pages_scores_and_claim import Browser


@pytest.fixture
def web(web_with):
    return web_with("evaluation")


@pytest.fixture
def given(web):
    """Two deputies at one table hand in their forms; the place looks from two on."""
    unit, id, reply = {"id": new_id(), "name": "省水利厅"}, new_id(), new_id()
    deputies = []
    for name in ("代表子", "代表丑"):
        seat = web.network.do(SYSTEM, "directory", "register_deputy", congress=PROVINCE, name=name)["id"]
        web.add_account(
            f"login-{len(deputies)}", name, {"role": "deputy", "congress": PROVINCE, "seat": seat}
        )
        deputies.append({"id": seat, "name": name})
    day = web.network.clock.now().date().isoformat()
    rules = {
        "effective_on": "2020-01-01", "on": True, "ended": False,
        "settings": {"same_address": 2, "same_words": 0, "within_minute": 0, "only_judges": 0},
    }  # fmt: skip
    told = [
        ("practice.recorded.v1", id_of(PROVINCE, "patterns"), {"name": "patterns", "place": PROVINCE, "place_kind": "congress", "versions": [rules]}),
        ("suggestion.accepted.v1", id, {"title": "关于供水的建议", "number": "第0001号", "category": "水利", "year": 2023, "lead": deputies[0], "cosigners": deputies[1:]}),
        ("reply.issued.v1", id, {"task": "t", "unit": unit, "role": "lead", "reply": reply, "round": 1, "reply_class": "A", "publicity": "public", "issued_on": day, "deputies": deputies}),
    ]  # fmt: skip
    now = web.network.clock.now()
    web.network.deliver(
        [envelope(type, about, PROVINCE, n, now, data) for n, (type, about, data) in enumerate(told, 1)]
    )
    for number in range(2):
        answer = Browser(web, f"login-{number}").posts(
            f"/suggestions/{id}/do/give_feedback", reply=reply, process="satisfied", result="satisfied"
        )
        assert answer.status_code == 303
    web.network.do(SYSTEM, "evaluation", "look_for_patterns")


def test_the_office_reads_what_is_strange_and_says_what_came_of_it(web, given):
    office = Browser(web, "liaison")
    page = office.reads("/figures/flags")
    assert "2 位代表的评价在同一天从同一网络地址交来" in page and "代表子" in page and "127.0.0.1" not in page
    path = re.search(r'action="(/figures/flags/[^"]+)"', page)[1]
    refused = office.posts(path, congress=PROVINCE, outcome="normal", reason="")
    assert (refused.status_code, "请填写这一项" in refused.text) == (422, True)
    assert office.posts(path, congress=PROVINCE, outcome="normal", reason="同在会场填写。").status_code == 303
    assert "没有待核实的评价异常" in office.reads("/figures/flags")
    assert "同在会场填写。" in office.reads("/figures/flags?state=settled")


def test_the_address_leaves_the_gateway_as_a_hash_that_says_nothing(web, given):
    marks = web.network.rows("evaluation", "form_marks")["form_marks"]
    assert len({mark["origin"] for mark in marks}) == 1 and len(marks[0]["origin"]) == 24
    assert "127.0.0.1" not in str(marks)


def test_deputies_do_not_see_the_page(web, given):
    assert Browser(web, "login-0").browser.get("/figures/flags").status_code == 403
