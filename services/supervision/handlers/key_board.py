"""The board of key suggestions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.board import words_at
from services.supervision.handlers.questions import COLUMNS, ORDER, shown_line
from services.supervision.handlers.sight import Sight
from services.supervision.model.key_board import board
from services.supervision.model.ledger import OVERSEERS
from shared.offices import KIND_OF, called, holders
from shared.problems import NotAllowed
from shared.work import Work

MOST = 500  # key suggestions of one congress in one year: tens


def key_board(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    congress, year = params["congress"], params["year"] or work.today.year
    if not any(work.actor.has(role, congress) for role in OVERSEERS):
        raise NotAllowed("只有本级人大和政府的工作机构可以查看重点建议看板。")
    c, sight = t.ledger.c, Sight(work.actor)
    of_year = (c.congress == congress, c.year_descending == -year, c.is_key.is_(True))
    rows = work.connection.execute(
        sa.select(*COLUMNS, sight.stage(), sight.is_own()).where(*of_year).order_by(*ORDER).limit(MOST)
    )
    lines = [shown_line(row, sight, work.today) for row in rows]
    last = _last_supervised(work, [line["id"] for line in lines])
    for line in lines:
        line["last_supervised_on"] = last.get(line["id"], "")
    return {"year": year, **board(lines, expected_at(work, congress), words_at(work, congress))}


def expected_at(work: Work, congress: str) -> dict[str, list[str]]:
    """By role, who has to have at least one: who is named in the settings, and who holds a post of the kind."""
    laid_down = work.practices.settings("key_suggestions", congress)
    expected = {
        "leading_supervisor": laid_down["leaders"], "sponsor": laid_down["sponsors"], "committee": laid_down["committees"],
    }  # fmt: skip
    for office in work.copies.of_congress("office", congress):
        if office["active"] and holders(office, work.today):
            role = next(role for role, kind in KIND_OF.items() if kind == office["kind"])
            expected[role] = [*expected[role], called(office, work.today)]
    return expected


def _last_supervised(work: Work, ids: list[str]) -> dict[str, str]:
    s = t.supervisions.c
    newest = sa.select(s.suggestion_id, sa.func.max(s.on).label("newest"))
    rows = work.connection.execute(newest.where(s.suggestion_id.in_(ids)).group_by(s.suggestion_id))
    return {row.suggestion_id: row.newest for row in rows}
