"""Derives the figures anew from the evaluations, with the lists that are kept beside these: `jianyi rebuild figures`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from services.evaluation import tables as t
from services.evaluation.model.evaluation import Evaluation
from services.evaluation.outcome_tables import listed
from shared.handlers import Projection

AT_ONCE = 50


def derive(connection: sa.Connection, memory: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Derive what the evaluations put into lists and figures, of those that have changed since they were seen.

    `memory`: {"seen": {id: version}, "miscounted": {id: what it is to know of itself}}, empty at first.
    """
    seen, miscounted = memory.setdefault("seen", {}), memory.setdefault("miscounted", {})
    e, after = t.evaluations.c, ""
    total = connection.scalar(sa.select(sa.func.count()).select_from(t.evaluations)) or 0
    done = 0
    while True:
        page = sa.select(e.id, e.version).where(e.id > after).order_by(e.id).limit(AT_ONCE)
        rows = connection.execute(page).all()
        if not rows:
            return
        changed = [row.id for row in rows if seen.get(row.id) != row.version]
        for evaluation in t.store.get_many(connection, changed).values():
            known = evaluation.counted
            _forget(connection, evaluation)
            t.store.keep_derived(connection, evaluation)
            seen[evaluation.id] = evaluation.version
            miscounted.pop(evaluation.id, None)
            if evaluation.counted != known:  # figures are counted in another way than when it was saved
                miscounted[evaluation.id] = evaluation.counted
        done, after = done + len(rows), rows[-1].id
        yield done, total


def _forget(connection: sa.Connection, evaluation: Evaluation) -> None:
    """Let the evaluation know no more than what the new tables hold of it."""
    c, p, o = t.contributions.c, t.participants.c, t.open_forms.c
    shares = connection.execute(sa.select(t.contributions).where(c.suggestion_id == evaluation.id))
    evaluation.counted = {
        f"{row.owner}/{row.year}/{row.figure}": [row.numerator, row.denominator] for row in shares
    }
    deputies = sa.select(p.deputy_id).where(p.suggestion_id == evaluation.id)
    evaluation.listed_deputies = set(connection.scalars(deputies))
    forms = sa.select(o.reply_id, o.deputy_id).where(o.suggestion_id == evaluation.id)
    evaluation.listed_forms = {(row.reply_id, row.deputy_id) for row in connection.execute(forms)}
    w = t.open_words.c
    words = sa.select(w.supplement_id, w.deputy_id).where(w.suggestion_id == evaluation.id)
    evaluation.listed_words = {(row.supplement_id, row.deputy_id) for row in connection.execute(words)}
    evaluation.listed_outcomes = listed(connection, t.outcomes, evaluation.id)


def complete(connection: sa.Connection, schema: str, memory: dict[str, Any]) -> None:
    """Evaluations come to know what they are counted with now, so that the next differences are right.

    A figure that was counted once stays, with nothing in it, when the last suggestion goes out of it.
    """
    for id, counted in memory["miscounted"].items():
        evaluation = t.store.get(connection, id, lock=True)
        if evaluation is not None:
            evaluation.counted = counted
            t.store.save_alone(connection, evaluation)
    for table, amounts in (
        (t.figures, ("numerator", "denominator")),
        (t.outcome_sums, ("number", "money", "people")),
    ):
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        key = " AND ".join(f'n."{column.name}" = o."{column.name}"' for column in table.primary_key)
        is_empty = " AND ".join(f"o.{amount} = 0" for amount in amounts)
        connection.exec_driver_sql(
            f'INSERT INTO {table.name} ({names}) SELECT {names} FROM "{schema}".{table.name} AS o '
            f"WHERE {is_empty} AND NOT EXISTS (SELECT 1 FROM {table.name} AS n WHERE {key})"
        )


FIGURES = Projection(
    "figures", (t.participants, t.open_forms, t.open_words, t.contributions, t.figures, t.outcomes, t.outcome_sums), fill=derive, owners=(t.evaluations,),
    complete=complete, counters={"changed_on": "new"},
)  # fmt: skip
