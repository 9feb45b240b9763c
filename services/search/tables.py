"""Tables of search: what the index is made of. `stale` rows have changed since they were last indexed."""

from __future__ import annotations

import sqlalchemy as sa

from shared.database import backbone_tables
from shared.isolation import keep_apart

metadata = sa.MetaData()
backbone_tables(metadata)
keep_apart(metadata, "documents", shown="(dossier -> 'published') IS NOT NULL")

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("stale", sa.Boolean, nullable=False),
    sa.Column("dossier", sa.JSON, nullable=False),
    sa.Column("changes", sa.Integer, nullable=False, server_default="1"),  # how often it has changed
    sa.Index("documents_stale", "stale", sqlite_where=sa.text("stale"), postgresql_where=sa.text("stale")),
)

_t = documents.c
DOSSIER = sa.select(_t.dossier).where(_t.id == sa.bindparam("id")).with_for_update()
BEGIN = sa.insert(documents).values(id=sa.bindparam("b_id"), stale=True, changes=1)
CHANGE = sa.update(documents).where(_t.id == sa.bindparam("b_id")).values(stale=True, changes=_t.changes + 1)
