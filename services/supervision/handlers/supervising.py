"""Going there and asking: planned and held supervisions, instructions, demands of units, reports of progress."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.hearings import tell_opinion
from services.supervision.handlers.projecting import line_of
from services.supervision.model.demands import Answer, Demand, require_ahead
from services.supervision.model.facts import Named
from services.supervision.model.ledger import UNIT_PEOPLE, Line
from services.supervision.model.visits import Guest, Visit
from shared.aggregate import new_id
from shared.handlers import Event
from shared.problems import Invalid
from shared.work import Work

# --- planned ------------------------------------------------------------------------------------------------


def plan_supervision(work: Work, line: Line, data: dict[str, Any]) -> dict[str, Any]:
    """Fix a day for a supervision; the suggestion's deputies may be invited to come along."""
    if data["on"] < work.today:
        raise Invalid("督办日期已经过去。", {"on": ["请选择今天或以后的日期；已经开展的请登记督办。"]})
    visit = Visit(
        id=new_id(), congress=line.congress, suggestion=line.id, planned_by=work.actor.name,
        guests=[Guest(deputy) for deputy in _deputies(work, line, data["deputies"])], units=_units(line, data["units"], "units"),
        **{name: data[name] for name in ("on", "method", "place", "led_by", "note")},
    )  # fmt: skip
    work.save(t.visit_store, visit)
    line.record(
        "supervision.planned", work.now, work.actor, visit=visit.id, on=visit.on.isoformat(), method=visit.method,
        place=visit.place, led_by=visit.led_by, deputies=[guest.deputy.as_data() for guest in visit.guests],
        units=[unit.as_data() for unit in visit.units], note=visit.note,
    )  # fmt: skip
    return {"visit": visit.id}


def answer_supervision(work: Work, visit: Visit, data: dict[str, Any]) -> None:
    """An invited deputy comes, or does not."""
    comes = data["comes"] == "yes"
    guest = visit.answer(comes, data["words"], work.actor, work.today)
    _tell(
        work, visit, "supervision.answered", visit=visit.id, deputy=guest.deputy.as_data(), comes=comes,
        words=data["words"],
    )  # fmt: skip


def cancel_supervision(work: Work, visit: Visit, data: dict[str, Any]) -> None:
    """It does not take place."""
    visit.cancel(data["reason"])
    _tell(
        work,
        visit,
        "supervision.cancelled",
        visit=visit.id,
        on=visit.on.isoformat(),
        reason=data["reason"],
    )


# --- held ---------------------------------------------------------------------------------------------------


def log_supervision(work: Work, line: Line, data: dict[str, Any]) -> dict[str, Any]:
    """Log a supervision that took place, with what deputies said and what units have to do. The deputies see it."""
    if data["on"] > work.today:
        raise Invalid("督办日期还没有到。", {"on": ["督办日期不能晚于今天。"]})
    visit = _planned(work, line, data["visit"]) if data["visit"] else None
    deputies, id = _deputies(work, line, data["deputies"]), new_id()
    demands = [
        _demand(line, work, unit, "supervision", one["text"], one["due_on"], data["led_by"], source=id)
        for one in data["demands"]
        for unit in _units(line, [one["unit"]], "demands")
    ]
    told = {
        "on": data["on"].isoformat(),
        **{name: data[name] for name in ("method", "place", "led_by", "participants", "findings")},
    }
    more = {
        "deputies": [deputy.as_data() for deputy in deputies], "said": data["said"], "visit": data["visit"],
        "demands": _save(work, demands),
    }  # fmt: skip
    work.connection.execute(
        sa.insert(t.supervisions).values(
            id=id, suggestion_id=line.id, congress=line.congress, by_name=work.actor.name,
            logged_at=work.now.isoformat(), more=more, **told,
        )
    )  # fmt: skip
    if visit:
        visit.hold()
        work.save(t.visit_store, visit)
    line.record("supervision.logged", work.now, work.actor, **told, **more)
    return {"supervision": id, "demands": [demand.id for demand in demands]}


def _planned(work: Work, line: Line, id: str) -> Visit:
    visit = t.visit_store.get(work.connection, id, lock=True)
    if visit is None or visit.suggestion != line.id or visit.state != "planned":
        raise Invalid("没有找到这次督办安排。", {"visit": ["请选择这件建议已安排、尚未开展的督办。"]})
    return visit


def record_instruction(work: Work, line: Line, data: dict[str, Any]) -> dict[str, Any]:
    """Record a leader's instruction; each of its units answers for it, like a demand."""
    if data["on"] > work.today:
        raise Invalid("批示日期还没有到。", {"on": ["批示日期不能晚于今天。"]})
    if data["due_on"]:
        require_ahead(data["due_on"], work.today)
    demands = [
        _demand(line, work, unit, "instruction", data["words"], data["due_on"], data["leader"])
        for unit in _units(line, data["units"], "units")
    ]
    line.record(
        "instruction.recorded", work.now, work.actor, on=data["on"].isoformat(), leader=data["leader"], words=data["words"],
        demands=_save(work, demands),
    )  # fmt: skip
    return {"demands": [demand.id for demand in demands]}


# --- progress -----------------------------------------------------------------------------------------------


def ask_progress(work: Work, line: Line, data: dict[str, Any]) -> dict[str, Any]:
    """Ask units to report how far they have come."""
    require_ahead(data["due_on"], work.today)
    demands = [
        _demand(line, work, unit, "progress", data["text"], data["due_on"], work.actor.name)
        for unit in _units(line, data["units"], "units")
    ]
    line.record("progress.asked", work.now, work.actor, text=data["text"], demands=_save(work, demands))
    return {"demands": [demand.id for demand in demands]}


