"""The production engine: Elasticsearch 8 or later, shared by every process of the search service.

    jianyi-suggestions-v2              alias of the index that answers
    jianyi-suggestions-v2-rebuilding   alias of the one that is being rebuilt; there while a rebuild is open
    jianyi-suggestions-v2-…            the indices

Needs only the core of Elasticsearch: tokens come in ready, separated by spaces. The names begin with the
format of the index, so that during an upgrade old and new processes each have their own. Whoever
upgraded drops the old one by hand.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import elastic_transport
import elasticsearch
import orjson
import structlog

from services.search.engine import (
    DEEPEST_OFFSET,
    FACETS,
    MOST_HITS,
    Document,
    FacetCount,
    Hit,
    Page,
    Query,
    Viewer,
)
from services.search.engine.highlighting import make_hit
from services.search.engine.matching import (
    FACET_FIELDS,
    FACET_SIZE,
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
from shared.problems import Unavailable

PREFIX = "jianyi-suggestions"
BATCH_DOCUMENTS = 400
BATCH_BYTES = 8_000_000  # of one bulk request, about
PATIENCE = 6  # attempts with documents that an overloaded node refuses, with growing pauses, 6 s in all
SEARCH_SECONDS = 10.0
WRITE_SECONDS = 60.0

# Of two writes of one document the one with the higher version wins, at equal versions the later one: what
# a rebuild copies never replaces what was changed, or brings back what was removed, while it ran (as long
# as gc_deletes).
REBUILT, LIVE = 0, 1

SETTINGS = {
    "number_of_shards": 1,  # 200,000 suggestions a year are small; one shard counts facets exactly
    "auto_expand_replicas": "0-1",
    "refresh_interval": "1s",  # said outright, or an index nobody searches stops refreshing
    "gc_deletes": "24h",
    "max_result_window": DEEPEST_OFFSET + MOST_HITS,
}
# A rebuild that breaks off is begun anew: nothing in it needs to be safe or found before it is finished.
WHILE_REBUILDING = {"auto_expand_replicas": False, "refresh_interval": "-1", "translog.durability": "async"}
AFTER_REBUILDING = {name: SETTINGS.get(name) for name in WHILE_REBUILDING}
TYPES: dict[str, dict[str, Any]] = {
    "grams": {"type": "text", "analyzer": "whitespace"},
    "words": {"type": "text", "analyzer": "whitespace", "index_options": "freqs"},
    "keyword": {"type": "keyword"},
    "boolean": {"type": "boolean"},
    "integer": {"type": "long"},
}
MAPPINGS = {
    "dynamic": False,
    "_source": {"includes": ["document"]},
    "properties": {name: TYPES[kind] for name, kind in INDEX_FIELDS.items()}
    | {"document": {"type": "object", "enabled": False}},
}

BULK_ANSWER = "errors,items.*.status,items.*.error"

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Write:
    """One line or two of a bulk request."""

    alias: str
    version: int
    id: str
    source: bytes | None  # None: remove

    def lines(self) -> list[bytes]:
        what = "delete" if self.source is None else "index"
        where = {
            "_index": self.alias,
            "_id": self.id,
            "version": self.version,
            "version_type": "external_gte",
        }
        head = orjson.dumps({what: where})
        return [head] if self.source is None else [head, self.source]


class ElasticEngine:
    """An `Engine` at `url` ("http://user:password@host:9200", several separated by commas).

    Connects with the first call; `prefix` begins the names of indices and aliases. Calls wait on
    sockets, so that under eventlet other greenlets go on.
    """

    def __init__(self, url: str, prefix: str = PREFIX) -> None:
        self._client = elasticsearch.Elasticsearch(
            url.split(","), request_timeout=SEARCH_SECONDS, max_retries=2
        )
        self._writer = self._client.options(request_timeout=WRITE_SECONDS)
        self._alias = f"{prefix}-v{FORMAT}"
        self._rebuilding = f"{self._alias}-rebuilding"
        self._prepared = False

    def index(self, documents: Iterable[Document], target: str | None = None) -> int:
        number, sent = 0, None
        with self._answering(), ThreadPoolExecutor(1) as sender:
            to = self._everywhere() if target is None else {self._of_rebuild(target): REBUILT}
            for batch in _batches(documents):
                number += len(batch)
                writes = [_Write(alias, version, *entry) for entry in batch for alias, version in to.items()]
                if sent:  # the next batch was made ready while Elasticsearch worked on the one before
                    sent.result()
                sent = sender.submit(self._write, writes)
            if sent:
                sent.result()
        return number

    def remove(self, ids: Iterable[str]) -> None:
        with self._answering():
            to = self._everywhere()
            if writes := [_Write(alias, version, id_, None) for id_ in ids for alias, version in to.items()]:
                self._write(writes)

    def refresh(self) -> None:
        with self._answering():
            self._writer.indices.refresh(index=self._alias)

    def search(self, query: Query, viewer: Viewer) -> Page:
        words = query_words(query.text)
        newest = query.sort == "newest" or not words.words
        asked: dict[str, Any] = {
            "from_": page_offset(query.offset),
            "track_total_hits": True,
            "aggs": _facets(viewer),
        }
        if newest:
            asked["sort"] = [{"newest": "desc"}]
        wanted = condition(query, viewer, words)
        answer, hits = self._search(wanted, words, viewer, page_limit(query.limit), asked)
        return Page(answer["hits"]["total"]["value"], hits, _counted(answer["aggregations"]))

    def similar(
        self, title: str, body: str, viewer: Viewer, *, exclude_id: str | None = None, limit: int = 5
    ) -> list[Hit]:
        asked = similar_condition(title, body, viewer, exclude_id)
        if asked is None:
            return []
        return self._search(*asked, viewer, page_limit(limit), {"track_total_hits": False})[1]

    def count(self) -> int:
        with self._answering():
            self._writer.indices.refresh(index=self._alias)
            return int(self._client.count(index=self._alias)["count"])

    def begin_rebuild(self) -> str:
        with self._answering():
            for left in self._indices(self._rebuilding):
                self._writer.indices.delete(index=left)
            target = f"{self._alias}-{uuid.uuid4().hex}"
            self._create(target, self._rebuilding, SETTINGS | WHILE_REBUILDING)
            return target

    def finish_rebuild(self, target: str) -> None:
        with self._answering():
            self._of_rebuild(target)
            self._writer.indices.put_settings(index=target, settings=AFTER_REBUILDING)
            self._writer.indices.flush(index=target)
            self._writer.indices.refresh(index=target)
            old = [{"remove_index": {"index": index}} for index in self._indices(self._alias)]
            self._writer.indices.update_aliases(
                actions=[
                    {"add": {"index": target, "alias": self._alias}},
                    {"remove": {"index": target, "alias": self._rebuilding}},
                    *old,
                ]
            )

    def abandon_rebuild(self, target: str) -> None:
        with self._answering():
            if target in self._indices(self._rebuilding):
                self._writer.indices.delete(index=target)

    def healthy(self) -> bool:
        try:
            with self._answering():
                return self._client.cluster.health(index=self._alias, timeout="2s")["status"] != "red"
        except Unavailable:
            return False

    def close(self) -> None:
        self._client.close()

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Makes the index that answers if there is none, and turns the client's errors into the port's."""
        try:
            if not self._prepared:
                if not self._client.indices.exists_alias(name=self._alias):
                    self._create(f"{self._alias}-first", self._alias, SETTINGS)
                self._prepared = True
            yield
        except (elastic_transport.TransportError, elasticsearch.ApiError) as error:
            self._prepared = False  # it may have been wiped
            log.warning("search engine did not answer", error=str(error)[:500])
            raise Unavailable("检索服务暂时无法使用，请稍后再试。") from error

    def _create(self, index: str, alias: str, settings: Mapping[str, Any]) -> None:
        try:
            self._writer.indices.create(
                index=index, aliases={alias: {}}, settings=settings, mappings=MAPPINGS
            )
        except elasticsearch.BadRequestError as error:
            if error.error != "resource_already_exists_exception":  # another process was faster
                raise

    def _indices(self, alias: str) -> list[str]:
        try:
            return list(self._client.indices.get_alias(name=alias))
        except elasticsearch.NotFoundError:
            return []

    def _of_rebuild(self, target: str) -> str:
        """The alias to write to; raises Unavailable if this rebuild is no longer open."""
        if self._indices(self._rebuilding) != [target]:
            raise Unavailable("这次索引重建已被取消，请重新开始重建。")
        return self._rebuilding

    def _everywhere(self) -> dict[str, int]:
        """Where a change goes to: the index that answers and, if there is one, the rebuild."""
        found = self._client.indices.get_alias(index=f"{self._alias}-*")
        aliases = {alias for index in found.values() for alias in index["aliases"]}
        if (
            self._alias not in aliases
        ):  # wiped; a removal would make Elasticsearch invent an index of that name
            self._prepared = False
            raise Unavailable("检索索引不存在，需要重建。")
        return {alias: LIVE for alias in (self._alias, self._rebuilding) if alias in aliases}

    def _write(self, writes: list[_Write]) -> None:
        """One bulk request, and again for what an overloaded node refused."""
        for attempt in range(PATIENCE):
            if attempt:
                time.sleep(0.1 * 2**attempt)
            lines = [line for write in writes for line in write.lines()]
            answer = self._writer.bulk(
                operations=cast(Any, lines), require_alias=True, filter_path=BULK_ANSWER
            )
            if not answer["errors"]:
                return
            items = [next(iter(item.values())) for item in answer["items"]]
            writes = [write for write, item in zip(writes, items, strict=True) if self._again(write, item)]
            if not writes:
                return
        raise Unavailable("检索服务繁忙，请稍后再试。")

    def _again(self, write: _Write, item: Mapping[str, Any]) -> bool:
        """Whether to repeat this write. Raises Unavailable if it can never succeed."""
        status = item["status"]
        if "error" not in item or status == 409:  # 409: there is a newer one
            return False
        if status == 404 and write.alias == self._rebuilding and write.version == LIVE:
            return False  # the rebuild is just over, and the other write of the pair is enough
        if status in (404, 429):  # 404: the alias was just switched to the next index
            return True
        log.error("search engine refused a document", id=write.id, error=item["error"])
        raise Unavailable("检索服务未能收录这件建议。")

    def _search(
        self, wanted: Group, words: QueryWords, viewer: Viewer, limit: int, asked: dict[str, Any]
    ) -> tuple[Any, list[Hit]]:
        with self._answering():
            answer = self._client.search(index=self._alias, query=_compile(wanted), size=limit, **asked)
        found = [
            (unpack(hit["_source"]["document"]), hit.get("_score") or 0.0) for hit in answer["hits"]["hits"]
        ]
        return answer, [make_hit(document, score, viewer, words) for document, score in found]


