"""What a hit shows. The highlighting is the same code for both engines, so most of this needs none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.search.engine.highlighting import SNIPPET, find, snippet
from services.search.engine.segmentation import query_words


def shown(text: str, query: str, length: int = SNIPPET) -> str:
    return snippet(text, query_words(query).words, length)


def test_hits_are_marked_and_escaped(library):
    library.put(
        "it",
        title='<script>alert("公路")</script>',
        body="修路。" * 100 + "农村公路<b>养护</b>" + "修桥。" * 100,
        public_reply="关于公路的答复 & 说明",
    )
    (hit,) = library.page("公路养护").hits
    assert hit.title_highlight == "&lt;script&gt;alert(&quot;<mark>公路</mark>&quot;)&lt;/script&gt;"
    assert "农村<mark>公路</mark>&lt;b&gt;<mark>养护</mark>&lt;/b&gt;" in hit.body_highlight
    assert hit.body_highlight.startswith("…") and hit.body_highlight.endswith("…")
    assert hit.reply_highlight == "关于<mark>公路</mark>的答复 &amp; 说明"
    assert (hit.document.title, hit.document.body) == ('<script>alert("公路")</script>', "")


def test_without_words_the_beginning_is_shown(library):
    library.put("it", title="标题", body="正文。" * 100, public_reply="答复")
    (hit,) = library.page().hits
    assert (hit.title_highlight, hit.body_highlight, hit.reply_highlight) == ("标题", "正文。" * 40 + "…", "")


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("社保费", "社保", "<mark>社保</mark>费"),
        ("社保费", "保费 社保", "<mark>社保费</mark>"),
        ("社保，费", "社保费", "社保，费"),
        ("ＧＤＰ增长", "gdp", "<mark>ＧＤＰ</mark>增长"),
        ("GDPX与gdp", "gdp", "GDPX与<mark>gdp</mark>"),
        ("第0123号、第1230号", "123号", "第<mark>0123号</mark>、第1230号"),
        ("占地100㎡。公路", "公路", "占地100㎡。<mark>公路</mark>"),
        ("占地100㎡", "100m2", "占地<mark>100㎡</mark>"),
        ("⑴公路⑵公路", "公路", "⑴<mark>公路</mark>⑵<mark>公路</mark>"),
        ("公路", "", "公路"),
        ("", "公路", ""),
    ],
)
def test_marks(text, query, expected):
    assert shown(text, query) == expected


def test_the_snippet_is_where_most_words_are():
    text = "公路。" + "、" * 300 + "公路养护资金" + "、" * 300 + "公路养护"
    assert "<mark>公路养护资金</mark>" in shown(text, "公路 养护 资金")


@given(st.text("社保费公路ab0１，。<>&\"'㎡ﬃİ \n", max_size=400), st.text("社保费公路ab01 ", max_size=8))
def test_any_text(text_of, text, query):
    html = shown(text, query, 50)
    plain = text_of(html)
    assert plain.strip("…") in text
    assert len(plain.strip("…")) <= 50
    unescaped = [text_of(mark) for mark in re.findall("<mark>(.*?)</mark>", html, re.DOTALL)]
    assert all(unescaped)
    assert bool(unescaped) == bool(find(text, query_words(query).words))
