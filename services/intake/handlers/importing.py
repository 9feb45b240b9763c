"""Taking in an office's old ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

from services.intake import tables
from services.intake.handlers.choosing import importable
from services.intake.model import RULES, Person, Suggestion
from services.intake.model.numbers import ordinal_of, series_in
from services.intake.tables import store
from shared.problems import Invalid
from shared.reply_classes import meanings_in, means_of
from shared.work import Work


def import_ledger(work: Work, data: dict[str, Any]) -> dict[str, Any]:
    """All rows or none. Answers {added, known}."""
    congress, rows = data["congress"], data["rows"]
    work.authorize(RULES, "import_suggestions", congress)
    deputies = {d["id"]: d["name"] for d in work.copies.of_congress("deputy", congress)}
    units = {u["id"]: u["name"] for u in work.copies.of_congress("unit", congress)}
    _go_on_after(work, congress, [row["number"] for row in rows])
    known = tables.known_numbers(work.connection, congress, [row["number"] for row in rows])
    new = [row for row in rows if row["number"] not in known]
    meanings = meanings_in(work.practices.settings("reply_classes", congress))
    _require_sound(work, new, deputies, units, importable(work, congress), meanings)
    for row in new:
        lead, *cosigners = [Person(id, deputies[id]) for id in (row["lead"], *row["cosigners"])]
        suggestion = Suggestion.imported(congress, lead, cosigners, row, work.actor, work.now)
        suggestion.record(
            "ledger.imported", work.now, work.actor, number=suggestion.number, title=suggestion.title,
            category=suggestion.category, deputies=[{"id": d.id, "name": d.name} for d in suggestion.deputies],
            lead_unit=_unit(units, row["lead_unit"]), joint_units=[_unit(units, id) for id in row["joint_units"]],
            assigned_on=_iso(row["assigned_on"]), replied_on=_iso(row["replied_on"]), reply_class=row["reply_class"],
            means=means_of(row["reply_class"], meanings.get(row["reply_class"], "")),
            result=row["result"],
        )  # fmt: skip
        work.save(store, suggestion)
        tables.write_invitations(work.connection, suggestion)
    return {"id": "", "added": len(new), "known": len(rows) - len(new)}


def _go_on_after(work: Work, congress: str, numbers: list[str]) -> None:
    """A ledger of the running session has given numbers of its series: what is accepted from now on comes after them.
    Before it is asked which of them are known, so that none is given twice by who accepts at the same moment."""
    last: dict[str, int] = {}
    for number in numbers:
        if series := series_in(number):
            last[series] = max(last.get(series, 0), ordinal_of(number))
    for series, ordinal in sorted(last.items()):
        tables.go_on_after(work.connection, congress, series, ordinal)


def _require_sound(
    work: Work,
    rows: list[dict[str, Any]],
    deputies: dict[str, str],
    units: dict[str, str],
    categories: set[str],
    meanings: dict[str, str],
) -> None:
    errors: dict[str, Any] = {}
    for index, row in enumerate(rows):
        people = [id for id in (row["lead"], *row["cosigners"]) if id not in deputies]
        bodies = [id for id in (row["lead_unit"], *row["joint_units"]) if id and id not in units]
        wrong = [f"不是本级人大代表：{id}" for id in people] + [f"不是本级登记的单位：{id}" for id in bodies]
        if row["category"] and row["category"] not in categories:
            wrong.append(f"没有“{row['category']}”这个类别")
        assigned_on, replied_on = row["assigned_on"], row["replied_on"]
        if any(day > work.today for day in (assigned_on, replied_on) if day):
            wrong.append("交办日期和答复日期不能晚于今天。")
        if replied_on and (not assigned_on or replied_on < assigned_on):
            wrong.append("答复日期应当不早于交办日期。")
        if row["reply_class"] and row["reply_class"] not in meanings:
            wrong.append(f"本级的办理结果没有“{row['reply_class']}”，有{'、'.join(meanings)}。")
        if wrong:
            errors[str(index)] = wrong
            work.copies.missed.update(people, bodies)
    if errors:
        raise Invalid(f"台账有 {len(errors)} 行填写有误，什么都没有导入。", {"rows": errors})


def _unit(units: dict[str, str], id: str) -> dict[str, str] | None:
    return {"id": id, "name": units[id]} if id else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
