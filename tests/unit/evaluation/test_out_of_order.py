"""Whatever comes first, the end is the same: every order of a few events that hang together, tried out."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest
from harness import liaison
from telling import NAMES, STRANGER, TAX, WATER, A, B, named, task

from services.evaluation.model.evaluation import Evaluation
from services.evaluation.model.figures import contributions
from services.evaluation.model.parts import LedgerEntry, Named, Reply, Task
from shared.aggregate import new_id
from shared.clock import at
from shared.identity import SYSTEM

DEPUTIES = [Named(A, NAMES[A]), Named(B, NAMES[B])]
TAXES, WATERS = (
    Task("task-1", Named(TAX, "省税务局"), "lead"),
    Task("task-2", Named(WATER, "省水利厅"), "lead"),
)


def on(day: int):
    return at(date(2023, 5, day))


def accept(e):
    e.accept("第0001号", "关于……的建议", "水利", 2023, DEPUTIES, on(1))


def assign(e):
    e.assign(1, [WATERS], "……", DEPUTIES, on(2))


def assign_anew(e):
    e.assign(4, [TAXES], "……", DEPUTIES, on(3))


def reply(e):
    issued = Reply("reply-1", "task-1", TAXES.unit, "lead", 1, "A", "public", date(2023, 5, 24))
    e.receive_reply(issued, DEPUTIES, SYSTEM, on(24))


def reply_again(e):
    issued = Reply("reply-2", "task-1", TAXES.unit, "lead", 2, "B", "public", date(2023, 5, 26))
    e.receive_reply(issued, DEPUTIES, SYSTEM, on(26))


def deadline_set(e):
    e.set_deadline("d", "reply", TAX, date(2023, 5, 20), 1, on(3))


def deadline_moved(e):
    e.set_deadline("d", "reply", TAX, date(2023, 5, 24), 3, on(22))


def overdue_before(e):
    e.find_overdue("d", "reply", TAX, date(2023, 5, 20), on(21))


def overdue_after(e):
    e.find_overdue("d", "reply", TAX, date(2023, 5, 24), on(25))


def met_late(e):
    e.meet_deadline("d", "reply", TAX, date(2023, 5, 24), date(2023, 5, 26), True, on(26))


def ledger(e):
    entry = LedgerEntry(date(2023, 6, 10), "satisfied", "A", date(2023, 5, 24), date(2023, 5, 24))
    e.import_ledger(entry, SYSTEM, at(date(2023, 6, 10)))


def merged(e):
    e.merge("another", on(4))


@pytest.mark.parametrize(
    "events",
    [
        (accept, assign, assign_anew, reply, reply_again),
        (deadline_set, deadline_moved, overdue_before),
        (deadline_set, deadline_moved, overdue_before, overdue_after),
        (deadline_set, overdue_before, overdue_after, met_late, deadline_moved),
        (accept, assign_anew, reply, merged),
        (accept, assign_anew, reply, ledger),
    ],
)
def test_every_order_ends_the_same(events):
    ends = set()
    for order in permutations(events):
        evaluation = Evaluation(id=new_id(), congress="43")
        if accept not in events:
            accept(evaluation)
            assign_anew(evaluation)
        for event in order:
            event(evaluation)
        forms = {(r.id, form.deputy.id) for r, form in evaluation.open_forms()}
        ends.add((evaluation.state, frozenset(contributions(evaluation).items()), frozenset(forms)))
    assert len(ends) == 1


def test_a_deadline_that_was_moved_after_it_was_found_overdue_is_not_due():
    evaluation = Evaluation(id=new_id(), congress="43")
    for event in (accept, assign_anew, overdue_before, deadline_moved, deadline_set):
        event(evaluation)
    assert ("", 2023, "on_time") not in contributions(evaluation)
    overdue_after(evaluation)
    assert contributions(evaluation)["", 2023, "on_time"] == (0, 1)


def test_a_reply_may_have_been_sent_to_more_deputies_before_it_is_known(network, elsewhere):
    id, reply = new_id(), new_id()
    elsewhere.accepts(id)
    elsewhere.assigns(id, lead=TAX)
    sent = {
        "task": task(id, TAX), "unit": named(TAX), "role": "lead", "reply": reply, "round": 1,
        "forwarded_on": "2023-05-18", "deputies": [named(STRANGER)],
    }  # fmt: skip
    elsewhere.tell("reply.forwarded.v1", id, **sent)
    elsewhere.replies(id, reply=reply)
    elsewhere.tell("reply.forwarded.v1", id, **sent)
    (shown,) = network.ask(liaison(), "evaluation", "evaluation", id=id)["replies"]
    assert [form["deputy"]["id"] for form in shown["forms"]] == [A, B, STRANGER]
