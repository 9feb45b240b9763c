"""What the congress releases for the media is read without signing in; what the parties agreed, by those whom it names."""

from __future__ import annotations

from harness import PROVINCE

from tests.unit.gateway.test_pages_supervision import clerk, life, office, web

__all__ = ["clerk", "life", "office", "web"]


def test_the_office_releases_an_issue_and_everybody_reads_it(web, life, office):
    assert "还没有发布过" in web.browser().get(f"/public/columns?congress={PROVINCE}").text
    assert "/columns" in office.links("/supervision").values()
    office.fills_in("/columns", suggestions=life.id, title="办理进行时", note="本栏目每月一期。")
    read = web.browser().get(f"/public/columns?congress={PROVINCE}").text
    assert "办理进行时" in read and life.title in read and "办理中" in read
    assert "代表甲" not in read and f"/public/{life.id}" not in read
    assert "撤下" in office.reads("/columns")
    assert web.browser().get("/public/columns").status_code == 404
    assert web.browser().get("/public/columns?congress=99").status_code == 404


def test_who_is_no_office_releases_nothing(clerk):
    assert clerk.browser.get("/columns").status_code == 403
    assert "/columns" not in clerk.links("/supervision").values()


def test_an_issue_without_suggestions_says_what_is_missing(office):
    page = office.browser.get("/columns").text
    hidden = {"csrf_token": office._token(page), "congress": PROVINCE, "title": "空的一期"}
    answer = office.browser.post("/columns", data=hidden)
    assert answer.status_code == 422 and "没有办成" in answer.text and "空的一期" in answer.text


def test_the_office_logs_what_was_agreed_and_the_unit_reads_it(web, life, office, clerk):
    office.reads("/supervision")
    said = {
        "title": "联合运维", "on": "2023-02-20", "units": life.tax["id"], "suggestions": life.id, "agreed": "集中办公。",
        "shares.0.who": "省税务局", "shares.0.what": "成立中心", "shares.0.due_on": "2023-05-12",
    }  # fmt: skip
    office.fills_in("/supervision?coordinate=1", **said)
    read = clerk.reads("/supervision")
    assert "集中办公。" in read and "成立中心" in read and "2023-05-12 前" in read
    assert "登记协调" not in read and "登记协调" in office.reads("/supervision")
