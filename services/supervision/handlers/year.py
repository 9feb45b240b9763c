"""The calendar of the year: drawn up, kept up with what it follows from, changed by the office, read by everybody."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.calendars import calendar_of
from services.supervision.handlers.lights import light_at
from services.supervision.handlers.sight import within
from services.supervision.model.clocks import NAMESPACE
from services.supervision.model.deadlines import RULES as DEADLINES
from services.supervision.model.deadlines import rules_laid_down
from services.supervision.model.year import (
    KINDS,
    RULES,
    WHO,
    Entry,
    Facts,
    Session,
    YearPlan,
    draw,
    seen_by,
)
from shared.aggregate import new_id
from shared.handlers import Event
from shared.problems import Invalid
from shared.work import Work

ENTRIES_FROM: list[Callable[[Work, str, int], list[Entry]]] = []
"""What gives a year its entries that have a day of their own: hearings, sweeps."""

EACH_DAY: list[Callable[[Work, YearPlan], None]] = []
"""What else is done with a year by the daily look, before it is saved: look-backs."""

AT_ONCE = 200  # years that one daily look brings up to date


def entries_from(
    function: Callable[[Work, str, int], list[Entry]],
) -> Callable[[Work, str, int], list[Entry]]:
    """`f(work, congress, year)`: what was planned before the year was drawn up."""
    ENTRIES_FROM.append(function)
    return function


def draw_up_year(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    """Draw the year from what is known now; from then on it follows by itself."""
    congress, year = data["congress"], data["year"]
    work.authorize(RULES, "draw_up_year", congress)
    id = str(uuid.uuid5(NAMESPACE, f"year/{congress}/{year}"))
    if t.year_store.get(work.connection, id) is not None:
        raise Invalid("这一年的日历已经生成，会随会议和设置自动更新。", {"year": ["这一年的日历已经生成。"]})
    plan = YearPlan(
        id=id, congress=congress, year=year, drawn_on=work.today, looked_at=work.today.isoformat()
    )
    plan.meeting_on = _assigned_on(work, congress, year)
    if (facts := facts_of(work, plan)) is None:
        wrong = f"名册里还没有{year}年的会议，请先到“名册”登记会议的日期。"
        raise Invalid(wrong, {"year": [wrong]})
    told = plan.follow(draw(facts))
    for gives in ENTRIES_FROM:
        for entry in gives(work, congress, year):
            told += plan.put_from(entry)
    plan.record("year.drawn", work.now, work.actor, year=year, entries=told)
    work.save(t.year_store, plan)
    return {"id": id, "entries": len(plan.entries)}


def _assigned_on(work: Work, congress: str, year: int) -> date | None:
    """The day on which most suggestions of the year were assigned, if any have been."""
    of = t.ledger.c
    days = (
        sa.select(of.assigned_on)
        .where(of.congress == congress, of.year_descending == -year, of.assigned_on != "")
        .group_by(of.assigned_on)
        .order_by(sa.func.count().desc(), of.assigned_on)
    )
    return t.day_of(work.connection.scalar(days.limit(1)) or "")


def facts_of(work: Work, plan: YearPlan) -> Facts | None:
    """What the year follows from, as it is known now; None while no session of the year is registered."""
    copies = work.copies.of_congress("session", plan.congress)
    sessions = [
        Session(
            one["id"], one["name"], date.fromisoformat(one["opens_on"]), date.fromisoformat(one["closes_on"])
        )
        for one in copies
    ]
    own = sorted(
        (one for one in sessions if one.closes_on.year == plan.year), key=lambda one: (one.opens_on, one.id)
    )
    if not own:
        return None
    as_of = max(work.today, date(plan.year, 1, 1))

    def rules_from(day: date) -> Any:
        periods = work.practices.settings("deadlines", plan.congress, on=day)["periods"]
        return rules_laid_down(periods) if periods else DEADLINES

    return Facts(
        plan.year, tuple(own), plan.meeting_on, work.practices.settings("year_calendar", plan.congress, on=as_of), rules_from,
        calendar_of(work.connection),
    )  # fmt: skip


# --- it follows -----------------------------------------------------------------------------------------------------


def follow(work: Work, plan: YearPlan, reason: str) -> None:
    """Bring a locked plan up to date. What changed is told, with why."""
    facts = facts_of(work, plan)
    told = plan.follow(draw(facts)) if facts else []
    if told:
        plan.record("year.changed", work.now, work.actor, year=plan.year, reason=reason, entries=told)
    if told or plan.looked_at != work.today.isoformat():
        plan.looked_at = work.today.isoformat()
        work.save(t.year_store, plan)


def follow_session(work: Work, event: Event) -> None:
    """A session was registered, or its dates changed."""
    _follow_all(work, event["jurisdiction"], f"{event['data']['name']}的日期有登记或变动。")


def follow_practice(work: Work, event: Event) -> None:
    """Settings of a place changed; what is below it follows with the next daily look."""
    if not work.rebuilding and event["data"]["name"] in ("deadlines", "year_calendar"):
        _follow_all(work, event["jurisdiction"], f"“{event['data']['label']}”的设置有变动。")
        look_again(work)


def _follow_all(work: Work, congress: str, reason: str) -> None:
    for plan in _current(work, congress):
        follow(work, plan, reason)


def _current(work: Work, congress: str) -> list[YearPlan]:
    """The plans of a congress that are not over, locked. None in a rebuild: they are no projection, and have followed."""
    if work.rebuilding:
        return []
    y = t.year_plans.c
    ids = work.connection.scalars(
        sa.select(y.id).where(y.congress == congress, y.year >= work.today.year - 1)
    )
    found = (t.year_store.get(work.connection, id, lock=True) for id in sorted(ids))
    return [plan for plan in found if plan]


def follow_meeting(work: Work, event: Event) -> None:
    """The day of the assignment meeting was fixed: the periods of the handling count from it."""
    held = date.fromisoformat(event["data"]["meeting_on"])
    for plan in _current(work, event["jurisdiction"]):
        if plan.year == held.year and plan.meeting_on != held:
            plan.meeting_on = held
            follow(work, plan, "交办会的日期已经确定。")


def forget_meeting(work: Work, event: Event) -> None:
    """No meeting is held on that day: the calendar goes by what is usual again."""
    held = date.fromisoformat(event["data"]["meeting_on"])
    for plan in _current(work, event["jurisdiction"]):
        if plan.meeting_on == held:
            plan.meeting_on = None
            follow(work, plan, "交办批次已撤销。")


def put_into_year(work: Work, congress: str, entry: Entry) -> None:
    """Something was planned, moved or called off that has a day of its own."""
    for plan in _current(work, congress):
        is_there = any(one.key == entry.key for one in plan.entries)
        if plan.year != entry.since.year and not is_there:
            continue
        moved_away = replace(entry, removed=entry.removed or plan.year != entry.since.year)
        if told := plan.put_from(moved_away):
            plan.record(
                "year.changed",
                work.now,
                work.actor,
                year=plan.year,
                reason=entry.reason or entry.because,
                entries=told,
            )
            work.save(t.year_store, plan)


def look_again(work: Work) -> None:
    """All years that are not over are looked at anew, by the next daily looks."""
    y = t.year_plans.c
    work.connection.execute(sa.update(t.year_plans).where(y.year >= work.today.year - 1).values(looked_at=""))


def look_at_years(work: Work) -> bool:
    """The daily look at the years that are not over: holidays and settings may have changed. True while more are left."""
    y, today = t.year_plans.c, work.today.isoformat()
    query = (
        sa.select(y.id).where(y.looked_at < today, y.year >= work.today.year - 1).order_by(y.looked_at, y.id)
    )
    ids = list(work.connection.scalars(query.limit(AT_ONCE + 1)))
    for id in ids[:AT_ONCE]:
        if plan := t.year_store.get(work.connection, id, lock=True):
            remind(work, plan)
            for does in EACH_DAY:
                does(work, plan)
            follow(work, plan, "放假安排或者设置有变动。")
    return len(ids) > AT_ONCE


def remind(work: Work, plan: YearPlan) -> None:
    """Tell of the duties that begin in some days; `follow` saves it with the day of this look."""
    days = work.practices.settings("year_calendar", plan.congress, on=work.today)["remind_days"]
    for entry in plan.due_soon(work.today, days):
        plan.remind(entry, work.actor, work.now)


# --- the office changes it ------------------------------------------------------------------------------------------


def add_year_entry(work: Work, plan: YearPlan, data: dict[str, Any]) -> dict[str, Any]:
    entry = Entry(
        key=new_id(), kind=data["kind"], what=data["what"], since=data["since"], until=data["until"] or data["since"],
        who=[who for who in WHO if who in data["who"]], because=f"联工委安排：{data['reason']}", duty=data["duty"], origin="added",
        reason=data["reason"],
    )  # fmt: skip
    _tell(work, plan, plan.add(entry), data["reason"])
    return {"entry": entry.key}


def change_year_entry(work: Work, plan: YearPlan, data: dict[str, Any]) -> None:
    until = data["until"] or data["since"]
    told = plan.change(data["entry"], data["what"], data["since"], until, data["reason"])
    _tell(work, plan, told, data["reason"])


def remove_year_entry(work: Work, plan: YearPlan, data: dict[str, Any]) -> None:
    _tell(work, plan, plan.remove(data["entry"], data["reason"]), data["reason"])


def release_year_entry(work: Work, plan: YearPlan, data: dict[str, Any]) -> None:
    facts = facts_of(work, plan)
    _tell(work, plan, plan.release(data["entry"], draw(facts) if facts else []), "恢复自动排期。")


def finish_year_entry(work: Work, plan: YearPlan, data: dict[str, Any]) -> None:
    _tell(work, plan, plan.finish(data["entry"], data["note"], work.today), data["note"] or "已经完成。")


def _tell(work: Work, plan: YearPlan, told: dict[str, Any], reason: str) -> None:
    plan.record("year.changed", work.now, work.actor, year=plan.year, reason=reason, entries=[told])


# --- reading --------------------------------------------------------------------------------------------------------


def year_plan(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """The calendar of a year for whom it concerns; what was taken out is the office's to see."""
    congress, year = params["congress"], params["year"] or work.today.year
    concerns = seen_by(work.actor)
    if congress not in concerns:
        return {"year": year, "plan": None, "may_draw": False}
    is_office = work.actor.has("liaison", congress)
    y = t.year_plans.c
    found = t.year_store.find(work.connection, y.congress == congress, y.year == year, limit=1)
    if not found:
        return {"year": year, "plan": None, "may_draw": is_office}
    (plan,) = found
    entries = [entry for entry in plan.entries if is_office or not entry.removed]
    shown = {
        "id": plan.id, "version": plan.version, "congress": congress, "drawn_on": plan.drawn_on.isoformat(), "may": plan.may(work.actor),
        "entries": [
            _entry(work, entry, plan, concerns[congress])
            for entry in sorted(entries, key=lambda entry: (entry.since, entry.until, entry.key))
        ],
    }  # fmt: skip
    return {"year": year, "plan": shown, "may_draw": False}


