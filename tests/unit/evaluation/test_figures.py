"""Figures are kept as events come in: a worked example, and that they never drift."""

from __future__ import annotations

import random
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from harness import PROVINCE, TestNetwork, deputy, envelope, liaison, unit_clerk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telling import NAMES, STRANGER, TAX, WATER, A, B, Elsewhere, named

from services.evaluation import tables as t
from services.evaluation.model.back_to_back import Day, told_together
from services.evaluation.model.figures import OF_JUDGEMENTS, contributions
from services.evaluation.model.outcomes import outcomes
from shared.aggregate import new_id
from shared.identity import SYSTEM, Actor, Role
from shared.problems import Invalid, NotAllowed

OFFICE = liaison()
OPERATOR = Actor("operator", "运维甲", (Role("operator", PROVINCE),))


def figures(network, who=OFFICE, year=2023, by_unit=False):
    """{figure: (numerator, denominator)}, or by unit {unit: {figure: …}}."""
    rows = network.ask(who, "evaluation", "figures", congress=PROVINCE, year=year, by_unit=by_unit)
    found = {}
    for row in rows:
        found.setdefault(row["owner"]["name"], {})[row["figure"]] = (row["numerator"], row["denominator"])
    return found if by_unit else found[next(iter(found))]


def listed(network, figure, part="denominator", who=None, **params):
    params = {"congress": PROVINCE, "year": 2023, "figure": figure, "part": part, **params}
    rows = network.ask(who or liaison(), "evaluation", "figure_list", **params)
    return {row["suggestion"] for row in rows}


@pytest.fixture
def year_2023(elsewhere):
    """Five suggestions of 2023: replied in time, replied late, overdue, not yet due, and one merged into the first."""
    in_time, reply = elsewhere.handled(TAX, "A")
    elsewhere.talks(in_time)
    elsewhere.deadline("deadline.met", in_time, done_on="2023-05-15", late=False)
    elsewhere.judges(in_time, reply, A)
    elsewhere.judges(in_time, reply, B, "satisfied", "basically")

    late, reply = elsewhere.handled(TAX, "B")
    elsewhere.deadline("deadline.met", late, due_on="2023-05-12", done_on="2023-05-15", late=True)
    elsewhere.talks(late, face_to_face=False)
    elsewhere.judges(late, reply, A, "basically", "unsatisfied")
    for promise, name in ((new_id(), "commitment.recorded"), (new_id(), "commitment.recorded")):
        elsewhere.tell(
            f"{name}.v1", late, commitment=promise, unit=named(TAX), text="……", due_on="2023-12-31"
        )
    kept_promise = {"commitment": promise, "evidence": "……", "kept_on": "2023-09-01", "late": False}
    elsewhere.tell("commitment.kept.v1", late, unit=named(TAX), **kept_promise)

    overdue, running, merged = new_id(), new_id(), new_id()
    for id in (overdue, running):
        elsewhere.accepts(id)
        elsewhere.assigns(id, lead=WATER)
        elsewhere.deadline(
            "deadline.set",
            id,
            WATER,
            due_on="2023-05-12" if id == overdue else "2023-08-01",
            explanation="……",
        )
    elsewhere.deadline("reminder.sent", overdue, WATER, due_on="2023-05-12", days_left=-3, text="……")
    elsewhere.accepts(merged)
    elsewhere.assigns(merged, lead=TAX)
    elsewhere.tell(
        "suggestion.merged.v1", merged, into=in_time, into_number="第0001号", deputies=[named(B)], reason=""
    )
    return {"in_time": in_time, "late": late, "overdue": overdue, "running": running, "merged": merged}


