"""What the others tell."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from services.assignment import files, stores, tables
from services.assignment.handlers.assigning import count, given
from services.assignment.model import IN_HAND, Allotment, Handling, Person, Unit
from services.assignment.practised import lay_down_steps, steps_of
from services.assignment.stores import store
from services.assignment.units import units_of
from shared.handlers import Event
from shared.offices import holders
from shared.rules import Rule, Rules
from shared.work import Work

MOST_KEY = 500  # key suggestions of one congress in hand: tens
DAYS_BACK = 7  # so long a network may have been away
POST_RULES = Rules(
    "项移交", {"new": "尚未移交"}, [Rule("follow_posts", "移交领办", ("operator", "system"), ("new",))]
)

# --- from an office's ledger --------------------------------------------------------------------------------------


def ledger_imported(work: Work, event: Event) -> None:
    """Intake took in a line of an office's ledger; it follows the suggestion's acceptance, but may arrive before it."""
    said = event["data"]
    handling = _known(work, event)
    if said["lead_unit"] is None or said["assigned_on"] is None or handling.tasks or handling.merged_into:
        return
    row = {
        **{name: said[name] for name in ("number", "title", "category", "deputies", "reply_class")},
        "means": said.get("means", ""),
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
    count(work, [handling])
    work.save(store, handling)


# --- after a signature --------------------------------------------------------------------------------------------


def task_signed(work: Work, event: Event) -> None:
    """What the practices ask for is laid down, unless a command about the suggestion was faster and has done it."""
    handling = store.get(work.connection, event["subject"], lock=True)
    if handling and lay_down_steps(work, handling):
        work.save(store, handling)


# --- what the others tell -----------------------------------------------------------------------------------------


def suggestion_accepted(work: Work, event: Event) -> None:
    handling = _known(work, event)
    handling.accept(event["data"])
    work.save(store, handling)


def suggestion_corrected(work: Work, event: Event) -> None:
    """What its units were proposed by goes with the category."""
    handling, said = _known(work, event), event["data"]
    counted = [given(handling, task.unit) for task in handling.live_tasks if task.replies_itself]
    names = {name: said[name] for name in ("title", "kind", "category", "reason")}
    if not handling.correct(event["sequence"], by=work.actor, now=work.now, **names):
        return
    if counted and handling.state != "unknown":
        stores.count_allotments(work.connection, counted, times=-1)
        again = [given(handling, task.unit) for task in handling.live_tasks if task.replies_itself]
        stores.count_allotments(work.connection, again)
    work.save(store, handling)


def lead_replaced(work: Work, event: Event) -> None:
    handling, said = _known(work, event), event["data"]
    names = {name: said[name] for name in ("before", "lead", "reason")}
    handling.replace_lead(event["sequence"], by=work.actor, now=work.now, **names)
    work.save(store, handling)


def practices_renewed(work: Work, event: Event) -> None:
    """What is still in hand goes on by the steps that the practices of this day ask for."""
    handling, on = _known(work, event), date.fromisoformat(event["data"]["held_on"])
    if handling.practices_on is None or handling.practices_on < on:
        handling.practices_on = on
        lay_down_steps(work, handling)
        for task in handling.live_tasks:
            if task.goes_on:
                handling.renew_steps(task, steps_of(work, handling, task, on), on, work.actor, work.now)
        work.save(store, handling)


def suggestion_designated(work: Work, event: Event) -> None:
    handling = _known(work, event)
    is_over = event["type"] == "key.released.v1"
    said = {} if is_over else event["data"]
    theme, sponsor, post = (said.get(name, "") for name in ("theme", "sponsor", "sponsor_id"))
    if handling.mark_key(event["sequence"], theme, sponsor, post, _holders(work, post), work.actor, work.now):
        work.save(store, handling)


def office_changed(work: Work, event: Event) -> None:
    """Somebody else holds the post: what it sponsors waits for that leader from now on."""
    if event["data"]["kind"] == "government":
        _pass_on(work, event["subject"], event["jurisdiction"])


def follow_posts(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    """A day has begun on which a post that was handed over before passes to who holds it from now on."""
    work.authorize(POST_RULES, "follow_posts", "")
    c = work.copies.table.c
    days = [(work.today - timedelta(days=ago)).isoformat() for ago in range(DAYS_BACK)]
    told = sa.or_(*(sa.cast(c.data, sa.Text).contains(day) for day in days))
    rows = work.connection.execute(sa.select(c.id, c.congress, c.data).where(c.kind == "office", told)).all()
    passed = sum(_pass_on(work, row.id, row.congress) for row in rows if row.data["kind"] == "government")
    return {"id": "", "passed": passed}


def _pass_on(work: Work, post: str, congress: str) -> int:
    h, held_by = tables.handlings.c, _holders(work, post)
    wanted = (h.congress == congress, h.key_theme != "", h.state.in_(IN_HAND))
    passed = 0
    keys = work.connection.scalars(sa.select(h.id).where(*wanted).limit(MOST_KEY))
    for handling in store.get_locked(work.connection, keys).values():
        if handling.key_sponsor_id == post and handling.key_sponsors != held_by:
            handling.key_sponsors = held_by
            work.save(store, handling)
            passed += 1
    return passed


def _holders(work: Work, post: str) -> list[str]:
    """The accounts of who holds a post today."""
    office = work.copies.get("office", post) if post else None
    return [held["account"] for held in holders(office, work.today) if held["account"]] if office else []


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


def suggestion_closed(work: Work, event: Event) -> None:
    handling = _known(work, event)
    handling.close(date.fromisoformat(event["data"]["closed_on"]), work.actor, work.now)
    work.save(store, handling)


def suggestion_published(work: Work, event: Event) -> None:
    """What goes with its public replies may be read by everybody from now on."""
    handling = _known(work, event)
    handling.is_published = True
    files.publish(work, handling)
    work.save(store, handling)


def rehandling_ordered(work: Work, event: Event) -> None:
    """Evaluation only orders what was replied to here, so a task that is not known would be another network's."""
    said = event["data"]
    handling = store.get(work.connection, event["subject"], lock=True)
    ordered_on = date.fromisoformat(said["ordered_on"])
    if handling and handling.reopen(
        said["task"], said["round"], said["reason"], ordered_on, work.actor, work.now
    ):
        work.save(store, handling)


