"""The search engine's port: what the search service needs of an engine, whichever engine that is.

Two engines stand behind it, `embedded` (tantivy, one process, a folder) and `elastic` (Elasticsearch).
They find the same documents for the same query and viewer, because all that decides a match is done once
and here in Python:

    segmentation   text → tokens, query → words; the one dictionary
    matching       document → index fields; query and viewer → conditions on these fields
    highlighting   where a hit's text shows the words that were asked for

An engine only stores the fields and translates the conditions. The index is a projection: it may be
lost, and is then filled again with `begin_rebuild`, `index(…, target)`, `finish_rebuild`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol

MOST_HITS = 100  # on one page
DEEPEST_OFFSET = 10_000  # a list is not read further than this; whoever needs more narrows the search
FACETS = ("year", "category", "unit", "reply_class", "state")


@dataclass
class Document:
    """A suggestion as it is searched for. Everything but `id` may be missing.

    `congress` is the division's path, "43.01.81"; "" is the National People's Congress. Who sees what:

    - insiders of the document (see `Viewer`) see all of it;
    - everybody else sees it once `published` is true, and then neither `private_reply` nor `extra`; nor
      `reply_class` while there is no `public_reply`. What they do not see cannot be searched, filtered,
      counted or highlighted.
    """

    id: str
    congress: str = ""
    year: int | None = None
    session: str = ""
    number: str = ""  # as people cite it: 第十三届五次会议第0123号
    title: str = ""
    body: str = ""
    public_reply: str = ""  # text of the replies that are public (主动公开)
    private_reply: str = ""  # text of those that are not (依申请公开、不公开)
    kind: str = ""  # suggestion, criticism or opinion
    category: str = ""
    state: str = ""
    deputies: list[str] = field(default_factory=list)  # names
    deputy_ids: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)  # names, in the order of unit_ids
    unit_ids: list[str] = field(default_factory=list)
    reader_ids: list[str] = field(
        default_factory=list
    )  # units that have a part of it or watch over it: insiders, unnamed
    reply_class: str = ""  # A, B, C, D or as the place has it; "" while there is no reply
    key: bool = False
    published: bool = False
    submitted_on: date | None = None
    honours: list[str] = field(default_factory=list)  # as 2023年度优秀建议; given back, never searched
    extra: dict[str, Any] = field(default_factory=dict)  # JSON for insiders; given back, never searched

    def as_dict(self) -> dict[str, Any]:
        """JSON values, as `from_dict` takes them."""
        values = {name: getattr(self, name) for name in DOCUMENT_FIELDS}
        values["submitted_on"] = self.submitted_on.isoformat() if self.submitted_on else None
        return values

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Document:
        """Raises TypeError for unknown names and ValueError for a `submitted_on` that is no ISO date."""
        known = dict(values)
        if submitted_on := known.get("submitted_on"):
            known["submitted_on"] = date.fromisoformat(submitted_on)
        return cls(**known)


DOCUMENT_FIELDS = tuple(f.name for f in fields(Document))


@dataclass(frozen=True)
class Viewer:
    """Who is asking, as far as it decides what exists for them. `Viewer()` is the public.

    An insider of a document is: the liaison office of exactly its congress, a deputy who leads or
    cosigns it, a unit that handles it or reads it. With `public_only` even an insider looks with the public's eyes.
    """

    everything_in: tuple[str, ...] = ()  # congresses' paths, exactly; not what is below them
    deputy_ids: tuple[str, ...] = ()  # one person may hold seats at several levels
    unit_ids: tuple[str, ...] = ()
    public_only: bool = False

    def is_insider_of(self, document: Document) -> bool:
        """The rule in Python. `matching.insider` states it for the engines; the tests compare the two."""
        return not self.public_only and (
            document.congress in self.everything_in
            or not set(self.deputy_ids).isdisjoint(document.deputy_ids)
            or not set(self.unit_ids).isdisjoint((*document.unit_ids, *document.reader_ids))
        )


PUBLIC = Viewer()


@dataclass(frozen=True)
class Query:
    """What is asked for. None, and "" where it is no congress, mean: do not filter by this.

    `text` is what a person typed: words (all must occur, see `segmentation.query_words`), "phrases" in
    quotes. Any text is good; without anything to search for in it the newest documents that pass the
    filters are listed. `subtree` is a congress with all those below it, `congress` exactly one. Dates
    are inclusive.
    """

    text: str = ""
    subtree: str | None = None
    congress: str | None = None
    year: int | None = None
    session: str = ""
    kind: str = ""
    category: str = ""
    unit_id: str = ""
    deputy_id: str = ""
    state: str = ""
    reply_class: str = ""
    key: bool | None = None
    published: bool | None = None
    submitted_from: date | None = None
    submitted_to: date | None = None
    sort: Literal["relevance", "newest"] = "relevance"
    limit: int = 20  # cut to 1 … MOST_HITS
    offset: int = 0  # cut to 0 … DEEPEST_OFFSET


@dataclass(frozen=True)
class Hit:
    """One document found. The highlights are HTML: the text escaped, what matched in `<mark>`.

    `title_highlight` is the title, `body_highlight` some 120 characters of the body, `reply_highlight`
    of the first reply that has a match ("" without one). `document` is what the viewer may see of it,
    without body and replies.
    """

    id: str
    score: float
    title_highlight: str
    body_highlight: str
    reply_highlight: str
    document: Document


@dataclass(frozen=True)
class FacetCount:
    """So many of the documents found have this value. `label` is for people: of a unit's id the name."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class Page:
    """What was found. `total` and `facets` (by the names in FACETS, most frequent first) count all of it."""

    total: int
    hits: list[Hit]
    facets: dict[str, list[FacetCount]]


