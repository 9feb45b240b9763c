"""Brings changed documents from the tables into the engine, in batches, after the change has been committed."""

from __future__ import annotations

import sqlalchemy as sa
import structlog

from services.search import tables
from services.search.engine import Engine
from services.search.model import document
from shared.problems import Unavailable
from shared.runtime import Runtime
from shared.settings import Settings

log = structlog.get_logger()

BATCH = 500
_engines: dict[str, Engine] = {}


def engine_of(settings: Settings) -> Engine:
    """The engine of these settings: Elasticsearch where it is named, else tantivy below the data folder."""
    where = settings.search_url or str(settings.home / "search")
    if where not in _engines:
        if settings.search_url:
            from services.search.engine.elastic import ElasticEngine

            _engines[where] = ElasticEngine(settings.search_url)
        else:
            from services.search.engine.embedded import EmbeddedEngine

            _engines[where] = EmbeddedEngine(settings.home / "search")
    return _engines[where]


def index_changes(runtime: Runtime) -> None:
    """Index what is stale. While the engine is away it stays stale, and is indexed once it is back."""
    table = tables.documents
    query = sa.select(table.c.id, table.c.congress, table.c.dossier).where(table.c.stale).limit(BATCH)
    with runtime.database.reading() as connection:
        if connection.execute(query.limit(1)).first() is None:
            return
    while True:
        # The rows stay locked while they are indexed: another replica must not overtake with a newer text and then be
        # overwritten with this older one.
        with runtime.database.writing() as connection:
            rows = connection.execute(query.with_for_update(skip_locked=True)).all()
            if not rows:
                return
            found = [d for row in rows if (d := document(row.id, row.congress, row.dossier)) is not None]
            try:
                engine_of(runtime.settings).index(found)
            except Unavailable as problem:
                log.warning("index waits", problem=problem.detail)
                return
            ids = [row.id for row in rows]
            connection.execute(sa.update(table).where(table.c.id.in_(ids)).values(stale=False))


def rebuild_index(runtime: Runtime) -> int:
    """Fill a new index from the tables beside the one that answers, then swap. Returns how many documents."""
    engine, table = engine_of(runtime.settings), tables.documents
    target, after, count = engine.begin_rebuild(), "", 0
    while True:
        query = (
            sa.select(table.c.id, table.c.congress, table.c.dossier)
            .where(table.c.id > after)
            .order_by(table.c.id)
        )
        with runtime.database.reading() as connection:
            rows = connection.execute(query.limit(BATCH)).all()
        if not rows:
            break
        count += engine.index(
            [d for row in rows if (d := document(row.id, row.congress, row.dossier)) is not None], target
        )
        after = rows[-1].id
    engine.finish_rebuild(target)
    return count