def test_the_figures_of_a_year(network, year_2023):
    assert figures(network) == {
        "on_time": (1, 3),  # 按期办复率: 三件已答复或到期,一件按期
        "solved": (1, 4),  # 当年解决率: 四件交办,一件A类
        "satisfied_process": (3, 3),  # 代表满意率: 三份征询意见表
        "satisfied_result": (2, 3),
        "face_to_face": (1, 4),  # 面商率: 打电话不算见面
        "late_feedback": (0, 3),
        "commitments_kept": (1, 1),  # B类销号率: 一项已销号,另一项没有到期
        "visited": (0, 4),  # 走访率: 办前、办中、办后都沟通过
        "matters_solved": (1, 4),  # 累计解决率: 一件A类,另一件还有承诺没有兑现
    }


def test_a_figure_says_what_it_means_and_of_when_it_is(network, year_2023):
    first = network.ask(OFFICE, "evaluation", "figures", congress=PROVINCE, year=2023)[0]
    assert (first["label"], first["percent"], first["as_of"]) == ("按期办复率", 33.3, "2023-05-15")
    assert first["owner"] == {"kind": "congress", "id": PROVINCE, "name": "湖南省人民代表大会"}
    assert "期限已过" in first["meaning"]


def test_visited_is_who_was_talked_with_before_during_and_after(network, elsewhere):
    id, _ = elsewhere.handled()
    for phase, visited in (("before", 0), ("during", 0), ("during", 0), ("after", 1)):
        elsewhere.talks(id, face_to_face=False, phase=phase)
        assert figures(network)["visited"] == (visited, 1)


def test_each_units_figures_are_its_own(network, year_2023):
    by_unit = figures(network, liaison(), by_unit=True)
    assert by_unit["省税务局"]["on_time"] == (1, 2)
    assert by_unit["省水利厅"] == {
        "on_time": (0, 1), "solved": (0, 2), "satisfied_process": (0, 0), "satisfied_result": (0, 0),
        "face_to_face": (0, 2), "late_feedback": (0, 0), "visited": (0, 2), "commitments_kept": (0, 0),
        "matters_solved": (0, 2),
    }  # fmt: skip


def test_nothing_to_divide_by_is_no_percentage(network):
    figure = network.ask(OFFICE, "evaluation", "figures", congress=PROVINCE, year=2020)[0]
    assert (figure["numerator"], figure["denominator"], figure["percent"]) == (0, 0, None)


def test_a_new_judgement_after_rehandling_takes_the_place_of_the_old(network, elsewhere):
    id, reply = elsewhere.handled()
    elsewhere.judges(id, reply, A, result="unsatisfied")
    assert figures(network)["satisfied_result"] == (0, 1)
    network.do(liaison(), "evaluation", "order_rehandling", id, reply=reply, reason="请补充完成时限")
    assert figures(network)["satisfied_result"] == (0, 1)
    elsewhere.judges(id, elsewhere.replies(id, round=2), A)
    assert figures(network)["satisfied_result"] == (1, 1)


def test_silence_is_not_satisfaction(network, elsewhere):
    id, _ = elsewhere.handled()
    network.on(date(2023, 6, 1))
    network.do(liaison(), "evaluation", "close_suggestion", id)
    assert figures(network)["satisfied_result"] == (0, 0)


def test_a_reply_of_the_next_year_does_not_solve_in_the_year(network, elsewhere):
    id = new_id()
    elsewhere.accepts(id, year=2022)
    elsewhere.assigns(id, lead=TAX)
    elsewhere.replies(id)
    assert figures(network, year=2022)["solved"] == (0, 1)


def test_an_extension_moves_what_is_due(network, elsewhere):
    id = new_id()
    elsewhere.accepts(id)
    elsewhere.assigns(id, lead=TAX)
    elsewhere.deadline("reminder.sent", id, due_on="2023-05-12", days_left=-3, text="……")
    assert figures(network)["on_time"] == (0, 1)
    elsewhere.deadline("deadline.moved", id, due_on="2023-08-20", before="2023-05-12", reason="同意延期")
    assert figures(network)["on_time"] == (0, 0)


