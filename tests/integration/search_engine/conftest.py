"""One search engine after the other, empty at first, and what the tests of both say often."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import elasticsearch
import pytest

from servers import ServerFailed, real_servers
from services.search.engine import PUBLIC, Document, Engine, Page, Query, Viewer, open_engine
from services.search.engine.elastic import ElasticEngine


@dataclass
class Library:
    """An engine and the suggestions in it, by names that a test can read."""

    engine: Engine
    ids: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, target: str | None = None, **values: Any) -> Document:
        """Index a suggestion, or change the one of that name."""
        document = self.document(name, **values)
        self.engine.index([document], target)
        self.engine.refresh()
        return document

    def document(self, name: str, **values: Any) -> Document:
        id_ = self.ids.setdefault(name, str(uuid.uuid4()))
        return Document(**{"id": id_, "congress": "43", "published": True, "title": name, **values})

    def remove(self, *names: str) -> None:
        self.engine.remove(self.ids[name] for name in names)
        self.engine.refresh()

    def page(self, text: str = "", viewer: Viewer = PUBLIC, **query: Any) -> Page:
        return self.engine.search(Query(text, **query), viewer)

    def find(self, text: str = "", viewer: Viewer = PUBLIC, **query: Any) -> set[str]:
        """The names of what a search finds; its total must agree."""
        page = self.page(text, viewer, **query)
        assert page.total == len(page.hits)
        return {self.name(hit.id) for hit in page.hits}

    def listed(self, text: str = "", viewer: Viewer = PUBLIC, **query: Any) -> list[str]:
        """The same in the order of the page."""
        return [self.name(hit.id) for hit in self.page(text, viewer, **query).hits]

    def facet(self, name: str, text: str = "", viewer: Viewer = PUBLIC, **query: Any) -> dict[str, int]:
        return {facet.value: facet.count for facet in self.page(text, viewer, **query).facets[name]}

    def like(self, title: str, body: str = "", viewer: Viewer = PUBLIC, exclude: str = "") -> list[str]:
        hits = self.engine.similar(title, body, viewer, exclude_id=self.ids[exclude] if exclude else None)
        return [self.name(hit.id) for hit in hits]

    def name(self, id_: str) -> str:
        return next(name for name, known in self.ids.items() if known == id_)


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """JIANYI_SEARCH_URL, or a node of our own. Fails, saying what to do, where neither is to be had."""
    if url := os.environ.get("JIANYI_SEARCH_URL"):
        yield url
        return
    try:
        with real_servers(parts={"elasticsearch"}, fast=True) as servers:
            yield servers.search
    except ServerFailed as failure:
        pytest.fail(f"No Elasticsearch to test with; set JIANYI_SEARCH_URL to one. {failure}", pytrace=False)


@pytest.fixture
def elastic_prefix(elasticsearch_url: str) -> Iterator[str]:
    """A prefix for the indices of one test, which are deleted after it."""
    prefix = f"test-{uuid.uuid4().hex[:12]}"
    yield prefix
    with elasticsearch.Elasticsearch(elasticsearch_url) as client:
        for index in client.indices.get(index=f"{prefix}-*", expand_wildcards="all"):
            client.indices.delete(index=index)


@pytest.fixture(
    params=[
        pytest.param("embedded", marks=pytest.mark.embedded),
        pytest.param("elastic", marks=pytest.mark.real),
    ]
)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    engine: Engine
    if request.param == "embedded":
        engine = open_engine("", tmp_path / "index")
    else:
        url, prefix = request.getfixturevalue("elasticsearch_url"), request.getfixturevalue("elastic_prefix")
        engine = ElasticEngine(url, prefix)
    yield engine
    engine.close()


@pytest.fixture
def library(engine: Engine) -> Library:
    return Library(engine)


@pytest.fixture(scope="session")
def text_of() -> Callable[[str], str]:
    """The text that highlighted HTML shows, by the rules of HTML. Fails if there is any tag but mark."""

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__(convert_charrefs=True)
            self.text, self.depth = "", 0

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert (tag, attrs, self.depth) == ("mark", [], 0)
            self.depth += 1

        def handle_endtag(self, tag: str) -> None:
            assert (tag, self.depth) == ("mark", 1)
            self.depth -= 1

        def handle_data(self, data: str) -> None:
            self.text += data

        def refuse(self, data: str) -> None:
            raise AssertionError(data)

        handle_comment = handle_decl = handle_pi = unknown_decl = refuse  # type: ignore[assignment]

    def read(html: str) -> str:
        reader = Reader()
        reader.feed(html)
        reader.close()
        assert reader.depth == 0
        return reader.text

    return read
