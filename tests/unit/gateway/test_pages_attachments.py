"""A unit attaches a file to its reply on the page, the deputy saves it, and no browser opens it as a page of ours."""

from __future__ import annotations

import io
import re

from test_pages_handling import REPLY, case  # noqa: F401

PDF = b"%PDF-1.4 plan"


def attach(case, name, content, **more):  # noqa: F811
    address = case.link("clerk", "attach_file")
    return case.people["clerk"].fill_in(address, file=(io.BytesIO(content), name), **more)


def drafted(case):  # noqa: F811
    case.do("clerk", "sign_for")
    case.do("clerk", "draft_reply", **REPLY)


def saved(case, who):  # noqa: F811
    """The file behind the first link to one on the person's page of the suggestion."""
    found = re.search(rf'href="(/suggestions/{case.id}/attachments/[^"]+)"', case.page(who))
    return case.people[who].get(found[1]) if found else None


def test_a_file_is_attached_goes_out_and_is_saved(case):  # noqa: F811
    drafted(case)
    assert attach(case, "改造计划.pdf", PDF).status_code == 303
    assert saved(case, "deputy") is None
    assert "改造计划.pdf" in case.people["head"].get(case.link("head", "approve_reply")).text
    case.do("head", "approve_reply")
    case.do("clerk", "issue_reply", document_number="湘税建〔2023〕12号")
    answer = saved(case, "deputy")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=attachment.pdf;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "改造计划.pdf" in case.people["deputy"].get(f"/suggestions/{case.id}").text


def test_what_is_no_such_file_comes_back_with_the_reason(case):  # noqa: F811
    drafted(case)
    refused = attach(case, "页面.html", b"<script>")
    assert refused.status_code == 422
    assert "不能添加“页面.html”这种文件" in refused.text
    assert "请选择一个文件" in case.people["clerk"].fill_in(case.link("clerk", "attach_file")).text


def test_a_file_may_be_taken_off_again(case):  # noqa: F811
    drafted(case)
    attach(case, "改造计划.pdf", PDF)
    case.do("clerk", "remove_file")
    assert "改造计划.pdf" not in case.page("clerk")


def test_of_another_suggestion_or_unpublished_there_is_nothing(case):  # noqa: F811
    drafted(case)
    attach(case, "改造计划.pdf", PDF, public="true")
    file = re.search(rf"/suggestions/{case.id}/attachments/([^\"]+)", case.page("clerk"))[1]
    other = case.id[:-4] + "0000"
    assert case.people["clerk"].get(f"/suggestions/{other}/attachments/{file}").status_code == 404
    assert case.people["deputy"].get(f"/public/{case.id}/attachments/{file}").status_code == 404