def suggestion_reopened(work: Work, event: Event) -> None:
    """A look-back found it not so: it is handled again, by the day that evaluation names."""
    said, handling = event["data"], store.get(work.connection, event["subject"], lock=True)
    on, due_on = date.fromisoformat(said["reopened_on"]), date.fromisoformat(said["due_on"])
    again = (said["task"], said["round"], said["reason"], on)
    if handling and handling.reopen(*again, work.actor, work.now, due_on):
        work.save(store, handling)


def reply_refused(work: Work, event: Event) -> None:
    """Evaluation knows whether somebody has judged the reply, so it is sent back there."""
    said, handling = event["data"], store.get(work.connection, event["subject"], lock=True)
    due_on, on = date.fromisoformat(said["due_on"]), date.fromisoformat(said["refused_on"])
    back = (said["task"], said["reply"], said["reason"], due_on, on)
    if handling and handling.send_back(*back, work.actor, work.now):
        work.save(store, handling)


def promise_told(work: Work, event: Event) -> None:
    """When all that a reply promised is kept, the deputies are answered again."""
    said, handling = event["data"], _known(work, event)
    kept_on = said.get("kept_on")
    handling.promise(
        said["commitment"], said["unit"]["id"], date.fromisoformat(kept_on) if kept_on else None,
        event["type"] == "commitment.withdrawn.v1",
    )  # fmt: skip
    work.save(store, handling)


def deadline_told(work: Work, event: Event) -> None:
    said = event["data"]
    if said["unit"] and said["kind"] == "ask_to_return":
        stores.write_return_by(work.connection, event["subject"], said["unit"]["id"], said["due_on"])
    if said["unit"] and said["kind"] in ("reply", "extended_reply", "second_reply", "renewed_reply"):
        stores.write_due_on(work.connection, event["subject"], said["unit"]["id"], said["due_on"])


# --- inside --------------------------------------------------------------------------------------------------------


def _known(work: Work, event: Event) -> Handling:
    """The handling of the suggestion that an event is about; a new one if nothing was known of it."""
    found = store.get(work.connection, event["subject"], lock=True)
    return found or Handling(id=event["subject"], congress=event["jurisdiction"])