class Engine(Protocol):
    """An engine. Methods raise shared.problems.Unavailable when it cannot be reached or written to."""

    def index(self, documents: Iterable[Document], target: str | None = None) -> int:
        """Add documents, or replace those with the same id; the number of documents.

        When it returns they are durable, and `refresh` at the latest makes them found. A call is one
        batch: hundreds of documents in one call cost little more than one. When it raises, repeat it:
        some may be in, none is damaged.

        With `target` they go into that rebuild instead, except those
        that were changed or removed since it began. While a rebuild is open, a call without target
        reaches it too. So commit a change to your own data first, then index it, and a rebuild that
        began in between cannot miss it.
        """

    def remove(self, ids: Iterable[str]) -> None:
        """Remove documents; unknown ids are fine. Durable and found as with `index`."""

    def refresh(self) -> None:
        """Let searches find all that is indexed. Embedded: they do anyway. Elasticsearch: in a second."""

    def search(self, query: Query, viewer: Viewer) -> Page:
        """The documents that match the query and exist for the viewer."""

    def similar(
        self, title: str, body: str, viewer: Viewer, *, exclude_id: str | None = None, limit: int = 5
    ) -> list[Hit]:
        """Documents about the same as this draft, the most similar first; titles weigh more. For use
        while typing.
        """

    def count(self) -> int:
        """All documents, whoever may see them."""

    def begin_rebuild(self) -> str:
        """Open an empty index beside the one that answers; its name is the `target`. Drops one left open
        before.
        """

    def finish_rebuild(self, target: str) -> None:
        """Let `target` answer from now on, in one step, and drop the old one. Raises Unavailable if it
        is gone.
        """

    def abandon_rebuild(self, target: str) -> None:
        """Drop `target`; fine if it is gone."""

    def healthy(self) -> bool:
        """Whether it can answer now. Never raises."""

    def close(self) -> None:
        """Give back files and connections. The engine is not used after this."""


def open_engine(url: str, folder: Path) -> Engine:
    """Elasticsearch at `url`, or tantivy in `folder` when there is no URL. Loads only the one that is used."""
    if url:
        from services.search.engine.elastic import ElasticEngine

        return ElasticEngine(url)
    from services.search.engine.embedded import EmbeddedEngine

    return EmbeddedEngine(folder)
