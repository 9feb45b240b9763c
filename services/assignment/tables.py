"""Tables of assignment."""

from __future__ import annotations

import sqlalchemy as sa

from services.assignment import check_tables, duty_list, file_tables
from shared.database import backbone_tables
from shared.isolation import keep_apart
from shared.store import state_columns

metadata = sa.MetaData()
backbone_tables(metadata)
keep_apart(
    metadata,
    "handlings",
    "tasks",
    "task_offices",
    "duties",
    "consultations",
    "batches",
    "bundles",
    "bundle_works",
    "allotments",
)

handlings = sa.Table(
    "handlings",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("number", sa.String(64), nullable=False),
    sa.Column("title", sa.String(128), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False, server_default="suggestion"),
    sa.Column("category", sa.String(20), nullable=False),
    sa.Column("accepted_on", sa.String(10), nullable=False),
    sa.Column("batch", sa.String(36), nullable=False),
    sa.Column("batch_name", sa.String(80), nullable=False),
    sa.Column("key_theme", sa.String(60), nullable=False),
    sa.Column("proposed_units", sa.JSON, nullable=False, server_default="[]"),  # ids, as its deputy proposed
    sa.Column("delegation", sa.String(100), nullable=False, server_default=""),  # whose suggestion it is
    sa.Index("handlings_desk", "congress", "state", "accepted_on", "id"),
)

# One row per task, for the lists by unit and by office. `due_on`, when its reply is due, is what supervision said
# last; it is not part of the handling, so that a moved deadline does not make anybody's open page stale.
tasks = sa.Table(
    "tasks",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("suggestion", sa.String(36), nullable=False),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("unit_id", sa.String(36), nullable=False),
    sa.Column("unit_name", sa.String(100), nullable=False),
    sa.Column("role", sa.String(10), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("since", sa.String(10), nullable=False),
    sa.Column("assigned_on", sa.String(10), nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("planned", sa.Boolean, nullable=False),
    sa.Column("extension", sa.String(10), nullable=False),
    sa.Column("handled", sa.String(16), nullable=False),  # the state of the suggestion's handling
    sa.Column("due_on", sa.String(10), nullable=False, server_default=""),
    sa.Column(
        "desk_id", sa.String(36), nullable=False, server_default=""
    ),  # whose people act for the unit besides its own
    sa.Column("parent", sa.String(36), nullable=False, server_default=""),
    sa.Column("hand_in_by", sa.String(10), nullable=False, server_default=""),  # of a part
    sa.Column("visited", sa.String(40), nullable=False, server_default=""),  # phases with a talk
    sa.Column(
        "return_by", sa.String(10), nullable=False, server_default=""
    ),  # where no later return is taken
    sa.Column("barred", sa.String(200), nullable=False, server_default=""),  # commands that wait
    sa.Column("drafted_rank", sa.String(16), nullable=False, server_default=""),  # of who wrote the reply
    sa.Index("tasks_suggestion", "suggestion"),
    sa.Index("tasks_unit", "unit_id", "state", "since"),
    sa.Index("tasks_desk", "desk_id", "state", "since"),
    sa.Index("tasks_office", "congress", "state", "since"),
    sa.Index("tasks_extension", "congress", "extension", "since"),
)

# The offices that watch over a task; one that `decides` rules on its return. Rows are only added, with the task.
task_offices = sa.Table(
    "task_offices",
    metadata,
    sa.Column("office_id", sa.String(36), primary_key=True),
    sa.Column("task_id", sa.String(36), primary_key=True),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("decides", sa.Boolean, nullable=False),
)

# Units asked in advance, for the lists of what waits for them; `answer` is empty, yes or no.
consultations = sa.Table(
    "consultations",
    metadata,
    sa.Column("suggestion", sa.String(36), primary_key=True),
    sa.Column("unit_id", sa.String(36), primary_key=True),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("answer", sa.String(4), nullable=False),
    sa.Column("asked_on", sa.String(10), nullable=False),
    sa.Column("answer_by", sa.String(10), nullable=False),
    sa.Index("consultations_unit", "unit_id", "answer", "asked_on"),
)

# The directory's units by what they hang below: a copy that can be read up and down. Open to all, as the register is.
unit_tree = sa.Table(
    "unit_tree",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("name", sa.String(128), nullable=False),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("parent", sa.String(36), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Index("unit_tree_parent", "parent", "name"),
)
# Who is a section's own clerk (专门联络员), by what the directory says of accounts; the row without a unit keeps its sequence.
unit_clerks = sa.Table(
    "unit_clerks",
    metadata,
    sa.Column("account", sa.String(36), primary_key=True),
    sa.Column("unit_id", sa.String(36), primary_key=True),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Index("unit_clerks_unit", "unit_id"),
)
# When each unit was told last how it stands, and how often.
told_progress = sa.Table(
    "told_progress",
    metadata,
    sa.Column("unit_id", sa.String(36), primary_key=True),
    sa.Column("told_on", sa.String(10), nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
)
duties = duty_list.duties_table(metadata)
attachments, attachment_parts = file_tables.declare(metadata)
checks, check_units = check_tables.declare(metadata)

batches = sa.Table(
    "batches",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("meeting_on", sa.String(10), nullable=False),
    sa.Column("lines", sa.Integer, nullable=False),
    sa.Index("batches_congress", "congress", "meeting_on"),
)

bundles = sa.Table(
    "bundles",
    metadata,
    *state_columns(),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("unit_id", sa.String(36), nullable=False),
    sa.Index("bundles_congress", "congress", "id"),
    sa.Index("bundles_unit", "unit_id", "id"),
)

# What bundles are tied to, the `at`th work of each: those of one project are found together.
bundle_works = sa.Table(
    "bundle_works",
    metadata,
    sa.Column("bundle_id", sa.String(36), primary_key=True),
    sa.Column("at", sa.Integer, primary_key=True),
    sa.Column("congress", sa.String(32), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("known_as", sa.String(100), nullable=False),
    sa.Index("bundle_works_known_as", "congress", "kind", "known_as"),
)

# How often each unit was given suggestions of a category: the units that the desk proposes. Counted as they are given.
allotments = sa.Table(
    "allotments",
    metadata,
    sa.Column("congress", sa.String(32), primary_key=True),
    sa.Column("category", sa.String(20), primary_key=True),
    sa.Column("unit_id", sa.String(36), primary_key=True),
    sa.Column("unit_name", sa.String(100), nullable=False),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Index("allotments_most", "congress", "category", "times"),
)
