"""What matches, said once for both engines: a document's index fields, and conditions on them.

A condition is a small tree of the classes below; each engine translates it into its own language. This
is also where what somebody may not see is kept from matching:

    (published  OR  insider)  AND  every filter  AND  each word in  title | about | body | public_reply
                                                                  | (private_reply AND insider)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

import orjson

from services.search.engine import (
    DEEPEST_OFFSET,
    DOCUMENT_FIELDS,
    FACETS,
    MOST_HITS,
    Document,
    FacetCount,
    Query,
    Viewer,
)
from services.search.engine.segmentation import STOP_WORDS, QueryWords, Word, query_words, tokens

FORMAT = 2  # of the index; a higher one starts with an empty index, which its owner then rebuilds

# Searched texts and their weights. About: what the suggestion is filed under: number, category, deputies,
# units.
TEXTS = {"title": 3.0, "about": 2.0, "body": 1.0, "public_reply": 0.8, "private_reply": 0.8}
FieldKind = Literal["grams", "words", "keyword", "boolean", "integer"]
INDEX_FIELDS: dict[str, FieldKind] = {
    **{f"{text}_grams": "grams" for text in TEXTS},
    **{f"{text}_words": "words" for text in TEXTS},
    "id": "keyword", "congress": "keyword", "subtrees": "keyword", "session": "keyword",
    "kind": "keyword", "category": "keyword", "state": "keyword",
    "deputy_ids": "keyword", "unit_ids": "keyword", "reader_ids": "keyword", "units": "keyword",
    "reply_class": "keyword", "public_reply_class": "keyword", "key": "boolean", "published": "boolean",
    "year": "integer", "submitted": "integer", "newest": "integer",
}  # fmt: skip
FACET_FIELDS = {"year": "year", "category": "category", "unit": "units", "state": "state"}
FACETED = {*FACET_FIELDS.values(), "reply_class", "public_reply_class"}
FACET_SIZE = 100

# Said in so many suggestions that having them in common means nothing.
BOILERPLATE = STOP_WORDS | {
    "建议", "意见", "加强", "进一步", "推进", "推动", "促进", "加快", "加大", "完善", "健全", "建立", "提高",
    "提升", "支持", "解决", "问题", "工作", "力度", "落实", "做好",
}  # fmt: skip
SIMILAR_BODY_WORDS = 20


@dataclass(frozen=True)
class Is:
    """The field holds this value, or one of them."""

    field: str
    values: tuple[str | int | bool, ...]


@dataclass(frozen=True)
class InARow:
    """The field holds these tokens, one after the other. Two at least."""

    field: str
    tokens: tuple[str, ...]


@dataclass(frozen=True)
class Between:
    """The field's number lies between the two, which are included; None: no bound."""

    field: str
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Group:
    """All of `must` and `only`, none of `never`, and `needed` of `should`. `only` and `never` do not
    count for the score.

    An empty group matches everything.
    """

    must: tuple[Condition, ...] = ()
    should: tuple[Condition, ...] = ()
    needed: int = 0
    only: tuple[Condition, ...] = ()
    never: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Best:
    """One of these; the score is that of the best with a little (TIE) of the others."""

    of: tuple[Condition, ...]


@dataclass(frozen=True)
class Weighted:
    """The score times the weight."""

    condition: Condition
    weight: float


Condition = Is | InARow | Between | Group | Best | Weighted
TIE = 0.2


def index_fields(document: Document) -> dict[str, Any]:
    """The values of INDEX_FIELDS by name: strings, numbers, lists of strings; empty ones are left out."""
    about = "\n".join([document.number, document.category, *document.deputies, *document.units])
    values: dict[str, Any] = {
        "id": document.id,
        "congress": _path(document.congress),
        "subtrees": subtrees(document.congress),
        "session": keyword(document.session),
        "kind": keyword(document.kind),
        "category": keyword(document.category),
        "state": keyword(document.state),
        "deputy_ids": [keyword(deputy) for deputy in document.deputy_ids],
        "unit_ids": [keyword(unit) for unit in document.unit_ids],
        "reader_ids": [keyword(unit) for unit in document.reader_ids],
        "units": _labelled_units(document),
        "reply_class": keyword(document.reply_class),
        "public_reply_class": keyword(document.reply_class) if document.public_reply else "",
        "key": document.key,
        "published": document.published,
        "year": document.year,
        "submitted": _day(document.submitted_on) if document.submitted_on else None,
        "newest": _newest(document),
    }
    for name in TEXTS:
        text = about if name == "about" else getattr(document, name)
        if text:
            values[f"{name}_grams"], values[f"{name}_words"] = tokens(text)
    return {name: value for name, value in values.items() if value not in ("", None, [])}


