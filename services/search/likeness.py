"""How like two suggestions are: what the review desk calls a likely double."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from services.search.engine.segmentation import fold

LIKELY = 50  # from here on somebody should look whether it is the same matter

_FRAME = re.compile(r"^关于|的?(?:建议|批评|意见)$")  # what nearly every title has
_MARKS = re.compile(r"[\W_]+")


def likeness(title: str, body: str, other_title: str, other_body: str) -> int:
    """From 0, nothing in common, to 100, the same; the higher one of titles and bodies counts."""
    of_titles = _shared(_FRAME.sub("", title), _FRAME.sub("", other_title))
    return round(100 * max(of_titles, _shared(body, other_body)))


def _shared(one: str, other: str) -> float:
    """The share of pairs of neighbouring signs that both have (Dice)."""
    a, b = _pairs(one), _pairs(other)
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 0.0


def _pairs(text: str) -> Counter[str]:
    plain = _MARKS.sub("", fold(text))
    return Counter(map("".join, pairwise(plain)))
