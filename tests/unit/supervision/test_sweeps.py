"""Regular supervision: what belongs to a round is looked at one by one, and the next round follows."""

from __future__ import annotations

from datetime import date

import pytest
from harness import PROVINCE, deputy, liaison, unit_clerk

from services.supervision.model.sweeps import later
from shared.identity import Actor, Role
from shared.problems import Invalid, NotFound

ROUND = {
    "congress": PROVINCE, "name": "一季度定期督办", "scope": "waiting", "every": "quarter", "since": "2023-03-01", "until": "2023-03-31",
    "led_by": "联工委",
}  # fmt: skip
SEEN = {"on": "2023-03-06", "words": "已开展调研。"}


@pytest.fixture
def round(life):
    """A suggestion that waits for its reply, and a round that goes through what does."""
    life.up_to_assignment()
    life.round = life.network.do(liaison(), "supervision", "schedule_sweep", **ROUND)["id"]
    life.network.on(date(2023, 3, 6))
    return life


def do(life, who, command, **data):
    return life.network.do(who, "supervision", command, life.round, **data)


def ask(life, id=""):
    return life.network.ask(liaison(), "supervision", "sweep", id=id or life.round)


def test_each_is_looked_at_logged_on_its_page_and_its_unit_has_to_answer(round):
    assert [line["suggestion"] for line in ask(round)["left"]] == [round.id]
    asked = {"demand": "三月底前与代表面商。", "due_on": "2023-03-31"}
    do(round, liaison(), "note_sweep", suggestion=round.id, **SEEN, **asked)
    page = round.network.ask(deputy("代表甲", round.lead["id"]), "supervision", "ledger_line", id=round.id)
    assert [(entry["method"], entry["findings"]) for entry in page["supervisions"]] == [
        ("written", "已开展调研。")
    ]
    waiting = round.network.ask(unit_clerk(round.tax["id"]), "supervision", "supervision_waiting")
    assert [(line["what"], line["due_on"]) for line in waiting] == [("答复：督办要求", "2023-03-31")]
    assert ask(round)["left"] == []


def test_it_ends_when_all_was_seen_and_the_next_round_is_there(round):
    with pytest.raises(Invalid, match="还有建议没有查看"):
        do(round, liaison(), "end_sweep", summary="……")
    do(round, liaison(), "note_sweep", suggestion=round.id, **SEEN)
    following = do(round, liaison(), "end_sweep", summary="都在按计划办理。")["next"]
    assert ask(round)["state_label"] == "已结束"
    assert [(ask(round, following)[name]) for name in ("since", "until", "state")] == [
        "2023-06-01",
        "2023-06-30",
        "scheduled",
    ]


def test_what_was_answered_meanwhile_is_not_looked_at(round):
    round.replied(date(2023, 3, 10))
    assert ask(round)["left"] == []
    do(round, liaison(), "end_sweep", summary="都已答复。")


def test_all_parties_sit_together_once_a_year(round):
    symposium = {"name": "代表建议督办工作座谈会", "form": "symposium", "scope": "open", "every": "once"}
    id = round.network.do(liaison(), "supervision", "schedule_sweep", **ROUND | symposium)["id"]
    ended = {
        "participants": "常委会领导、政府领导、专委会、联工委、代表、承办单位",
        "summary": "交流了督办工作。",
    }
    round.network.do(liaison(), "supervision", "end_sweep", id, **ended)
    assert ask(round, id)["participants"].startswith("常委会领导")


def test_units_deputies_and_neighbours_do_not_see_rounds(round):
    for stranger in (unit_clerk(round.tax["id"]), deputy("代表甲", round.lead["id"]), liaison("44")):
        assert round.network.ask(stranger, "supervision", "sweeps")["sweeps"] == []
        with pytest.raises(NotFound):
            round.network.ask(stranger, "supervision", "sweep", id=round.round)
    leader = Actor("l", "副主任甲", (Role("standing_leader", PROVINCE),))
    assert len(round.network.ask(leader, "supervision", "sweeps")["sweeps"]) == 1


def test_what_was_supervised_between_two_days(round):
    do(round, liaison(), "note_sweep", suggestion=round.id, **SEEN)
    asked = {"congress": PROVINCE, "since": "2023-03-06", "until": "2023-03-06"}
    (line,) = round.network.ask(liaison(), "supervision", "supervision_log", **asked)
    assert (line["title"], line["findings"]) == (round.title, "已开展调研。")
    assert (
        round.network.ask(
            liaison(),
            "supervision",
            "supervision_log",
            **asked | {"since": "2023-03-07", "until": "2023-03-31"},
        )
        == []
    )
    assert round.network.ask(unit_clerk(round.tax["id"]), "supervision", "supervision_log", **asked) == []


@pytest.mark.parametrize(
    ("day", "months", "following"),
    [
        (date(2023, 3, 31), 1, date(2023, 4, 30)), (date(2023, 11, 30), 3, date(2024, 2, 29)), (date(2023, 9, 1), 6, date(2024, 3, 1)),
        (date(2023, 12, 5), 1, date(2024, 1, 5)),
    ],
)  # fmt: skip
def test_the_next_round_is_on_the_corresponding_day_or_the_last_of_its_month(day, months, following):
    assert later(day, months) == following
