"""The board of key suggestions: nobody is forgotten, neither a leader nor a suggestion."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.supervision.model.key_board import ROLES, board

NAMES = ("", "副主任甲", "副主任乙", "副主任丙")
marks = st.fixed_dictionaries(
    {"theme": st.sampled_from(["财税", "供水"]), **dict.fromkeys(ROLES, st.sampled_from(NAMES))}
)


def line(id, mark, state="handling", light="green"):
    return {
        "id": str(id),
        "number": f"第{id}号",
        "title": f"关于{id}的建议",
        "state": state,
        "light": light,
        "key_mark": mark,
    }


def mark(**changed):
    return {
        "theme": "财税",
        "leading_supervisor": "副主任甲",
        "sponsor": "副省长甲",
        "committee": "财经委",
        **changed,
    }


def test_who_has_none_and_what_lacks_somebody_are_named():
    shown = board(
        [line(1, mark()), line(2, mark(sponsor=""), "closed")],
        {"leading_supervisor": ["副主任乙", "副主任甲"]},
    )
    assert shown["without_any"] == [
        {"role": "leading_supervisor", "role_label": "牵头督办领导", "name": "副主任乙"}
    ]
    assert [(one["title"], one["missing"]) for one in shown["incomplete"]] == [
        ("关于2的建议", ["领办政府领导"])
    ]
    assert [(p["name"], p["count"], p["over"]) for p in shown["people"]["leading_supervisor"]] == [
        ("副主任乙", 0, 0),
        ("副主任甲", 2, 1),
    ]


@given(st.lists(marks, max_size=6), st.lists(st.sampled_from(NAMES[1:]), unique=True))
def test_every_suggestion_counts_once_for_each_role_and_everybody_expected_is_there(given_marks, expected):
    lines = [line(number, given) for number, given in enumerate(given_marks)]
    shown = board(lines, dict.fromkeys(ROLES, expected))
    assert sum(len(group["lines"]) for group in shown["themes"]) == shown["total"] == len(lines)
    for role in ROLES:
        people = {one["name"]: one["count"] for one in shown["people"][role]}
        assert set(expected) <= set(people) and "" not in people
        lacking = sum(not one[role] for one in given_marks)
        assert sum(people.values()) + lacking == len(lines)
        forgotten = {one["name"] for one in shown["without_any"] if one["role"] == role}
        assert forgotten == {name for name, count in people.items() if not count}
