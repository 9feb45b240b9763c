"""Tables of supervision.

Projections, which a rebuild drops and fills again from events: ledger with its deputies, units and parties, timeline,
deadlines, deputies' words.
Own facts, which people or this service made and nobody could tell again: arrangements, reminders, supervisions,
commitments, demands, visits, measures, circulars, look-backs, years, hearings, sweeps, marks.
"""

from __future__ import annotations

import sqlalchemy as sa

from services.supervision.tables.base import NOTHING_DUE, OVER, day_of, day_text, metadata, upsert
from services.supervision.tables.clocks import (
    arrangements,
    deadline_of,
    deadline_row,
    deadlines,
    deadlines_of,
    marks,
    reminders,
)
from services.supervision.tables.ledger import (
    LineStore,
    deputy_words,
    ledger,
    ledger_deputies,
    ledger_parties,
    ledger_units,
    lines,
    part_readers,
    timeline,
    write_part_readers,
    write_people,
)
from services.supervision.tables.planning import (
    hearing_store,
    hearings,
    sweep_store,
    sweeps,
    year_plans,
    year_store,
)
from services.supervision.tables.supervising import (
    circular_store,
    circulars,
    column_store,
    columns,
    commitment_store,
    commitments,
    coordination_store,
    coordinations,
    demand_store,
    demands,
    look_back_store,
    look_backs,
    measure_store,
    measures,
    supervisions,
    visit_store,
    visits,
)

__all__ = [
    "LAST_TOLD",
    "NOTHING_DUE",
    "OVER",
    "PROJECTIONS",
    "LineStore",
    "arrangements",
    "circular_store",
    "circulars",
    "column_store",
    "columns",
    "commitment_store",
    "commitments",
    "coordination_store",
    "coordinations",
    "day_of",
    "day_text",
    "deadline_of",
    "deadline_row",
    "deadlines",
    "deadlines_of",
    "demand_store",
    "demands",
    "deputy_words",
    "hearing_store",
    "hearings",
    "ledger",
    "ledger_deputies",
    "ledger_parties",
    "ledger_units",
    "lines",
    "look_back_store",
    "look_backs",
    "marks",
    "measure_store",
    "measures",
    "metadata",
    "part_readers",
    "reminders",
    "supervisions",
    "sweep_store",
    "sweeps",
    "timeline",
    "upsert",
    "visit_store",
    "visits",
    "write_part_readers",
    "write_people",
    "year_plans",
    "year_store",
]

PROJECTIONS = (
    ledger,
    ledger_deputies,
    ledger_units,
    part_readers,
    ledger_parties,
    timeline,
    deadlines,
    deputy_words,
)

_log = metadata.tables["event_log"].c
LAST_TOLD = (
    sa.select(_log.body).where(_log.subject == sa.bindparam("id")).order_by(_log.position.desc()).limit(1)
)
"""The last event that supervision published about a subject."""