def test_separate_units_are_judged_apart_and_the_suggestion_once(network, elsewhere):
    id = new_id()
    elsewhere.accepts(id)
    elsewhere.assigns(id, TAX, WATER)
    elsewhere.deadline("deadline.met", id, TAX, done_on="2023-05-15", late=False)
    elsewhere.deadline("deadline.met", id, WATER, done_on="2023-05-15", late=True)
    elsewhere.replies(id, TAX, "A", role="separate")
    elsewhere.replies(id, WATER, "C", role="separate")
    assert (figures(network)["on_time"], figures(network)["solved"]) == ((0, 1), (0, 1))
    by_unit = figures(network, liaison(), by_unit=True)
    assert (by_unit["省税务局"]["on_time"], by_unit["省税务局"]["solved"]) == ((1, 1), (1, 1))


# --- the lists behind the figures ---------------------------------------------------------------------


def test_a_figure_opens_to_its_list(network, year_2023):
    y = year_2023
    assert listed(network, "on_time") == {y["in_time"], y["late"], y["overdue"]}
    assert listed(network, "on_time", "numerator") == {y["in_time"]}
    assert listed(network, "on_time", "rest") == {y["late"], y["overdue"]}
    assert listed(network, "on_time", unit=WATER) == {y["overdue"]}
    assert len(listed(network, "solved", limit=2)) == 2


def test_the_list_has_as_many_lines_as_the_figure_says(network, year_2023):
    for figure in ("on_time", "solved", "face_to_face"):
        numerator, denominator = figures(network)[figure]
        assert (len(listed(network, figure, "numerator")), len(listed(network, figure))) == (
            numerator,
            denominator,
        )


def test_a_list_of_an_unknown_figure_is_refused_with_the_known_ones(network):
    with pytest.raises(Invalid) as refusal:
        listed(network, "happiness")
    assert "按期办复率" in refusal.value.errors["figure"][0]


def test_its_people_see_the_congresss_totals_and_units_only_their_own(network, year_2023):
    assert figures(network, liaison("cn")) == figures(network)
    known = {name: share for name, share in figures(network).items() if name not in OF_JUDGEMENTS}
    assert figures(network, deputy("代表甲", A)) == known | dict.fromkeys(
        OF_JUDGEMENTS, (0, 0)
    )  # none is closed
    assert set(figures(network, unit_clerk(TAX), by_unit=True)) == {"省税务局"}
    for stranger in (None, liaison("44"), liaison("43.01")):
        with pytest.raises(NotAllowed):
            figures(network, stranger)
    assert set(figures(network, OPERATOR, by_unit=True)) == {"省税务局", "省水利厅"}


def test_lists_hold_only_what_the_person_may_see(network, elsewhere, year_2023):
    y = year_2023
    assert listed(network, "solved", who=unit_clerk(WATER)) == {y["overdue"], y["running"]}
    assert listed(network, "solved", who=deputy("代表甲", A)) == {
        y["in_time"],
        y["late"],
        y["overdue"],
        y["running"],
    }
    assert listed(network, "solved", who=deputy("代表丙", STRANGER)) == set()
    network.do(liaison(), "evaluation", "close_suggestion", y["in_time"])
    network.do(liaison(), "evaluation", "publish_suggestion", y["in_time"])
    assert listed(network, "solved", who=deputy("代表丙", STRANGER)) == {y["in_time"]}


# --- back-to-back ---------------------------------------------------------------------------------------


def close_one(network, elsewhere, result):
    id, _ = elsewhere.handled(judged=result)
    network.do(liaison(), "evaluation", "close_suggestion", id)
    elsewhere.tomorrow()


def test_a_unit_reads_its_own_figures_of_what_is_closed_and_nobody_else_a_single_one(network, elsewhere):
    elsewhere.handled(judged="unsatisfied")
    close_one(network, elsewhere, "satisfied")
    assert figures(network, unit_clerk(TAX), by_unit=True)["省税务局"]["satisfied_result"] == (2, 2)
    assert figures(network, unit_clerk(WATER))["satisfied_result"] == (
        0,
        0,
    )  # the congress's: two are too few
    close_one(network, elsewhere, "basically")
    assert figures(network, unit_clerk(WATER))["satisfied_result"] == (4, 4)
    assert figures(network)["satisfied_result"] == (4, 6)


