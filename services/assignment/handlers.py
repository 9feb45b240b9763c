"""What assignment does: one function per command and per event; the questions are in `questions`."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.assignment import hooks, meetings, questions, systems, tables, tree
from services.assignment.events import catalogue
from services.assignment.model import (
    BATCH_RULES,
    Allotment,
    Batch,
    Handling,
    Person,
    Unit,
    due_by_calendar,
)
from services.assignment.model.approving import USUAL
from services.assignment.practised import approving_of, steps_of
from services.assignment.tables import batch_store, metadata, store
from services.assignment.units import (
    allotment_of,
    chosen_below,
    chosen_ids,
    chosen_successor,
    chosen_unit,
    units_of,
)
from shared.contracts import assignment as contracts
from shared.handlers import Event, Handlers, Projection
from shared.problems import Invalid
from shared.work import Work

Data = dict[str, Any]

handlers = Handlers(catalogue, metadata, hooks)
handlers.keeps("congress", "unit", "deputy", "practice")
handlers.on("unit.recorded.v1")(tree.keep)
handlers.projects(
    Projection(
        "unit_tree", (tables.unit_tree,), lambda: [("unit.recorded.v1", tree.keep)], sources=("directory",)
    )
)

# --- batches --------------------------------------------------------------------------------------------------


@handlers.creates(contracts.DRAW_UP)
def draw_up(work: Work, data: Data) -> Data:
    congress = data.pop("congress")
    work.authorize(BATCH_RULES, "draw_up_batch", congress)
    batch = Batch.draw_up(congress, by=work.actor, now=work.now, **data)
    work.save(batch_store, batch)
    return {"id": batch.id, "version": batch.version, "state": batch.state}


@handlers.changes(contracts.PUT_IN, batch_store, "个批次")
def put_in(work: Work, batch: Batch, data: Data) -> Data:
    """Answers what still stands against issuing the line, so that the person sees it while choosing the units."""
    handling = store.get(work.connection, data["suggestion"], lock=True)
    if handling is None or not handling.relations(work.actor):
        raise Invalid("没有找到这件建议。", {"suggestion": ["没有找到这件建议，请重新选择。"]})
    if handling.congress != batch.congress:
        raise Invalid("只能列入本级的建议。", {"suggestion": ["这件建议不属于本级人大。"]})
    units = units_of(work, batch.congress, chosen_ids(data))
    before = handling.batch
    line = batch.put_in(handling, allotment_of(units, data))
    if handling.batch != before:
        work.save(store, handling)
    return {"objections": batch.objections(line, handling, units.active)}


@handlers.changes(contracts.TAKE_OUT, batch_store, "个批次")
def take_out(work: Work, batch: Batch, data: Data) -> None:
    handling = store.get(work.connection, data["suggestion"], lock=True)
    before = handling.batch if handling else ""
    batch.take_out(data["suggestion"], handling)
    if handling and handling.batch != before:
        work.save(store, handling)


@handlers.changes(contracts.ISSUE_BATCH, batch_store, "个批次")
def issue_batch(work: Work, batch: Batch, data: Data) -> Data:
    """All or nothing, and in few statements however long the batch is."""
    handlings = store.get_locked(work.connection, [line.suggestion for line in batch.lines])
    units = units_of(work, batch.congress, batch.unit_ids)
    batch.place_units(units.known)
    batch.issue(handlings, units.active, work.actor, work.now)
    _save_together(work, list(handlings.values()))
    return {"count": len(batch.lines)}


@handlers.changes(contracts.ASSIGN, store, "件建议")
def assign(work: Work, handling: Handling, data: Data) -> Data:
    """Outside a meeting. If it was put into a batch, the batch's line says from now on that it has been assigned."""
    units = units_of(work, handling.congress, chosen_ids(data))
    allotment = allotment_of(units, data)
    if gone := {field: [f"{'、'.join(names)}已经停用。"] for field, names in units.inactive(data).items()}:
        raise Invalid("有的单位已经停用。", gone)
    handling.assign(allotment, "", "", work.actor, work.now)
    _count(work, [handling])
    return {"tasks": [task.as_data() for task in handling.live_tasks]}


# --- the meeting ----------------------------------------------------------------------------------------------

