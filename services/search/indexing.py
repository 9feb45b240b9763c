"""Brings changed documents from the tables into the engine, in batches, after the change has been committed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
import structlog

from services.search import tables
from services.search.engine import Document, Engine, open_engine
from services.search.model import document
from shared.problems import Unavailable
from shared.runtime import Runtime
from shared.settings import Settings

log = structlog.get_logger()

BATCH = 500
_engines: dict[str, Engine] = {}
_t = tables.documents.c
_STALE = sa.select(_t.id, _t.congress, _t.dossier, _t.changes).where(_t.stale).limit(BATCH)
_FREE = (
    sa.select(_t.id)
    .where(_t.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(_t.id)
    .with_for_update(skip_locked=True)
)
_INDEXED = (
    sa.update(tables.documents)
    .where(_t.id == sa.bindparam("b_id"), _t.changes == sa.bindparam("b_changes"))
    .values(stale=False)
)


def engine_of(settings: Settings) -> Engine:
    """The engine of these settings: Elasticsearch where it is named, else tantivy below the data folder."""
    where = settings.search_url or str(settings.home / "search")
    if where not in _engines:
        _engines[where] = open_engine(settings.search_url, settings.home / "search")
    return _engines[where]


def index_changes(runtime: Runtime) -> None:
    """Index what is stale. While the engine is away it stays stale, and is indexed once it is back.

    No row is locked meanwhile, so that events go on being taken in: what changes while it is indexed stays stale.
    """
    with runtime.database.reading() as connection:
        if connection.execute(_STALE.limit(1)).first() is None:
            return
    # One replica at a time: another must not overtake with a newer text and then be overwritten with an older one.
    with runtime.database.alone("index"):
        while True:
            with runtime.database.reading() as connection:
                rows = connection.execute(_STALE).all()
            if not rows:
                return
            try:
                engine_of(runtime.settings).index(_documents(rows))
            except Unavailable as problem:
                log.warning("index waits", problem=problem.detail)
                return
            with runtime.database.writing() as connection:
                # What is being changed just now is indexed again anyway: to wait for it could end in a deadlock.
                free = set(connection.scalars(_FREE, {"ids": [row.id for row in rows]}))
                indexed = [{"b_id": row.id, "b_changes": row.changes} for row in rows if row.id in free]
                if indexed:
                    connection.execute(_INDEXED, indexed)


def rebuild_index(runtime: Runtime) -> dict[str, int]:
    """Fill a new index from the tables beside the one that answers, then swap. Returns how many documents.

    What changed while it was filled is marked stale, and so is indexed again: the old index had the newer text.
    """
    engine, table = engine_of(runtime.settings), tables.documents
    seen: dict[str, int] = {}
    target, after, count = engine.begin_rebuild(), "", 0
    columns = (table.c.id, table.c.congress, table.c.dossier, table.c.changes)
    while True:
        query = sa.select(*columns).where(table.c.id > after).order_by(table.c.id).limit(BATCH)
        with runtime.database.reading() as connection:
            rows = connection.execute(query).all()
        if not rows:
            break
        count += engine.index(_documents(rows), target)
        seen |= {row.id: row.changes for row in rows}
        after = rows[-1].id
        time.sleep(0)
    engine.finish_rebuild(target)
    _mark_changed(runtime, seen)
    runtime.on_consumed()
    return {"indexed": count}


def _mark_changed(runtime: Runtime, seen: dict[str, int]) -> None:
    with runtime.database.reading() as connection:
        now = connection.execute(sa.select(_t.id, _t.changes)).all()
    changed = [{"b_id": row.id} for row in now if seen.get(row.id) != row.changes]
    if changed:
        # Counted as one more change, so that who is indexing them into the old index does not call them indexed.
        again = sa.update(tables.documents).where(_t.id == sa.bindparam("b_id"))
        with runtime.database.writing() as connection:
            connection.execute(again.values(stale=True, changes=_t.changes + 1), changed)


def _documents(rows: Sequence[Any]) -> list[Document]:
    found = (document(row.id, row.congress, row.dossier) for row in rows)
    return [document for document in found if document is not None]