def test_where_names_are_not_told_its_own_come_together_too(network, elsewhere, place):
    place(names="without")
    close_one(network, elsewhere, "satisfied")
    assert figures(network, unit_clerk(TAX), by_unit=True)["省税务局"]["satisfied_result"] == (0, 0)
    close_one(network, elsewhere, "satisfied")
    assert figures(network, unit_clerk(TAX), by_unit=True)["省税务局"]["satisfied_result"] == (4, 4)


def test_the_list_behind_a_figure_of_judgements_holds_what_one_may_know(network, elsewhere):
    open_one, _ = elsewhere.handled(judged="satisfied")
    closed, _ = elsewhere.handled(judged="satisfied")
    network.do(liaison(), "evaluation", "close_suggestion", closed)
    assert listed(network, "satisfied_result") == {open_one, closed}
    for who in (unit_clerk(TAX), deputy("代表甲", A)):
        assert listed(network, "satisfied_result", who=who) == {closed}
        assert listed(network, "solved", who=who) == {open_one, closed}
    network.do(liaison(), "evaluation", "publish_suggestion", closed, with_feedback=False)
    assert listed(network, "satisfied_result", who=deputy("代表丙", STRANGER)) == set()
    assert listed(network, "solved", who=deputy("代表丙", STRANGER)) == {closed}


def days_of(shares, **more):
    return [
        Day(date.fromordinal(738000 + n), min(share), max(share), **more) for n, share in enumerate(shares)
    ]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=30), st.integers(1, 6))
def test_read_each_day_a_figure_never_moves_by_fewer_than_may_be_told(shares, least):
    days = days_of(shares)
    read = [told_together(days[:end], least) for end in range(len(days) + 1)]
    for (_, before, _), (_, after, _) in pairwise(read):
        assert after == before or after - before >= least
    total = sum(day.denominator for day in days)
    assert total - read[-1][1] < least  # and what waits is less than a group


@given(st.lists(st.dictionaries(st.sampled_from("XYZ"), st.integers(1, 4)), max_size=30), st.integers(2, 6))
def test_who_knows_the_own_part_of_it_learns_of_the_others_no_fewer_either(days, least):
    told = [
        Day(date.fromordinal(738000 + number), 0, sum(of_units.values()), of_units=of_units)
        for number, of_units in enumerate(days)
    ]
    read = [told_together(told[:end], least)[1] for end in range(len(told) + 1)]
    ends = [end for end in range(1, len(read)) if read[end] != read[end - 1]]
    for begin, end in pairwise([0, *ends]):
        for unit in "XYZ":
            others = sum(n for of_units in days[begin:end] for name, n in of_units.items() if name != unit)
            assert others == 0 or others >= least


def test_a_units_own_figure_taken_from_the_congresss_tells_nothing_of_another_unit(network, elsewhere, place):
    place(names="without")
    for unit, deputies in ((TAX, (A, B, STRANGER)), (WATER, (A,))):
        id = new_id()
        elsewhere.accepts(id)
        elsewhere.assigns(id, lead=unit)
        reply = elsewhere.replies(id, unit, deputies=deputies)
        for who in deputies:
            elsewhere.judges(id, reply, who)
        network.do(liaison(), "evaluation", "close_suggestion", id)
    elsewhere.tomorrow()
    own = figures(network, unit_clerk(TAX), by_unit=True)["省税务局"]["satisfied_result"]
    assert (own, figures(network, unit_clerk(TAX))["satisfied_result"]) == ((3, 3), (0, 0))
    assert figures(network)["satisfied_result"] == (4, 4)


