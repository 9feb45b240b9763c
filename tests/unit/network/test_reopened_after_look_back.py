"""What a look-back finds not so is handled again though it was closed and published, and nothing of it is counted twice."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, liaison
from test_reply_sent_back import case, deadlines, figure, reply  # noqa: F401

from services.search.model import public_page
from shared.problems import Invalid, NotAllowed, NotFound, WrongState

CLOSED, LOOKED = date(2023, 6, 1), date(2023, 9, 5)
NOT_SO = {"finding": "not_true", "words": "窗口没有开设。", "on": "2023-09-05", "due_on": "2023-10-31"}
AGAIN = {"reason": "请按答复开设窗口。", "due_on": "2023-10-20"}


def judged(case, of, *results):  # noqa: F811
    for who, result in zip((case.lead, case.cosigner), results, strict=False):
        case.do(who, "evaluation", "give_feedback", reply=of, process="satisfied", result=result)


def ended(case):  # noqa: F811
    """Judged, closed and published; then a look-back finds it not so."""
    judged(case, case.first, "satisfied", "satisfied")
    case.network.on(CLOSED)
    case.do(case.office, "evaluation", "close_suggestion")
    case.do(case.office, "evaluation", "publish_suggestion")
    case.network.on(LOOKED)


def look_back(case, **found):  # noqa: F811
    wanted = {"congress": PROVINCE, "name": "回头看", "from_year": 2023, "to_year": 2023, "classes": "A", "share": 100, "least_of_each_unit": 1}  # fmt: skip
    id = case.network.do(case.office, "supervision", "draw_look_back", **wanted)["id"]
    case.network.do(
        case.office, "supervision", "record_finding", id, suggestion=case.id, **{**NOT_SO, **found}
    )


def reopen(case, who=None, **changed):  # noqa: F811
    data = {"reply": case.first, **AGAIN, **changed}
    return case.do(who or case.office, "evaluation", "reopen_suggestion", **data)


def states(case):  # noqa: F811
    ask = case.network.ask
    line = ask(case.office, "supervision", "ledger_line", id=case.id)["line"]
    return [
        line["state"],
        ask(case.office, "assignment", "handling", id=case.id)["state"],
        ask(case.office, "evaluation", "evaluation", id=case.id)["state"],
    ]


def test_it_is_handled_again_by_the_day_that_was_given_and_closed_again(case):  # noqa: F811
    ended(case)
    look_back(case)
    reopen(case)
    assert states(case) == ["rehandling", "rehandling", "rehandling"]
    (again,) = deadlines(case, "second_reply")
    assert again == ("2023-10-20", "", "")
    second = reply(case, date(2023, 10, 18), "二号")
    assert deadlines(case, "second_reply") == [("2023-10-20", "2023-10-18", "met")]
    judged(case, second, "satisfied", "satisfied")
    case.do(case.office, "evaluation", "close_suggestion")
    case.do(case.office, "evaluation", "publish_suggestion")
    assert states(case) == ["published", "closed", "published"]
    (before,) = case.network.ask(case.office, "evaluation", "evaluation", id=case.id)["endings"]
    assert (before["closed_on"], before["reopened_on"]) == ("2023-06-01", "2023-09-05")


def test_figures_count_it_once_and_what_was_not_so_is_solved_no_more(case):  # noqa: F811
    ended(case)
    assert figure(case, "solved") == (1, 1)
    look_back(case)
    reopen(case)
    assert figure(case, "solved") == (0, 1)
    second = reply(case, date(2023, 10, 18), "二号")
    judged(case, second, "satisfied", "basically")
    counted = [figure(case, name) for name in ("solved", "satisfied_result", "on_time")]
    assert counted == [(1, 1), (2, 2), (1, 1)]


def test_without_a_finding_nothing_is_reopened_and_for_one_only_once(case):  # noqa: F811
    ended(case)
    with pytest.raises(WrongState, match="没有回头看发现"):
        reopen(case)
    look_back(case, finding="true")
    with pytest.raises(WrongState, match="没有回头看发现"):
        reopen(case)
    look_back(case)
    with pytest.raises(Invalid):
        reopen(case, due_on="2023-09-05")
    with pytest.raises(Invalid, match="不要写出代表姓名"):
        reopen(case, reason="代表甲反映没有落实")
    reopen(case)
    with pytest.raises(WrongState):
        reopen(case)


def test_the_liaison_office_of_its_congress_alone_reopens(case):  # noqa: F811
    ended(case)
    look_back(case)
    for who, refusal in (
        (case.clerk, NotAllowed),
        (case.lead, NotAllowed),
        (liaison("44"), (NotAllowed, NotFound)),
    ):
        with pytest.raises(refusal):
            reopen(case, who)


def test_the_public_page_says_so_and_shows_the_new_reply_when_it_is_published_again(case):  # noqa: F811
    ended(case)
    look_back(case)
    reopen(case)
    second = reply(case, date(2023, 10, 18), "二号")
    page = public(case)
    assert (page["reopened_on"], [shown["document_number"] for shown in page["replies"]]) == (
        "2023-09-05",
        ["一号"],
    )
    judged(case, second, "satisfied", "satisfied")
    case.do(case.office, "evaluation", "close_suggestion")
    case.do(case.office, "evaluation", "publish_suggestion")
    page = public(case)
    assert (page["reopened_on"], [shown["document_number"] for shown in page["replies"]]) == ("", ["二号"])


def public(case):  # noqa: F811
    (row,) = case.network.rows("search", "documents")["documents"]
    return public_page(case.id, PROVINCE, row["dossier"])
