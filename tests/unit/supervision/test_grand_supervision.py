"""Six parties supervise together: each finds its own, goes there, demands, asks, and hears what became of it."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk

from shared.aggregate import new_id
from shared.identity import SYSTEM, Actor, Role
from shared.problems import Invalid, NotAllowed, NotFound, WrongState

ON_SITE = {
    "on": "2023-05-12", "method": "on_site", "place": "省税务局", "led_by": "副主任周明", "findings": "三个系统口径不一。",
}  # fmt: skip


def leader(role, name):
    return Actor(f"{role}-{name}", name, (Role(role, PROVINCE),))


VICE_CHAIR, SPONSOR, COMMITTEE = (
    leader("standing_leader", "周明"),
    leader("government_leader", "吴刚"),
    leader("committee", "财政经济委员会"),
)


@pytest.fixture
def key(life):
    """A key suggestion with its leader, its sponsor and its committee, in the hands of two units."""
    life.up_to_assignment()
    life.tell(
        "suggestion.designated", date(2023, 2, 27), theme="优化金融财税支持政策", leading_supervisor="省人大常委会副主任周明",
        sponsor="副省长吴刚", committee="财政经济委员会", decided_on="2023-02-27",
    )  # fmt: skip
    life.network.on(date(2023, 5, 12))
    return life


def do(life, who, command, subject, **data):
    return life.network.do(who, "supervision", command, subject, **data)


def ask(life, who, query, **params):
    return life.network.ask(who, "supervision", query, **params)


def page(life, who):
    return ask(life, who, "ledger_line", id=life.id)


def clerk(life):
    return unit_clerk(life.tax["id"])


def lead(life):
    return deputy("代表甲", life.lead["id"])


def waits(life, who):
    return [(line["command"], line["what"]) for line in ask(life, who, "supervision_waiting")]


def demand_of(life, who):
    (demand,) = page(life, who)["demands"]
    return demand


@pytest.mark.parametrize(
    ("who", "party"), [(VICE_CHAIR, "牵头督办"), (SPONSOR, "领办"), (COMMITTEE, "对口督办")]
)
def test_each_finds_its_own_with_what_to_do_next(key, another_life, who, party):
    another_life(title="关于供水的建议").up_to_assignment()
    board = ask(key, who, "supervision_board")
    assert list(board["parties"].values()) == [party]
    (line,) = board["lines"]
    assert (line["id"], line["parties"], line["next"]) == (key.id, [party], "还没有督办过，请安排督办")


@pytest.mark.parametrize(
    "who",
    [
        leader("standing_leader", "李华"),
        leader("government_leader", "周明"),  # the name, but not as this party
        Actor("elsewhere", "周明", (Role("standing_leader", "44"),)),
        clerk,
    ],
)
def test_others_have_nothing_on_their_board(key, who):
    actor = who(key) if callable(who) else who
    assert ask(key, actor, "supervision_board")["lines"] == []


def test_the_old_role_stands_for_all_three(key):
    (line,) = ask(key, leader("supervisor", "周明"), "supervision_board")["lines"]
    assert line["parties"] == ["牵头督办"]


def test_a_board_follows_the_key_mark(key):
    key.tell(
        "suggestion.designated", date(2023, 5, 13), theme="优化金融财税支持政策", leading_supervisor="副主任李华", sponsor="副省长吴刚",
        committee="", decided_on="2023-05-13",
    )  # fmt: skip
    assert (
        ask(key, VICE_CHAIR, "supervision_board")["lines"]
        == ask(key, COMMITTEE, "supervision_board")["lines"]
        == []
    )
    assert [
        line["id"] for line in ask(key, leader("standing_leader", "李华"), "supervision_board")["lines"]
    ] == [key.id]


def test_what_was_demanded_on_the_spot_is_answered_and_settled(key):
    demands = [{"text": "六月底前打通接口", "unit": key.tax["id"], "due_on": "2023-06-30"}]
    do(
        key,
        VICE_CHAIR,
        "log_supervision",
        key.id,
        **ON_SITE,
        demands=demands,
        deputies=[key.lead["id"]],
        said="群众跑三趟。",
    )
    assert waits(key, clerk(key)) == [("answer_demand", "答复：督办要求")]
    told = page(key, lead(key))
    assert (told["supervisions"][0]["said"], told["demands"][0]["text"]) == (
        "群众跑三趟。",
        "六月底前打通接口",
    )
    assert (
        "代表意见：群众跑三趟；省税务局：六月底前打通接口（2023-06-30前）。" in told["timeline"][-1]["reason"]
    )

    id = told["demands"][0]["id"]
    do(key, clerk(key), "answer_demand", id, text="接口已打通。")
    assert waits(key, VICE_CHAIR) == [("settle_demand", "核定答复：督办要求")]
    assert ask(key, VICE_CHAIR, "supervision_board")["lines"][0]["next"] == "单位已答复，请核定"
    do(key, VICE_CHAIR, "return_demand", id, reason="医保还没有接入。", due_on="2023-07-31")
    assert waits(key, clerk(key)) == [("answer_demand", "答复：督办要求")]
    do(key, clerk(key), "answer_demand", id, text="已全部接入。")
    do(key, VICE_CHAIR, "settle_demand", id)
    settled = demand_of(key, lead(key))
    assert (settled["state_label"], len(settled["answers"]), settled["returned"][0]["reason"]) == (
        "已了结",
        2,
        "医保还没有接入。",
    )
    assert waits(key, clerk(key)) == waits(key, VICE_CHAIR) == []


def test_what_nobody_needs_any_more_is_settled_with_a_reason(key):
    do(key, liaison(), "ask_progress", key.id, units=[key.tax["id"]], text="请报告。", due_on="2023-05-31")
    with pytest.raises(Invalid) as refused:
        do(key, liaison(), "settle_demand", demand_of(key, liaison())["id"])
    assert list(refused.value.errors) == ["note"]
    do(key, liaison(), "settle_demand", demand_of(key, liaison())["id"], note="已当面汇报。")


def test_a_report_answers_what_was_asked(key):
    do(
        key,
        SPONSOR,
        "ask_progress",
        key.id,
        units=[key.tax["id"]],
        text="请报告联调进展。",
        due_on="2023-05-31",
    )
    assert waits(key, clerk(key)) == [("answer_demand", "答复：要求报告进展")]
    do(key, clerk(key), "report_progress", key.id, text="已联调。", hindered_by="经费不足", next_steps="培训")
    assert demand_of(key, lead(key))["state"] == "settled"
    assert page(key, lead(key))["timeline"][-1]["reason"] == "已联调；困难：经费不足；下一步：培训。"
    do(key, clerk(key), "report_progress", key.id, text="又进一步。")  # of its own accord
    assert [d["origin"] for d in page(key, lead(key))["demands"]] == ["progress", "report"]


def test_an_office_that_handles_for_its_system_answers_like_a_unit(key):
    office = Actor("office", "督查室", (Role("distributing", PROVINCE, unit=key.tax["id"]),))
    do(key, liaison(), "ask_progress", key.id, units=[key.tax["id"]], text="请报告。", due_on="2023-05-31")
    assert ("answer_demand", "答复：要求报告进展") in waits(key, office)
    do(key, office, "report_progress", key.id, text="已联调。")
    assert demand_of(key, lead(key))["state"] == "settled"


def test_an_instruction_is_answered_like_a_demand(key):
    words = {
        "on": "2023-05-11",
        "leader": "副省长吴刚",
        "words": "请税务局牵头落实。",
        "units": [key.tax["id"]],
    }
    do(key, liaison(), "record_instruction", key.id, **words)
    demand = demand_of(key, clerk(key))
    assert (demand["origin_label"], demand["asked_by"], demand["due_on"]) == ("领导批示", "副省长吴刚", "")
    do(key, clerk(key), "answer_demand", demand["id"], text="已成立专班。")
    assert waits(key, liaison())[0] == ("settle_demand", "核定答复：领导批示")


def test_deputies_are_invited_and_say_whether_they_come(key):
    plan = {"on": "2023-05-20", "method": "on_site", "place": "省税务局", "led_by": "副主任周明"}
    guests = {"deputies": [key.lead["id"], key.cosigner["id"]], "units": [key.tax["id"]]}
    visit = do(key, VICE_CHAIR, "plan_supervision", key.id, **plan, **guests)["visit"]
    assert waits(key, lead(key)) == [("answer_supervision", "答复是否参加2023-05-20的督办")]
    do(key, lead(key), "answer_supervision", visit, comes="yes", words="想看看窗口。")
    assert waits(key, lead(key)) == []
    (seen,) = page(key, clerk(key))["visits"]
    assert [(g["deputy"]["name"], g["answer"]) for g in seen["guests"]] == [
        ("代表甲", "comes"),
        ("代表乙", ""),
    ]
    (line,) = ask(key, VICE_CHAIR, "supervision_board")["lines"]
    assert (line["planned_on"], line["next"]) == ("2023-05-20", "")

    key.network.on(date(2023, 5, 20))
    do(key, VICE_CHAIR, "log_supervision", key.id, **{**ON_SITE, "on": "2023-05-20"}, visit=visit)
    assert page(key, lead(key))["visits"][0]["state_label"] == "已开展"
    with pytest.raises(WrongState):
        do(key, lead(key), "answer_supervision", visit, comes="no")
    assert ask(key, VICE_CHAIR, "supervision_board")["lines"][0]["last_supervised_on"] == "2023-05-20"


def test_only_the_suggestions_own_deputies_and_units_are_asked(key):
    plan = {"on": "2023-05-20", "method": "on_site", "place": "省税务局", "led_by": "副主任周明"}
    for wrong in ("deputies", "units"):
        with pytest.raises(Invalid) as refused:
            do(key, liaison(), "plan_supervision", key.id, **plan, **{wrong: [new_id()]})
        assert list(refused.value.errors) == [wrong]
    with pytest.raises(Invalid) as refused:
        do(key, liaison(), "plan_supervision", key.id, **{**plan, "on": "2023-05-11"})
    assert list(refused.value.errors) == ["on"]


def test_a_cancelled_supervision_asks_nobody(key):
    plan = {"on": "2023-05-20", "method": "hearing", "place": "省政府", "led_by": "副主任周明"}
    visit = do(key, liaison(), "plan_supervision", key.id, **plan, deputies=[key.lead["id"]])["visit"]
    do(key, liaison(), "cancel_supervision", visit, reason="防汛。")
    assert waits(key, lead(key)) == []


def test_a_unit_sees_no_demand_to_another_and_a_stranger_none(key):
    do(key, liaison(), "ask_progress", key.id, units=[key.tax["id"]], text="请报告。", due_on="2023-05-31")
    assert page(key, unit_clerk(key.water["id"]))["demands"] == []
    id = demand_of(key, liaison())["id"]
    for stranger in (unit_clerk(key.water["id"]), liaison("44"), deputy("代表丁", new_id())):
        assert ask(key, stranger, "demands") == []
        with pytest.raises(NotFound):
            do(key, stranger, "answer_demand", id, text="……")
    with pytest.raises(NotAllowed):
        do(key, lead(key), "answer_demand", id, text="……")


def test_demands_are_listed_by_date_and_by_what_is_overdue(key):
    for day in ("2023-06-30", "2023-05-20"):
        do(key, liaison(), "ask_progress", key.id, units=[key.tax["id"]], text=day, due_on=day)
    assert [d["text"] for d in ask(key, liaison(), "demands")] == ["2023-05-20", "2023-06-30"]
    key.network.on(date(2023, 5, 21))
    (overdue,) = ask(key, liaison(), "demands", state="overdue")
    assert (overdue["text"], overdue["light"]) == ("2023-05-20", "red")
    with pytest.raises(Invalid, match="没有这种状态"):
        ask(key, liaison(), "demands", state="lost")


def test_a_leader_of_the_government_does_not_hear_how_deputies_judged_before_it_is_closed(key):
    key.replied(date(2023, 5, 15))
    key.judged(date(2023, 5, 18), key.lead, "unsatisfied")
    assert page(key, VICE_CHAIR)["line"]["satisfaction"]["result"] == "unsatisfied"
    seen = page(key, SPONSOR)
    assert seen["line"]["satisfaction"]["result"] == ""
    assert not [entry for entry in seen["timeline"] if "反馈" in entry["text"]]
    assert not [one for one in seen["deadlines"] if one["kind"] == "feedback"]


def test_nor_who_has_not_judged_yet(key):
    key.replied(date(2023, 5, 15))
    key.network.on(date(2023, 5, 22))
    key.network.do(SYSTEM, "supervision", "tick")
    reminded = [{one["deputy_name"] for one in ask(key, who, "reminders")} for who in (liaison(), SPONSOR)]
    assert {"代表甲", "代表乙"} <= reminded[0] and reminded[1] <= {""}
