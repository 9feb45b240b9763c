"""A reply is sent back, or its class changed: evaluation, the ledger and search follow, and no figure counts it twice."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk, unit_head

from services.search.model import document
from shared.aggregate import new_id
from shared.identity import SYSTEM
from shared.problems import Invalid, NotAllowed, WrongState

DRAFT = {
    "text": "三部门已经建立联合运维工作机制，统一受理、限时办结，每日对账。", "reply_class": "A", "contact": "甲", "phone": "1",
}  # fmt: skip


@pytest.fixture
def case(network_of):
    """A suggestion of two deputies to which its unit has replied on 15 May."""
    network = network_of("assignment", "supervision", "evaluation", "search", today=date(2023, 2, 20))
    case = SimpleNamespace(network=network, id=new_id(), office=liaison(), unit=new_id())
    case.lead, case.cosigner = deputy("代表甲", new_id()), deputy("代表乙", new_id())
    case.clerk, case.head = unit_clerk(case.unit), unit_head(case.unit)
    network.tell("unit.recorded.v1", case.unit, name="省税务局", short="税务局", kind="government", parent="", active=True)  # fmt: skip
    people = [{"id": next(iter(who.seats)), "name": who.name} for who in (case.lead, case.cosigner)]
    network.tell(
        "suggestion.accepted.v1", case.id, title="关于联合运维的建议", situation="…", analysis="…", proposals="…", kind="suggestion",
        category="社会保障", lead=people[0], cosigners=people[1:], delegation="", ordinal=1, number="第0001号",
        session="第十四届一次会议", year=2023, during_session=True, submitted_on="2023-01-14", accepted_on="2023-01-30",
    )  # fmt: skip
    case.do = lambda who, service, command, **data: network.do(who, service, command, case.id, **data)
    case.do(case.office, "assignment", "assign_suggestion", lead=case.unit)
    case.task = network.ask(case.office, "assignment", "handling", id=case.id)["tasks"][0]["task"]
    case.do(case.clerk, "assignment", "sign_for", task=case.task)
    case.reply = lambda on, number, **draft: reply(case, on, number, **draft)
    case.first = case.reply(date(2023, 5, 15), "一号")
    return case


def reply(case, on, number, **draft):
    case.network.on(on)
    case.do(case.clerk, "assignment", "draft_reply", task=case.task, **{**DRAFT, **draft})
    case.do(case.head, "assignment", "approve_reply", task=case.task)
    return case.do(case.clerk, "assignment", "issue_reply", task=case.task, document_number=number)["reply"]


def send_back(case, who=None, reply="", due_on="2023-06-15"):
    reason = "第二条具体意见没有答复"
    if not reply:
        case.network.on(date(2023, 5, 17))
    return case.do(
        who or case.office, "evaluation", "send_reply_back", reply=reply or case.first, reason=reason, due_on=due_on
    )  # fmt: skip


def deadlines(case, kind):
    page = case.network.ask(case.office, "supervision", "ledger_line", id=case.id)
    return [(line["due_on"], line["done_on"], line["ended"]) for line in page["deadlines"] if line["kind"] == kind]  # fmt: skip


def figure(case, name):
    figures = case.network.ask(case.office, "evaluation", "figures", congress=PROVINCE, year=2023)
    found = next(line for line in figures if line["figure"] == name)
    return found["numerator"], found["denominator"]


def searched(case):
    tables = case.network.runtimes["search"].tables
    with case.network.runtimes["search"].database.reading() as connection:
        row = connection.execute(tables["documents"].select()).first()
    return document(row.id, row.congress, row.dossier)


def give(case, who, reply, result="satisfied"):
    case.do(who, "evaluation", "give_feedback", reply=reply, process="satisfied", result=result)


def test_forms_lapse_and_the_next_reply_is_put_to_every_deputy_anew(case):
    send_back(case)
    with pytest.raises(WrongState):
        give(case, case.lead, case.first)
    assert case.network.ask(case.lead, "evaluation", "evaluation_waiting") == []
    second = case.reply(date(2023, 6, 12), "二号")
    waits = case.network.ask(case.lead, "evaluation", "evaluation_waiting")
    assert [line["reply"] for line in waits] == [second]
    give(case, case.lead, second)
    give(case, case.cosigner, second)
    assert case.network.ask(case.office, "evaluation", "evaluation", id=case.id)["state"] == "assessed"


def test_the_ledger_opens_a_deadline_with_the_new_date(case):
    assert deadlines(case, "reply") == [("2023-05-22", "2023-05-15", "met")]
    send_back(case)
    line = case.network.ask(case.office, "supervision", "ledger_line", id=case.id)["line"]
    assert (line["state_label"], line["reply_class"]) == ("办理中", "")
    assert deadlines(case, "renewed_reply") == [("2023-06-15", "", "")]
    assert {ended for _, _, ended in deadlines(case, "feedback")} == {"lapsed"}
    case.reply(date(2023, 6, 12), "二号")
    assert deadlines(case, "renewed_reply") == [("2023-06-15", "2023-06-12", "met")]
    assert deadlines(case, "reply") == [("2023-05-22", "2023-05-15", "met")]
    line = case.network.ask(case.office, "supervision", "ledger_line", id=case.id)["line"]
    assert (line["state_label"], line["reply_class"]) == ("待代表反馈", "A")


def test_what_it_promised_stands_no_more_and_is_not_counted_beside_the_new_replys(case):
    promise = {"reply_class": "B", "commitments": [{"text": "建成联合运维中心", "due_on": "2023-06-30"}]}
    send_back(case)
    second = case.reply(date(2023, 6, 12), "二号", **promise)
    send_back(case, reply=second, due_on="2023-07-14")
    case.reply(date(2023, 6, 19), "三号", **promise)
    listed = case.network.ask(case.office, "supervision", "commitments", congress=PROVINCE)
    assert sorted(one["state"] for one in listed) == ["open", "withdrawn"]
    case.network.on(date(2023, 7, 3))
    case.network.do(SYSTEM, "evaluation", "count_due_promises")
    assert figure(case, "commitments_kept") == (0, 1)
    (left,) = (one for one in listed if one["state"] == "open")
    case.network.do(
        case.office, "supervision", "keep_commitment", left["id"], evidence="已建成", kept_on="2023-07-03"
    )
    assert figure(case, "commitments_kept") == (1, 1)
    told = {"text": "联合运维中心已经建成，三部门每日对账。", "solved": True}
    case.do(case.clerk, "assignment", "supplement_reply", task=case.task, **told)  # nothing is left of it


def test_a_date_on_a_day_off_runs_to_the_next_workday(case):
    send_back(case, due_on="2023-06-17")
    assert deadlines(case, "renewed_reply")[0][0] == "2023-06-19"


def test_it_counts_in_no_figure_as_a_reply_or_a_rehandling(case):
    assert figure(case, "solved") == (1, 1)
    send_back(case)
    assert figure(case, "solved") == (0, 1)
    case.reply(date(2023, 6, 19), "二号")  # four days late
    assert figure(case, "solved") == (1, 1)
    assert figure(case, "on_time") == (0, 1)
    names = [e["type"] for e in case.network.published("evaluation", case.id)]
    assert "rehandling.ordered.v1" not in names


def test_search_finds_nothing_in_what_was_sent_back(case):
    send_back(case)
    found = searched(case)
    assert (found.state, found.reply_class, found.private_reply + found.public_reply) == ("handling", "", "")
    case.reply(date(2023, 6, 12), "二号")
    assert (searched(case).state, searched(case).reply_class) == ("replied", "A")


def test_once_a_deputy_has_judged_it_is_for_rehandling(case):
    give(case, case.cosigner, case.first, "unsatisfied")
    with pytest.raises(WrongState, match="不满意的，请要求再次办理"):
        send_back(case)
    may = case.network.ask(case.office, "evaluation", "evaluation", id=case.id)["may"]
    assert "send_reply_back" not in [line["command"] for line in may]


def test_offices_alone_send_back_and_with_a_date_to_come(case):
    for who in (case.lead, case.clerk, case.head):
        with pytest.raises(NotAllowed):
            send_back(case, who)
    with pytest.raises(Invalid) as refusal:
        send_back(case, due_on="2023-05-17")
    assert "due_on" in refusal.value.errors
    assert not case.network.ask(case.office, "assignment", "handling", id=case.id)["replies"][0]["sent_back"]


def test_a_changed_class_is_followed_by_all(case):
    change = {"task": case.task, "reply_class": "B", "reason": "中心没有建成"}
    case.do(case.office, "assignment", "change_reply_class", **change)
    assert figure(case, "solved") == (0, 1)
    assert searched(case).reply_class == "B"
    line = case.network.ask(case.office, "supervision", "ledger_line", id=case.id)
    assert line["line"]["reply_class"] == "B"
    assert "办理结果由A类调整为B类" in line["timeline"][-1]["text"]


def test_what_is_changed_after_closing_holds_and_does_not_make_it_solved_the_year_before(case):
    case.do(
        case.office, "assignment", "change_reply_class", task=case.task, reply_class="B", reason="没有建成"
    )
    for who in (case.lead, case.cosigner):
        give(case, who, case.first)
    case.do(case.office, "evaluation", "close_suggestion")
    case.network.on(date(2024, 2, 1))
    case.do(
        case.office, "assignment", "change_reply_class", task=case.task, reply_class="A", reason="已经建成"
    )
    line = case.network.ask(case.office, "supervision", "ledger_line", id=case.id)["line"]
    assert (line["state"], line["reply_class"]) == ("closed", "A")
    assert figure(case, "solved") == (0, 1)