handlers.changes(contracts.CONSULT, batch_store, "个批次")(meetings.consult)
handlers.changes(contracts.ANSWER_CONSULTATION, store, "件建议")(meetings.answer_consultation)
handlers.changes(contracts.SET_AGENDA, batch_store, "个批次")(meetings.set_agenda)
handlers.changes(contracts.RECORD_ATTENDANCE, batch_store, "个批次")(meetings.record_attendance)
handlers.changes(contracts.RECORD_MINUTES, batch_store, "个批次")(meetings.record_minutes)

# --- signing for, returning -----------------------------------------------------------------------------------


@handlers.changes(contracts.SIGN_FOR, store, "件建议")
def sign_for(work: Work, handling: Handling, data: Data) -> None:
    """The steps that the practices of the unit and the congress ask for today go on under them."""
    task = next((task for task in handling.tasks if task.id == data["task"]), None)
    steps = steps_of(work, handling, task) if task else []
    handling.sign_for(data["task"], work.actor, work.now, steps)


@handlers.changes(contracts.ASK_RETURN, store, "件建议")
def ask_to_return(work: Work, handling: Handling, data: Data) -> None:
    proposed = chosen_unit(work, handling.congress, "proposed_unit", data["proposed_unit"])
    handling.ask_to_return(data["task"], data["reason"], proposed, work.actor, work.now)


@handlers.changes(contracts.ADJUDICATE, store, "件建议")
def adjudicate(work: Work, handling: Handling, data: Data) -> Data:
    """The suggestion counts for the unit that got it in the end: the desk learns whose business such things are."""
    if not data["approve"]:
        handling.refuse_return(data["task"], data["reason"], work.actor, work.now)
        return {}
    unit = chosen_successor(work, handling, handling.task(data["task"]), data["unit"])
    began_on = handling.assigned_on or work.today
    goes_on = (
        work.practices.settings("assigning", handling.congress, on=began_on)["return_clock"] == "goes_on"
    )
    old, new = handling.approve_return(data["task"], unit, data["reason"], work.actor, work.now, goes_on)
    if old.replies_itself:
        tables.count_allotments(work.connection, [_given(handling, old.unit)], times=-1)
    if new and new.replies_itself:
        tables.count_allotments(work.connection, [_given(handling, new.unit)])
    return {"new_task": new.id if new else ""}


# --- planning, talking, asking for more time ------------------------------------------------------------------


@handlers.changes(contracts.PLAN, store, "件建议")
def make_plan(work: Work, handling: Handling, data: Data) -> None:
    handling.make_plan(data.pop("task"), data, work.actor, work.now)


@handlers.changes(contracts.LOG_CONTACT, store, "件建议")
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


@handlers.changes(contracts.AGREE_PLAN, store, "件建议")
def agree_plan(work: Work, handling: Handling, data: Data) -> None:
    handling.agree_plan(data["task"], data["agrees"], data["note"], work.actor, work.now)


@handlers.changes(contracts.COMPLETE_STEP, store, "件建议")
def complete_step(work: Work, handling: Handling, data: Data) -> None:
    entries = {entry["label"]: entry["value"] for entry in data["entries"]}
    handling.complete_step(data["task"], data["step"], data["note"], entries, work.actor, work.now)


@handlers.changes(contracts.CONFIRM_CONTACT, store, "件建议")
def confirm_contact(work: Work, handling: Handling, data: Data) -> None:
    handling.confirm_contact(
        data["task"], data["contact"], data["agrees"], data["note"], work.actor, work.now
    )


@handlers.changes(contracts.ASK_EXTENSION, store, "件建议")
def ask_extension(work: Work, handling: Handling, data: Data) -> None:
    """The last day is the one that supervision computed; until its answer has arrived, the calendar's."""
    due_on = _reply_due_on(work, handling, data["task"])
    handling.ask_extension(data["task"], data["reason"], due_on, work.actor, work.now)


@handlers.changes(contracts.GRANT_EXTENSION, store, "件建议")
def grant_extension(work: Work, handling: Handling, data: Data) -> None:
    handling.grant_extension(data["task"], data["reason"], work.actor, work.now)


@handlers.changes(contracts.REFUSE_EXTENSION, store, "件建议")
def refuse_extension(work: Work, handling: Handling, data: Data) -> None:
    handling.refuse_extension(data["task"], data["reason"], work.actor, work.now)