def pack(document: Document) -> bytes:
    """The document as it is kept beside its index fields, in JSON."""
    values = document.as_dict()
    try:
        return orjson.dumps(values)
    except orjson.JSONEncodeError:  # half a surrogate pair in some text
        return orjson.dumps(_whole(values))


def unpack(values: Mapping[str, Any]) -> Document:
    """The document from the object that `pack` wrote, without fields of other versions of the program."""
    return Document.from_dict({name: value for name, value in values.items() if name in DOCUMENT_FIELDS})


def condition(query: Query, viewer: Viewer, words: QueryWords) -> Group:
    """What the documents of the page must fulfil."""
    only = (visible(viewer), *_filters(query, viewer))
    if not words.words:
        return Group(only=only)
    each = tuple(_word(word, viewer) for word in words.words)
    if words.needed == len(each):
        found = Group(must=each, should=_closer(words))
    else:
        found = Group(must=(Group(should=each, needed=words.needed),), should=_closer(words))
    return Group(must=(found,), only=only)


def similar_condition(
    title: str, body: str, viewer: Viewer, exclude_id: str | None
) -> tuple[Group, QueryWords] | None:
    """What similar documents must fulfil, and the title's words; None if the draft says nothing yet.

    They have half of the title's words in their title or body, or a third of the words most frequent in
    the body. Private replies are left out: they say nothing of what a suggestion is about.
    """
    of_title = query_words(title)
    telling = tuple(word for word in of_title.words if word.text not in BOILERPLATE)
    from_title = tuple(Best((Weighted(_in_text(w, "title"), 3.0), _in_text(w, "body"))) for w in telling)
    counted = Counter(w for w in tokens(body)[1].split() if len(w) > 1 and not w.isdecimal())
    frequent = [w for w, _ in counted.most_common() if w not in BOILERPLATE][:SIMILAR_BODY_WORDS]
    from_body = tuple(
        Best((Is("title_words", (w,)), Weighted(Is("body_words", (w,)), 0.5))) for w in frequent
    )
    ways: list[Condition] = []
    if from_title:
        ways.append(Weighted(Group(should=from_title, needed=(len(from_title) + 1) // 2), 2.0))
    if len(from_body) >= 3:
        ways.append(Group(should=from_body, needed=max(3, len(from_body) // 3)))
    if not ways:
        return None
    never = (Is("id", (keyword(exclude_id),)),) if exclude_id else ()
    like = Group(should=tuple(ways), needed=1)
    group = Group(must=(like,), should=_closer(of_title), only=(visible(viewer),), never=never)
    return group, replace(of_title, words=telling)


def visible(viewer: Viewer) -> Condition:
    """What exists for the viewer."""
    public = Is("published", (True,))
    inside = insider(viewer)
    return Group(should=(public, inside), needed=1) if inside else public


def insider(viewer: Viewer) -> Condition | None:
    """`Viewer.is_insider_of` for the engines; None for a viewer who is an insider of nothing."""
    ways: list[Condition] = []
    if not viewer.public_only:
        if viewer.everything_in:
            ways.append(Is("congress", tuple(_path(congress) for congress in viewer.everything_in)))
        if viewer.deputy_ids:
            ways.append(Is("deputy_ids", tuple(keyword(deputy) for deputy in viewer.deputy_ids)))
        if viewer.unit_ids:
            own = tuple(keyword(unit) for unit in viewer.unit_ids)
            ways += [Is("unit_ids", own), Is("reader_ids", own)]
    return Group(should=tuple(ways), needed=1) if ways else None


def facets(counts: Mapping[str, Mapping[Any, int]]) -> dict[str, list[FacetCount]]:
    """Counts by facet and value as the page has them."""
    page: dict[str, list[FacetCount]] = {}
    for name in FACETS:
        merged: Counter[str] = Counter()  # a unit may have had two names
        labels: dict[str, str] = {}
        for key, number in counts[name].items():
            value, _, label = str(key).partition("\t") if name == "unit" else (str(key), "", "")
            merged[value] += number
            labels[value] = label or value
        found = [FacetCount(value, labels[value], number) for value, number in merged.items()]
        page[name] = sorted(found, key=lambda facet: (-facet.count, facet.value))
    return page


def page_limit(limit: int) -> int:
    return max(1, min(limit, MOST_HITS))


def page_offset(offset: int) -> int:
    return max(0, min(offset, DEEPEST_OFFSET))


def _filters(query: Query, viewer: Viewer) -> list[Condition]:
    filters: list[Condition] = []
    for name in ("session", "kind", "category", "state"):
        if value := keyword(getattr(query, name)):
            filters.append(Is(name, (value,)))
    if query.congress is not None:
        filters.append(Is("congress", (_path(query.congress),)))
    if query.subtree:
        filters.append(Is("subtrees", (_path(query.subtree),)))
    if query.unit_id:
        filters.append(Is("unit_ids", (keyword(query.unit_id),)))
    if query.deputy_id:
        filters.append(Is("deputy_ids", (keyword(query.deputy_id),)))
    if query.year is not None:
        filters.append(Between("year", query.year, query.year))
    if query.key is not None:
        filters.append(Is("key", (query.key,)))
    if query.published is not None:
        filters.append(Is("published", (query.published,)))
    if query.submitted_from or query.submitted_to:
        low, high = (_day(day) if day else None for day in (query.submitted_from, query.submitted_to))
        filters.append(Between("submitted", low, high))
    if query.reply_class:
        wanted = keyword(query.reply_class)
        public, inside = Is("public_reply_class", (wanted,)), insider(viewer)
        private = Group(only=(Is("reply_class", (wanted,)), inside)) if inside else None
        filters.append(Group(should=(public, private), needed=1) if private else public)
    return filters


def _word(word: Word, viewer: Viewer) -> Condition:
    """The word in one of the texts that the viewer may see."""
    ways: list[Condition] = [
        Weighted(_in_text(word, text), weight) for text, weight in TEXTS.items() if text != "private_reply"
    ]
    if inside := insider(viewer):
        private = Group(must=(_in_text(word, "private_reply"),), only=(inside,))
        ways.append(Weighted(private, TEXTS["private_reply"]))
    return Best(tuple(ways))


def _in_text(word: Word, text: str) -> Condition:
    as_word = Is(f"{text}_words", (word.text,))
    if len(word.atoms) == 1:
        return as_word
    return Group(must=(_in_grams(word, text),), should=(as_word,))


def _in_grams(word: Word, text: str) -> Condition:
    grams = word.grams
    return Is(f"{text}_grams", grams) if len(grams) == 1 else InARow(f"{text}_grams", grams)


def _closer(words: QueryWords) -> tuple[Condition, ...]:
    """Makes those rank higher that have what was typed in one go in one go."""
    texts = {"title": 2.0, "about": 2.0, "body": 1.0}.items()
    return tuple(
        Best(tuple(Weighted(_in_grams(run, text), weight) for text, weight in texts)) for run in words.runs
    )


def keyword(value: str) -> str:
    """A value as it is indexed and filtered by: whole characters, of a length that every engine takes."""
    return value[:200].encode("utf-8", "replace").decode()


def subtrees(congress: str) -> list[str]:
    """All congresses in whose area this one lies, itself included: "43.01" → ["/", "/43", "/43.01"]."""
    parts = congress.split(".") if congress else []
    return [_path(".".join(parts[:length])) for length in range(len(parts) + 1)]


def _path(congress: str) -> str:
    """Marked, because engines have no empty values and the National People's Congress is one."""
    return keyword(f"/{congress}")


def _labelled_units(document: Document) -> list[str]:
    """A unit's id and name in one value, so that a facet can name what it counts."""
    names = [*document.units, *[""] * len(document.unit_ids)]
    labelled = {unit: f"{unit}\t{name}" for unit, name in zip(document.unit_ids, names, strict=False) if unit}
    return [keyword(value) for value in labelled.values()]


def _day(day: date) -> int:
    return day.toordinal()


def _newest(document: Document) -> int:
    """Orders by date, then by the time in the id (a UUIDv7 begins with its milliseconds), in one number."""
    try:
        made = int(document.id.replace("-", "")[:12], 16) & ((1 << 43) - 1)
    except ValueError:
        made = 0
    return (_day(document.submitted_on) if document.submitted_on else 0) << 43 | made


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_whole(k): _whole(v) for k, v in value.items()}
    return [_whole(item) for item in value] if isinstance(value, list | tuple) else value
