"""Both engines against the rules written down a second time, in the plainest way, over random documents."""

from __future__ import annotations

import itertools
import random
import re

import pytest

from services.search.engine import PUBLIC, Document, Query, Viewer
from services.search.engine.segmentation import query_words

CONGRESSES = ["", "43", "43.01", "43.01.81", "44"]
WORDS = ["公路", "社保", "社保费", "养老", "学校", "公", "路", "保", "5g", "会场"]


def random_document(chance: random.Random, number: int) -> Document:
    def text() -> str:
        return "".join(chance.choices([*WORDS, "，", "的"], k=chance.randint(0, 6)))

    def some(prefix: str) -> list[str]:
        return chance.sample([f"{prefix}{n}" for n in range(4)], chance.randint(0, 2))

    return Document(
        id=f"{number:08}-0000-7000-8000-000000000000",
        congress=chance.choice(CONGRESSES),
        year=chance.choice([2022, 2023]),
        title=text(),
        body=text(),
        public_reply=chance.choice(["", text()]),
        private_reply=chance.choice(["", text()]),
        reply_class=chance.choice(["", "A", "B"]),
        deputy_ids=some("d"),
        unit_ids=some("u"),
        published=chance.random() < 0.4,
    )


def has(text: str, word: str) -> bool:
    """Whether the word is in the text; letters and digits only as a whole."""
    return bool(re.search(r"(?<![a-z0-9])5g(?![a-z0-9])", text)) if word == "5g" else word in text


def exists_for(document: Document, viewer: Viewer) -> tuple[bool, bool]:
    """Whether the viewer sees it, and whether as an insider."""
    inside = not viewer.public_only and (
        document.congress in viewer.everything_in
        or any(d in document.deputy_ids for d in viewer.deputy_ids)
        or any(u in document.unit_ids for u in viewer.unit_ids)
    )
    return inside or document.published, inside


def matches(document: Document, query: Query, viewer: Viewer) -> bool:
    sees, inside = exists_for(document, viewer)
    texts = [document.title, document.body, document.public_reply, document.private_reply if inside else ""]
    if not sees or (query.year and document.year != query.year):
        return False
    if query.subtree and f"{document.congress}.".find(f"{query.subtree}.") != 0:
        return False
    known_class = document.reply_class if inside or document.public_reply else ""
    if query.reply_class and known_class != query.reply_class:
        return False
    return all(any(has(text, word.text) for text in texts) for word in query_words(query.text).words)


VIEWERS = [
    PUBLIC,
    Viewer(everything_in=("43.01",)),
    Viewer(everything_in=("", "43")),
    Viewer(deputy_ids=("d0", "d3")),
    Viewer(unit_ids=("u1",)),
    Viewer(everything_in=("44",), deputy_ids=("d1",), unit_ids=("u2", "u3")),
    Viewer(everything_in=("43",), unit_ids=("u1",), public_only=True),
]


@pytest.mark.parametrize("seed", range(3))
def test_the_engine_finds_and_counts_what_the_rules_say(engine, seed):
    chance = random.Random(seed)
    documents = [random_document(chance, number) for number in range(90)]
    engine.index(documents)
    engine.refresh()

    texts = [*WORDS, "", "公路 养老", "社保费 学校 公路", "的 公路"]
    filters = [
        {},
        {"year": 2022},
        {"subtree": "43"},
        {"reply_class": "A"},
        {"subtree": "43.01", "reply_class": "B"},
    ]
    for viewer, text, narrowed in itertools.product(VIEWERS, texts, filters):
        query = Query(text, limit=100, **narrowed)
        expected = [document for document in documents if matches(document, query, viewer)]
        page = engine.search(query, viewer)

        assert {hit.id for hit in page.hits} == {document.id for document in expected}, (query, viewer)
        assert page.total == len(expected)
        years = {str(year): sum(d.year == year for d in expected) for year in (2022, 2023)}
        assert {f.value: f.count for f in page.facets["year"]} == {year: n for year, n in years.items() if n}
        known = [d.reply_class for d in expected if exists_for(d, viewer)[1] or d.public_reply]
        classes = {letter: known.count(letter) for letter in "AB" if letter in known}
        assert {f.value: f.count for f in page.facets["reply_class"]} == classes
        for hit, document in ((h, d) for h in page.hits for d in expected if d.id == h.id):
            assert viewer.is_insider_of(document) == exists_for(document, viewer)[1]
            if not viewer.is_insider_of(document):
                assert (
                    hit.reply_highlight.replace("<mark>", "").replace("</mark>", "") in document.public_reply
                )
