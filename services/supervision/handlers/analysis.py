"""What the suggestions of a year are about (综合分析; Hunan 2022, 2023), beside the two years before."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.sight import Sight
from shared.reply_classes import meanings_in
from shared.terms import KINDS
from shared.work import Work

YEARS = 3


def analysis(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """{year, years, classes, rows: [{key, label, years: [counts]}], total: [counts]} of what the person may see, the most first.

    `classes`: the place's letters, then those that replies of these years have from before.
    """
    of, by = t.ledger.c, params["by"]
    year = params["year"] or work.today.year
    years = [year - back for back in range(YEARS)]
    group = {"category": of.category, "kind": of.kind, "unit": of.lead_unit}[by]
    query = (
        sa.select(
            of.year_descending,
            group.label("key"),
            of.reply_class,
            sa.func.max(of.lead_unit_id).label("unit"),
            sa.func.count().label("total"),
        )
        .where(
            of.congress == params["congress"],
            of.year_descending.between(-years[0], -years[-1]),
            of.number != "",
            Sight(work.actor).lines(),
        )
        .group_by(of.year_descending, group, of.reply_class)
    )
    counted = work.connection.execute(query).all()
    classes = list(meanings_in(work.practices.settings("reply_classes", params["congress"])))
    classes += sorted({row.reply_class for row in counted} - {"", *classes})
    rows: dict[str, dict[str, Any]] = {}
    total = [_empty(one, classes) for one in years]
    for row in counted:
        found = rows.setdefault(
            row.key,
            {
                "key": row.key,
                "label": _label(by, row.key),
                "unit": row.unit if by == "unit" else "",
                "years": [_empty(one, classes) for one in years],
            },
        )
        place = years.index(-row.year_descending)
        for counts in (found["years"][place], total[place]):
            counts["total"] += row.total
            if row.reply_class:
                counts[row.reply_class] += row.total
    in_order = sorted(
        rows.values(), key=lambda row: ([-counts["total"] for counts in row["years"]], row["label"])
    )
    return {"year": year, "years": years, "classes": classes, "rows": in_order, "total": total}


def _empty(year: int, classes: list[str]) -> dict[str, int]:
    return {"year": year, "total": 0, **dict.fromkeys(classes, 0)}


def _label(by: str, key: str) -> str:
    return (KINDS.get(key, key) if by == "kind" else key) or ("未交办" if by == "unit" else "未分类")