def test_what_is_reopened_goes_out_of_it_among_others(network, elsewhere, place):
    place(names="without")
    first, reply = elsewhere.handled(judged="satisfied")
    network.do(liaison(), "evaluation", "close_suggestion", first)
    elsewhere.tomorrow()
    close_one(network, elsewhere, "basically")
    own = lambda: figures(network, unit_clerk(TAX), by_unit=True)["省税务局"]["satisfied_result"]  # noqa: E731
    assert own() == (4, 4)
    found = {"lookback": new_id(), "unit": named(TAX), "finding": "not_true", "words": "没有开设。"}
    elsewhere.tell("lookback.found.v1", first, **found, on="2023-05-17", demand="", due_on="2023-12-01")
    again = {"reply": reply, "reason": "窗口没有开设", "due_on": "2023-12-01"}
    network.do(liaison(), "evaluation", "reopen_suggestion", first, **again)
    for _ in range(3):
        assert own() == figures(network, unit_clerk(WATER))["satisfied_result"] == (4, 4)
        elsewhere.tomorrow()
    other, reply = elsewhere.handled()
    elsewhere.judges(other, reply, A)
    elsewhere.judges(other, reply, B, result="unsatisfied")
    network.do(liaison(), "evaluation", "close_suggestion", other, note="已当面说明。")
    elsewhere.tomorrow()  # two come in, and the two of the first go out
    assert (own(), figures(network, unit_clerk(WATER))["satisfied_result"]) == ((3, 4), (3, 4))


def test_where_the_place_tells_names_from_now_on_what_was_said_before_stays_among_others(
    network, elsewhere, place
):
    place(names="without")
    close_one(network, elsewhere, "satisfied")
    place(names="named")
    assert figures(network, unit_clerk(TAX), by_unit=True)["省税务局"]["satisfied_result"] == (0, 0)
    close_one(network, elsewhere, "satisfied")
    assert figures(network, unit_clerk(TAX), by_unit=True)["省税务局"]["satisfied_result"] == (4, 4)


def test_a_list_over_several_units_holds_nothing_of_which_one_was_judged_by_few(network, elsewhere, place):
    place(names="without")
    id = new_id()
    elsewhere.accepts(id)
    elsewhere.assigns(id, TAX, WATER)
    everybody = (A, B, STRANGER)
    for unit, who in ((TAX, everybody), (WATER, (A,))):
        reply = elsewhere.replies(id, unit, role="separate", deputies=everybody)
        for seat in who:
            elsewhere.judges(id, reply, seat)
    elsewhere.tomorrow(20)
    network.do(liaison(), "evaluation", "close_suggestion", id)
    assert listed(network, "satisfied_result", who=unit_clerk(TAX), unit=TAX) == {id}
    assert listed(network, "satisfied_result", who=unit_clerk(TAX)) == set()
    assert listed(network, "satisfied_result") == {id}


# --- what is due ----------------------------------------------------------------------------------------


def test_a_promise_counts_when_its_date_has_passed_and_earlier_when_it_was_kept(network, elsewhere):
    id, _ = elsewhere.handled(TAX, "B")
    promise = {"commitment": new_id(), "unit": named(TAX)}
    elsewhere.tell("commitment.recorded.v1", id, **promise, text="……", due_on="2023-06-30")
    network.on(date(2023, 6, 30))
    assert count_due(network) == 0
    assert figures(network)["commitments_kept"] == (0, 0)
    network.on(date(2023, 7, 1))
    assert count_due(network) == 1
    assert figures(network)["commitments_kept"] == (0, 1)
    assert count_due(network) == 0
    elsewhere.tell("commitment.kept.v1", id, **promise, evidence="……", kept_on="2023-07-01", late=True)
    assert figures(network)["commitments_kept"] == (1, 1)


def test_a_new_date_takes_it_out_again(network, elsewhere):
    id, _ = elsewhere.handled(TAX, "B")
    promise = {"commitment": new_id(), "unit": named(TAX)}
    elsewhere.tell("commitment.recorded.v1", id, **promise, text="……", due_on="2023-06-30")
    network.on(date(2023, 7, 1))
    count_due(network)
    elsewhere.tell(
        "commitment.slipped.v1", id, **promise, explanation="……", before="2023-06-30", due_on="2023-12-31"
    )
    assert figures(network)["commitments_kept"] == (0, 0)


