"""Steps of a task have days of their own: the ledger counts them, in whatever order it hears of them."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import permutations

from harness import liaison

from shared.aggregate import new_id

FIRST, SECOND = new_id(), new_id()


def fixed(life, on=date(2023, 3, 1), second="2023-04-20"):
    steps = [
        {"step": FIRST, "name": "到现场调研", "who": "unit", "due_on": "2023-03-20"},
        {"step": SECOND, "name": "征求意见", "who": "unit", "due_on": second},
    ]
    life.tell("steps.fixed", on, **life.of_task(), fixed_on=on.isoformat(), steps=steps)


def completed(life, on=date(2023, 3, 22)):
    life.tell(
        "step.completed", on, **life.of_task(), step=FIRST, name="到现场调研", done_on=on.isoformat(), note=""
    )


def deadlines(life):
    page = life.network.ask(liaison(), "supervision", "ledger_line", id=life.id)
    found = [line for line in page["deadlines"] if line["kind"] == "step"]
    return sorted((line["label"], line["due_on"], line["ended"], bool(line["late"])) for line in found)


def test_each_step_has_its_deadline_and_is_met_late(life):
    life.up_to_assignment()
    fixed(life)
    completed(life)
    assert deadlines(life) == [
        ("到现场调研", "2023-03-20", "met", True), ("征求意见", "2023-04-20", "", False),
    ]  # fmt: skip


def test_a_step_that_the_plan_names_no_more_is_cancelled(life):
    life.up_to_assignment()
    fixed(life)
    life.tell("steps.fixed", date(2023, 3, 5), **life.of_task(), fixed_on="2023-03-05", steps=[])
    assert [ended for _, _, ended, _ in deadlines(life)] == ["cancelled", "cancelled"]


def test_every_order_ends_the_same(another_life):
    ends = set()
    for order in permutations(range(3)):
        life = another_life()
        life.up_to_assignment()
        tell, life.tell = life.tell, partial(life.tell, settle=False)
        fixed(life)
        fixed(life, date(2023, 3, 9), "2023-05-09")
        completed(life)
        life.tell = tell
        events = life.told[-3:]
        for place in order:
            life.network.deliver([events[place]])
        life.network.settle()
        ends.add(tuple(deadlines(life)))
    assert len(ends) == 1
