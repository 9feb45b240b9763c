"""Keeps what assignment has in its tables, and the rows of its lists in step with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

import orjson
import sqlalchemy as sa
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override

from services.assignment import check_tables, duty_list
from services.assignment.model import TASK_RULES, Batch, Handling, Task, Unit
from services.assignment.model.bundle import Bundle
from services.assignment.model.duties import duties_of
from services.assignment.model.reply import Draft
from services.assignment.model.steps import Evidence, TaskStep
from services.assignment.model.task import Submission
from services.assignment.tables import (
    allotments,
    batches,
    bundle_works,
    bundles,
    check_units,
    checks,
    consultations,
    duties,
    handlings,
    task_offices,
    tasks,
)
from shared.statements import insert_into
from shared.store import Store, converter

CHUNK = 500  # rows per statement: far below the parameter limits of both databases


def _handling_columns(handling: Handling) -> dict[str, Any]:
    return {
        "state": handling.state,
        "number": handling.number,
        "title": handling.title,
        "kind": handling.kind or "suggestion",
        "category": handling.category,
        "accepted_on": handling.accepted_on.isoformat() if handling.accepted_on else "",
        "batch": handling.batch,
        "batch_name": handling.batch_name,
        "key_theme": handling.key_theme,
        "proposed_units": handling.proposed_units,
        "delegation": handling.delegation,
    }


def _task_row(handling: Handling, task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "suggestion": handling.id,
        "congress": handling.congress,
        "unit_id": task.unit.id,
        "unit_name": task.unit.name,
        "role": task.role,
        "state": task.state,
        "since": task.since.isoformat(),
        "assigned_on": task.assigned_on.isoformat(),
        "round": task.round,
        "planned": task.is_planned,
        "extension": task.extension.state if task.extension else "",
        "handled": handling.state,
        "desk_id": task.desk,
        "parent": task.parent,
        "hand_in_by": task.due_on.isoformat() if task.due_on else "",
        "visited": ",".join(task.visited),
        "barred": ",".join(_barred(task)),
        "drafted_rank": _drafted_rank(task),
    }


def _drafted_rank(task: Task) -> str:
    """Of who wrote the last draft, or what a part's unit handed in last."""
    written: list[Draft | Submission] = [*task.drafts[-1:], *task.submissions[-1:]]
    return written[0].drafted_rank if written else ""


def _barred(task: Task) -> list[str]:
    """What is the task's next command by its state, and is not to be given yet, or by others than usual."""
    held_up = task.barred
    found = [command for command in TASK_RULES.by_command if command in held_up]
    waits = task.state == "drafted" and (
        task.approvers != {"unit_head"} or task.drafts[-1].review.waits_for()
    )
    return [*found, "approve_reply"] if waits and "approve_reply" not in found else found


def _office_rows(handling: Handling, task: Task) -> list[dict[str, Any]]:
    upper = handling.task(task.parent)
    deciding = upper.desks if upper else frozenset(task.offices)
    return [
        {
            "office_id": office,
            "task_id": task.id,
            "congress": handling.congress,
            "decides": office in deciding,
        }
        for office in task.offices
    ]


class HandlingStore(Store[Handling]):
    """Keeps the rows of the tasks and duties in step with the handling that they belong to."""

    def save(self, connection: sa.Connection, aggregate: Handling) -> None:
        super().save(connection, aggregate)
        self.write_lists(connection, [aggregate])

    def get_locked(self, connection: sa.Connection, ids: Iterable[str]) -> dict[str, Handling]:
        """The handlings by id, each kept for this transaction; always locked in the same order, against deadlocks."""
        t = self.table.c
        query = (
            sa.select(t.id, t.congress, t.version, t.sequence, t.state_json).order_by(t.id).with_for_update()
        )
        found: dict[str, Handling] = {}
        for chunk in _chunks(sorted(set(ids))):
            rows = connection.execute(query.where(t.id.in_(chunk)))
            found |= {row.id: self._build_locked(row) for row in rows}
        return found

    def write_lists(self, connection: sa.Connection, changed: list[Handling]) -> None:
        """Bring the rows of these handlings' tasks and duties up to date. Tasks are never deleted."""
        rows, offices = [], []
        for handling in changed:
            assert handling.is_locked or handling.version == 1, (
                "only what was locked knows what its lists hold"
            )
            now = [_task_row(handling, task) for task in handling.tasks]
            rows += [row for row in now if row not in handling.listed_tasks]
            listed = {row["id"] for row in handling.listed_tasks}
            offices += [
                row
                for task in handling.tasks
                if task.id not in listed
                for row in _office_rows(handling, task)
            ]
            handling.listed_tasks = now
        _upsert(connection, _keep_tasks(connection.dialect.name), rows)
        for chunk in _chunks(offices):
            connection.execute(sa.insert(task_offices), chunk)
        duty_list.write(connection, duties, changed)

    def _build_locked(self, row: Any) -> Handling:
        handling = super()._build_locked(row)
        handling.listed_tasks = [_task_row(handling, task) for task in handling.tasks]
        handling.listed_duties = duties_of(handling)
        return handling


