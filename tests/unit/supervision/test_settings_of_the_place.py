"""What a place lays down otherwise than usual: periods, reminders, the ladder, who closes promises; and what plugins propose."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from harness import PROVINCE, liaison, unit_clerk

from plugins.back_to_back import BackToBack
from services.supervision import hooks
from shared.contracts import field as f
from shared.identity import SYSTEM
from shared.plugins import Plugin, collect, hookimpl
from shared.practices import id_of
from tests.unit.supervision.conftest import Life


class AfterTwoSlips(Plugin):
    name, label, summary = "after_two_slips", "两次延期即约谈", "承诺两次延期的，建议约谈。"
    settings = {"most": f.number("最多延期几次", default=1)}

    @hookimpl
    def escalations(self, suggestion, overdue, slips, settings):
        because = f"《{suggestion.title}》的承诺已延期{max(slips.values(), default=0)}次。"
        return [
            hooks.Escalation(unit, "talk", because)
            for unit, times in slips.items()
            if times > settings["most"]
        ]


class Projects(Plugin):
    name, label, summary = "projects", "项目", "台账加一列。"

    @hookimpl
    def columns(self, suggestion):
        means = {"promised": "（列入计划）"}.get(suggestion.means, "")
        return [hooks.Column("项目", f"{suggestion.category}打捆{means}")]


class KeyOnesSooner(Plugin):
    name, label, summary, places = (
        "key_ones_sooner",
        "重点建议先答复",
        "重点建议两个月内答复。",
        ("congress", "unit"),
    )

    @hookimpl
    def deadline_rules(self, suggestion, role):
        if not suggestion.is_key:
            return []
        return [
            hooks.OwnPeriod("reply", 2, "months", "《某办法》"),
            hooks.OwnPeriod("sign_for", 0, "days", "……"),
        ]


class Nonsense(Plugin):
    name, label, summary = "nonsense", "乱答", "答非所问。"

    @hookimpl
    def escalations(self, overdue):
        if len(overdue) > 1:
            raise RuntimeError("broken")
        return [hooks.Escalation("nobody", "talk", "……"), hooks.Escalation(overdue[0].unit, "prison", "……")]


@pytest.fixture
def network(network_of):
    found = collect(
        [
            (plugin.name, lambda plugin=plugin: plugin)
            for plugin in (AfterTwoSlips, Nonsense, Projects, KeyOnesSooner, BackToBack)
        ]
    )
    return network_of("supervision", today=date(2023, 1, 13), plugins=found)


def lay_down(network: Any, name: str, on: str = "2023-01-01", **settings: Any) -> None:
    """As the directory tells it."""
    version = {"effective_on": on, "ended": False, "on": True, "settings": settings}
    said = {
        "name": name,
        "label": "办理期限",
        "reason": "本地办法",
        "place": PROVINCE,
        "place_kind": "congress",
        "place_name": "湖南省",
        "versions": [version],
    }
    network.tell("practice.recorded.v1", id_of(PROVINCE, name), PROVINCE, 1, **said)


def deadlines(life):
    page = life.network.ask(liaison(), "supervision", "ledger_line", id=life.id)
    return {d["kind"]: (d["due_on"], d["explanation"]) for d in page["deadlines"]}


PINGJIANG = [{"key": "sign_for", "amount": 3, "unit": "working_days", "source": "《平江县办法》第九条"}]


def test_a_period_of_the_place_holds_and_names_its_source(network, life):
    lay_down(network, "deadlines", periods=PINGJIANG)
    life.up_to_assignment()
    due_on, explanation = deadlines(life)["sign_for"]
    assert due_on == "2023-02-23"
    assert "3个工作日" in explanation and "《平江县办法》第九条" in explanation
    assert deadlines(life)["reply"][0] == "2023-05-22"


@pytest.mark.parametrize(
    ("today", "shown"),
    [("2023-05-01", "green"), ("2023-05-02", "yellow"), ("2023-05-22", "yellow"), ("2023-05-23", "red")],
)
def test_a_place_says_how_many_days_before_the_end_it_turns_yellow(network, life, today, shown):
    lay_down(network, "deadlines", yellow_days=20)
    life.up_to_assignment()
    life.signed(date(2023, 2, 21))
    life.opined(date(2023, 2, 22))
    network.on(date.fromisoformat(today))
    found = {
        colour: [
            line["light"] for line in network.ask(liaison(), "supervision", "ledger", light=colour)["lines"]
        ]
        for colour in ("green", "yellow", "red")
    }
    assert found == {colour: [colour] if colour == shown else [] for colour in found}
    counts = network.ask(liaison(), "supervision", "ledger_counts")["lights"]
    assert {colour for colour, lines in counts.items() if lines} == {shown}
    page = network.ask(liaison(), "supervision", "ledger_line", id=life.id)
    (reply,) = (d for d in page["deadlines"] if d["kind"] == "reply")
    assert (reply["light"], "到期前20天（2023年5月2日）起亮黄灯" in reply["light_explanation"]) == (
        shown,
        True,
    )


def test_a_plugin_gives_key_ones_less_time_and_what_makes_no_sense_is_left_out(network, life):
    lay_down(network, "key_ones_sooner")
    life.drafted(date(2023, 1, 13))
    life.submitted(date(2023, 1, 14))
    life.accepted(date(2023, 1, 20))
    names = {"leading_supervisor": "周明", "sponsor": "吴刚", "committee": "财经委"}
    life.tell("suggestion.designated", date(2023, 2, 1), theme="财税", decided_on="2023-02-01", **names)
    life.assigned(date(2023, 2, 20))
    due_on, explanation = deadlines(life)["reply"]
    assert (due_on, "《某办法》" in explanation) == ("2023-04-20", True)
    assert deadlines(life)["sign_for"][0] == "2023-02-27"


def test_where_it_is_tested_back_to_back_the_first_word_against_a_reply_proposes_a_talk(network, life):
    lay_down(network, "back_to_back")
    life.up_to_assignment()
    life.replied(date(2023, 5, 15))
    life.judged(date(2023, 5, 19), life.cosigner, "satisfied")
    assert network.ask(liaison(), "supervision", "measures") == []
    life.judged(date(2023, 5, 20), life.lead, "unsatisfied", unsatisfied_rounds=1)
    life.judged(date(2023, 5, 21), life.cosigner, "unsatisfied")
    (talk,) = network.ask(liaison(), "supervision", "measures")
    assert (talk["rung"], talk["state"], talk["because"]) == (
        "talk",
        "proposed",
        "“背靠背”测评连续 1 次不满意",
    )


def test_what_began_before_keeps_its_rule(network, life):
    life.up_to_assignment()
    lay_down(network, "deadlines", on="2023-02-21", periods=PINGJIANG)
    life.signed(date(2023, 2, 22), life.of_joint())
    assert deadlines(life)["sign_for"][0] == "2023-02-27"


def test_reminders_go_out_on_the_days_of_the_place(network, life):
    lay_down(network, "deadlines", periods=[], remind_before=[45, 2])
    life.up_to_assignment()
    life.signed(date(2023, 2, 22))
    life.signed(date(2023, 2, 22), life.of_joint())
    life.opined(date(2023, 3, 17))
    sent = []
    for days in (46, 45, 30, 7, 2):
        network.on(date(2023, 5, 22) - timedelta(days=days))
        network.do(SYSTEM, "supervision", "tick")
    for reminder in network.ask(liaison(), "supervision", "reminders"):
        sent.append(reminder["days_left"])
    assert sent == [2, 45]


def test_the_ladder_is_the_places_own(network, life):
    own = {"notice_days": 0, "yellow_days": 3, "red_days": 0, "circular_days": 0, "talk_days": 20}
    lay_down(network, "ladder", **own, talk_by="leader", answer_days=5)
    life.up_to_assignment()
    for task in (life.of_task(), life.of_joint()):
        life.signed(date(2023, 2, 22), task)
    life.opined(date(2023, 3, 17))
    found = []
    for days in (2, 3, 20):
        network.on(date(2023, 5, 22) + timedelta(days=days))
        network.do(SYSTEM, "supervision", "tick")
        found.append([m["rung"] for m in network.ask(liaison(), "supervision", "measures")])
    assert found == [[], ["yellow"], ["talk", "yellow"]]
    talk, yellow = network.ask(liaison(), "supervision", "measures")
    assert talk["decides_label"] == "常委会领导" and "decide_measure" not in [
        m["command"] for m in talk["may"]
    ]
    network.do(liaison(), "supervision", "decide_measure", yellow["id"], decision="take", text="请加快。")
    taken = network.ask(liaison(), "supervision", "measure", id=yellow["id"])
    assert taken["due_on"] == "2023-06-16"


def test_a_place_may_leave_promises_to_its_units(network, life):
    lay_down(network, "commitments", settled_by="unit")
    life.up_to_assignment()
    life.replied(date(2023, 5, 15), reply_class="B", promises=(("建成", "2023-06-30"),))
    (promise,) = network.ask(liaison(), "supervision", "commitments")
    clerk = unit_clerk(life.tax["id"])
    later = {"explanation": "流标。", "due_on": "2023-09-30"}
    network.do(clerk, "supervision", "slip_commitment", promise["id"], **later)
    network.do(
        clerk, "supervision", "keep_commitment", promise["id"], evidence="已建成。", kept_on="2023-05-15"
    )
    (kept,) = network.ask(liaison(), "supervision", "commitments")
    assert (kept["state"], kept["due_on"]) == ("kept", "2023-09-30")


def test_a_plugin_proposes_and_people_decide(network, life):
    lay_down(network, "after_two_slips", most=1)
    lay_down(network, "nonsense")
    slipping(life)
    network.on(date(2023, 10, 1))
    network.do(SYSTEM, "supervision", "tick")
    measures = network.ask(liaison(), "supervision", "measures")
    assert [(m["rung"], m["state"], m["because"]) for m in measures] == [
        ("talk", "proposed", "《关于联合运维的建议》的承诺已延期2次。")
    ]
    network.on(date(2023, 10, 2))
    network.do(SYSTEM, "supervision", "tick")
    assert len(network.ask(liaison(), "supervision", "measures")) == 1


def slipping(life: Life) -> None:
    """Its promise got two later dates, and the last of them has passed; nothing else is late."""
    life.up_to_assignment()
    for task in (life.of_task(), life.of_joint()):
        life.signed(date(2023, 2, 22), task)
    life.opined(date(2023, 3, 17))
    life.replied(date(2023, 5, 15), reply_class="B", promises=(("建成", "2023-06-30"),))
    life.judged(date(2023, 5, 18), life.lead, "satisfied")
    life.judged(date(2023, 5, 18), life.cosigner, "satisfied", complete=True)
    (promise,) = life.network.ask(liaison(), "supervision", "commitments")
    for due_on in ("2023-08-31", "2023-09-30"):
        slip = {"explanation": "流标。", "due_on": due_on}
        life.network.do(liaison(), "supervision", "slip_commitment", promise["id"], **slip)


def test_where_a_plugin_is_off_or_broken_the_core_goes_on(network, life):
    lay_down(network, "nonsense")
    life.up_to_assignment()
    network.on(date(2023, 6, 10))
    network.do(SYSTEM, "supervision", "tick")
    assert {m["rung"] for m in network.ask(liaison(), "supervision", "measures")} == {"circular"}


def test_a_plugin_adds_a_column_where_it_is_on(network, life):
    life.up_to_assignment()

    def columns():
        return network.ask(liaison(), "supervision", "ledger")["lines"][0]["columns"]

    assert columns() == []
    lay_down(network, "projects")
    assert columns() == [{"heading": "项目", "value": "社会保障打捆"}]


def test_a_column_knows_what_a_letter_means_at_the_place(network, life):
    classes = [{"letter": "A", "label": "解决", "means": "solved"}, {"letter": "E", "label": "列入计划", "means": "promised"}]  # fmt: skip
    lay_down(network, "reply_classes", classes=classes)
    lay_down(network, "projects")
    life.up_to_assignment()
    life.replied(date(2023, 5, 10), reply_class="E")
    (line,) = network.ask(liaison(), "supervision", "ledger")["lines"]
    assert line["columns"] == [{"heading": "项目", "value": "社会保障打捆（列入计划）"}]


def test_progress_of_promises_is_asked_for_each_quarter_and_by_nobody_twice(network, life):
    lay_down(network, "commitments", progress_every="quarter")
    life.up_to_assignment()
    promises = (("建成", "2024-06-30"), ("培训", "2024-06-30"))
    life.replied(date(2023, 5, 15), reply_class="B", promises=promises)
    clerk = unit_clerk(life.tax["id"])

    def asked(day):
        network.on(day)
        network.do(SYSTEM, "supervision", "tick")
        return [demand["text"] for demand in network.ask(clerk, "supervision", "demands")]

    assert asked(date(2023, 6, 30)) == []  # the quarter in which they were made
    first = next(c for c in network.ask(clerk, "supervision", "commitments") if c["text"] == "建成")
    network.on(date(2023, 7, 1))
    network.do(clerk, "supervision", "report_commitment", first["id"], text="已招标。")
    expected = ["请报告2023年第3季度承诺事项进度：培训"]
    assert asked(date(2023, 7, 1)) == asked(date(2023, 7, 2)) == expected
    assert len(asked(date(2023, 10, 1))) == 3
