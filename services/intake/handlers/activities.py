"""Activities of deputies: recorded, cancelled, and summed over the congress and those below it by what is told of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.intake import tables as t
from services.intake.handlers.stations import seats_of
from services.intake.model.activity import ACTIVITY_RULES, ACTIVITY_STATES, READERS, Activity, sums_of
from shared.handlers import Event
from shared.problems import NotAllowed
from shared.statements import insert_into
from shared.terms import ACTIVITY_KINDS
from shared.work import Work

Data = dict[str, Any]
COUNTED = ("activities", "people", "problems", "help", "papers")


def log(work: Work, data: Data) -> Data:
    congress, deputies = data.pop("congress"), data.pop("deputies")
    work.authorize(ACTIVITY_RULES, "log_activity", congress)
    activity = Activity.log(congress, seats_of(work, deputies), work.actor, work.now, **data)
    work.save(t.activity_store, activity)
    return {"id": activity.id, "version": activity.version, "state": activity.state}


def cancel(work: Work, activity: Activity, data: Data) -> None:
    activity.cancel(data["reason"], work.actor, work.now)


def sum_up(work: Work, event: Event) -> None:
    """Count it in the sums of its congress and of all above, or take it out of them again."""
    data, sign = event["data"], -1 if event["type"] == "activity.cancelled.v1" else 1
    more = {
        "activities": sign, "people": sign * len(data["deputies"]),
        **{name: sign * data[name] for name in ("problems", "help", "papers")},
    }  # fmt: skip
    c, year = t.activity_sums.c, int(str(data["on"])[:4])
    for congress, part in sums_of(event["jurisdiction"]):
        row = {"congress": congress, "part": part, "year": year, "kind": data["kind"], **more}
        insert = insert_into(t.activity_sums, work.connection.dialect.name).values(row)
        added = {name: c[name] + more[name] for name in COUNTED}
        work.connection.execute(
            insert.on_conflict_do_update(index_elements=[c.congress, c.part, c.year, c.kind], set_=added)
        )


# --- questions ------------------------------------------------------------------------------------------------------


def activities(work: Work, params: Data) -> list[Data]:
    congress, a = params["congress"], t.activities.c
    _require_reader(work, congress)
    year = params["year"] or work.today.year
    found = [a.congress == congress, a.on.between(f"{year}-01-01", f"{year}-12-31")]
    if params["kind"]:
        found.append(a.kind == params["kind"])
    rows = work.connection.execute(
        sa.select(a.id, a.state, a.version, a.state_json)
        .where(*found)
        .order_by(a.on.desc(), a.id.desc())
        .limit(params["limit"])
    )
    records = any(work.actor.has(role, congress) for role in ACTIVITY_RULES.by_command["cancel_activity"].by)
    return [
        {
            **{name: row.state_json[name] for name in SHOWN}, "id": row.id, "version": row.version, "state": row.state,
            "state_label": ACTIVITY_STATES[row.state], "kind_label": ACTIVITY_KINDS[row.state_json["kind"]],
            "deputies": [seat["name"] for seat in row.state_json["deputies"]], "may_cancel": records and row.state == "logged",
        }
        for row in rows
    ]  # fmt: skip


SHOWN = (
    "kind", "title", "on", "place", "others", "problems", "help", "papers", "notes", "recorded_by", "reason",
)  # fmt: skip


def activity_sums(work: Work, params: Data) -> Data:
    """{own: by kind, below: by congress directly below with all below it, total}."""
    congress, year = params["congress"], params["year"] or work.today.year
    _require_reader(work, congress)
    c = t.activity_sums.c
    rows = work.connection.execute(
        sa.select(t.activity_sums).where(c.congress == congress, c.year == year)
    ).all()
    own, below, total = {}, dict[str, dict[str, int]](), dict.fromkeys(COUNTED, 0)
    for row in rows:
        figures = {name: getattr(row, name) for name in COUNTED}
        if row.part == congress:
            own[row.kind] = figures
        else:
            _add(below.setdefault(row.part, dict.fromkeys(COUNTED, 0)), figures)
        _add(total, figures)
    names = _names(work, list(below))
    return {
        "year": year, "as_of": work.today.isoformat(), "total": total,
        "own": [{"kind": kind, "label": label, **own[kind]} for kind, label in ACTIVITY_KINDS.items() if kind in own],
        "below": [{"congress": part, "name": names.get(part, part), **below[part]} for part in sorted(below)],
    }  # fmt: skip


def _add(sums: dict[str, int], figures: dict[str, int]) -> None:
    for name, value in figures.items():
        sums[name] += value


def _names(work: Work, paths: list[str]) -> dict[str, str]:
    copies = work.copies.table.c
    rows = work.connection.execute(
        sa.select(copies.id, copies.data).where(copies.kind == "congress", copies.id.in_(paths))
    )
    return {row.id: row.data["name"] for row in rows}


def _require_reader(work: Work, congress: str) -> None:
    if not any(work.actor.has(role, congress) for role in READERS):
        raise NotAllowed("代表活动由本级人大的工作机构、联络站和代表查看。")
