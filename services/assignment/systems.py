"""What the office of a system can be asked: what its units have, and to whom it can hand on."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.assignment import tables, tree
from services.assignment.model import IN_HAND, OVER
from services.assignment.questions import task_line, task_rows
from services.assignment.sections import without_clerk
from services.assignment.stores import store
from shared.problems import NotFound
from shared.work import Work

Data = dict[str, Any]

DONE = ("replied", "handed_in", *OVER)  # nothing is waited for


def units_below(work: Work, params: Data) -> list[Data]:
    """The units to which the task can be handed on, by name; for who may hand it on."""
    found = store.get(work.connection, params["id"])
    task = found.task(params["task"]) if found else None
    if task is None or "distributing_unit" not in task.relations(work.actor):
        raise NotFound("没有找到这项任务。")
    below = tree.units_below(work.connection, task)
    missing = without_clerk(work, found.congress, task.unit.id, list(below)) if found else set()
    return [{**unit.as_data(), "lacks_clerk": id in missing} for id, unit in below.items()]


def system_tasks(work: Work, params: Data) -> list[Data]:
    """What the person's offices watch over, and what they were given themselves, the first due first; each with the task of
    which it is a part, and whether the office can hand it on."""
    offices = sorted(work.actor.units("distributing"))
    if not offices:
        return []
    t = tables.tasks.c
    own = sa.or_(t.unit_id.in_(offices), t.desk_id.in_(offices))
    where = [sa.or_(t.id.in_(tree.watched_by(offices)), own)]
    if not params["over"]:
        where += [t.state.not_in(DONE), t.handled.in_(IN_HAND)]
    due = sa.func.coalesce(sa.func.nullif(t.hand_in_by, ""), sa.func.nullif(t.due_on, ""), "9999")
    rows = task_rows(work, *where, order=(due, t.since, t.id), limit=params["limit"])
    return [
        {**task_line(row), "is_own": row.unit_id in offices or row.desk_id in offices, "parent": row.parent}
        for row in rows
    ]
