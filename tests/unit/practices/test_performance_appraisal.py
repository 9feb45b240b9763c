"""湖南，2021: the whole process in points, part by part, each with its numbers and the list behind it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.performance_appraisal import PARTS, PerformanceAppraisal
from services.evaluation import hooks
from services.evaluation.hooks import Handled
from shared.hooks import Hooks
from shared.plugins import collect
from shared.practices import InForce
from shared.problems import Invalid

YEAR = {
    "on_time": (3, 4),
    "satisfied_result": (9, 10),
    "satisfied_process": (10, 10),
    "face_to_face": (4, 4),
    "solved": (1, 4),
}


def points(figures, *handled, **laid_down):
    found = collect([("x", lambda: PerformanceAppraisal)])
    asked = Hooks(hooks, found, lambda *what: None)
    held = InForce(
        PerformanceAppraisal.name, True, found.practices[PerformanceAppraisal.name].load(laid_down)
    )
    facts = {
        "congress": "43",
        "unit": "u",
        "kind": "government",
        "year": 2021,
        "figures": figures,
        "handled": handled,
    }
    answers = asked.call("points", [held], facts)
    assert not asked.failures, asked.failures
    return {part.name: part for _, part in answers}


def one(id, on_time=True, key=False, reply_class="B"):
    return Handled(id, "第0001号", "……", key, reply_class, on_time, 1, True, 0, 0)


def test_each_part_has_its_numbers_and_names_what_it_was_lost_by():
    parts = points(YEAR, one("a"), one("late", on_time=False))
    assert {name: (part.points, part.most, part.because) for name, part in parts.items()} == {
        "按期办复": (22.5, 30, "3/4"), "代表对结果满意": (27, 30, "9/10"), "代表对过程满意": (15, 15, "10/10"),
        "当面沟通": (15, 15, "4/4"), "当年解决": (2.5, 10, "1/4"),
    }  # fmt: skip
    assert (parts["按期办复"].suggestions, parts["按期办复"].figure) == (("late",), "on_time")
    assert parts["代表对结果满意"].suggestions == ()


def test_a_place_weighs_the_parts_otherwise_and_they_make_a_hundred():
    parts = points({**YEAR, "commitments_kept": (1, 2)}, on_time=20, commitments_kept=10)
    assert (parts["承诺兑现"].points, parts["按期办复"].most) == (5, 20)
    with pytest.raises(Invalid) as refusal:
        points(YEAR, on_time=20)
    assert "合计应当是 100 分" in refusal.value.errors["on_time"][0]


def test_key_ones_bring_a_bonus_where_the_place_gives_one():
    won = [one(str(n), key=True, reply_class="A") for n in range(4)]
    assert "附加分：办成重点建议" not in points(YEAR, *won)
    bonus = points(YEAR, *won, for_key=3)["附加分：办成重点建议"]
    assert (bonus.points, bonus.most, bonus.is_bonus, len(bonus.suggestions)) == (10, 10, True, 4)


@settings(deadline=None, max_examples=30)
@given(st.dictionaries(st.sampled_from(list(PARTS)), st.integers(1, 9)))
def test_who_falls_short_of_nothing_has_a_hundred_of_whatever_there_is_to_say(denominators):
    parts = points({figure: (count, count) for figure, count in denominators.items()})
    said = [figure for figure in denominators if PARTS[figure][1]]
    assert round(sum(part.points for part in parts.values()), 1) == (100 if said else 0)
