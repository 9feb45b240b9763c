"""The embedded engine: tantivy, in this process, in a folder.

    folder/LOCK           held while an engine has the folder open; the system frees it when the process dies
    folder/CURRENT        the name of the index that answers
    folder/v2-…/          an index; a second one while a rebuild is open

What is not named in CURRENT when the folder is opened is left from a rebuild that was cut off, or from
another format, and is removed. Calls block: a search takes milliseconds, a commit waits for the disk
(5–20 ms). Threads may search; only one at a time may write.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
import structlog
import tantivy

from services.search.engine import Document, FacetCount, Hit, Page, Query, Viewer
from services.search.engine.highlighting import make_hit
from services.search.engine.matching import (
    FACET_FIELDS,
    FACET_SIZE,
    FACETED,
    FORMAT,
    INDEX_FIELDS,
    TIE,
    Best,
    Between,
    Condition,
    Group,
    InARow,
    Is,
    Weighted,
    condition,
    facets,
    index_fields,
    insider,
    pack,
    page_limit,
    page_offset,
    similar_condition,
    unpack,
)
from services.search.engine.segmentation import QueryWords, query_words
from shared.pace import aside, give_way
from shared.problems import Unavailable

WRITER_MEMORY = 20_000_000  # bytes; tantivy takes no less than 15 MB for its one thread

log = structlog.get_logger(__name__)


class EmbeddedEngine:
    """An `Engine` in a folder, which is made if it is missing. One process at a time."""

    def __init__(self, folder: Path, writer_memory: int = WRITER_MEMORY) -> None:
        self.folder = folder
        self._memory = writer_memory
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(folder / "LOCK")
        self._current = self._open_current()
        self._rebuild: _Index | None = None
        self._changed: set[str] = set()  # ids that were changed or removed since the rebuild began

    def index(self, documents: Iterable[Document], target: str | None = None) -> int:
        if target is not None:
            return self._target(target).write(documents, leaving=self._changed)
        if self._rebuild:
            documents = list(documents)
            self._changed |= {document.id for document in documents}
            self._rebuild.write(documents)
        return self._current.write(documents)

    def remove(self, ids: Iterable[str]) -> None:
        ids = list(ids)
        if self._rebuild:
            self._changed |= set(ids)
            self._rebuild.remove(ids)
        self._current.remove(ids)

    def refresh(self) -> None:
        """Nothing to do: every commit is followed by a reload."""

    def search(self, query: Query, viewer: Viewer) -> Page:
        return self._current.search(query, viewer, query_words(query.text))

    def similar(
        self, title: str, body: str, viewer: Viewer, *, exclude_id: str | None = None, limit: int = 5
    ) -> list[Hit]:
        asked = similar_condition(title, body, viewer, exclude_id)
        return self._current.hits(*asked, viewer, page_limit(limit)) if asked else []

    def count(self) -> int:
        return self._current.searcher.num_docs

    def begin_rebuild(self) -> str:
        if self._rebuild:
            self.abandon_rebuild(self._rebuild.name)
        self._rebuild, self._changed = self._new_index(), set()
        return self._rebuild.name

    def finish_rebuild(self, target: str) -> None:
        new, old = self._target(target), self._current
        self._name_current(new.name)
        self._current, self._rebuild, self._changed = new, None, set()
        old.drop()

    def abandon_rebuild(self, target: str) -> None:
        if self._rebuild and self._rebuild.name == target:
            self._rebuild.drop()
            self._rebuild, self._changed = None, set()

    def healthy(self) -> bool:
        return self._lock >= 0 and (self.folder / self._current.name / "meta.json").exists()

    def close(self) -> None:
        if self._lock >= 0:
            for index in filter(None, (self._current, self._rebuild)):
                index.close()
            os.close(self._lock)
            self._lock = -1

    def _target(self, target: str) -> _Index:
        if self._rebuild is None or self._rebuild.name != target:
            raise Unavailable("这次索引重建已被取消，请重新开始重建。")
        return self._rebuild

    def _open_current(self) -> _Index:
        pointer = self.folder / "CURRENT"
        name = pointer.read_text().strip() if pointer.exists() else ""
        current = None
        if name.startswith(f"v{FORMAT}-") and (self.folder / name).is_dir():
            try:
                current = _Index(self.folder / name, self._memory)
            except (ValueError, OSError) as error:
                log.warning(
                    "search index is damaged: starting with an empty one", index=name, error=str(error)
                )
        if current is None:
            current = self._new_index()
            self._name_current(current.name)
        for other in self.folder.glob("v*-*"):
            if other.name != current.name:
                shutil.rmtree(other, ignore_errors=True)
        return current

    def _new_index(self) -> _Index:
        return _Index(self.folder / f"v{FORMAT}-{uuid.uuid4().hex}", self._memory)

    def _name_current(self, name: str) -> None:
        """Durable and in one step: after a crash either the old name is there or the new one."""
        draft = self.folder / "CURRENT.new"
        with draft.open("w") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / "CURRENT")
        folder = os.open(self.folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


class _Index:
    """One tantivy index: its writer, opened with the first write, and the newest searcher."""

    def __init__(self, path: Path, memory: int) -> None:
        path.mkdir(exist_ok=True)
        self.path, self.name, self._memory = path, path.name, memory
        self.schema = _schema()
        self._index = tantivy.Index(self.schema, path=str(path))
        self._index.register_tokenizer(
            "spaces", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        self._index.config_reader("manual")
        self._writer: tantivy.IndexWriter | None = None
        self._alone = threading.Lock()  # one batch at a time: a commit lets others go on meanwhile
        self._reload()

    def write(self, documents: Iterable[Document], leaving: Collection[str] = ()) -> int:
        """Add or replace, all or none, `leaving` out those ids. Returns how many documents were given."""
        entries = []
        for document in documents:  # finding their words takes longer than all that follows
            give_way()
            entry = tantivy.Document.from_dict(index_fields(document), self.schema)
            entry.add_bytes("source", pack(document))
            entries.append((document.id, entry))
        with self._batch() as writer:
            for id_, entry in entries:
                if id_ not in leaving:
                    with _writing():
                        writer.delete_documents_by_term("id", id_)
                        writer.add_document(entry)
        return len(entries)

    def remove(self, ids: Iterable[str]) -> None:
        with self._batch() as writer:
            for id_ in ids:
                writer.delete_documents_by_term("id", id_)

    def search(self, query: Query, viewer: Viewer, words: QueryWords) -> Page:
        wanted = condition(query, viewer, words)
        newest = query.sort == "newest" or not words.words
        searcher = self.searcher  # one state of the index for all that follows
        found = searcher.search(
            _compile(wanted, self.schema),
            limit=page_limit(query.limit),
            offset=page_offset(query.offset),
            order_by_field="newest" if newest else None,
        )
        hits = [_hit(searcher, at, 0.0 if newest else score, viewer, words) for score, at in found.hits]
        total = found.count  # type: ignore[attr-defined]  # their stub lacks it
        return Page(total, hits, self._facets(searcher, wanted, viewer))

    def hits(self, wanted: Group, words: QueryWords, viewer: Viewer, limit: int) -> list[Hit]:
        searcher = self.searcher
        found = searcher.search(_compile(wanted, self.schema), limit=limit, count=False)
        return [_hit(searcher, at, score, viewer, words) for score, at in found.hits]

    def close(self) -> None:
        if self._writer:
            self._writer.wait_merging_threads()
            self._writer = None

    def drop(self) -> None:
        self._writer = None
        shutil.rmtree(self.path, ignore_errors=True)

    @contextmanager
    def _batch(self) -> Iterator[tantivy.IndexWriter]:
        """A writer; commits what it was given, or nothing if anything goes wrong."""
        with self._alone:
            with _writing():
                self._writer = writer = self._writer or self._index.writer(self._memory, 1)
            try:
                yield writer
                with _writing():
                    aside(writer.commit)
            except BaseException:
                try:
                    writer.rollback()
                except (ValueError, OSError):  # it broke: the next batch opens another
                    self._writer = None
                raise
            self._reload()

    def _reload(self) -> None:
        self._index.reload()
        self.searcher = self._index.searcher()

    def _facets(
        self, searcher: tantivy.Searcher, wanted: Group, viewer: Viewer
    ) -> dict[str, list[FacetCount]]:
        counts = self._terms(searcher, wanted, FACET_FIELDS)
        inside = insider(viewer)
        outside = Group(only=(wanted,), never=(inside,)) if inside else wanted
        classes = Counter(self._terms(searcher, outside, {"": "public_reply_class"})[""])
        if inside:
            classes.update(self._terms(searcher, Group(only=(wanted, inside)), {"": "reply_class"})[""])
        return facets({**counts, "reply_class": classes})

    def _terms(
        self, searcher: tantivy.Searcher, wanted: Condition, fields: dict[str, str]
    ) -> dict[str, dict[str, int]]:
        asked = {name: {"terms": {"field": field, "size": FACET_SIZE}} for name, field in fields.items()}
        answer: dict[str, Any] = searcher.aggregate(_compile(wanted, self.schema), asked)
        return {name: {b["key"]: int(b["doc_count"]) for b in answer[name]["buckets"]} for name in fields}


def _hit(
    searcher: tantivy.Searcher, at: tantivy.DocAddress, score: float, viewer: Viewer, words: QueryWords
) -> Hit:
    return make_hit(unpack(orjson.loads(searcher.doc(at)["source"][0])), score, viewer, words)


@contextmanager
def _writing() -> Iterator[None]:
    """Says in the port's way when the disk is full, or something else keeps tantivy from writing."""
    try:
        yield
    except (ValueError, OSError) as error:
        log.error("search index cannot be written", error=str(error))
        raise Unavailable("检索索引暂时无法写入，请检查磁盘空间。") from error


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name, kind in INDEX_FIELDS.items():
        if kind == "grams":
            builder.add_text_field(name, tokenizer_name="spaces", index_option="position")
        elif kind == "words":
            builder.add_text_field(name, tokenizer_name="spaces", index_option="freq")
        elif kind == "keyword":
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=name in FACETED)
        elif kind == "boolean":
            builder.add_boolean_field(name, indexed=True)
        else:
            builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_bytes_field("source", stored=True)
    return builder.build()


