"""What a congress chooses from: the schema cannot know the place, so it is checked here."""

from __future__ import annotations

from typing import Any

from shared.problems import Invalid
from shared.review_lists import categories_of, reasons_of
from shared.terms import CATEGORIES
from shared.work import Work


def require_category(work: Work, congress: str, category: str, kept: str = "") -> None:
    """Raise Invalid unless it is a field of the congress today, or stays as it was (`kept`)."""
    if category not in ("", kept, *(own := categories_of(_lists(work, congress)))):
        raise Invalid(
            "没有这个类别。", {"category": [f"本级没有类别“{category}”，请从“{'、'.join(own)}”中选择。"]}
        )


def require_reasons(work: Work, congress: str, codes: list[str]) -> dict[str, str]:
    """{code: label} of these reasons, in order. Raises Invalid for one that the congress does not have today."""
    own = reasons_of(_lists(work, congress))
    if unknown := [code for code in codes if code not in own]:
        wrong = f"本级没有这样的原因：{'、'.join(unknown)}。请从“{'、'.join(own.values())}”中选择。"
        raise Invalid("没有这样的原因。", {"reason_codes": [wrong]})
    return {code: own[code] for code in codes}


def importable(work: Work, congress: str) -> set[str]:
    """Fields that lines of an old ledger may name: the congress's own, and the usual ones."""
    return {*categories_of(_lists(work, congress)), *CATEGORIES}


def reasons_at(work: Work, congress: str) -> dict[str, str]:
    return reasons_of(_lists(work, congress))


def review_lists(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """The lists of some congresses together, the first one's first; the usual ones where none is named."""
    categories: dict[str, str] = {}
    reasons: dict[str, str] = {}
    for congress in params["congresses"] or [""]:
        settings = _lists(work, congress)
        categories |= categories_of(settings)
        reasons |= reasons_of(settings)
    return {
        "categories": list(categories),
        "reasons": [{"code": code, "label": label} for code, label in reasons.items()],
    }


def _lists(work: Work, congress: str) -> dict[str, Any]:
    return work.practices.settings("review", congress)
