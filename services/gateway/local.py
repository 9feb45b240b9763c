"""What the practices of a place bring to the screen: pages, workbooks and documents, for whom they are, and what goes into them.

Which practices are on comes from the gateway's copies; what goes in is asked for in the name of the person who looks, so that nobody
finds in it what the ledger would not show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import structlog

from services.gateway.calls import Calls
from services.gateway.hooks import Document, Export, Facts, Line, Page, Printed, Table
from shared.contracts import Query, assignment, evaluation, supervision
from shared.identity import Actor
from shared.isolation import sight_of
from shared.problems import NotFound, Problem, Unavailable
from shared.runtime import Runtime
from shared.trace import new_trace
from shared.work import Work

log = structlog.get_logger()

HOOKS = ("pages", "exports", "documents")
PAGE, MOST_LINES, MOST_DATED = 1000, 5000, 500
RECORDS_AT_ONCE, MOST_RECORDS = 300, 6000
NOT_MADE = "“{}”没有做出来：提供它的插件出错，已经记录并告诉运维人员。其他功能不受影响。"

Offered = Page | Export | Document
Data = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """A congress, or a unit, at which somebody has a role."""

    congress: str
    unit: str = ""


@dataclass(frozen=True)
class Offer:
    """One thing that a practice brings to a place."""

    plugin: str
    practice: str
    """The practice's name for people."""
    hook: str
    what: Offered


def places_of(actor: Actor) -> list[Place]:
    """Where the person is at work: congresses first. Who works for the whole network has no place of its own."""
    congresses = sorted(
        {role.congress for role in actor.roles if role.congress and role.is_of_congress and not role.unit}
    )
    units = sorted({(role.congress, role.unit) for role in actor.roles if role.unit})
    return [*(Place(path) for path in congresses), *(Place(path, unit) for path, unit in units)]


def offers_at(runtime: Runtime, actor: Actor, place: Place, today: date) -> list[Offer]:
    """What the practices that are on at a place today bring to this person."""
    if place not in places_of(actor) or not any(runtime.hooks.answered_by(hook) for hook in HOOKS):
        return []
    with runtime.database.reading(sight_of(actor)) as connection:
        work = Work(runtime, connection, actor, actor.now or runtime.clock.now(), new_trace())
        return [
            Offer(plugin, work.known_practices[plugin].label, hook, what)
            for hook in HOOKS
            for plugin, what in work.ask_plugins(hook, place.congress, place.unit, today)
            if _is_for(actor, place, what)
        ]


def _is_for(actor: Actor, place: Place, what: Offered) -> bool:
    """Has the person one of its roles at this very place?"""
    here = (role for role in actor.roles if role.congress == place.congress and role.unit == place.unit)
    return not what.roles or any(role.acts_as(*what.roles) for role in here)


def offer(runtime: Runtime, actor: Actor, place: Place, today: date, hook: str, plugin: str, key: str) -> Offer:  # fmt: skip
    """The one that an address names. Raises NotFound: what is not on at the place, or for others, does not exist."""
    for found in offers_at(runtime, actor, place, today):
        if (found.hook, found.plugin, found.what.key) == (hook, plugin, key):
            return found
    raise NotFound("没有这一项：这里没有启用这种做法，或者它不是给您的职务用的。")


# --- what goes in ---------------------------------------------------------------------------------------------------


def facts_for(calls: Calls, place: Place, name: str, today: date, what: Offered, narrowed: Mapping[str, str]) -> Facts:  # fmt: skip
    """All that it is made from, as far as the person may see it. `narrowed`: by which of its offers people narrow it down."""
    of = {"unit": place.unit} if place.unit else {"congress": place.congress}
    wanted = {**narrowed, **what.filters, **of}
    lines, is_whole = _lines(calls, wanted)
    answers = _answers(calls, place, what.needs, today, [line.id for line in lines])
    return Facts(name, place.congress, place.unit, today, tuple(lines), answers, is_whole)


def facts_of_one(calls: Calls, place: Place, name: str, today: date, what: Offered, suggestion: str) -> Facts:
    """The same of one suggestion. Raises NotFound where the person may not see it."""
    line = calls.ask(supervision.LINE, id=suggestion)["line"]
    own = (line_of(line),)
    answers = _answers(calls, place, what.needs, today, [suggestion])
    return Facts(name, place.congress, place.unit, today, own, answers)


def _lines(calls: Calls, wanted: Data) -> tuple[list[Line], bool]:
    lines: list[Line] = []
    cursor = ""
    while len(lines) < MOST_LINES:
        page = calls.ask(supervision.LEDGER, **wanted, cursor=cursor, limit=PAGE)
        lines += [line_of(line) for line in page["lines"]]
        cursor = page.get("cursor") or ""
        if not cursor:
            return lines, True
    return lines, False


