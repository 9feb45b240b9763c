"""Batches, assigning, signing for and returning."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.assignment import stores
from services.assignment.model import BATCH_RULES, Batch, Handling, Unit
from services.assignment.practised import asks_for_steps
from services.assignment.stores import batch_store, store
from services.assignment.units import allotment_of, chosen_ids, chosen_successor, chosen_unit, units_of
from shared.problems import Invalid
from shared.work import Work

Data = dict[str, Any]

# --- batches ------------------------------------------------------------------------------------------------------


def draw_up(work: Work, data: Data) -> Data:
    congress = data.pop("congress")
    work.authorize(BATCH_RULES, "draw_up_batch", congress)
    batch = Batch.draw_up(congress, by=work.actor, now=work.now, **data)
    work.save(batch_store, batch)
    return {"id": batch.id, "version": batch.version, "state": batch.state}


def put_in(work: Work, batch: Batch, data: Data) -> Data:
    """Answers what still stands against issuing the line, so that the person sees it while choosing the units."""
    handling = store.get(work.connection, data["suggestion"], lock=True)
    if handling is None or not handling.relations(work.actor):
        raise Invalid("没有找到这件建议。", {"suggestion": ["没有找到这件建议，请重新选择。"]})
    if handling.congress != batch.congress:
        raise Invalid("只能列入本级的建议。", {"suggestion": ["这件建议不属于本级人大。"]})
    units = units_of(work, batch.congress, chosen_ids(data))
    before = handling.batch
    line = batch.put_in(handling, allotment_of(units, data), work.actor, work.now)
    if handling.batch != before:
        work.save(store, handling)
    return {"objections": batch.objections(line, handling, units.active)}


def take_out(work: Work, batch: Batch, data: Data) -> None:
    handling = store.get(work.connection, data["suggestion"], lock=True)
    before = handling.batch if handling else ""
    batch.take_out(data["suggestion"], handling, work.actor, work.now)
    if handling and handling.batch != before:
        work.save(store, handling)


def move_batch(work: Work, batch: Batch, data: Data) -> None:
    batch.move(data["meeting_on"], data["reason"], work.actor, work.now)


def discard_batch(work: Work, batch: Batch, data: Data) -> None:
    handlings = store.get_locked(work.connection, [line.suggestion for line in batch.lines])
    batch.discard(handlings, data["reason"], work.actor, work.now)
    together = stores.SavedTogether(store)
    for handling in handlings.values():
        work.save(together, handling)
    together.write(work.connection)


def issue_batch(work: Work, batch: Batch, data: Data) -> Data:
    """All or nothing, and in few statements however long the batch is."""
    handlings = store.get_locked(work.connection, [line.suggestion for line in batch.lines])
    units = units_of(work, batch.congress, batch.unit_ids)
    batch.place_units(units.known)
    batch.issue(handlings, units.active, work.actor, work.now)
    _save_together(work, list(handlings.values()))
    return {"count": len(batch.lines)}


def assign(work: Work, handling: Handling, data: Data) -> Data:
    """Outside a meeting. If it was put into a batch, the batch's line says from now on that it has been assigned."""
    units = units_of(work, handling.congress, chosen_ids(data))
    allotment = allotment_of(units, data)
    if gone := {field: [f"{'、'.join(names)}已经停用。"] for field, names in units.inactive(data).items()}:
        raise Invalid("有的单位已经停用。", gone)
    handling.assign(allotment, "", "", work.actor, work.now)
    count(work, [handling])
    return {"tasks": [task.as_data() for task in handling.live_tasks]}


# --- signing for, returning ---------------------------------------------------------------------------------------


def sign_for(work: Work, handling: Handling, data: Data) -> Data:
    """Who signs does not wait until all plugins have been asked for the steps: `listening.task_signed` goes on from here."""
    task = handling.task(data["task"])
    steps_to_come = task is not None and asks_for_steps(work, handling, task)
    handling.sign_for(data["task"], work.actor, work.now, steps_to_come)
    return {"steps_to_come": steps_to_come}


def ask_to_return(work: Work, handling: Handling, data: Data) -> None:
    proposed = chosen_unit(work, handling.congress, "proposed_unit", data["proposed_unit"])
    until = stores.return_days(work.connection, handling.id).get(data["task"])
    last_day = date.fromisoformat(until) if until else None
    handling.ask_to_return(data["task"], data["reason"], proposed, work.actor, work.now, last_day)


def adjudicate(work: Work, handling: Handling, data: Data) -> Data:
    """The suggestion counts for the unit that got it in the end: the desk learns whose business such things are."""
    if not data["approve"]:
        handling.refuse_return(data["task"], data["reason"], work.actor, work.now)
        return {}
    unit = chosen_successor(work, handling, handling.task(data["task"]), data["unit"])
    began_on = handling.practices_on or handling.assigned_on or work.today
    goes_on = (
        work.practices.settings("assigning", handling.congress, on=began_on)["return_clock"] == "goes_on"
    )
    old, new = handling.approve_return(data["task"], unit, data["reason"], work.actor, work.now, goes_on)
    if old.replies_itself:
        stores.count_allotments(work.connection, [given(handling, old.unit)], times=-1)
    if new and new.replies_itself:
        stores.count_allotments(work.connection, [given(handling, new.unit)])
    return {"new_task": new.id if new else ""}


# --- inside --------------------------------------------------------------------------------------------------------


def _save_together(work: Work, handlings: list[Handling]) -> None:
    """Save many handlings that are new or locked, with their events, and count which units got them."""
    together = stores.SavedTogether(store)
    for handling in handlings:
        work.save(together, handling)
    together.write(work.connection)
    count(work, handlings)


def count(work: Work, handlings: list[Handling]) -> None:
    stores.count_allotments(
        work.connection,
        [
            given(handling, task.unit)
            for handling in handlings
            for task in handling.tasks
            if task.replies_itself
        ],
    )


def given(handling: Handling, unit: Unit) -> tuple[str, str, str, str]:
    return handling.congress, handling.category, unit.id, unit.name
