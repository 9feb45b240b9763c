"""省财政厅，2018: 100 points by what was laid down, each explained, and a bonus."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.hundred_points import HundredPoints
from services.evaluation import hooks
from services.evaluation.hooks import Handled
from shared.hooks import Hooks
from shared.plugins import collect
from shared.practices import InForce
from shared.problems import Invalid


def points(*handled, **settings):
    found = collect([("x", lambda: HundredPoints)])
    asked = Hooks(hooks, found, lambda *what: None)
    held = InForce("hundred_points", True, found.practices["hundred_points"].load(settings))
    facts = {
        "congress": "43",
        "unit": "u",
        "kind": "government",
        "year": 2023,
        "figures": {},
        "handled": handled,
    }
    answers = asked.call("points", [held], facts)
    assert not asked.failures, asked.failures
    return {part.name: part for _, part in answers}


def one(id="s", key=False, reply_class="A", on_time=True, talked=True, promises=0, kept=0):
    return Handled(id, "第0001号", "……", key, reply_class, on_time, 1, talked, promises, kept)


def test_who_does_all_in_time_has_all_points():
    parts = points(one())
    assert sum(part.points for part in parts.values()) == 100


def test_a_late_reply_costs_its_share_and_names_the_suggestion():
    part = points(one("a"), one("b", on_time=False))["按时答复"]
    assert (part.points, part.most, part.suggestions) == (15, 30, ("b",))
    assert part.because == "2 件中 1 件做到"


def test_key_ones_that_are_solved_bring_a_bonus_up_to_its_limit():
    parts = points(*(one(str(n), key=True) for n in range(9)))
    bonus = parts["附加分：办成重点建议"]
    assert (bonus.points, bonus.most, bonus.is_bonus) == (5, 5, True)


def test_the_parts_have_to_make_a_hundred():
    with pytest.raises(Invalid) as refusal:
        points(one(), on_time=40)
    assert "合计应当是 100 分" in refusal.value.errors["on_time"][0]


handled = st.builds(
    one, st.uuids().map(str), st.booleans(), st.sampled_from("ABCD"), st.sampled_from([True, False, None]), st.booleans(),
    st.integers(0, 2), st.integers(0, 2),
)  # fmt: skip


@given(st.lists(handled, max_size=8))
def test_no_part_is_below_nothing_or_above_its_most(all):
    for part in points(*all).values():
        assert 0 <= part.points <= part.most
