"""Hearings: planned, reported to, held, and their opinions carried out."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.board import demands_where
from services.supervision.handlers.lights import light_at
from services.supervision.handlers.sight import within
from services.supervision.handlers.year import entries_from, put_into_year
from services.supervision.model.demands import STATES as DEMAND_STATES
from services.supervision.model.demands import Demand, require_ahead
from services.supervision.model.facts import Named
from services.supervision.model.hearings import RULES, STATES, Hearing, Report
from services.supervision.model.ledger import UNIT_PEOPLE
from services.supervision.model.year import Entry, seen_by
from shared.aggregate import new_id
from shared.identity import Actor
from shared.problems import NotFound
from shared.terms import HEARING_BODIES
from shared.work import Work

MOST = 200


def plan_hearing(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    """Fix the day on which a body hears, and whose reports."""
    work.authorize(RULES, "plan_hearing", data["congress"])
    units = work.copies.named("unit", data["units"])
    hearing = Hearing(
        id=new_id(), reports=[Report(Named(**unit)) for unit in units], is_open=data["is_open"],
        **{name: data[name] for name in ("congress", "title", "body", "on", "reports_due_on")},
    )  # fmt: skip
    hearing.record(
        "hearing.planned", work.now, work.actor, **_named(hearing), units=units, reports_due_on=t.day_text(hearing.reports_due_on)
    )  # fmt: skip
    work.save(t.hearing_store, hearing)
    _put(work, hearing)
    return {"id": hearing.id}


def change_hearing(work: Work, hearing: Hearing, data: dict[str, Any]) -> None:
    """Another day, with the reason."""
    before = hearing.on
    hearing.change(data["on"], data["reports_due_on"], data["reason"])
    hearing.record(
        "hearing.changed",
        work.now,
        work.actor,
        **_named(hearing),
        before=before.isoformat(),
        reason=data["reason"],
    )
    _put(work, hearing)


def cancel_hearing(work: Work, hearing: Hearing, data: dict[str, Any]) -> None:
    hearing.cancel(data["reason"])
    hearing.record("hearing.cancelled", work.now, work.actor, **_named(hearing), reason=data["reason"])
    _put(work, hearing)


def submit_hearing_report(work: Work, hearing: Hearing, data: dict[str, Any]) -> None:
    """A unit hands in its report."""
    unit = hearing.submit(work.actor.units(*UNIT_PEOPLE), data["text"], work.actor, work.now)
    hearing.record("hearing.informed", work.now, work.actor, unit=unit.as_data())


def record_hearing(work: Work, hearing: Hearing, data: dict[str, Any]) -> dict[str, Any]:
    """It took place. Each of its opinions is a demand to a unit, with a date."""
    names = {
        unit["id"]: unit
        for unit in work.copies.named("unit", list({one["unit"] for one in data["opinions"]}))
    }
    demands = []
    for one in data["opinions"]:
        require_ahead(one["due_on"], work.today, "opinions")
        demands.append(
            Demand(
                id=new_id(), congress=hearing.congress, suggestion="", unit=Named(**names[one["unit"]]), origin="hearing", text=one["text"],
                due_on=one["due_on"], asked_on=data["on"], asked_by=hearing.body_label(), asked_by_account=work.actor.account, deputies=[],
                source=hearing.id,
            )
        )  # fmt: skip
    hearing.hold(data["on"], data["minutes"], [demand.id for demand in demands], work.today)
    for demand in demands:
        work.save(t.demand_store, demand)
    told = [
        {"demand": d.id, "unit": d.unit.as_data(), "text": d.text, "due_on": t.day_text(d.due_on)}
        for d in demands
    ]
    hearing.record(
        "hearing.held", work.now, work.actor, **_named(hearing), minutes=hearing.minutes, opinions=told
    )
    _put(work, hearing)
    return {"demands": hearing.opinions}


def report_hearing(work: Work, hearing: Hearing, data: dict[str, Any]) -> None:
    """How its opinions were carried out was reported to the body."""
    opinions = t.demand_store.get_many(work.connection, hearing.opinions)
    left = [f"{one.unit.name}：{one.text}" for one in opinions.values() if one.state != "settled"]
    hearing.report(data["outcome"], data["on"], left, work.today)
    hearing.record(
        "hearing.reported",
        work.now,
        work.actor,
        **_named(hearing),
        outcome=hearing.outcome,
        reported_on=t.day_text(hearing.reported_on),
    )


def tell_opinion(work: Work, demand: Demand, name: str, **data: Any) -> None:
    """What became of an opinion is told as something about its hearing: `hearing.answered`, `.returned`, `.settled`."""
    hearing = work.get(t.hearing_store, demand.source, "次审议")
    hearing.record(name, work.now, work.actor, demand=demand.id, unit=demand.unit.as_data(), **data)
    work.save(t.hearing_store, hearing)


def _named(hearing: Hearing) -> dict[str, str]:
    return {"title": hearing.title, "body": hearing.body, "on": hearing.on.isoformat()}


# --- in the calendar ------------------------------------------------------------------------------------------------


def _put(work: Work, hearing: Hearing) -> None:
    if hearing.is_open:
        put_into_year(work, hearing.congress, _entry(hearing))


def _entry(hearing: Hearing) -> Entry:
    because = f"{hearing.body_label()}，取自“审议办理情况报告”的安排。"
    return Entry(
        hearing.id, "hear", hearing.title, hearing.on, hearing.on, ["liaison", "unit", "leaders"], because, origin="hearing",
        removed=hearing.state == "cancelled", reason=hearing.reason, done_on=hearing.on if hearing.state in ("held", "reported") else None,
    )  # fmt: skip


@entries_from
def hearings_of_year(work: Work, congress: str, year: int) -> list[Entry]:
    """What was planned before the year was drawn up."""
    h = t.hearings.c
    days = h.on.between(f"{year}-01-01", f"{year}-12-31")
    found = t.hearing_store.find(
        work.connection, h.congress == congress, h.state != "cancelled", days, limit=MOST
    )
    return [_entry(hearing) for hearing in found if hearing.is_open]


# --- reading --------------------------------------------------------------------------------------------------------


def hearings(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """{hearings, may_plan}: those that one may see at a congress, the newest first."""
    h, actor, congress = t.hearings.c, work.actor, params["congress"]
    own = [congress] if congress else sorted(seen_by(actor))
    if not own:
        return {"hearings": [], "may_plan": False}
    query = sa.select(h.id).where(within(h.congress, own)).order_by(h.on.desc(), h.id).limit(MOST)
    ids = list(work.connection.scalars(query))
    found = t.hearing_store.get_many(work.connection, ids)
    seen = [one for one in found.values() if one.relations(actor)]
    return {
        "hearings": [_shown(one, actor) for one in sorted(seen, key=lambda one: (one.on, one.id), reverse=True)],
        "may_plan": any(actor.has("liaison", path) for path in own),
    }  # fmt: skip


def hearing(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """One hearing with its reports and what became of its opinions."""
    found = t.hearing_store.get(work.connection, params["id"])
    if found is None or not (relations := found.relations(work.actor)):
        raise NotFound("没有找到这次审议。")
    reads = relations - {"public"} or found.state in ("held", "reported")
    own = work.actor.units(*UNIT_PEOPLE)
    return {
        **_shown(found, work.actor), "minutes": found.minutes, "outcome": found.outcome, "reason": found.reason, "is_open": found.is_open,
        "reports": [
            {
                "unit": report.unit.as_data(), "text": report.text if reads or report.unit.id in own else "", "by": report.by,
                "at": report.at.isoformat() if report.at else "",
            }
            for report in found.reports
        ],
        "opinions": _opinions(work, found),
    }  # fmt: skip


def _opinions(work: Work, hearing: Hearing) -> list[dict[str, Any]]:
    """For those whom they concern with the answers; others read what was asked, and whether it is done."""
    if not hearing.opinions:
        return []
    whole = demands_where(work, t.demands.c.id.in_(hearing.opinions), limit=MOST)
    known = {opinion["id"] for opinion in whole}
    others = t.demand_store.get_many(work.connection, [id for id in hearing.opinions if id not in known])
    return whole + [
        {
            "id": one.id, "unit": one.unit.as_data(), "text": one.text, "due_on": t.day_text(one.due_on), "state": one.state,
            "state_label": DEMAND_STATES[one.state], "light": "", "answers": [], "returned": [], "note": "", "may": [],
        }
        for one in others.values()
    ]  # fmt: skip


def _shown(hearing: Hearing, actor: Actor) -> dict[str, Any]:
    return {
        "id": hearing.id, "version": hearing.version, "congress": hearing.congress, "title": hearing.title, "body": hearing.body,
        "body_label": HEARING_BODIES[hearing.body], "on": hearing.on.isoformat(), "reports_due_on": t.day_text(hearing.reports_due_on),
        "units": [report.unit.as_data() for report in hearing.reports], "handed_in": sum(bool(report.text) for report in hearing.reports),
        "opinions_count": len(hearing.opinions), "state": hearing.state, "state_label": STATES[hearing.state],
        "reported_on": t.day_text(hearing.reported_on), "may": hearing.may(actor),
    }  # fmt: skip


def hearings_waiting(work: Work) -> list[dict[str, Any]]:
    """For units that have not handed in the report that a body wants to hear."""
    units = work.actor.units(*UNIT_PEOPLE)
    concerned = sorted(seen_by(work.actor))
    if not units or not concerned:
        return []
    h = t.hearings.c
    planned = t.hearing_store.find(
        work.connection, within(h.congress, concerned), h.state == "planned", limit=MOST
    )
    return [
        {
            "suggestion": "", "title": one.title, "number": "", "congress": one.congress, "command": "submit_hearing_report",
            "what": "提交办理情况报告", "unit": report.unit.id, "unit_name": report.unit.name, "page": f"/hearings/{one.id}",
            "due_on": _due(one).isoformat(), "light": light_at(work, one.congress, _due(one)).value,
        }
        for one in planned
        for report in one.reports
        if report.unit.id in units and not report.text
    ]  # fmt: skip


def _due(hearing: Hearing) -> date:
    return hearing.reports_due_on or hearing.on
