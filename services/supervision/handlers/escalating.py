"""The daily look up the ladder: what the core and the plugins propose about what is overdue, for people to decide."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from services.supervision import hooks
from services.supervision import tables as t
from services.supervision.handlers.ladder import ladder_of, proposed
from services.supervision.handlers.projecting import began_on, line_of, suggestion_of
from services.supervision.model.clocks import NAMESPACE, SILENT
from services.supervision.model.deadlines import LABELS
from services.supervision.model.facts import Named
from services.supervision.model.ledger import Line
from services.supervision.model.measures import RUNGS, STANDING, is_above, next_rung, rung_after
from shared.handlers import Event
from shared.terms import UNFINISHED_PROMISES
from shared.work import Work

AT_ONCE = 500  # suggestions in one statement
MOST_PROPOSED = 500  # of one daily look; the others follow the next day
LOOKED = "ladder"  # the mark that says on which day the ladder was last looked at


@dataclass
class Wanted:
    """A rung that somebody wants for a unit. `cause` makes its id: the same cause proposes the same rung once."""

    unit: Named
    rung: str
    because: str
    cause: str

    def id_for(self, line: Line) -> str:
        return str(uuid.uuid5(NAMESPACE, f"measure/{line.id}/{self.unit.id}/{self.cause}/{self.rung}"))


@dataclass
class Late:
    """What is overdue of one suggestion, the oldest first, each with the id of the deadline, promise or demand."""

    duties: list[tuple[hooks.Overdue, str]] = field(default_factory=list)
    unanswered: list[tuple[str, str, str, str]] = field(
        default_factory=list
    )  # measures: unit, rung, date of the answer, id


def propose_what_is_due(work: Work) -> list[Line]:
    """Propose what is due on the ladder, once a day. Returns the lines to save, with what they tell."""
    looked = sa.select(t.marks.c.value).where(t.marks.c.name == LOOKED)
    if work.connection.scalar(looked) == work.today.isoformat():
        return []
    t.upsert(work.connection, t.marks, [{"name": LOOKED, "value": work.today.isoformat()}])
    late = _overdue(work)
    lines: list[Line] = []
    left, ids = MOST_PROPOSED, sorted(late)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        known = t.lines.get_many(work.connection, some)
        wanted = {
            id: list(_wanted(work, known[id], late[id])) for id in some if id in known and known[id].state
        }
        concerned = sorted(id for id, all in wanted.items() if all)
        for line in t.lines.lock_many(work.connection, concerned).values() if concerned else ():
            new = propose(work, line, wanted[line.id][:left])
            left -= new
            lines += [line] if new else []
        if left <= 0:
            break
    return lines


def propose(work: Work, line: Line, wanted: list[Wanted]) -> int:
    """Propose what was not proposed before and is above what holds or waits for a decision. The caller saves the line."""
    before = _measures_of(work, line)
    known = {id for id, *_ in before}
    done = 0
    for one in sorted(wanted, key=lambda one: list(RUNGS).index(one.rung), reverse=True):
        there = [
            rung
            for _, unit, rung, state in before
            if unit == one.unit.id and state in ("proposed", *STANDING)
        ]
        id = one.id_for(line)
        if id in known or any(not is_above(one.rung, rung) for rung in there):
            continue
        proposed(work, line, one.unit, one.rung, one.because, id)
        before.append((id, one.unit.id, one.rung, "proposed"))
        known.add(id)
        done += 1
    return done


def _wanted(work: Work, line: Line, late: Late) -> Iterator[Wanted]:
    """By the congress's ladder for each deadline, and what plugins answer."""
    ladder, units = ladder_of(work, line), {task.unit.id: task.unit for task in line.live_tasks}
    for overdue, cause in late.duties:
        rung = rung_after(overdue.days, ladder.days)
        if rung and overdue.unit in units:
            because = f"{overdue.label}应于{overdue.due_on}前完成，已逾期{overdue.days}天。"
            yield Wanted(units[overdue.unit], rung, because, cause)
    for unit, unanswered, due_on, measure in late.unanswered:
        if unit in units and (rung := next_rung(unanswered, ladder.days)):
            because = f"{RUNGS[unanswered]}应于{due_on}前回复，至今没有回复。"
            yield Wanted(units[unit], rung, because, f"unanswered/{measure}")
    yield from asked_of_plugins(work, line, [overdue for overdue, _ in late.duties])


