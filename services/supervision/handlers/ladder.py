"""The ladder: measures that are proposed by people or by the daily look, decided by people, answered by units."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from services.supervision import hooks
from services.supervision import tables as t
from services.supervision.handlers.lights import light_at
from services.supervision.handlers.projecting import began_on, line_of
from services.supervision.handlers.sight import Condition, Sight, within
from services.supervision.model.deadlines import LIGHT_LABELS
from services.supervision.model.facts import Named
from services.supervision.model.ledger import UNIT_PEOPLE, Line
from services.supervision.model.measures import (
    DECIDED_BY,
    RUNGS,
    STANDING,
    STATES,
    Ladder,
    Measure,
)
from shared.aggregate import new_id
from shared.handlers import Event
from shared.problems import Invalid, NotFound
from shared.work import Work

MOST_PROPOSED = 500  # of one daily look
MOST_WAITING = 100
LOOKED = "ladder"  # the mark that says on which day the ladder was last looked at

# --- what people do -----------------------------------------------------------------------------------------


def propose_measure(work: Work, line: Line, data: dict[str, Any]) -> dict[str, Any]:
    """Propose a rung for one of the suggestion's units."""
    unit = next((task.unit for task in line.live_tasks if task.unit.id == data["unit"]), None)
    if unit is None:
        raise Invalid("没有找到这个承办单位。", {"unit": ["请选择承办这件建议的单位。"]})
    measure = proposed(work, line, unit, data["rung"], data["because"])
    return {"measure": measure.id}


def proposed(work: Work, line: Line, unit: Named, rung: str, because: str, id: str = "") -> Measure:
    """A new proposal, told as something about the line; the caller saves the line."""
    ladder = ladder_of(work, line)
    measure = Measure(
        id=id or new_id(), congress=line.congress, suggestion=line.id, unit=unit, rung=rung, because=because,
        proposed_by=work.actor.name, proposed_on=work.today, decides=ladder.decides[rung], deputies=sorted(line.deputies()),
        proposed_by_account=work.actor.account, answer_days=ladder.answer_days,
    )  # fmt: skip
    work.save(t.measure_store, measure)
    line.record("measure.proposed", work.now, work.actor, **_named(measure))
    return measure


def ladder_of(work: Work, line: Line) -> Ladder:
    """The congress's ladder, as it held when the handling began."""
    return Ladder.of(work.practices.settings("ladder", line.congress, on=began_on(line)))


def decide_measure(work: Work, measure: Measure, data: dict[str, Any]) -> None:
    """Take it, with its document, or decline it."""
    if data["decision"] == "decline":
        measure.decline(data["reason"], work.actor, work.today)
        _tell(work, measure, "measure.declined")
        return
    due_on = data["due_on"] or work.today + timedelta(days=measure.answer_days)
    measure.take(data["text"], data["document_number"], due_on, work.actor, work.today)
    _tell(
        work, measure, "measure.taken", text=measure.text, document_number=measure.document_number,
        due_on=t.day_text(measure.due_on),
    )  # fmt: skip


def answer_measure(work: Work, measure: Measure, data: dict[str, Any]) -> None:
    """The unit answers."""
    measure.answer(data["text"], work.actor, work.now)
    _tell(work, measure, "measure.answered", text=data["text"])


def end_measure(work: Work, measure: Measure, data: dict[str, Any]) -> None:
    """It holds no more."""
    measure.end(data["outcome"], work.today)
    _tell(work, measure, "measure.ended", outcome=data["outcome"])


def _named(measure: Measure) -> dict[str, Any]:
    return {"measure": measure.id, "unit": measure.unit.as_data(), "rung": measure.rung}


def _tell(work: Work, measure: Measure, name: str, **data: Any) -> None:
    if not measure.suggestion:
        measure.record(name, work.now, work.actor, **_named(measure), **data)
        return
    line = line_of(work, measure.suggestion, measure.congress)
    line.record(name, work.now, work.actor, **_named(measure), **data)
    work.save(t.lines, line)


def take_up_rank(work: Work, event: Event) -> None:
    """A unit's place among its like was announced: plugins may propose a warning (Changsha 2018), people decide."""
    data, congress = event["data"], event["jurisdiction"]
    if work.rebuilding or "rank" not in data or not work.is_answered("rank_warnings"):
        return
    unit, m = Named(data["unit"]["id"], data["unit"]["name"]), t.measures.c
    before = t.measure_store.find(
        work.connection, m.unit_id == unit.id, m.congress == congress, m.suggestion_id == ""
    )
    facts = {name: data[name] for name in ("kind", "year", "points", "rank", "ranked", "is_last")}
    measures = [hooks.Standing(one.unit.id, one.rung, one.state) for one in before]
    answers = work.ask_plugins(
        "rank_warnings", congress, "", work.today, unit=unit.id, measures=measures, **facts
    )
    ladder = Ladder.of(work.practices.settings("ladder", congress, on=work.today))
    for plugin, answer in answers:
        if answer.rung in RUNGS:
            measure = Measure(
                id=str(uuid.uuid5(uuid.UUID(event["id"]), f"{plugin}/{answer.rung}")), congress=congress, suggestion="", unit=unit,
                rung=answer.rung, because=answer.because, proposed_by=work.actor.name, proposed_on=work.today,
                decides=ladder.decides[answer.rung], deputies=[], answer_days=ladder.answer_days,
            )  # fmt: skip
            _tell(work, measure, "measure.proposed")
            work.save(t.measure_store, measure)