# --- the chain ------------------------------------------------------------------------------------------------


@handlers.changes(contracts.DISTRIBUTE, store, "件建议")
def distribute(work: Work, handling: Handling, data: Data) -> Data:
    task = handling.task_for("distribute_task", data["task"], work.actor)
    units = chosen_below(work, task, "units", data["units"])
    due_on = _reply_due_on(work, handling, task.id)
    parts = handling.distribute(task.id, units, data["note"], data["due_on"], due_on, work.actor, work.now)
    return {"parts": [part.as_data() for part in parts]}


@handlers.changes(contracts.HAND_IN, store, "件建议")
def hand_in(work: Work, handling: Handling, data: Data) -> None:
    handling.hand_in_part(data["task"], data["text"], work.actor, work.now)


@handlers.changes(contracts.SEND_BACK, store, "件建议")
def send_back(work: Work, handling: Handling, data: Data) -> None:
    handling.send_back_part(data["task"], data["reason"], work.actor, work.now)


# --- opinions and replies -------------------------------------------------------------------------------------


@handlers.changes(contracts.GIVE_OPINION, store, "件建议")
def give_opinion(work: Work, handling: Handling, data: Data) -> None:
    handling.give_opinion(data["task"], data["text"], work.actor, work.now)


@handlers.changes(contracts.DRAFT_REPLY, store, "件建议")
def draft_reply(work: Work, handling: Handling, data: Data) -> None:
    """How it is approved follows from what the unit and the congress have laid down today."""
    task = next((task for task in handling.tasks if task.id == data["task"]), None)
    approving = approving_of(work, handling, task) if task else USUAL
    handling.draft_reply(data.pop("task"), data, work.actor, work.now, approving)


@handlers.changes(contracts.APPROVE_REPLY, store, "件建议")
def approve_reply(work: Work, handling: Handling, data: Data) -> None:
    handling.approve_reply(data["task"], work.actor, work.now)


@handlers.changes(contracts.REJECT_REPLY, store, "件建议")
def reject_reply(work: Work, handling: Handling, data: Data) -> None:
    handling.reject_reply(data["task"], data["reason"], work.actor, work.now)


@handlers.changes(contracts.ISSUE_REPLY, store, "件建议")
def issue_reply(work: Work, handling: Handling, data: Data) -> Data:
    return {"reply": handling.issue_reply(data["task"], data["document_number"], work.actor, work.now).id}


@handlers.changes(contracts.COUNTERSIGN, store, "件建议")
def countersign_reply(work: Work, handling: Handling, data: Data) -> None:
    handling.countersign_reply(data["task"], data["agrees"], data["note"], work.actor, work.now)


@handlers.changes(contracts.SUPPLEMENT, store, "件建议")
def supplement_reply(work: Work, handling: Handling, data: Data) -> None:
    handling.supplement_reply(data["task"], data["text"], data["solved"], work.actor, work.now)


# --- the deputies' word, meetings -----------------------------------------------------------------------------


@handlers.changes(contracts.SHOW_DRAFT, store, "件建议")
def show_draft(work: Work, handling: Handling, data: Data) -> None:
    handling.show_draft(data["task"], work.actor, work.now)


@handlers.changes(contracts.COMMENT_DRAFT, store, "件建议")
def comment_draft(work: Work, handling: Handling, data: Data) -> None:
    handling.comment_draft(data["task"], data["text"], work.actor, work.now)


@handlers.changes(contracts.REMARK, store, "件建议")
def remark(work: Work, handling: Handling, data: Data) -> Data:
    return {"remark": handling.remark(data["text"], work.actor, work.now).id}


@handlers.changes(contracts.ANSWER_REMARK, store, "件建议")
def answer_remark(work: Work, handling: Handling, data: Data) -> None:
    handling.answer_remark(data["task"], data["remark"], data["text"], work.actor, work.now)


@handlers.changes(contracts.LOG_MEETING, store, "件建议")
def log_meeting(work: Work, handling: Handling, data: Data) -> None:
    handling.log_meeting(data.pop("task"), data, work.actor, work.now)


# --- the class of a reply -------------------------------------------------------------------------------------


