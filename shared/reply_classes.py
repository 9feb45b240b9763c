"""The letters of replies' classes: each place has its own, and each means one of four things.

What follows from a class is asked by its meaning and never by its letter: promises are tracked where it is `promised`, what
is `solved` counts as solved. Replies from before meanings were told have the usual letters.
"""

from __future__ import annotations

from typing import Any

from shared.problems import Invalid
from shared.terms import REPLY_CLASSES

SOLVED, PROMISED, IMPOSSIBLE, REFERENCE = "solved", "promised", "impossible", "reference"
MEANINGS = {
    SOLVED: "已经解决", PROMISED: "正在解决或列入计划（要写明承诺事项）", IMPOSSIBLE: "暂时不能解决", REFERENCE: "留作参考",
}  # fmt: skip
USUAL = {"A": SOLVED, "B": PROMISED, "C": IMPOSSIBLE, "D": REFERENCE}


def means_of(letter: str, told: str = "") -> str:
    """What a letter means: as it was told with it, else as usual; empty for no letter."""
    return told or USUAL.get(letter[:1], "")


def meanings_in(settings: dict[str, Any]) -> dict[str, str]:
    """{letter: meaning} of a place, in its order. `settings`: its group `reply_classes`; empty for the usual ones."""
    return {own["letter"]: own["means"] for own in settings["classes"]} or dict(USUAL)


def labels_in(settings: dict[str, Any]) -> dict[str, str]:
    """{letter: what people read} of a place."""
    return {own["letter"]: f"{own['letter']}类：{own['label']}" for own in settings["classes"]} or dict(
        REPLY_CLASSES
    )


def require_known(letter: str, settings: dict[str, Any]) -> None:
    """Raises Invalid unless the place has the letter."""
    if letter not in meanings_in(settings):
        wrong = f"请从“{'、'.join(labels_in(settings).values())}”中选择。"
        raise Invalid(f"办理结果没有“{letter}”。", {"reply_class": [wrong]})


def letters_in(text: str, settings: dict[str, Any]) -> list[str]:
    """The place's letters that somebody wrote one after the other, as “AB” or “B1、B2”; a longer one is read first."""
    found, rest = set(), text.upper()
    for letter in sorted(meanings_in(settings), key=len, reverse=True):
        if letter in rest:
            found.add(letter)
            rest = rest.replace(letter, "、")
    return [letter for letter in meanings_in(settings) if letter in found]
