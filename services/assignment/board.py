"""The unit's own board (本单位办理进度): what the unit has, and what it handed on to its sections.

Source: 督办台账、定期向部务会成员报告、向各处室通报 (联络动态 2018, 省财政厅, 省委宣传部).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.assignment import tables
from services.assignment.model import IN_HAND, OVER
from services.assignment.questions import ACTING, of_units, task_line, task_rows
from services.assignment.systems import DONE
from shared.work import Work

Data = dict[str, Any]

MOST_PARTS = 2000  # of at most 500 tasks


def unit_board(work: Work, params: Data) -> list[Data]:
    """Tasks of the person's units with all parts that hang below them. `is_done`: nothing is waited for any more."""
    found, roots = board_rows(work, params["year"], params["limit"])
    return [
        {
            **task_line(row),
            "parent": row.parent,
            "is_own": row.id in roots,
            "is_done": row.state in DONE or row.handled not in IN_HAND,
            "drafted_rank": row.drafted_rank,
        }
        for row in found
    ]


def board_rows(work: Work, year: int, limit: int, offset: int = 0) -> tuple[list[Any], set[str]]:
    """Rows of the tasks of the person's units and of all parts below them; and the ids of the units' own."""
    own = work.actor.units(*ACTING)
    if not own:
        return [], set()
    t = tables.tasks.c
    due = sa.func.coalesce(sa.func.nullif(t.hand_in_by, ""), sa.func.nullif(t.due_on, ""), "9999")
    order = (due, t.since, t.id)
    found = task_rows(work, of_units(own), *of_year(year), order=order, limit=limit, offset=offset)
    roots = {row.id for row in found}
    suggestions = sorted({row.suggestion for row in found})
    parts = task_rows(
        work,
        t.suggestion.in_(suggestions),
        t.parent != "",
        t.state.not_in(OVER),
        order=order,
        limit=MOST_PARTS,
    )
    upper = {row.id: row.parent for row in parts}
    found += [row for row in parts if row.id not in roots and _hangs_below(row.id, upper, roots)]
    return found, roots


def of_year(year: int) -> tuple[sa.ColumnElement[bool], ...]:
    """In hand and assigned by the end of the year, or assigned in it."""
    t = tables.tasks.c
    in_hand = sa.and_(t.state.not_in(DONE), t.handled.in_(IN_HAND))
    return (
        t.state.not_in(OVER),
        t.assigned_on < f"{year + 1}",
        sa.or_(in_hand, t.assigned_on >= f"{year}"),
    )


def _hangs_below(id: str, upper: dict[str, str], roots: set[str]) -> bool:
    """Was it handed on, in however many steps, of one of these tasks?"""
    while id in upper:
        id = upper[id]
        if id in roots:
            return True
    return False
