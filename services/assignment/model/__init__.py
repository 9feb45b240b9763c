"""Assignment's rules: batches, and the handling of each suggestion with its units' tasks. Plain Python."""

from services.assignment.model.allotment import Allotment
from services.assignment.model.batch import Batch, Line
from services.assignment.model.handling import Handling
from services.assignment.model.people import Person, Unit
from services.assignment.model.rules import (
    BATCH_RULES,
    IN_HAND,
    OFFICES,
    OVER,
    RULES,
    STATES,
    TASK_RULES,
    TASK_STATES,
)
from services.assignment.model.task import Task

__all__ = [
    "BATCH_RULES", "IN_HAND", "OFFICES", "OVER", "RULES", "STATES", "TASK_RULES", "TASK_STATES", "Allotment", "Batch",
    "Handling", "Line", "Person", "Task", "Unit",
]  # fmt: skip
