"""What a congress chooses from when it reviews: its fields (类别) and its reasons for not accepting, in place of the usual.

A line of a list is what it says: what was sorted by a field, or returned for a reason, that is no longer in the list keeps
its words.
"""

from __future__ import annotations

from typing import Any

from shared.contracts import field as f
from shared.practices import group
from shared.problems import Invalid
from shared.terms import CATEGORIES, NOT_ACCEPTED_REASONS


def categories_of(settings: dict[str, Any]) -> dict[str, str]:
    """{value: label} of the fields by which a congress sorts, from its settings group `review`."""
    return {name: name for name in settings["categories"]}


def reasons_of(settings: dict[str, Any]) -> dict[str, str]:
    """{code: label} of a congress's reasons for not accepting; those in the usual words keep the usual codes."""
    usual = {label: code for code, label in NOT_ACCEPTED_REASONS.items()}
    return {usual.get(label, label): label for label in settings["reasons"]}


def _lists_can_be_chosen_from(settings: dict[str, Any]) -> None:
    errors: dict[str, list[str]] = {}
    for name, listed in settings.items():
        if not listed:
            errors[name] = ["至少要有一项。要用默认的，请恢复沿用上级。"]
        elif doubles := sorted({line for line in listed if listed.count(line) > 1}):
            errors[name] = [f"写了两次：{'、'.join(doubles)}。请删去一项。"]
    if errors:
        raise Invalid("“审查”的设置有误，请按提示修改。", errors)


group(
    "review",
    "类别和不予立案的原因",
    "代表和联工委选择的类别，退回修改、转作来信时选择的原因。从列表中删去的不再供选择，已经用过的建议不变。",
    categories=f.texts("类别", most=40, longest=20, default=list(CATEGORIES)),
    reasons=f.texts(
        "退回修改、转作来信的原因", most=40, longest=40, default=list(NOT_ACCEPTED_REASONS.values())
    ),
    check=_lists_can_be_chosen_from,
)
