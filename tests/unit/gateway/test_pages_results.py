"""采纳转化 on the pages: from the sums to what the unit wrote in its reply."""

from __future__ import annotations

import pytest
from test_pages_handling import REPLY, case  # noqa: F401

MONEY = {"results.1.kind": "money", "results.1.text": "安排运维经费", "results.1.money": "300"}


@pytest.fixture
def replied(case):  # noqa: F811
    case.do("clerk", "sign_for")
    case.do("clerk", "draft_reply", **REPLY, **MONEY)
    case.do("head", "approve_reply")
    case.do("clerk", "issue_reply", document_number="湘税建〔2023〕12号")
    return case


def test_the_office_goes_from_the_sum_to_the_reply(replied):
    page = replied.people["liaison"].get("/results?year=2023").text
    assert "资金 <strong>300</strong> 万元" in page and "kind=money" in page
    listed = replied.people["liaison"].get("/results/list?year=2023&kind=money").text
    assert "安排运维经费" in listed and f"/suggestions/{replied.id}" in listed


def test_the_unit_finds_its_own_and_the_deputy_what_is_public(replied):
    clerk = replied.people["clerk"].get("/results?year=2023").text
    assert "各承办单位" in clerk and "只计已经公开的答复" in clerk
    assert "还没有公开的采纳转化情况" in replied.people["deputy"].get("/results?year=2023").text


def test_a_year_that_is_none_is_said_beside_the_field(replied):
    answer = replied.people["liaison"].get("/results?year=大前年")
    assert (answer.status_code, 'id="year-error"' in answer.text) == (422, True)
