"""What assignment can be asked. Each answer holds only what the person who asks may see."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.assignment import duty_list, stores, tables, tree
from services.assignment.checks import waiting_checks
from services.assignment.meetings import (
    consultations_shown,
    line_marks,
    waiting_batches,
    waiting_consultations,
)
from services.assignment.model import (
    BATCH_RULES,
    IN_HAND,
    OFFICES,
    OVER,
    STATES,
    TASK_STATES,
    Batch,
    Handling,
    Task,
)
from services.assignment.proposing import proposals
from services.assignment.stores import batch_store, store
from services.assignment.units import units_of
from shared.identity import Actor
from shared.offices import is_meant
from shared.problems import Invalid, NotAllowed, NotFound
from shared.reply_classes import SOLVED, labels_in, meanings_in
from shared.store import converter
from shared.terms import CONTACT_PHASES, KINDS, PART, UNIT_ROLES
from shared.work import Work

Data = dict[str, Any]

ROLES = UNIT_ROLES | PART
MOST_WAITING = 200  # lines of one kind in somebody's list of what waits

# The roles in which people act for a unit: those of its office hand on what it is given, and do what a handler does.
ACTING = ("handler", "unit_head", "distributing")

# What the unit has to do next, by state of its task: who does it, command and label. Planning comes before replying.
_NEXT = {
    "unsigned": ("unit", "sign_for", "签收"),
    "signed": ("unit", "draft_reply", "起草答复"),
    "reopened": ("unit", "draft_reply", "再次办理，重新起草答复"),
    "sent_back": ("unit", "draft_reply", "答复被退回，重新起草答复"),
    "drafted": ("unit_head", "approve_reply", "审核答复"),
    "approved": ("handler", "issue_reply", "印发答复"),
}

# --- one suggestion -------------------------------------------------------------------------------------------


def handling(work: Work, params: Data) -> Data:
    found = store.get(work.connection, params["id"])
    if found is None or not found.relations(work.actor):
        raise NotFound("没有找到这件建议。")
    may, relations = found.may(work.actor), found.relations(work.actor)
    shown = _shown(found, work.actor)
    units = {task.unit.name for task in shown}
    classes = work.practices.settings("reply_classes", found.congress)
    return_days = stores.return_days(work.connection, found.id)
    body = converter.unstructure(found)
    for name in ("recorded", "tasks", "promises", "consultations"):
        body.pop(name)
    if not found.hears_deputies(work.actor):
        body["remarks"] = []
    if relations <= {"consulted", "copied"}:  # the text of what it is about, and nothing else
        body |= {"batch": "", "batch_name": "", "history": []}
    # A step that names no unit, such as the assignment, is everybody's.
    history = [step for step in body.pop("history") if not step["unit"] or step["unit"] in units]
    replies = [
        {**converter.unstructure(reply), "reply": reply.id, **task.as_data()}
        for task in found.tasks
        for reply in task.replies
        if task in shown or reply.is_copied_to(work.actor)
    ]
    return {
        **body,
        "suggestion": found.id,
        "consultations": consultations_shown(found, work.actor, bool(relations & {*OFFICES, "system"})),
        "state_label": STATES[found.state],
        "answered": [converter.unstructure(deputy) for deputy in found.answered],
        "tasks": [
            {**_task(found, task, work.actor, may, work.today), "return_by": return_days.get(task.id, "")}
            for task in shown
        ],
        "history": history,
        "replies": sorted(replies, key=lambda reply: (reply["round"], reply["issued_on"], reply["id"])),
        "classes": labels_in(classes),
        "solved": next(letter for letter, means in meanings_in(classes).items() if means == SOLVED),
        "may": may,
    }


def _shown(handling: Handling, actor: Actor) -> list[Task]:
    """The tasks that the person may see, each followed by its parts."""
    shown = [task for task in handling.tasks if handling.is_shown(task, actor)]
    ids = {task.id for task in shown}

    def from_top(upper: str) -> list[Task]:
        found = [task for task in shown if (task.parent if task.parent in ids else "") == upper]
        return [one for task in found for one in (task, *from_top(task.id))]

    return from_top("")


def _task(handling: Handling, task: Task, actor: Actor, may: list[dict[str, str]], today: date) -> Data:
    """One task. Its drafts, and why they were sent back, are for its own unit, and one draft for who is asked about it; what
    a part's unit handed in is for that unit and those above it, who answer for the whole."""
    body = converter.unstructure(task)
    drafts, submissions, files = body.pop("drafts"), body.pop("submissions"), body.pop("attachments")
    del body["desk"], body["offices"]
    own = bool(task.relations(actor))
    reads_part = own or any(upper.relations(actor) for upper in handling.above(task))
    shown = drafts[-1] if drafts and not own and handling.shows_draft(task, actor) else None
    return {
        **body,
        **({"submissions": submissions} if task.is_part and reads_part else {}),
        "depth": len(handling.above(task)),
        "days_so_far": task.days_spent + (today - task.assigned_on).days if task.is_live else task.days_spent,
        "is_split": any(part.parent == task.id and part.is_live for part in handling.tasks),
        "task": task.id,
        "role_label": ROLES[task.role],
        "state_label": TASK_STATES[task.state],
        "plan": body["plans"][-1] if body["plans"] else None,
        "opinion": body["opinions"][-1] if body["opinions"] else None,
        **({"drafts": drafts, "draft": drafts[-1] if drafts else None} if own else {}),
        **({"draft": shown} if shown else {}),
        **({"attachments": files} if own or shown else {}),
        "may": [line for line in may if line["task"] == task.id],
    }


