"""Who sees which lines, and what of them; pages without gaps."""

from __future__ import annotations

from datetime import date

import pytest
from harness import CITY, PROVINCE, deputy, liaison, unit_clerk

from shared.aggregate import new_id
from shared.identity import Actor, Role
from shared.problems import Invalid, NotAllowed, NotFound, WrongState


def ledger(network, who, **filters):
    return network.ask(who, "supervision", "ledger", **filters)["lines"]


def page(network, who, life):
    return network.ask(who, "supervision", "ledger_line", id=life.id)


def texts(network, who, life):
    return [entry["text"] for entry in page(network, who, life)["timeline"]]


def overseer(role):
    return Actor(f"{role}-1", "某", (Role(role, PROVINCE),))


NEIGHBOUR = liaison("44")
STRANGERS = (
    NEIGHBOUR, liaison(CITY), unit_clerk(new_id()), deputy("代表丁", new_id()), Actor("operator", "运维", (Role("operator", ""),)),
)  # fmt: skip


def test_a_neighbour_and_a_stranger_see_nothing(network, life):
    life.up_to_assignment()
    for stranger in (*STRANGERS, None):
        assert ledger(network, stranger) == []
        assert network.ask(stranger, "supervision", "ledger_counts")["total"] == 0
        assert network.ask(stranger, "supervision", "due_dates", suggestions=[life.id]) == {}
        assert network.ask(stranger, "supervision", "commitments") == []
        assert network.ask(stranger, "supervision", "reminders") == []
        assert network.ask(stranger, "supervision", "supervision_waiting") == []
        with pytest.raises(NotFound):
            page(network, stranger, life)


def test_offices_units_and_deputies_see_their_lines(network, life):
    life.up_to_assignment()
    people = [overseer(role) for role in ("liaison", "distributing", "supervisor")]
    people += [unit_clerk(unit["id"]) for unit in (life.tax, life.water)]
    people += [deputy(one["name"], one["id"]) for one in (life.lead, life.cosigner)]
    for who in people:
        assert [line["id"] for line in ledger(network, who)] == [life.id]
        assert network.ask(who, "supervision", "ledger_counts")["total"] == 1
        assert page(network, who, life)["line"]["id"] == life.id


def test_a_published_line_is_for_every_deputy_of_the_congress(network, life):
    other = deputy("代表丁", new_id())
    life.up_to_assignment()
    assert ledger(network, other) == []
    life.replied(date(2023, 4, 3))
    life.judged(date(2023, 4, 5), life.lead, "satisfied")
    life.closed(date(2023, 6, 1))
    life.published(date(2023, 6, 2), with_feedback=False)
    (line,) = ledger(network, other)
    assert line["state_label"] == "已公开" and line["satisfaction"]["result"] == ""
    assert not [text for text in texts(network, other, life) if "反馈" in text]
    assert ledger(network, deputy("代表戊", new_id(), CITY)) == []


def test_a_draft_is_its_deputies_alone(network, life):
    life.drafted(date(2023, 1, 13))
    assert texts(network, deputy("代表甲", life.lead["id"]), life) == [
        "起草建议",
        "邀请代表乙附议",
        "代表乙同意附议",
    ]
    assert ledger(network, deputy("代表甲", life.lead["id"])) == ledger(network, liaison()) == []
    with pytest.raises(NotFound):
        page(network, liaison(), life)


def test_what_happened_to_the_draft_stays_with_its_deputies(network, life):
    life.up_to_assignment()
    assert texts(network, deputy("代表乙", life.cosigner["id"]), life)[0] == "起草建议"
    for who in (liaison(), unit_clerk(life.tax["id"])):
        assert texts(network, who, life)[0] == "提交建议"


def test_an_inner_affair_of_a_unit_stays_there(network, life):
    life.up_to_assignment()
    before = page(network, liaison(), life)["line"]["last_event_at"]
    life.tell("reply.drafted", date(2023, 4, 1), **life.of_task(), round=1)
    life.tell("reply.rejected", date(2023, 4, 2), **life.of_task(), round=1, reason="请补充时限")
    assert texts(network, unit_clerk(life.tax["id"]), life)[-1] == "省税务局负责人退回重写答复"
    for who in (unit_clerk(life.water["id"]), liaison(), deputy("代表甲", life.lead["id"])):
        assert not [text for text in texts(network, who, life) if "起草答复" in text or "退回重写" in text]
    assert page(network, liaison(), life)["line"]["last_event_at"] == before


