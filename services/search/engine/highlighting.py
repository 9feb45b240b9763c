"""Shows in a hit's text what was asked for, the same for both engines: escaped HTML with `<mark>`."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from itertools import accumulate

from services.search.engine import Document, Hit, Viewer
from services.search.engine.segmentation import QueryWords, Word, fold, pattern

SNIPPET = 120  # characters of text
LEAD = 20  # of these, before the first match
LONGEST_TITLE = 200
LONGEST_SCAN = 20_000  # characters of a text in which matches are looked for
MOST_STARTS = 100  # matches that are tried as the beginning of a snippet

Span = tuple[int, int]  # from, up to but not including; in characters of the original text


def make_hit(document: Document, score: float, viewer: Viewer, words: QueryWords) -> Hit:
    """The hit as this viewer may see it: what is not for them is neither highlighted nor handed out."""
    insider = viewer.is_insider_of(document)
    replies = (document.public_reply, document.private_reply if insider else "")
    shown = replace(document, body="", public_reply="", private_reply="")
    if not insider:
        shown.extra = {}
        shown.reply_class = document.reply_class if document.public_reply else ""
    return Hit(
        id=document.id,
        score=score,
        title_highlight=snippet(document.title, words.words, LONGEST_TITLE),
        body_highlight=snippet(document.body, words.words),
        reply_highlight=next((snippet(r, words.words) for r in replies if r and find(r, words.words)), ""),
        document=shown,
    )


def snippet(text: str, words: tuple[Word, ...], length: int = SNIPPET) -> str:
    """At most `length` characters of the text, where most of the words are; its beginning if there are
    none.
    """
    spans = find(text, words)
    start = _start(spans, len(text), length)
    end = min(len(text), start + length)
    parts, at = ["…" if start else ""], start
    for first, last in _merged(spans):
        first, last = max(first, start), min(last, end)
        if first < last:
            parts += [escape(text[at:first]), "<mark>", escape(text[first:last]), "</mark>"]
            at = last
    return "".join([*parts, escape(text[at:end]), "…" if end < len(text) else ""])


def find(text: str, words: tuple[Word, ...]) -> list[tuple[int, int, int]]:
    """Where the words are: from, up to, and which word it is; in the order of the text."""
    text = text[:LONGEST_SCAN]
    folded = fold(text)
    found = [
        (*match.span(), which) for which, word in enumerate(words) for match in pattern(word).finditer(folded)
    ]
    if len(folded) != len(text):  # a character such as ㎡ became several: find the way back
        ends = list(accumulate(len(fold(character)) for character in text))
        back = [i for i, end in enumerate(ends) for _ in range(end - (ends[i - 1] if i else 0))]
        found = [(back[first], back[last - 1] + 1, which) for first, last, which in found]
    return sorted(found)


def _start(spans: list[tuple[int, int, int]], size: int, length: int) -> int:
    """Where the snippet begins: little before the match from which on it shows most different words."""
    if size <= length or not spans:
        return 0
    reach = length - LEAD
    starts = [first for first, _, _ in spans[:MOST_STARTS]]
    shown = [len({which for first, last, which in spans if s <= first and last <= s + reach}) for s in starts]
    best = starts[shown.index(max(shown))]
    return max(0, min(best - LEAD, size - length))


def _merged(spans: list[tuple[int, int, int]]) -> list[Span]:
    merged: list[Span] = []
    for first, last, _ in spans:
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
