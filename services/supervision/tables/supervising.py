"""What offices and units do beside the handling: supervisions, promises, demands, measures, circulars, look-backs."""

from __future__ import annotations

import sqlalchemy as sa

from services.supervision.model.circulars import Circular
from services.supervision.model.columns import Column
from services.supervision.model.commitments import Commitment
from services.supervision.model.coordination import Coordination
from services.supervision.model.demands import Demand
from services.supervision.model.look_back import LookBack
from services.supervision.model.measures import Measure
from services.supervision.model.visits import Visit
from services.supervision.tables.base import NOTHING_DUE, day_text, metadata
from shared.store import Store, state_columns

supervisions = sa.Table(
    "supervisions",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("on", sa.String(10), nullable=False),
    sa.Column("method", sa.String(16), nullable=False),
    sa.Column("place", sa.String(128), nullable=False),
    sa.Column("led_by", sa.String(64), nullable=False),
    sa.Column("participants", sa.Text, nullable=False),
    sa.Column("findings", sa.Text, nullable=False),
    sa.Column("by_name", sa.String(64), nullable=False),
    sa.Column("logged_at", sa.String(40), nullable=False),
    sa.Column(
        "more", sa.JSON, nullable=False
    ),  # deputies who were there, what they said, the visit it was planned as
    sa.Index("supervisions_suggestion", "suggestion_id", "on"),
    sa.Index("supervisions_congress", "congress", "on"),
)

commitments = sa.Table(
    "commitments",
    metadata,
    *state_columns(),
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Column("unit_id", sa.String(36), nullable=False),
    sa.Column("unit_name", sa.String(128), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("due_on", sa.String(10), nullable=False),
    sa.Index("commitments_suggestion", "suggestion_id", "due_on"),
    sa.Index("commitments_unit", "unit_id", "state", "due_on"),
    sa.Index("commitments_congress", "congress", "state", "due_on"),
    sa.Index("commitments_due", "state", "due_on"),
)

demands = sa.Table(
    "demands",
    metadata,
    *state_columns(),
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Column("unit_id", sa.String(36), nullable=False),
    sa.Column("origin", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("due_on", sa.String(10), nullable=False),  # NOTHING_DUE where no date was set
    sa.Index("demands_suggestion", "suggestion_id", "due_on"),
    sa.Index("demands_unit", "unit_id", "state", "due_on"),
    sa.Index("demands_congress", "congress", "state", "due_on"),
    sa.Index("demands_due", "state", "due_on"),
)

visits = sa.Table(
    "visits",
    metadata,
    *state_columns(),
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("on", sa.String(10), nullable=False),
    sa.Index("visits_suggestion", "suggestion_id", "on"),
    sa.Index("visits_congress", "congress", "state", "on"),
)

measures = sa.Table(
    "measures",
    metadata,
    *state_columns(),
    sa.Column("suggestion_id", sa.String(36), nullable=False),
    sa.Column("unit_id", sa.String(36), nullable=False),
    sa.Column("rung", sa.String(16), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("proposed_on", sa.String(10), nullable=False),
    sa.Column("proposed_by_account", sa.String(64), nullable=False, server_default=""),
    sa.Column("due_on", sa.String(10), nullable=False),  # of the unit's answer; empty before it is taken
    sa.Index("measures_suggestion", "suggestion_id", "unit_id"),
    sa.Index("measures_unit", "unit_id", "state", "due_on"),
    sa.Index("measures_congress", "congress", "state", "proposed_on"),
    sa.Index("measures_due", "state", "due_on"),
)

circulars = sa.Table(
    "circulars",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Index("circulars_congress", "congress", "id"),
)

look_backs = sa.Table(
    "look_backs",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Index("look_backs_congress", "congress", "id"),
)

coordinations = sa.Table(
    "coordinations",
    metadata,
    *state_columns(),
    sa.Column("on", sa.String(10), nullable=False),
    sa.Column("owed_by", sa.String(10), nullable=False, server_default=""),  # until when the next open share
    sa.Index("coordinations_congress", "congress", "on", "id"),
    sa.Index("coordinations_owed", "congress", "owed_by"),
)

columns = sa.Table(
    "columns",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Index("columns_congress", "congress", "state", "id"),
)

commitment_store = Store(
    commitments,
    Commitment,
    lambda c: {
        "suggestion_id": c.suggestion,
        "unit_id": c.unit.id,
        "unit_name": c.unit.name,
        "state": c.state,
        "due_on": day_text(c.due_on),
    },
)

demand_store = Store(
    demands,
    Demand,
    lambda d: {
        "suggestion_id": d.suggestion,
        "unit_id": d.unit.id,
        "origin": d.origin,
        "state": d.state,
        "due_on": day_text(d.due_on) or NOTHING_DUE,
    },
)
visit_store = Store(
    visits, Visit, lambda v: {"suggestion_id": v.suggestion, "state": v.state, "on": day_text(v.on)}
)
measure_store = Store(
    measures,
    Measure,
    lambda m: {
        "suggestion_id": m.suggestion,
        "unit_id": m.unit.id,
        "rung": m.rung,
        "state": m.state,
        "proposed_on": day_text(m.proposed_on),
        "proposed_by_account": m.proposed_by_account,
        "due_on": day_text(m.due_on),
    },
)

SOME_DAY = "9999-12-31"  # for what has no date
coordination_store = Store(
    coordinations,
    Coordination,
    lambda c: {
        "on": day_text(c.on),
        "owed_by": min((day_text(share.due_on) or SOME_DAY for share in c.open_shares), default=""),
    },
)
column_store = Store(columns, Column, lambda c: {"state": c.state})
circular_store = Store(circulars, Circular, lambda c: {"state": c.state})
look_back_store = Store(look_backs, LookBack, lambda b: {"state": b.state})