class SavedTogether(HandlingStore):
    """Takes the place of the store while many handlings are saved; `write` then saves them in few statements.

    All of them have to be new or locked by this transaction: versions are not compared.
    """

    def __init__(self, store: HandlingStore) -> None:
        super().__init__(store.table, store.cls, store.columns, kept)
        self.waiting: list[Handling] = []

    def save(self, connection: sa.Connection, aggregate: Handling) -> None:
        aggregate.version += 1
        self.waiting.append(aggregate)

    def write(self, connection: sa.Connection) -> None:
        rows = [
            {
                "id": handling.id,
                "congress": handling.congress,
                "version": handling.version,
                "sequence": handling.sequence,
                "state_json": self._unstructure(handling),
                **self.columns(handling),
            }
            for handling in self.waiting
        ]
        _upsert(connection, _replace_handlings(connection.dialect.name), rows)
        self.write_lists(connection, self.waiting)
        self.waiting = []


converter.register_unstructure_hook(Unit, Unit.as_data)  # its place in the tree is the task's to keep
# A task has up to two dozen steps, and little is said of each: what is as usual is left out where they are kept.
kept = converter.copy()
kept.register_unstructure_hook(
    Evidence, make_dict_unstructure_fn(Evidence, kept, _cattrs_omit_if_default=True)
)
kept.register_unstructure_hook(
    TaskStep,
    make_dict_unstructure_fn(
        TaskStep, kept, _cattrs_omit_if_default=True, id=override(omit_if_default=False)
    ),
)
# What a practice asks for is the same at thousands of tasks: that is built once, and each time only what is a step's own.
_built: dict[bytes, dict[str, Any]] = {}
_build_step = make_dict_structure_fn(TaskStep, kept)
_OWN = ("id", "due_on", "done_on", "done_by", "note", "filled")
MOST_BUILT = 2000


def _step(said: dict[str, Any], _: type) -> TaskStep:
    asked = dict(said)
    own = {name: asked.pop(name) for name in _OWN if name in asked}
    for name in ("due_on", "done_on"):
        if own.get(name):
            own[name] = date.fromisoformat(own[name])
    key = orjson.dumps(asked)
    if key not in _built:
        if len(_built) >= MOST_BUILT:
            _built.clear()
        step = vars(_build_step(asked, TaskStep))
        _built[key] = {name: value for name, value in step.items() if name not in _OWN}
    return TaskStep(**_built[key], **own)


kept.register_structure_hook(TaskStep, _step)
store = HandlingStore(handlings, Handling, _handling_columns, kept)
batch_store = Store(
    batches,
    Batch,
    lambda batch: {
        "state": batch.state, "name": batch.name, "meeting_on": batch.meeting_on.isoformat(), "lines": len(batch.lines),
    },
)  # fmt: skip


check_store = check_tables.CheckStore(checks, check_units)


class BundleStore(Store[Bundle]):
    """Saves bundles together with what they are tied to, which is only ever added to."""

    def save(self, connection: sa.Connection, aggregate: Bundle) -> None:
        super().save(connection, aggregate)
        rows = [
            {"bundle_id": aggregate.id, "at": at, "congress": aggregate.congress, "kind": work.kind, "known_as": work.known_as}
            for at, work in enumerate(aggregate.works)
        ]  # fmt: skip
        if rows:
            insert = insert_into(bundle_works, connection.dialect.name)
            connection.execute(insert.on_conflict_do_nothing(), rows)


bundle_store = BundleStore(bundles, Bundle, lambda bundle: {"state": bundle.state, "unit_id": bundle.unit.id})


def count_allotments(
    connection: sa.Connection, given: Iterable[tuple[str, str, str, str]], times: int = 1
) -> None:
    """Count units that were given a suggestion as lead or separate unit: (congress, category, unit id, unit name).

    `times` is -1 for a unit that has returned it: that it was not its business is worth remembering too.
    """
    counted = Counter(given)
    rows = [
        {
            "congress": congress,
            "category": category,
            "unit_id": unit,
            "unit_name": name,
            "times": times * count,
        }
        for (congress, category, unit, name), count in sorted(counted.items())
        if category
    ]
    _upsert(connection, _count_up(connection.dialect.name), rows)


