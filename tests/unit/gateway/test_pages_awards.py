"""优秀建议 on the pages: the office opens the award; what is missing is said; deputies see it and others do not."""

from __future__ import annotations

import pytest
from harness import PROVINCE

from shared.identity import SYSTEM
from tests.unit.gateway.test_pages_scores_and_claim import Browser


@pytest.fixture
def web(web_with):
    return web_with("evaluation")


def test_the_office_opens_it_and_deputies_find_it(web):
    seat = web.network.do(SYSTEM, "directory", "register_deputy", congress=PROVINCE, name="代表新")["id"]
    web.add_account("d", "代表新", {"role": "deputy", "congress": PROVINCE, "seat": seat})
    office = Browser(web, "liaison")
    assert "还没有开始过优秀建议评选" in office.reads("/awards")
    refused = office.posts("/awards", congress=PROVINCE, year="1")
    assert (refused.status_code, "应当在 2000 到 2100 之间" in refused.text) == (422, True)
    path = office.posts(
        "/awards", congress=PROVINCE, year="2026", decided_by="meeting", only_closed="true"
    ).location
    assert "2026年度优秀建议" in Browser(web, "d").reads("/awards")
    page = office.reads(path)
    assert "还没有人推荐" in page and "推荐优秀建议" in page and "投票评选" not in page
    empty = office.posts(f"{path}/nominate_suggestion", reason="措施实。")
    assert (empty.status_code, "措施实。" in empty.text) == (422, True)


def test_others_do_not_see_it(web):
    unit = web.network.do(SYSTEM, "directory", "register_unit", congress=PROVINCE, name="省水利厅")["id"]
    web.add_account("other", "经办人甲", {"role": "handler", "congress": PROVINCE, "unit": unit})
    path = Browser(web, "liaison").posts("/awards", congress=PROVINCE, year="2026").location
    assert Browser(web, "other").browser.get(path).status_code == 404
