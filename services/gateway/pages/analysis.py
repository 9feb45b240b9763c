"""综合分析：what the suggestions of a year are about, beside the two years before; each number opens its list."""

from __future__ import annotations

from typing import Any

import flask
from flask import request

from services.gateway import access, ledger_desk, workbook
from services.gateway.access import calls, current_actor
from services.gateway.pages.places import congress_of, named, own_congresses
from shared.contracts import supervision
from shared.pace import aside
from shared.terms import ANALYSED_BY

blueprint = flask.Blueprint("analysis", __name__)


@blueprint.get("/analysis")
@access.signed_in
def analysis() -> str:
    found, by, congress = _found()
    most = max([counts["total"] for row in found["rows"] for counts in row["years"]], default=1) or 1
    return flask.render_template(
        "analysis.html", found=found, by=by, ways=ANALYSED_BY, congress=congress, congresses=own_congresses(), most=most,
        today=access.today().isoformat(),
    )  # fmt: skip


@blueprint.get("/analysis.xlsx")
@access.signed_in
def export() -> Any:
    found, by, congress = _found()
    years, classes = found["years"], found["classes"]
    columns = [("序号", 5), (ANALYSED_BY[by], 24)]
    columns += [
        (f"{year}年{what}", 9) for year in years for what in ("件数", *(f"{letter}类" for letter in classes))
    ]
    lines = [*found["rows"], {"label": "合计", "years": found["total"]}]
    rows = [
        [
            line["label"],
            *(str(counts[name]) for counts in line["years"] for name in ("total", *classes)),
        ]
        for line in lines
    ]
    title = f"{named([congress])[congress]}{years[0]}年代表建议综合分析（截至{access.today()}）"
    sheet = workbook.Sheet("综合分析", title, columns, rows, frozenset((1,)))
    return ledger_desk.as_workbook(aside(workbook.write, sheet), f"{title}.xlsx")


def _found() -> tuple[dict[str, Any], str, str]:
    congress, by = (
        congress_of(current_actor, request.args.get("congress", "")),
        request.args.get("by", "category"),
    )
    by = by if by in ANALYSED_BY else "category"
    year = request.args.get("year", "").strip()
    of_year = int(year) if year.isdecimal() and 1949 <= int(year) <= 2100 else access.today().year
    if not congress:
        return (
            {
                "year": of_year,
                "years": [of_year],
                "classes": [],
                "rows": [],
                "total": [{"year": of_year, "total": 0}],
            },
            by,
            "",
        )
    return calls.ask(supervision.ANALYSIS, congress=congress, year=of_year, by=by), by, congress
