"""The ledger follows one suggestion through its whole life, whatever order its events come in."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa
from harness import PROVINCE, deputy, liaison, unit_clerk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.supervision import tables
from shared.problems import NotFound


def line_of(network, life):
    return network.ask(liaison(), "supervision", "ledger_line", id=life.id)["line"]


def deadlines_of(network, life):
    """{(kind, unit or deputy): deadline}"""
    found = network.ask(liaison(), "supervision", "ledger_line", id=life.id)["deadlines"]
    return {(d["kind"], (d["unit"] or d["deputy"])["name"]): d for d in found}


def kinds_of(network, life, name):
    return [e["data"]["kind"] for e in network.published("supervision", life.id) if e["type"] == f"{name}.v1"]


def test_a_line_goes_through_the_whole_life(network, life):
    states = []

    def note():
        states.append(line_of(network, life)["state"])

    life.drafted(date(2023, 1, 13))
    for step in (
        lambda: life.submitted(date(2023, 1, 14)),
        lambda: life.tell(
            "suggestion.returned", date(2023, 1, 15), reason_code="unclear", reason="请写明路段。"
        ),
        lambda: life.submitted(date(2023, 1, 16), times=2),
        lambda: life.accepted(date(2023, 1, 20)),
        lambda: life.assigned(date(2023, 2, 20)),
        lambda: life.signed(date(2023, 2, 22)),
        lambda: life.replied(date(2023, 5, 15)),
        lambda: life.judged(date(2023, 5, 18), life.cosigner, "satisfied"),
        lambda: life.judged(date(2023, 5, 19), life.lead, "unsatisfied"),
        lambda: life.rehandled(date(2023, 5, 22)),
        lambda: life.replied(date(2023, 6, 19), round=2),
        lambda: life.judged(date(2023, 6, 20), life.lead, "satisfied", round=2, complete=True),
        lambda: life.closed(date(2023, 7, 3)),
        lambda: life.published(date(2023, 7, 5)),
    ):
        step()
        note()
    assert states == [
        "submitted", "returned", "submitted", "accepted", "assigned", "handling", "replied", "replied", "assessed",
        "rehandling", "replied", "assessed", "closed", "published",
    ]  # fmt: skip


def test_a_line_shows_who_and_what(network, life):
    life.up_to_assignment()
    line = line_of(network, life)
    assert line["number"] == "第十四届一次会议第0001号" and line["year"] == 2023
    assert (line["lead_deputy"], line["cosigners"], line["deputies_count"]) == ("代表甲", ["代表乙"], 2)
    assert (line["lead_unit"], line["joint_units"]) == ("省税务局", ["省水利厅"])
    assert (line["assigned_on"], line["reply_due_on"]) == ("2023-02-20", "2023-05-22")  # 20 May is a Saturday
    assert (line["next_due_on"], line["next_label"], line["days_left"]) == ("2023-02-27", "签收", 7)


def test_the_light_turns_with_the_days(network, life):
    life.up_to_assignment()
    life.signed(date(2023, 2, 22))
    life.signed(date(2023, 2, 22), life.of_joint())
    life.opined(date(2023, 3, 1))
    lights = []
    for today in (date(2023, 5, 14), date(2023, 5, 15), date(2023, 5, 22), date(2023, 5, 23)):
        network.on(today)
        lights.append(line_of(network, life)["light"])
        assert len(network.ask(liaison(), "supervision", "ledger", light=lights[-1])["lines"]) == 1
    assert lights == ["green", "yellow", "yellow", "red"]
    assert network.ask(liaison(), "supervision", "ledger_counts")["lights"] == {
        "green": 0,
        "yellow": 0,
        "red": 1,
        "done": 0,
    }


def test_deadlines_are_opened_met_and_told(network, life):
    life.up_to_assignment()
    assert kinds_of(network, life, "deadline.set") == ["sign_for", "reply", "sign_for", "joint_opinion"]
    life.signed(date(2023, 3, 1))
    found = deadlines_of(network, life)
    assert found["sign_for", "省税务局"]["done_on"] == "2023-03-01" and found["sign_for", "省税务局"]["late"]
    assert found["sign_for", "省水利厅"]["light"] == "red"
    assert found["ask_to_return", "省税务局"]["due_on"] == "2023-03-06"  # ten working days
    assert "自2023年2月20日交办之日起3个月" in found["reply", "省税务局"]["explanation"]
    met = [e["data"] for e in network.published("supervision", life.id) if e["type"] == "deadline.met.v1"]
    assert [(m["kind"], m["late"]) for m in met] == [("sign_for", True)]


def test_a_reply_ends_what_nobody_waits_for_any_more_and_asks_the_deputies(network, life):
    life.up_to_assignment()
    life.replied(date(2023, 4, 1))
    found = deadlines_of(network, life)
    assert {name: d["ended"] for name, d in found.items()} == {
        ("sign_for", "省税务局"): "lapsed", ("ask_to_return", "省税务局"): "lapsed", ("reply", "省税务局"): "met",
        ("sign_for", "省水利厅"): "lapsed", ("joint_opinion", "省水利厅"): "lapsed",
        ("feedback", "代表甲"): "", ("feedback", "代表乙"): "",
    }  # fmt: skip
    assert kinds_of(network, life, "deadline.set").count("feedback") == 1  # one date, told once


def test_a_returned_task_cancels_its_deadlines_and_the_new_unit_begins_anew(network, life):
    life.up_to_assignment()
    new_task, police = "0190a1b2-0000-7000-8000-0000000000d9", {"id": life.cosigner["id"], "name": "省公安厅"}
    life.tell(
        "return.requested",
        date(2023, 3, 1),
        **life.of_task(),
        reason="不属于",
        proposed_unit=None,
        requested_on="2023-03-01",
    )
    life.tell(
        "return.approved",
        date(2023, 3, 3),
        **life.of_task(),
        reason="同意",
        new_unit=police,
        new_task=new_task,
    )
    life.assigned(
        date(2023, 3, 3), [life.of_task(new_task, police), {**life.of_joint(), "assigned_on": "2023-02-20"}]
    )
    found = deadlines_of(network, life)
    assert found["ask_to_return", "省税务局"]["ended"] == "met"
    assert found["reply", "省税务局"]["ended"] == "cancelled"
    assert found["reply", "省公安厅"]["due_on"] == "2023-06-05"
    assert found["reply", "省公安厅"]["ended"] == ""
    assert line_of(network, life)["lead_unit"] == "省公安厅"
    assert network.ask(unit_clerk(life.tax["id"]), "supervision", "ledger")["lines"] == []


def test_an_extension_moves_the_reply_and_says_why(network, life):
    life.up_to_assignment()
    life.tell("extension.granted", date(2023, 5, 1), **life.of_task(), reason="")
    (moved,) = [
        e["data"] for e in network.published("supervision", life.id) if e["type"] == "deadline.moved.v1"
    ]
    assert (moved["kind"], moved["before"], moved["due_on"]) == ("extended_reply", "2023-05-22", "2023-08-21")
    assert "延期答复" in moved["reason"]
    assert line_of(network, life)["reply_due_on"] == "2023-08-21"


def test_one_rehandling_told_by_two_services_opens_one_deadline(network, life):
    life.up_to_assignment()
    life.replied(date(2023, 4, 3))
    life.judged(date(2023, 4, 4), life.lead, "unsatisfied")
    life.rehandled(date(2023, 4, 10))
    assert kinds_of(network, life, "deadline.set").count("second_reply") == 1
    found = deadlines_of(network, life)
    assert found["second_reply", "省税务局"]["due_on"] == "2023-05-10"
    assert found["feedback", "代表乙"]["ended"] == "lapsed"


def test_separate_units_have_replied_when_all_have(network, life):
    life.drafted(date(2023, 1, 13))
    life.accepted(date(2023, 1, 20))
    first, second = life.of_task(role="separate"), life.of_task(life.joint_task, life.water, "separate")
    life.assigned(date(2023, 2, 20), [first, second])
    assert line_of(network, life)["lead_unit"] in ("省税务局、省水利厅", "省水利厅、省税务局")
    life.replied(date(2023, 3, 1), **first)
    assert line_of(network, life)["state"] == "handling"
    life.replied(date(2023, 3, 2), **second)
    assert line_of(network, life)["state"] == "replied"


def test_a_merged_suggestion_is_over_and_its_deputies_follow_the_other(network, life, another_life):
    main = another_life(title="关于主件的建议").up_to_assignment()
    life.up_to_assignment()
    life.tell(
        "suggestion.merged",
        date(2023, 3, 1),
        into=main.id,
        into_number="第十四届一次会议第0001号",
        deputies=[life.lead],
        reason="",
    )
    assert (line_of(network, life)["state"], line_of(network, life)["light"]) == ("merged", "done")
    assert {d["ended"] for d in deadlines_of(network, life).values()} == {"cancelled"}
    seen = network.ask(deputy("代表甲", life.lead["id"]), "supervision", "ledger_line", id=main.id)
    assert seen["timeline"][-1]["text"] == "《关于联合运维的建议》并入本件"


def test_a_closed_suggestion_waits_for_nothing(network, life):
    life.up_to_assignment()
    life.replied(date(2023, 4, 3))
    life.closed(date(2023, 6, 1))
    assert line_of(network, life)["light"] == "done"
    assert not [d for d in deadlines_of(network, life).values() if d["ended"] == ""]
    assert network.ask(liaison(), "supervision", "due_dates", suggestions=[life.id]) == {}


def test_a_reply_before_its_assignment_is_kept_until_the_rest_comes(network, life):
    life.replied(date(2023, 5, 15))
    assert network.ask(liaison(), "supervision", "ledger")["lines"] == []
    with pytest.raises(NotFound):
        line_of(network, life)
    life.assigned(date(2023, 2, 20))
    line = line_of(network, life)
    assert (line["state"], line["title"], line["replied_on"]) == ("replied", life.title, "2023-05-15")
    assert deadlines_of(network, life)["reply", "省税务局"]["late"] is False


# --- whatever order they come in ----------------------------------------------------------------------------


def test_a_deadline_is_told_as_set_even_when_what_ends_it_was_heard_first(network, life):
    life.up_to_assignment()
    life.signed(date(2023, 2, 22))
    life.closed(date(2023, 7, 3))  # from evaluation; the reply, from assignment, is still on its way
    life.replied(date(2023, 5, 15))
    assert kinds_of(network, life, "deadline.set").count("feedback") == 1


def rows_of(network, life):
    """What the tables hold about a suggestion, without how often they were written."""
    left_out = {"version", "sequence", "state_json"}
    with network.runtimes["supervision"].database.reading() as connection:
        found = []
        for table, key in (
            (tables.ledger, "id"), (tables.deadlines, "suggestion_id"), (tables.ledger_deputies, "suggestion_id"),
            (tables.ledger_units, "suggestion_id"), (tables.timeline, "suggestion_id"), (tables.commitments, "suggestion_id"),
        ):  # fmt: skip
            columns = [column for column in table.columns if column.name not in left_out]
            rows = connection.execute(sa.select(*columns).where(table.c[key] == life.id)).all()
            kept = [row._mapping for row in rows if row._mapping.get("service") != "supervision"]
            assert kept, f"nothing in {table.name}"
            found.append(sorted(str(dict(row)) for row in kept))
        return found


def started_anew(network, events):
    """Everything forgotten, then these events brought one by one."""
    runtime = network.runtimes["supervision"]
    with runtime.database.writing() as connection:
        backbone = [runtime.tables[name] for name in ("inbox", "event_log", "outbox")]
        for table in (*tables.PROJECTIONS, tables.commitments, *backbone):
            connection.execute(sa.delete(table))
    for event in events:
        network.deliver([event])


@st.composite
def interleavings(draw, told):
    """The events of each service in their order, those of different services mixed."""
    queues = {}
    for event in told:
        queues.setdefault(event["source"], []).append(event)
    mixed = []
    while waiting := sorted(source for source, queue in queues.items() if queue):
        mixed.append(queues[draw(st.sampled_from(waiting))].pop(0))
    return mixed


FIXTURES = [HealthCheck.function_scoped_fixture]


@settings(max_examples=15, deadline=None, suppress_health_check=FIXTURES)
@given(data=st.data())
def test_services_that_are_late_make_the_same_line(network, life, data):
    recorded = life.told or life.whole().told
    started_anew(network, recorded)
    in_order = rows_of(network, life)
    started_anew(network, data.draw(interleavings(recorded)))
    assert rows_of(network, life) == in_order


@settings(max_examples=15, deadline=None, suppress_health_check=FIXTURES)
@given(data=st.data())
def test_events_in_any_order_at_all_make_the_same_line(network, life, data):
    recorded = life.told or life.whole().told
    started_anew(network, recorded)
    in_order = rows_of(network, life)
    started_anew(network, data.draw(st.permutations(recorded)))
    assert rows_of(network, life) == in_order


def test_a_late_event_does_not_set_the_line_back(network, life):
    life.up_to_assignment()
    life.replied(date(2023, 4, 3))
    life.closed(date(2023, 6, 1))
    life.signed(date(2023, 2, 21))
    assert line_of(network, life)["state"] == "closed"


def test_an_unknown_congress_is_no_ledger(network, life):
    life.whole()
    assert network.ask(liaison(), "supervision", "ledger", congress="44")["lines"] == []
    assert len(network.ask(liaison(), "supervision", "ledger", congress=PROVINCE)["lines"]) == 1
