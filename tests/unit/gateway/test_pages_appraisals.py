"""评议 on the pages: the office draws it up, deputies vote on it, the unit reads its result and puts it right."""

from __future__ import annotations

import re

import pytest
from harness import PROVINCE

from shared.identity import SYSTEM
from tests.unit.gateway.test_pages_scores_and_claim import Browser


@pytest.fixture
def web(web_with):
    return web_with("evaluation", "supervision")


@pytest.fixture
def people(web):
    """Three deputies with accounts, and a unit with its head. The ids of all."""
    unit = web.network.do(SYSTEM, "directory", "register_unit", congress=PROVINCE, name="省水利厅")["id"]
    web.add_account("head", "负责人甲", {"role": "unit_head", "congress": PROVINCE, "unit": unit})
    seats = []
    for number in range(3):
        name = f"代表{number}"
        seats.append(
            web.network.do(SYSTEM, "directory", "register_deputy", congress=PROVINCE, name=name)["id"]
        )
        web.add_account(f"d{number}", name, {"role": "deputy", "congress": PROVINCE, "seat": seats[-1]})
    return unit, seats


def draw_up(web, people, **changed):
    unit, seats = people
    day = web.network.clock.now().date().isoformat()
    data = {
        "congress": PROVINCE,
        "name": "年度评议",
        "on": day,
        "units": unit,
        "deputies": seats,
        "questions": "办理态度\n办理质量",
    }
    return Browser(web, "liaison").posts("/appraisals", **{**data, **changed})


def test_from_the_invitation_to_what_was_put_right(web, people):
    unit, _ = people
    path = draw_up(web, people).location
    deputy = Browser(web, "d0")
    assert "投票评议" in deputy.reads("/work") and "办理态度" in deputy.reads(path)
    half = {"unit": unit, "questions": "2", f"mark.{unit}.0": "satisfied", f"opinion.{unit}": "请公开进度。"}
    refused = deputy.posts(f"{path}/cast_ballot", **half)
    assert (refused.status_code, "请选择一项" in refused.text, "请公开进度。" in refused.text) == (
        422,
        True,
        True,
    )
    for number in range(3):
        whole = {**half, f"mark.{unit}.1": "basically"}
        assert Browser(web, f"d{number}").posts(f"{path}/cast_ballot", **whole).status_code == 303
    assert "您已投票" in deputy.reads(path) and "cast_ballot" not in deputy.reads(path)

    office, head = Browser(web, "liaison"), Browser(web, "head")
    assert "请公开进度" not in office.reads(path)
    office.posts(f"{path}/close_appraisal")
    assert "请公开进度" in office.reads(path) and "共 3 票" in office.reads(path)
    assert head.browser.get(path).status_code == 404
    office.posts(f"{path}/announce_appraisal")
    assert "共 3 票" in head.reads(path) and "代表0" not in head.reads(path)

    day = f"{web.network.clock.now().year + 1}-12-20"
    office.posts(f"{path}/demand_rectification", unit=unit, text="按季公开进度。", due_on=day)
    web.network.settle()
    demand = re.search(r'href="(/demands/[^"]+)"', head.reads(path))[1]
    assert "按季公开进度。" in head.reads("/work") and "按季公开进度。" in head.reads("/supervision")
    assert head.posts(f"{demand}/answer_demand", text="已经公开。").status_code == 303
    assert "已经公开。" in office.reads(demand)
    office.posts(f"{demand}/settle_demand", note="已核实。")
    assert "已了结" in head.reads(demand)
    assert Browser(web, "d0").browser.get(demand).status_code == 404


def test_what_is_missing_is_said_and_what_was_filled_in_stays(web, people):
    refused = draw_up(web, people, deputies=people[1][0])
    assert (refused.status_code, "至少邀请3位代表" in refused.text, "年度评议" in refused.text) == (
        422,
        True,
        True,
    )


def test_who_has_none_reads_so(web, people):
    assert "没有邀请您参加的评议" in Browser(web, "d0").reads("/appraisals")
    assert "还没有组织过评议" in Browser(web, "liaison").reads("/appraisals")
