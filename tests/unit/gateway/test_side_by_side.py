"""Two wordings side by side."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.gateway.pages.side_by_side import side_by_side

text = st.text(alphabet="甲乙丙。；\n", max_size=40)


@given(text, text)
def test_both_wordings_are_whole_and_what_is_unmarked_is_the_same(before, after):
    left, right = side_by_side(before, after)
    assert "".join(piece for piece, _ in left) == before
    assert "".join(piece for piece, _ in right) == after
    assert "".join(p for p, other in left if not other) == "".join(p for p, other in right if not other)


def test_only_what_was_put_in_is_marked():
    assert side_by_side("路窄。灯暗。", "路太窄。灯暗。") == (
        [("路", False), ("窄。", False), ("灯暗。", False)],
        [("路", False), ("太", True), ("窄。", False), ("灯暗。", False)],
    )