def _compile(condition: Condition, schema: tantivy.Schema) -> tantivy.Query:
    """The condition in tantivy's language."""
    must, should, never = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
    match condition:
        case Is(field, (value,)):
            return tantivy.Query.term_query(schema, field, value)
        case Is(field, values):
            return tantivy.Query.term_set_query(schema, field, values)
        case InARow(field, tokens):
            return tantivy.Query.phrase_query(schema, field, list(tokens))
        case Between(field, low, high):
            return tantivy.Query.range_query(schema, field, tantivy.FieldType.Integer, low, high)
        case Weighted(inner, weight):
            return tantivy.Query.boost_query(_compile(inner, schema), weight)
        case Best(of):
            return tantivy.Query.disjunction_max_query([_compile(inner, schema) for inner in of], TIE)
        case Group():
            clauses = [(must, _compile(inner, schema)) for inner in condition.must]
            clauses += [(should, _compile(inner, schema)) for inner in condition.should]
            clauses += [(must, _unscored(_compile(inner, schema))) for inner in condition.only]
            clauses += [(never, _compile(inner, schema)) for inner in condition.never]
            if not condition.must and not condition.only and not condition.needed:
                clauses.append((must, _unscored(tantivy.Query.all_query())))
            return tantivy.Query.boolean_query(clauses, condition.needed or None)


def _unscored(query: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(query, 0.0)


def _lock(path: Path) -> int:
    """An open file that is locked for this process."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(file)
        raise Unavailable(f"检索索引 {path.parent} 正被另一个进程使用。") from error
    return file
