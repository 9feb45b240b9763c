"""The ledger: pages with filters, counts, and the deadlines of some suggestions."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import orjson
import sqlalchemy as sa

from services.supervision import hooks
from services.supervision import tables as t
from services.supervision.handlers.sight import Condition, Sight
from services.supervision.model.clocks import SILENT
from services.supervision.model.deadlines import LABELS, LIGHT_LABELS, Light
from services.supervision.model.measures import LIGHTS, STANDING
from shared.clock import SystemClock, legal_date
from shared.problems import Invalid
from shared.reply_classes import meanings_in, means_of
from shared.terms import CATEGORIES, KINDS, LIFE
from shared.work import Work

ledger = t.ledger.c
# Without the state: each asks for it as far as the person may know it (`Sight.stage`).
COLUMNS = [
    column for column in t.ledger.columns if column.name not in ("version", "sequence", "state", "state_json")
]
ORDER = (ledger.year_descending, ledger.ordinal, ledger.id)  # newest year first, then by number
RUNNING = (Light.GREEN, Light.YELLOW, Light.RED)
AS_ASKED = ("session", "category", "reply_class", "delegation")  # filters that are a column's value


def ledger_page(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """{lines, cursor}: a page of the ledger as the person may see it; an empty cursor says that it was the last."""
    sight, limit = Sight(work.actor), params["limit"]
    conditions = [sight.lines(), *_filters(params, work.today)]
    if params["state"]:
        conditions.append(stage_is(sight, params["state"]))
    if params["cursor"]:
        conditions.append(sa.tuple_(*ORDER) > sa.tuple_(*_read_cursor(params["cursor"])))
    query = sa.select(*COLUMNS, sight.stage(), sight.is_own()).where(*conditions).order_by(*ORDER)
    rows = work.connection.execute(query.limit(limit + 1)).all()
    more = rows[limit - 1] if len(rows) > limit else None
    lines = [shown_line(row, sight, work.today) for row in rows[:limit]]
    by_measure = lights_by_measure(work.connection, [line["id"] for line in lines])
    for line in lines:
        line |= {"measure_light": by_measure.get(line["id"], ""), "columns": _columns(work, line)}
    return {
        "lines": lines,
        "cursor": _cursor(more) if more else "",
    }


def _columns(work: Work, line: dict[str, Any]) -> list[dict[str, str]]:
    """[{heading, value}]: what the plugins of the place show beside, as they hold today."""
    if not work.is_answered("columns"):
        return []
    names = ("id", "number", "title", "kind", "category", "state", "reply_class", "year")
    letter = line["reply_class"]
    meanings = meanings_in(work.practices.settings("reply_classes", line["congress"]))
    means = means_of(letter, meanings.get(letter, ""))
    suggestion = hooks.Suggestion(is_key=line["key"], means=means, **{name: line[name] for name in names})
    answers = work.ask_plugins("columns", line["congress"], "", None, suggestion=suggestion)
    return [{"heading": answer.heading, "value": answer.value} for _, answer in answers]


def _filters(params: dict[str, Any], today: date) -> Iterable[Condition]:
    if params["congress"]:
        yield ledger.congress == params["congress"]
    if params["year"]:
        yield ledger.year_descending == -params["year"]
    for name in AS_ASKED:
        if params[name]:
            yield ledger[name] == params[name]
    if params["key"]:
        yield ledger.is_key.is_(True)
    if params["light"]:
        yield with_light(params["light"], today)
    if params["unit"]:
        own = t.ledger_units.c
        answering = sa.and_(
            own.unit_id == params["unit"], own.role != "chain"
        )  # who only has a part is not told by a filter
        yield ledger.id.in_(sa.select(own.suggestion_id).where(answering))
    if params["deputy"]:
        theirs = t.ledger_deputies.c
        yield ledger.id.in_(sa.select(theirs.suggestion_id).where(theirs.deputy_id == params["deputy"]))
    if params["text"]:
        words = (ledger.title, ledger.number)
        yield sa.or_(*(word.contains(params["text"], autoescape=True) for word in words))


def stage_is(sight: Sight, state: str) -> Condition:
    """The lines that are in this state as far as the person may know."""
    return ledger.state == state if not sight.keeps_secrets else sight.stage() == state


def with_light(name: str, today: date) -> Condition:
    """The lines with this light today. Green is also what has nothing due now."""
    if name == Light.DONE:
        return ledger.next_due_on == t.OVER
    return sa.and_(
        ledger.next_due_on > t.OVER, lit(name, ledger.next_due_on, ledger.next_yellow_on, today.isoformat())
    )


def lit(name: str, due_on: Any, yellow_on: Any, today: str) -> Condition:
    """Which running deadlines have this light today: the same as `light_of`, in SQL."""
    if name == Light.RED:
        return due_on < today
    return sa.and_(yellow_on <= today, due_on >= today) if name == Light.YELLOW else yellow_on > today


def light_of(due_on: str, yellow_on: str, today: str) -> Light:
    """The light of a running deadline, from what the tables keep of it."""
    if due_on < today:
        return Light.RED
    return Light.YELLOW if yellow_on <= today else Light.GREEN


def shown_line(row: Any, sight: Sight, today: date) -> dict[str, Any]:
    """One line as lists and pages show it; dates as text, empty for none."""
    line = dict(row._mapping)
    more, knows = line.pop("more"), sight.knows_judgement(row, today)
    line["year"] = -line.pop("year_descending")
    line["key"] = line.pop("is_key")
    line["key_mark"] = more["key"]
    process, result = line.pop("process"), line.pop("result")
    del line["shows_judgement"], line["is_own"]
    has_date = row.next_due_on not in (t.OVER, t.NOTHING_DUE)
    due = date.fromisoformat(row.next_due_on) if has_date else None
    is_over = row.next_due_on == t.OVER
    shown = Light.DONE if is_over else light_of(row.next_due_on, row.next_yellow_on, today.isoformat())
    return {
        **line,
        "suggestion": row.id,
        "cosigners": more["cosigners"],
        "delegation": more["delegation"],
        "joint_units": more["joint_units"],
        "published_on": more["published_on"],
        "kind_label": KINDS.get(row.kind, row.kind),
        "category_label": CATEGORIES.get(row.category, row.category),
        "state_label": LIFE.get(row.state, "草稿"),
        "satisfaction": {"process": process, "result": result} if knows else {"process": "", "result": ""},
        "judgement_told": knows and _is_told(row, more, today),
        "next_due_on": due.isoformat() if due else "",
        "next_yellow_on": row.next_yellow_on if due else "",
        "next_label": LABELS[row.next_kind] if due else "",
        "days_left": (due - today).days if due else None,
        "light": shown.value,
        "light_label": LIGHT_LABELS[shown],
        "overdue": shown is Light.RED,
    }


def _is_told(row: Any, more: dict[str, Any], today: date) -> bool:
    """May the line's units know by now how its deputies judged it, with their names?"""
    known_from = more.get("known_from", row.closed_on)
    is_over = row.state in ("closed", "published")
    return bool(is_over and more.get("named", True) and known_from and known_from <= today.isoformat())