def count_due(network):
    return network.do(SYSTEM, "evaluation", "count_due_promises")["counted"]


# --- kept, not counted --------------------------------------------------------------------------------

SUGGESTIONS = [new_id() for _ in range(2)]
TELLINGS = [
    ("accepts", {}),
    ("accepts", {"cosigners": ()}),
    ("assigns", {"lead": TAX}),
    ("assigns", {"lead": WATER}),
    ("assigns2", {}),
    ("talks", {}),
    ("talks", {"unit": WATER}),
    ("replies", {}),
    (
        "replies",
        {
            "round": 3,
            "results": ({"kind": "money", "text": "安排资金", "document": "", "money": 30, "people": 0},),
        },
    ),
    (
        "replies",
        {
            "unit": WATER,
            "role": "separate",
            "round": 3,
            "results": ({"kind": "project", "text": "管网改造", "money": 5, "people": 90},),
        },
    ),
    ("replies", {"reply_class": "B", "round": 2}),
    ("replies", {"unit": WATER, "role": "separate"}),
    ("replies", {"on": date(2022, 6, 1)}),
    ("deadline", {"name": "deadline.set", "explanation": ""}),
    ("deadline", {"name": "deadline.moved", "due_on": "2023-05-30", "before": "2023-05-22", "reason": ""}),
    ("deadline", {"name": "deadline.met", "done_on": "2023-05-20", "late": False}),
    ("deadline", {"name": "deadline.met", "unit": WATER, "done_on": "2023-06-20", "late": True}),
    ("deadline", {"name": "reminder.sent", "days_left": -4, "text": "", "due_on": "2023-05-11"}),
    ("promise", {}),
    ("kept", {}),
    ("merge", {}),
]


class Recorder(Elsewhere):
    """Writes events down instead of bringing them."""

    def __init__(self, network):
        super().__init__(network)
        self.events = []
        self.promises = {}

    def tell(self, type, subject, /, **data):
        self.sequences[subject] = self.sequences.get(subject, 0) + 1
        self.tomorrow()
        now = self.network.clock.now()
        self.events.append(envelope(type, subject, PROVINCE, self.sequences[subject], now, data))

    def assigns2(self, id):
        self.assigns(id, TAX, WATER)

    def promise(self, id):
        self.promises[id] = new_id()
        self.tell(
            "commitment.recorded.v1",
            id,
            commitment=self.promises[id],
            unit=named(TAX),
            text="",
            due_on="2023-12-31",
        )

    def kept(self, id):
        commitment = self.promises.get(id) or new_id()
        kept_promise = {"commitment": commitment, "evidence": "", "kept_on": "2023-09-01", "late": False}
        self.tell("commitment.kept.v1", id, unit=named(TAX), **kept_promise)

    def merge(self, id):
        self.tell("suggestion.merged.v1", id, into=new_id(), into_number="", deputies=[], reason="")


def kept(network):
    """The figures as kept, the contributions as listed, what came of them as summed and as listed; without zeros."""
    with network.runtimes["evaluation"].database.reading() as connection:
        f, c = t.figures.c, t.contributions.c
        sums = connection.execute(
            sa.select(f.owner, f.year, f.figure, f.numerator, f.denominator).where(f.denominator != 0)
        ).all()
        zeros = connection.execute(sa.select(f.numerator).where(f.denominator == 0)).scalars().all()
        lists = connection.execute(
            sa.select(c.suggestion_id, c.owner, c.year, c.figure, c.numerator, c.denominator)
        ).all()
        o, s = t.outcomes.c, t.outcome_sums.c
        came = connection.execute(
            sa.select(s.owner, s.year, s.kind, s.number, s.money, s.people).where(s.number != 0)
        ).all()
        results = connection.execute(
            sa.select(o.suggestion_id, o.at, o.unit_id, o.year, o.kind, o.money, o.people)
        ).all()
    assert not any(zeros)
    return tuple({tuple(row) for row in rows} for rows in (sums, lists, came, results))