# --- lists ----------------------------------------------------------------------------------------------------


def unit_tasks(work: Work, params: Data) -> list[Data]:
    """The tasks of the person's units, the latest first; in any state, or in one."""
    state = params["state"]
    if state and state not in TASK_STATES:
        raise Invalid("没有这种状态。", {"state": [f"请从“{'、'.join(TASK_STATES)}”中选择。"]})
    t = tables.tasks.c
    where = [of_units(work.actor.units(*ACTING))]
    if state:
        where.append(t.state == state)
    return [
        task_line(row)
        for row in task_rows(work, *where, order=(t.since.desc(), t.id.desc()), limit=params["limit"])
    ]


def desk(work: Work, params: Data) -> list[Data]:
    """Suggestions without units, the longest waiting first, each with the units that got most of its category."""
    congress = params["congress"]
    _require_office(work, congress)
    t = tables.handlings.c
    columns = (
        t.id,
        t.congress,
        t.version,
        t.state,
        t.number,
        t.title,
        t.kind,
        t.category,
        t.accepted_on,
        t.batch,
        t.batch_name,
        t.key_theme,
        t.proposed_units,
        t.delegation,
    )
    waiting = sa.select(*columns).where(t.congress == congress, t.state == "waiting")
    rows = work.connection.execute(waiting.order_by(t.accepted_on, t.id).limit(params["limit"])).all()
    proposed = proposals(work, congress, list(rows))
    return [
        {
            **{name: value for name, value in row._mapping.items() if name != "proposed_units"}, "suggestion": row.id,
            "state_label": STATES[row.state], "kind_label": KINDS.get(row.kind, row.kind), "since": row.accepted_on, "is_key": bool(row.key_theme), "proposed": proposed[row.id],
        }
        for row in rows
    ]  # fmt: skip


def batches(work: Work, params: Data) -> list[Data]:
    congress = params["congress"]
    _require_office(work, congress)
    t = tables.batches.c
    columns = (t.id, t.congress, t.version, t.state, t.name, t.meeting_on, t.lines.label("count"))
    newest = (
        sa.select(*columns)
        .where(t.congress == congress)
        .order_by(t.meeting_on.desc(), t.id.desc())
        .limit(200)
    )
    return [
        {**row._mapping, "batch": row.id, "state_label": BATCH_RULES.states[row.state]}
        for row in work.connection.execute(newest)
    ]


