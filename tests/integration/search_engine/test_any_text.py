"""Whatever people type or documents hold: nothing raises, and what is shown is harmless. On both engines."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.search.engine import PUBLIC, Query

NASTY = [
    "", " ", "\x00", "\ud800", "社保\udfff费", "\"'`", '"', "“", "((", "a AND (b OR", "title：社保", "社保^9", "*", "社*", "[1 TO", "\\",
    "/x/", "社保~2", "+-&|!{}", "<mark>社保</mark>", "<script>alert(1)</script>", "&lt;", "🚗🚗", "\u202e社保", "\ufeff社保",
    "𠮷野家", "㎡㏑ﬃ", "İstanbul", "१२३", "٣", "0000", "社" * 5000, "a" * 5000, "a1" * 3000, "社 " * 3000, "１２３４５６７８９０" * 50,
    "ก็", "가나다", "e\u0301", "が", "\r\n\t", "a\u00a0b", "null", "true", "43.01",
]  # fmt: skip
ANY_TEXT = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(), max_size=60),
    st.text("社保费公路的12ab０，。 \"“<>&'\x00\ud800", max_size=40),
)
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_is_stored_searched_and_shown(library, text_of, text):
    library.put(
        "it", title=text, body=text, public_reply=text, private_reply=text, number=text, kind=text, category=text,
        session=text, state=text, deputies=[text], deputy_ids=[text], units=[text], unit_ids=[text], reply_class=text,
        extra={"text": text},
    )  # fmt: skip
    library.put("other", title="公路")

    hits = library.page(text).hits + library.page("", category=text, unit_id=text, session=text).hits
    hits += library.engine.similar(text, text, PUBLIC)
    for hit in hits:
        for html in (hit.title_highlight, hit.body_highlight, hit.reply_highlight):
            assert text_of(html).encode().decode() == text_of(html)
    for facet in library.page().facets.values():
        for count in facet:
            assert count.label.encode().decode() == count.label


@FEW
@given(text=ANY_TEXT)
def test_any_query(library, text_of, text):
    library.put("it", title="社保费<b>公路", body="12 ab 的公路")
    for query in (
        Query(text),
        Query(kind=text, state=text),
        Query(subtree=text),
        Query(congress=text, deputy_id=text),
    ):
        for hit in library.engine.search(query, PUBLIC).hits:
            assert text_of(hit.title_highlight) == "社保费<b>公路"
    library.engine.similar(text, text, PUBLIC, exclude_id=text)


@FEW
@given(text=ANY_TEXT)
def test_any_document_is_found_by_its_own_beginning(library, text):
    library.put("it", title=text[:30])
    assert library.find(text[:30]) == {"it"}
