"""Progress of promises is asked for each quarter or year where the place says so (滚动办理, Hunan 2022)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa

from services.supervision import tables as t
from services.supervision.model.clocks import NAMESPACE
from services.supervision.model.commitments import Commitment
from services.supervision.model.demands import Demand
from services.supervision.model.ledger import Line
from shared.work import Work

MOST_ASKED = 500  # of one look; the next one goes on
ANSWER_DAYS = 15  # calendar days in which the unit has to answer
ASKED = "progress"  # the mark that says on which day everything was asked for


def period_of(every: str, today: date) -> tuple[date, str]:
    """The first day of the quarter or year, and what it is called."""
    if every == "year":
        return date(today.year, 1, 1), f"{today.year}年"
    quarter = (today.month - 1) // 3
    return date(today.year, 3 * quarter + 1, 1), f"{today.year}年第{quarter + 1}季度"


def ask_for_progress(work: Work) -> list[Line]:
    """Ask the units for the progress of their promises, once in each period. Returns the lines to save."""
    asked = sa.select(t.marks.c.value).where(t.marks.c.name == ASKED)
    if work.connection.scalar(asked) == work.today.isoformat():
        return []
    due = list(_not_asked_yet(work))
    if len(due) <= MOST_ASKED:
        t.upsert(work.connection, t.marks, [{"name": ASKED, "value": work.today.isoformat()}])
    some = due[:MOST_ASKED]
    if not some:
        return []
    lines = t.lines.lock_many(work.connection, {commitment.suggestion for _, commitment, _ in some})
    for id, commitment, period in some:
        if line := lines.get(commitment.suggestion):
            _ask(work, line, id, commitment, period)
    return list(lines.values())


def _not_asked_yet(work: Work) -> Iterator[tuple[str, Commitment, str]]:
    """(id of the demand, promise, period): of promises that ran before the period began and were not reported on in it."""
    every: dict[str, str] = {}
    c = t.commitments.c
    rows = work.connection.execute(
        sa.select(c.id, c.congress).where(c.state.in_(("open", "slip_asked")))
    ).all()
    wanted = []
    for row in rows:
        if row.congress not in every:
            every[row.congress] = work.practices.settings("commitments", row.congress)["progress_every"]
        if every[row.congress] != "never":
            start, name = period_of(every[row.congress], work.today)
            wanted.append((str(uuid.uuid5(NAMESPACE, f"progress/{row.id}/{start}")), row.id, start, name))
    if not wanted:
        return
    d = t.demands.c
    known = set(work.connection.scalars(sa.select(d.id).where(d.id.in_([id for id, *_ in wanted]))))
    found = t.commitment_store.get_many(work.connection, [commitment for _, commitment, *_ in wanted])
    for id, commitment_id, start, name in wanted:
        commitment = found[commitment_id]
        told = [commitment.recorded_at, *(progress.at for progress in commitment.progress)]
        if id not in known and max(moment.date() for moment in told) < start:
            yield id, commitment, name


def _ask(work: Work, line: Line, id: str, commitment: Commitment, period: str) -> None:
    due_on = work.today + timedelta(days=ANSWER_DAYS)
    demand = Demand(
        id=id, congress=line.congress, suggestion=line.id, unit=commitment.unit, origin="progress",
        text=f"请报告{period}承诺事项进度：{commitment.text}", due_on=due_on, asked_on=work.today, asked_by=work.actor.name,
        asked_by_account=work.actor.account, deputies=sorted(line.deputies()), source=commitment.id,
    )  # fmt: skip
    work.save(t.demand_store, demand)
    told = {"demand": id, "unit": demand.unit.as_data(), "text": demand.text, "due_on": due_on.isoformat()}
    line.record("progress.asked", work.now, work.actor, text=demand.text, demands=[told])
