"""From events to the ledger: lines, deadlines, timeline, and the commitments that replies make."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import reduce
from typing import Any

import orjson
import sqlalchemy as sa

from services.supervision import hooks
from services.supervision import tables as t
from services.supervision.handlers.calendars import calendar_of
from services.supervision.model.clocks import NAMESPACE, reconcile
from services.supervision.model.commitments import Commitment
from services.supervision.model.deadlines import DeadlineRule, rules_for, rules_laid_down
from services.supervision.model.facts import Moment, Named, Task
from services.supervision.model.ledger import Line
from services.supervision.model.telling import WITHOUT_CLOCKS, tell
from services.supervision.model.timeline import OFFICES, OWN_UNIT, Entry, entry_of, merged_here
from shared.events import source_service
from shared.handlers import Event
from shared.problems import Invalid
from shared.reply_classes import PROMISED, means_of
from shared.terms import UNFINISHED_PROMISES
from shared.work import Work

SENT_BACK = "作出承诺的答复已退回，以重新作出的答复为准"


def take_in(work: Work, event: Event) -> None:
    """Bring the suggestion's line, deadlines and timeline up to date with an event of another service."""
    entry = write_timeline(work, event)
    type, data = event["type"], event["data"]
    # A unit's or the offices' inner affair: nobody else can see that anything happened.
    is_inner = bool(entry and entry.seen_by in (OWN_UNIT, OFFICES))
    if type not in WITHOUT_CLOCKS and not is_inner:
        work.together.put_off.add(event["subject"])
    settles_now = _is_last_of_those_together(work, event)
    if is_inner and not settles_now:
        return
    line = line_of(work, event["subject"], event["jurisdiction"])
    people, part_readers = (line.deputies(), line.units(), line.key), line.part_readers()
    if not is_inner:
        tell(line, type, data, Moment(work.now, event["sequence"]))
    if settles_now:
        settle_clocks(work, line)
    if work.rebuilding:
        line.recorded = []  # told when it happened: it must not count a second time
    elif type == "reply.issued.v1" and means_of(data["reply_class"], data.get("means", "")) == PROMISED:
        _record_promises(work, line, data)
    elif type == "reply.refused.v1":
        _withdraw_promises(work, line, data["reply"])
    work.save(t.lines, line)
    if (line.deputies(), line.units(), line.key) != people:
        t.write_people(work.connection, line)
    if line.part_readers() != part_readers:
        t.write_part_readers(work.connection, line)
    if type == "suggestion.merged.v1":
        _join(work, event, line)


def _is_last_of_those_together(work: Work, event: Event) -> bool:
    """Are the clocks of its suggestion to be settled now? What one command tells comes together and is settled once."""
    if work.together.more_comes(take_in, event["subject"]) or event["subject"] not in work.together.put_off:
        return False
    work.together.put_off.remove(event["subject"])
    return True


def line_of(work: Work, id: str, congress: str) -> Line:
    """The suggestion's line, locked; a new one when this is the first that is heard of the suggestion.

    A new line's events go on counting where earlier ones ended, for in a rebuild every line is new.
    """
    line = t.lines.get(work.connection, id, lock=True)
    if line is None:
        body = work.connection.scalar(t.LAST_TOLD, {"id": id})
        line = Line(id=id, congress=congress, sequence=orjson.loads(body)["sequence"] if body else 0)
    return line


def settle_clocks(work: Work, line: Line) -> None:
    """Open, move, meet and end the deadlines that the line's facts call for."""
    kept = t.deadlines_of(work.connection, [line.id])[line.id] if line.version else []
    returning = work.practices.settings("assigning", line.congress, on=began_on(line))
    changed = reconcile(
        line, kept, calendar_of(work.connection), work.actor, work.now, rules_of(work, line),
        tells_return=returning["late_return"] == "refused",
    )  # fmt: skip
    if work.rebuilding:
        _remember_reminders(work, changed)
    t.upsert(work.connection, t.deadlines, [t.deadline_row(deadline) for deadline in changed])


def rules_of(work: Work, line: Line) -> Callable[[Task], Mapping[str, DeadlineRule]]:
    """The periods of each task: the congress's, as they held when the handling began, and what plugins say of the unit's."""
    settings = work.practices.settings("deadlines", line.congress, on=began_on(line))
    of_congress = rules_laid_down(settings)

    def of_task(task: Task) -> Mapping[str, DeadlineRule]:
        if not work.is_answered("deadline_rules") or not task.assigned_on:
            return of_congress
        facts = {"suggestion": suggestion_of(line), "role": task.role}
        held_on = max(task.assigned_on, line.practices_on or task.assigned_on)
        answers = work.ask_plugins("deadline_rules", line.congress, task.unit.id, held_on, **facts)
        return reduce(_with_own_period, (answer for _, answer in answers), of_congress)

    return of_task


def _with_own_period(rules: Mapping[str, DeadlineRule], own: hooks.OwnPeriod) -> Mapping[str, DeadlineRule]:
    """A plugin's period in place of the usual one, unless it makes no sense or is longer than the law's."""
    try:
        changed = rules_for({own.key: {"amount": own.amount, "unit": own.unit, "source": own.source}})
    except Invalid:
        return rules
    return {**rules, own.key: changed[own.key]}


def suggestion_of(line: Line) -> hooks.Suggestion:
    """The suggestion as plugins see it."""
    content = line.content
    return hooks.Suggestion(
        id=line.id, number=line.number, title=line.title, kind=content.kind if content else "suggestion",
        category=content.category if content else line.heading.category if line.heading else "", is_key=line.key is not None,
        state=line.state, reply_class=line.reply_class, means=line.reply_means, year=line.year,
    )  # fmt: skip