def report_progress(work: Work, line: Line, data: dict[str, Any]) -> dict[str, Any]:
    """Report how far one has come: it answers everything that was asked, or is given of one's own accord."""
    own = work.actor.units(*UNIT_PEOPLE)
    unit = next(task.unit for task in line.live_tasks if task.unit.id in own)
    d = t.demands.c
    asked = t.demand_store.find(
        work.connection, d.suggestion_id == line.id, d.unit_id == unit.id, d.state == "open", d.origin == "progress"
    )  # fmt: skip
    demands = asked or [_demand(line, work, unit, "report", "报告办理进展", None, work.actor.name)]
    for demand in demands:
        demand.answer(_answer(work, data), work.today)
        work.save(t.demand_store, demand)
        line.record(
            "progress.reported",
            work.now,
            work.actor,
            demand=demand.id,
            unit=unit.as_data(),
            **_words(data),
        )
    return {"demands": [demand.id for demand in demands]}


def _words(data: dict[str, Any]) -> dict[str, str]:
    return {name: data[name] for name in ("text", "hindered_by", "next_steps")}


def _answer(work: Work, data: dict[str, Any]) -> Answer:
    return Answer(work.now, work.actor.name, **_words(data))


# --- demands ------------------------------------------------------------------------------------------------


def answer_demand(work: Work, demand: Demand, data: dict[str, Any]) -> None:
    """The unit answers."""
    demand.answer(_answer(work, data), work.today)
    if demand.origin == "progress":
        _tell_demand(work, demand, "progress.reported", **_words(data))
    else:
        _tell_demand(work, demand, "demand.answered", text=data["text"])


def settle_demand(work: Work, demand: Demand, data: dict[str, Any]) -> None:
    """It is done, or not needed any more."""
    demand.settle(data["note"], work.actor, work.today)
    _tell_demand(work, demand, "demand.settled", note=data["note"])


def return_demand(work: Work, demand: Demand, data: dict[str, Any]) -> None:
    """The answer is not enough."""
    demand.send_back(data["reason"], data["due_on"], work.actor, work.now, work.today)
    due_on: date = data["due_on"]
    _tell_demand(work, demand, "demand.returned", reason=data["reason"], due_on=due_on.isoformat())


def _demand(
    line: Line, work: Work, unit: Named, origin: str, text: str, due_on: date | None, asked_by: str, source: str = ""
) -> Demand:  # fmt: skip
    return Demand(
        id=new_id(), congress=line.congress, suggestion=line.id, unit=unit, origin=origin, text=text, due_on=due_on,
        asked_on=work.today, asked_by=asked_by, asked_by_account=work.actor.account, deputies=sorted(line.deputies()),
        source=source,
    )  # fmt: skip


def _save(work: Work, demands: Iterable[Demand]) -> list[dict[str, Any]]:
    """Keep new demands; returns them as events name them."""
    told = []
    for demand in demands:
        work.save(t.demand_store, demand)
        told.append(
            {
                "demand": demand.id,
                "unit": demand.unit.as_data(),
                "text": demand.text,
                "due_on": t.day_text(demand.due_on),
            }
        )
    return told


def take_up_rectification(work: Work, event: Event) -> None:
    """Deputies appraised a unit, and the congress has it put something right: followed like other demands, about no suggestion."""
    data = event["data"]
    if work.rebuilding or t.demand_store.get(work.connection, data["demand"]):
        return
    demand = Demand(
        id=data["demand"], congress=event["jurisdiction"], suggestion="", unit=Named(data["unit"]["id"], data["unit"]["name"]),
        origin="appraisal", text=data["text"], due_on=date.fromisoformat(data["due_on"]), asked_on=work.today,
        asked_by=data["by"]["name"], asked_by_account=data["by"]["account"], deputies=[], source=event["subject"],
    )  # fmt: skip
    work.save(t.demand_store, demand)


def _tell_demand(work: Work, demand: Demand, name: str, **data: Any) -> None:
    """As something about its suggestion, about the hearing whose opinion it is, or about itself."""
    told = {"demand": demand.id, "unit": demand.unit.as_data(), **data}
    if demand.suggestion:
        _tell(work, demand, name, **told)
    elif demand.origin == "hearing":
        tell_opinion(work, demand, name.replace("demand.", "hearing."), **data)
    else:
        demand.record(name, work.now, work.actor, **told)


def _tell(work: Work, thing: Demand | Visit, name: str, **data: Any) -> None:
    """Tell of a thing as something about its suggestion."""
    line = line_of(work, thing.suggestion, thing.congress)
    line.record(name, work.now, work.actor, **data)
    work.save(t.lines, line)


# --- who ----------------------------------------------------------------------------------------------------


def _units(line: Line, ids: list[str], field: str) -> list[Named]:
    """The units that have the suggestion now. Raises Invalid for another."""
    known = {task.unit.id: task.unit for task in line.live_tasks}
    if [id for id in ids if id not in known]:
        raise Invalid("没有找到这个承办单位。", {field: ["请选择承办这件建议的单位。"]})
    return [known[id] for id in ids]


def _deputies(work: Work, line: Line, ids: list[str]) -> list[Named]:
    """The suggestion's deputies. Raises Invalid for another: only they follow what is said there."""
    known = line.named_deputies()
    if [id for id in ids if id not in known]:
        raise Invalid("没有找到这位代表。", {"deputies": ["请选择这件建议的代表。"]})
    return [Named(id, known[id]) for id in ids]
