"""A congress chooses its fields and its reasons for not accepting; what was sorted before keeps its words."""

from __future__ import annotations

from datetime import date

import pytest
from harness import COUNTY, PROVINCE, deputy, liaison

from shared.identity import Actor, Role
from shared.problems import Invalid

OPERATOR = Actor("op", "运维甲", (Role("operator", ""),))
TEXT = {
    "title": "关于建设县城停车场的建议", "situation": "停车难。", "analysis": "泊位少。", "proposals": "请住建局建设。", "kind": "suggestion",
}  # fmt: skip
FIELDS, REASONS = ["乡村振兴", "城市管理", "水利"], ["没有实际内容", "应当由乡镇解决", "已有同样的建议"]


@pytest.fixture
def network(network_of):
    network = network_of("directory", "intake", today=date(2023, 1, 15))
    divisions = [
        {"path": path, "code": path, "name": path, "level": "city", "parent": path.rpartition(".")[0], "has_congress": True}
        for path in (PROVINCE, "43.01", COUNTY)
    ]  # fmt: skip
    network.do(OPERATOR, "directory", "register_divisions", divisions=divisions)
    return network


@pytest.fixture
def writer(network):
    session = {"term": 14, "ordinal": 1, "opens_on": "2023-01-13", "closes_on": "2023-01-19"}
    network.do(liaison(COUNTY), "directory", "open_session", congress=COUNTY, **session)
    seat = network.do(liaison(COUNTY), "directory", "register_deputy", congress=COUNTY, name="代表甲")["id"]
    return deputy("代表甲", seat, COUNTY)


def lay_down(network, congress=COUNTY, on="2023-01-15", **settings):
    laid = {"name": "review", "congress": congress, "settings": settings, "effective_on": on}
    network.do(liaison(congress), "directory", "set_practice", **laid)


def draft(network, writer, category):
    return network.do(writer, "intake", "draft_suggestion", congress=COUNTY, category=category, **TEXT)["id"]


def submitted(network, writer, category="水利"):
    id = draft(network, writer, category)
    network.do(writer, "intake", "submit_suggestion", id)
    return id


def lists(network, *congresses):
    return network.ask(liaison(COUNTY), "intake", "review_lists", congresses=list(congresses))


def test_a_county_without_lists_of_its_own_has_those_of_the_province_above(network, writer):
    assert "交通运输" in lists(network, COUNTY)["categories"]
    lay_down(network, PROVINCE, categories=FIELDS)
    assert lists(network, COUNTY)["categories"] == FIELDS
    draft(network, writer, "城市管理")
    with pytest.raises(Invalid) as refusal:
        draft(network, writer, "交通运输")
    assert "请从“乡村振兴、城市管理、水利”中选择" in refusal.value.errors["category"][0]


def test_what_is_retired_is_chosen_no_more_and_old_suggestions_keep_it(network, writer):
    old, waiting = draft(network, writer, "水利"), submitted(network, writer, "水利")
    lay_down(network, categories=["城市管理"])
    network.do(writer, "intake", "revise_suggestion", old, **TEXT, category="水利")
    with pytest.raises(Invalid):
        network.do(writer, "intake", "revise_suggestion", old, **TEXT, category="教育")
    network.do(liaison(COUNTY), "intake", "accept_suggestion", waiting, category="水利")
    assert network.ask(liaison(COUNTY), "intake", "suggestion", id=waiting)["category"] == "水利"
    network.do(
        liaison(COUNTY), "intake", "correct_suggestion", waiting, category="城市管理", reason="分类调整。"
    )
    with pytest.raises(Invalid):
        network.do(
            liaison(COUNTY), "intake", "correct_suggestion", waiting, category="水利", reason="改回去。"
        )


def test_it_returns_for_its_own_reasons_and_the_deputy_reads_them(network, writer):
    id = submitted(network, writer)
    lay_down(network, reasons=REASONS)
    told = {"reason": "请与镇里联系。"}
    with pytest.raises(Invalid) as refusal:
        network.do(liaison(COUNTY), "intake", "return_suggestion", id, reason_codes=["court_case"], **told)
    assert "应当由乡镇解决" in refusal.value.errors["reason_codes"][0]
    codes = ["应当由乡镇解决", "no_substance"]
    network.do(liaison(COUNTY), "intake", "return_suggestion", id, reason_codes=codes, **told)
    lay_down(network, on="2023-01-16", reasons=["其他"])
    network.on(date(2023, 1, 17))
    assert network.ask(writer, "intake", "suggestion", id=id)["history"][-1]["reason"] == (
        "应当由乡镇解决、没有实际内容。请与镇里联系。"
    )
    assert network.published("intake", id)[-1]["data"]["reason_codes"] == codes


def test_the_checklist_has_the_place_s_own_reasons(network, writer):
    id = draft(network, writer, "水利")
    lay_down(network, reasons=REASONS)
    reasons = network.ask(writer, "intake", "suggestion", id=id)["checks"]["reasons"]
    assert [reason["label"] for reason in reasons] == REASONS


def test_a_list_from_which_nothing_can_be_chosen_is_refused(network):
    for wrong in ({"categories": []}, {"reasons": ["其他", "其他"]}):
        with pytest.raises(Invalid) as refusal:
            lay_down(network, **wrong)
        assert list(refusal.value.errors) == list(wrong)


def test_an_old_ledger_may_name_the_usual_fields_beside_the_place_s_own(network, writer):
    lay_down(network, categories=FIELDS)
    seat = next(iter(writer.seats))
    rows = [
        {"number": f"旧{n}号", "title": "关于旧事的建议", "lead": seat, "category": category}
        for n, category in enumerate(("乡村振兴", "交通运输"))
    ]
    assert network.do(liaison(COUNTY), "intake", "import_suggestions", congress=COUNTY, rows=rows)["added"] == 2  # fmt: skip
    rows = [{**rows[0], "number": "旧9号", "category": "没有的"}]
    with pytest.raises(Invalid):
        network.do(liaison(COUNTY), "intake", "import_suggestions", congress=COUNTY, rows=rows)
