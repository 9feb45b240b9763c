"""Regular supervision: scheduled, gone through suggestion by suggestion, ended, and scheduled again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.projecting import line_of
from services.supervision.handlers.questions import ORDER
from services.supervision.handlers.sight import Condition, within
from services.supervision.handlers.supervising import log_supervision
from services.supervision.handlers.year import entries_from, put_into_year
from services.supervision.model.ledger import IN_HAND
from services.supervision.model.look_back import INSPECTORS
from services.supervision.model.sweeps import RULES, STATES, Note, Sweep
from services.supervision.model.year import Entry
from shared.aggregate import new_id
from shared.identity import Actor
from shared.problems import Invalid, NotFound
from shared.terms import SWEEP_EVERY, SWEEP_FORMS, SWEEP_SCOPES
from shared.work import Work

MOST_LINES = 500
MOST = 100

# Which suggestions a round goes through, as they stand on the day on which one looks.
SCOPES: dict[str, Callable[[Any, str], Condition]] = {
    "open": lambda of, today: of.state.in_(IN_HAND),
    "waiting": lambda of, today: sa.and_(of.state.in_(IN_HAND), of.replied_on == ""),
    "overdue": lambda of, today: sa.and_(of.state.in_(IN_HAND), of.next_due_on > "", of.next_due_on < today),
    "key": lambda of, today: sa.and_(of.state.in_(IN_HAND), of.is_key),
    "promises": lambda of, today: of.id.in_(
        sa.select(t.commitments.c.suggestion_id).where(
            t.commitments.c.state.in_(("open", "reported")), t.commitments.c.congress == of.congress
        )
    ),
}


def schedule_sweep(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    """Lay down a round: which suggestions, who looks, from when to when."""
    work.authorize(RULES, "schedule_sweep", data["congress"])
    sweep = Sweep(id=new_id(), **data)
    if sweep.until < work.today:
        raise Invalid("结束日期已经过去。", {"until": ["请选择今天或以后的日期。"]})
    _schedule(work, sweep)
    return {"id": sweep.id}


def _schedule(work: Work, sweep: Sweep) -> None:
    told = {name: getattr(sweep, name) for name in ("name", "form", "scope", "every", "led_by")}
    sweep.record(
        "sweep.scheduled",
        work.now,
        work.actor,
        **told,
        since=sweep.since.isoformat(),
        until=sweep.until.isoformat(),
    )
    work.save(t.sweep_store, sweep)
    put_into_year(work, sweep.congress, _entry(sweep))


def note_sweep(work: Work, sweep: Sweep, data: dict[str, Any]) -> dict[str, Any]:
    """What was found of one suggestion. It is logged as a supervision there, with what its unit has to do by when."""
    line = line_of(work, data["suggestion"], sweep.congress)
    if line.congress != sweep.congress or line.state not in (*IN_HAND, "closed", "published"):
        raise Invalid("没有找到这件建议。", {"suggestion": ["请选择这次督办的建议。"]})
    if data["demand"] and not data["due_on"]:
        raise Invalid("请填写完成期限。", {"due_on": ["提出要求的，请写明完成期限。"]})
    unit = next((task.unit for task in line.live_tasks if not task.is_joint), None)
    if data["demand"] and unit is None:
        raise Invalid("这件建议现在没有承办单位。", {"demand": ["没有承办单位可以提出要求。"]})
    asked = data["demand"] and unit
    note = Note(
        line.id,
        line.number,
        line.title,
        unit.name if unit else "",
        data["words"],
        data["on"],
        work.actor.name,
        bool(asked),
    )
    sweep.note(note, work.today)
    logged = log_supervision(
        work, line,
        {
            "on": data["on"], "method": "symposium" if sweep.form == "symposium" else "written", "place": sweep.name, "led_by": sweep.led_by,
            "participants": "", "findings": data["words"], "deputies": [], "said": "", "visit": "",
            "demands": [{"text": data["demand"], "unit": unit.id, "due_on": data["due_on"]}] if asked and unit else [],
        },
    )  # fmt: skip
    work.save(t.lines, line)
    sweep.record(
        "sweep.noted",
        work.now,
        work.actor,
        suggestion=line.id,
        words=data["words"],
        demands=logged["demands"],
    )
    return logged


def end_sweep(work: Work, sweep: Sweep, data: dict[str, Any]) -> dict[str, Any]:
    """All was looked at; the next round is scheduled where there is to be one."""
    noted = {note.suggestion for note in sweep.notes}
    left = [
        line["number"] or line["title"] for line in _lines(work, sweep) if line["suggestion"] not in noted
    ]
    sweep.end(data["participants"], data["summary"], left, work.today)
    sweep.record("sweep.ended", work.now, work.actor, summary=sweep.summary, looked_at=len(noted))
    put_into_year(work, sweep.congress, _entry(sweep))
    if not (days := sweep.next_days()):
        return {"next": ""}
    since, until = days
    kept = {name: getattr(sweep, name) for name in ("congress", "name", "form", "scope", "every", "led_by")}
    following = Sweep(id=new_id(), since=since, until=until, **kept)
    _schedule(work, following)
    return {"next": following.id}


def cancel_sweep(work: Work, sweep: Sweep, data: dict[str, Any]) -> None:
    sweep.cancel(data["reason"])
    sweep.record("sweep.cancelled", work.now, work.actor, reason=data["reason"])
    put_into_year(work, sweep.congress, _entry(sweep))


def _entry(sweep: Sweep) -> Entry:
    because = f"{SWEEP_FORMS[sweep.form]}，{sweep.led_by}；取自“定期督办”的安排。"
    return Entry(
        sweep.id, "supervise", sweep.name, sweep.since, sweep.until, ["liaison", "leaders", "unit"], because, origin="sweep",
        removed=sweep.state == "cancelled", reason=sweep.reason, done_on=sweep.ended_on,
    )  # fmt: skip


@entries_from
def sweeps_of_year(work: Work, congress: str, year: int) -> list[Entry]:
    """What was scheduled before the year was drawn up."""
    s = t.sweeps.c
    days = s.since.between(f"{year}-01-01", f"{year}-12-31")
    found = t.sweep_store.find(
        work.connection, s.congress == congress, s.state != "cancelled", days, limit=MOST
    )
    return [_entry(sweep) for sweep in found]


# --- reading --------------------------------------------------------------------------------------------------------


def sweeps(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """{sweeps, may_schedule}: of the congresses one oversees, the newest first."""
    s, actor = t.sweeps.c, work.actor
    own = [path for path in sorted(actor.congresses(*INSPECTORS)) if params["congress"] in ("", path)]
    if not own:
        return {"sweeps": [], "may_schedule": False}
    ids = work.connection.scalars(
        sa.select(s.id).where(within(s.congress, own)).order_by(s.since.desc(), s.id).limit(MOST)
    )
    found = t.sweep_store.get_many(work.connection, list(ids))
    return {
        "sweeps": [_shown(one, actor) for one in sorted(found.values(), key=lambda one: (one.since, one.id), reverse=True)],
        "may_schedule": any(actor.has("liaison", path) for path in own),
    }  # fmt: skip


def sweep(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """One round with what it goes through, and what was found."""
    found = t.sweep_store.get(work.connection, params["id"])
    if found is None or not found.relations(work.actor):
        raise NotFound("没有找到这次定期督办。")
    noted = {note.suggestion for note in found.notes}
    lines = _lines(work, found) if found.state == "scheduled" else []
    return {
        **_shown(found, work.actor), "participants": found.participants, "summary": found.summary, "reason": found.reason,
        "left": [line for line in lines if line["suggestion"] not in noted],
        "notes": [{**vars(note), "on": note.on.isoformat()} for note in found.notes],
    }  # fmt: skip


def _lines(work: Work, sweep: Sweep) -> list[dict[str, Any]]:
    """What the round goes through, as it stands today."""
    of = t.ledger.c
    query = sa.select(of.id, of.number, of.title, of.lead_unit, of.next_due_on, of.state).where(
        of.congress == sweep.congress, of.state != "", SCOPES[sweep.scope](of, work.today.isoformat())
    )
    return [
        {"suggestion": row.id, "number": row.number, "title": row.title, "unit_name": row.lead_unit}
        for row in work.connection.execute(query.order_by(*ORDER).limit(MOST_LINES))
    ]


def _shown(sweep: Sweep, actor: Actor) -> dict[str, Any]:
    return {
        "id": sweep.id, "version": sweep.version, "congress": sweep.congress, "name": sweep.name, "form_label": SWEEP_FORMS[sweep.form],
        "scope_label": SWEEP_SCOPES[sweep.scope], "every_label": SWEEP_EVERY[sweep.every], "since": sweep.since.isoformat(),
        "until": sweep.until.isoformat(), "led_by": sweep.led_by, "state": sweep.state, "state_label": STATES[sweep.state],
        "looked_at": len({note.suggestion for note in sweep.notes}), "ended_on": t.day_text(sweep.ended_on), "may": sweep.may(actor),
    }  # fmt: skip