def _batches(documents: Iterable[Document]) -> Iterator[list[tuple[str, bytes]]]:
    """Ids and sources, as many as go well into one request."""
    batch: list[tuple[str, bytes]] = []
    size = 0
    for document in documents:
        source = orjson.dumps(index_fields(document))[:-1] + b',"document":' + pack(document) + b"}"
        batch.append((document.id, source))
        size += len(source)
        if len(batch) >= BATCH_DOCUMENTS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _facets(viewer: Viewer) -> dict[str, Any]:
    """The facets of the hits; classes of replies that are not public only where the viewer is an insider."""
    aggs: dict[str, Any] = {name: _terms(field) for name, field in FACET_FIELDS.items()}
    if inside := insider(viewer):
        outside = _compile(Group(never=(inside,)))
        aggs["inside"] = {"filter": _compile(inside), "aggs": {"reply_class": _terms("reply_class")}}
        aggs["outside"] = {"filter": outside, "aggs": {"reply_class": _terms("public_reply_class")}}
    else:
        aggs["reply_class"] = _terms("public_reply_class")
    return aggs


def _terms(field: str) -> dict[str, Any]:
    return {"terms": {"field": field, "size": FACET_SIZE}}


def _counted(answer: Mapping[str, Any]) -> dict[str, list[FacetCount]]:
    counts: dict[str, Counter[Any]] = {name: Counter() for name in FACETS}
    for name, part in answer.items():
        if name in ("inside", "outside"):
            name, part = "reply_class", part["reply_class"]
        counts[name].update({bucket["key"]: bucket["doc_count"] for bucket in part["buckets"]})
    return facets(counts)


def _compile(condition: Condition) -> dict[str, Any]:
    """The condition in Elasticsearch's language."""
    match condition:
        case Is(field, (value,)):
            return {"term": {field: value}}
        case Is(field, values):
            return {"terms": {field: list(values)}}
        case InARow(field, tokens):
            return {"match_phrase": {field: " ".join(tokens)}}
        case Between(field, low, high):
            return {"range": {field: {"gte": low, "lte": high}}}
        case Weighted(inner, weight):
            return {"bool": {"must": [_compile(inner)], "boost": weight}}
        case Best(of):
            return {"dis_max": {"queries": [_compile(inner) for inner in of], "tie_breaker": TIE}}
        case Group(must, should, needed, only, never):
            parts = {"must": must, "should": should, "filter": only, "must_not": never}
            clauses: dict[str, Any] = {
                name: [_compile(inner) for inner in part] for name, part in parts.items() if part
            }
            return {"bool": clauses | {"minimum_should_match": needed}}
