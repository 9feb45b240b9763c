"""Coordination among the parties: logged by one of them, read by those whom it names."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.lights import light_at
from services.supervision.handlers.sight import Sight, within
from services.supervision.model.coordination import RULES, About, Coordination, Share
from services.supervision.model.facts import Named
from services.supervision.model.year import seen_by
from shared.contracts.supervision import COORDINATES_WITH
from shared.problems import Invalid
from shared.work import Work

MOST = 200  # of each congress: the newest


def log_coordination(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    congress = data["congress"]
    work.authorize(RULES, "log_coordination", congress)
    about = _about(work, congress, data["suggestions"])
    parties = [party for party in data["parties"] if party != "deputies"]
    deputies = _deputies(work, [one.id for one in about]) if "deputies" in data["parties"] else []
    shares = [Share(one["who"], one["what"], one["due_on"]) for one in data["shares"]]
    logged = Coordination.log(
        congress, data["title"], data["on"], parties, _units(work, data["units"]), about, deputies, data["agreed"], shares,
        work.actor, work.now, work.today,
    )  # fmt: skip
    work.save(t.coordination_store, logged)
    return {"id": logged.id}


def finish_share(work: Work, coordination: Coordination, data: dict[str, Any]) -> None:
    coordination.finish_share(data["share"], data["came_of_it"], work.actor, work.now)


def coordinations(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """{coordinations, may_log}: those that name the person's party, unit or seat, the newest first."""
    concerned = sorted(seen_by(work.actor))
    if params["congress"]:
        concerned = [path for path in concerned if path == params["congress"]]
    if not concerned:
        return {"coordinations": [], "may_log": False}
    c = t.coordinations.c
    newest = (
        sa.select(c.id).where(within(c.congress, concerned)).order_by(c.on.desc(), c.id.desc()).limit(MOST)
    )
    found = t.coordination_store.get_many(work.connection, list(work.connection.scalars(newest)))
    seen = [one for one in found.values() if one.relations(work.actor)]
    seen.sort(key=lambda one: (one.on, one.id), reverse=True)
    return {"coordinations": [_shown(work, one) for one in seen], "may_log": _may_log(work, concerned)}


def coordinations_waiting(work: Work) -> list[dict[str, Any]]:
    """Open shares, for the units whose they are, and for who logged them where they are nobody's here; the next due one first."""
    concerned = sorted(seen_by(work.actor))
    c = t.coordinations.c
    owed = (
        sa.select(c.id).where(within(c.congress, concerned), c.owed_by != "").order_by(c.owed_by).limit(MOST)
    )
    ids = list(work.connection.scalars(owed)) if concerned else []
    found = t.coordination_store.get_many(work.connection, ids) if ids else {}
    return [
        {
            "suggestion": "", "title": one.title, "number": "", "congress": one.congress, "command": "finish_share",
            "what": f"办好分工（{share.who}）：{share.what}", "page": "/supervision#coordination", "due_on": t.day_text(share.due_on) or "",
            "light": light_at(work, one.congress, share.due_on).value if share.due_on else "",
        }
        for one in map(found.__getitem__, ids)
        for share in one.owed(work.actor)
    ]  # fmt: skip


def _may_log(work: Work, congresses: list[str]) -> bool:
    offices = [role for role in RULES.by_command["log_coordination"].by if role != "system_office"]
    at = any(work.actor.has(role, path) for role in offices for path in congresses)
    return at or bool(work.actor.units("distributing"))


def _shown(work: Work, one: Coordination) -> dict[str, Any]:
    may = {line["command"] for line in one.may(work.actor)}
    labels = {**COORDINATES_WITH, "deputies": "有关代表"}
    return {
        "id": one.id, "congress": one.congress, "on": one.on.isoformat(), "title": one.title, "agreed": one.agreed, "logged_by": one.logged_by,
        "parties": [labels[party] for party in one.parties] + (["有关代表"] if one.deputies else []),
        "units": [unit.as_data() for unit in one.units], "about": [vars(about) for about in one.about],
        "shares": [
            {
                "who": s.who, "what": s.what, "due_on": t.day_text(s.due_on), "done_on": t.day_text(s.done_on), "done_by": s.done_by,
                "came_of_it": s.came_of_it, "late": bool(s.due_on and (s.done_on or work.today) > s.due_on),
                "may_finish": "finish_share" in may and s.done_on is None,
            }
            for s in one.shares
        ],
    }  # fmt: skip


def _about(work: Work, congress: str, ids: list[str]) -> list[About]:
    """Suggestions of the congress that the person may see."""
    of = t.ledger.c
    query = sa.select(of.id, of.number, of.title).where(
        of.id.in_(ids), of.congress == congress, Sight(work.actor).lines()
    )
    found = (
        {row.id: About(row.id, row.number, row.title) for row in work.connection.execute(query)}
        if ids
        else {}
    )
    if len(found) < len(ids):
        raise Invalid("没有找到这件建议。", {"suggestions": ["有的建议没有找到，请重新选择。"]})
    return [found[id] for id in ids]


def _deputies(work: Work, suggestions: list[str]) -> list[str]:
    d = t.ledger_deputies.c
    query = sa.select(d.deputy_id).where(d.suggestion_id.in_(suggestions), d.role != "invited").distinct()
    return sorted(work.connection.scalars(query)) if suggestions else []


def _units(work: Work, ids: list[str]) -> list[Named]:
    found = {id: unit for id in ids if (unit := work.copies.get("unit", id))}
    if missing := [id for id in ids if id not in found]:
        work.copies.missed.update(missing)
        raise Invalid("没有找到这个单位。", {"units": ["有的单位没有找到，请重新选择。"]})
    return [Named(id, found[id]["name"]) for id in ids]
