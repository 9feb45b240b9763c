"""Begins a rebuild and keeps, where every replica can read it, how far it has come and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import sqlalchemy as sa
import structlog

from shared.identity import Actor
from shared.problems import Invalid, NotFound, Problem
from shared.rebuilding import Logs, Rebuilding
from shared.runtime import Runtime

log = structlog.get_logger()

SILENT_SECONDS = 120.0  # a running rebuild that has written nothing for so long has died


def begin_rebuild(runtime: Runtime, params: dict[str, Any], actor: Actor, logs: Logs,
                  spawn: Callable[[Callable[[], None]], None]) -> dict[str, Any]:  # fmt: skip
    """Begin to rebuild the projection that `params` name, and answer at once. Raises WrongState if that is going on."""
    projections = runtime.handlers.projections
    what = params.get("what") or (next(iter(projections)) if len(projections) == 1 else "")
    if what not in projections:
        can = f"可以重建：{'、'.join(projections)}。" if projections else "它没有可以重建的数据。"
        raise Invalid(f"{runtime.service} 没有“{what}”可以重建。{can}", {"what": [can]})
    with ExitStack() as stack:
        rebuilding = stack.enter_context(Rebuilding(runtime, projections[what], logs))
        record = _Record(runtime, what, actor)
        going_on = stack.pop_all()
        spawn(lambda: _carry_out(rebuilding, record, going_on))
    return {"what": what, "state": "running"}


def rebuild_status(runtime: Runtime, params: dict[str, Any], _: Actor) -> dict[str, Any]:
    """{state, progress, outcome, …} of the last rebuild of a projection; the state is running, done, failed or died."""
    table = runtime.tables["rebuilds"]
    with runtime.database.reading() as connection:
        row = connection.execute(sa.select(table).where(table.c.what == str(params.get("what")))).first()
    if row is None:
        raise NotFound("还没有重建过。")
    died = row.state == "running" and time.time() > row.seen_at + SILENT_SECONDS
    return {**row._mapping, "state": "died" if died else row.state}


def _carry_out(rebuilding: Rebuilding, record: _Record, going_on: ExitStack) -> None:
    rebuilding.report = record.come_to
    try:
        with going_on:
            outcome = rebuilding.run()
    except Exception as error:
        log.exception("rebuild failed", service=record.runtime.service, what=record.what)
        record.end("failed", {"why": error.detail if isinstance(error, Problem) else repr(error)[:500]})
        return
    record.end("done", outcome)


class _Record:
    """The row in which a rebuild tells of itself."""

    def __init__(self, runtime: Runtime, what: str, actor: Actor) -> None:
        self.runtime, self.what, self.table = runtime, what, runtime.tables["rebuilds"]
        row = {
            "what": what, "state": "running", "started_at": runtime.clock.now().isoformat(), "started_by": actor.name[:64],
            "seen_at": time.time(), "progress": {}, "outcome": {},
        }  # fmt: skip
        with runtime.database.writing() as connection:
            connection.execute(sa.delete(self.table).where(self.table.c.what == what))
            connection.execute(sa.insert(self.table).values(row))

    def come_to(self, progress: dict[str, list[int]]) -> None:
        self._write(progress=progress)

    def end(self, state: str, outcome: dict[str, Any]) -> None:
        self._write(state=state, outcome=outcome)

    def _write(self, **values: Any) -> None:
        update = sa.update(self.table).where(self.table.c.what == self.what)
        with self.runtime.database.writing() as connection:
            connection.execute(update.values(seen_at=time.time(), **values))