def batch(work: Work, params: Data) -> Data:
    """The batch with its lines in order, and what stands against issuing each."""
    found = batch_store.get(work.connection, params["id"])
    if found is None or not found.relations(work.actor):
        raise NotFound("没有找到这个批次。")
    lines = _batch_lines(work, found)
    return {
        "id": found.id, "batch": found.id, "congress": found.congress, "version": found.version, "name": found.name,
        "state": found.state, "state_label": BATCH_RULES.states[found.state], "count": len(lines), "lines": lines,
        "meeting_on": found.meeting_on.isoformat(), "issued_on": found.issued_on.isoformat() if found.issued_on else None,
        "objections": sum(len(line["objections"]) for line in lines), "meeting": converter.unstructure(found.meeting), "may": found.may(work.actor),
    }  # fmt: skip


def _batch_lines(work: Work, batch: Batch) -> list[Data]:
    handlings: dict[str, Handling] = {}
    ids = [line.suggestion for line in batch.lines]
    for start in range(0, len(ids), stores.CHUNK):
        handlings |= store.get_many(work.connection, ids[start : start + stores.CHUNK])
    active = units_of(work, batch.congress, batch.unit_ids).active
    lines = []
    for line in batch.lines:
        known = handlings.get(line.suggestion)
        objections = batch.objections(line, known, active) if batch.state == "drawn" else []
        lines.append(
            {
                "suggestion": line.suggestion, "number": known.number if known else "", "title": known.title if known else "",
                "category": known.category if known else "", **converter.unstructure(line.allotment), "objections": objections,
                "doubts": known.doubts(line.allotment.units) if known else [], **line_marks(line, known),
            }
        )  # fmt: skip
    return lines


def contacts_due(work: Work, params: Data) -> list[Data]:
    """Tasks in hand of the person's units and those that they watch over, or of a congress for its offices, with the phases
    without a talk."""
    t, congress = tables.tasks.c, params["congress"]
    if congress:
        _require_office(work, congress)
        whose = t.congress == congress
    else:
        own = t.unit_id.in_(sorted(work.actor.units("handler", "unit_head")))
        whose = sa.or_(own, t.id.in_(tree.watched_by(work.actor.units("distributing"))))
    where = (
        whose,
        t.role.in_(("lead", "separate")),
        t.handled.in_(IN_HAND),
        t.state.not_in(OVER),
        t.visited != ",".join(CONTACT_PHASES),
    )
    rows = task_rows(work, *where, order=(t.since, t.id), limit=params["limit"])
    return [
        {**task_line(row), "missing": [phase for phase in CONTACT_PHASES if phase not in row.visited.split(",")]}
        for row in rows
    ]  # fmt: skip


# --- what waits -----------------------------------------------------------------------------------------------


def waiting(work: Work, params: Data) -> list[Data]:
    """For units, the next step of each task; for the offices, what they have to decide and to assign."""
    return [
        *waiting_consultations(work, MOST_WAITING), *_waiting_in_units(work), *_waiting_in_offices(work), *_duties(work),
        *waiting_checks(work, MOST_WAITING),
    ]  # fmt: skip


def _duties(work: Work) -> list[Data]:
    """What is to be done beside the next step of each task, the oldest first."""
    d, h = tables.duties.c, tables.handlings.c
    joined = tables.duties.join(tables.handlings, h.id == d.suggestion)
    query = sa.select(tables.duties, h.number, h.title, h.key_theme).select_from(joined)
    own = query.where(duty_list.of(tables.duties, work.actor)).order_by(d.since, d.suggestion, d.task)
    rows = work.connection.execute(own.limit(MOST_WAITING))
    return [
        {
            **{name: row[name] for name in ("suggestion", "task", "congress", "number", "title", "command", "what", "since")},
            "due_on": row["due_on"], "is_key": bool(row["key_theme"]), **_about(row),
        }
        for row in rows.mappings()
        if row["to"] != "supervisor" or not row["about"] or is_meant(row["about"], work.actor.name)
    ]  # fmt: skip


def _about(row: Any) -> Data:
    """Which step, contact or remark a duty is about, as the command's field names it."""
    field = {"complete_step": "step", "confirm_contact": "contact", "answer_remark": "remark"}.get(
        row["command"]
    )
    return {field: row["about"]} if field else {}


