"""The media's column: released by the office, read by everybody."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.model.columns import RULES, STAGES, Column, Item
from shared.problems import Invalid
from shared.work import Work


def release_column(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    """What is released is how it stands today; later it changes with the next issue only."""
    congress = data["congress"]
    work.authorize(RULES, "release_column", congress)
    items = _items(work, congress, data["suggestions"])
    issue = Column.release(congress, data["title"], data["note"], items, work.actor, work.now, work.today)
    work.save(t.column_store, issue)
    return {"id": issue.id, "items": len(items)}


def withdraw_column(work: Work, issue: Column, data: dict[str, Any]) -> None:
    issue.withdraw(data["reason"], work.actor, work.now)


def columns(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """{columns, may_release}: what is released at a congress, the newest first; to its office also what was withdrawn."""
    c, congress = t.columns.c, params["congress"]
    is_office = work.actor.has("liaison", congress)
    shown = [c.congress == congress] if is_office else [c.congress == congress, c.state == "released"]
    newest = sa.select(c.id).where(*shown).order_by(c.id.desc()).limit(params["limit"])
    found = t.column_store.get_many(work.connection, list(work.connection.scalars(newest)))
    issues = sorted(found.values(), key=lambda issue: issue.id, reverse=True)
    return {"columns": [_shown(work, issue) for issue in issues], "may_release": is_office}


def _shown(work: Work, issue: Column) -> dict[str, Any]:
    is_office = work.actor.has("liaison", issue.congress)
    return {
        "id": issue.id, "version": issue.version, "congress": issue.congress, "title": issue.title, "note": issue.note,
        "released_on": issue.released_on.isoformat(), "items": [vars(item) for item in issue.items], "state": issue.state,
        "state_label": RULES.states[issue.state], "reason": issue.reason if is_office else "", "may": issue.may(work.actor),
    }  # fmt: skip


def _items(work: Work, congress: str, ids: list[str]) -> list[Item]:
    of = t.ledger.c
    wanted = (of.id, of.title, of.lead_unit, of.category, of.assigned_on, of.state)
    query = sa.select(*wanted).where(of.id.in_(ids), of.congress == congress, of.state != "")
    found = {row.id: row for row in work.connection.execute(query)} if ids else {}
    if len(found) < len(ids):
        raise Invalid("没有找到这件建议。", {"suggestions": ["有的建议没有找到，请重新选择。"]})
    return [
        Item(
            row.id,
            row.title,
            row.lead_unit,
            row.category,
            row.assigned_on,
            STAGES.get(row.state, ""),
            row.state == "published",
        )
        for row in (found[id] for id in ids)
    ]
