"""One suggestion's page, reminders, and what waits for whom."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.board import (
    demands_waiting,
    demands_where,
    visits_of,
    visits_waiting,
    words_at,
)
from services.supervision.handlers.coordinating import coordinations_waiting
from services.supervision.handlers.hearings import hearings_waiting
from services.supervision.handlers.ladder import measures_waiting, measures_where
from services.supervision.handlers.look_backs import look_backs_waiting
from services.supervision.handlers.promises import commitments_where, promises_waiting
from services.supervision.handlers.questions import COLUMNS, lights_by_measure, shown_line
from services.supervision.handlers.sight import Condition, Sight, within
from services.supervision.handlers.year import years_waiting
from services.supervision.model.clocks import SILENT, Deadline
from services.supervision.model.deadlines import LABELS, LIGHT_LABELS, OF_PARTS
from services.supervision.model.ledger import Line
from services.supervision.model.timeline import (
    CHAIN,
    EVERYONE,
    JUDGEMENT,
    OFFICES,
    OWN_DEPUTIES,
    OWN_UNIT,
    SUPERVISION_METHODS,
    UPWARDS,
)
from shared.problems import NotFound
from shared.work import Work

MOST_RED_LINES = 50


def ledger_line(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """Everything about one suggestion that the person may see."""
    id, connection, sight = params["id"], work.connection, Sight(work.actor)
    line = t.lines.get(connection, id)
    query = sa.select(*COLUMNS, sight.stage(), sight.is_own()).where(t.ledger.c.id == id)
    row = connection.execute(query).first()
    if line is None or row is None or not line.relations(work.actor):
        raise NotFound("没有找到这件建议。")
    found = sorted(t.deadlines_of(connection, [id])[id], key=lambda d: (d.due_on, d.kind, d.id))
    can_remind = any(d.unit and d.is_duty and d.kind not in OF_PARTS for d in found)
    logged = connection.execute(
        sa.select(t.supervisions).where(t.supervisions.c.suggestion_id == id).order_by(t.supervisions.c.on)
    )
    return {
        "line": shown_line(row, sight, work.today),
        "deadlines": [
            _deadline(deadline, work.today) for deadline in found if sight.sees_deadline(deadline, line)
        ],
        "timeline": _timeline(work, line, sight, sight.knows_judgement(row, work.today)),
        "supervisions": [
            {
                **entry._mapping,
                **entry.more,
                "method_label": SUPERVISION_METHODS.get(entry.method, entry.method),
            }
            for entry in logged
        ],
        "units": [task.unit.as_data() for task in line.live_tasks],
        "deputies": [{"id": id, "name": name} for id, name in line.named_deputies().items()],
        "measure_light": lights_by_measure(connection, [id]).get(id, ""),
        "key_words": words_at(work, line.congress),
        "visits": visits_of(work, id),
        "demands": demands_where(work, t.demands.c.suggestion_id == id, limit=200),
        "measures": measures_where(work, t.measures.c.suggestion_id == id, limit=100),
        "commitments": commitments_where(work, t.commitments.c.suggestion_id == id, limit=100),
        "reminders": _reminders(work, sight, t.reminders.c.suggestion_id == id, limit=200),
        "may": [c for c in line.may(work.actor) if can_remind or c["command"] != "remind_unit"],
    }


def _deadline(deadline: Deadline, today: date) -> dict[str, Any]:
    open_now = not deadline.ended
    lapsed = open_now and deadline.kind == SILENT and deadline.due_on < today
    shown = deadline.light(today) if (open_now and not lapsed) or deadline.done_on else None
    return {
        "id": deadline.id, "kind": deadline.kind, "label": deadline.computation.label, "task": deadline.task,
        "unit": deadline.unit.as_data() if deadline.unit else None,
        "deputy": deadline.deputy.as_data() if deadline.deputy else None,
        "due_on": deadline.due_on.isoformat(), "done_on": t.day_text(deadline.done_on), "late": deadline.late,
        "ended": "lapsed" if lapsed else deadline.ended, "days_left": (deadline.due_on - today).days,
        "light": shown.value if shown else "", "light_label": LIGHT_LABELS[shown] if shown else "不再计算",
        "last_reminded_on": t.day_text(deadline.last_reminded_on), "explanation": deadline.computation.explain(),
        "light_explanation": deadline.computation.explain_light() if open_now and not lapsed and deadline.kind != SILENT else "",
    }  # fmt: skip


def _timeline(work: Work, line: Line, sight: Sight, knows: bool) -> list[dict[str, Any]]:
    """What happened, in order; what supervision did about an event comes after it."""
    c = t.timeline.c
    order = (c.at, c.service == "supervision", c.sequence, c.event_id)
    rows = work.connection.execute(sa.select(t.timeline).where(c.suggestion_id == line.id).order_by(*order))
    is_own = line.relations(work.actor) & {"lead_deputy", "cosigner", "invited"}
    may_read = {
        EVERYONE: lambda row: True,
        OWN_DEPUTIES: lambda row: bool(is_own),
        OFFICES: lambda row: line.congress in sight.offices,
        OWN_UNIT: lambda row: row.unit_id in sight.units,
        CHAIN: lambda row: any(sight.sees_part(task, line) for task in line.tasks_of(row.unit_id)),
        UPWARDS: lambda row: any(
            sight.sees_part(task, line, upwards=True) for task in line.tasks_of(row.unit_id)
        ),
        JUDGEMENT: lambda row: knows or row.deputy_id in sight.seats,
    }
    shown = ("event_id", "at", "type", "service", "by_name", "text", "reason")
    return [{name: row._mapping[name] for name in shown} for row in rows if may_read[row.seen_by](row)]


# --- reminders ----------------------------------------------------------------------------------------------


def reminders(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """What the person's units were reminded of, or the person as a deputy, or a congress's units by its offices."""
    sight = Sight(work.actor)
    conditions = [sight.reminders()]
    if params["congress"]:
        conditions.append(t.reminders.c.congress == params["congress"])
    return _reminders(work, sight, *conditions, limit=params["limit"])


def _reminders(work: Work, sight: Sight, *conditions: Condition, limit: int) -> list[dict[str, Any]]:
    """The newest that meet the conditions and that the person may see."""
    c, of = t.reminders.c, t.ledger.c
    query = sa.select(t.reminders, of.number, of.title).outerjoin(t.ledger, of.id == c.suggestion_id)
    rows = work.connection.execute(query.where(*conditions).order_by(c.id.desc()).limit(limit))
    return [
        {
            "id": row.id, "suggestion": row.suggestion_id, "congress": row.congress, "number": row.number or "",
            "title": row.title or "", "kind": row.kind, "label": LABELS[row.kind], "unit": row.unit_id,
            "unit_name": row.unit_name, "deputy": row.deputy_id, "deputy_name": row.deputy_name, "due_on": row.due_on,
            "days_left": row.days_left, "text": row.text, "sent_on": row.sent_on, "by": row.by_name, "by_hand": row.by_hand,
        }
        for row in rows
        if sight.sees_reminder(row)
    ]  # fmt: skip


# --- to do --------------------------------------------------------------------------------------------------


def waiting(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Measures, demands, invitations, promises and shares; then for the office what units have let pass, the oldest first."""
    return [
        *measures_waiting(work),
        *demands_waiting(work),
        *visits_waiting(work),
        *promises_waiting(work),
        *hearings_waiting(work),
        *coordinations_waiting(work),
        *years_waiting(work),
        *look_backs_waiting(work),
        *_red_lines(work),
    ]


def _red_lines(work: Work) -> list[dict[str, Any]]:
    d, of, offices = t.deadlines.c, t.ledger.c, sorted(work.actor.congresses("liaison"))
    if not offices:
        return []
    overdue = (within(d.congress, offices), d.ended == "", d.due_on < work.today.isoformat())
    of_units = (d.unit_id != "", d.kind.not_in((SILENT, *OF_PARTS)))
    rows = work.connection.execute(
        sa.select(d.suggestion_id, d.due_on, of.number, of.title, of.congress)
        .join(t.ledger, of.id == d.suggestion_id)
        .where(*overdue, *of_units, of.state != "")
        .order_by(d.due_on)
        .limit(4 * MOST_RED_LINES)  # a suggestion may have several; its oldest comes first
    )
    first: dict[str, Any] = {}
    for row in rows:
        first.setdefault(row.suggestion_id, row)
    return [
        {
            "suggestion": row.suggestion_id, "title": row.title, "number": row.number, "congress": row.congress,
            "command": "remind_unit", "what": "已逾期，请催办", "since": row.due_on, "due_on": row.due_on, "light": "red",
        }
        for row in list(first.values())[:MOST_RED_LINES]
    ]  # fmt: skip