def _waiting_in_units(work: Work) -> list[Data]:
    t, actor = tables.tasks.c, work.actor
    units_by_role = {
        "unit": actor.units(*ACTING),
        "unit_head": actor.units("unit_head"),
        "handler": actor.units("handler", "distributing"),
    }
    mine = [
        sa.and_(
            of_units(units),
            t.state.in_([state for state, step in _NEXT.items() if step[0] == role]),
        )
        for role, units in units_by_role.items()
        if units
    ]
    if not mine:
        return []
    found = []
    # Once every reply is out, a joint unit that never wrote its opinion is not pressed for it any more.
    where = (sa.or_(*mine), t.handled.in_(IN_HAND), t.handled != "replied")
    for row in task_rows(work, *where, order=(t.since, t.id), limit=MOST_WAITING):
        _, command, what = _NEXT[row.state]
        if command in row.barred.split(","):
            continue  # the step that has to be done before is a line of its own
        if row.role == "joint" and row.state == "signed":
            command, what = "give_opinion", "提出会办意见"
        elif row.role == "part" and row.state == "signed":
            command, what = "hand_in_part", "报送办理情况"
        elif row.state == "signed" and not row.planned:
            command, what = "make_plan", "制定三定方案"
        found.append({**task_line(row), "command": command, "what": what})
    return found


def _waiting_in_offices(work: Work) -> list[Data]:
    t, h, o = tables.tasks.c, tables.handlings.c, tables.task_offices.c
    congresses, offices = sorted(work.actor.congresses(*OFFICES)), sorted(work.actor.units("distributing"))
    if not congresses and not offices:
        return []
    decided = sa.select(o.task_id).where(o.office_id.in_(offices), o.decides)
    within = sa.or_(sa.and_(t.congress.in_(congresses), t.parent == ""), t.id.in_(decided))
    here = (within, t.handled.in_(IN_HAND))
    oldest: Any = {"order": (t.since, t.id), "limit": MOST_WAITING}
    returns = task_rows(work, *here, t.state == "return_asked", **oldest)
    extensions = task_rows(work, *here, t.extension == "asked", **oldest)
    unassigned = sa.select(
        h.id.label("suggestion"), h.congress, h.number, h.title, h.accepted_on.label("since")
    ).where(h.congress.in_(congresses), h.state == "waiting", h.batch == "")
    rows = work.connection.execute(unassigned.order_by(h.accepted_on, h.id).limit(MOST_WAITING))
    return [
        *({**task_line(row), "command": "adjudicate_return", "what": "裁定退办"} for row in returns),
        *({**task_line(row), "command": "grant_extension", "what": "决定是否延期"} for row in extensions),
        *({**row._mapping, "command": "assign_suggestion", "what": "交办"} for row in rows),
        *waiting_batches(work, congresses),
    ]


def of_units(units: frozenset[str]) -> sa.ColumnElement[bool]:
    """On the tasks' columns: of one of these units, or of one whose office is among them."""
    t, ids = tables.tasks.c, sorted(units)
    return sa.or_(t.unit_id.in_(ids), t.desk_id.in_(ids))


# --- inside ---------------------------------------------------------------------------------------------------


def task_rows(work: Work, *where: Any, order: Any, limit: int, offset: int = 0) -> list[Any]:
    """Rows of tasks with number and title of their suggestions."""
    h = tables.handlings.c
    joined = tables.tasks.join(tables.handlings, h.id == tables.tasks.c.suggestion)
    query = sa.select(tables.tasks, h.number, h.title, h.key_theme).select_from(joined)
    return list(
        work.connection.execute(query.where(*where).order_by(*order).limit(limit).offset(offset)).all()
    )


def task_line(row: Any) -> Data:
    return {
        "task": row.id, "suggestion": row.suggestion, "congress": row.congress, "number": row.number, "title": row.title,
        "unit": {"id": row.unit_id, "name": row.unit_name}, "role": row.role, "role_label": ROLES[row.role],
        "state": row.state, "state_label": TASK_STATES[row.state], "since": row.since, "assigned_on": row.assigned_on,
        "due_on": (row.hand_in_by or row.due_on) if row.state not in ("replied", "handed_in", *OVER) else "", "round": row.round, "extension": row.extension,
        "is_key": bool(row.key_theme),
    }  # fmt: skip


def _require_office(work: Work, congress: str) -> None:
    if not any(work.actor.has(role, congress) for role in OFFICES):
        raise NotAllowed("只有本级联工委和交办单位可以查看。")
