"""Planning, talking, asking for more time, and handing parts on to the units below."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.assignment import stores
from services.assignment.model import Handling
from services.assignment.stores import store
from services.assignment.units import chosen_below
from shared.periods import period_laid_down
from shared.problems import Invalid
from shared.work import Work

Data = dict[str, Any]

# --- planning, talking, asking for more time ----------------------------------------------------------------------


def make_plan(work: Work, handling: Handling, data: Data) -> None:
    handling.make_plan(data.pop("task"), data, work.actor, work.now)


def log_contact(work: Work, handling: Handling, data: Data) -> None:
    """A talk about several suggestions at once is on record with each of them."""
    task, also = data.pop("task"), [id for id in data.pop("also") if id != handling.id]
    logged = handling.log_contact(task, data, work.actor, work.now)
    unit = next(one.unit.id for one in handling.tasks if one.id == task)
    others = store.get_locked(work.connection, also)
    if len(others) < len(also):
        raise Invalid("没有找到这件建议。", {"also": ["没有找到其中一件建议，请重新选择。"]})
    for other in others.values():
        other.share_contact(unit, logged, work.actor, work.now)
        work.save(store, other)


def agree_plan(work: Work, handling: Handling, data: Data) -> None:
    handling.agree_plan(data["task"], data["agrees"], data["note"], work.actor, work.now)


def complete_step(work: Work, handling: Handling, data: Data) -> None:
    entries = {entry["label"]: entry["value"] for entry in data["entries"]}
    handling.complete_step(data["task"], data["step"], data["note"], entries, work.actor, work.now)


def confirm_contact(work: Work, handling: Handling, data: Data) -> None:
    handling.confirm_contact(
        data["task"], data["contact"], data["agrees"], data["note"], work.actor, work.now
    )


def ask_extension(work: Work, handling: Handling, data: Data) -> None:
    """The last day is the one that supervision computed; until its answer has arrived, the calendar's."""
    due_on = _due_on(work, handling, data["task"])
    handling.ask_extension(data["task"], data["reason"], due_on, work.actor, work.now)


def grant_extension(work: Work, handling: Handling, data: Data) -> None:
    handling.grant_extension(data["task"], data["reason"], work.actor, work.now)


def refuse_extension(work: Work, handling: Handling, data: Data) -> None:
    handling.refuse_extension(data["task"], data["reason"], work.actor, work.now)


# --- the chain ----------------------------------------------------------------------------------------------------


def distribute(work: Work, handling: Handling, data: Data) -> Data:
    task = handling.task_for("distribute_task", data["task"], work.actor)
    units = chosen_below(work, task, "units", data["units"])
    due_on = _due_on(work, handling, task.id)
    parts = handling.distribute(task.id, units, data["note"], data["due_on"], due_on, work.actor, work.now)
    return {"parts": [part.as_data() for part in parts]}


def hand_in(work: Work, handling: Handling, data: Data) -> None:
    handling.hand_in_part(data["task"], data["text"], data["drafted_rank"], work.actor, work.now)


def send_back(work: Work, handling: Handling, data: Data) -> None:
    handling.send_back_part(data["task"], data["reason"], work.actor, work.now)


# --- inside --------------------------------------------------------------------------------------------------------


def _due_on(work: Work, handling: Handling, task_id: str) -> date:
    """When supervision says that a task's reply is due; until its answer has arrived, by the place's period. Of a joint
    unit's opinion always by that period."""
    if told := stores.due_on(work.connection, task_id):
        return date.fromisoformat(told)
    task = handling.task(task_id)
    began_on = (task.clock_from or task.assigned_on) if task else work.today
    held_on = max(began_on, handling.practices_on or began_on)
    periods = work.practices.settings("deadlines", handling.congress, on=held_on)
    what = "joint_opinion" if task and task.role == "joint" else "reply"
    return period_laid_down(periods, what).after(began_on)