def _cursor(row: Any) -> str:
    place = orjson.dumps([row.year_descending, row.ordinal, row.id])
    return base64.urlsafe_b64encode(place).decode()


def _read_cursor(text: str) -> tuple[int, int, str]:
    try:
        year, ordinal, id = orjson.loads(base64.urlsafe_b64decode(text))
        if (
            type(year) is int
            and type(ordinal) is int
            and max(abs(year), abs(ordinal)) < 2**31
            and type(id) is str
        ):
            return year, ordinal, id.replace("\0", "")
    except (binascii.Error, TypeError, ValueError):
        pass
    raise Invalid("翻页位置有误，请从第一页重新查看。", {"cursor": ["翻页位置有误。"]})


def ledger_counts(work: Work, params: dict[str, Any]) -> dict[str, Any]:
    """{total, states: {state: lines}, lights: {light: lines}}: of what the person may see, from an index alone."""
    sight = Sight(work.actor)
    conditions = [sight.lines()]
    if params["congress"]:
        conditions.append(ledger.congress == params["congress"])
    if params["year"]:
        conditions.append(ledger.year_descending == -params["year"])
    lights = [light.value for light in (*RUNNING, Light.DONE)]
    sums = [
        sa.func.sum(sa.case((with_light(name, work.today), 1), else_=0)).label(f"light_{name}")
        for name in lights
    ]
    counted = sa.select(sight.stage(), sa.func.count().label("lines"), *sums).where(*conditions)
    rows = work.connection.execute(counted.group_by(sa.text("1"))).all()
    of_state = {row.state: row for row in rows}
    return {
        "total": sum(row.lines for row in rows),
        "states": {state: of_state[state].lines if state in of_state else 0 for state in LIFE},
        "lights": {name: sum(int(row._mapping[f"light_{name}"]) for row in rows) for name in lights},
    }