# --- lists --------------------------------------------------------------------------------------------------


def measures(work: Work, params: dict[str, Any]) -> list[dict[str, Any]]:
    """Measures of the congresses one oversees, of one's units and of one's own suggestions, the newest first."""
    m, state = t.measures.c, params["state"]
    conditions: list[Condition] = []
    if params["congress"]:
        conditions.append(m.congress == params["congress"])
    if params["rung"]:
        conditions.append(m.rung == params["rung"])
    if state == "standing":
        conditions.append(m.state.in_(STANDING))
    elif state in STATES:
        conditions.append(m.state == state)
    elif state:
        choices = "、".join(
            f"{label}（{name}）" for name, label in {**STATES, "standing": "尚未解除"}.items()
        )
        raise Invalid("没有这种状态。", {"state": [f"请从{choices}中选择。"]})
    return measures_where(work, *conditions, limit=params["limit"])


def measure(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """One measure, as far as the person may see it."""
    found = measures_where(work, t.measures.c.id == params["id"], limit=1)
    if not found:
        raise NotFound("没有找到这项督办措施。")
    return found[0]


def measures_where(work: Work, *conditions: Condition, limit: int) -> list[dict[str, Any]]:
    m, of = t.measures.c, t.ledger.c
    query = (
        sa.select(m.id, of.number, of.title)
        .outerjoin(t.ledger, of.id == m.suggestion_id)
        .where(Sight(work.actor).measures(), *conditions)
        .order_by(m.proposed_on.desc(), m.id.desc())
        .limit(limit)
    )
    rows = work.connection.execute(query).all()
    found = t.measure_store.get_many(work.connection, [row.id for row in rows]) if rows else {}
    return [_shown(work, found[row.id], row) for row in rows]


def _shown(work: Work, measure: Measure, row: Any) -> dict[str, Any]:
    actor = work.actor
    tells_why = measure.tells_why(actor)
    waits = measure.state == "taken" and measure.due_on is not None
    shown = light_at(work, measure.congress, measure.due_on) if waits and measure.due_on else None
    return {
        "id": measure.id, "version": measure.version, "suggestion": measure.suggestion, "congress": measure.congress,
        "number": row.number or "", "title": row.title or "", "unit": measure.unit.as_data(), "rung": measure.rung,
        "rung_label": RUNGS[measure.rung], "state": measure.state, "state_label": STATES[measure.state],
        "because": measure.because if tells_why else "", "proposed_by": measure.proposed_by if tells_why else "",
        "proposed_on": measure.proposed_on.isoformat(), "decides_label": DECIDED_BY[measure.decides], "text": measure.text,
        "document_number": measure.document_number, "decided_by": measure.decided_by, "decided_on": t.day_text(measure.decided_on),
        "due_on": t.day_text(measure.due_on), "light": shown.value if shown else "", "light_label": LIGHT_LABELS[shown] if shown else "",
        "answers": [{"at": a.at.isoformat(), "by": a.by, "text": a.text} for a in measure.answers],
        "reason": measure.reason if tells_why else "", "outcome": measure.outcome, "ended_on": t.day_text(measure.ended_on),
        "may": measure.may(actor),
    }  # fmt: skip


# --- to do --------------------------------------------------------------------------------------------------


def measures_waiting(work: Work) -> list[dict[str, Any]]:
    """For those who decide what is proposed, for units what they have to answer, for the office what was answered."""
    m, actor = t.measures.c, work.actor
    found: list[dict[str, Any]] = []
    if units := sorted(actor.units(*UNIT_PEOPLE)):
        found += _waiting(work, within(m.unit_id, units), m.state == "taken")
    if deciding := sorted(actor.congresses("liaison", "standing_leader", "supervisor")):
        found += _waiting(work, within(m.congress, deciding), m.state == "proposed")
    if offices := sorted(actor.congresses("liaison")):
        found += _waiting(work, within(m.congress, offices), m.state == "answered")
    return found


WAITS_FOR = {
    "proposed": ("decide_measure", "决定是否采取"),
    "taken": ("answer_measure", "回复"),
    "answered": ("end_measure", "核实整改后解除"),
}


def _waiting(work: Work, *conditions: Condition) -> list[dict[str, Any]]:
    m, of = t.measures.c, t.ledger.c
    rows = work.connection.execute(
        sa.select(m.id, of.number, of.title)
        .outerjoin(t.ledger, of.id == m.suggestion_id)
        .where(*conditions)
        .order_by(m.proposed_on, m.id)
        .limit(MOST_WAITING)
    ).all()
    found = t.measure_store.get_many(work.connection, [row.id for row in rows]) if rows else {}
    lines = []
    for row in rows:
        measure = found[row.id]
        command, what = WAITS_FOR[measure.state]
        if any(may["command"] == command for may in measure.may(work.actor)):
            due = measure.due_on if measure.state == "taken" else None
            lines.append(
                {
                    "suggestion": measure.suggestion, "title": row.title or "", "number": row.number or "",
                    "congress": measure.congress, "command": command, "what": f"{RUNGS[measure.rung]}：{what}",
                    "measure": measure.id, "unit": measure.unit.id, "unit_name": measure.unit.name, "due_on": t.day_text(due),
                    "light": light_at(work, measure.congress, due).value if due else "",
                    **({} if measure.suggestion else {"title": measure.called(), "page": f"/measures/{measure.id}"}),
                }
            )  # fmt: skip
    return lines
