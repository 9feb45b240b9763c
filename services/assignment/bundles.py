"""Bundles: made by units, read by the congress's offices too, with what came of their suggestions together."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.assignment import tables
from services.assignment.model import STATES, Handling
from services.assignment.model.bundle import ACTING, BUNDLE_RULES, READERS, Bundle, LinkedWork
from services.assignment.model.people import Person
from services.assignment.model.reply import Reply, Result
from services.assignment.stores import bundle_store, store
from shared.problems import Invalid, NotAllowed, NotFound
from shared.terms import RESULT_KINDS, WORK_KINDS
from shared.work import Work

Data = dict[str, Any]
MOST_BUNDLES = 200


def make_bundle(work: Work, data: Data) -> Data:
    """Whoever acts for the unit bundles what the unit has."""
    unit = data.pop("unit")
    if unit not in work.actor.units(*ACTING):
        raise NotAllowed("只有承办单位可以把本单位承办的建议打捆办理。")
    handlings = _handlings(work, data.pop("suggestions"), unit)
    work.authorized = True
    named = next(task.unit for handling in handlings for task in handling.live_tasks if task.unit.id == unit)
    made = Bundle.make(Person(named.id, named.name), handlings, data, work.actor, work.now)
    work.save(bundle_store, made)
    return {"id": made.id, "version": made.version, "state": made.state}


def put_in(work: Work, bundle: Bundle, data: Data) -> None:
    (handling,) = _handlings(work, [data["suggestion"]], bundle.unit.id, field="suggestion")
    bundle.put_in(handling, work.actor, work.now)


def take_out(work: Work, bundle: Bundle, data: Data) -> None:
    bundle.take_out(data["suggestion"], work.actor, work.now)


def link_work(work: Work, bundle: Bundle, data: Data) -> None:
    linked = LinkedWork(
        data["kind"], data["name"], data["note"], work.today, work.actor.name, data["reference"]
    )
    bundle.link(linked, work.actor, work.now)


def end_bundle(work: Work, bundle: Bundle, data: Data) -> None:
    bundle.end(data["summary"], work.actor, work.now)


def _handlings(work: Work, ids: list[str], unit: str, field: str = "suggestions") -> list[Handling]:
    """Those that the unit has; one that it has not does not exist for it."""
    found = store.get_many(work.connection, ids)
    own = [found[id] for id in ids if id in found and _is_of(found[id], unit)]
    if not own or len(own) < len(ids):
        wrong = "没有找到其中一件建议，请从本单位承办的建议中选择。"
        raise Invalid("没有找到这件建议。", {field: [wrong]})
    return own


def _is_of(handling: Handling, unit: str) -> bool:
    return any(task.unit.id == unit for task in handling.live_tasks)


# --- questions ------------------------------------------------------------------------------------------------


def bundles(work: Work, params: Data) -> Data:
    """{bundles, units}: those of one's units and of the congresses that one oversees, the newest first; `units`: for whom one
    may make another."""
    b, actor = tables.bundles.c, work.actor
    units, congresses = sorted(actor.units(*ACTING)), sorted(actor.congresses(*READERS))
    if params["congress"]:
        congresses = [path for path in congresses if path == params["congress"]]
    where = sa.or_(b.unit_id.in_(units), b.congress.in_(congresses))
    if params["congress"]:
        where = sa.and_(where, b.congress == params["congress"])
    ids = work.connection.scalars(sa.select(b.id).where(where).order_by(b.id.desc()).limit(MOST_BUNDLES))
    found = bundle_store.get_many(work.connection, list(ids))
    return {
        "bundles": [_shown(work, found[id]) for id in sorted(found, reverse=True)],
        "units": units,
    }


def bundle(work: Work, params: Data) -> Data:
    """One bundle with its suggestions, and what came of all of them together."""
    found = bundle_store.get(work.connection, params["id"])
    if found is None or not found.relations(work.actor):
        raise NotFound("没有找到这个打捆办理。")
    return {**_shown(work, found), **_together(work, [found])}


def linked_work(work: Work, params: Data) -> Data:
    """What a bundle is tied to, with all bundles of the congress that are tied to the same and that the person may read."""
    own, w = bundle_store.get(work.connection, params["id"]), tables.bundle_works.c
    if own is None or not own.relations(work.actor) or params["at"] >= len(own.works):
        raise NotFound("没有找到这项关联的项目或者工作。")
    linked = own.works[params["at"]]
    same = (w.congress == own.congress, w.kind == linked.kind, w.known_as == linked.known_as)
    ids = work.connection.scalars(
        sa.select(w.bundle_id).where(*same).order_by(w.bundle_id).limit(MOST_BUNDLES)
    )
    found = bundle_store.get_many(work.connection, [*ids, own.id])
    read = [found[id] for id in sorted(found) if found[id].relations(work.actor)]
    return {
        "kind": linked.kind, "kind_label": WORK_KINDS[linked.kind], "name": linked.name, "reference": linked.reference,
        "congress": own.congress, "bundles": [_shown(work, one) for one in read], **_together(work, read),
    }  # fmt: skip


def _together(work: Work, found: list[Bundle]) -> Data:
    """The suggestions of bundles, with what came of all of them: the same suggestion of two units counts what each says."""
    handlings = store.get_many(work.connection, sorted({id for one in found for id in one.suggestions}))
    lines = [_line(handlings[id], one.unit.id) for one in found for id in one.suggestions if id in handlings]
    results = [
        {"suggestion": line["suggestion"], "number": line["number"], "title": line["title"], **result}
        for line in lines
        for result in line["results"]
    ]
    return {
        "lines": lines, "results": results,
        "totals": {
            "kinds": {kind: sum(result["kind"] == kind for result in results) for kind in RESULT_KINDS},
            "money": sum(result["money"] for result in results), "people": sum(result["people"] for result in results),
        },
    }  # fmt: skip


def _shown(work: Work, bundle: Bundle) -> Data:
    return {
        "id": bundle.id, "version": bundle.version, "congress": bundle.congress, **bundle.as_data(),
        "works": [{**vars(one), "on": one.on.isoformat(), "kind_label": WORK_KINDS[one.kind]} for one in bundle.works],
        "made_on": bundle.made_on.isoformat(), "state": bundle.state, "state_label": BUNDLE_RULES.states[bundle.state],
        "count": len(bundle.suggestions), "summary": bundle.summary,
        "ended_on": bundle.ended_on.isoformat() if bundle.ended_on else "", "may": bundle.may(work.actor),
    }  # fmt: skip


def _line(handling: Handling, unit: str) -> Data:
    """A suggestion of the bundle, with what its unit's standing replies say came of it."""
    replies = [task.standing_reply for task in handling.live_tasks if task.unit.id == unit]
    standing: list[Reply] = [reply for reply in replies if reply]
    results: list[Result] = [result for reply in standing for result in reply.results]
    return {
        "suggestion": handling.id, "number": handling.number, "title": handling.title, "state_label": STATES[handling.state],
        "reply_class": standing[-1].reply_class if standing else "", "results": [vars(result) for result in results],
    }  # fmt: skip
