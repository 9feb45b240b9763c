"""What slips goes up the ladder, rung by rung: the system proposes, people decide, units answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk
from hypothesis import given
from hypothesis import strategies as st

from services.supervision.model.measures import RUNGS, is_above, rung_after
from shared.groups import LADDER
from shared.identity import SYSTEM, Actor, Role
from shared.problems import Invalid, NotAllowed, NotFound

DUE = date(2023, 5, 22)  # the reply's, three months after 20 February 2023
VICE_CHAIR = Actor("vice-chair", "周明", (Role("standing_leader", PROVINCE),))
TAKEN = {
    "decision": "take",
    "text": "答复已经逾期，请立即办理。",
    "document_number": "湘人督〔2023〕1号",
    "due_on": "2023-06-30",
}


@pytest.fixture
def late(life):
    """A lead unit that has signed for it and then lets its reply pass."""
    life.up_to_assignment()
    for task in (life.of_task(), life.of_joint()):
        life.signed(date(2023, 2, 22), task)
    life.opined(date(2023, 3, 17))
    return life


def looked_at(life, days):
    """The daily look so many days after the reply was due."""
    life.network.on(DUE + timedelta(days=days))
    life.network.do(SYSTEM, "supervision", "tick")


def measures(life, who=None, **params):
    return life.network.ask(who or liaison(), "supervision", "measures", **params)


def do(life, who, command, id, **data):
    return life.network.do(who, "supervision", command, id, **data)


def clerk(life):
    return unit_clerk(life.tax["id"])


def waits(life, who):
    waiting = life.network.ask(who, "supervision", "supervision_waiting")
    return [(line["command"], line["what"]) for line in waiting if line.get("measure")]


def test_what_is_not_long_overdue_leads_to_reminders_alone(late):
    looked_at(late, 6)
    assert measures(late) == []


def test_the_system_proposes_and_takes_nothing_itself(late):
    looked_at(late, 7)
    (measure,) = measures(late)
    assert (measure["rung"], measure["state"], measure["unit"]["name"]) == ("notice", "proposed", "省税务局")
    assert measure["because"] == "答复应于2023-05-22前完成，已逾期7天。"
    assert waits(late, liaison()) == [("decide_measure", "督办通知：决定是否采取")]
    looked_at(late, 60)
    assert {m["state"] for m in measures(late)} == {"proposed"}


def test_each_rung_is_proposed_once_and_none_below_what_holds(late):
    for days in (7, 7, 8, 15, 16, 30, 45, 60):
        looked_at(late, days)
    assert [m["rung"] for m in reversed(measures(late))] == ["notice", "yellow", "red", "circular"]


def test_after_days_without_a_look_only_the_highest_rung_is_proposed(late):
    looked_at(late, 31)
    looked_at(late, 32)
    assert [m["rung"] for m in measures(late)] == ["red"]


def test_what_is_not_answered_in_time_leads_to_the_next_rung(late):
    looked_at(late, 7)
    (notice,) = measures(late)
    do(late, liaison(), "decide_measure", notice["id"], **{**TAKEN, "due_on": "2023-06-02"})
    late.replied(date(2023, 5, 30))  # nothing is overdue any more but the answer
    looked_at(late, 11)
    assert [m["rung"] for m in measures(late)] == ["notice"]
    looked_at(late, 12)
    looked_at(late, 13)
    (yellow, _) = measures(late)
    assert (yellow["rung"], yellow["because"]) == ("yellow", "督办通知应于2023-06-02前回复，至今没有回复。")


def test_promises_and_demands_climb_like_deadlines(life):
    life.up_to_assignment()
    life.replied(date(2023, 5, 15), reply_class="B", promises=(("建成联合运维中心", "2023-06-30"),))
    asked = {"units": [life.tax["id"]], "text": "请报告。", "due_on": "2023-06-10"}
    do(life, liaison(), "ask_progress", life.id, **asked)
    life.network.on(date(2023, 6, 17))
    life.network.do(SYSTEM, "supervision", "tick")
    (notice,) = measures(life)
    assert (notice["rung"], notice["because"]) == ("notice", "督办要求应于2023-06-10前完成，已逾期7天。")
    life.network.on(date(2023, 7, 30))
    life.network.do(SYSTEM, "supervision", "tick")
    assert [m["rung"] for m in measures(life)] == ["circular", "notice"]


def test_what_people_took_of_their_own_accord_is_not_undercut(late):
    late.network.on(DUE)
    do(late, liaison(), "propose_measure", late.id, unit=late.tax["id"], rung="red", because="久拖不决。")
    looked_at(late, 15)
    assert [m["rung"] for m in measures(late)] == ["red"]
    looked_at(late, 45)
    assert [m["rung"] for m in measures(late)] == ["circular", "red"]


def test_the_unit_gets_the_document_answers_and_is_released(late):
    looked_at(late, 7)
    (measure,) = measures(late)
    assert measures(late, clerk(late)) == [], "what is only thought of is no business of the unit"
    do(late, liaison(), "decide_measure", measure["id"], **TAKEN)
    (seen,) = measures(late, clerk(late))
    assert (seen["text"], seen["document_number"], seen["because"]) == (
        TAKEN["text"],
        "湘人督〔2023〕1号",
        "",
    )
    assert waits(late, clerk(late)) == [("answer_measure", "督办通知：回复")]
    do(late, clerk(late), "answer_measure", measure["id"], text="六月中旬答复。")
    assert waits(late, liaison()) == [("end_measure", "督办通知：核实整改后解除")]
    do(late, liaison(), "end_measure", measure["id"], outcome="已答复。")
    assert measures(late, state="standing") == []
    page = late.network.ask(deputy("代表甲", late.lead["id"]), "supervision", "ledger_line", id=late.id)
    assert [entry["text"] for entry in page["timeline"]][-3:] == [
        "对省税务局采取督办措施：督办通知",
        "省税务局回复督办通知",
        "解除对省税务局的督办通知",
    ]


def test_a_declined_proposal_stays_with_the_offices(late):
    looked_at(late, 7)
    (measure,) = measures(late)
    with pytest.raises(Invalid) as refused:
        do(late, liaison(), "decide_measure", measure["id"], decision="decline")
    assert list(refused.value.errors) == ["reason"]
    do(late, liaison(), "decide_measure", measure["id"], decision="decline", reason="已电话说明。")
    assert measures(late, clerk(late)) == []
    assert measures(late, deputy("代表甲", late.lead["id"])) == []
    with pytest.raises(NotFound):
        do(late, clerk(late), "answer_measure", measure["id"], text="……")
    looked_at(late, 8)
    assert [m["state"] for m in measures(late)] == ["declined"], "it is not proposed again the next day"


@pytest.mark.parametrize(
    ("rung", "who", "may"),
    [
        ("notice", liaison(), True), ("notice", VICE_CHAIR, False), ("talk", liaison(), True), ("talk", VICE_CHAIR, True),
        ("inquiry", liaison(), False), ("inquiry", VICE_CHAIR, True), ("accountability", liaison(), False),
    ],
)  # fmt: skip
def test_who_decides_depends_on_the_rung(late, rung, who, may):
    late.network.on(DUE)
    proposal = {"unit": late.tax["id"], "rung": rung, "because": "两次不满意。"}
    id = do(late, liaison(), "propose_measure", late.id, **proposal)["measure"]
    assert ("decide_measure" in [m["command"] for m in measures(late, who)[0]["may"]]) is may
    if may:
        do(late, who, "decide_measure", id, **TAKEN)
    else:
        with pytest.raises(NotAllowed, match="决定"):
            do(late, who, "decide_measure", id, **TAKEN)


def test_a_taken_measure_says_what_is_wanted_and_until_when(late):
    late.network.on(DUE)
    proposal = {"unit": late.tax["id"], "rung": "yellow", "because": "进展慢。"}
    id = do(late, liaison(), "propose_measure", late.id, **proposal)["measure"]
    for wrong, field in (({"text": ""}, "text"), ({"due_on": "2023-05-22"}, "due_on")):
        with pytest.raises(Invalid) as refused:
            do(late, liaison(), "decide_measure", id, **{**TAKEN, **wrong})
        assert list(refused.value.errors) == [field]
    do(late, liaison(), "decide_measure", id, decision="take", text="请加快。")
    assert measures(late)[0]["due_on"] == "2023-06-01"


def test_a_light_by_measure_stands_beside_the_light_by_date(late):
    late.network.on(date(2023, 3, 1))
    proposal = {"unit": late.tax["id"], "rung": "red", "because": "敷衍。"}
    id = do(late, liaison(), "propose_measure", late.id, **proposal)["measure"]

    def line():
        return late.network.ask(liaison(), "supervision", "ledger")["lines"][0]

    assert (line()["light"], line()["measure_light"]) == ("green", "")
    do(late, liaison(), "decide_measure", id, **TAKEN)
    assert (line()["light"], line()["measure_light"]) == ("green", "red")
    do(late, liaison(), "end_measure", id, outcome="已整改。")
    assert line()["measure_light"] == ""


def dissatisfied(life, times, on):
    life.tell(
        "dissatisfaction.repeated", on, reply=life.second_reply, task=life.task, unit=life.tax, round=times, times=times, since=on.isoformat(),
    )  # fmt: skip


def test_what_did_not_satisfy_again_leads_to_a_talk_and_then_an_inquiry(late):
    late.replied(date(2023, 5, 15))
    late.rehandled(date(2023, 5, 22))
    late.replied(date(2023, 6, 19), round=2)
    dissatisfied(late, 2, date(2023, 6, 25))
    (talk,) = measures(late)
    assert (talk["rung"], talk["state"], talk["because"]) == (
        "talk",
        "proposed",
        "省税务局的答复代表2次不满意。",
    )
    dissatisfied(late, 2, date(2023, 6, 26))  # another of its deputies
    assert len(measures(late)) == 1
    dissatisfied(late, 3, date(2023, 8, 1))
    assert [m["rung"] for m in measures(late)] == ["inquiry", "talk"]
    not_hearing = [
        Actor(role, role, (Role(role, PROVINCE),)) for role in ("government_leader", "distributing")
    ]
    for who in (clerk(late), deputy("代表甲", late.lead["id"]), *not_hearing):
        assert measures(late, who) == []
        page = late.network.ask(who, "supervision", "ledger_line", id=late.id)
        assert "不满意" not in str(page["timeline"]) and page["measures"] == []


def test_an_office_that_does_not_hear_judgements_sees_of_proposals_its_own(late):
    office, other = (Actor(name, name, (Role("distributing", PROVINCE),)) for name in ("甲", "乙"))
    about = {"unit": late.tax["id"], "rung": "notice", "because": "久拖不决。"}
    late.network.do(office, "supervision", "propose_measure", late.id, **about)
    assert [one["because"] for one in measures(late, office)] == ["久拖不决。"]
    assert measures(late, other) == []
    (one,) = measures(late)
    late.network.do(liaison(), "supervision", "decide_measure", one["id"], **TAKEN)
    assert [one["because"] for one in measures(late, other)] == [""]


def test_a_neighbour_finds_no_measure(late):
    looked_at(late, 7)
    (measure,) = measures(late)
    for stranger in (liaison("44"), unit_clerk(late.water["id"])):
        assert measures(late, stranger) == []
        with pytest.raises(NotFound):
            late.network.ask(stranger, "supervision", "measure", id=measure["id"])


@given(
    days=st.integers(-400, 400), ladder=st.fixed_dictionaries({rung: st.integers(0, 120) for rung in RUNGS})
)
def test_the_rung_is_the_highest_one_whose_days_are_over(days, ladder):
    rung = rung_after(days, ladder)
    reached = [one for one, after in ladder.items() if after and after <= days]
    assert (rung in reached) if reached else rung == ""
    assert not any(is_above(one, rung) for one in reached)


def test_above_a_circular_only_people_think_of_it():
    assert [rung for rung, (_, days, _) in LADDER.items() if not days] == [
        "talk",
        "inquiry",
        "accountability",
    ]
