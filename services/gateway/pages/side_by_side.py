"""Two wordings of one text, side by side: what was taken out of the one, and what was put into the other."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

Pieces = list[tuple[str, bool]]  # a piece of text, and whether it is in this wording alone

_SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；\n]|$)")
MOST_SIGNS = 400  # of a changed passage that is compared sign by sign; what is longer has changed as a whole


def side_by_side(before: str, after: str) -> tuple[Pieces, Pieces]:
    """The pieces of both wordings: sentences that stayed, and within those that changed the signs that differ."""
    old, new = _sentences(before), _sentences(after)
    left: Pieces = []
    right: Pieces = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        if kind == "replace" and len(gone) + len(come) <= MOST_SIGNS:
            for inner, i, j, k, m in SequenceMatcher(None, gone, come, autojunk=False).get_opcodes():
                left.append((gone[i:j], inner != "equal"))
                right.append((come[k:m], inner != "equal"))
        else:
            left.append((gone, kind != "equal"))
            right.append((come, kind != "equal"))
    return [piece for piece in left if piece[0]], [piece for piece in right if piece[0]]


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE.findall(text) if sentence]
