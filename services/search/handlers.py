"""What search does: keeps a dossier of each suggestion, and answers from the index what the person may see."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.search import indexing, tables
from services.search.engine import Document, Hit, Query, Viewer
from services.search.events import catalogue
from services.search.likeness import LIKELY, likeness
from services.search.model import document, public_page, take_in
from shared.contracts import search as contracts
from shared.events import ROOT
from shared.handlers import Handlers, Projection
from shared.identity import SUPERVISORS, Actor
from shared.problems import NotFound
from shared.work import Work

handlers = Handlers(catalogue, tables.metadata)

MOST_TITLE, MOST_BODY = 200, 5000  # signs of what the index compares


@handlers.on(
    "suggestion.submitted.v1", "suggestion.accepted.v1", "suggestion.returned.v1", "suggestion.lettered.v1", "handup.made.v1", "handup.declined.v1",
    "suggestion.merged.v1", "suggestion.split.v1", "suggestion.corrected.v1", "lead.replaced.v1", "suggestion.designated.v1", "key.changed.v1", "key.released.v1", "suggestion.assigned.v1", "task.distributed.v1", "task.signed.v1",
    "plan.made.v1", "return.approved.v1", "reply.issued.v1", "reply.forwarded.v1", "feedback.given.v1",
    "rehandling.ordered.v1", "reply.refused.v1", "reply.supplemented.v1", "reply.reclassified.v1",
    "suggestion.closed.v1", "suggestion.published.v1", "suggestion.reopened.v1", "suggestion.honoured.v1", "experience.shared.v1",
)  # fmt: skip
def gather(work: Work, event: dict[str, Any]) -> None:
    """Add what the event says to the suggestion's dossier; it is indexed after the commit."""
    row = work.connection.execute(tables.DOSSIER, {"id": event["subject"]}).first()
    dossier = dict(row.dossier) if row else {}
    take_in(dossier, event)
    changed = tables.CHANGE if row else tables.BEGIN
    values = {"b_id": event["subject"], "congress": event["jurisdiction"], "dossier": dossier}
    work.connection.execute(changed, values)


handlers.afterwards(indexing.index_changes)


handlers.projects(
    Projection(
        "search", (tables.documents,), lambda: [(type, gather) for type in handlers.events],
        counters={"stale": "new", "changes": "count"}, afterwards=indexing.rebuild_index,
    )
)  # fmt: skip


@handlers.query(contracts.SEARCH)
def search(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """{total, hits, facets}: only what the person may see, in the hits as in the counts."""
    congress = params["congress"]
    within: dict[str, Any] = {}
    if congress and congress != ROOT:
        within = {"subtree": congress} if params["below"] else {"congress": congress}
    query = Query(
        text=params["text"], year=params["year"] or None, kind=params["kind"], category=params["category"],
        unit_id=params["unit"], reply_class=params["reply_class"], key=True if params["key"] else None,
        sort="newest" if params["newest"] else "relevance", limit=params["limit"], offset=params["offset"], **within,
    )  # fmt: skip
    page = indexing.engine_of(work.settings).search(query, viewer_of(work.actor))
    return {
        "total": page.total,
        "hits": [_hit(hit) for hit in page.hits],
        "facets": {
            name: [{"value": c.value, "label": c.label, "count": c.count} for c in counts]
            for name, counts in page.facets.items()
        },
    }


@handlers.query(contracts.SIMILAR)
def similar(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    hits = indexing.engine_of(work.settings).similar(
        params["title"],
        params["body"],
        viewer_of(work.actor),
        exclude_id=params["exclude"] or None,
        limit=params["limit"],
    )
    return [_hit(hit) for hit in hits]


@handlers.query(contracts.LIKELY_DOUBLES)
def likely_doubles(work: Work, params: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Two reads for all of them, and one look at the index for each: the desk asks for a whole page at once."""
    viewer, engine = viewer_of(work.actor), indexing.engine_of(work.settings)
    own = {d.id: d for d in _documents(work, params["ids"]).values() if viewer.is_insider_of(d)}
    hits = {
        id: engine.similar(
            d.title[:MOST_TITLE], d.body[:MOST_BODY], viewer, exclude_id=id, limit=params["limit"]
        )
        for id, d in own.items()
    }
    texts = _documents(work, list({hit.id for found in hits.values() for hit in found}))
    answer = {}
    for id, found in hits.items():
        doubles = [
            {**_named(hit), "likeness": how_like}
            for hit in found
            if hit.id in texts and (how_like := _likeness(own[id], texts[hit.id])) >= LIKELY
        ]
        if doubles:
            answer[id] = sorted(doubles, key=lambda double: -double["likeness"])
    return answer


def _documents(work: Work, ids: list[str]) -> dict[str, Document]:
    t = tables.documents.c
    rows = work.connection.execute(sa.select(t.id, t.congress, t.dossier).where(t.id.in_(ids)))
    found = (document(row.id, row.congress, row.dossier) for row in rows)
    return {d.id: d for d in found if d is not None}


def _likeness(one: Document, other: Document) -> int:
    return likeness(one.title, one.body, other.title, other.body)


def _named(hit: Hit) -> dict[str, Any]:
    shown = hit.document
    return {
        "id": hit.id,
        "congress": shown.congress,
        "number": shown.number,
        "title": shown.title,
        "state": shown.state,
    }


@handlers.query(contracts.PUBLISHED)
def published(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    table = tables.documents
    row = work.connection.execute(sa.select(table).where(table.c.id == params["id"])).first()
    page = public_page(row.id, row.congress, row.dossier) if row else None
    if page is None:
        raise NotFound("没有找到这件建议，或者它还没有公开。")
    return page


def viewer_of(actor: Actor) -> Viewer:
    """Who is asking, as the engine needs it: offices see their congress, deputies and units what is theirs."""
    return Viewer(
        everything_in=tuple(actor.congresses("liaison", "distributing", *SUPERVISORS)),
        deputy_ids=tuple(actor.seats),
        unit_ids=tuple(actor.units("handler", "unit_head", "distributing")),
    )


def _hit(hit: Hit) -> dict[str, Any]:
    """Without its score: it follows from how often words occur in all suggestions, also in those that are not shown."""
    shown = hit.document.as_dict()
    for hidden in ("body", "public_reply", "private_reply", "extra", "deputy_ids", "reader_ids"):
        shown.pop(hidden)
    return {
        **shown, "id": hit.id, "title_highlight": hit.title_highlight,
        "body_highlight": hit.body_highlight, "reply_highlight": hit.reply_highlight,
    }  # fmt: skip
