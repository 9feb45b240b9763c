"""Figures that are counted anew are the same as those that were kept."""

from __future__ import annotations

from telling import TAX, WATER

from services.evaluation import rebuilding
from services.evaluation import tables as t


def rows(connection, table):
    return sorted(tuple(row) for row in connection.execute(table.select()))


def test_rebuilt_figures_are_the_kept_ones(network, elsewhere):
    for unit, judgement in ((TAX, "satisfied"), (WATER, "unsatisfied")):
        elsewhere.handled(unit, judged=judgement)
    runtime = network.runtimes["evaluation"]
    with runtime.database.reading() as connection:
        before = rows(connection, t.figures), rows(connection, t.contributions)
    assert before[0]
    assert rebuilding.rebuild(runtime, {}) == {"evaluations": 2}
    with runtime.database.reading() as connection:
        kept = [row[:6] for row in before[0]]
        assert [row[:6] for row in rows(connection, t.figures)] == kept
        assert rows(connection, t.contributions) == before[1]
