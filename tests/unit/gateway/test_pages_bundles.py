"""A unit bundles suggestions on the page; sums open to the list behind them."""

from __future__ import annotations

import re

import pytest
from test_pages_handling import REPLY, case  # noqa: F401

from tests.unit.gateway.conftest import DRAFT


@pytest.fixture
def two(case):  # noqa: F811
    """Another suggestion for the same unit: (case, ids of both)."""
    web = case.people["deputy"].web if hasattr(case.people["deputy"], "web") else None
    assert web is None or web
    clients = case.people
    id = post(clients["deputy"], case, "/write", {**DRAFT, "title": "关于第二件同类事项的建议"})
    for who, command, more in (
        ("deputy", "submit_suggestion", {}),
        ("liaison", "accept_suggestion", {"kind": "suggestion", "category": "社会保障"}),
        ("liaison", "assign_suggestion", {"lead": unit_of(case)}),
    ):
        answer = clients[who].fill_in(f"/suggestions/{id}/do/{command}", **more)
        assert answer.status_code == 303, re.sub(r"<[^>]+>", " ", answer.text)
        case.network.settle()
    return case, [case.id, id]


def post(person, case, path, data):  # noqa: F811
    answer = person.fill_in(path, **data)
    assert answer.status_code == 303, answer.text
    case.network.settle()
    return answer.headers["Location"].rstrip("/").rpartition("/")[2]


def unit_of(case):  # noqa: F811
    return case.network.rows("assignment", "tasks")["tasks"][0]["unit_id"]


def test_bundled_summed_up_and_ended(two):
    case, ids = two  # noqa: F811
    clerk = case.people["clerk"]
    about = {"name": "联合运维", "problem": "系统各自运维。", "plan": "一个中心。", "due_on": "2024-12-31"}
    bundle = post(clerk, case, "/bundles", {**about, "suggestions": ids})
    case.do("clerk", "sign_for")
    case.do("clerk", "draft_reply", **{**REPLY, "results.0.money": "300"})
    case.do("head", "approve_reply")
    case.do("clerk", "issue_reply", document_number="湘税建〔2023〕12号")
    page = clerk.get(f"/bundles/{bundle}").text
    assert "合计资金 <strong>300</strong> 万元" in page and "联合运维办法" in page
    assert "联合运维办法" not in clerk.get(f"/bundles/{bundle}?kind=money").text
    assert "联合运维" in case.people["liaison"].get("/bundles").text
    linked = clerk.post(
        f"/bundles/{bundle}/link_work", {"kind": "livelihood", "name": "2024年民生实事", "version": "1"}
    )
    assert linked.status_code == 303
    assert f"/bundles/{bundle}/works/0" in clerk.get(f"/bundles/{bundle}").text
    work = clerk.get(f"/bundles/{bundle}/works/0").text
    assert "2024年民生实事" in work and "联合运维办法" in work


def test_one_alone_is_no_bundle_and_says_so(two):
    case, ids = two  # noqa: F811
    refused = case.people["clerk"].fill_in(
        "/bundles", name="一件", suggestions=ids[:1], problem="一", plan="二", due_on="2024-12-31"
    )
    assert refused.status_code == 422 and "请选择两件以上的建议" in refused.text