def test_units_learn_the_judgement_when_all_is_closed(network, life):
    """背靠背：until then only the offices know, and each deputy what he or she said."""
    life.up_to_assignment()
    life.replied(date(2023, 4, 3))
    life.judged(date(2023, 4, 5), life.lead, "unsatisfied")
    unit, lead, cosigner = (
        unit_clerk(life.tax["id"]), deputy("代表甲", life.lead["id"]), deputy("代表乙", life.cosigner["id"])
    )  # fmt: skip
    said = "代表甲反馈：对省税务局的办理过程满意，结果不满意"
    assert page(network, liaison(), life)["line"]["satisfaction"] == {
        "process": "satisfied",
        "result": "unsatisfied",
    }
    assert [said in texts(network, who, life) for who in (liaison(), lead, cosigner, unit)] == [
        True,
        True,
        False,
        False,
    ]
    assert page(network, unit, life)["line"]["satisfaction"]["result"] == ""
    kinds = [d["kind"] for d in page(network, unit, life)["deadlines"]]
    assert "feedback" not in kinds
    assert [
        d["deputy"] for d in network.ask(cosigner, "supervision", "due_dates", suggestions=[life.id])[life.id]
    ] == [life.cosigner["id"]]
    life.closed(date(2023, 6, 1))
    life.published(date(2023, 6, 5), with_feedback=False)
    for who in (unit, cosigner):
        assert said in texts(network, who, life)
        assert page(network, who, life)["line"]["satisfaction"]["result"] == "unsatisfied"
        assert ledger(network, who)[0]["satisfaction"]["result"] == "unsatisfied"


def test_who_may_do_what_on_the_page(network, life):
    life.up_to_assignment()
    assert [c["command"] for c in page(network, liaison(), life)["may"]] == [
        "remind_unit", "plan_supervision", "log_supervision", "record_instruction", "ask_progress", "propose_measure",
    ]  # fmt: skip
    assert [c["command"] for c in page(network, unit_clerk(life.tax["id"]), life)["may"]] == [
        "report_progress"
    ]
    with pytest.raises(NotAllowed, match="只有联工委、交办单位、督办领导、.*可以催办"):
        network.do(unit_clerk(life.tax["id"]), "supervision", "remind_unit", life.id, text="请办理")
    with pytest.raises(NotFound):
        network.do(NEIGHBOUR, "supervision", "remind_unit", life.id, text="请办理")


def test_a_command_too_early_says_what_is_possible(network, life):
    life.submitted(date(2023, 1, 14))
    with pytest.raises(WrongState, match="待审查.*不能催办"):
        network.do(liaison(), "supervision", "remind_unit", life.id, text="请办理")


# --- filters and pages --------------------------------------------------------------------------------------


@pytest.fixture
def many(network, another_life):
    """Twelve suggestions of two years, in several states; unit and deputies are their own."""
    lives = []
    for number in range(12):
        one = another_life(title=f"关于第{number}件100%_的建议")
        one.submitted(date(2023, 1, 14))
        if number % 2:
            one.accepted(date(2023, 1, 20) if number % 4 == 1 else date(2024, 1, 20), ordinal=number)
        if number % 4 == 1:
            one.assigned(date(2023, 2, 20))
        lives.append(one)
    return lives


@pytest.mark.parametrize("limit", (1, 3, 12, 50))
def test_pages_are_complete_without_doubles_and_newest_year_first(network, many, limit):
    found, cursor = [], ""
    while True:
        answer = network.ask(liaison(), "supervision", "ledger", limit=limit, cursor=cursor)
        found += answer["lines"]
        cursor = answer["cursor"]
        assert bool(cursor) == (len(answer["lines"]) == limit and len(found) < 12)
        if not cursor:
            break
    assert sorted(line["id"] for line in found) == sorted(one.id for one in many)
    assert found == sorted(found, key=lambda line: (-line["year"], line["ordinal"], line["id"]))


def test_filters(network, many):
    def count(**filters):
        return len(ledger(network, liaison(), **filters))

    assert (count(year=2024), count(year=2023), count(state="assigned"), count(state="accepted")) == (
        3,
        9,
        3,
        3,
    )
    assert count(unit=many[1].tax["id"]) == count(deputy=many[2].lead["id"]) == 1
    assert count(category="社会保障") == 12 and count(category="水利") == count(key=True) == 0
    assert count(session="第十四届一次会议", year=2024, state="accepted") == 3
    assert (
        count(text="第3件") == 1
        and count(text="第0001号") == 1
        and count(text="100%_") == 12
        and count(text="_00") == 0
    )
    network.on(date(2023, 6, 1))
    assert (count(light="red"), count(light="green"), count(light="yellow"), count(light="done")) == (
        3,
        9,
        0,
        0,
    )


def test_counts_agree_with_the_lists(network, many):
    network.on(date(2023, 6, 1))
    counts = network.ask(liaison(), "supervision", "ledger_counts", congress=PROVINCE, year=2023)
    assert counts["total"] == 9
    assert {state: n for state, n in counts["states"].items() if n} == {"submitted": 6, "assigned": 3}
    assert counts["lights"] == {"green": 6, "yellow": 0, "red": 3, "done": 0}


@pytest.mark.parametrize(
    "cursor", ("x", "WzEsMl0=", "WyJhIiwgMSwgImIiXQ==", "e30=", "中文", "WzEsOTk5OTk5OTk5OTk5OTksImEiXQ==")
)
def test_a_broken_cursor_is_refused(network, many, cursor):
    with pytest.raises(Invalid, match="翻页位置有误"):
        ledger(network, liaison(), cursor=cursor)