@handlers.changes(contracts.CHANGE_CLASS, store, "件建议")
def change_reply_class(work: Work, handling: Handling, data: Data) -> None:
    handling.change_reply_class(data["task"], data["reply_class"], data["reason"], work.actor, work.now)


@handlers.changes(contracts.OBJECT, store, "件建议")
def object_to_class(work: Work, handling: Handling, data: Data) -> None:
    handling.object_to_class(data["task"], data["reason"], work.actor, work.now)


@handlers.changes(contracts.DECIDE_OBJECTION, store, "件建议")
def decide_objection(work: Work, handling: Handling, data: Data) -> None:
    handling.decide_objection(data["task"], data["uphold"], data["reason"], work.actor, work.now)


# --- from an office's ledger ----------------------------------------------------------------------------------


@handlers.on("ledger.imported.v1")
def ledger_imported(work: Work, event: Event) -> None:
    """Intake took in a line of an office's ledger; it follows the suggestion's acceptance, but may arrive before it."""
    said = event["data"]
    handling = _known(work, event)
    if said["lead_unit"] is None or said["assigned_on"] is None or handling.tasks or handling.merged_into:
        return
    row = {
        **{name: said[name] for name in ("number", "title", "category", "deputies", "reply_class")},
        "assigned_on": date.fromisoformat(said["assigned_on"]),
        "replied_on": date.fromisoformat(said["replied_on"]) if said["replied_on"] else None,
    }
    named = [
        said["lead_unit"],
        *(unit for unit in said["joint_units"] if unit["id"] != said["lead_unit"]["id"]),
    ]
    placed = units_of(work, handling.congress, [unit["id"] for unit in named]).known
    lead, *joint = (placed.get(unit["id"]) or Unit(**unit) for unit in named)
    handling.take_in(row, Allotment(lead, joint), work.actor)
    _count(work, [handling])
    work.save(store, handling)


# --- what the others tell -------------------------------------------------------------------------------------


@handlers.on("suggestion.accepted.v1")
def suggestion_accepted(work: Work, event: Event) -> None:
    handling = _known(work, event)
    handling.accept(event["data"])
    work.save(store, handling)


@handlers.on("suggestion.corrected.v1")
def suggestion_corrected(work: Work, event: Event) -> None:
    """What its units were proposed by goes with the category."""
    handling, said = _known(work, event), event["data"]
    counted = [_given(handling, task.unit) for task in handling.live_tasks if task.replies_itself]
    names = {name: said[name] for name in ("title", "kind", "category", "reason")}
    if not handling.correct(event["sequence"], by=work.actor, now=work.now, **names):
        return
    if counted and handling.state != "unknown":
        tables.count_allotments(work.connection, counted, times=-1)
        again = [_given(handling, task.unit) for task in handling.live_tasks if task.replies_itself]
        tables.count_allotments(work.connection, again)
    work.save(store, handling)


@handlers.on("lead.replaced.v1")
def lead_replaced(work: Work, event: Event) -> None:
    handling, said = _known(work, event), event["data"]
    names = {name: said[name] for name in ("before", "lead", "reason")}
    handling.replace_lead(event["sequence"], by=work.actor, now=work.now, **names)
    work.save(store, handling)


@handlers.on("suggestion.designated.v1", "key.changed.v1", "key.released.v1")
def suggestion_designated(work: Work, event: Event) -> None:
    handling = _known(work, event)
    theme = "" if event["type"] == "key.released.v1" else event["data"]["theme"]
    if handling.mark_key(event["sequence"], theme, work.actor, work.now):
        work.save(store, handling)


@handlers.on("suggestion.merged.v1")
def suggestion_merged(work: Work, event: Event) -> None:
    """Into the main one, or, when that has been merged itself meanwhile, into the one that it went into."""
    merged, main_id = event["subject"], event["data"]["into"]
    ids = {merged}
    while True:
        handlings = store.get_locked(work.connection, [*ids, main_id])
        further = handlings[main_id].merged_into if main_id in handlings else ""
        if not further or further in ids:
            break
        ids, main_id = {*ids, main_id}, further
    known = [handlings.get(id) or Handling(id=id, congress=event["jurisdiction"]) for id in (merged, main_id)]
    known[0].merge_into(
        known[1], [Person(**deputy) for deputy in event["data"]["deputies"]], work.actor, work.now
    )
    for handling in known:
        work.save(store, handling)


