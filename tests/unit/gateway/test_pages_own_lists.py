"""The fields and reasons that a congress has laid down are those that its pages offer."""

from __future__ import annotations

import re

from harness import PROVINCE
from test_pages_register import Browser


def offered(page: str, name: str) -> list[str]:
    """The values of a list to open, or of boxes to tick."""
    if chosen := re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.S):
        return re.findall(r'<option value="([^"]+)"', chosen[0])
    return re.findall(rf'name="{name}" value="([^"]+)"', page)


def test_what_the_office_lays_down_is_offered_and_the_old_field_stays_beside_its_suggestion(web, draft):
    office, writer = Browser(web, "liaison"), Browser(web, "deputy")
    path = f"/practices/review?congress={PROVINCE}"
    assert "交通运输\n教育" in office.reads(path)
    id = writer.posts("/write", **draft).location.rpartition("/")[2]
    lists = {"categories": "城市管理\n乡村振兴", "reasons": "没有实际内容\n应当由乡镇解决"}
    assert office.posts(path, **lists, effective_on="2023-01-15").status_code == 303
    web.network.settle()

    assert offered(writer.reads("/write"), "category") == ["城市管理", "乡村振兴"]
    revise = writer.reads(f"/suggestions/{id}/do/revise_suggestion")
    assert (
        offered(revise, "category") == ["城市管理", "乡村振兴", "社会保障"] and "社会保障（已停用）" in revise
    )
    assert writer.posts(f"/suggestions/{id}/do/submit_suggestion").status_code == 303
    page = office.reads(f"/suggestions/{id}/do/return_suggestion")
    assert offered(page, "reason_codes") == ["no_substance", "应当由乡镇解决"]
    assert "城市管理" in offered(office.reads("/materials"), "category")