def began_on(line: Line) -> date | None:
    """When its handling began: what holds that day holds to its end, unless it was told to go on by what held later.
    None, for today, before it was assigned."""
    begun = min((task.assigned_on for task in line.tasks.values() if task.assigned_on), default=None)
    return max(begun, line.practices_on) if begun and line.practices_on else begun


def _remember_reminders(work: Work, changed: list[Any]) -> None:
    """Deadlines that come back in a rebuild: when they were last reminded of is known from the reminders themselves."""
    r = t.reminders.c
    ids = [deadline.id for deadline in changed]
    query = (
        sa.select(r.deadline_id, sa.func.max(r.sent_on)).where(r.deadline_id.in_(ids)).group_by(r.deadline_id)
    )
    sent = {id: date.fromisoformat(on) for id, on in work.connection.execute(query)}
    for deadline in changed:
        deadline.last_reminded_on = sent.get(deadline.id, deadline.last_reminded_on)


def _record_promises(work: Work, line: Line, data: dict[str, Any]) -> None:
    """Each promise of a B reply is tracked from now on; its id is made from the reply, so that it is recorded once."""
    if line.is_refused(data["reply"]):
        return  # sent back before this came
    for number, promise in enumerate(data["commitments"]):
        id = str(uuid.uuid5(NAMESPACE, f"promise/{data['reply']}/{number}"))
        if t.commitment_store.get(work.connection, id) is not None:
            continue
        record_commitment(
            work, line,
            Commitment(
                id=id, congress=line.congress, suggestion=line.id, unit=Named(data["unit"]["id"], data["unit"]["name"]),
                text=promise["text"], due_on=date.fromisoformat(promise["due_on"]), reply=data["reply"],
                done_when=promise.get("done_when", ""), leader=promise.get("leader", ""),
                deputies=[deputy["id"] for deputy in data["deputies"]], recorded_at=work.now,
            ),
        )  # fmt: skip


def _withdraw_promises(work: Work, line: Line, reply: str) -> None:
    """A reply that is sent back is none: what it promised stands no more, and the next one says what does."""
    c = t.commitments.c
    found = t.commitment_store.find(
        work.connection, c.suggestion_id == line.id, c.state.in_(UNFINISHED_PROMISES)
    )
    for commitment in found:
        if commitment.reply == reply:
            commitment.withdraw(SENT_BACK, work.actor, work.now)
            work.save(t.commitment_store, commitment)
            line.record(
                "commitment.withdrawn", work.now, work.actor, commitment=commitment.id, unit=commitment.unit.as_data(), reason=SENT_BACK
            )  # fmt: skip


def record_commitment(work: Work, line: Line, commitment: Commitment) -> None:
    """Keep a new commitment and let the line tell of it; the caller saves the line."""
    work.save(t.commitment_store, commitment)
    line.record(
        "commitment.recorded", work.now, work.actor, commitment=commitment.id, unit=commitment.unit.as_data(),
        text=commitment.text, due_on=commitment.due_on.isoformat(), done_when=commitment.done_when, leader=commitment.leader,
    )  # fmt: skip


def _join(work: Work, event: Event, merged: Line) -> None:
    """The deputies of a merged suggestion are answered with the one it was merged into: they follow that one too."""
    main = line_of(work, event["data"]["into"], event["jurisdiction"])
    main.joined |= {deputy["id"]: deputy["name"] for deputy in event["data"]["deputies"]}
    main.settle(work.now)
    work.save(t.lines, main)
    t.write_people(work.connection, main)
    _insert_entry(work, event, main.id, merged_here(merged.title, merged.number))


# --- timeline -----------------------------------------------------------------------------------------------


def write_timeline(work: Work, event: Event) -> Entry | None:
    """Put an event on the suggestion's timeline, if it belongs there."""
    entry = entry_of(event["type"], event["data"])
    # Demands and measures that are about no suggestion have events of their own.
    of_itself = event["subject"] in (event["data"].get("demand"), event["data"].get("measure"))
    if entry is not None and not of_itself:
        _insert_entry(work, event, event["subject"], entry)
    return entry


def _insert_entry(work: Work, event: Event, suggestion: str, entry: Entry) -> None:
    row = {
        "suggestion_id": suggestion, "event_id": event["id"], "at": utc_text(work.now), "sequence": event["sequence"],
        "type": event["type"], "service": source_service(event), "by_name": event["data"]["by"]["name"],
        "text": entry.text, "reason": entry.reason, "seen_by": entry.seen_by, "unit_id": entry.unit,
        "deputy_id": entry.deputy,
    }  # fmt: skip
    t.upsert(work.connection, t.timeline, [row])


def utc_text(moment: datetime) -> str:
    """A moment as text that sorts: in UTC, always with microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


# --- rebuild ------------------------------------------------------------------------------------------------


def remember_meanwhile(connection: sa.Connection, schema: str, memory: dict[str, Any]) -> None:
    """What was done while the ledger was built anew: reminders that were sent, and a calendar that may have changed.

    Arrangements, reminders, supervision logs and commitments stay: people wrote them, or they have been sent.
    """
    r, d = t.reminders.c, t.deadlines.c
    last = sa.select(sa.func.max(r.sent_on)).where(r.deadline_id == d.id).scalar_subquery()
    connection.execute(sa.update(t.deadlines).where(d.last_reminded_on < last).values(last_reminded_on=last))
    connection.execute(
        sa.delete(t.marks)
    )  # the next daily look compares all running deadlines with the calendar
