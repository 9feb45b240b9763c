"""Counts the figures anew from the evaluations, for an operator: `jianyi rebuild figures`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from services.evaluation import tables as t
from shared.runtime import Runtime

BATCH = 500


def rebuild(runtime: Runtime, params: dict[str, Any]) -> dict[str, int]:
    """Drop all figures and the contributions behind them, and count again, in one transaction: nobody sees half of it."""
    count, after = 0, ""
    with runtime.database.writing() as connection:
        connection.execute(sa.delete(t.figures))
        connection.execute(sa.delete(t.contributions))
        while page := t.store.find(connection, t.evaluations.c.id > after, limit=BATCH):
            for evaluation in page:
                evaluation.counted = {}
                t.store.save(connection, evaluation)
            count, after = count + len(page), page[-1].id
    return {"evaluations": count}
