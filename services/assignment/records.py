"""What is on record of tasks, as the lists of practices need it: plans, steps with what was filled in, meetings, parts in time."""

from __future__ import annotations

from typing import Any

from services.assignment import stores, tables
from services.assignment.board import board_rows, of_year
from services.assignment.model import OFFICES, Handling, Task
from services.assignment.questions import task_line, task_rows
from services.assignment.stores import store
from shared.problems import NotAllowed
from shared.work import Work

Data = dict[str, Any]


def task_records(work: Work, params: Data) -> list[Data]:
    """Of the person's units with what hangs below them, or of a congress for its offices, who see no parts; page by page."""
    congress, t, page = (
        params["congress"],
        tables.tasks.c,
        {name: params[name] for name in ("limit", "offset")},
    )
    if congress:
        if not any(work.actor.has(role, congress) for role in OFFICES):
            raise NotAllowed("只有本级联工委和交办单位可以查看。")
        where = (t.congress == congress, t.parent == "", *of_year(params["year"]))
        rows = task_rows(work, *where, order=(t.since, t.id), **page)
    else:
        rows, _ = board_rows(work, params["year"], **page)
    found = _handlings(work, [row.suggestion for row in rows])
    return [
        {
            **task_line(row),
            "parent": row.parent,
            **_record(found[row.suggestion], task, is_inside=not congress),
        }
        for row in rows
        if row.suggestion in found and (task := found[row.suggestion].task(row.id))
    ]


def _handlings(work: Work, ids: list[str]) -> dict[str, Handling]:
    wanted = list(dict.fromkeys(ids))
    found: dict[str, Handling] = {}
    for start in range(0, len(wanted), stores.CHUNK):
        found |= store.get_many(work.connection, wanted[start : start + stores.CHUNK])
    return found


def _record(handling: Handling, task: Task, is_inside: bool) -> Data:
    """`is_inside`: also what is the unit's own affair, as who wrote what and what was sent back within it."""
    plan = task.plans[-1] if task.plans else None
    steps = [
        {"key": step.key, "name": step.name, "filled": step.filled, "done_on": step.done_on.isoformat() if step.done_on else ""}
        for step in task.steps
    ]  # fmt: skip
    record: Data = {
        "plan": {"handler": plan.handler, "leader": plan.leader, "sections": plan.sections, "reply_by": plan.reply_by.isoformat() if plan.reply_by else ""} if plan else None,
        "steps": steps,
        "meetings": [
            {"kind": one.kind, "on": one.on.isoformat(), "led_by": one.led_by, "agreed": one.agreed, "due_on": one.due_on.isoformat() if one.due_on else ""}
            for one in task.meetings
        ],
        "talks": [{"on": one.on.isoformat(), "method": one.method, "led_by": one.led_by, "rank": one.rank} for one in task.contacts],
    }  # fmt: skip
    return {**record, **_inside(handling, task)} if is_inside else record


def _inside(handling: Handling, task: Task) -> Data:
    last = task.submissions[-1] if task.submissions else None
    written = task.drafts[-1:] or task.submissions[-1:]
    answered = [step for step in handling.history if step.what == "答复代表" and step.unit == task.unit.name]
    return {
        "drafted_rank": written[-1].drafted_rank if written else "",
        "sent_back": sum(bool(one.sent_back) for one in task.submissions),
        "handed_in_on": last.handed_in_on.isoformat() if last and not last.sent_back else "",
        "hand_in_by": task.due_on.isoformat() if task.due_on else "",
        "replied_by": answered[-1].by if answered else "",
    }
