"""What came of suggestions: sums over a congress and its units, and the list behind each number.

The offices see all, a unit its own, and everybody of the congress what is public.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.evaluation import tables as t
from services.evaluation.figure_questions import sees_all_figures, sees_totals, unit_copies, years_of
from services.evaluation.model.figures import OF_CONGRESS
from shared.problems import NotAllowed
from shared.terms import RESULT_KINDS
from shared.work import Work

Data = dict[str, Any]
NOTHING = {"number": 0, "money": 0, "people": 0}


def results(work: Work, params: Data) -> list[Data]:
    """A congress's sums, or those of each of its units: by kind, with money (10,000 yuan) and people who gain."""
    congress, s = params["congress"], t.outcome_sums.c
    if not sees_totals(work.actor, congress):
        raise NotAllowed("只有本级和上级人大的人员可以查看采纳转化情况。")
    sees_all = sees_all_figures(work.actor, congress)
    own = sorted(work.actor.units())
    query = (
        sa.select(
            s.owner, s.kind, *(sa.func.sum(s[name]).label(name) for name in NOTHING)
        )
        .where(s.congress == congress, s.year.between(*years_of(params)))
        .group_by(s.owner, s.kind)
    )  # fmt: skip
    query = query.where(s.owner != OF_CONGRESS if params["by_unit"] else s.owner == OF_CONGRESS)
    if not sees_all:
        query = query.where(sa.or_(s.is_public, s.owner.in_(own)))
    sums: dict[str, dict[str, Data]] = {} if params["by_unit"] else {OF_CONGRESS: {}}
    for row in work.connection.execute(query):
        sums.setdefault(row.owner, {})[row.kind] = {name: int(getattr(row, name)) for name in NOTHING}
    found = [
        {**_summed(kinds), "owner": owner, "only_public": not sees_all and owner["id"] not in own, "as_of": work.today.isoformat()}
        for owner, kinds in _named(work, congress, sums)
    ]  # fmt: skip
    return [one for one in found if one["total"]["number"] or one["owner"]["kind"] == "congress"]


def _summed(kinds: dict[str, Data]) -> Data:
    total = {name: sum(kind[name] for kind in kinds.values()) for name in NOTHING}
    lines = [
        {"kind": kind, "label": label, **kinds.get(kind, NOTHING)} for kind, label in RESULT_KINDS.items()
    ]
    return {"kinds": lines, "total": total}


def _named(work: Work, congress: str, sums: dict[str, dict[str, Data]]) -> list[tuple[Data, dict[str, Data]]]:
    """With who each is, by name."""
    if OF_CONGRESS in sums:
        known = work.copies.get("congress", congress)
        owner = {"kind": "congress", "id": congress, "name": known["name"] if known else congress}
        return [(owner, sums[OF_CONGRESS])]
    units = unit_copies(work, list(sums))
    owners = [
        {"kind": "unit", "id": id, "name": units.get(id, {}).get("name", "（未登记的单位）")} for id in sums
    ]
    return [(owner, sums[owner["id"]]) for owner in sorted(owners, key=lambda owner: owner["name"])]


def result_list(work: Work, params: Data) -> list[Data]:
    """The results behind a number, each with its suggestion and the unit that wrote it."""
    o, e, congress = t.outcomes.c, t.evaluations.c, params["congress"]
    query = (
        sa.select(t.outcomes, e.number, e.title)
        .join_from(t.outcomes, t.evaluations, e.id == o.suggestion_id)
        .where(o.congress == congress, o.year.between(*years_of(params)))
        .order_by(o.suggestion_id.desc(), o.reply_id, o.at)
        .limit(params["limit"])
    )
    if params["unit"]:
        query = query.where(o.unit_id == params["unit"])
    if params["kind"]:
        query = query.where(o.kind == params["kind"])
    if not sees_all_figures(work.actor, congress) and params["unit"] not in work.actor.units():
        if not sees_totals(work.actor, congress):
            return []
        query = query.where(o.is_public)
    return [
        {
            "suggestion": row.suggestion_id, "number": row.number, "title": row.title, "unit": {"id": row.unit_id, "name": row.unit_name},
            "kind": row.kind, "kind_label": RESULT_KINDS.get(row.kind, row.kind), "text": row.text, "document": row.document,
            "money": row.money, "people": row.people, "year": row.year,
        }
        for row in work.connection.execute(query)
    ]  # fmt: skip