def line_of(shown: Data) -> Line:
    """A line as `supervision` answers it."""
    judged = shown["satisfaction"]
    told = {**shown, **judged, "is_key": shown["key"], "key": shown["key_mark"] or {}}
    lists = {name: tuple(told[name] or ()) for name in ("cosigners", "joint_units")}
    return Line(**({of.name: told[of.name] for of in fields(Line)} | lists))


def _answers(
    calls: Calls, place: Place, needs: tuple[str, ...], today: date, suggestions: list[str]
) -> dict[str, list[Mapping[str, Any]]]:
    """{need: lines}; none of what the person may not ask for, or of a service that is away."""
    asked = dict(_questions(place, needs, today, suggestions))
    answers = calls.gather(asked) if asked else {}
    first = answers.get("records")
    if isinstance(first, list) and len(first) >= RECORDS_AT_ONCE:
        answers["records"] = [*first, *_further(calls, *asked["records"])]
    found: dict[str, list[Mapping[str, Any]]] = {need: [] for need in needs}
    for name, answer in answers.items():
        if isinstance(answer, Problem):
            log.info("left out of a local page", question=name, problem=answer.detail)
            continue
        need = name.partition("/")[0]
        known, lines = found[need], _as_lines(need, answer)
        known += [line for line in lines if line not in known] if known else lines
    return found


def _further(calls: Calls, query: Query, params: Data) -> Iterator[Data]:
    """The pages after the first one, up to the empty one."""
    for offset in range(RECORDS_AT_ONCE, MOST_RECORDS, RECORDS_AT_ONCE):
        page = calls.ask(query, **params, offset=offset)
        if not page:
            return
        yield from page


def _as_lines(need: str, answer: Any) -> list[Mapping[str, Any]]:
    """Queries answer lists, or lists within something, or one thing."""
    if need == "due_dates":
        return [{**due, "suggestion": id} for id, dues in answer.items() for due in dues]
    if isinstance(answer, dict):
        return list(answer.get(need, [answer]))
    return list(answer)


def _questions(
    place: Place, needs: tuple[str, ...], today: date, suggestions: list[str]
) -> Iterator[tuple[str, tuple[Query, Data]]]:
    of = {"congress": place.congress}
    # What is not narrowed down to a unit is, for people of a unit, of their units alone.
    here = {} if place.unit else of
    every: dict[str, dict[str, tuple[Query, Data]]] = {
        "tasks": {
            "tasks/own": (assignment.UNIT_TASKS, {"limit": 200}),
            "tasks/below": (assignment.SYSTEM_TASKS, {"over": True, "limit": 500}),
        },
        "commitments": {"commitments": (supervision.COMMITMENTS, {**({"unit": place.unit} if place.unit else of), "limit": 5000})},
        "demands": {"demands": (supervision.DEMANDS, {**here, "limit": 500})},
        "measures": {"measures": (supervision.MEASURES, {**here, "limit": 500})},
        "circulars": {"circulars": (supervision.CIRCULARS, {**of, "limit": 500})},
        "look_backs": {"look_backs": (supervision.LOOK_BACKS, of)},
        "key_board": {"key_board": (supervision.KEY_BOARD, of)},
        "contacts_due": {"contacts_due": (assignment.CONTACTS_DUE, {**here, "limit": 500})},
        "records": {"records": (assignment.TASK_RECORDS, {**here, "year": today.year, "limit": RECORDS_AT_ONCE})},
        "scores": {"scores": (evaluation.SCORES, {**of, "year": today.year})},
        "due_dates": {"due_dates": (supervision.DUE, {"suggestions": suggestions[:MOST_DATED]})},
        "handling": {"handling": (assignment.HANDLING, {"id": suggestions[0]})} if len(suggestions) == 1 else {},
    }  # fmt: skip
    for need in needs:
        yield from every[need].items()


# --- what is made of it ---------------------------------------------------------------------------------------------


def tables_of(runtime: Runtime, offer: Offer, facts: Facts) -> list[Table]:
    """The tables of a page or a workbook. Raises Unavailable when its plugin fails."""
    return _made(runtime, offer, facts, Table)


def printed(runtime: Runtime, offer: Offer, facts: Facts) -> Printed:
    """A document. Raises Unavailable when its plugin fails."""
    made = _made(runtime, offer, facts, Printed)
    if not made:
        raise Unavailable(NOT_MADE.format(offer.what.label))
    found: Printed = made[0]
    return found


def _made(runtime: Runtime, offer: Offer, facts: Facts, wanted: type) -> list[Any]:
    made = runtime.hooks.content(offer.plugin, offer.hook, offer.what.content, facts, wanted)
    if made is None:
        raise Unavailable(NOT_MADE.format(offer.what.label))
    return made
