"""The daily look, holidays that are announced late, reminding by hand, and supervision on site."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk

from shared.identity import SYSTEM, Actor, Role
from shared.problems import Invalid, NotAllowed, WrongState

OPERATOR = Actor("operator", "运维甲", (Role("operator", ""),))
MAY_22 = {
    "year": 2023,
    "source": "国办发明电〔2023〕9号",
    "holidays": [{"on": "2023-05-22", "name": "临时放假"}],
    "workdays": [],
}


def tick(network, today):
    network.on(today, 8)
    return network.do(SYSTEM, "supervision", "tick")["reminded"]


def events(network, name, subject=None):
    return [e["data"] for e in network.published("supervision", subject) if e["type"] == f"{name}.v1"]


def page(network, life):
    return network.ask(liaison(), "supervision", "ledger_line", id=life.id)


@pytest.fixture
def signed(life):
    """Only the reply is open, due on 22 May 2023."""
    life.up_to_assignment()
    life.signed(date(2023, 2, 22))
    life.signed(date(2023, 2, 22), life.of_joint())
    life.opined(date(2023, 3, 1))
    return life


def test_reminders_go_out_on_their_days(network, signed):
    days = [date(2023, 4, day) for day in (20, 21, 22, 23)]
    days += [date(2023, 5, day) for day in (6, 7, 8, 15, 16, 19, 21, 22, 23, 24)]
    sent = {day: tick(network, day) for day in days}
    assert [day for day, count in sent.items() if count] == [
        date(2023, 4, 22), date(2023, 5, 7), date(2023, 5, 15), date(2023, 5, 19), date(2023, 5, 21),
        date(2023, 5, 23), date(2023, 5, 24),
    ]  # fmt: skip


def test_a_second_tick_sends_nothing(network, signed):
    assert (tick(network, date(2023, 5, 15)), tick(network, date(2023, 5, 15))) == (1, 0)


def test_after_days_without_a_tick_each_deadline_is_reminded_of_once(network, signed):
    assert tick(network, date(2023, 5, 20)) == 1  # 30, 15, 7 and 3 days before were all missed
    (told,) = events(network, "reminder.sent", signed.id)
    assert told["days_left"] == 2
    assert told["text"] == "《关于联合运维的建议》答复还有2天到期（2023年5月22日）。"
    assert tick(network, date(2023, 6, 10)) == 1
    assert "已逾期19天" in events(network, "reminder.sent", signed.id)[-1]["text"]


def test_who_is_reminded_finds_it_in_the_inbox(network, signed):
    tick(network, date(2023, 5, 15))
    (mine,) = network.ask(unit_clerk(signed.tax["id"]), "supervision", "reminders")
    assert (mine["suggestion"], mine["label"], mine["by"], mine["by_hand"]) == (
        signed.id,
        "答复",
        "系统",
        False,
    )
    assert network.ask(unit_clerk(signed.water["id"]), "supervision", "reminders") == []
    assert len(network.ask(liaison(), "supervision", "reminders", congress=PROVINCE)) == 1
    assert page(network, signed)["reminders"][0]["id"] == mine["id"]
    assert not [e for e in page(network, signed)["timeline"] if e["type"] == "reminder.sent.v1"]


def test_deputies_are_reminded_before_but_not_pressed_after(network, signed):
    signed.replied(date(2023, 4, 3))  # feedback until 13 April
    assert [tick(network, date(2023, 4, day)) for day in (6, 10, 12, 13, 14, 20)] == [2, 2, 2, 0, 0, 0]
    cosigner = deputy("代表乙", signed.cosigner["id"])
    assert {r["deputy"] for r in network.ask(cosigner, "supervision", "reminders")} == {signed.cosigner["id"]}
    assert {event["deputy"]["name"] for event in events(network, "feedback.awaited")} == {"代表甲", "代表乙"}
    assert not [
        event for event in events(network, "reminder.sent") if event["deputy"]
    ]  # that is for all to hear


def test_only_operators_and_the_system_tick(network, signed):
    assert network.do(OPERATOR, "supervision", "tick")["reminded"] == 0
    for who in (liaison(), unit_clerk(signed.tax["id"])):
        with pytest.raises(NotAllowed):
            network.do(who, "supervision", "tick")


# --- holidays announced late --------------------------------------------------------------------------------


def test_a_late_holiday_moves_the_running_deadline_and_says_so(network, signed):
    tick(network, date(2023, 5, 9))
    network.on(date(2023, 5, 10))
    answer = network.do(OPERATOR, "supervision", "announce_arrangement", **MAY_22)
    assert answer["moved"] == 1 and answer["whole_year"] is False
    (moved,) = events(network, "deadline.moved", signed.id)
    assert (moved["before"], moved["due_on"]) == ("2023-05-22", "2023-05-23")
    assert "现计算临时放假" in moved["reason"]
    assert (
        page(network, signed)["line"]["reply_due_on"]
        == page(network, signed)["line"]["next_due_on"]
        == "2023-05-23"
    )
    assert page(network, signed)["timeline"][-1]["text"].startswith(
        "省税务局：答复期限由2023年5月22日改为2023年5月23日"
    )
    (announced,) = events(network, "arrangement.announced")
    assert (announced["moved"], announced["source"]) == (1, MAY_22["source"])


def test_what_has_ended_does_not_move(network, signed):
    signed.replied(date(2023, 5, 22))
    network.on(date(2023, 5, 23))
    assert network.do(OPERATOR, "supervision", "announce_arrangement", **MAY_22)["moved"] == 0
    reply = next(d for d in page(network, signed)["deadlines"] if d["kind"] == "reply")
    assert reply["due_on"] == "2023-05-22"


def test_a_deadline_set_afterwards_knows_of_it(network, life):
    network.do(OPERATOR, "supervision", "announce_arrangement", **MAY_22)
    life.up_to_assignment()
    assert page(network, life)["line"]["reply_due_on"] == "2023-05-23"


def test_many_running_deadlines_move_together(network, another_life):
    lives = [another_life().up_to_assignment() for _ in range(7)]
    network.on(date(2023, 5, 10))
    assert network.do(OPERATOR, "supervision", "announce_arrangement", **MAY_22)["moved"] == 7
    for life in lives:
        told = network.published("supervision", life.id)
        assert [event["sequence"] for event in told] == list(range(1, len(told) + 1))
        assert told[-1]["type"] == "deadline.moved.v1"


def test_newer_holiday_data_is_noticed_by_the_next_tick(network, signed, monkeypatch):
    from services.supervision.handlers import calendars
    from services.supervision.model.calendar import Arrangement, WorkCalendar

    tick(network, date(2023, 3, 1))
    newer = WorkCalendar.official([Arrangement({date(2023, 5, 22): "新放假"}, {}, None, "新版数据")])
    monkeypatch.setattr("services.supervision.handlers.daily.calendar_of", lambda connection: newer)
    network.on(date(2023, 3, 2))
    assert network.do(SYSTEM, "supervision", "tick")["moved"] == 1
    assert network.do(SYSTEM, "supervision", "tick")["moved"] == 0
    assert calendars.fingerprint(newer) != calendars.fingerprint(WorkCalendar.official())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"holidays": [{"on": "2022-05-22", "name": "放假"}]}, "holidays"),
        (
            {"holidays": [{"on": "2023-05-22", "name": "放假"}, {"on": "2023-05-22", "name": "又一次"}]},
            "holidays",
        ),
        ({"workdays": [{"on": "2021-01-03", "name": "元旦"}]}, "workdays"),
    ],
)
def test_a_slip_in_an_arrangement_is_said_beside_its_field(network, change, field):
    with pytest.raises(Invalid) as refused:
        network.do(OPERATOR, "supervision", "announce_arrangement", **{**MAY_22, **change})
    assert list(refused.value.errors) == [field]


def test_the_same_arrangement_is_recorded_once_and_only_by_operators(network):
    network.do(OPERATOR, "supervision", "announce_arrangement", **MAY_22)
    network.on(date(2023, 2, 1))
    with pytest.raises(Invalid, match="已经登记过"):
        network.do(OPERATOR, "supervision", "announce_arrangement", **MAY_22)
    with pytest.raises(NotAllowed):
        network.do(liaison(), "supervision", "announce_arrangement", **MAY_22)
    shown = network.ask(liaison(), "supervision", "calendar")
    assert [entry["source"] for entry in shown["recorded"]] == [MAY_22["source"]] and shown["may"] == []
    assert {name: next(y for y in shown["years"] if y["year"] == 2023)[name] for name in ("year", "announced")} == {"year": 2023, "announced": True}  # fmt: skip


# --- by hand ------------------------------------------------------------------------------------------------


def test_reminding_by_hand_reaches_each_unit_once(network, life):
    life.up_to_assignment()
    network.on(date(2023, 3, 1))
    answer = network.do(liaison(), "supervision", "remind_unit", life.id, text="请尽快签收。")
    assert sorted(answer["reminded"]) == ["省水利厅", "省税务局"]
    told = events(network, "reminder.sent", life.id)
    assert {(t["unit"]["name"], t["kind"], t["days_left"]) for t in told} == {
        ("省税务局", "sign_for", -2),
        ("省水利厅", "sign_for", -2),
    }
    assert {e["text"] for e in page(network, life)["timeline"][-2:]} == {"催办省税务局", "催办省水利厅"}
    assert network.ask(unit_clerk(life.water["id"]), "supervision", "reminders")[0]["by_hand"] is True
    assert network.do(SYSTEM, "supervision", "tick")["reminded"] == 0  # the reminder by hand was today's


def test_there_is_nothing_to_remind_of_when_units_have_done_their_part(network, signed):
    signed.replied(date(2023, 4, 3))
    assert "remind_unit" not in [c["command"] for c in page(network, signed)["may"]]
    with pytest.raises(WrongState, match="没有承办单位的未完成期限"):
        network.do(liaison(), "supervision", "remind_unit", signed.id, text="请办理")


def test_a_move_stands_after_what_caused_it(network, signed):
    signed.tell("extension.granted", date(2023, 4, 3), **signed.of_task(), reason="")
    assert [e["type"] for e in page(network, signed)["timeline"]][-2:] == [
        "extension.granted.v1",
        "deadline.moved.v1",
    ]


def test_red_lines_wait_for_the_liaison_office(network, life, another_life):
    life.up_to_assignment()
    another_life().submitted(date(2023, 2, 20))
    network.on(date(2023, 2, 27))
    assert network.ask(liaison(), "supervision", "supervision_waiting") == []
    network.on(date(2023, 2, 28))
    (waiting,) = network.ask(liaison(), "supervision", "supervision_waiting")
    assert (waiting["suggestion"], waiting["command"], waiting["since"]) == (
        life.id,
        "remind_unit",
        "2023-02-27",
    )
    assert network.ask(liaison("44"), "supervision", "supervision_waiting") == []


def test_supervision_on_site_is_logged_for_all_to_see(network, life):
    life.up_to_assignment()
    network.on(date(2023, 5, 12))
    data = {
        "method": "on_site",
        "place": "省税务局",
        "led_by": "副主任甲",
        "participants": "",
        "findings": "要求合署办公。",
    }
    with pytest.raises(Invalid, match="还没有到"):
        network.do(liaison(), "supervision", "log_supervision", life.id, on="2023-05-13", **data)
    network.do(liaison(), "supervision", "log_supervision", life.id, on="2023-05-12", **data)
    seen = network.ask(deputy("代表甲", life.lead["id"]), "supervision", "ledger_line", id=life.id)
    assert seen["supervisions"][0]["method_label"] == "现场督办"
    assert seen["timeline"][-1]["text"] == "副主任甲现场督办（2023-05-12，省税务局）"