def due_dates(work: Work, params: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """{suggestion: [{kind, unit, due_on, light, label}]}: what is still to be done, the nearest first."""
    sight, d = Sight(work.actor), t.deadlines.c
    columns = (d.suggestion_id, d.kind, d.task_id, d.unit_id, d.unit_name, d.deputy_id, d.due_on, d.yellow_on)
    open_duties = (d.suggestion_id.in_(params["suggestions"]), d.ended == "", d.kind != SILENT)
    query = sa.select(*columns).join(t.ledger, ledger.id == d.suggestion_id)
    rows = work.connection.execute(query.where(*open_duties, sight.lines(), sight.deadlines()))
    found: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (row.due_on, row.kind, row.unit_id, row.deputy_id)):
        found.setdefault(row.suggestion_id, []).append(_shown_due(row, work.today))
    return found


def _shown_due(row: Any, today: date) -> dict[str, Any]:
    due_on = date.fromisoformat(row.due_on)
    shown = light_of(row.due_on, row.yellow_on, today.isoformat())
    return {
        "kind": row.kind, "label": LABELS[row.kind], "task": row.task_id, "unit": row.unit_id,
        "unit_name": row.unit_name, "deputy": row.deputy_id, "due_on": row.due_on, "days_left": (due_on - today).days,
        "light": shown.value, "light_label": LIGHT_LABELS[shown],
    }  # fmt: skip


def deadlines_by_light(connection: sa.Connection) -> list[tuple[str, dict[str, str], float]]:
    """jianyi_deadlines{light}: running deadlines of the whole service, by the machine's own date."""
    d, today = t.deadlines.c, legal_date(SystemClock().now()).isoformat()
    measured = []
    for colour in RUNNING:
        bounds = lit(colour, d.due_on, d.yellow_on, today)
        counted = sa.select(sa.func.count()).where(d.ended == "", d.kind != SILENT, bounds)
        measured.append(("jianyi_deadlines", {"light": colour.value}, float(connection.scalar(counted) or 0)))
    return measured


def in_days(today: date, days: int) -> str:
    """The date so many days from today, as tables keep it."""
    return (today + timedelta(days=days)).isoformat()


def lights_by_measure(connection: sa.Connection, suggestions: list[str]) -> dict[str, str]:
    """{suggestion: yellow or red}: the hardest light that somebody has put on it, and that still holds."""
    m = t.measures.c
    query = sa.select(m.suggestion_id, m.rung).where(
        m.suggestion_id.in_(suggestions), m.rung.in_(LIGHTS), m.state.in_(STANDING)
    )
    found: dict[str, str] = {}
    for suggestion, rung in connection.execute(query):
        found[suggestion] = "red" if "red" in (rung, found.get(suggestion)) else "yellow"
    return found