def _entry(work: Work, entry: Entry, plan: YearPlan, concerns: set[str]) -> dict[str, Any]:
    today = work.today
    is_open = entry.duty and not (entry.removed or entry.done_on) and entry.until >= plan.drawn_on
    state = (
        "removed"
        if entry.removed
        else "done"
        if entry.done_on
        else "over"
        if entry.until < today
        else "running"
        if entry.since <= today
        else "ahead"
    )
    return {
        "entry": entry.key, "kind": entry.kind, "kind_label": KINDS[entry.kind], "what": entry.what, "since": entry.since.isoformat(),
        "until": entry.until.isoformat(), "who": [WHO[who] for who in entry.who], "because": entry.because, "duty": entry.duty,
        "origin": entry.origin, "by_hand": entry.by_hand, "removed": entry.removed, "reason": entry.reason, "state": state,
        "done_on": t.day_text(entry.done_on), "note": entry.note, "is_mine": bool(concerns & set(entry.who)),
        "light": light_at(work, plan.congress, entry.until).value if is_open and entry.since <= today else "",
    }  # fmt: skip


def years_waiting(work: Work) -> list[dict[str, Any]]:
    """Duties of the year that now concern the person, for the list of what is to be done."""
    concerns = {congress: roles for congress, roles in seen_by(work.actor).items() if roles}
    if not concerns:
        return []
    y, today = t.year_plans.c, work.today
    near = y.year.between(today.year - 1, today.year + 1)
    plans = t.year_store.find(work.connection, within(y.congress, sorted(concerns)), near)
    return [
        {
            "suggestion": "", "title": entry.what, "number": "", "congress": plan.congress, "command": "finish_year_entry",
            "what": "登记完成" if work.actor.has("liaison", plan.congress) else "查看年度日历", "due_on": entry.until.isoformat(),
            "light": light_at(work, plan.congress, entry.until).value,
            "page": f"/calendar?congress={plan.congress}&year={plan.year}&entry={entry.key}",
        }
        for plan in plans
        for entry in plan.waits_for(concerns[plan.congress], today)
    ]  # fmt: skip
