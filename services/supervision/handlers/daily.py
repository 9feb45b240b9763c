"""What concerns all running deadlines: the daily look, and holidays that are announced late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import orjson
import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.handlers.asking import ask_for_progress
from services.supervision.handlers.calendars import calendar_of, fingerprint
from services.supervision.handlers.escalating import propose_what_is_due
from services.supervision.handlers.reminding import AT_ONCE, Reminding
from services.supervision.handlers.year import look_again, look_at_years
from services.supervision.model.calendar import FIXED_HOLIDAYS, Arrangement, WorkCalendar
from services.supervision.model.clocks import SILENT, Deadline, move, take_over
from services.supervision.model.deadlines import LABELS, REMIND_DAYS_BEFORE, reminders_due
from services.supervision.model.ledger import Line
from shared.aggregate import new_id
from shared.events import ROOT
from shared.problems import Invalid
from shared.rules import Rule, Rules
from shared.work import Work

NATIONAL_RULES = Rules(
    "项登记",
    {"new": "尚未登记"},
    [
        Rule("announce_arrangement", "登记放假安排", ("operator", "system"), ("new",)),
        Rule("tick", "做每日检查", ("operator", "system"), ("new",)),
    ],
)

MOST_REMINDERS = 1000  # of one tick

# --- arrangements -------------------------------------------------------------------------------------------


def announce_arrangement(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    """Record an arrangement for the whole country, and compute every running deadline again.

    Holidays are the State Council's to arrange, the same for all congresses: so operators record them, not an office.
    """
    work.authorize(NATIONAL_RULES, "announce_arrangement", "")
    arrangement = _arrangement(work, data)
    body = orjson.dumps(arrangement.to_dict()).decode()
    known = sa.select(t.arrangements.c.body).where(t.arrangements.c.year == data["year"])
    content = _content(body)
    if any(_content(other) == content for other in work.connection.scalars(known)):
        raise Invalid("这份放假安排已经登记过。", {"source": ["同一来源、同样日期的安排已经登记过。"]})
    id = new_id()
    work.connection.execute(
        sa.insert(t.arrangements).values(
            id=id, year=data["year"], source=arrangement.source, body=body, recorded_at=work.now.isoformat(),
            by_name=work.actor.name,
        )
    )  # fmt: skip
    moved = recompute_running(work)
    look_again(work)
    work.publish(
        id, ROOT, 1, "arrangement.announced", year=data["year"], source=arrangement.source, moved=moved
    )
    return {"id": id, "moved": moved, "whole_year": arrangement.year is not None}


def _arrangement(work: Work, data: dict[str, Any]) -> Arrangement:
    """The arrangement as it was typed in. It is the whole year's when it names every holiday with a fixed date."""
    year = data["year"]
    holidays = _days(data["holidays"], "holidays")
    workdays = _days(data["workdays"], "workdays")
    for field, days in (("holidays", holidays), ("workdays", workdays)):
        for day in days:
            if day.year != year and (day.year, day.month) != (year - 1, 12):
                raise Invalid("日期与年份不符。", {field: [f"{day}不属于{year}年的放假安排，请核对年份。"]})
    whole = all(date(year, *month_day) in holidays for _, month_day in FIXED_HOLIDAYS)
    return Arrangement(holidays, workdays, work.today, data["source"], year if whole else None)


def _days(items: list[dict[str, Any]], field: str) -> dict[date, str]:
    days: dict[date, str] = {}
    for item in items:
        if item["on"] in days:
            raise Invalid("同一天写了两次。", {field: [f"{item['on']}写了两次。"]})
        days[item["on"]] = item["name"]
    return days


def _content(body: str) -> dict[str, Any]:
    """An arrangement without the day on which it was recorded."""
    return {name: value for name, value in orjson.loads(body).items() if name != "announced_on"}