@handlers.on("suggestion.closed.v1")
def suggestion_closed(work: Work, event: Event) -> None:
    handling = _known(work, event)
    handling.close(date.fromisoformat(event["data"]["closed_on"]), work.actor, work.now)
    work.save(store, handling)


@handlers.on("rehandling.ordered.v1")
def rehandling_ordered(work: Work, event: Event) -> None:
    """Evaluation only orders what was replied to here, so a task that is not known would be another network's."""
    said = event["data"]
    handling = store.get(work.connection, event["subject"], lock=True)
    ordered_on = date.fromisoformat(said["ordered_on"])
    if handling and handling.reopen(
        said["task"], said["round"], said["reason"], ordered_on, work.actor, work.now
    ):
        work.save(store, handling)


@handlers.on("reply.refused.v1")
def reply_refused(work: Work, event: Event) -> None:
    """Evaluation knows whether somebody has judged the reply, so it is sent back there."""
    said, handling = event["data"], store.get(work.connection, event["subject"], lock=True)
    due_on, on = date.fromisoformat(said["due_on"]), date.fromisoformat(said["refused_on"])
    back = (said["task"], said["reply"], said["reason"], due_on, on)
    if handling and handling.send_back(*back, work.actor, work.now):
        work.save(store, handling)


@handlers.on("commitment.recorded.v1", "commitment.kept.v1")
def promise_told(work: Work, event: Event) -> None:
    """When all that a reply promised is kept, the deputies are answered again."""
    said, handling = event["data"], _known(work, event)
    kept_on = said.get("kept_on")
    handling.promise(said["commitment"], said["unit"]["id"], date.fromisoformat(kept_on) if kept_on else None)
    work.save(store, handling)


@handlers.on("deadline.set.v1", "deadline.moved.v1")
def deadline_told(work: Work, event: Event) -> None:
    said = event["data"]
    if said["unit"] and said["kind"] in ("reply", "extended_reply", "second_reply", "renewed_reply"):
        tables.write_due_on(work.connection, event["subject"], said["unit"]["id"], said["due_on"])


# --- questions ------------------------------------------------------------------------------------------------

handlers.query(contracts.HANDLING)(questions.handling)
handlers.query(contracts.UNIT_TASKS)(questions.unit_tasks)
handlers.query(contracts.DESK)(questions.desk)
handlers.query(contracts.BATCHES)(questions.batches)
handlers.query(contracts.BATCH)(questions.batch)
handlers.query(contracts.CONTACTS_DUE)(questions.contacts_due)
handlers.query(contracts.BATCH_BY_UNIT)(meetings.batch_by_unit)
handlers.query(contracts.WAITING)(questions.waiting)
handlers.query(contracts.UNITS_BELOW)(systems.units_below)
handlers.query(contracts.SYSTEM_TASKS)(systems.system_tasks)

# --- inside ---------------------------------------------------------------------------------------------------


def _known(work: Work, event: Event) -> Handling:
    """The handling of the suggestion that an event is about; a new one if nothing was known of it."""
    found = store.get(work.connection, event["subject"], lock=True)
    return found or Handling(id=event["subject"], congress=event["jurisdiction"])


def _reply_due_on(work: Work, handling: Handling, task_id: str) -> date:
    """When supervision says that a task's reply is due; until its answer has arrived, by the calendar."""
    task = handling.task(task_id)
    told = tables.due_on(work.connection, task_id)
    return (
        date.fromisoformat(told)
        if told
        else due_by_calendar((task.clock_from or task.assigned_on) if task else work.today)
    )


def _save_together(work: Work, handlings: list[Handling]) -> None:
    """Save many handlings that are new or locked, with their events, and count which units got them."""
    together = tables.SavedTogether(store)
    for handling in handlings:
        work.save(together, handling)
    together.write(work.connection)
    _count(work, handlings)


def _count(work: Work, handlings: list[Handling]) -> None:
    tables.count_allotments(
        work.connection,
        [
            _given(handling, task.unit)
            for handling in handlings
            for task in handling.tasks
            if task.replies_itself
        ],
    )


def _given(handling: Handling, unit: Unit) -> tuple[str, str, str, str]:
    return handling.congress, handling.category, unit.id, unit.name
