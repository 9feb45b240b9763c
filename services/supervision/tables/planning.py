"""What offices plan and hear over the year, beside single suggestions."""

from __future__ import annotations

import sqlalchemy as sa

from services.supervision.model.hearings import Hearing
from services.supervision.model.sweeps import Sweep
from services.supervision.model.year import YearPlan
from services.supervision.tables.base import metadata
from shared.store import Store, state_columns

year_plans = sa.Table(
    "year_plans",
    metadata,
    *state_columns(),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("looked_at", sa.String(10), nullable=False),  # the day on which it last followed its facts
    sa.Index("year_plans_congress", "congress", "year", unique=True),
    sa.Index("year_plans_looked_at", "looked_at", "year"),
)

hearings = sa.Table(
    "hearings",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("on", sa.String(10), nullable=False),
    sa.Index("hearings_congress", "congress", "on"),
    sa.Index("hearings_state", "congress", "state"),
)

hearing_store = Store(
    hearings, Hearing, lambda hearing: {"state": hearing.state, "on": hearing.on.isoformat()}
)
sweeps = sa.Table(
    "sweeps",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("since", sa.String(10), nullable=False),
    sa.Index("sweeps_congress", "congress", "since"),
)

sweep_store = Store(sweeps, Sweep, lambda sweep: {"state": sweep.state, "since": sweep.since.isoformat()})
year_store = Store(year_plans, YearPlan, lambda plan: {"year": plan.year, "looked_at": plan.looked_at})