def counted_anew(network):
    """The same, counted from scratch."""
    with network.runtimes["evaluation"].database.reading() as connection:
        everything = t.store.find(connection, limit=1000)
    lists, sums, came, results = set(), {}, {}, set()
    for evaluation in everything:
        for key, (numerator, denominator) in contributions(evaluation).items():
            lists.add((evaluation.id, *key, numerator, denominator))
            was = sums.get(key, (0, 0))
            sums[key] = (was[0] + numerator, was[1] + denominator)
        for one in outcomes(evaluation):
            results.add((one.suggestion, one.at, one.unit, one.year, one.kind, one.money, one.people))
            for owner in ("", one.unit):
                was = came.get((owner, one.year, one.kind), (0, 0, 0))
                came[owner, one.year, one.kind] = (was[0] + 1, was[1] + one.money, was[2] + one.people)
    return (
        {(*key, *share) for key, share in sums.items()}, lists, {(*key, *amounts) for key, amounts in came.items()}, results,
    )  # fmt: skip


def judge_at_random(network, chance):
    """Each deputy may judge what is open; the office may order what was not satisfying."""
    for seat in (A, B):
        who = deputy(NAMES[seat], seat)
        for line in network.ask(who, "evaluation", "evaluation_waiting"):
            if chance.random() < 0.5:
                judgement = {
                    "process": chance.choice(["satisfied", "unsatisfied"]),
                    "result": chance.choice(["basically", "unsatisfied"]),
                }
                network.do(
                    who, "evaluation", "give_feedback", line["suggestion"], reply=line["reply"], **judgement
                )
    for line in network.ask(liaison(), "evaluation", "evaluation_waiting"):
        for reply in network.ask(liaison(), "evaluation", "evaluation", id=line["suggestion"])["replies"]:
            if reply["may_rehandle"] and chance.random() < 0.5:
                network.do(
                    liaison(),
                    "evaluation",
                    "order_rehandling",
                    line["suggestion"],
                    reply=reply["reply"],
                    reason="请补充",
                )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    tellings=st.lists(
        st.tuples(st.sampled_from(TELLINGS), st.sampled_from(SUGGESTIONS)), min_size=10, max_size=40
    ),
    chance=st.randoms(use_true_random=False),
    batch=st.integers(1, 12),
)
def test_the_figures_are_the_sum_of_the_contributions_whatever_comes_in_whatever_order(
    tellings, chance: random.Random, batch
):
    with tempfile.TemporaryDirectory() as folder, closing(started(folder, "one")) as network:
        recorder = Recorder(network)
        for id in SUGGESTIONS:  # without these nothing counts
            recorder.accepts(id)
            recorder.assigns2(id)
        for (telling, more), id in tellings:
            getattr(recorder, telling)(id=id, **more)
        events = recorder.events
        shuffled = events + chance.sample(events, len(events) // 2)
        chance.shuffle(shuffled)
        for start in range(0, len(shuffled), batch):
            network.deliver(shuffled[start : start + batch])
        of_shuffled = kept(network)
        assert of_shuffled == counted_anew(network)
        judge_at_random(network, chance)
        assert kept(network) == counted_anew(network)
    with tempfile.TemporaryDirectory() as folder, closing(started(folder, "two")) as network:
        network.deliver(events)
        network.deliver(events)
        assert kept(network) == of_shuffled  # neither order nor repetition matters


def started(folder, name):
    return TestNetwork(Path(folder) / name, ("evaluation",), today=date(2023, 5, 15))


def test_deputies_who_judge_at_the_same_moment_all_count(network, elsewhere):
    waiting = [(*elsewhere.handled(), seat) for seat in (A, B) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(judge_alone, network, *one) for one in waiting]:
            done.result()
    assert figures(network)["satisfied_result"] == (16, 16)
    assert kept(network) == counted_anew(network)


def judge_alone(network, id, reply, seat):
    judgement = {"reply": reply, "process": "satisfied", "result": "satisfied"}
    network.do(deputy(NAMES[seat], seat), "evaluation", "give_feedback", id, settle=False, **judgement)
