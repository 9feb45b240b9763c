"""Elasticsearch away, wiped, or shared by several processes. No embedded counterpart."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import elasticsearch
import pytest

from services.search.engine import PUBLIC, Document, Query
from services.search.engine.elastic import ElasticEngine
from shared.problems import Unavailable

pytestmark = pytest.mark.real
ROOT = Path(__file__).parents[3]
IT = Document(id="it", title="公路", published=True)


def test_nobody_there():
    engine = ElasticEngine("http://127.0.0.1:9")
    assert not engine.healthy()
    for call in (
        lambda: engine.search(Query("公路"), PUBLIC),
        lambda: engine.similar("农村公路", "", PUBLIC),
        lambda: engine.index([IT]),
        lambda: engine.remove(["it"]),
        lambda: engine.begin_rebuild(),
        lambda: engine.count(),
        lambda: engine.refresh(),
    ):
        with pytest.raises(Unavailable, match="检索服务"):
            call()
    engine.close()


@pytest.fixture
def two(elasticsearch_url, elastic_prefix):
    """The engines of two processes."""
    engines = [ElasticEngine(elasticsearch_url, elastic_prefix) for _ in range(2)]
    yield engines
    for engine in engines:
        engine.close()


def total(engine: ElasticEngine) -> int:
    engine.refresh()
    return engine.search(Query("公路"), PUBLIC).total


def test_a_rebuild_by_another_process(two):
    mine, theirs = two
    mine.index([IT])
    target = theirs.begin_rebuild()
    mine.index([Document(id="new", title="公路", published=True)])
    mine.remove(["it"])
    theirs.index([IT], target)
    theirs.finish_rebuild(target)
    assert total(mine) == total(theirs) == 1
    mine.index([IT])
    assert total(mine) == total(theirs) == 2


def test_wiped_it_starts_anew(two, elasticsearch_url, elastic_prefix):
    mine, _ = two
    mine.index([IT])
    with elasticsearch.Elasticsearch(elasticsearch_url) as client:
        client.indices.delete(index=f"{elastic_prefix}-v2-first")
        with pytest.raises(Unavailable):
            mine.search(Query("公路"), PUBLIC)
        assert total(mine) == 0
        mine.index([IT])
        assert total(mine) == 1
        client.indices.delete(index=f"{elastic_prefix}-v2-first")
        with pytest.raises(Unavailable):  # not into an index that Elasticsearch makes up, without our mapping
            mine.remove(["it"])
        assert list(client.indices.get(index=f"{elastic_prefix}*")) == []
        mine.index([IT])
        assert total(mine) == 1


UNDER_EVENTLET = """
    import eventlet
    eventlet.monkey_patch()
    import sys, time
    from services.search.engine import PUBLIC, Document, Query
    from services.search.engine.elastic import ElasticEngine

    engine = ElasticEngine(*sys.argv[1:])
    turns = []
    eventlet.spawn(lambda: [(turns.append(1), eventlet.sleep(0.002)) for _ in range(10_000)])
    documents = [Document(id=str(n), title="公路", published=True) for n in range(1_000)]
    engine.index(documents)
    engine.refresh()
    pool = eventlet.GreenPool(8)
    totals = set(pool.imap(lambda _: engine.search(Query("公路"), PUBLIC).total, range(40)))
    print(totals, len(turns) > 20)
"""


def test_under_eventlet_others_go_on(elasticsearch_url, elastic_prefix):
    program = [sys.executable, "-W", "ignore", "-c", textwrap.dedent(UNDER_EVENTLET)]
    done = subprocess.run(
        [*program, elasticsearch_url, elastic_prefix], capture_output=True, text=True, timeout=60, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.stdout.strip() == "{1000} True", done.stderr
