"""代表意见 on the page: from a deputy's remark to the office's list, and from there to the suggestion."""

from __future__ import annotations

from test_pages_handling import case  # noqa: F401


def test_a_remark_waits_in_the_offices_list_until_it_is_answered(case):  # noqa: F811
    case.do("clerk", "sign_for")
    assert "这一年还没有" in case.people["liaison"].get("/deputy-words?year=2023").text
    case.do("deputy", "remark", text="请先到窗口看看。")
    page = case.people["liaison"].get("/deputy-words?year=2023&kind=unanswered").text
    assert "请先到窗口看看。" in page and "还没有回应" in page and f"/suggestions/{case.id}" in page
    case.do("clerk", "answer_remark", text="下周到现场。")
    assert "下周到现场。" in case.people["liaison"].get("/deputy-words?year=2023").text
    assert (
        "没有还没回应的补充意见" in case.people["liaison"].get("/deputy-words?year=2023&kind=unanswered").text
    )
    assert case.people["clerk"].get("/deputy-words?year=2023").status_code == 403