def asked_of_plugins(
    work: Work, line: Line, overdue: list[hooks.Overdue], unsatisfied: dict[str, int] | None = None
) -> Iterator[Wanted]:
    """What the plugins propose that are on at the congress since the handling began."""
    if not work.is_answered("escalations"):
        return
    units = {task.unit.id: task.unit for task in line.live_tasks}
    measures = [hooks.Standing(unit, rung, state) for _, unit, rung, state in _measures_of(work, line)]
    facts = {
        "suggestion": suggestion_of(line), "overdue": overdue, "unsatisfied": unsatisfied or {}, "slips": _slips_of(work, line),
        "measures": measures,
    }  # fmt: skip
    for plugin, answer in work.ask_plugins("escalations", line.congress, "", began_on(line), **facts):
        if answer.unit in units and answer.rung in RUNGS:
            yield Wanted(units[answer.unit], answer.rung, answer.because, plugin)


def take_up_dissatisfaction(work: Work, event: Event) -> None:
    """A reply did not satisfy again: the person in charge is summoned, then a special inquiry (Liuyang 2022); people decide."""
    if work.rebuilding:
        return  # proposed when it happened
    data = event["data"]
    line = line_of(work, event["subject"], event["jurisdiction"])
    unit, times = Named(data["unit"]["id"], data["unit"]["name"]), data["times"]
    rung = "talk" if times <= 2 else "inquiry"
    because = f"{unit.name}的答复代表{times}次不满意。"
    wanted = [Wanted(unit, rung, because, f"dissatisfaction/{times}")]
    wanted += asked_of_plugins(work, line, [], {unit.id: times})
    if propose(work, line, wanted):
        work.save(t.lines, line)


def take_up_first_word(work: Work, event: Event) -> None:
    """A reply does not satisfy for the first time: where the place has a practice that asks for more than rehandling, it is heard."""
    data = event["data"]
    if work.rebuilding or data.get("unsatisfied_rounds") != 1 or not work.is_answered("escalations"):
        return
    line = line_of(work, event["subject"], event["jurisdiction"])
    wanted = list(asked_of_plugins(work, line, [], {data["unit"]["id"]: 1}))
    if propose(work, line, wanted):
        work.save(t.lines, line)


# --- what there is ------------------------------------------------------------------------------------------


def _overdue(work: Work) -> dict[str, Late]:
    """Everything of units whose date has passed, by suggestion: deadlines, promises, demands, answers to measures."""
    found: dict[str, Late] = {}
    d, c, o, m, today = t.deadlines.c, t.commitments.c, t.demands.c, t.measures.c, work.today.isoformat()
    duties = sa.select(d.suggestion_id, d.unit_id, d.kind, d.due_on, d.id).where(
        d.ended == "", d.due_on < today, d.kind != SILENT, d.unit_id != ""
    )
    for row in work.connection.execute(duties.order_by(d.due_on)):
        _add(found, work, row.suggestion_id, row.unit_id, row.kind, LABELS[row.kind], row.due_on, row.id)
    promises = sa.select(c.suggestion_id, c.unit_id, c.due_on, c.id).where(
        c.state.in_(UNFINISHED_PROMISES), c.due_on < today
    )
    demands = sa.select(o.suggestion_id, o.unit_id, o.due_on, o.id).where(
        o.state == "open", o.due_on != "", o.due_on < today, o.suggestion_id != ""
    )
    for kind, label, query in (("commitment", "承诺事项", promises), ("demand", "督办要求", demands)):
        for suggestion, unit, due_on, id in work.connection.execute(query):
            _add(found, work, suggestion, unit, kind, label, due_on, f"{kind}/{id}")
    measures = sa.select(m.suggestion_id, m.unit_id, m.rung, m.due_on, m.id).where(
        m.state == "taken", m.due_on != "", m.due_on < today, m.suggestion_id != ""
    )
    for suggestion, *unanswered in work.connection.execute(measures):
        found.setdefault(suggestion, Late()).unanswered.append(tuple(unanswered))
    return found


def _add(
    found: dict[str, Late], work: Work, suggestion: str, unit: str, kind: str, label: str, due_on: str, cause: str
) -> None:  # fmt: skip
    due = date.fromisoformat(due_on)
    overdue = hooks.Overdue(unit, kind, label, due, (work.today - due).days)
    found.setdefault(suggestion, Late()).duties.append((overdue, cause))


def _measures_of(work: Work, line: Line) -> list[tuple[str, str, str, str]]:
    """(id, unit, rung, state) of each measure about a suggestion."""
    m = t.measures.c
    query = sa.select(m.id, m.unit_id, m.rung, m.state).where(m.suggestion_id == line.id)
    return [(row.id, row.unit_id, row.rung, row.state) for row in work.connection.execute(query)]


def _slips_of(work: Work, line: Line) -> dict[str, int]:
    """How many later dates each unit was given for its promises."""
    slips: dict[str, int] = {}
    for commitment in t.commitment_store.find(work.connection, t.commitments.c.suggestion_id == line.id):
        slips[commitment.unit.id] = slips.get(commitment.unit.id, 0) + len(commitment.slips)
    return slips