def calendar(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """{years: [{year, announced, source}], recorded: [{year, source, …}]}: what deadlines are computed by."""
    known = calendar_of(work.connection)
    sources = {a.year: a.source for a in known.arrangements if a.year is not None}
    years = range(min(sources), max(max(sources), work.today.year) + 2)
    rows = work.connection.execute(sa.select(t.arrangements).order_by(t.arrangements.c.id.desc()))
    return {
        "years": [
            {"year": year, "announced": known.is_announced(year), "source": sources.get(year, "")} for year in years
        ],
        "recorded": [
            {
                "id": row.id, "year": row.year, "source": row.source, "recorded_at": row.recorded_at, "by": row.by_name,
                **{name: orjson.loads(row.body)[name] for name in ("holidays", "makeup_workdays", "announced_on")},
            }
            for row in rows
        ],
        "may": [
            {"command": rule.command, "label": rule.label}
            for rule in NATIONAL_RULES.allowed("new", frozenset(role.role for role in work.actor.roles))
            if rule.command == "announce_arrangement"
        ],
    }  # fmt: skip


# --- computing again ----------------------------------------------------------------------------------------


def recompute_running(work: Work) -> int:
    """Compute all running deadlines again if the calendar has changed. Returns how many dates moved."""
    calendar = calendar_of(work.connection)
    mark = {"name": "calendar", "value": fingerprint(calendar)}
    if (
        work.connection.scalar(sa.select(t.marks.c.value).where(t.marks.c.name == mark["name"]))
        == mark["value"]
    ):
        return 0
    moved = sum(_recompute_some(work, calendar, ids) for ids in _suggestions_with_running(work.connection))
    t.upsert(work.connection, t.marks, [mark])
    return moved


def _suggestions_with_running(connection: sa.Connection) -> Iterator[list[str]]:
    d, last = t.deadlines.c, ""
    while True:
        query = sa.select(d.suggestion_id).distinct().where(d.suggestion_id > last, d.ended == "")
        ids = list(connection.scalars(query.order_by(d.suggestion_id).limit(AT_ONCE)))
        if not ids:
            return
        last = ids[-1]
        yield ids


def _recompute_some(work: Work, calendar: WorkCalendar, ids: list[str]) -> int:
    """First look which suggestions it concerns at all; only those are locked and written."""
    looked_at = t.deadlines_of(work.connection, ids, running=True)
    concerned = [
        id for id, all in looked_at.items() if any(_would_change(deadline, calendar) for deadline in all)
    ]
    if not concerned:
        return 0
    lines = t.lines.lock_many(work.connection, concerned)
    changed: list[Deadline] = []
    moved = 0
    for id, all in t.deadlines_of(work.connection, concerned).items():
        line = lines[id]
        present = []
        for deadline in all:
            after = deadline
            if _would_change(deadline, calendar):
                after = move(line, deadline, calendar, work.actor, work.now)
                changed.append(after)
                moved += after.due_on != deadline.due_on
            present.append(after)
        take_over(line, present)
    t.upsert(work.connection, t.deadlines, [t.deadline_row(deadline) for deadline in changed])
    save_lines(work, lines.values())
    return moved


def _would_change(deadline: Deadline, calendar: WorkCalendar) -> bool:
    return not deadline.ended and deadline.recomputed(calendar) != deadline.computation


def save_lines(work: Work, lines: Iterable[Line]) -> None:
    """Write many lines at once, with the events that they recorded."""
    told = list(lines)
    for line in told:
        recorded, line.recorded = line.recorded, []
        for event in recorded:
            line.sequence += 1
            work.publish(line.id, line.congress, line.sequence, event.name, **event.data)
    t.lines.save_many(work.connection, told)


# --- the daily look -----------------------------------------------------------------------------------------


def tick(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    """The daily look at the deadlines: computes them again if holidays have changed, sends the reminders due
    today, proposes to people what the ladder says about what is long overdue, and asks for the progress of promises.

    A second tick on the same day sends nothing more; after days without one, each deadline is reminded of once. Where
    there is more to send than one transaction should hold up the others for, `more` is true: the next tick goes on.
    """
    work.authorize(NATIONAL_RULES, "tick", "")
    moved = recompute_running(work)
    texts = _reminders_due_today(work)
    ids = list(texts)[:MOST_REMINDERS]
    reminding = Reminding(work, by_hand=False)
    for start in range(0, len(ids), AT_ONCE):
        _remind_some(work, {id: texts[id] for id in ids[start : start + AT_ONCE]}, reminding)
    reminded = reminding.finish()
    save_lines(work, propose_what_is_due(work))
    save_lines(work, ask_for_progress(work))
    more_years = look_at_years(work)
    return {"id": "", "moved": moved, "reminded": reminded, "more": len(texts) > len(ids) or more_years}


def _remind_some(work: Work, texts: dict[str, str], reminding: Reminding) -> None:
    rows = work.connection.execute(sa.select(t.deadlines).where(t.deadlines.c.id.in_(list(texts)))).all()
    lines = t.lines.lock_many(work.connection, {row.suggestion_id for row in rows})
    for row in rows:
        if (line := lines.get(row.suggestion_id)) and line.state:
            reminding.remind(line, t.deadline_of(row), f"{line.called()}{texts[row.id]}")
    save_lines(work, lines.values())


def _farthest(work: Work) -> int:
    """The most days before a due date on which any place reminds."""
    copies = work.copies.table.c
    laid_down = work.connection.scalars(sa.select(copies.data).where(copies.kind == "practice"))
    versions = [version for said in laid_down if said["name"] == "deadlines" for version in said["versions"]]
    days = [day for version in versions for day in version["settings"].get("remind_before") or ()]
    return max([*REMIND_DAYS_BEFORE, *days])


class DaysBefore:
    """How many days before a due date each congress reminds, as it holds today: reminders are no rule of a deadline."""

    def __init__(self, work: Work) -> None:
        self.work, self.known = work, dict[str, tuple[int, ...]]()

    def __call__(self, congress: str) -> tuple[int, ...]:
        if congress not in self.known:
            settings = self.work.practices.settings("deadlines", congress)
            self.known[congress] = tuple(settings["remind_before"])
        return self.known[congress]


def _reminders_due_today(work: Work) -> dict[str, str]:
    """What to say of which deadline today. Deputies are reminded before, never pressed after: silence is their right."""
    d, today = t.deadlines.c, work.today
    columns = (d.id, d.congress, d.kind, d.due_on, d.from_on, d.last_reminded_on)
    days_before = DaysBefore(work)
    farthest = today + timedelta(days=_farthest(work))
    query = sa.select(*columns).where(
        d.ended == "", d.due_on <= farthest.isoformat(), d.kind != SILENT, d.last_reminded_on < today.isoformat(),
        sa.or_(d.kind != "feedback", d.due_on >= today.isoformat()),
    )  # fmt: skip
    texts = {}
    for row in work.connection.execute(query.order_by(d.due_on)):
        last = date.fromisoformat(row.last_reminded_on or row.from_on)
        reminder = reminders_due(
            date.fromisoformat(row.due_on), last, today, False, days_before(row.congress)
        )
        if reminder:
            texts[row.id] = reminder.text(LABELS[row.kind])
    return texts