def most_allotted(
    connection: sa.Connection, congress: str, categories: list[str], most: int
) -> dict[str, list[Any]]:
    """By category, the rows (unit_id, unit_name, times) of the units that were given most, at most `most` of each."""
    t = allotments.c
    place = (
        sa.func.row_number()
        .over(partition_by=t.category, order_by=(t.times.desc(), t.unit_id))
        .label("place")
    )
    ranked = sa.select(t.category, t.unit_id, t.unit_name, t.times, place).where(
        t.congress == congress, t.category.in_(categories), t.times > 0
    )
    inner = ranked.subquery()
    found: dict[str, list[Any]] = {}
    for row in connection.execute(
        sa.select(inner).where(inner.c.place <= most).order_by(inner.c.category, inner.c.place)
    ):
        found.setdefault(row.category, []).append(row)
    return found


_SET_DUE_ON = sa.update(tasks).where(
    tasks.c.suggestion == sa.bindparam("of"),
    tasks.c.unit_id == sa.bindparam("unit"),
    tasks.c.role.in_(("lead", "separate")),
)


def write_due_on(connection: sa.Connection, suggestion: str, unit: str, due_on: str) -> None:
    """Note when supervision says that a unit's reply is due."""
    connection.execute(_SET_DUE_ON, {"of": suggestion, "unit": unit, "due_on": due_on})


_SET_RETURN_BY = sa.update(tasks).where(
    tasks.c.suggestion == sa.bindparam("of"), tasks.c.unit_id == sa.bindparam("unit")
)


def write_return_by(connection: sa.Connection, suggestion: str, unit: str, day: str) -> None:
    """Note until when a unit may ask to return its task, where supervision tells it: nobody takes it later."""
    connection.execute(_SET_RETURN_BY, {"of": suggestion, "unit": unit, "return_by": day})


def return_days(connection: sa.Connection, suggestion: str) -> dict[str, str]:
    """By task, the last day on which its return may be asked for; without those that may be returned later."""
    t = tasks.c
    query = sa.select(t.id, t.return_by).where(t.suggestion == suggestion, t.return_by != "")
    return {row.id: row.return_by for row in connection.execute(query)}


def due_on(connection: sa.Connection, task: str) -> str:
    """When a task's reply is due, as 2023-05-22; empty while supervision has not said so."""
    return connection.scalar(sa.select(tasks.c.due_on).where(tasks.c.id == task)) or ""


def write_consultations(connection: sa.Connection, handlings_: Iterable[Handling]) -> None:
    """Bring the list of units asked in advance, and of their own offices, up to date."""
    rows = {
        (handling.id, id): {
            "suggestion": handling.id, "unit_id": id, "congress": handling.congress,
            "answer": "" if asked.agrees is None else "yes" if asked.agrees else "no", "asked_on": asked.asked_on.isoformat(),
            "answer_by": asked.answer_by.isoformat() if asked.answer_by else "",
        }
        for handling in handlings_
        for asked in handling.consultations
        for id in (asked.desk, asked.unit.id)
        if id
    }  # fmt: skip
    _upsert(connection, _keep_consultations(connection.dialect.name), list(rows.values()))


# Insert, or where the key is known, change: built once, for building takes as long as carrying out.


@cache
def _keep_tasks(dialect: str) -> Any:
    insert = insert_into(tasks, dialect)
    new = {
        column.name: insert.excluded[column.name]
        for column in tasks.c
        if column.name not in ("id", "due_on", "return_by")
    }
    return insert.on_conflict_do_update(index_elements=["id"], set_=new)


@cache
def _keep_consultations(dialect: str) -> Any:
    insert = insert_into(consultations, dialect)
    return insert.on_conflict_do_update(
        index_elements=["suggestion", "unit_id"], set_={"answer": insert.excluded.answer}
    )


@cache
def _replace_handlings(dialect: str) -> Any:
    insert = insert_into(handlings, dialect)
    new = {column.name: insert.excluded[column.name] for column in handlings.c if column.name != "id"}
    return insert.on_conflict_do_update(index_elements=["id"], set_=new)


@cache
def _count_up(dialect: str) -> Any:
    insert = insert_into(allotments, dialect)
    times = {"times": allotments.c.times + insert.excluded.times}
    return insert.on_conflict_do_update(index_elements=["congress", "category", "unit_id"], set_=times)


def _upsert(connection: sa.Connection, statement: Any, rows: list[dict[str, Any]]) -> None:
    for chunk in _chunks(rows):
        connection.execute(statement, chunk)


def _chunks(items: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
